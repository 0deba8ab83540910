"""Every array that one replication changes, with shape and unit; nothing else in the kernel is ever written.

Letters in shapes as in `tables`; K is room for events, for waiting threats or for log rows. One `State` belongs to one
thread and is reset at the start of each replication.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.event_queue import EventQueue, clear, new_event_queue
from shieldwall.state_air import Wing, new_air_state
from shieldwall.tables import Opening, Part, Records, Tables, records

# How a threat ends (results.row.Fate) and what leaked it (results.row.Cause).
FAILED, SUPPRESSED, SHOT_DOWN, LEAKED_HIT, LEAKED_MISSED, ABORTED = 0, 1, 2, 3, 4, 5
ARRIVES = 6  # not an end yet: it will reach its aim unless stopped
PASSED = 7  # of friendly and civil aircraft: it flies on
NO_CAUSE, NEVER_DETECTED, DETECTED_TOO_LATE, NO_SHOOTER_IN_REACH, CHANNELS_SATURATED = 0, 1, 2, 3, 4
MAGAZINE_EMPTY, COMMAND_DELAY, SHOTS_MISSED, HELD_BY_RULES = 5, 6, 7, 8
# Why a friendly or civil aircraft was shot at (results.traffic.Mistaken).
TAKEN_FOR_HOSTILE, NOT_IDENTIFIED = 1, 2

# Kinds of log rows (results.event.EventKind).
LOG_LAUNCHED, LOG_TRACKED, LOG_ENGAGEABLE, LOG_FIRED, LOG_INTERCEPT_MISSED, LOG_SHOT_DOWN, LOG_WASTED = range(7)
LOG_SUPPRESSED, LOG_FAILED, LOG_ABORTED, LOG_HIT, LOG_MISSED, LOG_RELOADED, LOG_RADAR_LOST, LOG_UNIT_LOST = range(7, 15)
LOG_NODE_LOST, LOG_NODE_REPAIRED = 15, 16
LOG_SCRAMBLED, LOG_TAKEN_OFF, LOG_ON_STATION, LOG_COMMITTED, LOG_REFUELLED = range(17, 22)
LOG_RECOVERED, LOG_DIVERTED, LOG_AIRCRAFT_LOST = range(22, 25)
LOG_TRACK_LOST = 25
LOG_IDENTIFIED = 26
LOG_REPORTED = 27

# Why a replication stopped: done, or a full array that the caller enlarges before it plays the block again.
# ASKED: rule `exact` wants an answer from outside.
OK, QUEUE_FULL, WAITING_FULL, LOG_FULL, ASKED = 0, 1, 2, 3, 4

# (T,) what has become of a threat; times in seconds after the scenario's start. end_s and end: when and how it will end
# unless it is shot down first (or did end); engagements: salvos fired at it; weapon that shot last (-1); first_track_s,
# first_sensor, engageable_s: best over all networks (inf, -1: never); damage: value lost to it; under_way: salvos
# on their way to it; duplicates: those fired at it while one of another network was.
THREAT_STATE = np.dtype(
    [
        ("start_s", "f8"),
        ("end_s", "f8"),
        ("path", "i8"),
        ("decoy", "i8"),
        ("end", "i8"),
        ("engagements", "i8"),
        ("under_way", "i8"),
        ("duplicates", "i8"),
        ("rounds", "i8"),
        ("weapon", "i8"),
        ("first_track_s", "f8"),
        ("first_sensor", "i8"),
        ("engageable_s", "f8"),
        ("cause", "i8"),
        ("damage", "f8"),
    ]
)

# (A,) what one network knows of and does about one threat: track_s (inf: never), sensor that made the track (-1),
# salvos: those now on their way, shots: all so far, blocked: the cause that kept it from shooting at the last try,
# recognised: the network has seen that it is a decoy (only with a policy).
PAIR_STATE = np.dtype(
    [
        ("track_s", "f8"),
        ("engageable_s", "f8"),
        ("due_s", "f8"),
        ("sensor", "i8"),
        ("salvos", "i8"),
        ("shots", "i8"),
        ("blocked", "i8"),
        ("recognised", "i8"),
    ]
)

# (U,) lost_s: inf while it works, -inf if it was not available; busy: channels in use; waiting: first of its
# waiting list.
UNIT_STATE = np.dtype([("lost_s", "f8"), ("busy", "i8"), ("waiting", "i8")])

# (W,) on_launcher: rounds left on the launcher that fires next; reloading: rounds on their way; empty_s (inf: never).
WEAPON_STATE = np.dtype(
    [
        ("ready", "i8"),
        ("reserve", "i8"),
        ("on_launcher", "i8"),
        ("reloading", "i8"),
        ("fired", "i8"),
        ("empty_s", "f8"),
    ]
)

# (K,) threats that wait for a channel or a round: one linked list for each fire unit, -1 at its end. shots: those
# fired at it when it began to wait.
WAITING = np.dtype([("next", "i8"), ("pair", "i8"), ("row", "i8"), ("shots", "i8")])

# (A,), none without a command structure. until_s: until then a salvo that the network knows of is under way; shared:
# the shots it knew of when it was cut off from above; next: the track behind it in its network's queue, -1 for none.
LIAISON = np.dtype([("until_s", "f8"), ("shared", "i8"), ("next", "i8")])

# (L,), none without a command structure. busy: tracks worked on; waiting: tracks in the queue; its first and last.
DESK = np.dtype([("busy", "i8"), ("waiting", "i8"), ("first", "i8"), ("last", "i8")])

# (A,), none where nobody identifies with error. verdict_s: when the network is sure of a track (inf: not yet); hostile:
# what of; fired_as: what it was when last shot at, TAKEN_FOR_HOSTILE or NOT_IDENTIFIED.
VERDICT = np.dtype([("verdict_s", "f8"), ("hostile", "i8"), ("fired_as", "i8")])

# (K,) K = 0 when nobody asked for a log.
LOG = np.dtype(
    [("time_s", "f8"), ("kind", "i8"), ("threat", "i8"), ("weapon", "i8"), ("sensor", "i8"), ("value", "f8")]
)

# Detections that a search keeps of each sensor; no track needs more.
HITS_KEPT = 16

# (PLAN_TRACKS + 1,) one track of a network's problem. weight: worth x urgency; most: shots allowed now; options: how
# many it has; choice: the option taken, -1 none; shots: taken; the last record is where a track is made ready.
PLAN_TRACK = np.dtype(
    [
        ("pair", "i8"),
        ("threat_class", "i8"),
        ("weight", "f8"),
        ("most", "i8"),
        ("options", "i8"),
        ("choice", "i8"),
        ("shots", "i8"),
    ]
)

# ((PLAN_TRACKS + 1) x PLAN_OPTIONS,) one engagement row that a track may use, in the doctrine's order. now: its
# window is open; channel: it takes one while a shot fired now is on its way.
PLAN_OPTION = np.dtype(
    [
        ("row", "i8"),
        ("fire_unit", "i8"),
        ("weapon", "i8"),
        ("now", "i8"),
        ("channel", "i8"),
        ("rank", "i8"),
        ("probability", "f8"),
        ("meeting_s", "f8"),
    ]
)
PLAN_TRACKS, PLAN_OPTIONS = 64, 8

# Places in Plan.used and Plan.moment.
PLAN_HELD, PLAN_NETWORK = 0, 1
PLAN_SOON, PLAN_NOW = 0, 1

# Places in State.used.
WAITING_USED, LOG_USED, STATUS = 0, 1, 2


class Search(NamedTuple):
    """What a search for one track writes, by stay in sight that counts, (K,): row, next look, its number and bin.

    hit_s (K, 16): the last detections, the n-th at n modulo 16; hits (K,): how many. Of each pair's track (A,): lost_s,
    when it is lost (inf: never); cued_s, from when it is good enough to cue a fire unit.
    """

    row: NDArray[np.int64]
    next_s: NDArray[np.float64]
    look: NDArray[np.int64]
    bin: NDArray[np.int64]
    hit_s: NDArray[np.float64]
    hits: NDArray[np.int64]
    lost_s: NDArray[np.float64]
    cued_s: NDArray[np.float64]


class Plan(NamedTuple):
    """What rules that plan need.

    live (L,): first of a network's list of live tracks, next (A,): the one after a pair, -1 at the end; listed (A,):
    shots fired at a pair when it was put on the list, -1 if it is not on it; row (A,): its windows before this one
    have closed; wanted (U,): 1 if a track lacks a channel or a round of the unit; channels (U,), rounds (W,): what
    the plan has left; used (2,): tracks held, network; moment (2,): next opening, now.
    """

    live: NDArray[np.int64]
    next: NDArray[np.int64]
    listed: NDArray[np.int64]
    row: NDArray[np.int64]
    wanted: NDArray[np.int64]
    tracks: Records
    options: Records
    channels: NDArray[np.int64]
    rounds: NDArray[np.int64]
    used: NDArray[np.int64]
    moment: NDArray[np.float64]


def new_plan(tables: Tables) -> Plan:
    """Return a plan with room for every network's tracks."""
    pairs, networks = tables.pair_threat.shape[0], tables.networks.shape[0]
    units, places = tables.fire_units.shape[0] - 1, PLAN_TRACKS + 1
    return Plan(
        live=np.zeros(networks, np.int64),
        next=np.zeros(pairs, np.int64),
        listed=np.zeros(pairs, np.int64),
        row=np.zeros(pairs, np.int64),
        wanted=np.zeros(units, np.int64),
        tracks=records(PLAN_TRACK, places),
        options=records(PLAN_OPTION, places * PLAN_OPTIONS),
        channels=np.zeros(units, np.int64),
        rounds=np.zeros(tables.weapons.shape[0], np.int64),
        used=np.zeros(2, np.int64),
        moment=np.zeros(2),
    )


