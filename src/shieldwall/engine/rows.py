"""Rows that stand together: where they begin, and which of them they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shieldwall.engine.roster import actors_of
from shieldwall.tables import Int


def starts(counts: ArrayLike) -> Int:
    """Return where the rows of each of n entries begin, and the end: int64 (n + 1,)."""
    return np.concatenate([[0], np.cumsum(np.asarray(counts, np.int64))]).astype(np.int64)


def row_starts(groups: Int, n_groups: int) -> Int:
    """Return where each group's rows begin in `groups`, which is sorted: int64 (n_groups + 1,)."""
    return np.searchsorted(groups, np.arange(n_groups + 1)).astype(np.int64)


def stay_numbers(path: Int, place: Int) -> Int:
    """Return how many earlier rows have the same path and place; rows of a path and place stand together."""
    rows = np.arange(path.shape[0])
    if rows.shape[0] == 0:
        return rows
    new = np.concatenate([[True], (path[1:] != path[:-1]) | (place[1:] != place[:-1])])
    return np.asarray(rows - rows[new][np.cumsum(new) - 1], np.int64)


def words(ids: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return the 64-bit actor of every id."""
    return np.array(actors_of(ids), np.uint64)
