"""Every array that is computed once per scenario and read, never written, by every replication.

The kernel sees nothing else of a scenario. Each table is one array of records, so a kernel function is handed a few
arrays and reads `tables.engagements[row].open_s`. Letters in shapes: S salvos, T threats, P paths, N path points, Q
sensors, U fire units, W weapons (one kind of round on one fire unit), M targets (assets, then fire units, then
sensors), Z soft-kill zones, C threat classes, L networks (who shares one picture), G groups (a path and one network
that may act on it), A pairs (a threat and one network that may act on it). Times of windows are seconds after the
threat's own launch.

A field `..._first` of a table with one record more than it has entries says where the entries of another table begin:
those of entry i are [i]..first to [i + 1]..first - 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Records = Any  # np.recarray of one of the dtypes below
Part = Any  # one of the named tuples below, or None where the scenario does not name it

ASSET, FIRE_UNIT, SENSOR = 0, 1, 2
HOSTILE, FRIEND, CIVIL = 0, 1, 2
UNIFORM, NORMAL, POISSON, EQUAL = 0, 1, 2, 3
GREEDY, NEAREST, COST_AWARE, ROLLING, EXACT = 0, 1, 2, 3, 4
LAST_RANK = 1_000
FORBIDDEN_RANK = 1_001

# (T + 1,) actor: 64-bit name for the generator; pair_first into pairs.
THREAT = np.dtype([("actor", "u8"), ("salvo", "i8"), ("pair_first", "i8")])

# (S + 1,) ranges of threats, paths and networks; class; shares; when it starts (see raid.salvo.Salvo).
SALVO = np.dtype(
    [
        ("threat_first", "i8"),
        ("path_first", "i8"),
        ("network_first", "i8"),
        ("threat_class", "i8"),
        ("timing", "i8"),
        ("time_on_target", "i8"),
        ("decoy_share", "f8"),
        ("abort_share", "f8"),
        ("failure_probability", "f8"),
        ("time_s", "f8"),
        ("spread_s", "f8"),
    ]
)

# (P + 1,) cumulative: chance of this or an earlier path of its salvo; hit_damage: share of what is left of the
# target that a hit takes; value_at_risk: expected value lost if nothing stops it; groups in the order of the
# salvo's networks.
FLIGHT = np.dtype(
    [
        ("cumulative", "f8"),
        ("duration_s", "f8"),
        ("target", "i8"),
        ("hit_probability", "f8"),
        ("hit_damage", "f8"),
        ("value_at_risk", "f8"),
        ("group_first", "i8"),
        ("zone_stay_first", "i8"),
    ]
)

# (G + 1,) rows of detections and engagements; last_close_s: the last close of its windows, -inf without one; held: 1
# where weapons reach the path but the rules forbid them all.
GROUP = np.dtype([("detection_first", "i8"), ("engagement_first", "i8"), ("last_close_s", "f8"), ("held", "i8")])

# Stays of paths in soft-kill zones, by path. number: how many stays of this path in this zone came before.
ZONE_STAY = np.dtype(
    [("actor", "u8"), ("zone", "i8"), ("number", "i8"), ("enter_s", "f8"), ("leave_s", "f8"), ("hazard_per_s", "f8")]
)

# Stays of paths in sight of sensors, by group, the earliest first. number: as above.
DETECTION = np.dtype([("sensor", "i8"), ("number", "i8"), ("enter_s", "f8"), ("leave_s", "f8")])

# Chances to shoot that no rule forbids, by group, the earliest first: weapon, radar that serves it, first and last time
# to give the order.
ENGAGEMENT = np.dtype(
    [
        ("weapon", "i8"),
        ("fire_unit", "i8"),
        ("radar", "i8"),
        ("open_s", "f8"),
        ("close_s", "f8"),
        ("kill_probability", "f8"),
    ]
)

# (Q,)
SENSOR_RECORD = np.dtype(
    [
        ("actor", "u8"),
        ("scan_s", "f8"),
        ("detection_probability", "f8"),
        ("hits_to_track", "i8"),
        ("availability", "f8"),
    ]
)

# (U + 1,) radar: its own, -1 for none.
FIRE_UNIT_RECORD = np.dtype(
    [
        ("actor", "u8"),
        ("channels", "i8"),
        ("ready_s", "f8"),
        ("availability", "f8"),
        ("radar", "i8"),
        ("weapon_first", "i8"),
    ]
)

# (W,)
WEAPON = np.dtype(
    [
        ("fire_unit", "i8"),
        ("rounds_per_launcher", "i8"),
        ("ready_rounds", "i8"),
        ("reserve_rounds", "i8"),
        ("reload_s", "f8"),
        ("rounds_per_shot", "i8"),
        ("interval_s", "f8"),
    ]
)

# (C,) shot doctrine against each threat class.
RULE = np.dtype([("salvo", "i8"), ("max_shots", "i8"), ("assess_s", "f8")])

# (1,) hold: nothing may be fired; identify: only identified tracks may be engaged; exponential: delays are drawn so;
# shoot_again: where a look would come too late, the next salvo does not wait for it; misidentified: share of threats
# first taken for something else, looked at again after recheck_s on the mean.
COMMAND = np.dtype(
    [
        ("assignment", "i8"),
        ("hold", "i8"),
        ("identify", "i8"),
        ("exponential", "i8"),
        ("shoot_again", "i8"),
        ("misidentified", "f8"),
        ("recheck_s", "f8"),
    ]
)

# (L,) mean delays; operators: tracks worked on at a time, 0 for any number; room: tracks that may wait for one, -1 for
# any number; by_value: which of them comes first; identify: it fires only at what it has
# identified, even where others need not. spell_first to spell_last: when it leads anybody.
NETWORK = np.dtype(
    [
        ("actor", "u8"),
        ("identification_s", "f8"),
        ("command_s", "f8"),
        ("operators", "i8"),
        ("room", "i8"),
        ("by_value", "i8"),
        ("identify", "i8"),
        ("spell_first", "i8"),
        ("spell_last", "i8"),
    ]
)

# (B + 1,) one sensor, or one fire unit with one radar, in one network: when it is, and how long its reports take.
MEMBER = np.dtype([("spell_first", "i8"), ("latency_s", "f8")])

# Who leads changes from network `source` to `goal`, in order of time; cut: the goal lies below the source.
HANDOVER = np.dtype([("time_s", "f8"), ("source", "i8"), ("goal", "i8"), ("cut", "i8")])

# From when on a network leads `own` of the fire units in reach of a path, of `everyone`'s; 1 of 1: all of them.
SHARE = np.dtype([("from_s", "f8"), ("own", "i8"), ("everyone", "i8")])

# (K + 1,) a link of limited capacity: how long a report takes it; when it is at work.
LINK = np.dtype([("report_s", "f8"), ("at_work_first", "i8")])

# One step on the way of a sensor's reports: the sensor, the link to be taken (-1 at the end), the latency before it;
# begins: 1 at the first.
HOP = np.dtype([("sensor", "i8"), ("link", "i8"), ("before_s", "f8"), ("begins", "i8")])

# Losses and repairs of nodes, in order of time.
NODE_CHANGE = np.dtype([("time_s", "f8"), ("node", "i8"), ("lost", "i8")])

# (S,) what a network thinks of a threat of the salvo. recognised: chance that it sees through a decoy; genuine: chance
# that one it has not seen through is no decoy.
EVALUATION = np.dtype([("recognised", "f8"), ("genuine", "f8")])

# (1,) spare_decoys: recognised decoys are never engaged; urgent: waiting lists count what later shots may still do;
# value_of_money: value of a dollar; look_ahead_s: how long before its first window a track takes part in plans.
POLICY = np.dtype([("spare_decoys", "i8"), ("urgent", "i8"), ("value_of_money", "f8"), ("look_ahead_s", "f8")])

# (1,) verdict: chance that a look at a track brings one; recheck_s: mean time to the next look.
IDENTIFYING = np.dtype([("verdict", "f8"), ("recheck_s", "f8")])

# (M,) kind: ASSET, FIRE_UNIT or SENSOR; index of the fire unit or sensor, -1 for an asset; value of an asset.
TARGET = np.dtype([("kind", "i8"), ("index", "i8"), ("value", "f8")])


class Paths(NamedTuple):
    """Where threats fly: one path for each (salvo, origin, aim point, route variant).

    The points of path p are rows ptr[p] to ptr[p+1]-1, equally spaced in time, the first at launch (0 s), the last at
    impact (`duration_s[p]`); between two points a threat moves on a straight line.

    salvo (P,) index into the salvos; target (P,) index of the aim point among the M targets; probability (P,)
    chance that a threat of the salvo draws this path (sums to 1 over a salvo; paths of a salvo are contiguous);
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


