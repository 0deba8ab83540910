"""Serve each row by at most one unit of a column at least cost, and price the columns.

The rows are targets with a surviving value, the columns weapons with rounds free; a row left unserved costs its
surviving value, served by column i it costs surviving value x (1 - kill probability). This is a transportation
problem, solved by auction bids followed by shortest augmenting paths, and exact on the listed pairs.

References
----------
[jonker1987] for augmenting-row reduction and shortest augmenting paths in the assignment problem.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.heap import sink

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ColumnArray = NDArray[np.int32]

_BIDS_PER_ROW = 3
_SWEEPS = 2


@njit(cache=True)
def _push(key: FloatArray, item: IntArray, size: int, new_key: float, new_item: int) -> None:
    """Add to a binary heap of `size` entries, smallest key first."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if key[parent] <= new_key:
            break
        key[place] = key[parent]
        item[place] = item[parent]
        place = parent
    key[place] = new_key
    item[place] = new_item


@njit(cache=True)
def _pop(key: FloatArray, item: IntArray, size: int) -> None:
    """Remove the first of `size` entries: the last sinks from its place."""
    sink(key, item, size - 1, key[size - 1], item[size - 1])


@njit(cache=True)
def _unlink(j: int, column: int, first: IntArray, after: IntArray, before: IntArray) -> None:
    """Take row j out of the list of rows served by this column."""
    if before[j] >= 0:
        after[before[j]] = after[j]
    else:
        first[column] = after[j]
    if after[j] >= 0:
        before[after[j]] = before[j]
    after[j] = -1
    before[j] = -1


@njit(cache=True)
def _link(j: int, column: int, first: IntArray, after: IntArray, before: IntArray) -> None:
    """Put row j at the head of the list of rows served by this column."""
    after[j] = first[column]
    before[j] = -1
    if first[column] >= 0:
        before[first[column]] = j
    first[column] = j


@njit(cache=True)
def _bid(
    value: FloatArray, start: IntArray, column: ColumnArray, chance: FloatArray, units: IntArray, price: FloatArray,
    served_by: IntArray, used: IntArray, first: IntArray, after: IntArray, before: IntArray,
    waiting: IntArray, count: int,
) -> int:  # fmt: skip
    """Let waiting rows outbid each other for single-unit columns; return how many still wait."""
    still = np.empty(count, np.int64)
    kept = 0
    place = 0
    bids = 0
    while place < count:
        j = waiting[place]
        place += 1
        bids += 1
        best = value[j]
        second = np.inf
        i = -1
        for e in range(start[j], start[j + 1]):
            if units[column[e]] > 0:
                cost = value[j] * (1.0 - chance[e]) + price[column[e]]
                if cost < best:
                    second = best
                    best = cost
                    i = column[e]
                elif cost < second:
                    second = cost
        if i < 0:
            continue  # unserved is best, and prices only rise: it stays so
        if used[i] < units[i]:
            used[i] += 1
            if units[i] == 1:
                price[i] += second - best
        elif units[i] == 1:
            loser = first[i]
            price[i] += second - best
            served_by[loser] = -1
            _unlink(loser, i, first, after, before)
            if second > best and bids < _BIDS_PER_ROW * count:
                place -= 1
                waiting[place] = loser
            else:
                still[kept] = loser
                kept += 1
        else:
            still[kept] = j
            kept += 1
            continue
        served_by[j] = i
        _link(j, i, first, after, before)
    waiting[:kept] = still[:kept]
    return kept


@njit(cache=True, nogil=True)
def transport(  # noqa: PLR0912, PLR0915  one search, whose parts share their arrays
    value: FloatArray, start: IntArray, column: ColumnArray, chance: FloatArray, units: IntArray, price: FloatArray
) -> IntArray:
    """Return the column that serves each row, at least total cost over the listed pairs.

    Parameters
    ----------
    value : float64, shape (N,), cost of row j unserved
    start : int64, shape (N + 1,); row j may be served by entries start[j]:start[j + 1]
    column, chance : int32 and float64, shape (E,), entry: which column, and its kill probability on the row
    units : int64, shape (W,), units of each column
    price : float64, shape (W,), zeros on entry; on return the least optimal dual price of a unit of each column

    Returns
    -------
    int64, shape (N,), column of each row, -1 = unserved
    """
    rows = value.shape[0]
    columns = units.shape[0]
    served_by = np.full(rows, -1, np.int64)
    first = np.full(columns, -1, np.int64)
    after = np.full(rows, -1, np.int64)
    before = np.full(rows, -1, np.int64)
    used = np.zeros(columns, np.int64)
    waiting = np.arange(rows)
    count = rows
    for _ in range(_SWEEPS):
        count = _bid(
            value, start, column, chance, units, price, served_by, used, first, after, before, waiting, count
        )  # fmt: skip
    distance = np.full(columns, np.inf)
    reached_from = np.full(columns, -1, np.int64)
    done = np.zeros(columns, np.bool_)
    touched = np.empty(columns, np.int64)
    key = np.empty(column.shape[0] + 16)
    item = np.empty(column.shape[0] + 16, np.int64)
    for w in range(count):
        source = waiting[w]
        leave = value[source]  # least cost of a path that ends with some row unserved
        leaver = source
        size = 0
        seen = 0
        end = -1
        j = source
        base = 0.0
        length = leave
        while True:
            # offer row j the columns, at the cost of the path so far
            for e in range(start[j], start[j + 1]):
                i = column[e]
                if units[i] > 0 and not done[i]:
                    cost = base + value[j] * (1.0 - chance[e]) + price[i]
                    if cost < distance[i] and cost < leave:
                        if distance[i] == np.inf:
                            touched[seen] = i
                            seen += 1
                        distance[i] = cost
                        reached_from[i] = j
                        _push(key, item, size, cost, i)
                        size += 1
            # go on with the next row of the column in hand, or with the nearest column
            j = after[j] if j != source else -1
            while j < 0 and size > 0:
                near = key[0]
                i = item[0]
                _pop(key, item, size)
                size -= 1
                if done[i] or near > distance[i]:
                    continue
                if near >= leave:
                    size = 0
                    break
                done[i] = True
                if used[i] < units[i]:
                    end = i
                    break
                j = first[i]
            if end >= 0 or j < 0:
                break
            holder = served_by[j]
            own = 0.0
            for e in range(start[j], start[j + 1]):
                if column[e] == holder:
                    own = value[j] * (1.0 - chance[e]) + price[holder]
                    break
            base = distance[holder] - own
            if base + value[j] < leave:
                leave = base + value[j]
                leaver = j
        length = distance[end] if end >= 0 else leave
        # move the rows along the path; -1 as the column leaves the last row unserved
        if end >= 0:
            used[end] += 1
            i = end
            j = reached_from[end]
        else:
            i = -1
            j = leaver
        while True:
            old = served_by[j]
            if old >= 0:
                _unlink(j, old, first, after, before)
            served_by[j] = i
            if i >= 0:
                _link(j, i, first, after, before)
            if j == source:
                break
            i = old
            j = reached_from[old]
        for t in range(seen):
            i = touched[t]
            if done[i] and distance[i] < length:
                price[i] += length - distance[i]
            distance[i] = np.inf
            reached_from[i] = -1
            done[i] = False
    return served_by
