"""Many raids side by side, one step at a time: what a learning defender needs, in one compiled call a step.

Each raid is that of `simulate`, event for event. What changes in it lies in row r of arrays with one axis more; what a
decision changes is the rounds kept back from each class, which differs from raid to raid.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, njit
from shieldwall.core.event_queue import EventQueue, earliest_s
from shieldwall.engine.loop import begin, happen
from shieldwall.engine.play import state_with, usual_room
from shieldwall.engine.step import look_again
from shieldwall.state import ARRIVES, LEAKED_HIT, LEAKED_MISSED, OK, SHOT_DOWN, STATUS, Plan, Reports, State
from shieldwall.state_air import AirState
from shieldwall.tables import Float, Int, Tables

# A stepped raid cannot be played again with longer arrays, so they are long at once.
_ROOM = 4
# What is counted of each threat class.
TRACKED, DOWN, LEAKED = 0, 1, 2


def new_stack(tables: Tables, count: int) -> State:
    """Return a state whose arrays have a row for each of `count` raids."""
    stack: State = _stacked(state_with(tables, {k: _ROOM * n for k, n in usual_room(tables, 0).items()}), count)
    return stack


def _stacked(part: Any, count: int) -> Any:
    if part is None:
        return None
    if isinstance(part, tuple):
        return type(part)(*(_stacked(array, count) for array in part))
    rows = np.repeat(part[None], count, axis=0)
    return rows.view(np.recarray) if part.dtype.names else rows


@njit(cache=True)  # not a kernel: it hands out views, whose arrays must be counted
def _replica(stack: State, r: int) -> State:
    """Return the state of raid r: views of its rows."""
    queue = stack.queue
    return State(
        stack.threats[r],
        stack.pairs[r],
        stack.sensor_lost_s[r],
        stack.units[r],
        stack.weapons[r],
        stack.remaining[r],
        stack.waiting[r],
        stack.log[r],
        EventQueue(queue.events[r], queue.day[r], queue.held[r], queue.span[r]),
        stack.leakers[r],
        stack.used[r],
        _row_of(stack.liaison, r),
        _row_of(stack.desks, r),
        _plan_of(stack.plan, r),
        _air_of(stack.air, r),
        None,
        _row_of(stack.verdicts, r),
        _reports_of(stack.reports, r),
    )


@njit(cache=True)
def _row_of(part: Any, r: int) -> Any:
    """Return raid r's row of a part of the state, None where there is none."""
    if part is None:
        return None
    return part[r]


@njit(cache=True)
def _plan_of(plan: Any, r: int) -> Any:
    """Return the plan of raid r, None under a rule that does not plan."""
    if plan is None:
        return None
    return Plan(
        plan.live[r],
        plan.next[r],
        plan.listed[r],
        plan.row[r],
        plan.wanted[r],
        plan.tracks[r],
        plan.options[r],
        plan.channels[r],
        plan.rounds[r],
        plan.used[r],
        plan.moment[r],
    )


@njit(cache=True)
def _reports_of(reports: Any, r: int) -> Any:
    """Return what is on links of limited capacity in raid r, None where there are none."""
    if reports is None:
        return None
    return Reports(reports.free_s[r], reports.made_s[r])


@njit(cache=True)
def _air_of(air: Any, r: int) -> Any:
    """Return what flies for the defence in raid r, None where nothing does."""
    if air is None:
        return None
    return AirState(
        air.aircraft[r],
        air.groups[r],
        air.hold[r],
        air.first[r],
        air.next[r],
        air.queued[r],
        air.aircraft_of[r],
        air.refuellings[r],
        air.lost_rounds[r],
    )


@njit(cache=True, nogil=True)
def begin_many(
    tables: Tables, stack: State, seed: NDArray[np.uint64], replication: NDArray[np.uint64], wanted: NDArray[np.bool_]
) -> int:
    """Begin every wanted raid anew: everything launched and searched for; return OK or the array that was too small."""
    for r in range(wanted.shape[0]):
        if not wanted[r]:
            continue
        state = _replica(stack, r)
        begin(tables, state, seed[r], replication[r], None, 0)
        if state.used[STATUS] != OK:
            return int(state.used[STATUS])
    return OK


