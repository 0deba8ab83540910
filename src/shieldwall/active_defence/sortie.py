"""The course of a sortie but for the attack: scramble, patrol, tanker, way home, alternate, turn-round."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.aircraft import (
    can_take,
    has_rounds,
    home_of,
    is_closed,
    next_draw,
    plan,
    share_from_station,
    spend,
    tell,
)
from shieldwall.active_defence.intercept import as_point, gap_m
from shieldwall.core.compiled import subroutine
from shieldwall.state import (
    LOG_DIVERTED,
    LOG_ON_STATION,
    LOG_RECOVERED,
    LOG_REFUELLED,
    LOG_SCRAMBLED,
    LOG_TAKEN_OFF,
)
from shieldwall.state_air import (
    HOMEWARD,
    IN_FIGHT,
    ON_STATION,
    READY,
    REFUELLING,
    STARTING,
    TO_STATION,
    TURNING,
    WAITING_TURN,
    Wing,
)


@subroutine
def is_planned(j: int, now_s: float, wing: Wing) -> bool:
    """Say whether a group's planned patrol is due, its way to the orbit included."""
    group = wing.groups[j]
    return group.strength > 0 and group.from_s - group.planned_s <= now_s < group.to_s


@subroutine
def wanted_until_s(j: int, now_s: float, wing: Wing) -> float:
    """Return until when a group's station is to be manned, as far as is known now."""
    group, until_s = wing.groups[j], wing.counts[j].alert_until_s
    if group.has_orbit == 0 and until_s == -np.inf:
        return np.inf  # sent straight at threats: it stays where it is, as long as its fuel lasts
    if is_planned(j, now_s, wing):
        return max(until_s, group.to_s)
    return float(until_s)


@subroutine
def man_station(j: int, now_s: float, wing: Wing) -> None:
    """Start as many aircraft as the station lacks: at once for a planned patrol, after the readiness for an alert."""
    group = wing.groups[j]
    wanted, planned = 0, is_planned(j, now_s, wing)
    if planned:
        wanted = group.strength
    if wing.counts[j].alert_until_s > now_s:
        wanted = max(wanted, group.scramble)
    if wanted == 0 or wing.hold[j] == 1:
        return
    for b in range(group.aircraft_first, wing.groups[j + 1].aircraft_first):
        aircraft = wing.flying[b]
        if STARTING <= aircraft.phase <= IN_FIGHT and aircraft.relieved == 0:
            wanted -= 1
    for b in range(group.aircraft_first, wing.groups[j + 1].aircraft_first):
        if wanted <= 0:
            return
        if wing.flying[b].phase == READY and can_take(b, wing) and has_rounds(b, wing):
            if planned:
                wing.flying[b].relieved = 0
                plan(b, STARTING, now_s, now_s, wing)
            else:
                scramble(b, now_s, wing)
            wanted -= 1


@subroutine
def scramble(b: int, now_s: float, wing: Wing) -> None:
    """Order an aircraft on alert to start; it takes off when its crew is ready."""
    j = wing.given[b].group
    group = wing.groups[j]
    u = next_draw(b, wing)
    ready_s = max(group.ready_s + group.ready_spread_s * (2.0 * u.a - 1.0), 0.0)
    wing.flying[b].relieved = 0
    wing.counts[j].scrambles += 1
    tell(LOG_SCRAMBLED, b, -1, now_s, wing)
    plan(b, STARTING, now_s + ready_s, now_s, wing)


@subroutine
def leave_ground(b: int, now_s: float, wing: Wing) -> None:
    """Take off: from now on it flies, from its home."""
    aircraft, home = wing.flying[b], home_of(b, wing)
    for axis in range(3):
        aircraft.at[axis] = home[axis]
        aircraft.to[axis] = home[axis]
    aircraft.took_off_s = now_s
    aircraft.since_s = now_s
    wing.counts[wing.given[b].group].sorties += 1
    tell(LOG_TAKEN_OFF, b, -1, now_s, wing)


