"""One raid: the only place that knows the order of launch, track, decision, shot and impact.

Between two events nothing changes, so the loop jumps from event to event. A threat's own end (failure, suppression,
impact on an asset) needs no event: it is known at launch and only ever looked up. What needs one is what changes the
defence: a decision that falls due, a salvo that meets its target, a reload, an impact on a sensor or fire unit.
"""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.magazine import end_reload
from shieldwall.active_defence.shot import of_salvo, resolve
from shieldwall.active_defence.soft_kill import suppression
from shieldwall.battle_management.allowance import allowed_shots
from shieldwall.battle_management.assignment import choose_weapon, wait_for
from shieldwall.battle_management.evaluation import is_spared
from shieldwall.battle_management.verdict import blame, is_let_go, let_pass
from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.event_queue import pop
from shieldwall.core.random import AVAILABILITY, draw
from shieldwall.engine.agenda import (
    ARRIVAL,
    DECISION,
    IMPACT,
    MEETING,
    RELOAD,
    REPORT,
    ROUND_MEETS,
    SERVED,
    decide_at,
    schedule,
)
from shieldwall.engine.air import begin_air, fly, hit_base, is_base
from shieldwall.engine.command_post import arrive, find, receive, serve_next, staff
from shieldwall.engine.handover import hand_over, look_s, plan_changes, under_way_until_s
from shieldwall.engine.search import is_lost
from shieldwall.engine.settle import settle
from shieldwall.engine.shooting import DOCTRINE_SALVO, is_planned, look_is_too_late, serve, shoot
from shieldwall.passive_defence.impact import strike
from shieldwall.raid.launch import launch_salvo
from shieldwall.state import (
    ABORTED,
    ARRIVES,
    FAILED,
    LEAKED_HIT,
    LOG_ABORTED,
    LOG_FAILED,
    LOG_HIT,
    LOG_INTERCEPT_MISSED,
    LOG_LAUNCHED,
    LOG_MISSED,
    LOG_RADAR_LOST,
    LOG_RELOADED,
    LOG_SHOT_DOWN,
    LOG_SUPPRESSED,
    LOG_UNIT_LOST,
    LOG_WASTED,
    NO_CAUSE,
    OK,
    STATUS,
    SUPPRESSED,
    WAITING_FULL,
    State,
    note,
    reset,
    take_over,
)
from shieldwall.tables import ASSET, FIRE_UNIT, SENSOR, Opening, Tables


@kernel
def begin(
    tables: Tables, state: State, seed: np.uint64, replication: np.uint64, opening: Opening | None, night: int
) -> None:
    """Set everything to how it stands before the first launch, then launch; `night` is the opening's row."""
    reset(state, tables)
    if opening is not None:
        take_over(opening, night, tables, state)
    muster(tables, state, seed, replication)
    plan_changes(tables, state)
    begin_air(tables, state, seed, replication)
    launch_all(tables, state, seed, replication, opening, night)


