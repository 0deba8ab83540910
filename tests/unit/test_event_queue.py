"""The queue: the earliest first, at one moment the lower kind, then who came first; as a sort says."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from shieldwall.core.event_queue import EventQueue, new_event_queue, pop, push


@njit
def _through(queue: EventQueue, time_s: NDArray[np.float64], kind: NDArray[np.int64], out: NDArray[np.float64]) -> int:
    """Push half, pop a quarter, push the rest, pop all; return how many were refused."""
    refused, popped, n = 0, 0, time_s.shape[0]
    for i in range(n):
        if not push(queue, time_s[i], kind[i], i, 2 * i):
            refused += 1
        if i == n // 2:
            while popped < n // 4:
                out[popped, 0], out[popped, 1], out[popped, 2], out[popped, 3] = pop(queue)
                popped += 1
    while queue.held[0] > 0:
        out[popped, 0], out[popped, 1], out[popped, 2], out[popped, 3] = pop(queue)
        popped += 1
    return refused


@pytest.mark.parametrize("days", [1, 16, 5_000])
@pytest.mark.parametrize(("begin_s", "end_s"), [(0.0, 9.0), (3.0, 5.0), (-100.0, -50.0), (4.0, 4.0)])
def test_order_of_events_with_many_ties(days: int, begin_s: float, end_s: float) -> None:
    """However the span is cut, and wherever it lies, ties and events outside of it come in their order."""
    rng = np.random.default_rng(5)
    time_s, kind = rng.integers(-2, 11, 400).astype(float), rng.integers(0, 4, 400)
    out = np.empty((400, 4))
    assert _through(new_event_queue(400, days=days, begin_s=begin_s, end_s=end_s), time_s, kind, out) == 0
    key = list(zip(time_s, kind, range(400), strict=True))
    early = sorted(key[:201])[:100]
    expected = early + sorted(set(key) - set(early))
    assert [tuple(row[:3]) for row in out] == expected
    assert (out[:, 3] == 2 * out[:, 2]).all()


def test_a_full_queue_refuses_and_room_is_used_again() -> None:
    """Room for 3: the fourth of five is refused until one is taken out, after the third."""
    out = np.empty((5, 4))
    queue = new_event_queue(3, days=1, begin_s=0.0, end_s=5.0)
    assert _through(queue, np.arange(5.0), np.zeros(5, np.int64), out) == 1
    assert out[:4, 0].tolist() == [0.0, 1.0, 2.0, 3.0]
