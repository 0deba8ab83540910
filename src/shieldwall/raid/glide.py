"""Glide: boost-glide vehicles, in equilibrium between weight, lift and centrifugal force, with a dive at the end.

With u = v^2 / v_c^2, v_c^2 = mu / r the square of the circular speed at the glide's radius r, E the ratio of lift to
drag and s the way flown, a shallow glide with lift = weight - centrifugal force has

    1 - u(s) = (1 - u_0) exp(2 s / (r E)),    density(h) proportional to (1 - u) / u,

so it slows down and sinks ever faster and ends at the latest after r E / 2 ln(1 / (1 - u_0)).

References
----------
Eggers, Allen & Neice 1958, "A comparative analysis of the performance of long-range hypervelocity vehicles", NACA
Report 1382 (equilibrium glide).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from shieldwall.core.atmosphere import HEIGHT_MOST_M, standard_atmosphere
from shieldwall.core.geodesy import EARTH_RADIUS_M
from shieldwall.raid.ballistic import EARTH_GM_M3_S2
from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.level import climb_level_dive, level_timing

_KNOTS = 257
# The glide is left where lift would have to carry this share of the weight: there it is a fall.
_WEIGHT_LEFT = 0.98


def glide_range_m(speed_m_s: ArrayLike, lift_to_drag: ArrayLike, height_m: ArrayLike) -> Float:
    """Return how far an equilibrium glide carries along the ground, metres: until lift carries 98 % of the weight.

    Parameters
    ----------
    speed_m_s : at its begin, below the circular speed
    lift_to_drag : ratio
    height_m : of the glide; all broadcast together
    """
    radius = EARTH_RADIUS_M + np.asarray(height_m, dtype=np.float64)
    u = np.asarray(speed_m_s, dtype=np.float64) ** 2 * radius / EARTH_GM_M3_S2
    way = 0.5 * radius * np.asarray(lift_to_drag) * np.log(_WEIGHT_LEFT / np.maximum(1.0 - u, 1e-12))
    return np.asarray(np.maximum(way, 0.0) * EARTH_RADIUS_M / radius)


def timing(flights: FlightFigures) -> Timing:
    """Return durations and speeds: of the equilibrium glide, or of constant mean speed without a glide's figures."""
    both = level_timing(flights)
    rows = np.flatnonzero(flights.lift_to_drag > 0.0)
    if rows.size:
        time_s, _, _ = _tables(FlightFigures(*(figure[rows] for figure in flights)))
        both.duration_s[rows] = time_s[:, -1]
        both.top_speed_m_s[rows] = flights.glide_speed_m_s[rows]
    return both


def profile(flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Return where flights are: climb, glide and a straight dive over `dive_m`.

    Parameters
    ----------
    flights : FlightFigures (P,). With `lift_to_drag` the glide is one in equilibrium from `glide_speed_m_s` on, at
        `height_m` half-way; the boost before it is even and lasts `burn_s`. Without, it is level at `height_m` at the
        mean speed, after a climb as long as the dive
    flight : (N,) which flight each point belongs to, in rising order
    fraction : (N,) of its duration

    Limits
    ------
    No turns, skips or slowing down in the dive; one ratio of lift to drag from begin to end.
    """
    level = climb_level_dive(flights, flight, fraction, climb_m=flights.dive_m)
    rows = np.flatnonzero(flights.lift_to_drag > 0.0)
    if not rows.size:
        return level
    time_s, ground_m, height_m = _tables(FlightFigures(*(figure[rows] for figure in flights)))
    for k, p in enumerate(rows):
        own = slice(*np.searchsorted(flight, (p, p + 1)))
        at_s = fraction[own] * time_s[k, -1]
        level.ground_m[own] = np.interp(at_s, time_s[k], ground_m[k])
        level.height_m[own] = np.interp(at_s, time_s[k], height_m[k])
    return level


def _tables(flights: FlightFigures) -> tuple[Float, Float, Float]:
    """Return time, ground distance and height of equilibrium glides at knots of their way, each (P, K)."""
    boost_m = np.where(flights.burn_s > 0.0, 0.5 * flights.glide_speed_m_s * flights.burn_s, flights.dive_m)
    squeeze = np.minimum(1.0, flights.distance_m / np.maximum(boost_m + flights.dive_m, 1e-9))
    boost_m, dive_m = boost_m * squeeze, flights.dive_m * squeeze
    radius = EARTH_RADIUS_M + flights.height_m
    circular = np.sqrt(EARTH_GM_M3_S2 / radius)
    share = np.linspace(0.0, 1.0, _KNOTS)
    glided = (flights.distance_m - boost_m - dive_m)[:, None] * share  # along the ground
    way = glided * (radius / EARTH_RADIUS_M)[:, None]
    start = 1.0 - (flights.glide_speed_m_s / circular) ** 2
    carried = np.minimum(start[:, None] * np.exp(2.0 * way / (radius * flights.lift_to_drag)[:, None]), _WEIGHT_LEFT)
    speed = circular[:, None] * np.sqrt(1.0 - carried)
    pace = 0.5 * (1.0 / speed[:, 1:] + 1.0 / speed[:, :-1])
    glide_s = np.concatenate((np.zeros((way.shape[0], 1)), np.cumsum(np.diff(way, axis=1) * pace, axis=1)), axis=1)
    height = _sink(flights.height_m, np.log(carried / (1.0 - carried)))
    boost_s = np.where(boost_m > 0.0, 2.0 * boost_m / flights.glide_speed_m_s, 0.0)
    dive_s = dive_m / (speed[:, -1] * EARTH_RADIUS_M / radius)
    climb = np.linspace(0.0, 1.0, 33)[:-1]
    top = flights.start_height_m[:, None] + (height[:, :1] - flights.start_height_m[:, None]) * climb * (2.0 - climb)
    time_s = np.hstack(
        (boost_s[:, None] * climb, boost_s[:, None] + glide_s, (boost_s + glide_s[:, -1] + dive_s)[:, None])
    )
    ground = np.hstack((boost_m[:, None] * climb**2, boost_m[:, None] + glided, flights.distance_m[:, None]))
    return time_s, ground, np.hstack((top, height, np.zeros((way.shape[0], 1))))


def _sink(middle_m: Float, log_load: Float) -> Float:
    """Return heights (P, K) at which the air's density goes with a load (its logarithm), `middle_m` half-way."""
    grid = np.arange(0.0, HEIGHT_MOST_M + 1.0, 250.0)
    log_density = np.log(standard_atmosphere(grid).density_kg_m3)
    slope = (log_density[-1] - log_density[-41]) / (grid[-1] - grid[-41])
    beyond = np.arange(grid[-1] + 250.0, 150_000.0, 250.0)  # thinner still, at the last rate
    grid, log_density = np.append(grid, beyond), np.append(log_density, log_density[-1] + slope * (beyond - grid[-1]))
    wanted = np.interp(middle_m, grid, log_density)[:, None] + log_load - log_load[:, [log_load.shape[1] // 2]]
    return np.asarray(np.interp(-wanted, -log_density, grid))
