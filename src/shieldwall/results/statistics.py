"""Say how sure: means with standard errors, quantiles, paired differences, proportions.

Bands marked 90 % run from the 5 % to the 95 % quantile. A band of replications says what one raid may look like; a
standard error or an interval of a mean says how well the mean is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """One quantity over replications: mean, standard error of the mean (NaN for one replication), quantiles."""

    mean: float
    se: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float

    @property
    def ci90(self) -> tuple[float, float]:
        """Return the 5 % and 95 % quantiles over replications."""
        return self.q05, self.q95


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of a paired difference with its 90 % interval, and how much the pairing saved.

    `variance_reduction` is the variance of the difference had the two been independent, over the variance it has: how
    many times more replications an unpaired comparison would need. NaN where neither varies, infinite where only the
    difference does not.
    """

    mean: float
    se: float
    low: float
    high: float
    variance_reduction: float


def spread(values: NDArray[np.float64] | NDArray[np.int64]) -> Spread:
    """Return mean, standard error and linear (type 7) quantiles of values, shape (R,)."""
    quantiles = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95), method="linear")
    return Spread(float(np.mean(values)), standard_error(values), *(float(q) for q in quantiles))


def standard_error(values: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """Return the standard error of the mean of values, shape (R,); NaN for fewer than two."""
    count = values.shape[0]
    return float(np.std(values, ddof=1)) / math.sqrt(count) if count > 1 else math.nan


def paired_difference(changed: Float, base: Float, level: float = 0.9) -> Difference:
    """Return changed minus base over replications that share their luck.

    Parameters
    ----------
    changed, base : float64, shape (R,), the same replication in the same place
    level : how sure the interval is

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if changed.shape != base.shape:
        raise ValueError(f"paired values must have one shape, not {changed.shape} and {base.shape}")
    gap = changed - base
    mean, se = float(np.mean(gap)), standard_error(gap)
    half = t_quantile(0.5 + level / 2, gap.shape[0] - 1) * se if gap.shape[0] > 1 else math.nan
    return Difference(mean, se, mean - half, mean + half, _variance_reduction(changed, base, gap))


def _variance_reduction(changed: Float, base: Float, gap: Float) -> float:
    if gap.shape[0] < 2:
        return math.nan
    apart = float(np.var(changed, ddof=1) + np.var(base, ddof=1))
    together = float(np.var(gap, ddof=1))
    if together > 0:
        return apart / together
    return math.inf if apart > 0 else math.nan


def t_quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t with `freedom` degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415  a third of a second that only comparisons need

    return float(stdtrit(freedom, probability))


def wilson(successes: int, trials: int, level: float = 0.9) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion; (0, 1) for no trials."""
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
