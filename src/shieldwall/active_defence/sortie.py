"""Sortie: where an aircraft is, what fuel and rounds it has left, and what it may still do.

Nothing here schedules: `engine/air.py` says when what follows what.
"""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.intercept import Point, along, as_point, gap_m
from shieldwall.core.compiled import kernel, subroutine
from shieldwall.core.random import FLYING, Uniforms, draw
from shieldwall.state import State
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
)
from shieldwall.tables import FORBIDDEN_RANK, Tables

# Below this share of what it was, a base is closed.
_CLOSED_BELOW = 0.5


@kernel
def next_draw(b: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> Uniforms:
    """Return the next random numbers of an aircraft."""
    aircraft = state.air.aircraft[b]
    number = aircraft.draws
    aircraft.draws = number + 1
    return draw(seed, replication, FLYING, tables.air.aircraft[b].actor, np.uint64(number))


@kernel
def is_aloft(phase: int) -> bool:
    """Say whether an aircraft is in the air."""
    return TO_STATION <= phase <= HOMEWARD


@kernel
def is_grounded(phase: int) -> bool:
    """Say whether an aircraft stands on the ground and may be hit there."""
    return phase in (DOWN, READY, STARTING, WAITING_TURN, TURNING)


@kernel
def is_closed(j: int, away: int, tables: Tables, state: State) -> bool:
    """Say whether the field of a group's aircraft is closed; the alternate never is."""
    base = tables.air.groups[j].base_target
    return away == 0 and base >= 0 and state.remaining[base] < _CLOSED_BELOW


@kernel
def home_of(b: int, tables: Tables, state: State) -> Point:
    """Return where an aircraft lands: its base, or the alternate once it has gone there."""
    group = tables.air.groups[tables.air.aircraft[b].group]
    return as_point(group.divert) if state.air.aircraft[b].away == 1 else as_point(group.base)


@subroutine
def place_of(b: int, now_s: float, tables: Tables, state: State) -> Point:
    """Return where an aircraft is now."""
    aircraft = state.air.aircraft[b]
    here = as_point(aircraft.at)
    if aircraft.phase in (TO_STATION, TO_TARGET, HOMEWARD):
        length_s = aircraft.next_s - aircraft.since_s
        if length_s <= 0.0:
            return as_point(aircraft.to)
        return along(here, as_point(aircraft.to), min((now_s - aircraft.since_s) / length_s, 1.0))
    group = tables.air.groups[tables.air.aircraft[b].group]
    if aircraft.phase != ON_STATION or group.has_orbit == 0:
        return here
    a, z = as_point(group.orbit_a), as_point(group.orbit_b)
    leg_s = gap_m(a, z) / group.speed_m_s
    if leg_s <= 0.0:
        return a
    turn = (now_s - aircraft.orbit_s) / leg_s
    turn -= 2.0 * np.floor(0.5 * turn)
    return along(a, z, turn if turn <= 1.0 else 2.0 - turn)


@subroutine
def spend(b: int, now_s: float, tables: Tables, state: State) -> None:
    """Bring the place and the fuel of an aircraft up to now, and count its time on station."""
    aircraft = state.air.aircraft[b]
    j = tables.air.aircraft[b].group
    group, count = tables.air.groups[j], state.air.groups[j]
    past_s = now_s - aircraft.since_s
    if is_aloft(aircraft.phase) and past_s > 0.0:
        here = place_of(b, now_s, tables, state)
        burned = 0.0
        if aircraft.phase == ON_STATION:
            burned = past_s / group.tank_s
            count.station_s += past_s
        elif aircraft.phase != REFUELLING:
            burned = past_s * group.speed_m_s / group.tank_m
        for axis in range(3):
            aircraft.at[axis] = here[axis]
        aircraft.fuel -= burned
        count.burned += burned
    aircraft.since_s = now_s


@kernel
def share_home(start: Point, b: int, tables: Tables, state: State) -> float:
    """Return the share of a tank that an aircraft needs at a place to land at home, its reserve kept."""
    group = tables.air.groups[tables.air.aircraft[b].group]
    way_m = gap_m(start, home_of(b, tables, state))
    if state.air.aircraft[b].away == 0:
        way_m += group.landing_m
    return way_m / group.tank_m + group.reserve


@kernel
def share_from_station(b: int, tables: Tables, state: State) -> float:
    """Return what it needs to land from its station: from the far end of the orbit, or from where it is."""
    group = tables.air.groups[tables.air.aircraft[b].group]
    if group.has_orbit == 0:
        return share_home(as_point(state.air.aircraft[b].at), b, tables, state)
    return max(
        share_home(as_point(group.orbit_a), b, tables, state), share_home(as_point(group.orbit_b), b, tables, state)
    )


@subroutine
def armament_for(b: int, threat_class: int, tables: Tables, state: State) -> int:
    """Return the armament aboard with the best chance against a class that the rules allow, -1 for none."""
    j = tables.air.aircraft[b].group
    first = tables.air.groups[j].armament_first
    best, best_chance = -1, 0.0
    for e in range(first, tables.air.groups[j + 1].armament_first):
        weapon = tables.air.armament[e].weapon
        chance = tables.air.kill_probability[e, threat_class]
        aboard = state.air.aircraft[b].rounds[e - first]
        spare = state.weapons[weapon].ready > tables.keep[weapon, threat_class]
        if aboard > 0 and spare and chance > best_chance and tables.rank[weapon, threat_class] < FORBIDDEN_RANK:
            best, best_chance = e, chance
    return best


@kernel
def has_rounds(b: int, tables: Tables, state: State) -> bool:
    """Say whether anything is left aboard to shoot with."""
    j = tables.air.aircraft[b].group
    for kind in range(tables.air.groups[j + 1].armament_first - tables.air.groups[j].armament_first):
        if state.air.aircraft[b].rounds[kind] > 0:
            return True
    return False


@subroutine
def load_up(b: int, tables: Tables, state: State) -> None:
    """Fill the tank, and the racks from the base's reserve."""
    j = tables.air.aircraft[b].group
    aircraft, first = state.air.aircraft[b], tables.air.groups[j].armament_first
    for e in range(first, tables.air.groups[j + 1].armament_first):
        given = tables.air.armament[e]
        weapon = state.weapons[given.weapon]
        load = min(given.aboard - aircraft.rounds[e - first], weapon.reserve)
        weapon.reserve -= load
        weapon.ready += load
        aircraft.rounds[e - first] += load
    state.air.groups[j].loaded += 1.0 - aircraft.fuel
    aircraft.fuel = 1.0


@subroutine
def lose(b: int, tables: Tables, state: State) -> None:
    """Strike an aircraft off, with its fuel and its rounds."""
    j = tables.air.aircraft[b].group
    aircraft, count, first = state.air.aircraft[b], state.air.groups[j], tables.air.groups[j].armament_first
    for e in range(first, tables.air.groups[j + 1].armament_first):
        aboard = aircraft.rounds[e - first]
        state.weapons[tables.air.armament[e].weapon].ready -= aboard
        state.air.lost_rounds[e] += aboard
        aircraft.rounds[e - first] = 0
    count.fuel_lost += aircraft.fuel
    aircraft.fuel = 0.0
    aircraft.phase = LOST
    aircraft.event += 1
    aircraft.next_s = np.inf


@kernel
def can_take(b: int, tables: Tables, state: State) -> bool:
    """Say whether an aircraft may be sent against a threat now: ready on an open field, or aloft without a target."""
    aircraft = state.air.aircraft[b]
    if aircraft.phase == READY:
        return not is_closed(tables.air.aircraft[b].group, aircraft.away, tables, state)
    return aircraft.phase in (TO_STATION, ON_STATION, HOMEWARD)


@kernel
def is_busy(phase: int) -> bool:
    """Say whether an aircraft works on a target."""
    return phase in (STARTING, TO_TARGET, IDENTIFYING, IN_FIGHT)
