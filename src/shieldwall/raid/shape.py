"""Name the shape of a ballistic arc: depressed, near least energy, or lofted."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from shieldwall.raid.ballistic import kepler_arc, minimum_energy_apogee_m
from shieldwall.raid.flight import Float

ArcShape = Literal["depressed", "least_energy", "lofted"]
# Between these tops, metres, an arc is looked for.
_LOWEST_M, _HIGHEST_M = 1e-3, 1e9
_HALVINGS = 80


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


def full_energy_apogee_m(distance_m: ArrayLike, range_m: ArrayLike, *, lofted: bool) -> Float:
    """Return the apogee of the arc over a distance that needs the launch speed of the longest range.

    A missile that can fly `range_m` at least energy reaches a nearer place with the same speed on two arcs, one above
    that of least energy and one below.

    Parameters
    ----------
    distance_m, range_m : (P,) metres along the ground; broadcast
    lofted : the upper arc, otherwise the lower

    Returns
    -------
    float64, broadcast shape, metres above the ground; that of least energy where the distance is the range or more

    Limits
    ------
    Two-body arcs with all of the speed used; real missiles can also burn shorter.
    """
    distance, most = np.broadcast_arrays(np.asarray(distance_m, np.float64), np.asarray(range_m, np.float64))
    speed = kepler_arc(most, minimum_energy_apogee_m(most)).speed_m_s
    least = minimum_energy_apogee_m(distance)
    slow, fast = least.copy(), np.full(distance.shape, _HIGHEST_M if lofted else _LOWEST_M)
    for _ in range(_HALVINGS):
        middle = np.sqrt(slow * fast)
        enough = kepler_arc(distance, middle).speed_m_s >= speed
        slow, fast = np.where(enough, slow, middle), np.where(enough, middle, fast)
    return np.where(distance < most, slow, least)