class Watch(NamedTuple):
    """How sensors look, where a scenario asks for more than one chance a look all along a stay.

    Of the D detections: bin_first (D + 1,) into the bins; variant (D,): the phase of the sensor's orbit for which the
    row holds, -1 for any. Of the K bins: until_s (K,) seconds after launch, chance (K,) a look. Of the Q sensors:
    period_s of its orbit (0: it stands still), phase at the scenario's start (below 0: drawn), variants; window_s
    within which its detections must come (inf: any time); coast_s without a detection that loses a track (inf: never);
    quality: 0 good enough to warn, 1 to cue a fire unit; between_s, repair_s of failures (0: none). off_first (Q + 1,)
    into off_from_s, off_until_s. plots (1,): 1 where detections of all sensors count together. warn_only (1,): 1 where
    some sensor is good enough to warn only. stays (1,): the most detections of a group.
    """

    bin_first: Int
    variant: Int
    until_s: Float
    chance: Float
    period_s: Float
    phase: Float
    variants: Int
    window_s: Float
    coast_s: Float
    quality: Int
    between_s: Float
    repair_s: Float
    off_first: Int
    off_from_s: Float
    off_until_s: Float
    plots: Int
    warn_only: Int
    stays: Int


class Memberships(NamedTuple):
    """A command structure: who belongs to which network when, and what is lost.

    members, handovers, node_changes, shares: records as above; spells (spells, 2): begin and end, in order of time;
    detection_member, engagement_member: the member of each row of detections and of engagements; share_first (G + 1,).
    """

    members: Records
    spells: Float
    detection_member: Int
    engagement_member: Int
    handovers: Records
    node_changes: Records
    share_first: Int
    shares: Records


