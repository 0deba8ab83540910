"""Fly a quasi-ballistic arc: a published apogee and mean speed with a parabola between."""

from __future__ import annotations

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: constant ground speed; the steepest part of the arc spaces the points."""
    steepest = (_slope(flights) + flights.start_height_m) / flights.distance_m
    return Timing(flights.distance_m / flights.speed_m_s, flights.speed_m_s * np.hypot(1.0, steepest))


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are on the parabola from the launcher's height over `apogee_m` to the ground.

    With u the fraction of the ground distance and h0 the launcher's height, h(u) = (1 - u) (h0 + b u), and
    b = 2 H - h0 + 2 sqrt(H (H - h0)) makes the greatest height the apogee H.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration

    Limits
    ------
    The missile's pull-ups and its true change of speed are not drawn: published figures give apogee and mean speed.
    """
    bulge, start = _slope(flights)[flight], flights.start_height_m[flight]
    height_m = (1.0 - fraction) * (start + bulge * fraction)
    return Profile(fraction * flights.distance_m[flight], height_m)


def _slope(flights: FlightFigures) -> Float:
    """Return b, (P,) metres; the arc meets the ground, where it is steepest, at the slope (b + h0) / distance."""
    start = flights.start_height_m
    apogee = np.maximum(flights.apogee_m, start)
    return np.asarray(2.0 * apogee - start + 2.0 * np.sqrt(apogee * (apogee - start)))
