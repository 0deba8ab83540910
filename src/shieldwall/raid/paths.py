"""Build the paths of a scenario: for every salvo, origin, aim point and route variant, where a threat is and when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shieldwall.catalogue.classes import PATH_KINDS
from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.raid import ballistic, boosted_paths, glide, high_dive, low, quasi_ballistic
from shieldwall.raid.boosted import BoostedFlight, FlightError
from shieldwall.raid.course import counts_to_ptr, locate, ragged
from shieldwall.raid.figures import figures_of
from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.leg_speeds import LegSpeeds
from shieldwall.raid.plan import lay_plan
from shieldwall.raid.reach import without_course
from shieldwall.raid.salvo import Salvo
from shieldwall.tables import Paths

SPACING_M = 4_000.0
STEPS_LEAST = 16
STEPS_MOST = 2_048


def build_paths(
    salvos: Sequence[Salvo],
    targets: Sequence[tuple[str, Position]],
    *,
    spacing_m: float = SPACING_M,
    threads: int = 1,
    alike_deg: float = 0.0,
) -> Paths:
    """Return one path for each salvo, origin, aim point and route variant.

    Parameters
    ----------
    salvos : S salvos in their final order
    targets : M targets in their final order, (id, position)
    spacing_m : two points of a path are at most about this far apart along the track (a path has 16 to 2,048 steps)
    threads : to fly boosted arcs on
    alike_deg : boosted arcs that leave from and towards the same cell of latitude and bearing are flown once; 0: each

    Returns
    -------
    Paths; ordered by salvo, then origin, aim point, route variant. A salvo with O origins, weights w and R routes
    has a path of probability w / sum(w) / O / R for each.

    Raises
    ------
    InputError
        If an aim point is not among the targets, a path has no length or no boost flies it. `check_reach` names these
        and more.
    """
    wrong = without_course(salvos, targets)
    if wrong:
        raise InputError([Mistake("", 0, 0, f"{w.salvo}: {w.what}", w.cure) for w in wrong])
    plan = lay_plan(salvos, targets)
    flights = figures_of(salvos, plan)
    kind = np.array([PATH_KINDS.index(salvo.type.path_kind) for salvo in salvos], dtype=np.int64)[plan.salvo]
    boosted = np.array([boosted_paths.is_boosted(salvo) for salvo in salvos], np.bool_)[plan.salvo]
    try:
        flown = boosted_paths.fly_boosted_paths(
            salvos, plan, flights, np.flatnonzero(boosted), threads=threads, alike_deg=alike_deg
        )
    except FlightError as error:
        what, _, cure = str(error).partition("; ")
        raise InputError(Mistake("", 0, 0, what, cure)) from None
    legs = LegSpeeds(salvos, plan)
    timing = _timing(flights, kind)
    legs.set_timing(timing)
    timing.duration_s[boosted], timing.top_speed_m_s[boosted] = boosted_paths.timing(flown)
    steps = np.clip(np.ceil(timing.duration_s * timing.top_speed_m_s / spacing_m), STEPS_LEAST, STEPS_MOST)
    ptr = counts_to_ptr(steps.astype(np.int64) + 1)
    path, number = ragged(ptr)
    fraction = number / steps[path]
    where = _profile(flights, kind, path, legs.share_flown(path, fraction))
    left_m = _fly_boosted(where, flown, boosted, path, fraction, flights.distance_m)
    latitude_deg, longitude_deg = locate(plan.legs, path, where.ground_m, left_m)
    return Paths(
        salvo=plan.salvo,
        target=plan.target,
        probability=np.ascontiguousarray(plan.probability),
        ptr=ptr,
        step_s=timing.duration_s / steps,
        duration_s=timing.duration_s,
        xyz_m=ecef_m(latitude_deg, longitude_deg, where.height_m),
        ground_m=ecef_m(latitude_deg, longitude_deg),
        height_m=where.height_m,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
    )


def _fly_boosted(
    where: Profile,
    flown: Sequence[BoostedFlight],
    boosted: NDArray[np.bool_],
    path: Int,
    fraction: Float,
    distance_m: Float,
) -> Float | None:
    """Put the points of boosted flights in their places; return how far to the left each point lies, None for none."""
    if not flown:
        return None
    left_m, own = np.zeros(path.size), np.flatnonzero(boosted[path])
    flight = np.searchsorted(np.flatnonzero(boosted), path[own])
    there, left_m[own] = boosted_paths.profile(flown, distance_m[boosted], flight, fraction[own])
    where.ground_m[own], where.height_m[own] = there
    return left_m


def _timing(flights: FlightFigures, kind: Int) -> Timing:
    """Return duration and top speed of every path, (P,), each by its own kind."""
    both = Timing(np.empty(kind.size), np.empty(kind.size))
    for k in np.unique(kind):
        rows = np.flatnonzero(kind == k)
        both.duration_s[rows], both.top_speed_m_s[rows] = _timing_of(PATH_KINDS[k], _take(flights, rows))
    return both


def _profile(flights: FlightFigures, kind: Int, path: Int, fraction: Float) -> Profile:
    """Return where every point lies, (N,), each by the kind of its path."""
    both = Profile(np.empty(path.size), np.empty(path.size))
    for k in np.unique(kind):
        rows = np.flatnonzero(kind == k)
        own = np.flatnonzero((kind == k)[path])
        flight = np.searchsorted(rows, path[own])
        both.ground_m[own], both.height_m[own] = _profile_of(PATH_KINDS[k], _take(flights, rows), flight, fraction[own])
    return both


def _take(flights: FlightFigures, rows: Int) -> FlightFigures:
    return FlightFigures(*(figure[rows] for figure in flights))


def _timing_of(kind: str, flights: FlightFigures) -> Timing:
    """Ask the file of a kind of path for its timing."""
    match kind:
        case "low":
            return low.timing(flights)
        case "high_dive":
            return high_dive.timing(flights)
        case "quasi_ballistic":
            return quasi_ballistic.timing(flights)
        case "ballistic":
            return ballistic.timing(flights)
        case _:
            return glide.timing(flights)


def _profile_of(kind: str, flights: FlightFigures, flight: Int, fraction: Float) -> Profile:
    """Ask the file of a kind of path for its profile."""
    match kind:
        case "low":
            return low.profile(flights, flight, fraction)
        case "high_dive":
            return high_dive.profile(flights, flight, fraction)
        case "quasi_ballistic":
            return quasi_ballistic.profile(flights, flight, fraction)
        case "ballistic":
            return ballistic.profile(flights, flight, fraction)
        case _:
            return glide.profile(flights, flight, fraction)
