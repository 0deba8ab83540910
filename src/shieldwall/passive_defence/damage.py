"""Damage: when each part of a service went down, and how much of it was lost in the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
_ALMOST_ALL = 1.0 - 1e-15


class Hits(NamedTuple):
    """Hits in any order, (H,): replication from 0, target, when, share of what was left of it that each took."""

    replication: Int
    target: Int
    time_s: Float
    taken: Float


def broken(hits: Hits, targets: Sequence[Int], works_at: Float, replications: int) -> tuple[Float, Float]:
    """Return (down_s, lost): from when each part is down (inf: never) and what share of it is lost, each (R, P).

    A part of n targets, all of one size, has left the mean of what is left of each; it is down from the hit after which
    that is `works_at` or less.

    Parameters
    ----------
    targets : for each part the targets that it consists of
    works_at : float64 (P,)
    """
    down_s = np.full((replications, len(targets)), np.inf)
    lost = np.zeros((replications, len(targets)))
    for p, own in enumerate(targets):
        mine = np.isin(hits.target, own)
        if not mine.any():
            continue
        r, m, time_s, taken = hits.replication[mine], hits.target[mine], hits.time_s[mine], hits.taken[mine]
        order = np.lexsort((time_s, m, r))
        left_before = _left_before(r[order], m[order], taken[order])
        drop = np.empty(order.size)
        drop[order] = left_before * taken[order] / own.size
        order = np.lexsort((m, time_s, r))
        gone = _running_sum(r[order], drop[order])
        np.maximum.at(lost[:, p], r[order], gone)
        breaks = gone >= (1.0 - works_at[p]) - 1e-12
        np.minimum.at(down_s[:, p], r[order][breaks], time_s[order][breaks])
    return down_s, np.minimum(lost, 1.0)


def _left_before(r: Int, m: Int, taken: Float) -> Float:
    """Return what was left of each hit's target before it; rows sorted by replication, target, time."""
    new = np.ones(r.size, bool)
    new[1:] = (r[1:] != r[:-1]) | (m[1:] != m[:-1])
    kept = np.log1p(-np.minimum(taken, _ALMOST_ALL))
    before = np.cumsum(kept) - kept
    return np.asarray(np.exp(before - before[np.maximum.accumulate(np.where(new, np.arange(r.size), 0))]))


def _running_sum(r: Int, drop: Float) -> Float:
    """Return the sum of drops so far within each replication; rows sorted by replication, time."""
    new = np.ones(r.size, bool)
    new[1:] = r[1:] != r[:-1]
    before = np.cumsum(drop) - drop
    return before + drop - before[np.maximum.accumulate(np.where(new, np.arange(r.size), 0))]
