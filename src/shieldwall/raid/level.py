"""Fly climb, level leg and dive at constant ground speed: what low, high-dive and glide paths have in common."""

from __future__ import annotations

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing


def level_timing(flights: FlightFigures) -> Timing:
    """Return duration and ground speed of flights at constant ground speed.

    The speed along a steep dive is greater than the ground speed; points stay one ground step apart there.
    """
    return Timing(flights.distance_m / flights.speed_m_s, flights.speed_m_s)


def climb_level_dive(flights: FlightFigures, flight: Int, fraction: Float, *, climb_m: Float) -> Profile:
    """Return where flights are that climb from the launcher's height, fly level and dive to the ground.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of the flight's duration, 0 to 1
    climb_m : (P,) ground distance of the climb; 0 starts at `height_m` at once

    Returns
    -------
    Profile (N,). Climb and dive are straight lines over the ground. Where the ground distance is shorter than climb
    and dive together both are shortened in proportion, so that the flight still touches `height_m`.
    """
    squeeze = np.minimum(1.0, flights.distance_m / np.maximum(climb_m + flights.dive_m, 1e-9))
    climb, dive = (climb_m * squeeze)[flight], (flights.dive_m * squeeze)[flight]
    distance, start, top = flights.distance_m[flight], flights.start_height_m[flight], flights.height_m[flight]
    ground_m = fraction * distance
    climbed = np.where(climb > 0.0, np.minimum(1.0, ground_m / np.maximum(climb, 1e-9)), 1.0)
    left_m = distance - ground_m
    dived = np.where(dive > 0.0, np.minimum(1.0, left_m / np.maximum(dive, 1e-9)), (left_m > 0.0).astype(np.float64))
    return Profile(ground_m, np.where(climbed < 1.0, start + (top - start) * climbed, top * dived))
