"""Follow one leak rate through time: exact Bayesian filtering on a grid.

The chance that a weapon leaks has, on a night of raid size n, the logit  level + slope * log(n / usual size).
The reported count is beta-binomial around it, with a concentration that says how much nights differ. Unknown are

- level: drifts as a random walk, and rarely jumps (a change of tactics or of reporting);
- slope: the raid-size effect, zero with even odds;
- drift and concentration: hyperparameters, weighed by how well each predicted, with slow forgetting.

All are on grids, so the posterior is a table of weights and the update is exact on them: no sampling, no seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from shieldwall.validation import beta_binomial

Float = NDArray[np.float64]

LEVEL_STEP = 0.1
LEVELS: Float = np.arange(-75.0, 61.0, dtype=np.float64) * np.float64(
    LEVEL_STEP
)  # logit of the leak probability: 0.06 % to 99.8 %
_KEPT_WEIGHT = 1e-5
_SMALLEST_HYPER_WEIGHT = 1e-3
_LEAST_LOG = -500.0  # keeps every weight above zero


@dataclass(frozen=True, slots=True)
class FilterSettings:
    """Grids and priors of a rate filter. Chosen on nights before July 2024 (docs/decisions), then left alone.

    drift : standard deviations of the level's random walk, logits per square root of a day
    concentration : values of s of the beta-binomial
    slope, slope_sd, slope_none : raid-size exponents, the spread of their prior, and the prior weight on zero
    jump_per_day : chance a day that the level is drawn anew
    slope_forget_per_day : share a day by which the slope returns to its prior
    hyper_memory : power per night to which weights of drift and concentration are kept (1 = never forget)
    prior_mean, prior_sd : logits of a level of which nothing is known
    longest_gap_days : silence beyond which no more drift is added
    """

    drift: tuple[float, ...] = (0.005, 0.015, 0.04, 0.08, 0.16)
    concentration: tuple[float, ...] = (2.0, 4.0, 8.0, 14.0, 25.0, 45.0, 80.0, 200.0)
    slope: tuple[float, ...] = (-1.2, -1.0, -0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8)
    slope_sd: float = 0.2
    slope_none: float = 0.5
    jump_per_day: float = 0.003
    slope_forget_per_day: float = 0.001
    hyper_memory: float = 0.99
    prior_mean: float = 0.0
    prior_sd: float = 2.0
    longest_gap_days: int = 60


class RateState(NamedTuple):
    """Weights of a rate filter on a day.

    weight (D, C, E, L) float64, sums to 1: drift, concentration, slope (E for exponent), level; day: ordinal.
    """

    weight: Float
    day: int


def slope_prior(settings: FilterSettings) -> Float:
    """Return the prior weights of the slopes, shape (E,)."""
    slope = np.array(settings.slope)
    weight = np.exp(-0.5 * (slope / settings.slope_sd) ** 2)
    weight *= (1.0 - settings.slope_none) / weight.sum()
    weight[np.argmin(np.abs(slope))] += settings.slope_none
    return np.asarray(weight)


def bell(mean: float, sd: float) -> Float:
    """Return normal weights on LEVELS, shape (L,), summing to 1."""
    weight = np.exp(-0.5 * ((LEVELS - mean) / sd) ** 2)
    return np.asarray(weight / weight.sum())


def start(settings: FilterSettings, day: int) -> RateState:
    """Return the state that knows nothing but the priors."""
    shape = (len(settings.drift), len(settings.concentration), 1, 1)
    flat = np.full(shape, 1.0 / (shape[0] * shape[1]))
    weight = flat * slope_prior(settings)[:, None] * bell(settings.prior_mean, settings.prior_sd)
    return RateState(weight, day)


@cache
def _blur(sd: float) -> Float:
    """Return the (L, L) transition of a normal step of `sd` logits on LEVELS; rows sum to 1."""
    if sd < 0.6 * LEVEL_STEP:  # too narrow for the grid: three points of the same variance
        share = (sd / LEVEL_STEP) ** 2
        size = len(LEVELS)
        step = np.eye(size) * (1.0 - share) + (np.eye(size, k=1) + np.eye(size, k=-1)) * (share / 2.0)
    else:
        step = np.exp(-0.5 * ((LEVELS[:, None] - LEVELS[None, :]) / sd) ** 2)
    return np.asarray(step / step.sum(axis=1, keepdims=True))


def spread(weight: Float, sd: float) -> Float:
    """Return weights (..., L) after a normal step of `sd` logits in the level."""
    return np.asarray(weight @ _blur(round(sd, 4)))


def advance(state: RateState, settings: FilterSettings, day: int, elsewhere: Float) -> RateState:
    """Return the state moved on to `day` without new reports.

    Parameters
    ----------
    state, settings : as before
    day : ordinal, not before state.day
    elsewhere : float64, shape (D, C, E, L) summing to 1, where a jump lands
    """
    gap = day - state.day
    if gap <= 0:
        return state
    root_days = min(gap, settings.longest_gap_days) ** 0.5
    weight = np.stack([spread(w, sd * root_days) for w, sd in zip(state.weight, settings.drift, strict=True)])
    jump = 1.0 - (1.0 - settings.jump_per_day) ** gap
    weight = (1.0 - jump) * weight + jump * elsewhere
    forget = 1.0 - (1.0 - settings.slope_forget_per_day) ** gap
    return RateState(_forget_slope(weight, settings, forget), day)


def _forget_slope(weight: Float, settings: FilterSettings, share: float) -> Float:
    fresh = weight.sum(axis=2, keepdims=True) * slope_prior(settings)[:, None]
    return np.asarray((1.0 - share) * weight + share * fresh)


def learn(state: RateState, settings: FilterSettings, log_size: float, launched: int, leaked: int) -> RateState:
    """Return the state after a report.

    Parameters
    ----------
    log_size : float, natural log of the raid's size over its usual size
    launched, leaked : int, 0 <= leaked <= launched
    """
    offset = np.array(settings.slope) * log_size
    p = expit(LEVELS[None, :] + offset[:, None])
    s = np.array(settings.concentration)[:, None, None]
    log_likelihood = beta_binomial.log_probability(leaked, launched, p * s, (1.0 - p) * s)
    hyper = state.weight.sum(axis=(2, 3), keepdims=True)
    kept = hyper**settings.hyper_memory
    kept = (1.0 - _SMALLEST_HYPER_WEIGHT) * kept / kept.sum() + _SMALLEST_HYPER_WEIGHT / kept.size
    weight = state.weight / hyper * kept * np.exp(np.maximum(log_likelihood - log_likelihood.max(), _LEAST_LOG))
    return RateState(weight / weight.sum(), state.day)


def leak_distribution(state: RateState, settings: FilterSettings, log_size: float, launched: int) -> Float:
    """Return the distribution of the number of leakers, shape (launched + 1,), under all that is not known."""
    by_logit = np.zeros((len(settings.concentration), len(LEVELS)))
    weight = state.weight.sum(axis=0)
    for slope, of_slope in zip(settings.slope, weight.transpose(1, 0, 2), strict=True):
        by_logit += _shift(of_slope, slope * log_size)
    row, column = np.nonzero(by_logit > _KEPT_WEIGHT * by_logit.max())
    kept = by_logit[row, column]
    p, s = expit(LEVELS[column]), np.array(settings.concentration)[row]
    return beta_binomial.mixture(launched, p * s, (1.0 - p) * s, kept / kept.sum())


def _shift(weight: Float, by: float) -> Float:
    """Return weights (C, L) moved by `by` logits, shared between neighbouring levels, kept within the grid."""
    place = np.clip(np.arange(len(LEVELS)) + by / LEVEL_STEP, 0.0, len(LEVELS) - 1.0)
    left = np.floor(place).astype(np.int64)
    part = place - left
    moved = np.zeros_like(weight)
    np.add.at(moved.T, left, (weight * (1.0 - part)).T)
    np.add.at(moved.T, np.minimum(left + 1, len(LEVELS) - 1), (weight * part).T)
    return moved


def level_weights(state: RateState) -> Float:
    """Return the posterior of the level alone, shape (L,)."""
    return np.asarray(state.weight.sum(axis=(0, 1, 2)))
