"""Check that salvos can fly as written: known aim points, paths with a length, targets within range."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from shieldwall.core.errors import nearest
from shieldwall.core.position import Position
from shieldwall.raid.figures import figures_of
from shieldwall.raid.glide import glide_range_m
from shieldwall.raid.plan import lay_plan
from shieldwall.raid.salvo import Salvo

# A course shorter than this is no flight.
SHORTEST_M = 1.0


class Unreachable(NamedTuple):
    """A salvo that cannot fly as written: its id, its aim point, what is wrong, the cure."""

    salvo: str
    aim_point: str
    what: str
    cure: str


def check_reach(salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]]) -> list[Unreachable]:
    """Return what keeps salvos from flying: unknown aim points, paths without length, targets out of range.

    Parameters
    ----------
    salvos : S salvos with unique ids
    targets : M targets, (id, position)

    Returns
    -------
    list of Unreachable in the order of the salvos; empty if all can fly. The way flown counts (way-points and route
    variants), not the straight line. Each pair of salvo and aim point is named once.
    """
    wrong = _check(salvos, targets, with_range=True)
    lost = {mistake.salvo for mistake in wrong}
    return wrong + _cannot_fly([salvo for salvo in salvos if salvo.id not in lost], targets)


def without_course(salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]]) -> list[Unreachable]:
    """Return the mistakes of `check_reach` for which no path can be drawn at all: all but too short a range."""
    return _check(salvos, targets, with_range=False)


def _check(salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]], *, with_range: bool) -> list[Unreachable]:
    known = {name for name, _ in targets}
    wrong = [mistake for salvo in salvos for mistake in _unknown_aims(salvo, known)]
    able = [salvo for salvo in salvos if known.issuperset(salvo.aim_points)]
    plan = lay_plan(able, targets)
    distance_m = plan.legs.course_length_m()
    reach_m = np.array([salvo.type.range_m for salvo in able])[plan.salvo] if able else np.empty(0)
    bad = (distance_m < SHORTEST_M) | ((distance_m > reach_m) & with_range)
    longest: dict[tuple[int, int], float] = {}
    for p in np.flatnonzero(bad):
        pair = int(plan.salvo[p]), int(plan.target[p])
        longest[pair] = max(longest.get(pair, 0.0), float(distance_m[p]))
    for (s, m), length_m in longest.items():
        wrong.append(
            _too_far(able[s], targets[m][0], length_m) if length_m >= SHORTEST_M else _no_length(able[s], targets[m][0])
        )
    order = {salvo.id: s for s, salvo in enumerate(salvos)}
    return sorted(wrong, key=lambda mistake: order[mistake.salvo])


def _cannot_fly(salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]]) -> list[Unreachable]:
    """Return the salvos whose boost or glide does not carry them to an aim point, each with the first such."""
    wrong: list[Unreachable] = []
    special = [salvo for salvo in salvos if salvo.type.burn_s > 0.0 or salvo.type.lift_to_drag > 0.0]
    if not special:
        return wrong
    from shieldwall.raid.boosted import FlightError  # noqa: PLC0415  (the compiler takes half a second to start)
    from shieldwall.raid.boosted_paths import fly_boosted_paths, is_boosted  # noqa: PLC0415

    for salvo in special:
        boosted = is_boosted(salvo)
        plan = lay_plan([salvo], targets)
        flights = figures_of([salvo], plan)
        for p in range(plan.salvo.size):
            aim = targets[int(plan.target[p])][0]
            if boosted:
                try:
                    fly_boosted_paths([salvo], plan, flights, np.array([p]))
                except FlightError as error:
                    what, _, cure = str(error).partition("; ")
                    wrong.append(Unreachable(salvo.id, aim, f"on the way to '{aim}' {what}", cure))
                    break
            elif salvo.type.lift_to_drag > 0.0 and _glides_too_far(salvo, float(flights.distance_m[p])):
                what = (
                    f"the glide of '{salvo.type.id}' comes down before '{aim}', {flights.distance_m[p] / 1e3:,.0f} km"
                )
                wrong.append(Unreachable(salvo.id, aim, what, "give it more speed or lift to drag, or a nearer origin"))
                break
    return wrong


def _glides_too_far(salvo: Salvo, distance_m: float) -> bool:
    kind = salvo.type
    boost_m = 0.5 * kind.glide_speed_m_s * kind.burn_s if kind.burn_s > 0.0 else kind.dive_m
    glide_m = float(glide_range_m(kind.glide_speed_m_s, kind.lift_to_drag, kind.height_m))
    return distance_m > boost_m + glide_m + kind.dive_m


def _unknown_aims(salvo: Salvo, known: Collection[str]) -> list[Unreachable]:
    return [
        Unreachable(salvo.id, aim, f"aim point '{aim}' is not among the targets", nearest(aim, known))
        for aim in salvo.aim_points
        if aim not in known
    ]


def _no_length(salvo: Salvo, target: str) -> Unreachable:
    what = f"it is launched at its aim point '{target}', so its path has no length"
    return Unreachable(salvo.id, target, what, "move the origin away from the aim point")


def _too_far(salvo: Salvo, target: str, distance_m: float) -> Unreachable:
    what = (
        f"the way to '{target}' is {distance_m / 1e3:,.1f} km long, "
        f"the range of '{salvo.type.id}' is {salvo.type.range_m / 1e3:,.1f} km"
    )
    cure = "move the origin nearer, leave out way-points or route spread, or take a type that flies further"
    return Unreachable(salvo.id, target, what, cure)
