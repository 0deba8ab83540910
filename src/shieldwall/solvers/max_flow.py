"""The largest flow through a small network in many states of damage: shortest augmenting paths, compiled.

Edmonds and Karp 1972, Journal of the ACM 19:248-264. Networks here have tens of nodes, so the residual capacities are a
square matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@njit(cache=True, nogil=True)
def max_flows(
    start: Int,
    end: Int,
    capacity: Float,
    part: Int,
    states: NDArray[np.uint64],
    nodes: int,
    source: int,
    sink: int,
) -> Float:
    """Return the largest flow in each state, float64 (states,).

    Parameters
    ----------
    start, end : int64 (L,), nodes of each directed link
    capacity : float64 (L,), not negative
    part : int64 (L,), the bit of a state that says whether the link is there, -1 for always
    states : uint64 (N,)
    """
    flow = np.zeros(states.shape[0])
    left = np.empty((nodes, nodes))
    before = np.empty(nodes, np.int64)
    line = np.empty(nodes, np.int64)
    for i in range(states.shape[0]):
        left[:] = 0.0
        for k in range(start.shape[0]):
            if part[k] < 0 or (states[i] >> np.uint64(part[k])) & np.uint64(1) == np.uint64(1):
                left[start[k], end[k]] += capacity[k]
        while _find_path(left, source, sink, before, line):
            pushed = np.inf
            node = sink
            while node != source:
                pushed = min(pushed, left[before[node], node])
                node = before[node]
            node = sink
            while node != source:
                left[before[node], node] -= pushed
                left[node, before[node]] += pushed
                node = before[node]
            flow[i] += pushed
    return flow


@njit(cache=True)
def _find_path(left: Float, source: int, sink: int, before: Int, line: Int) -> bool:
    """Fill `before` with a shortest path that has capacity left; return whether there is one."""
    before[:] = -1
    before[source] = source
    line[0] = source
    held, taken = 1, 0
    while taken < held:
        node = line[taken]
        taken += 1
        for other in range(left.shape[0]):
            if before[other] < 0 and left[node, other] > 0.0:
                before[other] = node
                if other == sink:
                    return True
                line[held] = other
                held += 1
    return False
