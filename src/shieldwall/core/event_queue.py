"""A binary heap of events on plain arrays: the earliest first, ties by priority, then by order of arrival.

An event is (time, tag, item): the tag holds the kind (which is also its priority) above the arrival number, the item two
indices, so an ordinary comparison of (time, tag) settles every tie in the data.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_KIND_SHIFT = 48
_ITEM_SHIFT = 32
_ITEM_MASK = (1 << _ITEM_SHIFT) - 1


class EventQueue(NamedTuple):
    """time_s float64 (K,), tag int64 (K,), item int64 (K,), and `held` int64 (2,): number of events held, arrivals."""

    time_s: NDArray[np.float64]
    tag: NDArray[np.int64]
    item: NDArray[np.int64]
    held: NDArray[np.int64]


def new_event_queue(capacity: int) -> EventQueue:
    """Return an empty queue with room for `capacity` events."""
    return EventQueue(
        np.zeros(capacity), np.zeros(capacity, np.int64), np.zeros(capacity, np.int64), np.zeros(2, np.int64)
    )


@njit(cache=True)
def clear(queue: EventQueue) -> None:
    """Empty the queue."""
    queue.held[0] = 0
    queue.held[1] = 0


@njit(cache=True)
def push(queue: EventQueue, time_s: float, kind: int, first: int, second: int) -> bool:
    """Add an event of `kind` (below 2**15) on two indices (below 2**31); False if there is no room."""
    k = queue.held[0]
    if k >= queue.time_s.shape[0]:
        return False
    tag = (np.int64(kind) << _KIND_SHIFT) | queue.held[1]
    queue.held[0] = k + 1
    queue.held[1] += 1
    while k > 0:
        parent = (k - 1) >> 1
        if queue.time_s[parent] < time_s or (queue.time_s[parent] == time_s and queue.tag[parent] < tag):
            break
        queue.time_s[k] = queue.time_s[parent]
        queue.tag[k] = queue.tag[parent]
        queue.item[k] = queue.item[parent]
        k = parent
    queue.time_s[k] = time_s
    queue.tag[k] = tag
    queue.item[k] = (np.int64(first) << _ITEM_SHIFT) | np.int64(second)
    return True


@njit(cache=True)
def pop(queue: EventQueue) -> tuple[float, int, int, int]:
    """Remove the earliest event and return (time_s, kind, first, second). The queue must not be empty."""
    time_s = queue.time_s[0]
    kind = queue.tag[0] >> _KIND_SHIFT
    item = queue.item[0]
    size = queue.held[0] - 1
    queue.held[0] = size
    moved_time = queue.time_s[size]
    moved_tag = queue.tag[size]
    moved_item = queue.item[size]
    k = 0
    child = 1
    while child < size:
        other = child + 1
        if other < size and (
            queue.time_s[other] < queue.time_s[child]
            or (queue.time_s[other] == queue.time_s[child] and queue.tag[other] < queue.tag[child])
        ):
            child = other
        if moved_time < queue.time_s[child] or (moved_time == queue.time_s[child] and moved_tag < queue.tag[child]):
            break
        queue.time_s[k] = queue.time_s[child]
        queue.tag[k] = queue.tag[child]
        queue.item[k] = queue.item[child]
        k = child
        child = 2 * k + 1
    queue.time_s[k] = moved_time
    queue.tag[k] = moved_tag
    queue.item[k] = moved_item
    return time_s, kind, item >> _ITEM_SHIFT, item & _ITEM_MASK
