"""Glide: boost-glide vehicles, level at the glide height after a climb, with a dive at the end."""

from __future__ import annotations

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.level import climb_level_dive, level_timing


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: constant mean ground speed."""
    return level_timing(flights)


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: a climb as long as the dive, level at `height_m`, a straight dive over `dive_m`.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration

    Limits
    ------
    The mean of the published glide band stands for the slow descent and slowing down of an equilibrium glide, and
    the boost is drawn as a climb at the mean speed.
    """
    return climb_level_dive(flights, flight, fraction, climb_m=flights.dive_m)
