"""Fighters in the raid: muster, alert, patrols, what an aircraft does next, its radar, its base.

Fighters are state, not windows: where an aircraft is, what it has left and whom it chases follow from what happened
before. Only what can be known beforehand comes from tables: when a path may be shot at by a group, and when it alerts
it. Each function here that the loop calls has an empty twin, compiled in its place where a scenario names no fighters.
"""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.aircraft import can_take, has_rounds, is_grounded, lose, next_draw, spend, tell
from shieldwall.active_defence.sortie import come_on_station, keep_station, land, man_station, stand_ready, turn_round
from shieldwall.core.compiled import kernel, subroutine, where_given
from shieldwall.engine.agenda import ALERT, COMMIT, PATROL, REVIEW, ROUND_MEETS, SEEN, decide_at, schedule
from shieldwall.engine.attack import at_target, look_round, open_fire, round_meets, take_off
from shieldwall.engine.command_post import hear
from shieldwall.engine.commit import commit, release, seek
from shieldwall.state import LOG_AIRCRAFT_LOST, State
from shieldwall.state_air import (
    AIRCRAFT,
    DOWN,
    HOMEWARD,
    IDENTIFYING,
    IN_FIGHT,
    ON_STATION,
    READY,
    REFUELLING,
    STARTING,
    TO_STATION,
    TO_TARGET,
    TURNING,
    Wing,
    reset_air,
)
from shieldwall.surveillance.track import track_delay_s
from shieldwall.tables import Records, Tables

_WATCH_SHIFT = 16


