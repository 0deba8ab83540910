"""One raid: the only place that knows the order of launch, track, decision, shot and impact.

Between two events nothing changes, so the loop jumps from event to event. A threat's own end (failure, suppression,
impact on an asset) needs no event: it is known at launch and only ever looked up. What needs one is what changes the
defence: a decision that falls due, a salvo that meets its target, a reload, an impact on a sensor or fire unit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.active_defence.magazine import begin_reload, end_reload
from shieldwall.active_defence.shot import fire, resolve
from shieldwall.active_defence.soft_kill import suppression
from shieldwall.battle_management.assignment import choose_weapon, is_over, next_waiting, wait_for
from shieldwall.battle_management.command_delay import order_delay_s
from shieldwall.core.event_queue import pop, push
from shieldwall.core.random import AVAILABILITY, draw
from shieldwall.engine.settle import settle
from shieldwall.passive_defence.impact import strike
from shieldwall.raid.launch import launch_salvo
from shieldwall.state import (
    ABORTED,
    ARRIVES,
    FAILED,
    LEAKED_HIT,
    LOG_ABORTED,
    LOG_ENGAGEABLE,
    LOG_FAILED,
    LOG_FIRED,
    LOG_FULL,
    LOG_HIT,
    LOG_INTERCEPT_MISSED,
    LOG_LAUNCHED,
    LOG_MISSED,
    LOG_RADAR_LOST,
    LOG_RELOADED,
    LOG_SHOT_DOWN,
    LOG_SUPPRESSED,
    LOG_TRACKED,
    LOG_UNIT_LOST,
    LOG_WASTED,
    NO_CAUSE,
    OK,
    QUEUE_FULL,
    SUPPRESSED,
    WAITING_FULL,
    State,
    note,
    reset,
)
from shieldwall.surveillance.track import first_track
from shieldwall.tables import ASSET, FIRE_UNIT, SENSOR, Tables

# Kinds of events; at the same moment the lower comes first.
MEETING, IMPACT, RELOAD, DECISION = 0, 1, 2, 3


@njit(cache=True)
def play(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Play one raid and leave its outcome in `state`; `state.status` says whether it had room."""
    reset(state, tables)
    muster(tables, state, seed, replication)
    launch_all(tables, state, seed, replication)
    while state.queue.held[0] > 0 and state.status[0] == OK:
        now_s, kind, first, second = pop(state.queue)
        if kind == DECISION:
            decide(first, now_s, tables, state, seed, replication)
        elif kind == MEETING:
            meet(first, second, now_s, tables, state, seed, replication)
        elif kind == RELOAD:
            reload_launcher(first, second, now_s, tables, state)
        else:
            hit_military(first, now_s, tables, state, seed, replication)
    settle(tables, state, seed, replication)


