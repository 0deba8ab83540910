"""Racetracks: closed orbits over the ground of two straight legs joined by half circles, and the way to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shieldwall.core.position import Position

if TYPE_CHECKING:
    from shieldwall.core.geodesy import Direct

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Racetrack:
    """An orbit round `centre` (its height is flown): straight legs of `leg_m` along `bearing_deg`, turns of `radius_m`.

    It is flown to the right (clockwise seen from above) at `speed_m_s` over the ground.
    """

    centre: Position
    bearing_deg: float
    leg_m: float
    radius_m: float
    speed_m_s: float

    @property
    def length_m(self) -> float:
        """Return the length of one round."""
        return 2.0 * self.leg_m + 2.0 * np.pi * self.radius_m

    @property
    def period_s(self) -> float:
        """Return how long one round takes."""
        return self.length_m / self.speed_m_s


def on_racetrack(track: Racetrack, phase: ArrayLike) -> Direct:
    """Return place and heading at shares of a round, counted from the begin of the left straight leg.

    Parameters
    ----------
    track : Racetrack
    phase : any shape, 1 for a whole round, counted on beyond it

    Returns
    -------
    Direct, latitude, longitude and heading (`azimuth_deg`) in degrees

    Limits
    ------
    A plane figure laid on the ellipsoid by azimuth and distance from its centre: within 0.1 % for legs below 200 km.
    """
    from shieldwall.core.geodesy import Direct, direct  # noqa: PLC0415  (pyproj takes 0.1 s to start)

    way = (np.asarray(phase, dtype=np.float64) % 1.0) * track.length_m
    leg, radius = track.leg_m, track.radius_m
    turn = np.pi * radius
    angle_out = np.clip(way - leg, 0.0, turn) / max(radius, 1e-9)  # on the far turn
    angle_back = np.clip(way - 2.0 * leg - turn, 0.0, turn) / max(radius, 1e-9)  # on the near turn
    back = np.clip(way - leg - turn, 0.0, leg)
    along = np.clip(way, 0.0, leg) - 0.5 * leg + radius * np.sin(angle_out) - back - radius * np.sin(angle_back)
    right = np.where(way > 2.0 * leg + turn, radius * np.cos(angle_back), -radius * np.cos(angle_out))
    heading = track.bearing_deg + np.degrees(angle_out + angle_back)
    bearing = track.bearing_deg + np.degrees(np.arctan2(right, along))
    there = direct(track.centre.latitude_deg, track.centre.longitude_deg, bearing, np.hypot(along, right))
    return Direct(there.latitude_deg, there.longitude_deg, heading)


def transit(base: Position, station: Position, *, points: int) -> Direct:
    """Return evenly spaced places on the geodesic from a base to a station, both ends included."""
    from shieldwall.core.geodesy import geodesic_points  # noqa: PLC0415

    return geodesic_points(
        base.latitude_deg,
        base.longitude_deg,
        station.latitude_deg,
        station.longitude_deg,
        np.linspace(0.0, 1.0, points),
    )


def transit_s(base: Position, station: Position, speed_m_s: float) -> float:
    """Return how long the straight way from a base to a station takes at a speed over the ground."""
    from shieldwall.core.geodesy import inverse  # noqa: PLC0415

    way = inverse(base.latitude_deg, base.longitude_deg, station.latitude_deg, station.longitude_deg)
    return float(way.distance_m) / speed_m_s
