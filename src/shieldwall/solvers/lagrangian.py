"""Bound the assignment problem from below by pricing the rounds.

Good prices come from the plan in hand: let every round compete for every slot of the plan (a target, less one of its
rounds) in a transportation problem; its duals order the weapons right and lack only a common shift, found by a search
on the concave function L(prices + shift).

References
----------
[fisher1981] for Lagrangian bounds.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.patterns import LAYERS, LONGEST, price_targets
from shieldwall.solvers.shortlist import ALL, Shortlist
from shieldwall.solvers.transport import transport

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Pattern = tuple[int, ...]

_ROUNDING = 1e-12  # share of the summed terms given away to rounding
_TOLERANCE = 1e-9  # share of the mean cost of a target given away in each search
_NODES = 20_000
_SHIFT_NODES = 2_000
_PAIRS_FOR_THREADS = 400_000
_BLOCK = 128
_SHIFT_ENOUGH = 0.01  # of the gap: a shift that can gain less than this is not looked for


class Problem(NamedTuple):
    """An instance without useless weapons and targets, in the layout of the kernels.

    Attributes
    ----------
    values : float64, shape (T,), all > 0
    chance : float64, shape (T, W), C order
    rounds : int64, shape (W,), all > 0
    shortlist : pairs worth a first look
    weapon_of_round : int64, shape (R,)
    """

    values: FloatArray
    chance: FloatArray
    rounds: IntArray
    shortlist: Shortlist
    weapon_of_round: IntArray

    @property
    def lists_all(self) -> bool:
        """Return whether the shortlist holds every eligible pair."""
        return self.rounds.shape[0] <= ALL


class Priced(NamedTuple):
    """What pricing found.

    Attributes
    ----------
    bound : lower bound of the optimum, valid if all weapons were looked at
    price : float64, shape (W,)
    least : float64, shape (T,), lower bound of the least priced cost of each target
    costs, lengths, patterns, stored : the cheapest patterns of each target, see `price_targets`
    complete : whether no search was cut short
    """

    bound: float
    price: FloatArray
    least: FloatArray
    costs: FloatArray
    lengths: IntArray
    patterns: NDArray[np.int32]
    stored: IntArray
    complete: bool


def price_out(
    problem: Problem,
    price: FloatArray,
    incumbent: float,
    *,
    keep: int = 1,
    slack: float = 0.0,
    all_weapons: bool = True,
    most_nodes: int = _NODES,
) -> Priced:
    """Price every target and return the bound with the `keep` cheapest patterns within `slack` of the least.

    Parameters
    ----------
    price : float64, shape (W,), >= 0
    incumbent : value of the best plan, scales the tolerance
    all_weapons : False looks at the shortlist only: quicker, but the bound is then only a guess
    """
    targets = problem.values.shape[0]
    costs = np.empty((targets, keep))
    lengths = np.zeros((targets, keep), np.int64)
    patterns = np.empty((targets, keep, LONGEST), np.int32)
    least = np.empty(targets)
    stored = np.zeros(targets, np.int64)
    whole_row = all_weapons and not problem.lists_all
    tolerance = search_tolerance(incumbent, targets)
    cheapest = cheapest_sums(price, problem.rounds)

    def block(first: int) -> int:
        cut_short = price_targets(
            problem.values, *problem.shortlist, problem.chance, whole_row, price, problem.rounds, cheapest, slack,
            tolerance, most_nodes, True, costs, lengths, patterns, least, stored, first, min(first + _BLOCK, targets),
        )  # fmt: skip
        return int(cut_short)

    firsts = range(0, targets, _BLOCK)
    if problem.chance.size >= _PAIRS_FOR_THREADS:
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            cut_short = sum(pool.map(block, firsts))
    else:
        cut_short = sum(map(block, firsts))
    paid = math.fsum(price * problem.rounds)
    total = math.fsum(least)
    bound = total - paid - _ROUNDING * (total + paid)
    return Priced(bound, price, least, costs, lengths, patterns, stored, cut_short == 0)


def search_tolerance(incumbent: float, targets: int) -> float:
    """Return the error allowed in the least priced cost of a target."""
    return _TOLERANCE * incumbent / targets


def cheapest_sums(price: FloatArray, rounds: IntArray) -> FloatArray:
    """Return the sums of the 0, 1, ... LAYERS + 1 cheapest rounds' prices; infinite beyond the rounds there are."""
    order = np.argsort(price)[: LAYERS + 1]
    single = np.repeat(price[order], np.minimum(rounds[order], LAYERS + 1))[: LAYERS + 1]
    sums = np.full(LAYERS + 2, np.inf)
    sums[0] = 0.0
    sums[1 : 1 + single.size] = np.cumsum(single) * (1.0 - _ROUNDING)
    return sums


