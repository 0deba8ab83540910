"""After the last event: let the leakers come down in the order of their impacts, and say why each leaked."""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.passive_defence.impact import strike
from shieldwall.state import (
    ARRIVES,
    COMMAND_DELAY,
    DETECTED_TOO_LATE,
    HELD_BY_RULES,
    LEAKED_HIT,
    LEAKED_MISSED,
    LOG_FULL,
    LOG_HIT,
    LOG_MISSED,
    NEVER_DETECTED,
    NO_CAUSE,
    NO_SHOOTER_IN_REACH,
    SHOTS_MISSED,
    State,
    note,
)
from shieldwall.tables import FORBIDDEN_RANK, Tables


@njit(cache=True)
def settle(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Turn every `ARRIVES` into a hit or a miss, first come first, and name the cause of every leak."""
    threats = state.threats
    count = _leakers_by_impact(state)
    for i in range(count):
        t = state.leakers[i]
        strike(t, threats.end_s[t], tables, state, seed, replication)
        hit = threats.end[t] == LEAKED_HIT
        if not note(state.log, threats.end_s[t], LOG_HIT if hit else LOG_MISSED, t, -1, -1, threats.damage[t]):
            state.status[0] = LOG_FULL
    for t in range(threats.end.shape[0]):
        if threats.end[t] in (LEAKED_HIT, LEAKED_MISSED):
            threats.cause[t] = cause_of_leak(t, tables, state)


@njit(cache=True)
def _leakers_by_impact(state: State) -> int:
    """Fill `state.leakers` with the threats that still arrive, by time of impact, ties by index; return how many."""
    threats = state.threats
    count = 0
    for t in range(threats.end.shape[0]):
        if threats.end[t] == ARRIVES:
            i = count
            while i > 0 and threats.end_s[state.leakers[i - 1]] > threats.end_s[t]:
                state.leakers[i] = state.leakers[i - 1]
                i -= 1
            state.leakers[i] = t
            count += 1
    return count


@njit(cache=True)
def cause_of_leak(t: int, tables: Tables, state: State) -> int:
    """Return the one cause of a leak: of all networks that might have acted, the one that came nearest to a kill."""
    path = state.threats.path[t]
    group_first = tables.flights.group_first[path]
    pair_first = tables.threats.pair_first[t]
    best = NO_SHOOTER_IN_REACH
    for k in range(tables.threats.pair_first[t + 1] - pair_first):
        best = _nearest(best, _cause_of_pair(pair_first + k, group_first + k, t, tables, state))
    return best


@njit(cache=True)
def _cause_of_pair(pair: int, group: int, t: int, tables: Tables, state: State) -> int:
    """Return why one network did not stop the threat."""
    pairs, engagements = state.pairs, tables.engagements
    threat_class = tables.salvos.threat_class[tables.threats.salvo[t]]
    first, last = engagements.first[group], engagements.first[group + 1]
    if first == last:
        return NO_SHOOTER_IN_REACH
    if pairs.shots[pair] > 0:
        return SHOTS_MISSED
    if pairs.track_s[pair] == np.inf:
        return NEVER_DETECTED
    allowed_close_s = -np.inf
    for row in range(first, last):
        if tables.weapons.rank[engagements.weapon[row], threat_class] < FORBIDDEN_RANK:
            allowed_close_s = max(allowed_close_s, engagements.close_s[row])
    if allowed_close_s == -np.inf:
        return HELD_BY_RULES
    last_order_s = state.threats.start_s[t] + allowed_close_s
    if pairs.track_s[pair] > last_order_s:
        return DETECTED_TOO_LATE
    if pairs.engageable_s[pair] > last_order_s:
        return COMMAND_DELAY
    if pairs.blocked[pair] != NO_CAUSE:
        return pairs.blocked[pair]
    return NO_SHOOTER_IN_REACH


@njit(cache=True)
def _nearest(first: int, second: int) -> int:
    """Return the cause that lies further along the line from launch to kill."""
    return first if _along(first) >= _along(second) else second


@njit(cache=True)
def _along(cause: int) -> int:
    """Return how far along the line a cause lies: reach, detection, time, rules, magazine, channel, shot."""
    if cause == NO_SHOOTER_IN_REACH:
        return 0
    if cause == NEVER_DETECTED:
        return 1
    if cause == DETECTED_TOO_LATE:
        return 2
    if cause == COMMAND_DELAY:
        return 3
    if cause == HELD_BY_RULES:
        return 4
    return 20 - cause if cause != SHOTS_MISSED else 30
