"""Fly a ballistic arc: Kepler's ellipse over a spherical Earth, from the ground to the ground, in closed form.

With R the Earth's radius, h half the angle between launch and impact at the Earth's centre, r_a the radius of the
apogee and x the eccentric anomaly of the launch counted back from the apogee, the ellipse through both ends is

    e = (r_a - R) / (r_a - R cos h),   a = r_a / (1 + e),   tan(x/2) = sqrt((1+e)/(1-e)) tan(h/2),
    T = 2 sqrt(a^3 / mu) (x + e sin x).

The arc of least energy has e^2 = (1 - sin h) / (1 + sin h), so that r_a = R (1 + sin h + cos h) / 2.

References
----------
Bate, Mueller & White 1971, "Fundamentals of Astrodynamics", chapter 6 (ballistic missile trajectories).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from shieldwall.core.geodesy import EARTH_RADIUS_M
from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing

# Earth's gravitational constant GM, WGS84, m^3/s^2.
EARTH_GM_M3_S2 = 3.986004418e14
_NEWTON_STEPS = 8


class Arc(NamedTuple):
    """Ellipses from ground to ground, each (P,).

    semi_major_m; eccentricity e and short_of_parabola 1 - e (apart, because e is nearly 1 on short arcs);
    launch_anomaly_rad x, counted back from the apogee; half_angle_rad h; duration_s; apogee_m above the ground;
    speed_m_s at launch, which is the speed at impact.
    """

    semi_major_m: Float
    eccentricity: Float
    short_of_parabola: Float
    launch_anomaly_rad: Float
    half_angle_rad: Float
    duration_s: Float
    apogee_m: Float
    speed_m_s: Float


def minimum_energy_apogee_m(distance_m: ArrayLike) -> Float:
    """Return the apogee of the arc of least energy over a ground distance, metres above the ground."""
    half = 0.5 * np.asarray(distance_m, dtype=np.float64) / EARTH_RADIUS_M
    return np.asarray(EARTH_RADIUS_M * (0.5 * np.sin(half) - np.sin(0.5 * half) ** 2))


def kepler_arc(distance_m: ArrayLike, apogee_m: ArrayLike) -> Arc:
    """Return the ellipse that joins two places on the ground with a given apogee: lofted, depressed or least energy.

    Parameters
    ----------
    distance_m : (P,) along the ground, above 0 and below half the Earth's circumference
    apogee_m : (P,) above the ground, above 0

    Returns
    -------
    Arc (P,)

    Limits
    ------
    Two-body motion over a sphere that does not rotate; no boost, no drag.
    """
    distance, apogee = np.broadcast_arrays(
        np.asarray(distance_m, dtype=np.float64), np.asarray(apogee_m, dtype=np.float64)
    )
    half = 0.5 * distance / EARTH_RADIUS_M
    sagitta = 2.0 * EARTH_RADIUS_M * np.sin(0.5 * half) ** 2
    eccentricity = apogee / (apogee + sagitta)
    short = sagitta / (apogee + sagitta)
    semi_major = (EARTH_RADIUS_M + apogee) / (1.0 + eccentricity)
    anomaly = 2.0 * np.arctan(np.sqrt((1.0 + eccentricity) / short) * np.tan(0.5 * half))
    duration = 2.0 * np.sqrt(semi_major**3 / EARTH_GM_M3_S2) * (anomaly + eccentricity * np.sin(anomaly))
    speed = np.sqrt(EARTH_GM_M3_S2 * (2.0 / EARTH_RADIUS_M - 1.0 / semi_major))
    return Arc(semi_major, eccentricity, short, anomaly, half, duration, np.asarray(apogee), speed)


def on_arc(arc: Arc, flight: Int, fraction: Float) -> Profile:
    """Return where flights are on their ellipses, from Kepler's equation.

    Parameters
    ----------
    arc : Arc (P,)
    flight : (N,) which arc each point belongs to
    fraction : (N,) of its duration

    Returns
    -------
    Profile (N,); ends lie on the ground exactly
    """
    eccentricity, half = arc.eccentricity[flight], arc.half_angle_rad[flight]
    launch = arc.launch_anomaly_rad[flight]
    share = np.abs(2.0 * fraction - 1.0)  # of the time between the apogee and an end
    mean = share * (launch + eccentricity * np.sin(launch))
    anomaly = mean / (1.0 + eccentricity)
    for _ in range(_NEWTON_STEPS):  # y + e sin y = mean: concave on the way up, so Newton's steps never overshoot
        residual = anomaly + eccentricity * np.sin(anomaly) - mean
        anomaly -= residual / (1.0 + eccentricity * np.cos(anomaly))
    # r = a (1 + e cos y); below the apogee by a e (1 - cos y)
    drop_m = arc.semi_major_m[flight] * eccentricity * 2.0 * np.sin(0.5 * anomaly) ** 2
    narrow = np.sqrt(arc.short_of_parabola[flight] / (1.0 + eccentricity))
    angle = 2.0 * np.arctan(narrow * np.tan(0.5 * anomaly))  # at the Earth's centre, from the apogee
    ground_m = EARTH_RADIUS_M * np.clip(half + np.where(fraction < 0.5, -angle, angle), 0.0, 2.0 * half)
    at_end = share >= 1.0
    height_m = np.where(at_end, 0.0, np.maximum(0.0, arc.apogee_m[flight] - drop_m))
    return Profile(np.where(at_end, 2.0 * EARTH_RADIUS_M * half * fraction, ground_m), height_m)


def timing(flights: FlightFigures) -> Timing:
    """Return durations and launch speeds of the arcs: true orbits, `speed_m_s` is not used."""
    arc = _arc(flights)
    return Timing(arc.duration_s, arc.speed_m_s)


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: on the arc with `apogee_m`, or on the arc of least energy where that is 0.

    Parameters
    ----------
    flights : FlightFigures (P,)
    flight : (N,) which flight each point belongs to
    fraction : (N,) of its duration
    """
    return on_arc(_arc(flights), flight, fraction)


def _arc(flights: FlightFigures) -> Arc:
    least = minimum_energy_apogee_m(flights.distance_m)
    return kepler_arc(flights.distance_m, np.where(flights.apogee_m > 0.0, flights.apogee_m, least))