@njit(cache=True, nogil=True)
def _slots(
    values: FloatArray, chance: FloatArray, weapon_of_round: IntArray, plan: IntArray
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return, for each assigned round, the value that survives without it, its target and its weapon."""
    targets = values.shape[0]
    survives = values.copy()  # product over the rounds with p < 1
    sure = np.zeros(targets, np.int64)  # rounds with p = 1
    used = 0
    for r in range(plan.shape[0]):
        j = plan[r]
        if j >= 0:
            used += 1
            p = chance[j, weapon_of_round[r]]
            if p < 1.0:
                survives[j] *= 1.0 - p
            else:
                sure[j] += 1
    without = np.empty(used)
    target = np.empty(used, np.int64)
    weapon = np.empty(used, np.int64)
    k = 0
    for r in range(plan.shape[0]):
        j = plan[r]
        if j >= 0:
            p = chance[j, weapon_of_round[r]]
            if p < 1.0:
                without[k] = survives[j] / (1.0 - p) if sure[j] == 0 else 0.0
            else:
                without[k] = survives[j] if sure[j] == 1 else 0.0
            target[k] = j
            weapon[k] = weapon_of_round[r]
            k += 1
    return without, target, weapon


def slot_prices(problem: Problem, plan: IntArray) -> FloatArray:
    """Return the duals of all rounds competing for the slots of this plan, float64, shape (W,)."""
    without, target, weapon = _slots(problem.values, problem.chance, problem.weapon_of_round, plan)
    price = np.zeros(problem.rounds.shape[0])
    if without.size == 0:
        return price
    listed = problem.shortlist
    length = listed.start[target + 1] - listed.start[target]
    start = np.zeros(target.size + 1, np.int64)
    np.cumsum(length + 1, out=start[1:])
    # entries of the target's list, then the slot's own weapon, which the list may lack
    entry = np.repeat(listed.start[target] - start[:-1], length + 1) + np.arange(start[-1])
    entry[start[1:] - 1] = 0
    column = listed.weapon[entry]
    chance = listed.chance[entry]
    column[start[1:] - 1] = weapon
    chance[start[1:] - 1] = problem.chance[target, weapon]
    transport(without, start, column, chance, problem.rounds, price)
    return price


def best_shift(problem: Problem, price: FloatArray, incumbent: float, steps: int = 14) -> FloatArray:
    """Return the prices plus the common shift that makes the bound best, by bisection on rounds asked for."""
    held = int(problem.rounds.sum())
    low, high = 0.0, float(problem.values.max())
    ceiling = high
    shift = max(float(price.mean()), 1e-3 * incumbent / max(held, 1))
    best, best_bound = price + shift, -math.inf
    for _ in range(steps):
        priced = price_out(problem, price + shift, incumbent, all_weapons=False, most_nodes=_SHIFT_NODES)
        if priced.bound > best_bound:
            best, best_bound = priced.price, priced.bound
        asked = int(priced.lengths[:, 0].sum())
        # the bound is concave in the shift with slope asked - held: what is left to gain is at most slope x bracket
        if abs(asked - held) * (high - low) <= _SHIFT_ENOUGH * (incumbent - best_bound):
            break
        if asked > held:
            low = shift
            shift = 0.5 * (low + high) if high < ceiling else min(3.0 * shift, 0.9 * ceiling)
        else:
            high = shift
            shift = 0.5 * (low + high)
    return best
