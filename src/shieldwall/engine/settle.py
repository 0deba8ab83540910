"""After the last event: let the leakers come down in the order of their impacts, and say why each leaked."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.link_queue import reported_s
from shieldwall.battle_management.verdict import is_let_go
from shieldwall.core.compiled import kernel
from shieldwall.engine.air import last_air_order_s
from shieldwall.passive_defence.impact import strike
from shieldwall.state import (
    ARRIVES,
    CHANNELS_SATURATED,
    COMMAND_DELAY,
    DETECTED_TOO_LATE,
    HELD_BY_RULES,
    LEAKED_HIT,
    LEAKED_MISSED,
    LOG_HIT,
    LOG_MISSED,
    MAGAZINE_EMPTY,
    NEVER_DETECTED,
    NO_CAUSE,
    NO_SHOOTER_IN_REACH,
    SHOTS_MISSED,
    State,
    note,
)
from shieldwall.tables import Tables

# Causes along the line from launch to kill.
_LINE = (
    NO_SHOOTER_IN_REACH,
    NEVER_DETECTED,
    DETECTED_TOO_LATE,
    COMMAND_DELAY,
    HELD_BY_RULES,
    MAGAZINE_EMPTY,
    CHANNELS_SATURATED,
    SHOTS_MISSED,
)


@kernel
def settle(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Turn every `ARRIVES` into a hit or a miss, first come first, and name the cause of every leak."""
    for i in range(_leakers_by_impact(state)):
        t = state.leakers[i]
        threat = state.threats[t]
        strike(t, threat.end_s, tables, state, seed, replication)
        note(state, threat.end_s, LOG_HIT if threat.end == LEAKED_HIT else LOG_MISSED, t, -1, -1, threat.damage)
    for t in range(state.threats.shape[0]):
        threat = state.threats[t]
        if threat.end in (LEAKED_HIT, LEAKED_MISSED):
            threat.cause = _cause_of_leak(t, tables, state)
        if threat.first_sensor >= 0 and state.sensor_lost_s[threat.first_sensor] <= threat.first_track_s:
            _forget_first_track(t, tables, state)


@kernel
def _forget_first_track(t: int, tables: Tables, state: State) -> None:
    """Take the first track from those that came about: a sensor that was lost before its track never made it."""
    threat = state.threats[t]
    threat.first_track_s, threat.first_sensor, threat.engageable_s = np.inf, -1, np.inf
    for pair in range(tables.threats[t].pair_first, tables.threats[t + 1].pair_first):
        known = state.pairs[pair]
        if known.sensor < 0 or known.track_s >= threat.end_s or state.sensor_lost_s[known.sensor] <= known.track_s:
            continue
        if known.track_s < threat.first_track_s:
            threat.first_track_s, threat.first_sensor = known.track_s, known.sensor
        threat.engageable_s = min(threat.engageable_s, known.engageable_s)


@kernel
def _leakers_by_impact(state: State) -> int:
    """Fill `state.leakers` with the threats that still arrive, by time of impact, ties by index; return how many."""
    count = 0
    for t in range(state.threats.shape[0]):
        if state.threats[t].end == ARRIVES:
            i = count
            while i > 0 and state.threats[state.leakers[i - 1]].end_s > state.threats[t].end_s:
                state.leakers[i] = state.leakers[i - 1]
                i -= 1
            state.leakers[i] = t
            count += 1
    return count


@kernel
def _cause_of_leak(t: int, tables: Tables, state: State) -> int:
    """Return the one cause of a leak: of all networks that might have acted, the one that came nearest to a kill."""
    group = tables.flights[state.threats[t].path].group_first
    first = tables.threats[t].pair_first
    furthest = 0
    for k in range(tables.threats[t + 1].pair_first - first):
        cause = _cause_of_pair(first + k, group + k, t, tables, state)
        for place in range(furthest, len(_LINE)):
            if _LINE[place] == cause:
                furthest = place
    return _LINE[furthest]


@kernel
def _cause_of_pair(pair: int, g: int, t: int, tables: Tables, state: State) -> int:
    """Return why one network did not stop the threat."""
    known = state.pairs[pair]
    group = tables.groups[g]
    last_air_s = last_air_order_s(pair, tables, state)
    reached = tables.groups[g + 1].engagement_first > group.engagement_first or last_air_s > -np.inf
    if known.shots > 0:
        return SHOTS_MISSED
    tracked_s = reported_s(pair, tables, state)
    if tracked_s == np.inf or not (reached or group.held):
        return NEVER_DETECTED if reached or group.held else NO_SHOOTER_IN_REACH
    last_order_s = max(state.threats[t].start_s + group.last_close_s, last_air_s)
    if not reached or is_let_go(pair, last_order_s, tables, state):
        return HELD_BY_RULES
    if tracked_s > last_order_s:
        return DETECTED_TOO_LATE
    if known.engageable_s > last_order_s:
        return COMMAND_DELAY
    return known.blocked if known.blocked != NO_CAUSE else NO_SHOOTER_IN_REACH