class Reports(NamedTuple):
    """Reports on links of limited capacity: free_s (K,), until when a link is taken; made_s (A,), when tracks were."""

    free_s: NDArray[np.float64]
    made_s: NDArray[np.float64]


class State(NamedTuple):
    """All of it, by the dtypes above; sensor_lost_s (Q,); remaining (M,) share of each target left.

    used (3,): waiting nodes and log rows in use, the status: OK or the array that was full. A `Part` is None where the
    scenario does not name it: liaison and desks with a command structure, plan with a rule that plans, air (an
    AirState) where something flies for the defence, verdicts where tracks are identified with error.
    """

    threats: Records
    pairs: Records
    sensor_lost_s: NDArray[np.float64]
    units: Records
    weapons: Records
    remaining: NDArray[np.float64]
    waiting: Records
    log: Records
    queue: EventQueue
    leakers: NDArray[np.int64]
    used: NDArray[np.int64]
    liaison: Part = None
    desks: Part = None
    plan: Part = None
    air: Part = None
    search: Any = None  # a Search
    verdicts: Part = None
    reports: Any = None  # with links of limited capacity, a Reports


def new_search(stays: int, pairs: int) -> Search:
    """Return room for a search among so many detections, and for so many pairs' tracks."""
    return Search(
        np.zeros(stays, np.int64),
        np.zeros(stays),
        np.zeros(stays, np.int64),
        np.zeros(stays, np.int64),
        np.zeros((stays, HITS_KEPT)),
        np.zeros(stays, np.int64),
        np.full(pairs, np.inf),
        np.full(pairs, np.inf),
    )


