"""Fighters in the raid: alert, scramble, patrol, commit, identify, shoot, go home, turn round.

Fighters are state, not windows: where an aircraft is, what it has left and whom it chases follow from what happened
before. Only what can be known beforehand comes from tables: when a path may be shot at by a group, and when it alerts
it. Kernels of the rules of one aircraft stand in `active_defence/sortie.py`; here is what follows what.
"""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.intercept import Point, as_point, gap_m, meeting_s, path_point
from shieldwall.active_defence.shot import resolve
from shieldwall.active_defence.sortie import (
    armament_for,
    can_take,
    has_rounds,
    home_of,
    is_busy,
    is_closed,
    is_grounded,
    load_up,
    lose,
    next_draw,
    place_of,
    share_from_station,
    share_home,
    spend,
)
from shieldwall.core.compiled import kernel, subroutine, where_given
from shieldwall.engine.agenda import (
    AIRCRAFT,
    ALERT,
    COMMIT,
    PATROL,
    REVIEW,
    ROUND_MEETS,
    SEEN,
    decide_at,
    schedule,
)
from shieldwall.state import (
    ARRIVES,
    CHANNELS_SATURATED,
    HELD_BY_RULES,
    LOG_AIRCRAFT_LOST,
    LOG_COMMITTED,
    LOG_DIVERTED,
    LOG_FIRED,
    LOG_INTERCEPT_MISSED,
    LOG_ON_STATION,
    LOG_RECOVERED,
    LOG_REFUELLED,
    LOG_SCRAMBLED,
    LOG_SHOT_DOWN,
    LOG_TAKEN_OFF,
    LOG_WASTED,
    MAGAZINE_EMPTY,
    NO_SHOOTER_IN_REACH,
    State,
    note,
)
from shieldwall.state_air import (
    DOWN,
    HOMEWARD,
    IDENTIFYING,
    IN_FIGHT,
    LOST,
    ON_STATION,
    READY,
    REFUELLING,
    STARTING,
    TO_STATION,
    TO_TARGET,
    TURNING,
    WAITING_TURN,
    reset_air,
)
from shieldwall.tables import Tables

# A commit that would come too early is thought over again so much later at the least, seconds.
_PATIENCE_S = 10.0
# A target that others are shooting at is looked at again so much later at the least, seconds.
_POLITE_S = 1.0
_WATCH_SHIFT = 16


