"""Improve a plan by a very large neighbourhood: lift one round off each target, put all lifted rounds back at best.

With at most one round lifted from, and put on, each target, the best way to put them back is a transportation
problem with exact costs, so one step searches exponentially many exchanges and never makes the plan worse.

References
----------
[ahuja2007], section 4, for very large neighbourhoods in weapon-target assignment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.shortlist import Shortlist
from shieldwall.solvers.transport import transport

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_WORTH_IT = 1e-12


@njit(cache=True, nogil=True)
def _lift(
    values: FloatArray, chance: FloatArray, weapon_of_round: IntArray, plan: IntArray, key: FloatArray,
    takes_part: NDArray[np.bool_], weapons: int,
) -> tuple[IntArray, IntArray, FloatArray, float]:  # fmt: skip
    """Choose the round to lift from each target that takes part: the one with the least key.

    Returns lifted round of each target (-1: none), free units of each weapon, surviving values without the lifted
    rounds, and the value of the plan as it was.
    """
    targets = values.shape[0]
    lifted = np.full(targets, -1, np.int64)
    for r in range(plan.shape[0]):
        j = plan[r]
        if j >= 0 and takes_part[j] and (lifted[j] < 0 or key[r] < key[lifted[j]]):
            lifted[j] = r
    units = np.zeros(weapons, np.int64)
    survives = values.copy()
    for r in range(plan.shape[0]):
        j = plan[r]
        if j < 0 or lifted[j] == r:
            units[weapon_of_round[r]] += 1
        else:
            survives[j] *= 1.0 - chance[j, weapon_of_round[r]]
    before = 0.0
    for j in range(targets):
        if lifted[j] >= 0:
            before += survives[j] * (1.0 - chance[j, weapon_of_round[lifted[j]]])
        else:
            before += survives[j]
    return lifted, units, survives, before


@njit(cache=True, nogil=True)
def _put_back(
    chance: FloatArray, weapon_of_round: IntArray, plan: IntArray, lifted: IntArray, survives: FloatArray,
    served_by: IntArray, before: float, weapons: int,
) -> bool:  # fmt: skip
    """Put the free rounds where the transport says, in place, if that is better than before; say whether."""
    after = 0.0
    for j in range(survives.shape[0]):
        i = served_by[j]
        after += survives[j] * (1.0 - chance[j, i]) if i >= 0 else survives[j]
    if not after < before - _WORTH_IT * before:
        return False
    free = np.full(weapons, -1, np.int64)
    following = np.full(plan.shape[0], -1, np.int64)
    for r in range(plan.shape[0]):
        j = plan[r]
        if j < 0 or lifted[j] == r:
            plan[r] = -1
            following[r] = free[weapon_of_round[r]]
            free[weapon_of_round[r]] = r
    for j in range(survives.shape[0]):
        i = served_by[j]
        if i >= 0:
            r = free[i]
            free[i] = following[r]
            plan[r] = j
    return True


def exchange(
    values: FloatArray, chance: FloatArray, shortlist: Shortlist, weapon_of_round: IntArray, plan: IntArray,
    weapons: int, random: np.random.Generator, share: float,
) -> bool:  # fmt: skip
    """Do one step, in place; return whether the plan got better.

    Parameters
    ----------
    values, chance : float64, shapes (T,) and (T, W)
    weapon_of_round, plan : int64, shape (R,); plan is changed
    random : chooses the lifted rounds
    share : fraction of the targets that give up a round; below 1, the number of rounds on a target can change
    """
    takes_part = random.random((values.size,)) < share
    key = random.random((plan.size,))
    lifted, units, survives, before = _lift(values, chance, weapon_of_round, plan, key, takes_part, weapons)
    price = np.zeros(weapons)
    served_by = transport(survives, shortlist.start, shortlist.weapon, shortlist.chance, units, price)
    return bool(_put_back(chance, weapon_of_round, plan, lifted, survives, served_by, before, weapons))