def new_state(tables: Tables, *, queue_room: int, waiting_room: int, log_room: int) -> State:
    """Return a state with room for what `tables` holds; its content is set by `reset`."""
    n_threats = tables.threats.shape[0] - 1
    structured = tables.structure is not None
    return State(
        threats=records(THREAT_STATE, n_threats),
        pairs=records(PAIR_STATE, tables.pair_threat.shape[0]),
        sensor_lost_s=np.zeros(tables.sensors.shape[0]),
        units=records(UNIT_STATE, tables.fire_units.shape[0] - 1),
        weapons=records(WEAPON_STATE, tables.weapons.shape[0]),
        remaining=np.zeros(tables.targets.shape[0]),
        waiting=records(WAITING, waiting_room),
        log=records(LOG, log_room),
        liaison=records(LIAISON, tables.pair_threat.shape[0]) if structured else None,
        desks=records(DESK, tables.networks.shape[0]) if structured else None,
        queue=_new_calendar(tables, queue_room),
        leakers=np.zeros(n_threats, np.int64),
        plan=None if tables.rolling is None else new_plan(tables),
        used=np.zeros(3, np.int64),
        air=new_air_state(tables.air, tables.pair_threat.shape[0], tables.networks.shape[0]),
        verdicts=None if tables.identity is None else records(VERDICT, tables.pair_threat.shape[0]),
        reports=_new_reports(tables),
        search=None if tables.watch is None else new_search(int(tables.watch.stays[0]), tables.pair_threat.shape[0]),
    )


def _new_reports(tables: Tables) -> Reports | None:
    """Return room for the reports on links of limited capacity, None without such links."""
    if tables.links is None:
        return None
    return Reports(np.zeros(tables.links.links.shape[0] - 1), np.zeros(tables.pair_threat.shape[0]))


def _new_calendar(tables: Tables, room: int) -> EventQueue:
    """Return a calendar over the span of the raid, with about two days for each event to come."""
    salvos = tables.salvos[:-1]
    longest_s = float(tables.flights.duration_s.max(initial=0.0))
    begin_s = float((salvos.time_s - salvos.time_on_target * longest_s).min(initial=0.0))
    end_s = float((salvos.time_s + salvos.spread_s).max(initial=0.0)) + longest_s
    return new_event_queue(room, days=4 * tables.pair_threat.shape[0], begin_s=begin_s, end_s=end_s)


