"""Every array that is computed once per scenario and read, never written, by every replication.

The kernel sees nothing else of a scenario. Letters in shapes: S salvos, T threats, P paths, N path points, Q sensors, U fire
units, W weapons (one kind of round on one fire unit), M targets (assets, then fire units, then sensors), Z soft-kill
zones, C threat classes, L networks (who shares one picture), G groups (a path and one network that may act on it), A pairs
(a threat and one network that may act on it). Times of windows are seconds after the threat's own launch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Word = NDArray[np.uint64]

ASSET, FIRE_UNIT, SENSOR = 0, 1, 2
UNIFORM, NORMAL, POISSON, EQUAL = 0, 1, 2, 3
GREEDY, NEAREST = 0, 1
LAST_RANK = 1_000
FORBIDDEN_RANK = 1_001


class Paths(NamedTuple):
    """Where threats fly: one path for each (salvo, origin, aim point, route variant).

    The points of path p are rows ptr[p] to ptr[p+1]-1, equally spaced in time, the first at launch (0 s), the last at
    impact (`duration_s[p]`); between two points a threat moves on a straight line.

    salvo (P,) index into the salvos; target (P,) index of the aim point among the M targets; probability (P,) chance that
    a threat of the salvo draws this path (sums to 1 over a salvo; paths of a salvo are contiguous);
    ptr (P+1,); step_s (P,) time between points; duration_s (P,);
    xyz_m (N, 3) WGS84 earth-centred; ground_m (N, 3) the same point at height zero; height_m (N,) above the ground;
    latitude_deg (N,), longitude_deg (N,).
    """

    salvo: Int
    target: Int
    probability: Float
    ptr: Int
    step_s: Float
    duration_s: Float
    xyz_m: Float
    ground_m: Float
    height_m: Float
    latitude_deg: Float
    longitude_deg: Float


class Threats(NamedTuple):
    """actor (T,); salvo (T,); pair_first (T+1,): the pairs of threat t are pair_first[t] to pair_first[t+1]-1."""

    actor: Word
    salvo: Int
    pair_first: Int
    pair_threat: Int


class Salvos(NamedTuple):
    """Per salvo (S,): threats and paths as ranges, chances, and when it starts.

    threat_first (S+1,), path_first (S+1,), threat_class, decoy_share, abort_share, failure_probability, time_s, spread_s,
    timing (UNIFORM..EQUAL), time_on_target 0 or 1; network_first (S+1,) into `network`.
    """

    threat_first: Int
    path_first: Int
    threat_class: Int
    decoy_share: Float
    abort_share: Float
    failure_probability: Float
    time_s: Float
    spread_s: Float
    timing: Int
    time_on_target: Int
    network_first: Int
    network: Int


class Flights(NamedTuple):
    """Per path (P,): what the kernel needs of it.

    cumulative: chance of this or an earlier path of its salvo; duration_s; target; hit_probability; hit_damage: share of
    what is left of the target that a hit takes; value_at_risk: expected value lost if nothing stops it;
    group_first (P+1,): groups of the path, in the order of its salvo's networks; zone_first (P+1,).
    """

    cumulative: Float
    duration_s: Float
    target: Int
    hit_probability: Float
    hit_damage: Float
    value_at_risk: Float
    group_first: Int
    zone_first: Int


class Zones(NamedTuple):
    """Stays of paths in soft-kill zones, by path: actor of the zone, zone, stay (how many stays of this
    path in this zone came before), enter_s, leave_s, hazard_per_s.
    """

    actor: Word
    zone: Int
    stay: Int
    enter_s: Float
    leave_s: Float
    hazard_per_s: Float


class Detections(NamedTuple):
    """Sight of paths, by group, the earliest first: first (G+1,); sensor, stay (how many stays of this path with this
    sensor came before), enter_s, leave_s.
    """

    first: Int
    sensor: Int
    stay: Int
    enter_s: Float
    leave_s: Float


class Engagements(NamedTuple):
    """Chances to shoot, by group, the earliest first.

    first (G+1,); weapon, radar (sensor that serves it), open_s and close_s: first and last time to give the order;
    delay_s (rows, K): time from order to intercept at K orders equally spaced from open to close; kill_probability of a
    shot; last_close_s (G,): the last close of the group (-inf if it has none).
    """

    first: Int
    weapon: Int
    radar: Int
    open_s: Float
    close_s: Float
    delay_s: Float
    kill_probability: Float
    last_close_s: Float


class Sensors(NamedTuple):
    """Per sensor (Q,): actor, scan_s, detection_probability, hits_to_track, availability."""

    actor: Word
    scan_s: Float
    detection_probability: Float
    hits_to_track: Int
    availability: Float


class FireUnits(NamedTuple):
    """Per fire unit (U,): actor, channels, ready_s, availability, own radar (sensor), weapon_first (U+1,)."""

    actor: Word
    channels: Int
    ready_s: Float
    availability: Float
    radar: Int
    weapon_first: Int


class Weapons(NamedTuple):
    """Per weapon (W,): fire unit; rounds ready and in reserve; launchers; what a shot takes; who it is for.

    launchers, rounds_per_launcher, ready_rounds, reserve_rounds, reload_s, rounds_per_shot, interval_s;
    rank (W, C): preference against a class, 0 first, FORBIDDEN_RANK never; keep (W, C): rounds held back from the class.
    """

    fire_unit: Int
    launchers: Int
    rounds_per_launcher: Int
    ready_rounds: Int
    reserve_rounds: Int
    reload_s: Float
    rounds_per_shot: Int
    interval_s: Float
    rank: Int
    keep: Int


class Rules(NamedTuple):
    """Per class (C,): salvo, max_shots, assess_s; and for all: assignment, hold, delays.

    assignment GREEDY or NEAREST; hold 1 if nothing may be fired; identify 1 if only identified tracks may be engaged;
    identification_s, command_s means; exponential 1 if they are drawn so; network_actor (L,).
    """

    salvo: Int
    max_shots: Int
    assess_s: Float
    assignment: int
    hold: int
    identify: int
    identification_s: float
    command_s: float
    exponential: int
    network_actor: Word


class Targets(NamedTuple):
    """Per target (M,): kind (ASSET, FIRE_UNIT, SENSOR), index of the fire unit or sensor (-1 for an asset), value."""

    kind: Int
    index: Int
    value: Float


class Tables(NamedTuple):
    """All of it."""

    threats: Threats
    salvos: Salvos
    flights: Flights
    zones: Zones
    detections: Detections
    engagements: Engagements
    sensors: Sensors
    fire_units: FireUnits
    weapons: Weapons
    rules: Rules
    targets: Targets
