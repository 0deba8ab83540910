"""Forecast a night by simple rules, for the model to be held against: constant, trailing and beta-binomial rates.

Constant and trailing rates are pooled counts by model name (all strike weapons together for a model without history
in the window); each weapon then leaks on its own, so the distribution is a sum of binomials and the point is the mean,
as in the published table. The beta-binomial is fitted to the nights of the trailing window by maximum likelihood, by
model name where it has at least three nights, to all strike weapons otherwise; its point is the median.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from shieldwall.validation import beta_binomial
from shieldwall.validation.attack_table import Night

Float = NDArray[np.float64]
TRAILING_DAYS = 90
_FEWEST_NIGHTS = 3


def between(nights: Sequence[Night], start: dt.date | None, stop: dt.date) -> list[Night]:
    """Return the nights from `start` (or the first) up to, but not on, `stop`."""
    return [night for night in nights if (start is None or night.date >= start) and night.date < stop]


def total(distributions: list[Float]) -> Float:
    """Return the distribution of the sum of independent counts; of 0 where there is none."""
    return reduce(np.convolve, distributions, np.ones(1))


class PooledRates:
    """Leak rates by model name from the pooled counts of some nights."""

    def __init__(self, nights: Sequence[Night]) -> None:
        self._by_model: dict[str, tuple[int, int]] = {}
        for night in nights:
            for model, tally in night.tallies.items():
                leaked, launched = self._by_model.get(model, (0, 0))
                self._by_model[model] = (leaked + tally.leaked, launched + tally.launched)
        self._leaked = sum(leaked for leaked, _ in self._by_model.values())
        self._launched = sum(launched for _, launched in self._by_model.values())

    def rate(self, model: str) -> float:
        """Return the pooled leak rate of a model; of all models if this one was not seen; one half if none was."""
        leaked, launched = self._by_model.get(model, (self._leaked, self._launched))
        return leaked / launched if launched else 0.5

    def distributions(self, night: Night) -> dict[str, Float]:
        """Return the distribution of leakers by model, each weapon independent."""
        return {
            model: binom.pmf(np.arange(tally.launched + 1), tally.launched, self.rate(model))
            for model, tally in night.tallies.items()
        }


class BetaBinomials:
    """Beta-binomial leak distributions by model name from some nights."""

    def __init__(self, nights: Sequence[Night]) -> None:
        self._seen: dict[str, list[tuple[int, int]]] = {}
        for night in nights:
            for model, tally in night.tallies.items():
                self._seen.setdefault(model, []).append((tally.leaked, tally.launched))
        self._all = [pair for pairs in self._seen.values() for pair in pairs]
        self._fitted: dict[str, tuple[float, float]] = {}

    def parameters(self, model: str) -> tuple[float, float]:
        """Return (a, b) of a model, or of all strike weapons where it has fewer than three nights."""
        pairs = self._seen.get(model, [])
        key = model if len(pairs) >= _FEWEST_NIGHTS else ""
        if key not in self._fitted:
            counts = np.array((pairs if key else self._all) or [(1, 2)], dtype=np.float64)
            self._fitted[key] = beta_binomial.fit(counts[:, 0], counts[:, 1])
        return self._fitted[key]

    def distributions(self, night: Night) -> dict[str, Float]:
        """Return the distribution of leakers by model."""
        found = {}
        for model, tally in night.tallies.items():
            a, b = self.parameters(model)
            found[model] = beta_binomial.mixture(tally.launched, np.array([a]), np.array([b]), np.ones(1))
        return found
