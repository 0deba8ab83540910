"""Build the paths of a scenario: for every salvo, origin, aim point and route variant, where a threat is and when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shieldwall.catalogue.classes import PATH_KINDS
from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.raid import ballistic, glide, high_dive, low, quasi_ballistic
from shieldwall.raid.course import counts_to_ptr, locate, ragged
from shieldwall.raid.flight import FlightFigures, Float, Int, Profile, Timing
from shieldwall.raid.plan import Plan, lay_plan
from shieldwall.raid.reach import without_course
from shieldwall.raid.salvo import Salvo
from shieldwall.tables import Paths

SPACING_M = 4_000.0
STEPS_LEAST = 16
STEPS_MOST = 2_048


def build_paths(
    salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]], *, spacing_m: float = SPACING_M
) -> Paths:
    """Return one path for each salvo, origin, aim point and route variant.

    Parameters
    ----------
    salvos : S salvos in their final order
    targets : M targets in their final order, (id, position)
    spacing_m : two points of a path are at most about this far apart along the track (a path has 16 to 2,048 steps)

    Returns
    -------
    Paths; ordered by salvo, then origin, aim point, route variant. A salvo with O origins, weights w and R routes
    has a path of probability w / sum(w) / O / R for each.

    Raises
    ------
    InputError
        If an aim point is not among the targets or a path has no length. `check_reach` names these and more.
    """
    wrong = without_course(salvos, targets)
    if wrong:
        raise InputError([Mistake("", 0, 0, f"{w.salvo}: {w.what}", w.cure) for w in wrong])
    plan = lay_plan(salvos, targets)
    flights = _flights(salvos, plan)
    kind = np.array([PATH_KINDS.index(salvo.type.path_kind) for salvo in salvos], dtype=np.int64)[plan.salvo]
    timing = _timing(flights, kind)
    steps = np.clip(np.ceil(timing.duration_s * timing.top_speed_m_s / spacing_m), STEPS_LEAST, STEPS_MOST)
    ptr = counts_to_ptr(steps.astype(np.int64) + 1)
    path, number = ragged(ptr)
    where = _profile(flights, kind, path, number / steps[path])
    latitude_deg, longitude_deg = locate(plan.legs, path, where.ground_m)
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


def _flights(salvos: Sequence[Salvo], plan: Plan) -> FlightFigures:
    """Return the figures of every path's flight, (P,)."""
    figures = np.array(
        [(s.type.speed_m_s, s.type.height_m, s.type.apogee_m, s.type.dive_m) for s in salvos], dtype=np.float64
    ).reshape(-1, 4)[plan.salvo]
    speed_m_s, height_m, apogee_m, dive_m = figures.T
    return FlightFigures(plan.legs.course_length_m(), speed_m_s, height_m, apogee_m, dive_m, plan.start_height_m)


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
