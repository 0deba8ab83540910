"""Fly the ballistic paths of a scenario whose type has a burning time: boost, rotating Earth, drag on re-entry."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from shieldwall.raid.ballistic import minimum_energy_apogee_m
from shieldwall.raid.boosted import Boost, BoostedFlight, FlightError, fly_boosted
from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.plan import Plan
from shieldwall.raid.salvo import Salvo

# Flights kept, so that those that a scenario's check has flown need not be flown again.
_KEPT = 512
# How finely the lowest arc is looked for that a boost can fly: 1/64 of what lies between.
_HALVINGS = 6


def is_boosted(salvo: Salvo) -> bool:
    """Say whether a salvo flies boosted ballistic arcs."""
    return salvo.type.path_kind == "ballistic" and salvo.type.burn_s > 0.0


@lru_cache(maxsize=_KEPT)
def _fly(
    distance_m: float, apogee_m: float, burn_s: float, coefficient: float, latitude_deg: float, azimuth_deg: float
) -> BoostedFlight:
    boost = Boost(burn_s, coefficient if coefficient > 0.0 else np.inf)
    return fly_boosted(distance_m, apogee_m, boost, latitude_deg=latitude_deg, azimuth_deg=azimuth_deg)


@lru_cache(maxsize=_KEPT)
def _fly_low(
    distance_m: float, apogee_m: float, burn_s: float, coefficient: float, latitude_deg: float, azimuth_deg: float
) -> BoostedFlight:
    """Return the flight with the lowest top from `apogee_m` up to that of least energy that the boost can fly."""
    low, high = apogee_m, float(minimum_energy_apogee_m(distance_m))
    rest = burn_s, coefficient, latitude_deg, azimuth_deg
    try:
        return _fly(distance_m, low, *rest)
    except FlightError:
        found = _fly(distance_m, high, *rest)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        try:
            found, high = _fly(distance_m, middle, *rest), middle
        except FlightError:
            low = middle
    return found


def fly_boosted_paths(
    salvos: Sequence[Salvo], plan: Plan, flights: FlightFigures, rows: Int, *, threads: int = 1, alike_deg: float = 0.0
) -> tuple[BoostedFlight, ...]:
    """Return the flights of the paths `rows`, each towards the first bearing of its course.

    Parameters
    ----------
    alike_deg : paths whose latitudes of launch and bearings lie in one cell of this size share its flight; 0 for none.
        What the Earth's rotation makes of the difference is a few seconds for 2 degrees

    Raises
    ------
    FlightError
        If no boost flies one of them.
    """
    first = plan.legs.ptr[rows]
    latitude, azimuth = plan.legs.latitude_deg[first], plan.legs.azimuth_deg[first]
    if alike_deg > 0.0:
        latitude, azimuth = (alike_deg * np.round(angle / alike_deg) for angle in (latitude, azimuth))
    lowest = np.array([salvo.arc == "depressed" for salvo in salvos], bool)[plan.salvo[rows]]
    coefficient = np.array([salvo.type.ballistic_coefficient_kg_m2 for salvo in salvos])[plan.salvo[rows]]
    asked = list(
        zip(
            np.round(flights.distance_m[rows], 3).tolist(),
            np.round(flights.apogee_m[rows], 3).tolist(),
            flights.burn_s[rows].tolist(),
            coefficient.tolist(),
            np.clip(latitude, -90.0, 90.0).tolist(),
            azimuth.tolist(),
            strict=True,
        )
    )
    fly = [_fly_low if low else _fly for low in lowest]
    if threads == 1 or len(asked) < 2:
        return tuple(one(*figures) for one, figures in zip(fly, asked, strict=True))
    with ThreadPoolExecutor(threads) as pool:
        return tuple(pool.map(lambda one, figures: one(*figures), fly, asked))


def timing(flown: Sequence[BoostedFlight]) -> Timing:
    """Return durations and the greatest ground or vertical speed of flights."""
    duration = np.array([flight.time_s[-1] for flight in flown])
    fastest = [
        np.max(np.hypot(np.diff(f.ground_m), np.diff(f.height_m)) / np.maximum(np.diff(f.time_s), 1e-9)) for f in flown
    ]
    return Timing(duration, np.array(fastest))


def profile(flown: Sequence[BoostedFlight], distance_m: Float, flight: Int, fraction: Float) -> tuple[Profile, Float]:
    """Return where flights are, and how far to the left of their course, metres; they end at the aim point exactly.

    Parameters
    ----------
    flown : P flights
    distance_m : (P,) from launch to aim point
    flight : (N,) which flight each point belongs to, in rising order
    fraction : (N,) of its duration
    """
    where, left_m = Profile(np.empty(flight.size), np.empty(flight.size)), np.empty(flight.size)
    for p, one in enumerate(flown):
        own = slice(*np.searchsorted(flight, (p, p + 1)))
        at_s = fraction[own] * one.time_s[-1]
        where.ground_m[own] = np.interp(at_s, one.time_s, one.ground_m * (distance_m[p] / one.ground_m[-1]))
        where.height_m[own] = np.interp(at_s, one.time_s, one.height_m)
        left_m[own] = np.interp(at_s, one.time_s, one.aside_m) - fraction[own] * one.aside_m[-1]
    return where, left_m
