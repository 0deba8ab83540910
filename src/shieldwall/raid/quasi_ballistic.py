"""Fly a quasi-ballistic arc: a published apogee and mean speed, free fall at both ends, level between if it is far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing

# Standard gravity, m/s^2.
GRAVITY_M_S2 = 9.80665


class Arms(NamedTuple):
    """The two ends of the arc, (P,) metres over the ground, and the apogee above the ground."""

    rise_m: Float
    fall_m: Float
    apogee_m: Float


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: constant ground speed; the impact, where the arc is steepest, spaces the points."""
    arms = _arms(flights)
    steepest = 2.0 * arms.apogee_m / np.maximum(arms.fall_m, 1.0)
    return Timing(flights.distance_m / flights.speed_m_s, flights.speed_m_s * np.hypot(1.0, steepest))


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: from the launcher's height up to the apogee H, level, and down to the ground.

    Rise and fall are half parabolas. In free fall at the ground speed v the fall from H takes the ground distance
    v sqrt(2 H / g), the rise from the launcher's height h0 as much as v sqrt(2 (H - h0) / g). If the aim is nearer than
    both together, they shrink in proportion and meet: one parabola through launcher, apogee and aim. If it is
    further, lift carries the missile level between them.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration

    Limits
    ------
    Pull-ups, steeper last dives and the true change of speed are not drawn: published figures give apogee and mean
    speed.
    """
    arms = _arms(flights)
    rise, fall, apogee = arms.rise_m[flight], arms.fall_m[flight], arms.apogee_m[flight]
    distance, start = flights.distance_m[flight], flights.start_height_m[flight]
    ground_m = fraction * distance
    before = np.maximum(0.0, 1.0 - ground_m / np.maximum(rise, 1e-9))
    after = np.maximum(0.0, 1.0 - (distance - ground_m) / np.maximum(fall, 1e-9))
    height_m = apogee - (apogee - start) * before**2 - apogee * after**2
    return Profile(ground_m, np.where(fraction >= 1.0, 0.0, np.maximum(height_m, 0.0)))


def _arms(flights: FlightFigures) -> Arms:
    start = flights.start_height_m
    apogee = np.maximum(flights.apogee_m, start)
    rise = flights.speed_m_s * np.sqrt(2.0 * (apogee - start) / GRAVITY_M_S2)
    fall = flights.speed_m_s * np.sqrt(2.0 * apogee / GRAVITY_M_S2)
    squeeze = np.minimum(1.0, flights.distance_m / np.maximum(rise + fall, 1e-9))
    return Arms(rise * squeeze, fall * squeeze, apogee)
