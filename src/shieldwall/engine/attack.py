"""Attack: a fighter takes off, closes up, identifies, shoots, and looks what came of it."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.aircraft import (
    armament_for,
    can_take,
    has_rounds,
    lose,
    next_draw,
    plan,
    spare_fuel,
    spend,
    tell,
)
from shieldwall.active_defence.intercept import as_point, meeting_s, path_point
from shieldwall.active_defence.shot import count_salvo, resolve
from shieldwall.active_defence.sortie import go_home, go_to_station, leave_ground, wanted_until_s
from shieldwall.battle_management.verdict import blame, remember_shot, see_with_own_eyes
from shieldwall.core.compiled import kernel, subroutine
from shieldwall.engine.agenda import COMMIT, ROUND_MEETS, decide_at, schedule
from shieldwall.engine.commit import head_for, meets_s, release, seek
from shieldwall.state import LOG_AIRCRAFT_LOST, LOG_FIRED, LOG_INTERCEPT_MISSED, LOG_SHOT_DOWN, LOG_WASTED, State, note
from shieldwall.state_air import IDENTIFYING, IN_FIGHT, READY, STARTING, Wing
from shieldwall.tables import Tables

# A target that others are shooting at is looked at again so much later at the least, seconds.
_POLITE_S = 1.0


@subroutine
def take_off(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Take off, against the target it was called for or to the station; stay on the ground if neither is left."""
    aircraft, j = wing.flying[b], wing.given[b].group
    met_s, called = np.inf, aircraft.pair >= 0
    aircraft.phase = READY  # for a moment: may it go?
    stays = not can_take(b, wing)
    aircraft.phase = STARTING
    if called:
        t = tables.pair_threat[aircraft.pair]
        if not stays and state.threats[t].end_s > now_s:
            met_s = meets_s(b, aircraft.row, t, now_s, tables, state, wing)
        if met_s == np.inf:
            release(b, now_s, tables, state, wing)
            stays = stays or wing.groups[j].has_orbit == 0 or wanted_until_s(j, now_s, wing) <= now_s
    if stays:
        plan(b, READY, np.inf, now_s, wing)
        return
    leave_ground(b, now_s, wing)
    if aircraft.pair >= 0:
        head_for(b, met_s, now_s, tables, state, wing)
    else:
        go_to_station(b, now_s, wing)


