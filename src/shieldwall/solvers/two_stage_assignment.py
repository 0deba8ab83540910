"""Shoot, look, shoot again: the best first salvo when a perfect look tells which targets are left.

Every round is fired in the first stage or held for the second; after the look, the rounds held are assigned best to
the targets that survived. Solved by full enumeration, for a handful of rounds and targets: the oracle against which
rules for two stages are measured.

References
----------
[eckler1972] for dynamic weapon-target assignment; [hosein1990] for two stages.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.solvers.wta_instance import Instance

FloatArray = NDArray[np.float64]

MOST_PLANS = 2_000_000


@dataclass(frozen=True, slots=True)
class TwoStagePlan:
    """The best first salvo.

    Attributes
    ----------
    value : least expected surviving value with two stages
    one_stage_value : least expected surviving value with one salvo and no look
    first_stage : target of each round in the first salvo, -1 = held back; weapon by weapon
    """

    value: float
    one_stage_value: float
    first_stage: tuple[int, ...]


def _best_second_stage(values: FloatArray, chance: FloatArray) -> dict[tuple[int, int], float]:
    """Return the least surviving value for each set of rounds held and each set of targets left.

    Parameters
    ----------
    values : float64, shape (T,)
    chance : float64, shape (R, T), one row a round

    Returns
    -------
    (bits of the rounds, bits of the targets) -> value, by adding one round after another to the sets
    """
    rounds, targets = chance.shape
    # survive[j, h]: product of (1 - p) of the rounds in h at target j
    survive = np.ones((targets, 1 << rounds))
    for h in range(1, 1 << rounds):
        last = h.bit_length() - 1
        survive[:, h] = survive[:, h ^ (1 << last)] * (1.0 - chance[last])
    best: dict[tuple[int, int], float] = {}
    for held in range(1 << rounds):
        best[held, 0] = 0.0
        for alive in range(1, 1 << targets):
            j = alive.bit_length() - 1
            rest = alive ^ (1 << j)
            least = math.inf
            used = held
            while True:  # every subset of the rounds held, at target j
                least = min(least, float(values[j] * survive[j, used]) + best[held ^ used, rest])
                if used == 0:
                    break
                used = (used - 1) & held
            best[held, alive] = least
    return best


def solve_two_stage(instance: Instance) -> TwoStagePlan:
    """Return the best first salvo by trying all.

    Raises
    ------
    InputError
        If there are too many first salvos to try.
    """
    weapon = np.repeat(np.arange(instance.weapons), instance.rounds)
    chance = instance.kill_probability[weapon]
    rounds, targets = chance.shape
    if (targets + 1.0) ** rounds > MOST_PLANS or 4.0**rounds * 2.0**targets > 100 * MOST_PLANS:
        what = f"{rounds} rounds and {targets} targets are too many to try every two-stage plan"
        raise InputError(Mistake(instance.name, 0, 0, what, "use fewer rounds, or the one-stage solver"))
    second = _best_second_stage(instance.values, chance)
    best, best_first = math.inf, (-1,) * rounds
    for first in itertools.product(range(-1, targets), repeat=rounds):
        survive = [1.0] * targets
        held = 0
        for r, j in enumerate(first):
            if j < 0:
                held |= 1 << r
            else:
                survive[j] *= 1.0 - float(chance[r, j])
        value = 0.0
        for alive in range(1 << targets):
            likely = math.prod(survive[j] if alive >> j & 1 else 1.0 - survive[j] for j in range(targets))
            value += likely * second[held, alive]
        if value < best:
            best, best_first = value, first
    return TwoStagePlan(best, second[(1 << rounds) - 1, (1 << targets) - 1], best_first)