@subroutine
def go_to_station(b: int, now_s: float, wing: Wing) -> None:
    """Fly to the orbit, or stay here where a group has none; go home if the fuel does not allow it."""
    aircraft, group = wing.flying[b], wing.groups[wing.given[b].group]
    spend(b, now_s, wing)
    here = as_point(aircraft.at)
    goal = as_point(group.orbit_a) if group.has_orbit == 1 else here
    way_m = gap_m(here, goal)
    if aircraft.fuel - way_m / group.tank_m <= share_from_station(b, wing):
        go_home(b, now_s, wing)
        return
    for axis in range(3):
        aircraft.to[axis] = goal[axis]
    plan(b, TO_STATION, now_s + way_m / group.speed_m_s, now_s, wing)


@subroutine
def come_on_station(b: int, now_s: float, wing: Wing) -> None:
    """Begin to fly the orbit, from the way there or from the tanker."""
    spend(b, now_s, wing)
    aircraft, j = wing.flying[b], wing.given[b].group
    if aircraft.phase == REFUELLING:
        aircraft.relieved = 0
        tell(LOG_REFUELLED, b, -1, now_s, wing)
    spare = max(aircraft.fuel - share_from_station(b, wing), 0.0)
    aircraft.bingo_s = now_s + spare * wing.groups[j].tank_s
    aircraft.orbit_s = now_s
    tell(LOG_ON_STATION, b, -1, now_s, wing)
    plan(b, ON_STATION, _next_look_s(b, now_s, wing), now_s, wing)


@subroutine
def _next_look_s(b: int, now_s: float, wing: Wing) -> float:
    """Return when an aircraft on station has to decide: to call its relief, to leave, or whether it is still wanted."""
    aircraft, j = wing.flying[b], wing.given[b].group
    group = wing.groups[j]
    until_s = wanted_until_s(j, now_s, wing)
    when_s = min(aircraft.bingo_s, until_s)
    if aircraft.relieved == 0 and aircraft.bingo_s < until_s:
        when_s = min(when_s, aircraft.bingo_s - (group.planned_s if is_planned(j, now_s, wing) else group.lead_s))
    return float(max(when_s, now_s))


@subroutine
def keep_station(b: int, now_s: float, wing: Wing) -> None:
    """Call the relief in time; at the end of its fuel go to the tanker or home; go home when no longer wanted."""
    spend(b, now_s, wing)
    aircraft, j = wing.flying[b], wing.given[b].group
    until_s = wanted_until_s(j, now_s, wing)
    if until_s <= now_s:
        go_home(b, now_s, wing)
        return
    if aircraft.bingo_s <= now_s:
        if _may_refuel(b, now_s, wing):
            _refuel(b, now_s, wing)
        else:
            go_home(b, now_s, wing)
        return
    look_s = _next_look_s(b, now_s, wing)
    if look_s > now_s:
        plan(b, ON_STATION, look_s, now_s, wing)
        return
    aircraft.relieved = 0 if _may_refuel(b, now_s, wing) else 1
    plan(b, ON_STATION, min(aircraft.bingo_s, until_s), now_s, wing)
    if aircraft.relieved == 1 and wing.groups[j].has_orbit == 1:
        man_station(j, now_s, wing)


@subroutine
def _may_refuel(b: int, now_s: float, wing: Wing) -> bool:
    """Say whether a tanker waits for an aircraft and it has what it takes to get there."""
    group, aircraft = wing.groups[wing.given[b].group], wing.flying[b]
    if group.tanker < 0 or wing.refuellings[group.tanker] == 0 or not has_rounds(b, wing):
        return False
    tanker = wing.tankers[group.tanker]
    way_m = gap_m(as_point(aircraft.at), as_point(tanker.place))
    return tanker.from_s <= now_s < tanker.to_s and aircraft.fuel > way_m / group.tank_m


