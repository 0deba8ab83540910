"""How far rule `rolling` is from the proven optimum of the problems that it solves, and what that is worth in the raid.

A sample of raids is played under rule `exact`: wherever `rolling` would plan, the kernel stops, hands out the
network's problem and goes on with the answer. Moments at which every track has all its shots on the weapon that
doctrine puts first have nothing to solve and pass. At each other moment `rolling` and an integer program solve the
same problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import CapacityError
from shieldwall.engine.play import play_one_block
from shieldwall.engine.simulate import prepare
from shieldwall.engine.stepwise import proceed, propose, start
from shieldwall.scenario.types import Scenario
from shieldwall.solvers.network_plan import Problem, is_feasible, optimum, value_of
from shieldwall.state import ASKED, OK, PLAN_HELD, PLAN_OPTIONS, State, new_state
from shieldwall.tables import FORBIDDEN_RANK, Tables

Float = NDArray[np.float64]
Int = NDArray[np.int64]
_ROOM = 16  # times the threats and pairs


@dataclass(frozen=True, slots=True)
class Moment:
    """One problem: value saved by `rolling` and by the proven optimum, its upper bound, tracks and options."""

    replication: int
    rolling: float
    best: float
    upper: float
    tracks: int
    options: int

    @property
    def gap(self) -> float:
        """Return the share of the bound that `rolling` misses."""
        return max(0.0, 1.0 - self.rolling / self.upper) if self.upper > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Study:
    """All contended moments of the sample; asked: moments in all; damage by replication, (R,), under each rule."""

    moments: tuple[Moment, ...]
    asked: int
    exact_damage: Float
    rolling_damage: Float

    @property
    def gap(self) -> float:
        """Return the share of all bounds that `rolling` misses."""
        upper = sum(moment.upper for moment in self.moments)
        return 1.0 - sum(moment.rolling for moment in self.moments) / upper if upper > 0.0 else 0.0


def exact_assignment(scenario: Scenario, replications: int, seed: int = 1, *, preferences: bool = True) -> Study:
    """Play raids under rule `exact` beside `rolling`, on the same luck.

    Parameters
    ----------
    preferences : False takes every weapon that doctrine allows as equally preferred, so that the gap is that of the
        heuristic alone; otherwise it holds the price of the preferences too
    """
    doctrine = scenario.doctrine
    rolling, _ = prepare(replace(scenario, doctrine=replace(doctrine, assignment="rolling")))
    exact, _ = prepare(replace(scenario, doctrine=replace(doctrine, assignment="exact")))
    if not preferences:
        rolling, exact = (t._replace(rank=np.where(t.rank < FORBIDDEN_RANK, 0, t.rank)) for t in (rolling, exact))
    moments: list[Moment] = []
    damage, asked = np.zeros(replications), 0
    for replication in range(replications):
        state = _state(exact)
        for moment in _play(exact, state, seed, replication):
            asked += 1
            if moment is not None:
                moments.append(moment)
        damage[replication] = state.threats.damage.sum()
    block = play_one_block(rolling, seed, 0, replications, events=False)
    return Study(tuple(moments), asked, damage, block.damage.sum(axis=1))


def _state(tables: Tables) -> State:
    room = _ROOM * (256 + tables.threats.shape[0] + tables.pair_threat.shape[0])
    return new_state(tables, queue_room=room, waiting_room=0, log_room=0)


def _play(tables: Tables, state: State, seed: int, replication: int) -> Iterator[Moment | None]:
    """Play one raid; yield what was found at each question, None where there was nothing to solve."""
    words = np.uint64(seed), np.uint64(replication)
    status = start(tables, state, *words)
    while status == ASKED:
        problem, place = problem_of(tables, state)
        propose(tables, state)
        proposed = _shots(state, place)
        contended = bool(np.any(proposed[place % PLAN_OPTIONS == 0] < problem.most))
        if contended:
            best = optimum(problem)
            value = value_of(problem, proposed)
            if not (is_feasible(problem, proposed) and is_feasible(problem, best.shots)):
                raise AssertionError("a plan breaks its constraints")
            if best.value > value:
                _write(state, place, best.shots)
            yield Moment(
                replication, value, max(best.value, value), max(best.upper, value), problem.weight.size, place.size
            )
        else:
            yield None
        status = proceed(tables, state, *words)
    if status != OK:
        raise CapacityError("a raid under rule exact needs more room")


def problem_of(tables: Tables, state: State) -> tuple[Problem, Int]:
    """Return the problem that was asked, and the place of each of its options in the state's plan."""
    plan = state.plan
    held = int(plan.used[PLAN_HELD])
    tracks = plan.tracks[:held]
    place = np.concatenate([i * PLAN_OPTIONS + np.arange(tracks.options[i]) for i in range(held)] or [np.zeros(0)])
    place = place.astype(np.int64)
    options, track = plan.options[place], place // PLAN_OPTIONS
    return (
        Problem(
            track=track,
            unit=options.fire_unit.copy(),
            weapon=options.weapon.copy(),
            channel=options.channel.copy(),
            probability=options.probability.copy(),
            kept=tables.keep[options.weapon, tracks.threat_class[track]],
            weight=tracks.weight.copy(),
            most=tracks.most.copy(),
            channels=plan.channels.copy(),
            rounds=plan.rounds.copy(),
            rounds_per_shot=tables.weapons.rounds_per_shot.copy(),
        ),
        place,
    )


def _shots(state: State, place: Int) -> Int:
    """Return the shots of the plan on each option."""
    tracks = state.plan.tracks[place // PLAN_OPTIONS]
    return np.where(tracks.choice == place, tracks.shots, 0).astype(np.int64)


def _write(state: State, place: Int, shots: Int) -> None:
    """Put shots on the options into the state's plan."""
    held = int(state.plan.used[PLAN_HELD])
    state.plan.tracks.choice[:held] = -1
    state.plan.tracks.shots[:held] = 0
    for k in np.flatnonzero(shots):
        track = state.plan.tracks[place[k] // PLAN_OPTIONS]
        track.choice = place[k]
        track.shots = shots[k]
