"""Give each round in turn to the target where it saves most: maximum marginal return.

A plan is an array `target_of_round`, one entry a round (weapon by weapon, in order), -1 where the round is kept.

References
----------
[denbroeder1959] optimal when the kill probability depends on the target alone; [ahuja2007] as a start elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True)
def _sift_down(heap: IntArray, size: int, place: int, gain: FloatArray) -> None:
    """Restore the heap (largest gain first) from `place` downwards."""
    moved = heap[place]
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and gain[heap[child + 1]] > gain[heap[child]]:
            child += 1
        if gain[heap[child]] <= gain[moved]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = moved


@njit(cache=True)
def _best_weapon(chance: FloatArray, left: IntArray) -> int:
    """Return the weapon with rounds left that kills this target most surely, -1 if none can."""
    best = -1
    highest = 0.0
    for i in range(chance.shape[0]):
        if left[i] > 0 and chance[i] > highest:
            highest = chance[i]
            best = i
    return best


@njit(cache=True, nogil=True)
def marginal_return(values: FloatArray, chance: FloatArray, rounds: IntArray) -> IntArray:
    """Return the greedy plan.

    Parameters
    ----------
    values : float64, shape (T,)
    chance : float64, shape (T, W), kill probability of one round, C order
    rounds : int64, shape (W,)

    Returns
    -------
    int64, shape (R,), target of each round, -1 = kept
    """
    targets = chance.shape[0]
    left = rounds.copy()
    end = np.cumsum(rounds)
    survives = values.copy()
    weapon = np.empty(targets, np.int64)
    gain = np.zeros(targets)
    heap = np.arange(targets)
    for j in range(targets):
        weapon[j] = _best_weapon(chance[j], left)
        if weapon[j] >= 0:
            gain[j] = survives[j] * chance[j, weapon[j]]
    for place in range(targets // 2 - 1, -1, -1):
        _sift_down(heap, targets, place, gain)
    plan = np.full(int(rounds.sum()), -1, np.int64)
    while targets > 0:
        j = heap[0]
        i = weapon[j]
        if i < 0 or gain[j] <= 0.0:
            break
        if left[i] > 0:
            plan[end[i] - left[i]] = j
            left[i] -= 1
            survives[j] *= 1.0 - chance[j, i]
        if left[i] == 0:
            i = _best_weapon(chance[j], left)
            weapon[j] = i
        gain[j] = survives[j] * chance[j, i] if i >= 0 else 0.0
        _sift_down(heap, targets, 0, gain)
    return plan


@njit(cache=True, nogil=True)
def surviving_value(
    values: FloatArray, chance: FloatArray, weapon_of_round: IntArray, target_of_round: IntArray
) -> FloatArray:
    """Return the expected surviving value of each target under a plan, float64, shape (T,)."""
    survives = values.copy()
    for r in range(weapon_of_round.shape[0]):
        j = target_of_round[r]
        if j >= 0:
            survives[j] *= 1.0 - chance[j, weapon_of_round[r]]
    return survives
