"""One row for each (replication, threat), its columns in the order of the line a threat follows.

`Block` is what the engine hands over for a run of consecutive replications. Letters: R replications in the block, T
threats, W weapons, M targets, Q sensors, U fire units, E events. Threats, weapons, targets, sensors and fire units are
indices into `Roster`, whose order is by id and so does not depend on the order in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from shieldwall.results.consequence import Alarms, Impacts, Outages
from shieldwall.results.traffic import Traffic


class Fate(IntEnum):
    """How a threat ends. Every launched threat has exactly one."""

    FAILED = 0  # fell by itself: mechanical failure, or a decoy that reached the end of its fuel
    SUPPRESSED = 1
    SHOT_DOWN = 2
    LEAKED_HIT = 3
    LEAKED_MISSED = 4
    ABORTED = 5


class Cause(IntEnum):
    """Why a leaker leaked. NONE for every other fate."""

    NONE = 0
    NEVER_DETECTED = 1
    DETECTED_TOO_LATE = 2
    NO_SHOOTER_IN_REACH = 3
    CHANNELS_SATURATED = 4
    MAGAZINE_EMPTY = 5
    COMMAND_DELAY = 6
    SHOTS_MISSED = 7
    HELD_BY_RULES = 8


@dataclass(frozen=True, slots=True)
class Roster:
    """The ids behind the indices of a block, each tuple sorted by id unless said otherwise.

    threat "salvo/number" (T,), salvo order by id, number ascending; threat_type (T,) the type's id;
    weapon (W,) "fire unit/effector id"; effector (W,) the effector's id; fire_unit (U,); sensor (Q,);
    target (M,): assets, then fire units, then sensors; path_label (P,) "salvo to target, way k of n"; service (V,);
    fighter (J,) the groups of aircraft, fighter_type (J,) the type's id. Groups stand in fire_unit too, behind all
    others, their armament in weapon, their radars in sensor. flight (F,) friendly and civil aircraft, as threat;
    flight_type, flight_side (F,).

    Raises
    ------
    ValueError
        If two entries of one tuple are the same: rows name them by these words, and files would not be the same twice.
    """

    threat: tuple[str, ...]
    threat_type: tuple[str, ...]
    weapon: tuple[str, ...]
    effector: tuple[str, ...]
    fire_unit: tuple[str, ...]
    sensor: tuple[str, ...]
    target: tuple[str, ...]
    path_label: tuple[str, ...]
    service: tuple[str, ...] = ()
    fighter: tuple[str, ...] = ()
    fighter_type: tuple[str, ...] = ()
    flight: tuple[str, ...] = ()
    flight_type: tuple[str, ...] = ()
    flight_side: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("threat", "weapon", "fire_unit", "sensor", "target", "path_label", "flight"):
            words = getattr(self, name)
            if len(set(words)) < len(words):
                raise ValueError(f"two entries of {name} are the same")


@dataclass(frozen=True, slots=True)
class Block:
    """Everything that replications first .. first+R-1 left behind. Times are seconds after the scenario's start.

    Rows (R, T): decoy bool; start_s float64; path int64; first_track_s float64 (NaN = never), first_sensor int64 (-1 =
    none); engageable_s float64 (NaN = never); duplicates int64 salvos fired at it while one of another network was
    under way; rounds int64 fired at it; weapon int64 that killed it or shot last
    (-1 = none); fate int8; cause int8; end_s float64; target int64; damage float64 (value lost to this threat).
    Weapons (R, W): fired, left, lost int64 rounds; empty_s float64 (NaN = never ran out).
    Groups of aircraft (R, J, AIR_COUNTS): air float64, what AIR_COUNTS names. Targets (R, M): remaining float64, share
    of the target left. Losses: sensor_lost_s (R, Q), unit_lost_s (R, U),
    NaN = not. Events (E,): event_replication, event_time_s, event_kind, event_threat, event_weapon, event_sensor,
    event_value; empty unless asked for; threats T and beyond are flights. impacts, outages, alarms, air, traffic: None
    where the scenario names no people, services, intelligence, fighters, friendly or civil aircraft.
    """

    first: int
    decoy: NDArray[np.bool_]
    start_s: NDArray[np.float64]
    path: NDArray[np.int64]
    first_track_s: NDArray[np.float64]
    first_sensor: NDArray[np.int64]
    engageable_s: NDArray[np.float64]
    duplicates: NDArray[np.int64]
    rounds: NDArray[np.int64]
    weapon: NDArray[np.int64]
    fate: NDArray[np.int8]
    cause: NDArray[np.int8]
    end_s: NDArray[np.float64]
    target: NDArray[np.int64]
    damage: NDArray[np.float64]
    fired: NDArray[np.int64]
    left: NDArray[np.int64]
    lost: NDArray[np.int64]
    empty_s: NDArray[np.float64]
    remaining: NDArray[np.float64]
    sensor_lost_s: NDArray[np.float64]
    unit_lost_s: NDArray[np.float64]
    event_replication: NDArray[np.int64]
    event_time_s: NDArray[np.float64]
    event_kind: NDArray[np.int8]
    event_threat: NDArray[np.int64]
    event_weapon: NDArray[np.int64]
    event_sensor: NDArray[np.int64]
    event_value: NDArray[np.float64]
    air: NDArray[np.float64] | None = None
    impacts: Impacts | None = None
    outages: Outages | None = None
    alarms: Alarms | None = None
    traffic: Traffic | None = None


# What is counted of each group of aircraft: numbers; hours in the air and on station; tanks of fuel. `left` are the
# aircraft that stand at a base in the end, with `fuel_left` in their tanks.
AIR_COUNTS = (
    "scrambles", "sorties", "recovered", "diverted", "refuelled", "lost_in_flight", "lost_on_ground", "unavailable",
    "kills", "left", "flying_h", "station_h", "fuel_burned", "fuel_loaded", "fuel_lost", "fuel_left",
)  # fmt: skip
ROW_COLUMNS = (
    "decoy", "start_s", "path", "first_track_s", "first_sensor", "engageable_s",
    "duplicates", "rounds", "weapon", "fate", "cause", "end_s", "target", "damage",
)  # fmt: skip
EVENT_COLUMNS = (
    "event_replication", "event_time_s", "event_kind", "event_threat", "event_weapon", "event_sensor", "event_value",
)  # fmt: skip
