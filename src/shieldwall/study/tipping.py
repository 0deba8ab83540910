"""Find where along one figure a decision changes: two variants change places, or an output passes a threshold.

The gap is the output of the scenario less a threshold, or less the output of a variant on the same luck. It is looked
at on a grid over the figure's range; between neighbours of opposite sign the place is found by bisection, then between
the two last values on a straight line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shieldwall.results.statistics import standard_error, t_quantile

Float = NDArray[np.float64]
Gap = Callable[[float], Float]
_HALVINGS = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """The mean gap at one value of the figure with its 90 % interval."""

    at: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the gap changes its sign, and the values between which that cannot be ruled out.

    low and high: the nearest values looked at, below and above, where the gap's interval leaves out zero; the ends of
    what was looked at where there is none.
    """

    at: float
    low: float
    high: float
    rising: bool


def look(gap: Gap, at: float) -> Looked:
    """Return what the gap is at one value; `gap` returns it by replication, shape (n,)."""
    values = gap(at)
    mean = float(values.mean())
    half = t_quantile(0.95, values.size - 1) * standard_error(values) if values.size > 1 else 0.0
    return Looked(at, mean, mean - half, mean + half)


def tips(gap: Gap, low: float, high: float, *, steps: int = 9, whole: bool = False) -> tuple[list[Looked], list[Tip]]:
    """Return what was looked at, ascending, and the tipping points among it.

    Parameters
    ----------
    gap : value of the figure -> gap by replication, always on the same luck
    low, high : the figure's range
    steps : values in the first grid, ends included
    whole : only whole numbers are looked at
    """
    grid = np.linspace(low, high, steps)
    first = sorted({float(x) for x in (np.rint(grid) if whole else grid)})
    looked = {at: look(gap, at) for at in first}
    found = []
    for left, right in pairwise(first):
        if _positive(looked[left]) != _positive(looked[right]):
            found.append(_bisect(gap, looked, left, right, whole=whole))
    seen = sorted(looked.values(), key=lambda one: one.at)
    return seen, [_tip(seen, left, right) for left, right in found]


def _bisect(gap: Gap, looked: dict[float, Looked], left: float, right: float, *, whole: bool) -> tuple[float, float]:
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        middle = float(np.rint(middle)) if whole else middle
        if middle in (left, right):
            break
        looked[middle] = look(gap, middle)
        if _positive(looked[middle]) == _positive(looked[left]):
            left = middle
        else:
            right = middle
    return left, right


def _tip(seen: list[Looked], left: float, right: float) -> Tip:
    before, after = (next(one for one in seen if one.at == at) for at in (left, right))
    slope = (after.mean - before.mean) / (right - left)
    at = left - before.mean / slope if slope else (left + right) / 2
    sure_below = [one.at for one in seen if one.at <= left and not one.low <= 0 <= one.high]
    sure_above = [one.at for one in seen if one.at >= right and not one.low <= 0 <= one.high]
    return Tip(at, max(sure_below, default=seen[0].at), min(sure_above, default=seen[-1].at), after.mean > before.mean)


def _positive(one: Looked) -> bool:
    return one.mean > 0
