"""A calendar of events: the earliest first, ties by priority, then by order of arrival (Brown 1988, CACM 31:1220-1227).

The span of a raid is cut into equal days; each day keeps an unsorted list of its events, on the mean one or two. An
event goes to its day without a search, and the earliest is the least of the list of the first day that is not
empty. What lies before or after the span goes to the first or the last day, so the order is right for any time.

An event is (time, tag, subject): the tag holds the kind (which is also its priority) above the arrival number, the
subject two indices, so an ordinary comparison of (time, tag) settles every tie in the data.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel

EVENT = np.dtype([("time_s", "f8"), ("tag", "i8"), ("subject", "i8"), ("next", "i8")])
_KIND_SHIFT = 48
_SUBJECT_SHIFT = 32
_SUBJECT_MASK = (1 << _SUBJECT_SHIFT) - 1
_DAYS_AT_LEAST, _DAYS_AT_MOST = 16, 65_536

# Places in EventQueue.held.
_HELD, _ARRIVALS, _TODAY, _FREE, _USED = range(5)


class EventQueue(NamedTuple):
    """The calendar.

    events: records of EVENT (K,), each in the list of its day or of the free; day (D,): first event of each day, -1 for
    none; held int64 (5,): events held, arrivals so far, the first day that may hold one, first free event (-1: none),
    events ever used; span float64 (2,): where the first day begins, days a second.
    """

    events: Any
    day: NDArray[np.int64]
    held: NDArray[np.int64]
    span: NDArray[np.float64]


def new_event_queue(capacity: int, *, days: int, begin_s: float, end_s: float) -> EventQueue:
    """Return an empty calendar.

    Parameters
    ----------
    capacity : how many events it can hold at a time
    days : into how many the span is cut; about as many as there will be events is best
    begin_s, end_s : the span in which most events lie, seconds
    """
    days = min(max(days, _DAYS_AT_LEAST), _DAYS_AT_MOST)
    queue = EventQueue(
        np.zeros(capacity, EVENT).view(np.recarray),
        np.zeros(days, np.int64),
        np.zeros(5, np.int64),
        np.array([begin_s, days / max(end_s - begin_s, 1.0)]),
    )
    clear(queue)
    return queue


@kernel
def clear(queue: EventQueue) -> None:
    """Empty the calendar."""
    queue.day[:] = -1
    queue.held[:] = 0
    queue.held[_FREE] = -1


@kernel
def push(queue: EventQueue, time_s: float, kind: int, first: int, second: int) -> bool:
    """Add an event of `kind` (below 2**15) on two indices (below 2**31); False if there is no room."""
    held = queue.held
    k = held[_FREE]
    if k >= 0:
        held[_FREE] = queue.events[k].next
    else:
        k = held[_USED]
        if k >= queue.events.shape[0]:
            return False
        held[_USED] = k + 1
    day = _day(queue, time_s)
    event = queue.events[k]
    event.time_s = time_s
    event.tag = (np.int64(kind) << _KIND_SHIFT) | held[_ARRIVALS]
    event.subject = (np.int64(first) << _SUBJECT_SHIFT) | np.int64(second)
    event.next = queue.day[day]
    queue.day[day] = k
    held[_HELD] += 1
    held[_ARRIVALS] += 1
    held[_TODAY] = min(held[_TODAY], day)
    return True


@kernel
def pop(queue: EventQueue) -> tuple[float, int, int, int]:
    """Remove the earliest event and return (time_s, kind, first, second). The calendar must not be empty."""
    events, held = queue.events, queue.held
    day = held[_TODAY]
    while queue.day[day] < 0:
        day += 1
    held[_TODAY] = day
    best, before_best = queue.day[day], -1
    before, k = best, events[best].next
    while k >= 0:
        event, least = events[k], events[best]
        if event.time_s < least.time_s or (event.time_s == least.time_s and event.tag < least.tag):
            best, before_best = k, before
        before, k = k, event.next
    found = events[best]
    if before_best < 0:
        queue.day[day] = found.next
    else:
        events[before_best].next = found.next
    found.next = held[_FREE]
    held[_FREE] = best
    held[_HELD] -= 1
    return found.time_s, found.tag >> _KIND_SHIFT, found.subject >> _SUBJECT_SHIFT, found.subject & _SUBJECT_MASK


@kernel
def earliest_s(queue: EventQueue) -> float:
    """Return when the earliest event is due, inf for an empty calendar."""
    if queue.held[_HELD] == 0:
        return np.inf
    day = queue.held[_TODAY]
    while queue.day[day] < 0:
        day += 1
    queue.held[_TODAY] = day
    least_s, k = np.inf, queue.day[day]
    while k >= 0:
        least_s = min(least_s, queue.events[k].time_s)
        k = queue.events[k].next
    return least_s


@kernel
def _day(queue: EventQueue, time_s: float) -> int:
    """Return the day of a moment; it never falls as time grows, which is all that the order needs."""
    days = (time_s - queue.span[0]) * queue.span[1]
    return int(min(max(days, 0.0), queue.day.shape[0] - 1.0))
