"""How much of the error no forecast could avoid: the least mean absolute error with ever more known in hindsight.

Each figure is the mean absolute error of leakers a night over the same nights. They are no forecasts: they use what
was reported of the very nights. They say what the data leave to gain, and what they do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom, binom

from shieldwall.validation import beta_binomial
from shieldwall.validation.backcast import NightForecast
from shieldwall.validation.scores import median
from shieldwall.validation.weapon_model import threat_class

Float = NDArray[np.float64]
DRONE = "drone"
_RATES: Float = np.linspace(0.0, 1.0, 2001)


def hindsight(nights: Sequence[NightForecast]) -> dict[str, float]:
    """Return the least mean absolute errors by what is known.

    Parameters
    ----------
    nights : predicted nights, at least one

    Returns
    -------
    what is known -> mean absolute error, in leakers a night
    """
    counts = [_by_class(f) for f in nights]
    months = [f"{f.night.date:%Y-%m}" for f in nights]
    return {
        "every missile, and the one best rate of drones": _with_rates(counts, lambda _, kind: kind, only=DRONE),
        "the one best rate of each class": _with_rates(counts, lambda _, kind: kind),
        "the best rate of each class in each month": _with_rates(counts, lambda i, kind: f"{kind} {months[i]}"),
        "the true law, if the forecasts are right": float(
            np.mean([_expected(f.forecast("model").distribution) for f in nights])
        ),
        "every missile, and the law of all drone nights": _of_drones(counts),
        "the rate of each class on that very night": float(np.mean([_expected(_independent(c)) for c in counts])),
    }


def _by_class(forecast: NightForecast) -> dict[str, tuple[int, int]]:
    """Return launched and leaked by class."""
    found: dict[str, tuple[int, int]] = {}
    for model, tally in forecast.night.tallies.items():
        launched, leaked = found.get(threat_class(model), (0, 0))
        found[threat_class(model)] = (launched + tally.launched, leaked + tally.leaked)
    return found


def _with_rates(
    counts: Sequence[dict[str, tuple[int, int]]], key: Callable[[int, str], str], *, only: str | None = None
) -> float:
    """Return the error with one rate for each key, each the best for the whole night's sum, found one by one.

    Rates are changed in turn until none helps; with `only`, the other classes are known.
    """
    keys = {key(i, kind) for i, night in enumerate(counts) for kind in night if only in (None, kind)}
    launched = {name: np.zeros(len(counts)) for name in sorted(keys)}
    truth = np.zeros(len(counts))
    for i, night in enumerate(counts):
        for kind, (count, leaked) in night.items():
            if only in (None, kind):
                launched[key(i, kind)][i] += count
                truth[i] += leaked
    rates = dict.fromkeys(launched, 0.05)
    best = np.inf
    while True:
        for name, column in launched.items():
            others = [rates[other] * launched[other] for other in launched if other != name]
            rest = np.sum([np.zeros(len(counts)), *others], axis=0)
            rates[name] = float(_RATES[np.argmin(np.abs(rest + np.outer(_RATES, column) - truth).sum(axis=1))])
        forecast = np.sum([rates[name] * column for name, column in launched.items()], axis=0)
        error = float(np.abs(forecast - truth).mean())
        if error >= best - 1e-9:
            return best
        best = error


def _expected(distribution: Float) -> float:
    """Return the mean absolute error of a distribution's own median, if the distribution is right."""
    return float(distribution @ np.abs(np.arange(len(distribution)) - median(distribution)))


def _of_drones(counts: Sequence[dict[str, tuple[int, int]]]) -> float:
    """Return what one beta-binomial fitted to all drone nights expects as the error of its medians."""
    pairs = np.array([night[DRONE] for night in counts if DRONE in night], dtype=np.float64)
    if not len(pairs):
        return 0.0
    a, b = beta_binomial.fit(pairs[:, 1], pairs[:, 0])
    errors = [_expected(betabinom.pmf(np.arange(int(n) + 1), int(n), a, b)) for n in pairs[:, 0]]
    return float(np.sum(errors) / len(counts))


def _independent(night: dict[str, tuple[int, int]]) -> Float:
    """Return the distribution of leakers if each weapon of a class leaks on its own at the night's reported rate."""
    each = [binom.pmf(np.arange(n + 1), n, k / n) for n, k in night.values() if n]
    return np.asarray(reduce(np.convolve, each, np.ones(1)))