@kernel
def wing_of(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> Wing:
    """Return the part of tables and state that the rules of one aircraft see."""
    air, own = tables.air, state.air
    return Wing(
        air.aircraft, air.groups, air.armament, air.tankers, own.aircraft, own.groups, own.hold, own.refuellings,
        own.lost_rounds, state.weapons, state.remaining, state.log, state.queue, state.used, seed, replication,
    )  # fmt: skip


def _no_air(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Nothing flies for the defence."""


@where_given("air", _no_air)
def begin_air(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Muster and load the aircraft, and call the planned patrols."""
    reset_air(tables.air, state.air)
    _muster(state.units, wing_of(tables, state, seed, replication))


@subroutine
def _muster(units: Records, wing: Wing) -> None:
    """Load every aircraft, say which can fly tonight, and call the planned patrols."""
    for j in range(wing.counts.shape[0]):
        group = wing.groups[j]
        first, last = group.aircraft_first, wing.groups[j + 1].aircraft_first
        for e in range(group.armament_first, wing.groups[j + 1].armament_first):
            pool = wing.weapons[wing.armament[e].weapon].ready
            for b in range(first, last):
                load = min(wing.armament[e].aboard, pool)
                wing.flying[b].rounds[e - group.armament_first] = load
                pool -= load
        out = units[group.fire_unit].lost_s == -np.inf
        for b in range(first, last):
            if next_draw(b, wing).a >= group.availability or out:
                wing.flying[b].phase = DOWN
                wing.counts[j].unavailable += 1
        if group.strength > 0:
            schedule(wing, group.from_s - group.planned_s, PATROL, j, 0)


def _flies_not(
    kind: int, first: int, second: int, now_s: float, tables: Tables, state: State, seed: np.uint64,
    replication: np.uint64,
) -> None:  # fmt: skip
    """Nothing flies for the defence."""


@where_given("air", _flies_not)
def fly(
    kind: int, first: int, second: int, now_s: float, tables: Tables, state: State, seed: np.uint64,
    replication: np.uint64,
) -> None:  # fmt: skip
    """Let an event of the air happen."""
    wing = wing_of(tables, state, seed, replication)
    if kind == AIRCRAFT:
        if wing.flying[first].event == second:
            _go_on(first, now_s, tables, state, wing)
    elif kind == ROUND_MEETS:
        round_meets(first, second, now_s, tables, state, wing)
    elif kind == COMMIT:
        commit(first, second, now_s, tables, state, wing)
    elif kind == ALERT:
        _alert(first, second, now_s, tables, state, wing)
    elif kind == SEEN:
        _seen(first, second, now_s, tables, state, wing)
    else:
        _review(kind, first, now_s, tables, state, wing)


@subroutine
def _go_on(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Let an aircraft go from one phase to the next."""
    phase = wing.flying[b].phase
    if phase == STARTING:
        take_off(b, now_s, tables, state, wing)
    elif phase in (TO_STATION, REFUELLING):
        come_on_station(b, now_s, wing)
        if wing.counts[wing.given[b].group].on_station == 1:
            _watch(wing.given[b].group, now_s, tables, state, wing)
        seek(b, now_s, tables, state, wing)
    elif phase == ON_STATION:
        keep_station(b, now_s, wing)
    elif phase == TO_TARGET:
        at_target(b, now_s, tables, state, wing)
    elif phase == IDENTIFYING:
        open_fire(b, now_s, tables, state, wing)
    elif phase == IN_FIGHT:
        look_round(b, now_s, tables, state, wing)
    elif phase == HOMEWARD:
        land(b, now_s, wing)
    elif phase == TURNING:
        stand_ready(b, now_s, wing)
        if wing.flying[b].phase == READY and can_take(b, wing):
            seek(b, now_s, tables, state, wing)


@subroutine
def _alert(pair: int, row: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Keep a group's patrol up as long as this threat is near."""
    threat, reach, known = state.threats[tables.pair_threat[pair]], tables.air.reaches[row], state.pairs[pair]
    count = wing.counts[reach.group]
    if state.sensor_lost_s[known.sensor] <= known.track_s:
        decide_at(pair, now_s, state)
    elif threat.end_s > now_s and threat.start_s + reach.calm_s > count.alert_until_s:
        count.alert_until_s = threat.start_s + reach.calm_s
        man_station(reach.group, now_s, wing)


@subroutine
def _watch(j: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Begin to look with the radar of the first aircraft on station: say when it will have tracked what it can see."""
    group, count = wing.groups[j], wing.counts[j]
    count.watch += 1
    for t in range(state.threats.shape[0] if group.sensor >= 0 else 0):
        threat, pair = state.threats[t], -1
        if threat.end_s <= now_s:
            continue
        salvo = tables.threats[t].salvo
        first = tables.salvos[salvo].network_first
        for k in range(tables.salvos[salvo + 1].network_first - first):
            if tables.network[first + k] == group.network:
                pair = tables.threats[t].pair_first + k
        for row in range(tables.air.sight_first[threat.path], tables.air.sight_first[threat.path + 1]):
            sight = tables.air.sights[row]
            if pair < 0 or sight.group != j or threat.start_s + sight.leave_s <= now_s:
                continue
            look = sight.number + (count.watch << _WATCH_SHIFT)
            sensor = tables.sensors[group.sensor]
            wait_s = track_delay_s(tables.threats[t].actor, look, sensor, wing.seed, wing.replication)
            seen_s = max(threat.start_s + sight.enter_s, now_s) + wait_s
            if seen_s <= min(threat.start_s + sight.leave_s, threat.end_s) and seen_s < state.pairs[pair].track_s:
                schedule(state, seen_s, SEEN, pair, j + (count.watch << _WATCH_SHIFT))


@subroutine
def _seen(pair: int, code: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Give a network the track that an aircraft on station has just made, if it is still there and comes first."""
    j = code & ((1 << _WATCH_SHIFT) - 1)
    count, known, t = wing.counts[j], state.pairs[pair], tables.pair_threat[pair]
    threat = state.threats[t]
    left = count.on_station == 0 or count.watch != code >> _WATCH_SHIFT
    if left or known.track_s <= now_s or threat.end_s <= now_s:
        return
    network, sensor = wing.groups[j].network, wing.groups[j].sensor
    known.track_s = now_s
    known.sensor = sensor
    hear(pair, pair - tables.threats[t].pair_first, network, t, tables, state, wing.seed, wing.replication)


def _is_no_base(m: int, tables: Tables) -> bool:
    """No aircraft stand anywhere."""
    return False


@where_given("air", _is_no_base)
def is_base(m: int, tables: Tables) -> bool:
    """Say whether aircraft stand on target m."""
    found = False
    for j in range(tables.air.groups.shape[0] - 1):
        found = found or tables.air.groups[j].base_target == m
    return found


def _hits_no_aircraft(
    m: int, damage: float, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """No aircraft stand anywhere."""


@where_given("air", _hits_no_aircraft)
def hit_base(
    m: int, damage: float, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Let a hit on a base take each aircraft on the ground with the share of the base that it takes."""
    _hit_aircraft(m, damage, now_s, tables, state, wing_of(tables, state, seed, replication))


@subroutine
def _hit_aircraft(m: int, damage: float, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Lose aircraft on the ground of base m, each with the same chance."""
    for b in range(wing.flying.shape[0]):
        j, aircraft = wing.given[b].group, wing.flying[b]
        if wing.groups[j].base_target != m or aircraft.away == 1 or not is_grounded(aircraft.phase):
            continue
        if next_draw(b, wing).a >= damage:
            continue
        if aircraft.phase == TURNING:
            wing.counts[j].crews_busy -= 1
        release(b, now_s, tables, state, wing)
        wing.counts[j].lost_on_ground += 1
        tell(LOG_AIRCRAFT_LOST, b, -1, now_s, wing)
        lose(b, wing)
        turn_round(j, now_s, wing)


@subroutine
def _review(kind: int, j: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Man the station of a group, and look again at what waits, after it has been told to go."""
    man_station(j, now_s, wing)
    if kind == PATROL:
        return
    for b in range(wing.groups[j].aircraft_first, wing.groups[j + 1].aircraft_first):
        if can_take(b, wing) and has_rounds(b, wing):
            spend(b, now_s, wing)
            seek(b, now_s, tables, state, wing)


def _reviews_nothing(now_s: float, tables: Tables, state: State) -> None:
    """Nobody flies."""


@where_given("air", _reviews_nothing)
def review_fighters(now_s: float, tables: Tables, state: State) -> None:
    """Put on the agenda that every group looks at once at what waits for it."""
    for j in range(state.air.groups.shape[0]):
        schedule(state, now_s, REVIEW, j, 0)


def _never_reaches(pair: int, tables: Tables, state: State) -> float:
    """Nobody flies."""
    return -np.inf


@where_given("air", _never_reaches)
def last_air_order_s(pair: int, tables: Tables, state: State) -> float:
    """Return the last moment at which fighters of the pair's network may shoot at its threat; -inf for never."""
    t = tables.pair_threat[pair]
    threat = state.threats[t]
    network = tables.network[tables.salvos[tables.threats[t].salvo].network_first + pair - tables.threats[t].pair_first]
    last_s = -np.inf
    for row in range(tables.air.reach_first[threat.path], tables.air.reach_first[threat.path + 1]):
        if tables.air.reaches[row].network == network:
            last_s = max(last_s, threat.start_s + tables.air.reaches[row].leave_s)
    return float(last_s)
