"""A binary heap of events: the earliest first, ties by priority, then by order of arrival.

An event is (time, tag, subject): the tag holds the kind (which is also its priority) above the arrival number, the
subject two indices, so an ordinary comparison of (time, tag) settles every tie in the data.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel

EVENT = np.dtype([("time_s", "f8"), ("tag", "i8"), ("subject", "i8")])
_KIND_SHIFT = 48
_SUBJECT_SHIFT = 32
_SUBJECT_MASK = (1 << _SUBJECT_SHIFT) - 1


class EventQueue(NamedTuple):
    """events: records of EVENT (K,), the heap; held int64 (2,): number of events held, arrivals so far."""

    events: Any
    held: NDArray[np.int64]


def new_event_queue(capacity: int) -> EventQueue:
    """Return an empty queue with room for `capacity` events."""
    return EventQueue(np.zeros(capacity, EVENT).view(np.recarray), np.zeros(2, np.int64))


@kernel
def clear(queue: EventQueue) -> None:
    """Empty the queue."""
    queue.held[0] = 0
    queue.held[1] = 0


@kernel
def push(queue: EventQueue, time_s: float, kind: int, first: int, second: int) -> bool:
    """Add an event of `kind` (below 2**15) on two indices (below 2**31); False if there is no room."""
    events, k = queue.events, queue.held[0]
    if k >= events.shape[0]:
        return False
    tag = (np.int64(kind) << _KIND_SHIFT) | queue.held[1]
    queue.held[0] = k + 1
    queue.held[1] += 1
    _rise(events, k, time_s, tag, (np.int64(first) << _SUBJECT_SHIFT) | np.int64(second))
    return True


@kernel
def pop(queue: EventQueue) -> tuple[float, int, int, int]:
    """Remove the earliest event and return (time_s, kind, first, second). The queue must not be empty.

    The hole that it leaves sinks to the bottom along the earlier child, chosen without a branch that the processor
    would have to guess; the last event rises from there, mostly not far.
    """
    events = queue.events
    time_s, kind, subject = events[0].time_s, events[0].tag >> _KIND_SHIFT, events[0].subject
    last = queue.held[0] - 1
    queue.held[0] = last
    k, child = 0, 1
    while child + 1 < last:
        a, b = events[child], events[child + 1]
        child += int((b.time_s < a.time_s) | ((b.time_s == a.time_s) & (b.tag < a.tag)))
        _copy(events, child, k)
        k = child
        child = 2 * k + 1
    if child < last:
        _copy(events, child, k)
        k = child
    moved = events[last]
    _rise(events, k, moved.time_s, moved.tag, moved.subject)
    return time_s, kind, subject >> _SUBJECT_SHIFT, subject & _SUBJECT_MASK


@kernel
def _rise(events: Any, k: int, time_s: float, tag: np.int64 | int, subject: np.int64 | int) -> None:
    """Write an event at place k or nearer to the top, below the first that is earlier."""
    while k > 0:
        parent = (k - 1) >> 1
        if events[parent].time_s < time_s or (events[parent].time_s == time_s and events[parent].tag < tag):
            break
        _copy(events, parent, k)
        k = parent
    events[k].time_s = time_s
    events[k].tag = tag
    events[k].subject = subject


@kernel
def _copy(events: Any, source: int, goal: int) -> None:
    events[goal].time_s = events[source].time_s
    events[goal].tag = events[source].tag
    events[goal].subject = events[source].subject