@njit(cache=True)
def muster(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Draw which sensors and fire units are available tonight."""
    for q in range(tables.sensors.actor.shape[0]):
        u = draw(seed, replication, AVAILABILITY, tables.sensors.actor[q], np.uint64(0))
        if u.a >= tables.sensors.availability[q]:
            state.force.sensor_lost_s[q] = -np.inf
    for i in range(tables.fire_units.actor.shape[0]):
        u = draw(seed, replication, AVAILABILITY, tables.fire_units.actor[i], np.uint64(0))
        if u.a >= tables.fire_units.availability[i]:
            state.force.unit_lost_s[i] = -np.inf


@njit(cache=True)
def launch_all(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Launch every threat, draw what soft kill does to it, and let each network that may act on it find it."""
    threats, flights = state.threats, tables.flights
    for s in range(tables.salvos.threat_class.shape[0]):
        launch_salvo(s, tables.threats, tables.salvos, flights, threats, seed, replication)
        for t in range(tables.salvos.threat_first[s], tables.salvos.threat_first[s + 1]):
            path = threats.path[t]
            write(state, threats.start_s[t], LOG_LAUNCHED, t, -1, -1, path)
            if threats.end[t] == ABORTED:
                write(state, threats.end_s[t], LOG_ABORTED, t, -1, -1, 0.0)
            zone_first, zone_last = flights.zone_first[path], flights.zone_first[path + 1]
            if zone_last > zone_first:
                when_s, zone = suppression(
                    zone_first, zone_last, threats.start_s[t], tables.threats.actor[t], tables.zones, seed, replication
                )
                if when_s < threats.end_s[t]:
                    threats.end[t] = SUPPRESSED
                    threats.end_s[t] = when_s
                    write(state, when_s, LOG_SUPPRESSED, t, -1, -1, zone)
            if threats.end[t] == FAILED:
                write(state, threats.end_s[t], LOG_FAILED, t, -1, -1, threats.decoy[t])
            elif threats.end[t] == ARRIVES and tables.targets.kind[flights.target[path]] != ASSET:
                schedule(state, threats.end_s[t], IMPACT, t, 0)
            for k in range(tables.salvos.network_first[s + 1] - tables.salvos.network_first[s]):
                find(tables.threats.pair_first[t] + k, k, tables, state, seed, replication)


@njit(cache=True)
def find(pair: int, k: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let one network look for one threat; if it is found in time, a decision falls due."""
    t = tables.threats.pair_threat[pair]
    s = tables.threats.salvo[t]
    threats, pairs, engagements = state.threats, state.pairs, tables.engagements
    group = tables.flights.group_first[threats.path[t]] + k
    network = tables.salvos.network[tables.salvos.network_first[s] + k]
    start_s, actor = threats.start_s[t], tables.threats.actor[t]
    track_s, sensor = first_track(
        group, start_s, actor, tables.detections, tables.sensors, state.force.sensor_lost_s, seed, replication
    )
    pairs.track_s[pair] = track_s
    pairs.sensor[pair] = sensor
    pairs.engageable_s[pair] = np.inf
    if sensor < 0 or track_s >= threats.end_s[t]:
        return
    engageable_s = track_s + order_delay_s(actor, network, tables.rules, seed, replication)
    pairs.engageable_s[pair] = engageable_s
    if track_s < threats.first_track_s[t]:
        threats.first_track_s[t] = track_s
        threats.first_sensor[t] = sensor
    threats.engageable_s[t] = min(threats.engageable_s[t], engageable_s)
    write(state, track_s, LOG_TRACKED, t, -1, sensor, network)
    if engageable_s >= threats.end_s[t]:
        return
    write(state, engageable_s, LOG_ENGAGEABLE, t, -1, sensor, network)
    if engageable_s <= start_s + engagements.last_close_s[group]:
        opens_s = start_s + engagements.open_s[engagements.first[group]]
        schedule(state, max(engageable_s, opens_s), DECISION, pair, 0)


@njit(cache=True)
def decide(pair: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let the pair's network shoot at its threat now, wait for a channel, or come back when a window opens."""
    t = tables.threats.pair_threat[pair]
    pairs = state.pairs
    if is_over(t, now_s, state) or pairs.salvo[pair] > 0:
        return
    s = tables.threats.salvo[t]
    k = pair - tables.threats.pair_first[t]
    if state.force.sensor_lost_s[pairs.sensor[pair]] <= pairs.track_s[pair]:
        find(pair, k, tables, state, seed, replication)  # the sensor was lost before it could make the track
        return
    threat_class = tables.salvos.threat_class[s]
    if pairs.shots[pair] >= tables.rules.max_shots[threat_class]:
        return
    group = tables.flights.group_first[state.threats.path[t]] + k
    row, again_s, cause = choose_weapon(group, t, threat_class, now_s, tables, state)
    if row >= 0:
        shoot(pair, row, now_s, tables, state)
        return
    if cause != NO_CAUSE:
        pairs.blocked[pair] = cause
        if not wait_for(group, pair, t, threat_class, now_s, tables, state):
            state.status[0] = WAITING_FULL
    if again_s < state.threats.end_s[t]:
        schedule(state, again_s, DECISION, pair, 0)


@njit(cache=True)
def shoot(pair: int, row: int, now_s: float, tables: Tables, state: State) -> None:
    """Fire, schedule the meeting, and send emptied launchers to reload."""
    w = tables.engagements.weapon[row]
    meeting_s, emptied = fire(pair, row, now_s, tables, state)
    schedule(state, meeting_s, MEETING, pair, row)
    write(
        state,
        now_s,
        LOG_FIRED,
        tables.threats.pair_threat[pair],
        w,
        tables.engagements.radar[row],
        state.pairs.salvo[pair],
    )
    for _ in range(emptied):
        load = begin_reload(w, tables.weapons, state.force)
        if load > 0:
            schedule(state, now_s + tables.weapons.reload_s[w], RELOAD, w, load)


@njit(cache=True)
def meet(
    pair: int, row: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Decide a salvo that meets its target; look again after a miss; give the channel to the next."""
    t = tables.threats.pair_threat[pair]
    w = tables.engagements.weapon[row]
    u = tables.weapons.fire_unit[w]
    if is_over(t, now_s, state):
        write(state, now_s, LOG_WASTED, t, w, -1, 0.0)
    elif resolve(pair, row, now_s, tables, state, seed, replication):
        write(state, now_s, LOG_SHOT_DOWN, t, w, -1, 0.0)
    else:
        write(state, now_s, LOG_INTERCEPT_MISSED, t, w, -1, 0.0)
        threat_class = tables.salvos.threat_class[tables.threats.salvo[t]]
        schedule(state, now_s + tables.rules.assess_s[threat_class], DECISION, pair, 0)
    state.pairs.salvo[pair] = 0
    state.force.busy[u] -= 1
    serve(u, now_s, tables, state)


@njit(cache=True)
def serve(u: int, now_s: float, tables: Tables, state: State) -> None:
    """Let fire unit u take waiting threats while it can."""
    while state.waiting.head[u] >= 0 and state.force.busy[u] < tables.fire_units.channels[u]:
        pair, row = next_waiting(u, now_s, tables, state)
        if pair < 0:
            return
        shoot(pair, row, now_s, tables, state)


@njit(cache=True)
def reload_launcher(w: int, load: int, now_s: float, tables: Tables, state: State) -> None:
    """Put a load of rounds on its launcher, unless the fire unit has been lost with it."""
    u = tables.weapons.fire_unit[w]
    if state.force.unit_lost_s[u] <= now_s:
        return
    end_reload(w, load, tables.weapons, state.force)
    write(state, now_s, LOG_RELOADED, -1, w, -1, load)
    serve(u, now_s, tables, state)


@njit(cache=True)
def hit_military(t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let a threat that was aimed at a sensor or fire unit come down."""
    if state.threats.end[t] != ARRIVES:
        return
    lost = strike(t, now_s, tables, state, seed, replication)
    hit = state.threats.end[t] == LEAKED_HIT
    write(state, now_s, LOG_HIT if hit else LOG_MISSED, t, -1, -1, state.threats.damage[t])
    index = tables.targets.index[tables.flights.target[state.threats.path[t]]]
    if lost == SENSOR:
        write(state, now_s, LOG_RADAR_LOST, t, -1, index, 0.0)
    elif lost == FIRE_UNIT:
        write(state, now_s, LOG_UNIT_LOST, t, tables.fire_units.weapon_first[index], -1, 0.0)


@njit(cache=True)
def schedule(state: State, time_s: float, kind: int, first: int, second: int) -> None:
    """Put an event on the queue; a full queue ends the replication."""
    if not push(state.queue, time_s, kind, first, second):
        state.status[0] = QUEUE_FULL


@njit(cache=True)
def write(state: State, time_s: float, kind: int, threat: int, weapon: int, sensor: int, value: float) -> None:
    """Write a log row if one is wanted; a full log ends the replication."""
    if not note(state.log, time_s, kind, threat, weapon, sensor, value):
        state.status[0] = LOG_FULL
