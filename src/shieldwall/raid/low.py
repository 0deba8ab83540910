"""Fly low: drones and subsonic cruise missiles at a height above ground or sea, with a dive at the end."""

from __future__ import annotations

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.level import climb_level_dive, level_timing


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: constant ground speed."""
    return level_timing(flights)


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: at `height_m` from the launch on, down to the ground over the last `dive_m`.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration

    Limits
    ------
    The climb after launch is left out: it lies at the launcher, far from what is defended.
    """
    return climb_level_dive(flights, flight, fraction, climb_m=np.zeros_like(flights.dive_m))
