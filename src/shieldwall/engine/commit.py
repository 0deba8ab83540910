"""Commit: which aircraft goes against which threat, when it leaves, and how it gets there.

The threats that wait for an aircraft stand on one list for each network; one that becomes free takes the nearest that
it can catch. A threat that becomes due takes the aircraft that meets it first.
"""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.aircraft import armament_for, can_take, place_of, plan, share_home, spend, tell
from shieldwall.active_defence.intercept import as_point, gap_m, meeting_s, path_point
from shieldwall.active_defence.sortie import scramble
from shieldwall.battle_management.verdict import is_let_go, is_unproven_for_aircraft
from shieldwall.core.compiled import kernel, subroutine
from shieldwall.engine.agenda import COMMIT, decide_at, schedule
from shieldwall.state import (
    CHANNELS_SATURATED,
    HELD_BY_RULES,
    LOG_COMMITTED,
    MAGAZINE_EMPTY,
    NO_SHOOTER_IN_REACH,
    State,
)
from shieldwall.state_air import IN_FIGHT, READY, STARTING, TO_TARGET, TURNING, WAITING_TURN, Wing
from shieldwall.tables import Tables

# A commit that would come too early is thought over again so much later at the least, seconds.
_PATIENCE_S = 10.0


@subroutine
def commit(pair: int, row: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Send the aircraft that meets the threat first, or put the threat on the waiting list of its network."""
    _take_up_again(pair, row, now_s, tables, state)
    air, t, known = tables.air, tables.pair_threat[pair], state.pairs[pair]
    threat = state.threats[t]
    most = tables.rules[tables.salvos[tables.threats[t].salvo].threat_class].max_shots
    if threat.end_s <= now_s or known.engageable_s > now_s or known.shots >= most:
        return
    if is_let_go(pair, now_s, tables, state):
        return
    if state.air.aircraft_of[pair] >= 0 or state.air.queued[pair] < 0:
        return
    if state.sensor_lost_s[known.sensor] <= known.track_s:
        decide_at(pair, now_s, state)  # the sensor was lost before it could make the track: the network looks anew
        return
    network = air.reaches[row].network
    best, best_row, best_s, cause = _first_to_meet(pair, network, now_s, tables, state, wing)
    if best < 0:
        known.blocked = cause
        if state.air.queued[pair] == 0:
            state.air.queued[pair] = 1
            state.air.next[pair] = state.air.first[network]
            state.air.first[network] = pair
        return
    slack_s = _slack_s(best, best_row, t, best_s, now_s, tables, state, wing)
    if slack_s > _PATIENCE_S:
        schedule(state, now_s + slack_s, COMMIT, pair, best_row)
    else:
        _send(best, pair, best_row, best_s, now_s, tables, state, wing)


@kernel
def _first_to_meet(
    pair: int, network: int, now_s: float, tables: Tables, state: State, wing: Wing
) -> tuple[int, int, float, int]:
    """Return the aircraft of a network that meets a threat first, by which row, when; (-1, -1, inf, cause) for none."""
    air, t = tables.air, tables.pair_threat[pair]
    threat = state.threats[t]
    best, best_row, best_s, cause = -1, -1, np.inf, NO_SHOOTER_IN_REACH
    for row in range(air.reach_first[threat.path], air.reach_first[threat.path + 1]):
        reach = air.reaches[row]
        if reach.network != network or not now_s <= threat.start_s + reach.leave_s:
            continue
        j = reach.group
        if wing.hold[j] == 1 or tables.command[0].hold == 1 or _asks_for_proof(row, pair, now_s, tables, state):
            cause = HELD_BY_RULES
            continue
        on_ground = False
        for b in range(air.groups[j].aircraft_first, air.groups[j + 1].aircraft_first):
            phase = wing.flying[b].phase
            if not can_take(b, wing):
                cause = _nearer_cause(phase, cause)
            elif phase != READY or not on_ground:  # another on the ground would do what the first one does
                on_ground = on_ground or phase == READY
                if phase != READY:
                    spend(b, now_s, wing)
                met_s = meets_s(b, row, t, now_s, tables, state, wing)
                if met_s < best_s:
                    best, best_row, best_s = b, row, met_s
    return best, best_row, best_s, cause


@kernel
def _asks_for_proof(row: int, pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether a group may not go for a track before it is found hostile; who identifies for himself may."""
    by_eye = tables.air.groups[tables.air.reaches[row].group].identification_s > 0.0
    return not by_eye and is_unproven_for_aircraft(row, pair, now_s, tables, state)


@kernel
def _nearer_cause(phase: int, cause: int) -> int:
    """Return what keeps a network from sending an aircraft: one more is in this phase, which cannot go."""
    if cause != HELD_BY_RULES and (phase == STARTING or TO_TARGET <= phase <= IN_FIGHT):
        return CHANNELS_SATURATED
    return MAGAZINE_EMPTY if cause == NO_SHOOTER_IN_REACH and phase in (WAITING_TURN, TURNING) else cause


@subroutine
def meets_s(b: int, row: int, t: int, now_s: float, tables: Tables, state: State, wing: Wing) -> float:
    """Return when an aircraft sent now would come within reach of a threat; inf if it cannot, or not with its fuel."""
    air, threat, reach, j = tables.air, state.threats[t], tables.air.reaches[row], wing.given[b].group
    group = wing.groups[j]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    e = armament_for(b, threat_class, air.kill_probability, tables.rank, tables.keep, wing)
    if e < 0:
        return np.inf
    given = wing.armament[e]
    go_s = now_s + group.ready_s if wing.flying[b].phase == READY else now_s
    start = place_of(b, now_s, wing)
    reach_m = 0.0 if group.identification_s > 0.0 else air.range_m[e, threat_class]
    met_s = meeting_s(
        threat.path, start, go_s - threat.start_s, group.speed_m_s, reach_m, reach.enter_s, reach.leave_s, air.legs
    )
    if met_s == np.inf:
        return np.inf
    there = path_point(threat.path, met_s, air.legs)
    fight_s = group.identification_s + given.reaction_s + air.range_m[e, threat_class] / given.speed_m_s
    flown_m = (threat.start_s + met_s - go_s + fight_s) * group.speed_m_s
    if wing.flying[b].fuel - flown_m / group.tank_m < share_home(there, b, wing):
        return np.inf
    return float(threat.start_s + met_s)


@subroutine
def _slack_s(b: int, row: int, t: int, met_s: float, now_s: float, tables: Tables, state: State, wing: Wing) -> float:
    """Return how much later an aircraft may leave and still meet the threat where it may first be shot at."""
    threat, group = state.threats[t], wing.groups[wing.given[b].group]
    enter_s = threat.start_s + tables.air.reaches[row].enter_s
    if met_s > enter_s:
        return 0.0
    go_s = now_s + group.ready_s + group.ready_spread_s if wing.flying[b].phase == READY else now_s
    there = path_point(threat.path, tables.air.reaches[row].enter_s, tables.air.legs)
    return float(enter_s - go_s - gap_m(place_of(b, now_s, wing), there) / group.speed_m_s)


@subroutine
def seek(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> bool:
    """Send an aircraft against the nearest waiting threat that it can catch; say whether there was one."""
    air, j = tables.air, wing.given[b].group
    group = wing.groups[j]
    if wing.hold[j] == 1 or tables.command[0].hold == 1 or state.air.first[group.network] < 0:
        return False
    go_s = now_s + group.ready_s if wing.flying[b].phase == READY else now_s
    here = place_of(b, now_s, wing)
    best, best_row, nearest_m = -1, -1, np.inf
    before, pair = -1, state.air.first[group.network]
    while pair >= 0:
        following, threat = state.air.next[pair], state.threats[tables.pair_threat[pair]]
        row, open_to_any = _row_for(pair, j, now_s, tables, state)
        if not open_to_any:
            state.air.queued[pair] = max(min(state.air.queued[pair], 0), -1)
            if before < 0:
                state.air.first[group.network] = following
            else:
                state.air.next[before] = following
        else:
            before = pair
        if row >= 0:
            # It catches what it can reach where, and before, that leaves the area.
            left_s = threat.start_s + air.reaches[row].leave_s - go_s
            away_m = gap_m(here, path_point(threat.path, now_s - threat.start_s, air.legs))
            if away_m < nearest_m and gap_m(here, as_point(air.reaches[row].leave)) <= group.speed_m_s * left_s:
                best, best_row, nearest_m = pair, row, away_m
        pair = following
    if best < 0:
        return False
    met_s = meets_s(b, best_row, tables.pair_threat[best], now_s, tables, state, wing)
    if met_s == np.inf:
        return False
    _send(b, best, best_row, met_s, now_s, tables, state, wing)
    return True


@kernel
def _row_for(pair: int, j: int, now_s: float, tables: Tables, state: State) -> tuple[int, bool]:
    """Return the row by which group j may shoot at a waiting pair (-1: none), and whether anybody may still."""
    air, t = tables.air, tables.pair_threat[pair]
    threat = state.threats[t]
    most = tables.rules[tables.salvos[tables.threats[t].salvo].threat_class].max_shots
    gone = threat.end_s <= now_s or state.air.aircraft_of[pair] >= 0 or state.air.queued[pair] < 0
    gone = gone or is_let_go(pair, now_s, tables, state)
    own, open_to_any = -1, False
    if gone or state.pairs[pair].shots >= most:
        return own, open_to_any
    for row in range(air.reach_first[threat.path], air.reach_first[threat.path + 1]):
        reach = air.reaches[row]
        if reach.network == air.groups[j].network and now_s <= threat.start_s + reach.leave_s:
            open_to_any = True
            if reach.group == j and own < 0 and not _asks_for_proof(row, pair, now_s, tables, state):
                own = row
    return own, open_to_any


@subroutine
def _send(b: int, pair: int, row: int, met_s: float, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Give an aircraft its target: it turns towards it, or starts."""
    aircraft = wing.flying[b]
    aircraft.pair = pair
    aircraft.row = row
    state.air.aircraft_of[pair] = b
    tell(LOG_COMMITTED, b, tables.pair_threat[pair], now_s, wing)
    if aircraft.phase == READY:
        scramble(b, now_s, wing)
    else:
        head_for(b, met_s, now_s, tables, state, wing)


@subroutine
def head_for(b: int, met_s: float, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Fly to where the target will be within reach."""
    aircraft, group = wing.flying[b], wing.groups[wing.given[b].group]
    spend(b, now_s, wing)
    threat = state.threats[tables.pair_threat[aircraft.pair]]
    here, there = as_point(aircraft.at), path_point(threat.path, met_s - threat.start_s, tables.air.legs)
    away_m = gap_m(here, there)
    share = min((met_s - now_s) * group.speed_m_s / away_m, 1.0) if away_m > 0.0 else 1.0
    for axis in range(3):
        aircraft.to[axis] = here[axis] + share * (there[axis] - here[axis])
    plan(b, TO_TARGET, met_s, now_s, wing)


@subroutine
def release(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Take its target from an aircraft; others may be sent against it now."""
    aircraft = wing.flying[b]
    pair, row = aircraft.pair, aircraft.row
    aircraft.pair = -1
    aircraft.row = -1
    if pair >= 0:
        state.air.aircraft_of[pair] = -1
        if state.threats[tables.pair_threat[pair]].end_s > now_s:
            schedule(state, now_s, COMMIT, pair, row)


@kernel
def _take_up_again(pair: int, row: int, now_s: float, tables: Tables, state: State) -> None:
    """Let a target that was given up be tried again once its group's stay before this one is over."""
    air, threat = tables.air, state.threats[tables.pair_threat[pair]]
    before = row - 1
    if state.air.queued[pair] >= 0 or row == air.reach_first[threat.path]:
        return
    if air.reaches[before].group == air.reaches[row].group and now_s > threat.start_s + air.reaches[before].leave_s:
        state.air.queued[pair] = -1 - state.air.queued[pair]
