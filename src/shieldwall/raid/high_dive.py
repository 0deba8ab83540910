"""Fly high and dive: air-launched supersonic missiles that cruise in the stratosphere and fall on their target."""

from __future__ import annotations

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.level import climb_level_dive, level_timing


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: constant ground speed."""
    return level_timing(flights)


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: level at `height_m`, then a straight dive over the last `dive_m`.

    A launcher in the air below `height_m` (its origin has a height) gives a climb over a ground distance equal to
    the dive's; one on the ground, whose height is 0, is taken as launched at `height_m`.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration
    """
    climb_m = np.where(flights.start_height_m > 0.0, flights.dive_m, 0.0)
    return climb_level_dive(flights, flight, fraction, climb_m=climb_m)
