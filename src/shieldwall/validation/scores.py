"""Score a forecast distribution of a count against what was reported.

All scores are smaller for better forecasts. A distribution is an array of probabilities of 0, 1, 2, ...
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
PROBABILITY_FLOOR = 1e-9


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast of one count: its distribution (n + 1,) and the single figure `point` that stands for it."""

    distribution: Float
    point: float


def median(distribution: Float) -> float:
    """Return the smallest count whose cumulative probability reaches one half: the point of least absolute error."""
    return float(np.searchsorted(np.cumsum(distribution), 0.5 - 1e-12))


def mean(distribution: Float) -> float:
    """Return the mean count."""
    return float(distribution @ np.arange(len(distribution)))


def crps(distribution: Float, observed: int) -> float:
    """Return the continuous ranked probability score, the sum over k of (F(k) - [k >= observed])**2.

    Parameters
    ----------
    distribution : float64, shape (n + 1,)
    observed : int, 0 to n

    Returns
    -------
    float, in counts; the absolute error where the distribution is one point

    References
    ----------
    Gneiting & Raftery 2007, JASA 102:359-378, section 4.2, for counts
    """
    step = np.arange(len(distribution)) >= observed
    return float(np.sum((np.cumsum(distribution) - step) ** 2))


def log_score(distribution: Float, observed: int) -> float:
    """Return minus the natural log of the probability given to what happened, floored at PROBABILITY_FLOOR."""
    return -float(np.log(max(distribution[observed], PROBABILITY_FLOOR)))


def central_coverage(distribution: Float, observed: int, level: float) -> float:
    """Return how much of the randomised probability integral transform lies in the central interval of `level`.

    For a count the transform is uniform on [F(y - 1), F(y)]; its share inside [(1 - level)/2, (1 + level)/2] is
    returned, so no random number is needed. Its mean over nights is `level` for a calibrated forecast, whereas
    closed intervals of counts always cover more.

    Parameters
    ----------
    distribution : float64, shape (n + 1,)
    observed : int, 0 to n
    level : float, between 0 and 1

    Returns
    -------
    float, 0 to 1

    References
    ----------
    Czado, Gneiting & Held 2009, Biometrics 65:1254-1261, section 2
    """
    upper = float(np.sum(distribution[: observed + 1]))
    lower = upper - float(distribution[observed])
    inside = min(upper, (1.0 + level) / 2.0) - max(lower, (1.0 - level) / 2.0)
    if upper - lower <= 0.0:
        return float((1.0 - level) / 2.0 <= upper <= (1.0 + level) / 2.0)
    return min(max(inside, 0.0) / (upper - lower), 1.0)


def closed_coverage(distribution: Float, observed: int, level: float) -> bool:
    """Tell whether the observed count lies in the closed interval between the two quantiles of `level`."""
    cumulative = np.cumsum(distribution)
    low = int(np.searchsorted(cumulative, (1.0 - level) / 2.0))
    high = int(np.searchsorted(cumulative, (1.0 + level) / 2.0))
    return low <= observed <= high


@dataclass(frozen=True, slots=True)
class Score:
    """Mean scores over nights: counts for `mae` and `crps`, nats for `log_score`, shares for the coverages."""

    nights: int
    mae: float
    crps: float
    log_score: float
    coverage_50: float
    coverage_90: float


def score(forecasts: list[Forecast], observed: list[int]) -> Score | None:
    """Return the mean scores of forecasts, or None if there are none.

    Parameters
    ----------
    forecasts, observed : one for each night, in the same order
    """
    if not forecasts:
        return None
    pairs = list(zip(forecasts, observed, strict=True))
    return Score(
        nights=len(pairs),
        mae=float(np.mean([abs(f.point - y) for f, y in pairs])),
        crps=float(np.mean([crps(f.distribution, y) for f, y in pairs])),
        log_score=float(np.mean([log_score(f.distribution, y) for f, y in pairs])),
        coverage_50=float(np.mean([central_coverage(f.distribution, y, 0.5) for f, y in pairs])),
        coverage_90=float(np.mean([central_coverage(f.distribution, y, 0.9) for f, y in pairs])),
    )
