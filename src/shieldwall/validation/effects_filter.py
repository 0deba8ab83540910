"""Follow one leak rate through time with effects beside it: raid size, weapon model, launch place.

The logit of the chance to leak is a sum of unknowns, each times what is known of the raid before it is played out:
level (drifts as a random walk), slope times log raid size, an effect of the name of the model, and of each launch
place its effect times the share launched there. They are jointly normal; a report is beta-binomial around the logit.
The one-night posterior of the logit is exact on a quadrature; its mean and variance go back to the unknowns (assumed
density filtering). Drift, concentration, spread of the place effects and the prior of the slope are hyperparameters:
a bank of such filters, weighed by how well each predicted, with slow forgetting. No sampling, no seed.

References
----------
Minka 2001, "A family of algorithms for approximate Bayesian inference", MIT, chapter 3: assumed density filtering
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from shieldwall.validation import beta_binomial
from shieldwall.validation.rate_filter import LEVEL_STEP, LEVELS

Float = NDArray[np.float64]
LEVEL, SIZE, MODEL, PLACE = "level", "size", "model:", "place:"
_POINTS: Float = np.linspace(-4.5, 4.5, 41)
_POINT_WEIGHTS: Float = np.exp(-0.5 * _POINTS**2) / np.sum(np.exp(-0.5 * _POINTS**2))
_SMALLEST_MEMBER_WEIGHT = 1e-3
_KEPT_WEIGHT = 1e-5
_LEAST_VARIANCE = 1e-8
_MOST_EFFECTS = 80


@dataclass(frozen=True, slots=True)
class EffectSettings:
    """Bank and priors. Chosen on nights before July 2024 (docs/decisions), then left alone.

    drift : standard deviations of the level's random walk, logits per square root of a day
    concentration : values of s of the beta-binomial
    place_sd : spreads of the effects of launch places, logits; 0 is none
    slope_sd : spreads of the raid-size slope about zero; 0 is none
    model_sd : spread of the models of a group about its level, logits
    return_days : time in which effects of places and models go back to their priors by the factor e
    hyper_memory : power per report to which the members' weights are kept (1 = never forget)
    prior_mean, prior_sd : logits of a level of which nothing is known
    break_mean, break_sd : step of the level when a further kind of neutralisation begins to be reported, logits
    longest_gap_days : silence beyond which no more drift is added
    """

    drift: tuple[float, ...] = (0.015, 0.03, 0.06, 0.1)
    concentration: tuple[float, ...] = (4.0, 8.0, 14.0, 25.0, 45.0, 80.0)
    place_sd: tuple[float, ...] = (0.0, 0.3, 0.6)
    slope_sd: tuple[float, ...] = (0.0, 0.2)
    model_sd: float = 0.6
    return_days: float = 365.0
    hyper_memory: float = 0.99
    prior_mean: float = 0.0
    prior_sd: float = 2.0
    break_mean: float = -0.8
    break_sd: float = 1.0
    longest_gap_days: int = 60


@dataclass(slots=True)
class EffectsFilter:
    """The bank: `names` (K,) of the unknowns, and for each of B members weight (B,), mean (B, K), covariance (B, K, K).

    Nights must come in order of date.
    """

    settings: EffectSettings = field(default_factory=EffectSettings)
    names: list[str] = field(init=False)
    member: Float = field(init=False)
    weight: Float = field(init=False)
    mean: Float = field(init=False)
    covariance: Float = field(init=False)
    day: dt.date | None = None

    def __post_init__(self) -> None:
        """Start from the priors. `member` (B, 4): drift, concentration, place_sd, slope_sd."""
        s = self.settings
        self.member = np.array(list(itertools.product(s.drift, s.concentration, s.place_sd, s.slope_sd)))
        size = len(self.member)
        self.names = [LEVEL, SIZE]
        self.weight = np.full(size, 1.0 / size)
        self.mean = np.zeros((size, 2))
        self.mean[:, 0] = s.prior_mean
        self.covariance = np.zeros((size, 2, 2))
        self.covariance[:, 0, 0] = s.prior_sd**2
        self.covariance[:, 1, 1] = self.member[:, 3] ** 2

    def move(self, day: dt.date) -> None:
        """Let time pass to `day`: the level drifts, effects go back to their priors a little."""
        if self.day is not None and day > self.day:
            gap = min((day - self.day).days, self.settings.longest_gap_days)
            self.covariance[:, 0, 0] += self.member[:, 0] ** 2 * gap
            kept = float(np.exp(-gap / self.settings.return_days))
            for at in range(2, len(self.names)):
                self.mean[:, at] *= kept
                self.covariance[:, at, :] *= kept
                self.covariance[:, :, at] *= kept
                self.covariance[:, at, at] += (1.0 - kept**2) * self._prior_variance(self.names[at])
        self.day = day if self.day is None else max(day, self.day)

    def logit(self, known: Mapping[str, float]) -> tuple[Float, Float]:
        """Return mean and standard deviation of the logit by member, each (B,).

        Parameters
        ----------
        known : what is known of the raid: name of an unknown -> its factor; LEVEL is taken once without being named
        """
        factors = self._factors(known)
        variance = np.einsum("bij,i,j->b", self.covariance, factors, factors)
        return self.mean @ factors, np.sqrt(np.maximum(variance, _LEAST_VARIANCE))

    def logit_of_all(self, known: Mapping[str, float]) -> tuple[float, float]:
        """Return mean and variance of the logit over all members, each by its weight; `known` as in `logit`."""
        mean, sd = self.logit(known)
        middle = float(self.weight @ mean)
        return middle, float(self.weight @ (sd**2 + (mean - middle) ** 2))

    def leak_distribution(self, known: Mapping[str, float], launched: int) -> Float:
        """Return the distribution of the number of leakers, shape (launched + 1,), under all that is not known."""
        mean, sd = self.logit(known)
        logits = mean[:, None] + sd[:, None] * _POINTS
        place = np.clip((logits - LEVELS[0]) / LEVEL_STEP, 0.0, len(LEVELS) - 1.0)
        left = np.floor(place).astype(np.int64)
        part = place - left
        weight = self.weight[:, None] * _POINT_WEIGHTS
        kinds, which = np.unique(self.member[:, 1], return_inverse=True)
        by_logit = np.zeros((len(kinds), len(LEVELS)))
        row = np.broadcast_to(which[:, None], left.shape)
        np.add.at(by_logit, (row, left), weight * (1.0 - part))
        np.add.at(by_logit, (row, np.minimum(left + 1, len(LEVELS) - 1)), weight * part)
        kind, level = np.nonzero(by_logit > _KEPT_WEIGHT * by_logit.max())
        kept = by_logit[kind, level]
        p, s = expit(LEVELS[level]), kinds[kind]
        return beta_binomial.mixture(launched, p * s, (1.0 - p) * s, kept / kept.sum())

    def learn(self, known: Mapping[str, float], launched: int, leaked: int) -> None:
        """Take in a report: `leaked` of `launched`, on the day moved to."""
        mean, sd = self.logit(known)
        logits = np.clip(mean[:, None] + sd[:, None] * _POINTS, -30.0, 30.0)
        p, s = expit(logits), self.member[:, 1:2]
        log_weight = beta_binomial.log_probability(leaked, launched, p * s, (1.0 - p) * s) + np.log(_POINT_WEIGHTS)
        evidence = logsumexp(log_weight, axis=1)
        posterior = np.exp(log_weight - evidence[:, None])
        new_mean = np.sum(posterior * logits, axis=1)
        new_variance = np.maximum(np.sum(posterior * (logits - new_mean[:, None]) ** 2, axis=1), _LEAST_VARIANCE)
        gain = np.einsum("bij,j->bi", self.covariance, self._factors(known)) / (sd**2)[:, None]
        self.mean = self.mean + gain * (new_mean - mean)[:, None]
        self.covariance = self.covariance - np.einsum("bi,bj,b->bij", gain, gain, sd**2 - new_variance)
        kept = self.weight**self.settings.hyper_memory
        kept = (1.0 - _SMALLEST_MEMBER_WEIGHT) * kept / kept.sum() + _SMALLEST_MEMBER_WEIGHT / len(kept)
        weight = kept * np.exp(evidence - evidence.max())
        self.weight = weight / weight.sum()

    def reporting_break(self) -> None:
        """Let the level step, after the report begins to count a further kind of neutralisation."""
        self.mean[:, 0] += self.settings.break_mean
        self.covariance[:, 0, 0] += self.settings.break_sd**2

    def _prior_variance(self, name: str) -> Float:
        if name.startswith(PLACE):
            return np.asarray(self.member[:, 2] ** 2)
        return np.full(len(self.member), self.settings.model_sd**2)

    def _factors(self, known: Mapping[str, float]) -> Float:
        """Return the factor of each unknown, shape (K,); makes room for names not met before."""
        for name in known:
            if name not in self.names and len(self.names) < _MOST_EFFECTS:
                self._add(name)
        factors = np.array([known.get(name, 0.0) for name in self.names])
        factors[0] = 1.0
        return factors

    def _add(self, name: str) -> None:
        size, count = self.mean.shape
        self.names.append(name)
        self.mean = np.concatenate([self.mean, np.zeros((size, 1))], axis=1)
        covariance = np.zeros((size, count + 1, count + 1))
        covariance[:, :count, :count] = self.covariance
        covariance[:, count, count] = self._prior_variance(name)
        self.covariance = covariance