@kernel
def _no_air(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Nothing flies for the defence."""


@where_given("air", _no_air)
@subroutine
def begin_air(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Muster and load the aircraft, and call the planned patrols."""
    reset_air(tables.air, state.air)
    for j in range(state.air.groups.shape[0]):
        group = tables.air.groups[j]
        first, last = group.aircraft_first, tables.air.groups[j + 1].aircraft_first
        for e in range(group.armament_first, tables.air.groups[j + 1].armament_first):
            pool = state.weapons[tables.air.armament[e].weapon].ready
            for b in range(first, last):
                load = min(tables.air.armament[e].aboard, pool)
                state.air.aircraft[b].rounds[e - group.armament_first] = load
                pool -= load
        out = state.units[group.fire_unit].lost_s == -np.inf
        for b in range(first, last):
            if next_draw(b, tables, state, seed, replication).a >= group.availability or out:
                state.air.aircraft[b].phase = DOWN
                state.air.groups[j].unavailable += 1
        if group.strength > 0:
            schedule(state, group.from_s - group.planned_s, PATROL, j, 0)


@kernel
def _calls_nobody(pair: int, k: int, t: int, tables: Tables, state: State) -> None:
    """Nobody flies."""


@where_given("air", _calls_nobody)
@subroutine
def call_fighters(pair: int, k: int, t: int, tables: Tables, state: State) -> None:
    """Put on the agenda when a track alerts the fighters of its network and when they should be sent against it."""
    threat, known = state.threats[t], state.pairs[pair]
    network = tables.network[tables.salvos[tables.threats[t].salvo].network_first + k]
    for row in range(tables.air.reach_first[threat.path], tables.air.reach_first[threat.path + 1]):
        reach = tables.air.reaches[row]
        if tables.air.groups[reach.group].network != network:
            continue
        from_s = max(known.engageable_s, threat.start_s + reach.alert_s)
        if from_s < min(threat.start_s + reach.calm_s, threat.end_s):
            schedule(state, from_s, ALERT, pair, row)
        from_s = max(known.engageable_s, threat.start_s + reach.enter_s - reach.lead_s)
        if from_s < min(threat.start_s + reach.leave_s, threat.end_s):
            schedule(state, from_s, COMMIT, pair, row)


@kernel
def _flies_not(
    kind: int, first: int, second: int, now_s: float, tables: Tables, state: State, seed: np.uint64,
    replication: np.uint64,
) -> None:  # fmt: skip
    """Nothing flies for the defence."""


@where_given("air", _flies_not)
@subroutine
def fly(
    kind: int, first: int, second: int, now_s: float, tables: Tables, state: State, seed: np.uint64,
    replication: np.uint64,
) -> None:  # fmt: skip
    """Let an event of the air happen."""
    if kind == AIRCRAFT:
        if state.air.aircraft[first].event == second:
            _go_on(first, now_s, tables, state, seed, replication)
    elif kind == ROUND_MEETS:
        _round_meets(first, second, now_s, tables, state, seed, replication)
    elif kind == COMMIT:
        _commit(first, second, now_s, tables, state, seed, replication)
    elif kind == ALERT:
        _alert(first, second, now_s, tables, state, seed, replication)
    elif kind == PATROL:
        _man_station(first, now_s, tables, state, seed, replication)
    else:
        _review(first, now_s, tables, state, seed, replication)


@kernel
def _go_on(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let an aircraft go from one phase to the next."""
    phase = state.air.aircraft[b].phase
    if phase == STARTING:
        _take_off(b, now_s, tables, state)
    elif phase == TO_STATION:
        _arrive(b, now_s, tables, state, seed, replication)
    elif phase == ON_STATION:
        _keep_station(b, now_s, tables, state, seed, replication)
    elif phase == REFUELLING:
        _refuelled(b, now_s, tables, state)
        _arrive(b, now_s, tables, state, seed, replication)
    elif phase == TO_TARGET:
        _at_target(b, now_s, tables, state, seed, replication)
    elif phase == IDENTIFYING:
        _open_fire(b, now_s, tables, state, seed, replication)
    elif phase == IN_FIGHT:
        _look_round(b, now_s, tables, state, seed, replication)
    elif phase == HOMEWARD:
        _land(b, now_s, tables, state, seed, replication)
    elif phase == TURNING:
        _turned_round(b, now_s, tables, state, seed, replication)


# ---- whom to send against what


@subroutine
def _meets_s(b: int, row: int, t: int, now_s: float, tables: Tables, state: State) -> float:
    """Return when an aircraft sent now would come within reach of a threat; inf if it cannot, or not with its fuel."""
    air, threat, reach = tables.air, state.threats[t], tables.air.reaches[row]
    j = air.aircraft[b].group
    group = air.groups[j]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    e = armament_for(b, threat_class, tables, state)
    if e < 0:
        return np.inf
    given = air.armament[e]
    go_s, start = now_s, place_of(b, now_s, tables, state)
    if state.air.aircraft[b].phase == READY:
        go_s, start = now_s + group.ready_s, home_of(b, tables, state)
    reach_m = 0.0 if group.identification_s > 0.0 else air.range_m[e, threat_class]
    met_s = meeting_s(
        threat.path, start, go_s - threat.start_s, group.speed_m_s, reach_m, reach.enter_s, reach.leave_s, air
    )
    if met_s == np.inf:
        return np.inf
    there = path_point(threat.path, met_s, air)
    fight_s = group.identification_s + given.reaction_s + air.range_m[e, threat_class] / given.speed_m_s
    flown_m = (threat.start_s + met_s - go_s + fight_s) * group.speed_m_s
    if state.air.aircraft[b].fuel - flown_m / group.tank_m < share_home(there, b, tables, state):
        return np.inf
    return float(threat.start_s + met_s)


@subroutine
def _commit(
    pair: int, row: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Send the aircraft that meets the threat first, or put the threat on the waiting list of its network."""
    air, t = tables.air, tables.pair_threat[pair]
    threat, known = state.threats[t], state.pairs[pair]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    if threat.end_s <= now_s or state.air.aircraft_of[pair] >= 0 or known.engageable_s > now_s:
        return
    if known.shots >= tables.rules[threat_class].max_shots:
        return
    network = air.groups[air.reaches[row].group].network
    best, best_row, best_s, cause = -1, -1, np.inf, NO_SHOOTER_IN_REACH
    for other in range(air.reach_first[threat.path], air.reach_first[threat.path + 1]):
        reach = air.reaches[other]
        j = reach.group
        if air.groups[j].network != network or not now_s <= threat.start_s + reach.leave_s < np.inf:
            continue
        if state.air.hold[j] == 1 or tables.command[0].hold == 1:
            cause = HELD_BY_RULES
            continue
        on_ground = False
        for b in range(air.groups[j].aircraft_first, air.groups[j + 1].aircraft_first):
            phase = state.air.aircraft[b].phase
            if not can_take(b, tables, state):
                if is_busy(phase) and cause != HELD_BY_RULES:
                    cause = CHANNELS_SATURATED
                elif phase in (WAITING_TURN, TURNING) and cause == NO_SHOOTER_IN_REACH:
                    cause = MAGAZINE_EMPTY
                continue
            if phase == READY:
                if on_ground:
                    continue  # it would do what the first one on the ground does
                on_ground = True
            else:
                spend(b, now_s, tables, state)
            met_s = _meets_s(b, other, t, now_s, tables, state)
            if met_s < best_s:
                best, best_row, best_s = b, other, met_s
    if best < 0:
        known.blocked = cause
        _wait(pair, network, state)
        return
    slack_s = _slack_s(best, best_row, t, best_s, now_s, tables, state)
    if slack_s > _PATIENCE_S:
        schedule(state, now_s + slack_s, COMMIT, pair, best_row)
        return
    _send(best, pair, best_row, best_s, now_s, tables, state, seed, replication)


@kernel
def _slack_s(b: int, row: int, t: int, met_s: float, now_s: float, tables: Tables, state: State) -> float:
    """Return how much later an aircraft may leave and still meet the threat where it may first be shot at."""
    threat, group = state.threats[t], tables.air.groups[tables.air.aircraft[b].group]
    enter_s = threat.start_s + tables.air.reaches[row].enter_s
    if met_s > enter_s:
        return 0.0
    go_s, start = now_s, place_of(b, now_s, tables, state)
    if state.air.aircraft[b].phase == READY:
        go_s, start = now_s + group.ready_s + group.ready_spread_s, home_of(b, tables, state)
    way_m = gap_m(start, path_point(threat.path, enter_s - threat.start_s, tables.air))
    return float(enter_s - go_s - way_m / group.speed_m_s)


@kernel
def _wait(pair: int, network: int, state: State) -> None:
    """Put a pair on the list of those that wait for an aircraft of their network."""
    if state.air.queued[pair] == 0:
        state.air.queued[pair] = 1
        state.air.next[pair] = state.air.first[network]
        state.air.first[network] = pair


@subroutine
def _seek(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> bool:
    """Send an aircraft against the nearest of the threats that wait and that it can catch; say whether there was one."""
    air, j = tables.air, tables.air.aircraft[b].group
    group = air.groups[j]
    if state.air.hold[j] == 1 or tables.command[0].hold == 1:
        return False
    go_s, here = now_s, place_of(b, now_s, tables, state)
    if state.air.aircraft[b].phase == READY:
        go_s, here = now_s + group.ready_s, home_of(b, tables, state)
    best, best_row, nearest_m = -1, -1, np.inf
    before, pair = -1, state.air.first[group.network]
    while pair >= 0:
        following = state.air.next[pair]
        row, open_to_any = _row_for(pair, j, now_s, tables, state)
        if not open_to_any:
            state.air.queued[pair] = 0
            if before < 0:
                state.air.first[group.network] = following
            else:
                state.air.next[before] = following
        else:
            before = pair
            threat = state.threats[tables.pair_threat[pair]]
            if row >= 0 and _can_catch(here, go_s, row, threat.start_s, group.speed_m_s, tables):
                away_m = gap_m(here, path_point(threat.path, now_s - threat.start_s, air))
                if away_m < nearest_m:
                    best, best_row, nearest_m = pair, row, away_m
        pair = following
    if best < 0:
        return False
    met_s = _meets_s(b, best_row, tables.pair_threat[best], now_s, tables, state)
    if met_s == np.inf:
        return False
    _send(b, best, best_row, met_s, now_s, tables, state, seed, replication)
    return True


@kernel
def _row_for(pair: int, j: int, now_s: float, tables: Tables, state: State) -> tuple[int, bool]:
    """Return the row by which group j may shoot at a waiting pair (-1: none), and whether anybody may still."""
    air, t = tables.air, tables.pair_threat[pair]
    threat = state.threats[t]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    if threat.end_s <= now_s or state.air.aircraft_of[pair] >= 0:
        return -1, False
    if state.pairs[pair].shots >= tables.rules[threat_class].max_shots:
        return -1, False
    own, open_to_any = -1, False
    for row in range(air.reach_first[threat.path], air.reach_first[threat.path + 1]):
        reach = air.reaches[row]
        if air.groups[reach.group].network != air.groups[j].network:
            continue
        if now_s <= threat.start_s + reach.leave_s < np.inf:
            open_to_any = True
            if reach.group == j and own < 0:
                own = row
    return own, open_to_any


@kernel
def _can_catch(here: Point, go_s: float, row: int, start_s: float, speed_m_s: float, tables: Tables) -> bool:
    """Say whether an aircraft reaches the place where a threat leaves its area before the threat does."""
    reach = tables.air.reaches[row]
    return gap_m(here, as_point(reach.leave)) <= speed_m_s * (start_s + reach.leave_s - go_s)


@subroutine
def _send(
    b: int, pair: int, row: int, met_s: float, now_s: float, tables: Tables, state: State, seed: np.uint64,
    replication: np.uint64,
) -> None:  # fmt: skip
    """Give an aircraft its target: it turns towards it, or starts."""
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    aircraft.pair = pair
    aircraft.row = row
    state.air.aircraft_of[pair] = b
    _tell(LOG_COMMITTED, b, tables.pair_threat[pair], now_s, tables, state)
    if aircraft.phase == READY:
        _scramble(b, j, now_s, tables, state, seed, replication)
    else:
        _head_for(b, met_s, now_s, tables, state)


@subroutine
def _head_for(b: int, met_s: float, now_s: float, tables: Tables, state: State) -> None:
    """Fly to where the target will be within reach."""
    aircraft, group = state.air.aircraft[b], tables.air.groups[tables.air.aircraft[b].group]
    spend(b, now_s, tables, state)
    t = tables.pair_threat[aircraft.pair]
    threat = state.threats[t]
    here, there = as_point(aircraft.at), path_point(threat.path, met_s - threat.start_s, tables.air)
    away_m = gap_m(here, there)
    share = min((met_s - now_s) * group.speed_m_s / away_m, 1.0) if away_m > 0.0 else 1.0
    for axis in range(3):
        aircraft.to[axis] = here[axis] + share * (there[axis] - here[axis])
    _plan(b, TO_TARGET, met_s, now_s, tables, state)


@kernel
def _release(b: int, now_s: float, tables: Tables, state: State) -> None:
    """Take its target from an aircraft; others may be sent against it now."""
    aircraft = state.air.aircraft[b]
    pair, row = aircraft.pair, aircraft.row
    aircraft.pair = -1
    aircraft.row = -1
    if pair >= 0:
        state.air.aircraft_of[pair] = -1
        if state.threats[tables.pair_threat[pair]].end_s > now_s:
            schedule(state, now_s, COMMIT, pair, row)


# ---- alert, start, station


@subroutine
def _alert(
    pair: int, row: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Keep a group's patrol up as long as this threat is near."""
    threat, reach = state.threats[tables.pair_threat[pair]], tables.air.reaches[row]
    count = state.air.groups[reach.group]
    if threat.end_s > now_s and threat.start_s + reach.calm_s > count.alert_until_s:
        count.alert_until_s = threat.start_s + reach.calm_s
        _man_station(reach.group, now_s, tables, state, seed, replication)


@kernel
def _wanted_until_s(j: int, now_s: float, tables: Tables, state: State) -> float:
    """Return until when a group's station is to be manned, as far as is known now."""
    group, until_s = tables.air.groups[j], state.air.groups[j].alert_until_s
    if group.has_orbit == 0 and until_s == -np.inf:
        return np.inf  # sent straight at threats: it stays where it is, as long as its fuel lasts
    if _is_planned(j, now_s, tables):
        return max(until_s, group.to_s)
    return until_s


@kernel
def _is_planned(j: int, now_s: float, tables: Tables) -> bool:
    group = tables.air.groups[j]
    return group.strength > 0 and group.from_s - group.planned_s <= now_s < group.to_s


@subroutine
def _man_station(
    j: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Start as many aircraft as the station lacks: at once for a planned patrol, after the readiness for an alert."""
    group = tables.air.groups[j]
    wanted, planned = 0, _is_planned(j, now_s, tables)
    if planned:
        wanted = group.strength
    if state.air.groups[j].alert_until_s > now_s:
        wanted = max(wanted, group.scramble)
    if wanted == 0 or state.air.hold[j] == 1:
        return
    for b in range(group.aircraft_first, tables.air.groups[j + 1].aircraft_first):
        aircraft = state.air.aircraft[b]
        wanted -= STARTING <= aircraft.phase <= IN_FIGHT and aircraft.relieved == 0
    for b in range(group.aircraft_first, tables.air.groups[j + 1].aircraft_first):
        if wanted <= 0:
            return
        if state.air.aircraft[b].phase == READY and can_take(b, tables, state) and has_rounds(b, tables, state):
            if planned:
                state.air.aircraft[b].relieved = 0
                _plan(b, STARTING, now_s, now_s, tables, state)
            else:
                _scramble(b, j, now_s, tables, state, seed, replication)
            wanted -= 1


@subroutine
def _scramble(
    b: int, j: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Order an aircraft on alert to start; it takes off when its crew is ready."""
    group = tables.air.groups[j]
    u = next_draw(b, tables, state, seed, replication)
    ready_s = max(group.ready_s + group.ready_spread_s * (2.0 * u.a - 1.0), 0.0)
    state.air.aircraft[b].relieved = 0
    state.air.groups[j].scrambles += 1
    _tell(LOG_SCRAMBLED, b, -1, now_s, tables, state)
    _plan(b, STARTING, now_s + ready_s, now_s, tables, state)


@subroutine
def _take_off(b: int, now_s: float, tables: Tables, state: State) -> None:
    """Take off, against the target it was called for or to the station; stay on the ground if neither is left."""
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    met_s, threatened = np.inf, aircraft.pair >= 0
    home = home_of(b, tables, state)
    if threatened and not is_closed(j, aircraft.away, tables, state):
        t = tables.pair_threat[aircraft.pair]
        if state.threats[t].end_s > now_s:
            met_s = _meets_s(b, aircraft.row, t, now_s, tables, state)
    stays = is_closed(j, aircraft.away, tables, state)
    if threatened and met_s == np.inf:
        _release(b, now_s, tables, state)
        stays = stays or tables.air.groups[j].has_orbit == 0 or _wanted_until_s(j, now_s, tables, state) <= now_s
    if stays:
        _plan(b, READY, np.inf, now_s, tables, state)
        return
    for axis in range(3):
        aircraft.at[axis] = home[axis]
        aircraft.to[axis] = home[axis]
    aircraft.took_off_s = now_s
    aircraft.since_s = now_s
    state.air.groups[j].sorties += 1
    _tell(LOG_TAKEN_OFF, b, -1, now_s, tables, state)
    if aircraft.pair >= 0:
        _head_for(b, met_s, now_s, tables, state)
    else:
        _go_to_station(b, now_s, tables, state)


@subroutine
def _go_to_station(b: int, now_s: float, tables: Tables, state: State) -> None:
    """Fly to the orbit, or stay here where a group has none; go home if the fuel does not allow it."""
    aircraft, group = state.air.aircraft[b], tables.air.groups[tables.air.aircraft[b].group]
    spend(b, now_s, tables, state)
    here = as_point(aircraft.at)
    goal = as_point(group.orbit_a) if group.has_orbit == 1 else here
    way_m = gap_m(here, goal)
    if aircraft.fuel - way_m / group.tank_m <= share_from_station(b, tables, state):
        _go_home(b, now_s, tables, state)
        return
    for axis in range(3):
        aircraft.to[axis] = goal[axis]
    _plan(b, TO_STATION, now_s + way_m / group.speed_m_s, now_s, tables, state)


@subroutine
def _arrive(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Come on station: its radar serves the network, it takes a threat that waits, or flies its orbit."""
    spend(b, now_s, tables, state)
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    spare = max(aircraft.fuel - share_from_station(b, tables, state), 0.0)
    aircraft.bingo_s = now_s + spare * tables.air.groups[j].tank_s
    aircraft.orbit_s = now_s
    _tell(LOG_ON_STATION, b, -1, now_s, tables, state)
    _plan(b, ON_STATION, _next_look_s(b, now_s, tables, state), now_s, tables, state)
    if state.air.groups[j].on_station == 1:
        _watch(j, now_s, tables, state, seed, replication)
    _seek(b, now_s, tables, state, seed, replication)


@kernel
def _relief_s(b: int, now_s: float, tables: Tables) -> float:
    """Return how long before it leaves an aircraft's relief must be called."""
    j = tables.air.aircraft[b].group
    return float(tables.air.groups[j].planned_s if _is_planned(j, now_s, tables) else tables.air.groups[j].lead_s)


@kernel
def _next_look_s(b: int, now_s: float, tables: Tables, state: State) -> float:
    """Return when an aircraft on station has to decide: to call its relief, to leave, or whether it is still wanted."""
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    until_s = _wanted_until_s(j, now_s, tables, state)
    when_s = min(aircraft.bingo_s, until_s)
    if aircraft.relieved == 0 and aircraft.bingo_s < until_s:
        when_s = min(when_s, aircraft.bingo_s - _relief_s(b, now_s, tables))
    return max(when_s, now_s)


@subroutine
def _keep_station(
    b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Call the relief in time; at the end of its fuel go to the tanker or home; go home when no longer wanted."""
    spend(b, now_s, tables, state)
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    until_s = _wanted_until_s(j, now_s, tables, state)
    if until_s <= now_s or (aircraft.bingo_s <= now_s and not _refuel(b, now_s, tables, state)):
        _go_home(b, now_s, tables, state)
    elif aircraft.phase == ON_STATION:
        if aircraft.relieved == 0 and aircraft.bingo_s < until_s and not _may_refuel(b, now_s, tables, state):
            aircraft.relieved = 1
            if tables.air.groups[j].has_orbit == 1:
                _man_station(j, now_s, tables, state, seed, replication)
        when_s = min(aircraft.bingo_s, until_s)
        _plan(b, ON_STATION, max(when_s, now_s), now_s, tables, state)


@kernel
def _may_refuel(b: int, now_s: float, tables: Tables, state: State) -> bool:
    """Say whether a tanker waits for an aircraft and it has what it takes to get there."""
    group, aircraft = tables.air.groups[tables.air.aircraft[b].group], state.air.aircraft[b]
    if group.tanker < 0 or state.air.refuellings[group.tanker] == 0 or not has_rounds(b, tables, state):
        return False
    tanker = tables.air.tankers[group.tanker]
    way_m = gap_m(as_point(aircraft.at), as_point(tanker.place))
    return tanker.from_s <= now_s < tanker.to_s and aircraft.fuel > way_m / group.tank_m


@subroutine
def _refuel(b: int, now_s: float, tables: Tables, state: State) -> bool:
    """Go to the tanker if there is one; the aircraft is back on station after the way there, the fuel, the way back."""
    if not _may_refuel(b, now_s, tables, state):
        return False
    j = tables.air.aircraft[b].group
    group, aircraft, count = tables.air.groups[j], state.air.aircraft[b], state.air.groups[j]
    tanker = tables.air.tankers[group.tanker]
    way_m = gap_m(as_point(aircraft.at), as_point(tanker.place))
    state.air.refuellings[group.tanker] -= 1
    there = way_m / group.tank_m
    count.loaded += 1.0 - (aircraft.fuel - there)
    count.burned += 2.0 * there
    count.refuelled += 1
    aircraft.fuel = 1.0 - there
    _plan(b, REFUELLING, now_s + 2.0 * way_m / group.speed_m_s + tanker.refuel_s, now_s, tables, state)
    return True


@kernel
def _refuelled(b: int, now_s: float, tables: Tables, state: State) -> None:
    state.air.aircraft[b].relieved = 0
    _tell(LOG_REFUELLED, b, -1, now_s, tables, state)


# ---- the attack


@subroutine
def _at_target(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Close up and identify, or shoot at once where that is not asked for."""
    spend(b, now_s, tables, state)
    aircraft, group = state.air.aircraft[b], tables.air.groups[tables.air.aircraft[b].group]
    if group.identification_s <= 0.0:
        _open_fire(b, now_s, tables, state, seed, replication)
        return
    look_s = group.identification_s
    if tables.command[0].exponential:
        look_s *= -np.log(next_draw(b, tables, state, seed, replication).a)
    spare = max(aircraft.fuel - share_home(as_point(aircraft.at), b, tables, state), 0.0)
    _plan(b, IDENTIFYING, now_s + min(look_s, spare * group.tank_m / group.speed_m_s), now_s, tables, state)


@subroutine
def _open_fire(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Shoot a salvo if the target is still there and may be shot at; wait while others shoot at it."""
    spend(b, now_s, tables, state)
    aircraft, pair = state.air.aircraft[b], state.air.aircraft[b].pair
    t = tables.pair_threat[pair]
    threat, known = state.threats[t], state.pairs[pair]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    rule = tables.rules[threat_class]
    if aircraft.phase == IDENTIFYING and threat.end_s > now_s:
        beside = path_point(threat.path, now_s - threat.start_s, tables.air)
        for axis in range(3):
            aircraft.at[axis] = beside[axis]
    met_s, e = _round_flight(b, t, threat_class, now_s, tables, state)
    allowed = tables.command[0].hold == 0 and known.shots < rule.max_shots and threat.end_s > now_s
    if not allowed or met_s > threat.start_s + tables.air.reaches[aircraft.row].leave_s:
        _leave_target(b, now_s, tables, state, seed, replication)
        return
    if known.salvo > 0:
        _plan(b, IDENTIFYING, now_s + max(rule.assess_s, _POLITE_S), now_s, tables, state)
        return
    given, kind = tables.air.armament[e], e - tables.air.groups[tables.air.aircraft[b].group].armament_first
    weapon = state.weapons[given.weapon]
    shots = min(rule.salvo, rule.max_shots - known.shots, aircraft.rounds[kind])
    shots = min(shots, weapon.ready - tables.keep[given.weapon, threat_class])
    aircraft.rounds[kind] -= shots
    aircraft.kind = e
    aircraft.salvo = shots
    weapon.ready -= shots
    weapon.fired += shots
    if weapon.ready + weapon.reserve == 0:
        weapon.empty_s = min(weapon.empty_s, now_s)
    known.salvo = shots
    known.shots += shots
    known.due_s = np.inf
    threat.rounds += shots
    threat.weapon = given.weapon
    note(state, now_s, LOG_FIRED, t, given.weapon, -1, shots)
    met_s += (shots - 1) * given.interval_s
    _plan(b, IN_FIGHT, np.inf, now_s, tables, state)
    schedule(state, met_s, ROUND_MEETS, b, pair)


@subroutine
def _round_flight(b: int, t: int, threat_class: int, now_s: float, tables: Tables, state: State) -> tuple[float, int]:
    """Return when a round fired now meets the target (inf: never), and of which armament."""
    aircraft, threat = state.air.aircraft[b], state.threats[t]
    e = armament_for(b, threat_class, tables, state)
    if e < 0 or threat.end_s <= now_s:
        return np.inf, e
    given = tables.air.armament[e]
    go_s = now_s + given.reaction_s
    if aircraft.phase == IDENTIFYING:
        return go_s + given.range_min_m / given.speed_m_s, e
    met_s = meeting_s(
        threat.path, as_point(aircraft.at), go_s - threat.start_s, given.speed_m_s, 0.0, go_s - threat.start_s,
        tables.flights[threat.path].duration_s, tables.air,
    )  # fmt: skip
    return threat.start_s + met_s, e


@subroutine
def _round_meets(
    b: int, pair: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Decide a salvo of an aircraft that meets its target, and whether the attack costs the aircraft."""
    t, j = tables.pair_threat[pair], tables.air.aircraft[b].group
    threat, known, aircraft = state.threats[t], state.pairs[pair], state.air.aircraft[b]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    w, chance = tables.air.armament[aircraft.kind].weapon, tables.air.kill_probability[aircraft.kind, threat_class]
    look_s = now_s
    if threat.end_s <= now_s:
        note(state, now_s, LOG_WASTED, t, w, -1, 0.0)
    elif resolve(known.salvo, w, chance, now_s, tables.threats[t].actor, threat, seed, replication):
        note(state, now_s, LOG_SHOT_DOWN, t, w, -1, 0.0)
        state.air.groups[j].kills += 1
    else:
        note(state, now_s, LOG_INTERCEPT_MISSED, t, w, -1, 0.0)
        look_s = now_s + tables.rules[threat_class].assess_s
        decide_at(pair, look_s, state)
    known.salvo = 0
    spend(b, now_s, tables, state)
    if next_draw(b, tables, state, seed, replication).a < tables.air.groups[j].loss_probability:
        _lose_in_flight(b, now_s, tables, state)
    else:
        _plan(b, IN_FIGHT, look_s, now_s, tables, state)


@kernel
def _lose_in_flight(b: int, now_s: float, tables: Tables, state: State) -> None:
    count = state.air.groups[tables.air.aircraft[b].group]
    _release(b, now_s, tables, state)
    count.lost_in_flight += 1
    count.flying_s += now_s - state.air.aircraft[b].took_off_s
    _tell(LOG_AIRCRAFT_LOST, b, -1, now_s, tables, state)
    lose(b, tables, state)


@subroutine
def _look_round(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """After a salvo: attack the same target again if it still flies, or look for another."""
    aircraft, pair = state.air.aircraft[b], state.air.aircraft[b].pair
    spend(b, now_s, tables, state)
    t = tables.pair_threat[pair]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    if state.threats[t].end_s > now_s and state.pairs[pair].shots < tables.rules[threat_class].max_shots:
        met_s = _meets_s(b, aircraft.row, t, now_s, tables, state)
        if met_s < np.inf and state.air.hold[tables.air.aircraft[b].group] == 0:
            _head_for(b, met_s, now_s, tables, state)
            return
    _leave_target(b, now_s, tables, state, seed, replication)


@subroutine
def _leave_target(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Give the target up: take another that waits, go back to the station, or go home."""
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    _release(b, now_s, tables, state)
    if not has_rounds(b, tables, state) or aircraft.fuel <= share_home(as_point(aircraft.at), b, tables, state):
        _go_home(b, now_s, tables, state)
    elif _seek(b, now_s, tables, state, seed, replication):
        return
    elif _wanted_until_s(j, now_s, tables, state) > now_s:
        _go_to_station(b, now_s, tables, state)
    else:
        _go_home(b, now_s, tables, state)


# ---- home


@subroutine
def _go_home(b: int, now_s: float, tables: Tables, state: State) -> None:
    """Fly home, or to the alternate if the base is closed."""
    spend(b, now_s, tables, state)
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    group = tables.air.groups[j]
    if group.has_divert == 1 and is_closed(j, aircraft.away, tables, state):
        aircraft.away = 1
        state.air.groups[j].diverted += 1
        _tell(LOG_DIVERTED, b, -1, now_s, tables, state)
    home = home_of(b, tables, state)
    for axis in range(3):
        aircraft.to[axis] = home[axis]
    way_s = gap_m(as_point(aircraft.at), home) / group.speed_m_s
    _plan(b, HOMEWARD, now_s + way_s, now_s, tables, state)


@subroutine
def _land(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Land, or go on to the alternate if the base has been closed meanwhile."""
    spend(b, now_s, tables, state)
    aircraft, j = state.air.aircraft[b], tables.air.aircraft[b].group
    if tables.air.groups[j].has_divert == 1 and is_closed(j, aircraft.away, tables, state):
        _go_home(b, now_s, tables, state)
        return
    count = state.air.groups[j]
    count.recovered += 1
    count.flying_s += now_s - aircraft.took_off_s
    _tell(LOG_RECOVERED, b, -1, now_s, tables, state)
    _plan(b, WAITING_TURN, np.inf, now_s, tables, state)
    _man_station(j, now_s, tables, state, seed, replication)
    _turn_round(j, now_s, tables, state, seed, replication)


@subroutine
def _turn_round(
    j: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Give free crews to the aircraft that wait, the first landed first."""
    group, count = tables.air.groups[j], state.air.groups[j]
    while count.crews_busy < group.crews:
        first, first_s = -1, np.inf
        for b in range(group.aircraft_first, tables.air.groups[j + 1].aircraft_first):
            aircraft = state.air.aircraft[b]
            if aircraft.phase == WAITING_TURN and aircraft.since_s < first_s:
                first, first_s = b, aircraft.since_s
        if first < 0:
            return
        count.crews_busy += 1
        u = next_draw(first, tables, state, seed, replication)
        turn_s = max(group.turn_s + group.turn_spread_s * (2.0 * u.a - 1.0), 0.0)
        _plan(first, TURNING, now_s + turn_s, now_s, tables, state)


@subroutine
def _turned_round(b: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Stand ready again, fuelled and armed; go where it is wanted."""
    j = tables.air.aircraft[b].group
    load_up(b, tables, state)
    _plan(b, READY, np.inf, now_s, tables, state)
    state.air.groups[j].crews_busy -= 1
    _turn_round(j, now_s, tables, state, seed, replication)
    _man_station(j, now_s, tables, state, seed, replication)
    if state.air.aircraft[b].phase == READY and can_take(b, tables, state):
        _seek(b, now_s, tables, state, seed, replication)


# ---- the radar on station


@subroutine
def _watch(j: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Begin to look with the radar of the first aircraft on station: say when it will have tracked what it can see."""
    group, count = tables.air.groups[j], state.air.groups[j]
    count.watch += 1
    if group.sensor < 0:
        return
    for t in range(state.threats.shape[0]):
        threat = state.threats[t]
        if threat.end_s <= now_s:
            continue
        pair = _pair_of(t, group.network, tables)
        for row in range(tables.air.sight_first[threat.path], tables.air.sight_first[threat.path + 1]):
            sight = tables.air.sights[row]
            if pair < 0 or sight.group != j or threat.start_s + sight.leave_s <= now_s:
                continue
            look = sight.number + (count.watch << _WATCH_SHIFT)
            sensor = tables.sensors[group.sensor]
            wait_s = track_delay_s(tables.threats[t].actor, look, sensor, seed, replication)
            seen_s = max(threat.start_s + sight.enter_s, now_s) + wait_s
            last_s = min(threat.start_s + sight.leave_s, threat.end_s)
            if seen_s <= last_s and seen_s < state.pairs[pair].track_s:
                schedule(state, seen_s, SEEN, pair, j + (count.watch << _WATCH_SHIFT))


@kernel
def _pair_of(t: int, network: int, tables: Tables) -> int:
    """Return the pair of a threat and a network, -1 if the network does not act on it."""
    salvo = tables.threats[t].salvo
    first = tables.salvos[salvo].network_first
    for k in range(tables.salvos[salvo + 1].network_first - first):
        if tables.network[first + k] == network:
            return int(tables.threats[t].pair_first + k)
    return -1


@kernel
def _sees_nothing(pair: int, code: int, now_s: float, tables: Tables, state: State) -> int:
    """Nobody is on station."""
    return -1


@where_given("air", _sees_nothing)
@kernel
def seen_from_station(pair: int, code: int, now_s: float, tables: Tables, state: State) -> int:
    """Return the sensor of an aircraft that has just tracked a threat, -1 if it left before, or came too late."""
    j = code & ((1 << _WATCH_SHIFT) - 1)
    count = state.air.groups[j]
    if count.on_station == 0 or count.watch != code >> _WATCH_SHIFT:
        return -1
    if state.pairs[pair].track_s <= now_s or state.threats[tables.pair_threat[pair]].end_s <= now_s:
        return -1
    return int(tables.air.groups[j].sensor)


# ---- the base


@kernel
def _is_no_base(m: int, tables: Tables) -> bool:
    """No aircraft stand anywhere."""
    return False


@where_given("air", _is_no_base)
@kernel
def is_base(m: int, tables: Tables) -> bool:
    """Say whether aircraft stand on target m."""
    for j in range(tables.air.groups.shape[0] - 1):
        if tables.air.groups[j].base_target == m:
            return True
    return False


@kernel
def _hits_no_aircraft(
    m: int, damage: float, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """No aircraft stand anywhere."""


@where_given("air", _hits_no_aircraft)
@subroutine
def hit_base(
    m: int, damage: float, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Let a hit on a base take each aircraft on the ground with the share of the base that it takes."""
    for b in range(state.air.aircraft.shape[0]):
        j = tables.air.aircraft[b].group
        aircraft, count = state.air.aircraft[b], state.air.groups[j]
        if tables.air.groups[j].base_target != m or aircraft.away == 1 or not is_grounded(aircraft.phase):
            continue
        if next_draw(b, tables, state, seed, replication).a >= damage:
            continue
        if aircraft.phase == TURNING:
            count.crews_busy -= 1
        _release(b, now_s, tables, state)
        count.lost_on_ground += 1
        _tell(LOG_AIRCRAFT_LOST, b, -1, now_s, tables, state)
        lose(b, tables, state)
    for j in range(state.air.groups.shape[0]):
        if tables.air.groups[j].base_target == m:
            _turn_round(j, now_s, tables, state, seed, replication)


# ---- orders from outside, causes, bookkeeping


@kernel
def _review(j: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Look again at what waits, after a group has been told to go."""
    _man_station(j, now_s, tables, state, seed, replication)
    for b in range(tables.air.groups[j].aircraft_first, tables.air.groups[j + 1].aircraft_first):
        if can_take(b, tables, state) and has_rounds(b, tables, state):
            spend(b, now_s, tables, state)
            _seek(b, now_s, tables, state, seed, replication)


@kernel
def _reviews_nothing(now_s: float, tables: Tables, state: State) -> None:
    """Nobody flies."""


@where_given("air", _reviews_nothing)
@kernel
def review_fighters(now_s: float, tables: Tables, state: State) -> None:
    """Put on the agenda that every group looks at once at what waits for it."""
    for j in range(state.air.groups.shape[0]):
        schedule(state, now_s, REVIEW, j, 0)


@kernel
def _never_reaches(pair: int, tables: Tables, state: State) -> float:
    """Nobody flies."""
    return -np.inf


@where_given("air", _never_reaches)
@kernel
def last_air_order_s(pair: int, tables: Tables, state: State) -> float:
    """Return the last moment at which fighters of the pair's network may shoot at its threat; -inf for never."""
    t = tables.pair_threat[pair]
    threat = state.threats[t]
    network = tables.network[tables.salvos[tables.threats[t].salvo].network_first + pair - tables.threats[t].pair_first]
    last_s = -np.inf
    for row in range(tables.air.reach_first[threat.path], tables.air.reach_first[threat.path + 1]):
        reach = tables.air.reaches[row]
        if tables.air.groups[reach.group].network == network and reach.enter_s < np.inf:
            last_s = max(last_s, threat.start_s + reach.leave_s)
    return float(last_s)


@kernel
def _tell(kind: int, b: int, t: int, now_s: float, tables: Tables, state: State) -> None:
    """Write what an aircraft does into the log: its group's first armament says whose it is, the value its number."""
    j = tables.air.aircraft[b].group
    weapon = tables.air.armament[tables.air.groups[j].armament_first].weapon
    note(state, now_s, kind, t, weapon, -1, tables.air.aircraft[b].number)


@kernel
def _plan(b: int, phase: int, next_s: float, now_s: float, tables: Tables, state: State) -> None:
    """Put an aircraft into a phase that ends at a moment (inf: something else ends it); what it had in mind is void."""
    aircraft, count = state.air.aircraft[b], state.air.groups[tables.air.aircraft[b].group]
    count.on_station += (phase == ON_STATION) - (aircraft.phase == ON_STATION)
    aircraft.phase = phase
    aircraft.since_s = now_s
    aircraft.next_s = next_s
    aircraft.event += 1
    if next_s < np.inf:
        schedule(state, next_s, AIRCRAFT, b, aircraft.event)
