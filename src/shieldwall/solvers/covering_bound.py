"""Bound maximal covering from above: let every site collect a price from each point that it covers.

With prices 0 <= u_j <= v_j the covering constraints are relaxed to

    L(u) = sum_j (v_j - u_j) + the p largest of c_i,   c_i = sum over the points j of site i of u_j

which no choice of p sites exceeds. A subgradient method lowers L. Sites whose c_i is so small that a choice with them
stays below a known value are no part of a better choice, and drop out.

References
----------
[fisher1981] for Lagrangian bounds; [galvao1996] for this relaxation of maximal covering.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.covering_instance import Covering

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_ROUNDING = 1e-12  # share of the bound given away to rounding
_PATIENCE = 30
_SHRINK = 0.7
_MOMENTUM = 0.7
_LEAST_STEP = 1e-5


class Priced(NamedTuple):
    """Prices and what they prove: no choice of p sites is worth more than `bound`; `worth` is c_i, shape (I,)."""

    bound: float
    price: FloatArray
    worth: FloatArray


class Descent(NamedTuple):
    """Where a subgradient method stands; arrays are changed in place, `number` holds best, step and stalls."""

    price: FloatArray
    best_price: FloatArray
    direction: FloatArray
    number: FloatArray


def begin(covering: Covering) -> Descent:
    """Return a descent that has not yet taken a step."""
    price = 0.5 * covering.values
    return Descent(price, price.copy(), np.zeros(price.size), np.array([math.inf, 2.0, 0.0]))


@njit(cache=True, nogil=True)
def descend(  # noqa: PLR0912  one loop: price, take the best, step
    values: FloatArray, start: IntArray, item: IntArray, p: int, target: float, descent: Descent, steps: int
) -> bool:
    """Take steps of Polyak's length towards `target`, in place; return whether steps have become too short to go on.

    Parameters
    ----------
    values, start, item : the instance
    p : number of sites, below that of the instance
    target : a value that some choice reaches
    """
    price, best_price, direction, number = descent
    sites = start.size - 1
    worth = np.zeros(sites)
    slope = np.zeros(values.size)
    for _ in range(steps):
        for i in range(sites):
            total = 0.0
            for a in range(start[i], start[i + 1]):
                total += price[item[a]]
            worth[i] = total
        top = np.argpartition(worth, sites - p)[sites - p :]
        value = 0.0
        for j in range(values.size):
            value += values[j] - price[j]
            slope[j] = -1.0
        for i in top:
            value += worth[i]
            for a in range(start[i], start[i + 1]):
                slope[item[a]] += 1.0
        number[2] += 1.0
        if value < number[0]:
            if value < number[0] * (1.0 - 1e-7):
                number[2] = 0.0
            number[0] = value
            best_price[:] = price
        if number[2] > _PATIENCE:
            number[1] *= _SHRINK
            number[2] = 0.0
            price[:] = best_price
        length = 0.0
        for j in range(values.size):
            direction[j] = slope[j] + _MOMENTUM * direction[j]
            if not ((price[j] <= 0.0 and direction[j] > 0.0) or (price[j] >= values[j] and direction[j] < 0.0)):
                length += direction[j] * direction[j]
        if length == 0.0 or number[1] < _LEAST_STEP or value <= target:
            return True
        step = number[1] * (value - target) / length
        for j in range(values.size):
            price[j] = min(values[j], max(0.0, price[j] - step * direction[j]))
    return False


def priced(covering: Covering, p: int, price: FloatArray) -> Priced:
    """Return what prices prove, summed exactly, with an allowance for the rounding of the c_i."""
    worth = np.add.reduceat(np.append(price[covering.covers.item], 0.0), covering.covers.start[:-1])
    worth[np.diff(covering.covers.start) == 0] = 0.0
    top = np.sort(worth)[::-1][:p]
    bound = math.fsum(covering.values - price) + math.fsum(top)
    return Priced(bound * (1.0 + _ROUNDING), price, worth)


def may_better(found: Priced, p: int, value: float) -> NDArray[np.bool_]:
    """Return which sites may be part of a choice worth more than `value`, shape (I,)."""
    if found.worth.size <= p:
        return np.ones(found.worth.size, np.bool_)
    last = np.partition(found.worth, found.worth.size - p)[found.worth.size - p]
    reach = found.bound - last + np.minimum(found.worth, last)
    allowed: NDArray[np.bool_] = reach * (1.0 + _ROUNDING) > value
    return allowed