class Links(NamedTuple):
    """Links of limited capacity, and the way over them of each sensor's reports to each network that hears it.

    links, hops: records as above; at_work (spells, 2): begin and end, in order of time; narrow (L,): 1 where a network
    hears any sensor over such a link; hop_first (B + 1,): by sensors' members (see `Memberships`), in narrow networks.
    """

    links: Records
    at_work: Float
    narrow: Int
    hop_first: Int
    hops: Records


class Policy(NamedTuple):
    """What a doctrine that weighs worth, decoys or money goes by.

    evaluations: records as above; figures: the one record of POLICY; shot_cost_usd (W,): cost of one shot.
    """

    evaluations: Records
    figures: Records
    shot_cost_usd: Float


class Rolling(NamedTuple):
    """What planning all tracks of a network together needs; unit_network (U,): the network of each fire unit."""

    unit_network: Int


class Identity(NamedTuple):
    """How tracks are identified.

    side (S,): HOSTILE, FRIEND or CIVIL; called_hostile (S,): chance that a verdict on the salvo is "hostile";
    figures: the one record of IDENTIFYING; proven (engagements,), reach_proven (reaches of aircraft,): 1 where only a
    track that was found hostile may be fired at.
    """

    side: Int
    called_hostile: Float
    figures: Records
    proven: Int
    reach_proven: Int


class Tables(NamedTuple):
    """All of it. Where no dtype above is named, what the array holds.

    pair_threat (A,): the threat of each pair; network (sum over salvos,): the networks that may act on a salvo;
    delay_s (engagements, K): seconds from order to intercept at K orders equally spaced from open to close; rank
    (W, C): preference against a class, 0 first, FORBIDDEN_RANK never; keep (W, C): rounds held back from the class.
    A `Part` that is None is not in the scenario, and its kernels are not compiled for it (core.compiled.where_given).
    structure: `Memberships`; links: `Links`; policy: `Policy`; rolling: `Rolling`; air: `AirTables`; watch:
    `Watch`; identity: `Identity`.
    """

    threats: Records
    pair_threat: Int
    salvos: Records
    network: Int
    networks: Records
    flights: Records
    groups: Records
    zone_stays: Records
    detections: Records
    engagements: Records
    delay_s: Float
    sensors: Records
    fire_units: Records
    weapons: Records
    rank: Int
    keep: Int
    rules: Records
    command: Records
    targets: Records
    structure: Part = None
    policy: Part = None
    rolling: Part = None
    air: Part = None
    watch: Part = None
    identity: Part = None
    links: Part = None


class Opening(NamedTuple):
    """How defence and raid stand when a raid begins, where that is not as the scenario says.

    A row for each of the R replications of a block, as the night before left it. What does not fly counts as
    aborted, at the moment it would have left.

    ready, reserve (R, W) rounds; unit_out (R, U) and sensor_out (R, Q) bool: not at work tonight; remaining (R, M)
    share of each target that stands; flying (R, S): how many threats of each salvo take part, the first of them;
    salvos behind those fly whole: friendly and civil aircraft.
    """

    ready: Int
    reserve: Int
    unit_out: NDArray[np.bool_]
    sensor_out: NDArray[np.bool_]
    remaining: Float
    flying: Int


def records(dtype: np.dtype[Any], length: int) -> Records:
    """Return `length` records of zeros, read by attribute in and out of compiled code."""
    return np.zeros(length, dtype).view(np.recarray)


def filled(dtype: np.dtype[Any], columns: Mapping[str, ArrayLike]) -> Records:
    """Return records with every field given by a column; a column shorter by one leaves the last record's field zero.

    Raises
    ------
    KeyError
        If a field has no column.
    """
    arrays = {name: np.asarray(columns[name]) for name in dtype.names or ()}
    table = records(dtype, max(array.shape[0] for array in arrays.values()))
    for name, array in arrays.items():
        table[name][: array.shape[0]] = array
    return table