def _nothing_to_reset(tables: Tables, state: State) -> None:
    pass


@where_given("structure", _nothing_to_reset)
def reset_posts(tables: Tables, state: State) -> None:
    """Empty every desk and let nobody know of a salvo."""
    for a in range(state.liaison.shape[0]):
        liaison = state.liaison[a]
        liaison.until_s = -np.inf
        liaison.shared = 0
        liaison.next = -1
    for n in range(state.desks.shape[0]):
        desk = state.desks[n]
        desk.busy = 0
        desk.waiting = 0
        desk.first = -1
        desk.last = -1


@where_given("links", _nothing_to_reset)
def reset_reports(tables: Tables, state: State) -> None:
    """Empty every link."""
    state.reports.free_s[:] = -np.inf
    state.reports.made_s[:] = np.inf


@where_given("identity", _nothing_to_reset)
def reset_verdicts(tables: Tables, state: State) -> None:
    """Let nobody be sure of anything."""
    for a in range(state.verdicts.shape[0]):
        state.verdicts[a].verdict_s = np.inf
        state.verdicts[a].hostile = 0


@where_given("rolling", _nothing_to_reset)
def reset_plan(tables: Tables, state: State) -> None:
    """Take every track off the lists."""
    state.plan.live[:] = -1
    state.plan.listed[:] = -1
    state.plan.wanted[:] = 0


@kernel
def reset(state: State, tables: Tables) -> None:
    """Set everything to how it stands before the first launch, with every sensor and unit at work.

    What launch and search write for every threat and pair before anyone reads it is left as it is.
    """
    for t in range(state.threats.shape[0]):
        threat = state.threats[t]
        threat.engagements = 0
        threat.under_way = 0
        threat.duplicates = 0
        threat.rounds = 0
        threat.weapon = -1
        threat.first_track_s = np.inf
        threat.first_sensor = -1
        threat.engageable_s = np.inf
        threat.cause = NO_CAUSE
        threat.damage = 0.0
    for a in range(state.pairs.shape[0]):
        pair = state.pairs[a]
        pair.salvos = 0
        pair.shots = 0
        pair.blocked = NO_CAUSE
    state.sensor_lost_s[:] = np.inf
    state.remaining[:] = 1.0
    for u in range(state.units.shape[0]):
        unit = state.units[u]
        unit.lost_s = np.inf
        unit.busy = 0
        unit.waiting = -1
    for w in range(state.weapons.shape[0]):
        weapon, given = state.weapons[w], tables.weapons[w]
        weapon.ready = given.ready_rounds
        weapon.reserve = given.reserve_rounds
        weapon.on_launcher = min(given.rounds_per_launcher, given.ready_rounds)
        weapon.reloading = 0
        weapon.fired = 0
        weapon.empty_s = np.inf
    reset_posts(tables, state)
    reset_reports(tables, state)
    reset_verdicts(tables, state)
    reset_plan(tables, state)
    state.used[:] = 0
    clear(state.queue)


@kernel
def take_over(opening: Opening, night: int, tables: Tables, state: State) -> None:
    """Set magazines, losses and damage to how row `night` of an opening leaves them."""
    for w in range(state.weapons.shape[0]):
        weapon = state.weapons[w]
        weapon.ready = opening.ready[night, w]
        weapon.reserve = opening.reserve[night, w]
        weapon.on_launcher = min(tables.weapons[w].rounds_per_launcher, weapon.ready)
    for u in range(state.units.shape[0]):
        if opening.unit_out[night, u]:
            state.units[u].lost_s = -np.inf
            if tables.fire_units[u].radar >= 0:
                state.sensor_lost_s[tables.fire_units[u].radar] = -np.inf
    for q in range(state.sensor_lost_s.shape[0]):
        if opening.sensor_out[night, q]:
            state.sensor_lost_s[q] = -np.inf
    for m in range(state.remaining.shape[0]):
        state.remaining[m] = opening.remaining[night, m]


@kernel
def note(state: State | Wing, time_s: float, kind: int, threat: int, weapon: int, sensor: int, value: float) -> None:
    """Write a log row if a log was asked for; a full log ends the replication."""
    if state.log.shape[0] == 0:
        return
    k = state.used[LOG_USED]
    if k >= state.log.shape[0]:
        state.used[STATUS] = LOG_FULL
        return
    row = state.log[k]
    row.time_s = time_s
    row.kind = kind
    row.threat = threat
    row.weapon = weapon
    row.sensor = sensor
    row.value = value
    state.used[LOG_USED] = k + 1
