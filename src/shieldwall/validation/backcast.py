"""Forecast reported nights one by one, each from the nights before it, and score model and baselines side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.validation.attack_table import AttackTable, Night
from shieldwall.validation.baselines import TRAILING_DAYS, BetaBinomials, PooledRates, between, total
from shieldwall.validation.forecaster import Forecaster
from shieldwall.validation.scores import Forecast, Score, mean, median, score
from shieldwall.validation.weapon_model import threat_class

Float = NDArray[np.float64]
METHODS = ("model", "constant", "trailing_90", "beta_binomial")
_POINTS: Mapping[str, Callable[[Float], float]] = {
    "model": median,
    "constant": mean,
    "trailing_90": mean,
    "beta_binomial": median,
}
MIN_LAUNCHED = 50
_FIRST_HISTORY_DAYS = 180
_MOST_LAUNCHED = 20_000


@dataclass(frozen=True, slots=True)
class NightForecast:
    """What each method said of one night and what was reported: leakers, by model name."""

    night: Night
    distributions: Mapping[str, Mapping[str, Float]]

    def forecast(self, method: str, kind: str | None = None) -> Forecast:
        """Return the forecast of all strike weapons, or of one threat class, taken as independent by model."""
        chosen = [d for model, d in self.distributions[method].items() if kind in (None, threat_class(model))]
        distribution = total(chosen)
        if method in ("constant", "trailing_90"):  # exact: the mean of a sum is the sum of the means
            return Forecast(distribution, sum(mean(d) for d in chosen))
        return Forecast(distribution, _POINTS[method](distribution))

    def leaked(self, kind: str | None = None) -> int:
        """Return the leakers reported, of all or of one threat class."""
        return sum(t.leaked for model, t in self.night.tallies.items() if kind in (None, threat_class(model)))

    def classes(self) -> set[str]:
        """Return the threat classes that were launched."""
        return {threat_class(model) for model in self.night.tallies}


@dataclass(frozen=True, slots=True)
class Split:
    """One stretch of predicted nights: from and to (inclusive), the nights, and the mean scores by method."""

    start: dt.date
    end: dt.date
    nights: tuple[NightForecast, ...]
    scores: Mapping[str, Score | None] = field(default_factory=dict)


def backcast(
    table: AttackTable,
    start: dt.date | None = None,
    end: dt.date | None = None,
    min_launched: int = MIN_LAUNCHED,
    forecaster: Forecaster | None = None,
) -> tuple[Split, ...]:
    """Predict and score every night with enough launched, with nothing but the nights before it.

    Parameters
    ----------
    table : the cleaned table
    start, end : first and last date (inclusive) of one split; with neither, half-years from half a year of history on
    min_launched : nights with fewer strike weapons launched are learnt from, but not scored
    forecaster : another model (settings) than the default one; it must be fresh

    Returns
    -------
    splits in order of date, those of the default without a night to score left out

    Raises
    ------
    InputError
        No night in the table, dates the wrong way round, no night before the split, or an impossible count.

    Notes
    -----
    The constant rate is fitted once, to all nights before the split; the others are fitted anew for each night.
    """
    _check(table, start, end)
    nights = table.nights
    spans = [(start or nights[0].date, end or nights[-1].date)] if start or end else _half_years(nights)
    if start or end:
        _check_history(table, spans[0])
    model = forecaster or Forecaster()
    found: dict[tuple[dt.date, dt.date], list[NightForecast]] = {span: [] for span in spans}
    constants = {span: PooledRates(between(nights, None, span[0])) for span in spans}
    for night in nights:
        for span in spans:
            if span[0] <= night.date <= span[1] and night.launched >= min_launched:
                found[span].append(_forecast(night, nights, model, constants[span]))
        if night.date < spans[-1][1]:
            model.learn(night)
    splits = [_scored(span, tuple(forecasts)) for span, forecasts in found.items()]
    return tuple(s for s in splits if s.nights or start or end)


def _forecast(night: Night, nights: Sequence[Night], model: Forecaster, constant: PooledRates) -> NightForecast:
    recent = between(nights, night.date - dt.timedelta(days=TRAILING_DAYS), night.date)
    return NightForecast(
        night,
        {
            "model": model.forecast(night),
            "constant": constant.distributions(night),
            "trailing_90": PooledRates(recent).distributions(night),
            "beta_binomial": BetaBinomials(recent).distributions(night),
        },
    )


def _scored(span: tuple[dt.date, dt.date], forecasts: tuple[NightForecast, ...]) -> Split:
    return Split(*span, forecasts, {m: score_of(forecasts, m) for m in METHODS})


def score_of(forecasts: Sequence[NightForecast], method: str, kind: str | None = None) -> Score | None:
    """Return the mean score of one method, for all strike weapons or for the nights with one threat class."""
    chosen = [f for f in forecasts if kind is None or kind in f.classes()]
    return score([f.forecast(method, kind) for f in chosen], [f.leaked(kind) for f in chosen])


def _half_years(nights: Sequence[Night]) -> list[tuple[dt.date, dt.date]]:
    """Return calendar half-years, the first with half a year of history, the last with the last night."""
    first = nights[0].date + dt.timedelta(days=_FIRST_HISTORY_DAYS)
    spans = []
    for year in range(first.year, nights[-1].date.year + 1):
        for opening, close in (
            (dt.date(year, 1, 1), dt.date(year, 6, 30)),
            (dt.date(year, 7, 1), dt.date(year, 12, 31)),
        ):
            if opening >= first and opening <= nights[-1].date:
                spans.append((opening, close))
    return spans or [(first, nights[-1].date)]


def _check(table: AttackTable, start: dt.date | None, end: dt.date | None) -> None:
    if not table.nights:
        raise InputError(
            Mistake(table.file, 0, 0, "no night with a strike weapon in it", "see which rows were dropped")
        )
    if start and end and start > end:
        raise InputError(Mistake("", 0, 0, f"--from {start} is after --to {end}", "exchange them"))
    for night in table.nights:
        for model, tally in night.tallies.items():
            if tally.launched > _MOST_LAUNCHED:
                what = f"{tally.launched:,} of '{model}' launched on {night.date}"
                raise InputError(Mistake(table.file, 0, 0, what, "look for repeated rows"))


def _check_history(table: AttackTable, span: tuple[dt.date, dt.date]) -> None:
    if not between(table.nights, None, span[0]):
        first = table.nights[0].date
        raise InputError(
            Mistake(table.file, 0, 0, f"no night before {span[0]} to learn from", f"give --from after {first}")
        )
