"""Part what is due to chance from what is due to ignorance, where every point is played on the same luck.

With figures theta and luck omega, the law of total variance says Var Y = E Var(Y | theta) + Var E(Y | theta): chance,
which no knowledge removes, and ignorance, which better figures would. Points i = 1..N and replications r = 1..n make a
crossed table Y[i, r], because replication r has the same luck at every point. The variance of its row means holds,
besides ignorance, the n-th part of what luck does differently at different points (the interaction), not the n-th part
of all luck; the two-way analysis of variance says how much that is, and it is taken off.

References
----------
Searle, Casella & McCulloch 1992, Variance Components, chapter 4 (two-way crossed, expected mean squares).
Owen 2007, Annals of Applied Statistics 1(2), 386-411 (resampling rows and columns apart).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.results.statistics import t_quantile

Float = NDArray[np.float64]
_PARTS = 20  # groups of the jackknife each way, at most


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """What one output's variance is made of.

    chance and ignorance are standard deviations, share is ignorance's part of the whole variance. `band_ignorance`:
    5 % to 95 % of E(Y | theta) over the points, noise taken off; `band_all`: 5 % to 95 % of one raid, nothing known.
    `more_points` and `more_raids`: what part of the mean's variance falls with each.
    """

    mean: float
    half_width: float
    chance: Estimate
    ignorance: Estimate
    share: Estimate
    band_ignorance: tuple[float, float]
    band_all: tuple[float, float]
    more_points: float
    more_raids: float


def split(values: Float) -> Split:
    """Return chance and ignorance in values, shape (N points, n replications on the same luck).

    Raises
    ------
    ValueError
        If there are fewer than three points or three replications.
    """
    points, raids = values.shape
    if points < 3 or raids < 3:
        raise ValueError(f"three points and three replications are needed, not {points} and {raids}")
    rows, columns, rest = _mean_squares(values)
    cells = points * raids
    of_mean = max(0.0, rows + columns - rest) / cells
    means = values.mean(axis=1)
    known = max(0.0, rows - rest) / rows if rows > 0 else 0.0
    shrunk = means.mean() + math.sqrt(known) * (means - means.mean())
    chance, ignorance, share = _intervals(values)
    return Split(
        mean=float(means.mean()),
        half_width=t_quantile(0.95, min(points, raids) - 1) * math.sqrt(of_mean),
        chance=chance,
        ignorance=ignorance,
        share=share,
        band_ignorance=_band(shrunk),
        band_all=_band(values.ravel()),
        more_points=max(0.0, rows - rest) / cells,
        more_raids=max(0.0, columns - rest) / cells,
    )


def components(values: Float) -> tuple[float, float]:
    """Return (chance, ignorance) as variances, both without bias; ignorance may come out below zero where it is small.

    Points are taken as independent draws, which designs that spread them evenly only better.
    """
    rows, _, rest = _mean_squares(values)
    return float(values.var(axis=1, ddof=1).mean()), (rows - rest) / values.shape[1]


def _mean_squares(values: Float) -> tuple[float, float, float]:
    """Return the mean squares of points, of luck and of their interaction."""
    points, raids = values.shape
    by_point, by_luck = values.mean(axis=1), values.mean(axis=0)
    rest = values - by_point[:, None] - by_luck[None, :] + values.mean()
    return (
        float(raids * by_point.var(ddof=1)),
        float(points * by_luck.var(ddof=1)),
        float((rest * rest).sum() / ((points - 1) * (raids - 1))),
    )


def _intervals(values: Float) -> tuple[Estimate, Estimate, Estimate]:
    """Return chance, ignorance (standard deviations) and share, intervals by a jackknife over points and over luck."""
    whole = _derived(values)
    variance = np.zeros(3)
    freedom = math.inf
    for axis in (0, 1):
        parts = min(_PARTS, values.shape[axis])
        member = np.arange(values.shape[axis]) % parts
        left = np.array([_derived(np.compress(member != part, values, axis=axis)) for part in range(parts)])
        variance += (parts - 1) / parts * ((left - left.mean(axis=0)) ** 2).sum(axis=0)
        freedom = min(freedom, parts - 1)
    half = t_quantile(0.95, int(freedom)) * np.sqrt(variance)
    low, high = np.maximum(0.0, whole - half), np.maximum(0.0, whole + half)
    return (
        Estimate(*(math.sqrt(float(v)) for v in (whole[0], low[0], high[0]))),
        Estimate(*(math.sqrt(float(v)) for v in (whole[1], low[1], high[1]))),
        Estimate(float(whole[2]), float(low[2]), min(1.0, float(high[2]))),
    )


def _derived(values: Float) -> Float:
    chance, ignorance = components(values)
    ignorance = max(0.0, ignorance)
    whole = chance + ignorance
    return np.array([chance, ignorance, ignorance / whole if whole > 0 else 0.0])


def _band(values: Float) -> tuple[float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)
