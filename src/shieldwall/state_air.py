"""What one replication changes of that which flies for the defence; None in `State` where there are no fighters.

Letters as in `tables_air`; L networks, A pairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel
from shieldwall.core.event_queue import EventQueue
from shieldwall.tables_air import AirTables, Records

# What an aircraft does.
DOWN, READY, STARTING, TO_STATION, ON_STATION, REFUELLING = 0, 1, 2, 3, 4, 5
TO_TARGET, IDENTIFYING, IN_FIGHT, HOMEWARD, WAITING_TURN, TURNING, LOST = 6, 7, 8, 9, 10, 11, 12

# The kind of event at which an aircraft goes from one phase to the next.
AIRCRAFT = 21

# An aircraft carries at most so many kinds of rounds.
KINDS_ABOARD = 4

# (B,) at: where it was at since_s; to: where it will be at next_s, when its phase ends; fuel: share of a full tank at
# since_s; rounds: by armament of its group; event: number of its last event, others are stale; pair, row: what it is
# sent against, by which row of the reaches (-1: nothing); kind, shots: armament and shots of its last salvo; cut 1: its
# fuel ends its look at the target; away 1: its base is the alternate; orbit_s: when it began its orbit; relieved 1:
# another is called to take its place; bingo_s: when it must leave its station; draws: random numbers used.
AIRCRAFT_STATE = np.dtype(
    [
        ("phase", "i8"),
        ("event", "i8"),
        ("since_s", "f8"),
        ("next_s", "f8"),
        ("at", "f8", (3,)),
        ("to", "f8", (3,)),
        ("fuel", "f8"),
        ("rounds", "i8", (KINDS_ABOARD,)),
        ("pair", "i8"),
        ("row", "i8"),
        ("kind", "i8"),
        ("cut", "i8"),
        ("shots", "i8"),
        ("orbit_s", "f8"),
        ("away", "i8"),
        ("relieved", "i8"),
        ("bingo_s", "f8"),
        ("took_off_s", "f8"),
        ("draws", "i8"),
    ]
)

# (J,) alert_until_s; on_station: aircraft whose radar serves the network now; watch: how often that began; crews_busy;
# and what is counted: tanks of fuel burned, loaded, and lost with aircraft, besides what AIR_COUNTS names.
GROUP_STATE = np.dtype(
    [
        ("alert_until_s", "f8"),
        ("on_station", "i8"),
        ("watch", "i8"),
        ("crews_busy", "i8"),
        ("burned", "f8"),
        ("loaded", "f8"),
        ("fuel_lost", "f8"),
        ("scrambles", "i8"),
        ("sorties", "i8"),
        ("recovered", "i8"),
        ("diverted", "i8"),
        ("refuelled", "i8"),
        ("lost_in_flight", "i8"),
        ("lost_on_ground", "i8"),
        ("unavailable", "i8"),
        ("flying_s", "f8"),
        ("station_s", "f8"),
        ("kills", "i8"),
    ]
)


class AirState(NamedTuple):
    """All of it, by the dtypes above.

    hold (J,): 1 while a group is neither scrambled nor committed; whoever steps through a raid may change it between
    steps. first (L,), next (A,): lists of pairs that wait for an aircraft, by network, -1 at the end; queued (A,): 1
    for those on a list, -1 for those given up, -2 for those given up while on a list; aircraft_of (A,): the aircraft
    sent against a pair, -1 for none; refuellings (K,): left in each tanker; lost_rounds (E,): lost with their aircraft.
    """

    aircraft: Records
    groups: Records
    hold: NDArray[np.int64]
    first: NDArray[np.int64]
    next: NDArray[np.int64]
    queued: NDArray[np.int64]
    aircraft_of: NDArray[np.int64]
    refuellings: NDArray[np.int64]
    lost_rounds: NDArray[np.int64]


class Wing(NamedTuple):
    """What the rules of one aircraft see and change: a part of tables and state, so that little is handed on.

    given, groups, armament, tankers: of AirTables; flying, counts: the aircraft and the groups of AirState; hold,
    refuellings, lost_rounds of AirState; weapons, remaining, log, queue, used of State.
    """

    given: Records
    groups: Records
    armament: Records
    tankers: Records
    flying: Records
    counts: Records
    hold: NDArray[np.int64]
    refuellings: NDArray[np.int64]
    lost_rounds: NDArray[np.int64]
    weapons: Records
    remaining: NDArray[np.float64]
    log: Records
    queue: EventQueue
    used: NDArray[np.int64]
    seed: np.uint64
    replication: np.uint64


def new_air_state(air: AirTables | None, n_pairs: int, n_networks: int) -> AirState | None:
    """Return a state with room for what `air` holds, None for nothing; its content is set by `reset_air`."""
    if air is None:
        return None
    n_groups = air.groups.shape[0] - 1

    def ints(length: int) -> NDArray[np.int64]:
        return np.zeros(length, np.int64)

    return AirState(
        aircraft=np.zeros(air.aircraft.shape[0], AIRCRAFT_STATE).view(np.recarray),
        groups=np.zeros(n_groups, GROUP_STATE).view(np.recarray),
        hold=ints(n_groups),
        first=ints(n_networks),
        next=ints(n_pairs),
        queued=ints(n_pairs),
        aircraft_of=ints(n_pairs),
        refuellings=ints(air.tankers.shape[0]),
        lost_rounds=ints(air.armament.shape[0]),
    )


@kernel
def reset_air(air: AirTables, state: AirState) -> None:
    """Put every aircraft on the ground at its base, ready, fuelled and empty of rounds; forget every order."""
    for b in range(state.aircraft.shape[0]):
        aircraft = state.aircraft[b]
        aircraft.phase = READY
        aircraft.event = 0
        aircraft.since_s = 0.0
        aircraft.next_s = np.inf
        for axis in range(3):
            aircraft.at[axis] = air.groups[air.aircraft[b].group].home[axis]
            aircraft.to[axis] = aircraft.at[axis]
        aircraft.fuel = 1.0
        for kind in range(KINDS_ABOARD):
            aircraft.rounds[kind] = 0
        aircraft.pair = -1
        aircraft.row = -1
        aircraft.kind = -1
        aircraft.cut = 0
        aircraft.shots = 0
        aircraft.orbit_s = 0.0
        aircraft.away = 0
        aircraft.relieved = 0
        aircraft.bingo_s = np.inf
        aircraft.took_off_s = 0.0
        aircraft.draws = 0
    for j in range(state.groups.shape[0]):
        group = state.groups[j]
        group.alert_until_s = -np.inf
        group.on_station = 0
        group.watch = 0
        group.crews_busy = 0
        group.burned = 0.0
        group.loaded = 0.0
        group.fuel_lost = 0.0
        group.scrambles = 0
        group.sorties = 0
        group.recovered = 0
        group.diverted = 0
        group.refuelled = 0
        group.lost_in_flight = 0
        group.lost_on_ground = 0
        group.unavailable = 0
        group.flying_s = 0.0
        group.station_s = 0.0
        group.kills = 0
        state.hold[j] = air.groups[j].hold
    state.first[:] = -1
    state.queued[:] = 0
    state.aircraft_of[:] = -1
    for k in range(state.refuellings.shape[0]):
        state.refuellings[k] = air.tankers[k].refuellings
    state.lost_rounds[:] = 0
