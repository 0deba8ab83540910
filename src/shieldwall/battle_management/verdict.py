"""Verdicts: what a network takes a track for, from when, and whether the rules then let it be fired at.

A network looks at a track until a look brings a verdict: hostile, or not. The number of looks is geometric. The verdict
is final and may be wrong: a hostile that is taken for a friend or a civil aircraft is let go, a friend taken for a
hostile is fired at. Weapons control says who may be fired at before that:

    free   all tracks but those found not to be hostile
    tight  only tracks found to be hostile
    hold   none
"""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.command_delay import drawn_delays_s, order_delay_s
from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.random import IDENTIFICATION, draw, pair_actor
from shieldwall.state import NOT_IDENTIFIED, PASSED, TAKEN_FOR_HOSTILE, State
from shieldwall.tables import HOSTILE, Tables

# Looks at one track at most; with half of them bringing a verdict, one track in 10**19 has none by then.
_MOST_LOOKS = 64


def _without_error(
    pair: int, n: int, from_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> float:
    actor = tables.threats[tables.pair_threat[pair]].actor
    return float(order_delay_s(actor, tables.networks[n], tables.command[0], seed, replication))


@where_given("identity", _without_error)
def identify(
    pair: int, n: int, from_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> float:
    """Let network n look at a track from a moment on; return the seconds to its order, whatever the verdict.

    The first look takes the network's time for identification, each later one `recheck_s`. Under `free` the order does
    not wait for the verdict.
    """
    t, command, network = tables.pair_threat[pair], tables.command[0], tables.networks[n]
    figures, salvo = tables.identity.figures[0], tables.threats[t].salvo
    actor = pair_actor(tables.threats[t].actor, network.actor)
    first_s, order_s, again_s = drawn_delays_s(tables.threats[t].actor, network, command, seed, replication)
    look_s = first_s + again_s
    first = draw(seed, replication, IDENTIFICATION, actor, np.uint64(0))
    looks, chance = 1, first.a
    while chance >= figures.verdict and looks < _MOST_LOOKS:
        later = draw(seed, replication, IDENTIFICATION, actor, np.uint64(looks))
        look_s += figures.recheck_s * (-np.log(later.b) if command.exponential else 1.0)
        looks, chance = looks + 1, later.a
    verdict = state.verdicts[pair]
    verdict.verdict_s = from_s + look_s
    verdict.hostile = 1 if first.c < tables.identity.called_hostile[salvo] else 0
    return float(look_s + order_s) if command.identify or network.identify else float(order_s)


@kernel
def _is_found_hostile(pair: int, now_s: float, state: State) -> bool:
    """Return whether the pair's network has by now found that the track is hostile."""
    verdict = state.verdicts[pair]
    return bool(verdict.hostile == 1 and verdict.verdict_s <= now_s)


def _never(pair: int, now_s: float, tables: Tables, state: State) -> bool:
    return False


@where_given("identity", _never)
def is_let_go(pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether the pair's network has by now found that the track is not hostile."""
    verdict = state.verdicts[pair]
    return bool(verdict.hostile == 0 and verdict.verdict_s <= now_s)


def _may_be(row: int, pair: int, now_s: float, tables: Tables, state: State) -> bool:
    return False


@where_given("identity", _may_be)
def is_unproven(row: int, pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether an engagement row asks for a track found to be hostile, and this one is not, so far."""
    return bool(tables.identity.proven[row]) and not _is_found_hostile(pair, now_s, state)


@where_given("identity", _may_be)
def is_unproven_for_aircraft(reach: int, pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether a reach of aircraft asks for a track found to be hostile, and this one is not, so far."""
    return bool(tables.identity.reach_proven[reach]) and not _is_found_hostile(pair, now_s, state)


def _at_no_time(row: int, pair: int, now_s: float, tables: Tables, state: State) -> float:
    return np.inf


@where_given("identity", _at_no_time)
def proven_from_s(row: int, pair: int, now_s: float, tables: Tables, state: State) -> float:
    """Return when an engagement row that is not to be used yet may be: at the verdict (inf: never, or it may now)."""
    verdict = state.verdicts[pair]
    if tables.identity.proven[row] and verdict.hostile == 1 and verdict.verdict_s > now_s:
        return float(verdict.verdict_s)
    return np.inf


def _whenever(pair: int, engageable_s: float, tables: Tables, state: State) -> float:
    return engageable_s


@where_given("identity", _whenever)
def unless_let_go_s(pair: int, engageable_s: float, tables: Tables, state: State) -> float:
    """Return from when a track may be fired at: never (inf) if it is let go by then."""
    return np.inf if is_let_go(pair, engageable_s, tables, state) else engageable_s


def _knows_nothing(source: int, goal: int, now_s: float, tables: Tables, state: State) -> None:
    pass


@where_given("identity", _knows_nothing)
def tell_verdict(source: int, goal: int, now_s: float, tables: Tables, state: State) -> None:
    """Let the network of pair `goal` take over a verdict of another that it has not come to itself."""
    told, heard = state.verdicts[source], state.verdicts[goal]
    if told.verdict_s <= now_s < heard.verdict_s:
        heard.verdict_s = told.verdict_s
        heard.hostile = told.hostile


def _no_matter(pair: int, now_s: float, tables: Tables, state: State) -> None:
    pass


@where_given("identity", _no_matter)
def remember_shot(pair: int, now_s: float, tables: Tables, state: State) -> None:
    """Remember what the track was to its network when a salvo was fired at it."""
    state.verdicts[pair].fired_as = TAKEN_FOR_HOSTILE if _is_found_hostile(pair, now_s, state) else NOT_IDENTIFIED


@where_given("identity", _no_matter)
def blame(pair: int, now_s: float, tables: Tables, state: State) -> None:
    """Enter why a friendly or civil aircraft was shot down by the pair's network."""
    t = tables.pair_threat[pair]
    if tables.identity.side[tables.threats[t].salvo] != HOSTILE:
        state.threats[t].cause = state.verdicts[pair].fired_as


@where_given("identity", _never)
def see_with_own_eyes(pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Let a pilot beside an aircraft see what it is; return whether it is not hostile. Pilots make no mistake."""
    verdict = state.verdicts[pair]
    hostile = tables.identity.side[tables.threats[tables.pair_threat[pair]].salvo] == HOSTILE
    if not hostile or verdict.hostile == 0 or verdict.verdict_s > now_s:
        verdict.verdict_s = now_s
    verdict.hostile = 1 if hostile else 0
    return not hostile


def _all_are_hostile(s: int, t: int, tables: Tables, state: State) -> None:
    pass


@where_given("identity", _all_are_hostile)
def let_pass(s: int, t: int, tables: Tables, state: State) -> None:
    """Let a friendly or civil aircraft of salvo s fly on at the end of its path."""
    if tables.identity.side[s] != HOSTILE:
        state.threats[t].end = PASSED
