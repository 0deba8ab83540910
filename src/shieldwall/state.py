"""Every array that one replication changes, with shape and unit; nothing else in the kernel is ever written.

Letters in shapes as in `tables`; K is room for events, for waiting threats or for log rows. One `State` belongs to one
thread and is reset at the start of each replication.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shieldwall.core.event_queue import EventQueue, clear, new_event_queue
from shieldwall.tables import Tables

# How a threat ends (results.row.Fate) and what leaked it (results.row.Cause).
FAILED, SUPPRESSED, SHOT_DOWN, LEAKED_HIT, LEAKED_MISSED, ABORTED = 0, 1, 2, 3, 4, 5
ARRIVES = 6  # not an end yet: it will reach its aim unless stopped
NO_CAUSE, NEVER_DETECTED, DETECTED_TOO_LATE, NO_SHOOTER_IN_REACH, CHANNELS_SATURATED = 0, 1, 2, 3, 4
MAGAZINE_EMPTY, COMMAND_DELAY, SHOTS_MISSED, HELD_BY_RULES = 5, 6, 7, 8

# Kinds of log rows (results.event.EventKind).
LOG_LAUNCHED, LOG_TRACKED, LOG_ENGAGEABLE, LOG_FIRED, LOG_INTERCEPT_MISSED, LOG_SHOT_DOWN, LOG_WASTED = range(7)
LOG_SUPPRESSED, LOG_FAILED, LOG_ABORTED, LOG_HIT, LOG_MISSED, LOG_RELOADED, LOG_RADAR_LOST, LOG_UNIT_LOST = range(7, 15)

# Why a replication stopped: done, or a full array that the caller enlarges before it plays the block again.
OK, QUEUE_FULL, WAITING_FULL, LOG_FULL = 0, 1, 2, 3

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class ThreatState(NamedTuple):
    """Per threat (T,): what has become of it. Times in seconds after the scenario's start.

    start_s; path; decoy 0 or 1; end_s and end: when and how it will end unless it is shot down first (or did end);
    engagements: salvos fired at it; rounds; weapon that shot last (-1); first_track_s, first_sensor, engageable_s: best over
    all networks; cause; damage: value lost to it.
    """

    start_s: FloatArray
    path: IntArray
    decoy: IntArray
    end_s: FloatArray
    end: IntArray
    engagements: IntArray
    rounds: IntArray
    weapon: IntArray
    first_track_s: FloatArray
    first_sensor: IntArray
    engageable_s: FloatArray
    cause: IntArray
    damage: FloatArray


class PairState(NamedTuple):
    """Per pair (A,): what one network knows of and does about one threat.

    track_s (inf: never), sensor that made the track (-1), engageable_s, salvo: shots now on their way (0: none), shots: all
    shots so far, blocked: the cause that kept it from shooting at the last try.
    """

    track_s: FloatArray
    sensor: IntArray
    engageable_s: FloatArray
    salvo: IntArray
    shots: IntArray
    blocked: IntArray


class ForceState(NamedTuple):
    """What is left of the defence.

    sensor_lost_s (Q,), unit_lost_s (U,): inf while it works, -inf if it was not available; busy (U,) channels in use; per
    weapon (W,): ready, reserve, on_launcher (rounds left on the launcher that fires next), reloading (rounds on their way),
    fired, empty_s (inf: never); remaining (M,) share of each target left.
    """

    sensor_lost_s: FloatArray
    unit_lost_s: FloatArray
    busy: IntArray
    ready: IntArray
    reserve: IntArray
    on_launcher: IntArray
    reloading: IntArray
    fired: IntArray
    empty_s: FloatArray
    remaining: FloatArray


class WaitingState(NamedTuple):
    """Threats that wait for a channel or a round, as one linked list a fire unit: head (U,); next, pair, row (K,); used (1,)."""

    head: IntArray
    next: IntArray
    pair: IntArray
    row: IntArray
    used: IntArray


class LogState(NamedTuple):
    """Log rows (K,), K = 0 when nobody asked; used (1,)."""

    time_s: FloatArray
    kind: IntArray
    threat: IntArray
    weapon: IntArray
    sensor: IntArray
    value: FloatArray
    used: IntArray


class State(NamedTuple):
    """All of it; `status` (1,) is OK or the array that was full."""

    threats: ThreatState
    pairs: PairState
    force: ForceState
    waiting: WaitingState
    log: LogState
    queue: EventQueue
    leakers: IntArray
    status: IntArray


def new_state(tables: Tables, *, queue_room: int, waiting_room: int, log_room: int) -> State:
    """Return a state with room for what `tables` holds; its content is set by `reset`."""
    n_threats = tables.threats.actor.shape[0]
    n_pairs = tables.threats.pair_threat.shape[0]
    n_sensors, n_units = tables.sensors.actor.shape[0], tables.fire_units.actor.shape[0]
    n_weapons, n_targets = tables.weapons.fire_unit.shape[0], tables.targets.kind.shape[0]

    def real(n: int) -> FloatArray:
        return np.zeros(n)

    def whole(n: int) -> IntArray:
        return np.zeros(n, np.int64)

    t, a, w = n_threats, n_pairs, n_weapons
    return State(
        threats=ThreatState(
            real(t), whole(t), whole(t), real(t), whole(t), whole(t), whole(t), whole(t),
            real(t), whole(t), real(t), whole(t), real(t),
        ),
        pairs=PairState(real(a), whole(a), real(a), whole(a), whole(a), whole(a)),
        force=ForceState(
            real(n_sensors), real(n_units), whole(n_units), whole(w), whole(w), whole(w), whole(w), whole(w),
            real(w), real(n_targets),
        ),
        waiting=WaitingState(whole(n_units), whole(waiting_room), whole(waiting_room), whole(waiting_room), whole(1)),
        log=LogState(
            real(log_room), whole(log_room), whole(log_room), whole(log_room), whole(log_room), real(log_room), whole(1)
        ),
        queue=new_event_queue(queue_room),
        leakers=whole(n_threats),
        status=whole(1),
    )  # fmt: skip


@njit(cache=True)
def reset(state: State, tables: Tables) -> None:
    """Set everything to how it stands before the first launch, with every sensor and unit at work."""
    _reset_threats(state.threats)
    _reset_pairs(state.pairs)
    _reset_force(state.force, tables)
    state.waiting.head[:] = -1
    state.waiting.used[0] = 0
    state.log.used[0] = 0
    state.status[0] = OK
    clear(state.queue)


@njit(cache=True)
def _reset_threats(threats: ThreatState) -> None:
    threats.engagements[:] = 0
    threats.rounds[:] = 0
    threats.weapon[:] = -1
    threats.first_track_s[:] = np.inf
    threats.first_sensor[:] = -1
    threats.engageable_s[:] = np.inf
    threats.cause[:] = NO_CAUSE
    threats.damage[:] = 0.0


@njit(cache=True)
def _reset_pairs(pairs: PairState) -> None:
    pairs.salvo[:] = 0
    pairs.shots[:] = 0
    pairs.blocked[:] = NO_CAUSE


@njit(cache=True)
def _reset_force(force: ForceState, tables: Tables) -> None:
    weapons = tables.weapons
    force.sensor_lost_s[:] = np.inf
    force.unit_lost_s[:] = np.inf
    force.busy[:] = 0
    force.ready[:] = weapons.ready_rounds
    force.reserve[:] = weapons.reserve_rounds
    force.reloading[:] = 0
    force.fired[:] = 0
    force.empty_s[:] = np.inf
    force.remaining[:] = 1.0
    for w in range(weapons.fire_unit.shape[0]):
        force.on_launcher[w] = min(weapons.rounds_per_launcher[w], weapons.ready_rounds[w])


@njit(cache=True)
def note(log: LogState, time_s: float, kind: int, threat: int, weapon: int, sensor: int, value: float) -> bool:
    """Write a log row if a log was asked for; False if it was asked for and is full."""
    room = log.time_s.shape[0]
    if room == 0:
        return True
    k = log.used[0]
    if k >= room:
        return False
    log.time_s[k] = time_s
    log.kind[k] = kind
    log.threat[k] = threat
    log.weapon[k] = weapon
    log.sensor[k] = sensor
    log.value[k] = value
    log.used[0] = k + 1
    return True
