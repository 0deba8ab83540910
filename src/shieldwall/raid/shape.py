"""Name the shape of a ballistic arc: depressed, near least energy, or lofted."""

from __future__ import annotations

from typing import Literal

from shieldwall.raid.ballistic import kepler_arc, minimum_energy_apogee_m

ArcShape = Literal["depressed", "least_energy", "lofted"]


def arc_shape(distance_m: float, apogee_m: float, *, excess: float = 0.02) -> ArcShape:
    """Return the shape of an arc from its range and apogee.

    Near least energy a wide band of apogees costs almost the same speed, so the speed at launch decides: an arc that
    needs less than `excess` more than the least is near it; any other is lofted or depressed by its apogee.

    Parameters
    ----------
    distance_m : along the ground, metres
    apogee_m : above the ground, metres
    excess : share of the least launch speed

    Returns
    -------
    "depressed", "least_energy" or "lofted"

    Limits
    ------
    Two-body arcs. A missile that glides or manoeuvres below its arc looks depressed.
    """
    least_m = float(minimum_energy_apogee_m(distance_m))
    needed = float(kepler_arc(distance_m, apogee_m).speed_m_s / kepler_arc(distance_m, least_m).speed_m_s)
    if needed < 1.0 + excess:
        return "least_energy"
    return "lofted" if apogee_m > least_m else "depressed"