@subroutine
def at_target(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Close up and identify, or shoot at once where that is not asked for."""
    spend(b, now_s, wing)
    aircraft, group = wing.flying[b], wing.groups[wing.given[b].group]
    if group.identification_s <= 0.0:
        open_fire(b, now_s, tables, state, wing)
        return
    look_s = group.identification_s
    if state.pairs[aircraft.pair].shots > 0:
        look_s = 0.0  # somebody has shot at it: it is known
    elif tables.command[0].exponential:
        look_s *= -np.log(next_draw(b, wing).a)
    spare_s = max(spare_fuel(b, wing), 0.0) * group.tank_m / group.speed_m_s
    aircraft.cut = 1 if spare_s < look_s else 0
    plan(b, IDENTIFYING, now_s + min(look_s, spare_s), now_s, wing)


@subroutine
def open_fire(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Shoot a salvo if the target is still there and may be shot at; wait while others shoot at it."""
    spend(b, now_s, wing)
    aircraft, pair = wing.flying[b], wing.flying[b].pair
    t = tables.pair_threat[pair]
    threat, known = state.threats[t], state.pairs[pair]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    rule = tables.rules[threat_class]
    e = armament_for(b, threat_class, tables.air.kill_probability, tables.rank, tables.keep, wing)
    met_s = _round_meets_s(b, e, threat.path, threat.start_s, now_s, tables, wing) if threat.end_s > now_s else np.inf
    cut = aircraft.phase == IDENTIFYING and aircraft.cut == 1
    if aircraft.phase == IDENTIFYING and not cut and see_with_own_eyes(pair, now_s, tables, state):
        leave_target(b, now_s, tables, state, wing)
        return
    allowed = tables.command[0].hold == 0 and known.shots < rule.max_shots and threat.end_s > now_s
    late = met_s > threat.start_s + tables.air.reaches[aircraft.row].leave_s
    if cut or late or not allowed:
        if late and allowed and not cut:
            _give_up(pair, aircraft.row, now_s, tables, state)
        leave_target(b, now_s, tables, state, wing)
        return
    if known.salvos > 0:
        for axis in range(3):
            aircraft.to[axis] = aircraft.at[axis]
        plan(b, aircraft.phase, now_s + max(rule.assess_s, _POLITE_S), now_s, wing)
        return
    given, kind = wing.armament[e], e - wing.groups[wing.given[b].group].armament_first
    weapon = wing.weapons[given.weapon]
    shots = min(rule.salvo, rule.max_shots - known.shots, aircraft.rounds[kind])
    shots = min(shots, weapon.ready - tables.keep[given.weapon, threat_class])
    aircraft.rounds[kind] -= shots
    aircraft.kind = e
    aircraft.shots = shots
    weapon.ready -= shots
    weapon.fired += shots
    if weapon.ready + weapon.reserve == 0:
        weapon.empty_s = min(weapon.empty_s, now_s)
    count_salvo(threat, known)
    known.shots += shots
    known.due_s = np.inf
    threat.rounds += shots
    threat.weapon = given.weapon
    remember_shot(pair, now_s, tables, state)
    note(wing, now_s, LOG_FIRED, t, given.weapon, -1, shots)
    plan(b, IN_FIGHT, np.inf, now_s, wing)
    schedule(wing, met_s + (shots - 1) * given.interval_s, ROUND_MEETS, b, pair)


@kernel
def _give_up(pair: int, row: int, now_s: float, tables: Tables, state: State) -> None:
    """Let nobody try: no round reaches the target before the stay ends; put its group's next stay on the agenda."""
    air, threat = tables.air, state.threats[tables.pair_threat[pair]]
    state.air.queued[pair] = -1 - state.air.queued[pair]
    later = row + 1
    if later == air.reach_first[threat.path + 1] or air.reaches[later].group != air.reaches[row].group:
        return
    if air.reaches[later].enter_s < np.inf:
        over_s = np.nextafter(threat.start_s + air.reaches[row].leave_s, np.inf)
        again_s = max(over_s, threat.start_s + air.reaches[later].enter_s, now_s)
        schedule(state, again_s, COMMIT, pair, later)


@subroutine
def _round_meets_s(b: int, e: int, path: int, start_s: float, now_s: float, tables: Tables, wing: Wing) -> float:
    """Return when a round of armament e fired now meets the target, inf for never; one beside it has flown along."""
    if e < 0:
        return np.inf
    aircraft, given, legs = wing.flying[b], wing.armament[e], tables.air.legs
    go_s = now_s + given.reaction_s
    if aircraft.phase == IDENTIFYING:
        beside = path_point(path, now_s - start_s, legs)
        for axis in range(3):
            aircraft.at[axis] = beside[axis]
        return float(go_s + given.range_min_m / given.speed_m_s)
    last_s = tables.flights[path].duration_s
    away_s = go_s - start_s
    return start_s + meeting_s(path, as_point(aircraft.at), away_s, given.speed_m_s, 0.0, away_s, last_s, legs)


@subroutine
def round_meets(b: int, pair: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Decide a salvo of an aircraft that meets its target, and whether the attack costs the aircraft."""
    t, j, known, aircraft = tables.pair_threat[pair], wing.given[b].group, state.pairs[pair], wing.flying[b]
    threat, threat_class = state.threats[t], tables.salvos[tables.threats[t].salvo].threat_class
    w, chance = wing.armament[aircraft.kind].weapon, tables.air.kill_probability[aircraft.kind, threat_class]
    look_s = now_s
    if threat.end_s <= now_s:
        note(wing, now_s, LOG_WASTED, t, w, -1, 0.0)
    elif resolve(aircraft.shots, w, chance, now_s, tables.threats[t].actor, threat, wing.seed, wing.replication):
        note(wing, now_s, LOG_SHOT_DOWN, t, w, -1, 0.0)
        blame(pair, now_s, tables, state)
        wing.counts[j].kills += 1
    else:
        note(wing, now_s, LOG_INTERCEPT_MISSED, t, w, -1, 0.0)
        look_s = now_s + tables.rules[threat_class].assess_s
        if known.salvos == 1:
            decide_at(pair, look_s, state)
    known.salvos -= 1
    threat.under_way -= 1
    spend(b, now_s, wing)
    if next_draw(b, wing).a >= wing.groups[j].loss_probability:
        plan(b, IN_FIGHT, look_s, now_s, wing)
        return
    release(b, now_s, tables, state, wing)
    wing.counts[j].lost_in_flight += 1
    wing.counts[j].flying_s += now_s - aircraft.took_off_s
    tell(LOG_AIRCRAFT_LOST, b, -1, now_s, wing)
    lose(b, wing)


@subroutine
def look_round(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """After a salvo: attack the same target again if it still flies, or look for another."""
    aircraft, pair = wing.flying[b], wing.flying[b].pair
    spend(b, now_s, wing)
    t = tables.pair_threat[pair]
    most = tables.rules[tables.salvos[tables.threats[t].salvo].threat_class].max_shots
    again = state.threats[t].end_s > now_s and state.pairs[pair].shots < most and wing.hold[wing.given[b].group] == 0
    met_s = meets_s(b, aircraft.row, t, now_s, tables, state, wing) if again else np.inf
    if met_s < np.inf:
        head_for(b, met_s, now_s, tables, state, wing)
    else:
        leave_target(b, now_s, tables, state, wing)


@subroutine
def leave_target(b: int, now_s: float, tables: Tables, state: State, wing: Wing) -> None:
    """Give the target up: take another that waits, go back to the station, or go home."""
    release(b, now_s, tables, state, wing)
    able = has_rounds(b, wing) and spare_fuel(b, wing) > 0.0
    if able and seek(b, now_s, tables, state, wing):
        return
    if able and wanted_until_s(wing.given[b].group, now_s, wing) > now_s:
        go_to_station(b, now_s, wing)
    else:
        go_home(b, now_s, wing)