class Seen(NamedTuple):
    """What comes out of a step of R raids, written by `advance_many` and `look_many`.

    value_lost (R,): value at risk of what came through in the step; next_s (R,): when something is due next, an event
    or the end of a flight (inf: every flight has ended); counts (R, C, 3): tracked now, shot down and leaked so far, by
    class; rounds (R, W, 2): ready, and in reserve or on their way; busy (R,): channels in use.
    """

    value_lost: Float
    next_s: Float
    counts: Int
    rounds: Int
    busy: Int


def new_seen(tables: Tables, count: int) -> Seen:
    """Return room for what comes out of a step of `count` raids."""
    return Seen(
        np.zeros(count),
        np.full(count, np.inf),
        np.zeros((count, tables.rules.shape[0], 3), np.int64),
        np.zeros((count, tables.weapons.shape[0], 2), np.int64),
        np.zeros(count, np.int64),
    )


@njit(cache=True, nogil=True)
def advance_many(
    tables: Tables,
    stack: State,
    keep: Int,
    changed: NDArray[np.bool_],
    from_s: Float,
    until_s: Float,
    seed: NDArray[np.uint64],
    replication: NDArray[np.uint64],
    at_work: NDArray[np.bool_],
    seen: Seen,
) -> int:
    """Let every raid at work go on from from_s to until_s (R,) under its own rounds kept back, keep (R, W, C).

    Where they have changed, every network first looks again at what the rules kept it from. `tables.keep` is written
    over: give tables with their own. Returns OK or the array that was too small.
    """
    for r in range(at_work.shape[0]):
        if not at_work[r]:
            seen.value_lost[r] = 0.0
            continue
        state = _replica(stack, r)
        tables.keep[:] = keep[r]
        if changed[r]:
            look_again(from_s[r], tables, state)
        while state.queue.held[0] > 0 and state.used[STATUS] == OK and earliest_s(state.queue) <= until_s[r]:
            happen(tables, state, seed[r], replication[r])
        if state.used[STATUS] != OK:
            return int(state.used[STATUS])
        _look(r, from_s[r], until_s[r], tables, state, seen)
    return OK


@njit(cache=True, nogil=True)
def look_many(tables: Tables, stack: State, now_s: Float, wanted: NDArray[np.bool_], seen: Seen) -> None:
    """See how the wanted raids stand now, before anything more has happened."""
    for r in range(wanted.shape[0]):
        if wanted[r]:
            _look(r, now_s[r], now_s[r], tables, _replica(stack, r), seen)


@kernel
def _look(r: int, from_s: float, now_s: float, tables: Tables, state: State, seen: Seen) -> None:
    """Count what a defender knows now; what came through since from_s; and when something is due next."""
    seen.counts[r] = 0
    lost, next_end_s = 0.0, np.inf
    for t in range(state.threats.shape[0]):
        threat = state.threats[t]
        end_s = threat.end_s
        if end_s > now_s:
            next_end_s = min(next_end_s, end_s)
            if threat.first_track_s <= now_s:
                seen.counts[r, _class_of(t, tables), TRACKED] += 1
        elif threat.end == SHOT_DOWN:
            seen.counts[r, _class_of(t, tables), DOWN] += 1
        elif threat.end in (ARRIVES, LEAKED_HIT, LEAKED_MISSED):
            seen.counts[r, _class_of(t, tables), LEAKED] += 1
            if end_s > from_s:
                lost += tables.flights[threat.path].value_at_risk
    seen.value_lost[r] = lost
    seen.next_s[r] = min(next_end_s, earliest_s(state.queue)) if next_end_s < np.inf else np.inf
    for w in range(state.weapons.shape[0]):
        seen.rounds[r, w, 0] = state.weapons[w].ready
        seen.rounds[r, w, 1] = state.weapons[w].reserve + state.weapons[w].reloading
    seen.busy[r] = 0
    for u in range(state.units.shape[0]):
        seen.busy[r] += state.units[u].busy


@kernel
def _class_of(t: int, tables: Tables) -> int:
    return int(tables.salvos[tables.threats[t].salvo].threat_class)
