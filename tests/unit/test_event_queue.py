"""The calendar of events against the standard library's heap, compiled and as plain Python."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import pytest

from shieldwall.core.compiled import entry
from shieldwall.core.event_queue import clear, new_event_queue, pop, push


@entry
def _work(queue: Any, moments: Any, kinds: Any, taken: Any) -> int:
    """Push every moment, take one out after every second push, then all; return how many were taken."""
    count = 0
    for i in range(moments.shape[0]):
        push(queue, moments[i], kinds[i], i, i + 7)
        if i % 2:
            _, _, first, _ = pop(queue)
            taken[count] = first
            count += 1
    while queue.held[0] > 0:
        _, _, first, second = pop(queue)
        taken[count] = first if second == first + 7 else -1
        count += 1
    return count


def _by_heap(moments: Any, kinds: Any) -> list[int]:
    heap: list[tuple[float, int, int]] = []
    taken = []
    for i, (moment, kind) in enumerate(zip(moments.tolist(), kinds.tolist(), strict=True)):
        heapq.heappush(heap, (moment, kind, i))
        if i % 2:
            taken.append(heapq.heappop(heap)[2])
    while heap:
        taken.append(heapq.heappop(heap)[2])
    return taken


@pytest.mark.parametrize("days", [1, 16, 300, 100_000])
@pytest.mark.parametrize("spread", [0.0, 3.0, 400.0])
def test_events_come_in_the_order_of_a_heap(days: int, spread: float) -> None:
    draw = np.random.default_rng(int(spread) + days)
    moments = np.round(draw.uniform(-spread, 2 * spread, 400), 1)  # many ties, and moments outside the span
    kinds = draw.integers(0, 4, 400)
    queue = new_event_queue(400, days=days, begin_s=0.0, end_s=spread)
    for again in range(2):
        clear(queue)
        taken = np.zeros(400, np.int64)
        assert _work(queue, moments, kinds, taken) == 400, again
        assert taken.tolist() == _by_heap(moments, kinds)


def test_a_full_calendar_says_so_and_forgets_nothing() -> None:
    queue = new_event_queue(3, days=4, begin_s=0.0, end_s=10.0)
    assert [push(queue, time_s, 0, 1, 2) for time_s in (5.0, 1.0, 3.0, 2.0)] == [True, True, True, False]
    assert pop(queue)[0] == 1.0
    assert push(queue, 2.0, 0, 1, 2)
    assert [pop(queue)[0] for _ in range(3)] == [2.0, 3.0, 5.0]