@kernel
def go_on(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let event after event happen to the end and leave the outcome in `state`, or stop where its status says why."""
    while state.queue.held[0] > 0 and state.used[STATUS] == OK:
        happen(tables, state, seed, replication)
    if state.used[STATUS] == OK:
        settle(tables, state, seed, replication)


@kernel
def happen(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let the next event happen."""
    now_s, kind, first, second = pop(state.queue)
    if kind == DECISION:
        decide(first, now_s, tables, state, seed, replication)
    elif kind == MEETING:
        meet(first, second, now_s, tables, state, seed, replication)
    elif kind == RELOAD:
        reload_launcher(first, second, now_s, tables, state)
    elif kind == IMPACT:
        hit_military(first, now_s, tables, state, seed, replication)
    elif kind >= ROUND_MEETS:
        fly(kind, first, second, now_s, tables, state, seed, replication)
    else:
        run_post(kind, first, second, now_s, tables, state, seed, replication)


@kernel
def muster(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Draw which sensors and fire units are available tonight; a unit that is not takes its radar with it."""
    for q in range(tables.sensors.shape[0]):
        sensor = tables.sensors[q]
        if (
            sensor.availability < 1.0
            and draw(seed, replication, AVAILABILITY, sensor.actor, np.uint64(0)).a >= sensor.availability
        ):
            state.sensor_lost_s[q] = -np.inf
    for i in range(state.units.shape[0]):
        unit = tables.fire_units[i]
        if draw(seed, replication, AVAILABILITY, unit.actor, np.uint64(0)).a >= unit.availability:
            state.units[i].lost_s = -np.inf
            if unit.radar >= 0:
                state.sensor_lost_s[unit.radar] = -np.inf


@kernel
def launch_all(
    tables: Tables, state: State, seed: np.uint64, replication: np.uint64, opening: Opening | None, night: int
) -> None:
    """Launch every threat, draw what soft kill does to it, and let each network that may act on it find it."""
    for s in range(tables.salvos.shape[0] - 1):
        flying = tables.salvos[s + 1].threat_first - tables.salvos[s].threat_first
        if opening is not None and s < opening.flying.shape[1]:
            flying = opening.flying[night, s]
        launch_salvo(s, flying, tables.threats, tables.salvos, tables.flights, state.threats, seed, replication)
        networks = tables.salvos[s + 1].network_first - tables.salvos[s].network_first
        for t in range(tables.salvos[s].threat_first, tables.salvos[s + 1].threat_first):
            threat = state.threats[t]
            let_pass(s, t, tables, state)
            note(state, threat.start_s, LOG_LAUNCHED, t, -1, -1, threat.path)
            jam(t, tables, state, seed, replication)
            if threat.end == ABORTED:
                note(state, threat.end_s, LOG_ABORTED, t, -1, -1, 0.0)
            elif threat.end == FAILED:
                note(state, threat.end_s, LOG_FAILED, t, -1, -1, threat.decoy)
            elif threat.end == ARRIVES and _is_watched(tables.flights[threat.path].target, tables):
                schedule(state, threat.end_s, IMPACT, t, 0)
            for k in range(networks):
                find(tables.threats[t].pair_first + k, k, t, tables, state, seed, replication)


@kernel
def _is_watched(m: int, tables: Tables) -> bool:
    """Say whether an impact on target m changes the defence."""
    return tables.targets[m].kind != ASSET or is_base(m, tables)


@kernel
def jam(t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let the soft-kill zones on its path suppress a threat before its own end."""
    threat = state.threats[t]
    first, last = tables.flights[threat.path].zone_stay_first, tables.flights[threat.path + 1].zone_stay_first
    if first == last:
        return
    when_s, zone = suppression(
        first, last, threat.start_s, tables.threats[t].actor, tables.zone_stays, seed, replication
    )
    if when_s < threat.end_s:
        threat.end = SUPPRESSED
        threat.end_s = when_s
        note(state, when_s, LOG_SUPPRESSED, t, -1, -1, zone)


@kernel
def decide(pair: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let the pair's network shoot at its threat now, wait for a channel, or come back when a window opens."""
    t = tables.pair_threat[pair]
    threat, known = state.threats[t], state.pairs[pair]
    if threat.end_s <= now_s or known.due_s != now_s:
        return
    known.due_s = np.inf
    until_s = under_way_until_s(pair, tables, state)
    if until_s > now_s and not look_is_too_late(pair, t, until_s, now_s, tables, state):
        decide_at(pair, look_s(pair, t, tables, state), state)
        return
    k = pair - tables.threats[t].pair_first
    if state.sensor_lost_s[known.sensor] <= known.track_s:
        find(pair, k, t, tables, state, seed, replication)  # the sensor was lost before it could make the track
        return
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    g = tables.flights[threat.path].group_first + k
    allowed = allowed_shots(pair, threat_class, now_s, tables, state)
    done = known.shots >= allowed or is_spared(pair, tables, state) or is_let_go(pair, now_s, tables, state)
    if done or is_lost(pair, g, t, now_s, tables, state, seed, replication):
        return
    first, last = tables.groups[g].engagement_first, tables.groups[g + 1].engagement_first
    row, again_s, cause = choose_weapon(first, last, threat.start_s, pair, threat_class, now_s, tables, state)
    if is_planned(pair, row, again_s, cause, first, last, threat_class, now_s, tables, state):
        return
    if row >= 0:
        shoot(pair, row, t, threat_class, DOCTRINE_SALVO, now_s, tables, state)
        return
    if cause != NO_CAUSE:
        known.blocked = cause
        if not wait_for(first, last, threat.start_s, pair, threat_class, now_s, tables, state):
            state.used[STATUS] = WAITING_FULL
    if again_s < threat.end_s:
        decide_at(pair, again_s, state)


@kernel
def meet(
    pair: int, salvo: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Decide a salvo that meets its target; look again after a miss; give the channel to the next."""
    t = tables.pair_threat[pair]
    row, shots = of_salvo(salvo)
    threat, known, chance = state.threats[t], state.pairs[pair], tables.engagements[row]
    w, actor = chance.weapon, tables.threats[t].actor
    if threat.end_s <= now_s:
        note(state, now_s, LOG_WASTED, t, w, -1, 0.0)
    elif resolve(shots, w, chance.kill_probability, now_s, actor, threat, seed, replication):
        note(state, now_s, LOG_SHOT_DOWN, t, w, -1, 0.0)
        blame(pair, now_s, tables, state)
    else:
        note(state, now_s, LOG_INTERCEPT_MISSED, t, w, -1, 0.0)
        threat_class = tables.salvos[tables.threats[t].salvo].threat_class
        if known.salvos == 1:
            decide_at(pair, now_s + tables.rules[threat_class].assess_s, state)
    known.salvos -= 1
    threat.under_way -= 1
    state.units[chance.fire_unit].busy -= 1
    serve(chance.fire_unit, now_s, tables, state)


def _no_post(
    kind: int,
    first: int,
    second: int,
    now_s: float,
    tables: Tables,
    state: State,
    seed: np.uint64,
    replication: np.uint64,
) -> None:
    pass


@where_given("structure", _no_post)
def run_post(
    kind: int,
    first: int,
    second: int,
    now_s: float,
    tables: Tables,
    state: State,
    seed: np.uint64,
    replication: np.uint64,
) -> None:
    """Let a command post receive a track, finish one, or hand over to another; what waited for that goes on."""
    if kind == REPORT:
        receive(first, second, now_s, tables, state, seed, replication)
    elif kind == ARRIVAL:
        arrive(first, now_s, tables, state, seed, replication)
    elif kind == SERVED:
        serve_next(first, now_s, tables, state, seed, replication)
    else:
        hand_over(first, tables, state)
        for network in range(tables.networks.shape[0]):
            staff(network, now_s, tables, state, seed, replication)
        for u in range(state.units.shape[0]):
            serve(u, now_s, tables, state)


@kernel
def reload_launcher(w: int, load: int, now_s: float, tables: Tables, state: State) -> None:
    """Put a load of rounds on its launcher, unless the fire unit has been lost with it."""
    u = tables.weapons[w].fire_unit
    if state.units[u].lost_s <= now_s:
        return
    end_reload(tables.weapons[w], state.weapons[w], load)
    note(state, now_s, LOG_RELOADED, -1, w, -1, load)
    serve(u, now_s, tables, state)


@kernel
def hit_military(t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let a threat that was aimed at a sensor, a fire unit or a base of aircraft come down."""
    threat = state.threats[t]
    if threat.end != ARRIVES:
        return
    lost = strike(t, now_s, tables, state, seed, replication)
    note(state, now_s, LOG_HIT if threat.end == LEAKED_HIT else LOG_MISSED, t, -1, -1, threat.damage)
    target = tables.flights[threat.path].target
    if threat.end == LEAKED_HIT:
        hit_base(target, tables.flights[threat.path].hit_damage, now_s, tables, state, seed, replication)
    index = tables.targets[target].index
    if lost == SENSOR:
        note(state, now_s, LOG_RADAR_LOST, t, -1, index, 0.0)
    elif lost == FIRE_UNIT:
        note(state, now_s, LOG_UNIT_LOST, t, tables.fire_units[index].weapon_first, -1, 0.0)