@subroutine
def _refuel(b: int, now_s: float, wing: Wing) -> None:
    """Go to the tanker; the aircraft is back on station after the way there, the fuel and the way back."""
    j = wing.given[b].group
    group, aircraft, count = wing.groups[j], wing.flying[b], wing.counts[j]
    tanker = wing.tankers[group.tanker]
    way_m = gap_m(as_point(aircraft.at), as_point(tanker.place))
    wing.refuellings[group.tanker] -= 1
    there = way_m / group.tank_m
    count.loaded += 1.0 - (aircraft.fuel - there)
    count.burned += 2.0 * there
    count.refuelled += 1
    aircraft.fuel = 1.0 - there
    plan(b, REFUELLING, now_s + 2.0 * way_m / group.speed_m_s + tanker.refuel_s, now_s, wing)


@subroutine
def go_home(b: int, now_s: float, wing: Wing) -> None:
    """Fly home, or to the alternate if the base is closed; another takes its place on station."""
    spend(b, now_s, wing)
    aircraft, j = wing.flying[b], wing.given[b].group
    group = wing.groups[j]
    if group.has_divert == 1 and is_closed(j, aircraft.away, wing):
        aircraft.away = 1
        wing.counts[j].diverted += 1
        tell(LOG_DIVERTED, b, -1, now_s, wing)
    home = home_of(b, wing)
    for axis in range(3):
        aircraft.to[axis] = home[axis]
    way_s = gap_m(as_point(aircraft.at), home) / group.speed_m_s
    plan(b, HOMEWARD, now_s + way_s, now_s, wing)
    man_station(j, now_s, wing)


@subroutine
def land(b: int, now_s: float, wing: Wing) -> None:
    """Land, or go on to the alternate if the base has been closed meanwhile."""
    spend(b, now_s, wing)
    aircraft, j = wing.flying[b], wing.given[b].group
    if wing.groups[j].has_divert == 1 and is_closed(j, aircraft.away, wing):
        go_home(b, now_s, wing)
        return
    count = wing.counts[j]
    count.recovered += 1
    count.flying_s += now_s - aircraft.took_off_s
    tell(LOG_RECOVERED, b, -1, now_s, wing)
    plan(b, WAITING_TURN, np.inf, now_s, wing)
    turn_round(j, now_s, wing)


@subroutine
def turn_round(j: int, now_s: float, wing: Wing) -> None:
    """Give free crews to the aircraft that wait, the first landed first."""
    group, count = wing.groups[j], wing.counts[j]
    while count.crews_busy < group.crews:
        first, first_s = -1, np.inf
        for b in range(group.aircraft_first, wing.groups[j + 1].aircraft_first):
            if wing.flying[b].phase == WAITING_TURN and wing.flying[b].since_s < first_s:
                first, first_s = b, wing.flying[b].since_s
        if first < 0:
            return
        count.crews_busy += 1
        u = next_draw(first, wing)
        turn_s = max(group.turn_s + group.turn_spread_s * (2.0 * u.a - 1.0), 0.0)
        plan(first, TURNING, now_s + turn_s, now_s, wing)


@subroutine
def stand_ready(b: int, now_s: float, wing: Wing) -> None:
    """End a turn-round: fill tank and racks, free the crew, man the station if it is wanted."""
    j = wing.given[b].group
    aircraft, first = wing.flying[b], wing.groups[j].armament_first
    for e in range(first, wing.groups[j + 1].armament_first):
        given = wing.armament[e]
        weapon = wing.weapons[given.weapon]
        load = min(given.aboard - aircraft.rounds[e - first], weapon.reserve)
        weapon.reserve -= load
        weapon.ready += load
        aircraft.rounds[e - first] += load
    wing.counts[j].loaded += 1.0 - aircraft.fuel
    aircraft.fuel = 1.0
    plan(b, READY, np.inf, now_s, wing)
    wing.counts[j].crews_busy -= 1
    turn_round(j, now_s, wing)
    man_station(j, now_s, wing)
