"""List, for each target, the weapons worth a first look.

Up to `ALL` weapons every eligible pair is listed and nothing is lost. Beyond, each target lists the `BEST` weapons
that kill it most surely and each weapon the `BACK` targets that it kills most surely; heuristics use these lists,
while bounds are always verified against all weapons.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.heap import sink

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ColumnArray = NDArray[np.int32]

ALL = 320
BEST = 64
BACK = 8


class Shortlist(NamedTuple):
    """Listed pairs by target, the surest weapon first.

    Attributes
    ----------
    start : int64, shape (T + 1,); target j owns entries start[j]:start[j + 1]
    weapon : int32, shape (E,)
    chance : float64, shape (E,), kill probability of the pair, > 0
    """

    start: IntArray
    weapon: ColumnArray
    chance: FloatArray


@njit(cache=True, nogil=True)
def _two_sided(chance: FloatArray, best: int, back: int) -> tuple[FloatArray, ColumnArray, FloatArray, ColumnArray]:
    """Return the surest weapons of each target and the surest targets of each weapon, as heaps."""
    targets, weapons = chance.shape
    key = np.zeros((targets, best))
    who = np.full((targets, best), -1, np.int32)
    back_key = np.zeros((weapons, back))
    back_who = np.full((weapons, back), -1, np.int32)
    for j in range(targets):
        for i in range(weapons):
            p = chance[j, i]
            if p > key[j, 0]:
                sink(key[j], who[j], key[j].shape[0], p, i)
            if p > back_key[i, 0]:
                sink(back_key[i], back_who[i], back_key[i].shape[0], p, j)
    return key, who, back_key, back_who


def make_shortlist(chance: FloatArray) -> Shortlist:
    """Return the pairs worth a first look.

    Parameters
    ----------
    chance : float64, shape (T, W), C order
    """
    targets, weapons = chance.shape
    if weapons <= ALL:
        target, weapon = np.nonzero(chance > 0.0)
        probability = chance[target, weapon]
    else:
        key, who, back_key, back_who = _two_sided(chance, BEST, BACK)
        target = np.concatenate([np.repeat(np.arange(targets), BEST), back_who.reshape(-1)])
        weapon = np.concatenate([who.reshape(-1), np.repeat(np.arange(weapons), BACK)])
        probability = np.concatenate([key.reshape(-1), back_key.reshape(-1)])
        listed = (target >= 0) & (weapon >= 0)
        pair = target[listed].astype(np.int64) * weapons + weapon[listed]
        _, once = np.unique(pair, return_index=True)
        target, weapon = target[listed][once], weapon[listed][once]
        probability = probability[listed][once]
    order = np.lexsort((weapon, -probability, target))
    start = np.zeros(targets + 1, np.int64)
    np.cumsum(np.bincount(target, minlength=targets), out=start[1:])
    return Shortlist(start, weapon[order].astype(np.int32), probability[order])
