"""One aircraft: where it is, what fuel and rounds it has left, what it may still do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.active_defence.intercept import Point, along, as_point, gap_m
from shieldwall.core.compiled import kernel, subroutine
from shieldwall.core.event_queue import push
from shieldwall.core.random import FLYING, Uniforms, draw
from shieldwall.state import QUEUE_FULL, STATUS, note
from shieldwall.state_air import (
    AIRCRAFT,
    DOWN,
    HOMEWARD,
    LOST,
    ON_STATION,
    READY,
    REFUELLING,
    STARTING,
    TO_STATION,
    TO_TARGET,
    TURNING,
    WAITING_TURN,
    Wing,
)
from shieldwall.tables import FORBIDDEN_RANK, Int

# Below this share of what it was, a base is closed.
_CLOSED_BELOW = 0.5


@subroutine
def next_draw(b: int, wing: Wing) -> Uniforms:
    """Return the next random numbers of an aircraft."""
    number = wing.flying[b].draws
    wing.flying[b].draws = number + 1
    return draw(wing.seed, wing.replication, FLYING, wing.given[b].actor, np.uint64(number))


@subroutine
def plan(b: int, phase: int, next_s: float, now_s: float, wing: Wing) -> None:
    """Put an aircraft into a phase that ends at a moment (inf: something else ends it); what it had in mind is void."""
    aircraft, count = wing.flying[b], wing.counts[wing.given[b].group]
    count.on_station += int(phase == ON_STATION) - int(aircraft.phase == ON_STATION)
    aircraft.phase = phase
    aircraft.since_s = now_s
    aircraft.next_s = next_s
    aircraft.event += 1
    if next_s < np.inf and not push(wing.queue, next_s, AIRCRAFT, b, aircraft.event):
        wing.used[STATUS] = QUEUE_FULL


@subroutine
def tell(kind: int, b: int, t: int, now_s: float, wing: Wing) -> None:
    """Write what an aircraft does into the log: its group's first armament says whose it is, the value its number."""
    first = wing.groups[wing.given[b].group].armament_first
    note(wing, now_s, kind, t, wing.armament[first].weapon, -1, wing.given[b].number)


@kernel
def is_closed(j: int, away: int, wing: Wing) -> bool:
    """Say whether the field of a group's aircraft is closed; the alternate never is."""
    base = wing.groups[j].base_target
    return away == 0 and base >= 0 and wing.remaining[base] < _CLOSED_BELOW


@kernel
def home_of(b: int, wing: Wing) -> Point:
    """Return where an aircraft lands: its base, or the alternate once it has gone there."""
    group = wing.groups[wing.given[b].group]
    return as_point(group.divert) if wing.flying[b].away == 1 else as_point(group.home)


@subroutine
def place_of(b: int, now_s: float, wing: Wing) -> Point:
    """Return where an aircraft is now."""
    aircraft = wing.flying[b]
    here = as_point(aircraft.at)
    if aircraft.phase in (TO_STATION, TO_TARGET, HOMEWARD):
        length_s = aircraft.next_s - aircraft.since_s
        share = min((now_s - aircraft.since_s) / length_s, 1.0) if length_s > 0.0 else 1.0
        return along(here, as_point(aircraft.to), share)
    group = wing.groups[wing.given[b].group]
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
def spend(b: int, now_s: float, wing: Wing) -> None:
    """Bring the place and the fuel of an aircraft up to now, and count its time on station."""
    aircraft, j = wing.flying[b], wing.given[b].group
    group, count = wing.groups[j], wing.counts[j]
    past_s = now_s - aircraft.since_s
    if TO_STATION <= aircraft.phase <= HOMEWARD and past_s > 0.0:
        here = place_of(b, now_s, wing)
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


@subroutine
def share_home(start: Point, b: int, wing: Wing) -> float:
    """Return the share of a tank that an aircraft needs at a place to land at home, its reserve kept."""
    group = wing.groups[wing.given[b].group]
    way_m = gap_m(start, home_of(b, wing))
    if wing.flying[b].away == 0:
        way_m += group.landing_m
    return float(way_m / group.tank_m + group.reserve)


@subroutine
def share_from_station(b: int, wing: Wing) -> float:
    """Return what it needs to land from its station: from the far end of the orbit, or from where it is."""
    group = wing.groups[wing.given[b].group]
    if group.has_orbit == 0:
        return share_home(as_point(wing.flying[b].at), b, wing)
    return max(share_home(as_point(group.orbit_a), b, wing), share_home(as_point(group.orbit_b), b, wing))


@kernel
def spare_fuel(b: int, wing: Wing) -> float:
    """Return the share of a tank that an aircraft may use up before it must turn for home from where it is."""
    return float(wing.flying[b].fuel - share_home(as_point(wing.flying[b].at), b, wing))


@subroutine
def armament_for(
    b: int, threat_class: int, kill_probability: NDArray[np.float64], rank: Int, keep: Int, wing: Wing
) -> int:
    """Return the armament aboard with the best chance against a class that the rules allow, -1 for none."""
    j = wing.given[b].group
    first = wing.groups[j].armament_first
    best, best_chance = -1, 0.0
    for e in range(first, wing.groups[j + 1].armament_first):
        weapon = wing.armament[e].weapon
        chance = kill_probability[e, threat_class]
        spare = wing.flying[b].rounds[e - first] > 0 and wing.weapons[weapon].ready > keep[weapon, threat_class]
        if spare and chance > best_chance and rank[weapon, threat_class] < FORBIDDEN_RANK:
            best, best_chance = e, chance
    return best


@subroutine
def has_rounds(b: int, wing: Wing) -> bool:
    """Say whether anything is left aboard to shoot with."""
    j = wing.given[b].group
    for kind in range(wing.groups[j + 1].armament_first - wing.groups[j].armament_first):
        if wing.flying[b].rounds[kind] > 0:
            return True
    return False


@kernel
def can_take(b: int, wing: Wing) -> bool:
    """Say whether an aircraft may be sent against a threat now: ready on an open field, or aloft without a target."""
    aircraft = wing.flying[b]
    if aircraft.phase == READY:
        return not is_closed(wing.given[b].group, aircraft.away, wing)
    return aircraft.phase in (TO_STATION, ON_STATION, HOMEWARD)


@subroutine
def is_grounded(phase: int) -> bool:
    """Say whether an aircraft stands on the ground and may be hit there."""
    return phase in (DOWN, READY, STARTING, WAITING_TURN, TURNING)


@subroutine
def lose(b: int, wing: Wing) -> None:
    """Strike an aircraft off, with its fuel and its rounds."""
    j = wing.given[b].group
    aircraft, first = wing.flying[b], wing.groups[j].armament_first
    for e in range(first, wing.groups[j + 1].armament_first):
        aboard = aircraft.rounds[e - first]
        wing.weapons[wing.armament[e].weapon].ready -= aboard
        wing.lost_rounds[e] += aboard
        aircraft.rounds[e - first] = 0
    wing.counts[j].fuel_lost += aircraft.fuel
    aircraft.fuel = 0.0
    aircraft.phase = LOST
    aircraft.event += 1
    aircraft.next_s = np.inf
