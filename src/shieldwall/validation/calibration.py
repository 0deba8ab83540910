"""Turn reported nights into ranges of single figures by threat class, in the form of an overlay.

An overlay is a mapping from a figure's path to value, low, high and provenance; low and high are the 5 % and 95 %
points of the posterior. Paths, for every threat class with reported weapons:

- `reported.<class>.neutralised`  share that does not get through on a night of the usual size
- `reported.<class>.shot_down`    share shot down       } over the last half year in which the report tells them apart
- `reported.<class>.suppressed`   share jammed or lost  } (`not_reach_goal` above zero), absent if it never did
- `reported.<class>.night_concentration`  s of the beta-binomial: how much nights differ (variance n p q (n+s)/(1+s))
- `reported.<class>.raid_size_slope`      change of the logit of the leak share per unit of log raid size

They are outcomes of a whole defence per weapon launched, not kill probabilities of a shot: an overlay bounds what a
scenario's laydown may give for a class, and a study fits its shots to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import beta

from shieldwall.core.errors import InputError, Mistake
from shieldwall.validation import rate_filter
from shieldwall.validation.attack_table import AttackTable, Night, Tally
from shieldwall.validation.baselines import between
from shieldwall.validation.rate_filter import FilterSettings, RateState
from shieldwall.validation.weapon_model import UNCLASSIFIED, threat_class

Float = NDArray[np.float64]
_SIZE_MEMORY_NIGHTS = 20
_LARGEST_LOG_SIZE = 2.5
_SPLIT_DAYS = 180


class OverlayFigure(NamedTuple):
    """One calibrated figure: its mean, its 5 % and 95 % points, and where it comes from."""

    value: float
    low: float
    high: float
    provenance: str


def calibrated_overlay(
    table: AttackTable, until: dt.date, settings: FilterSettings | None = None
) -> dict[str, OverlayFigure]:
    """Return figures by threat class that the reports before a date support.

    Parameters
    ----------
    table : the cleaned table
    until : only nights before this date are used
    settings : grids and priors of the filter; the defaults if None

    Returns
    -------
    figure path -> OverlayFigure, in order of path; bundles across classes and unknown models are left out

    Raises
    ------
    InputError
        No night before `until`.
    """
    nights = between(table.nights, None, until)
    if not nights:
        raise InputError(Mistake(table.file, 0, 0, f"no night before {until}", "give a later date"))
    used = settings or FilterSettings()
    split_from, split_to = _span_of_split(nights)
    overlay: dict[str, OverlayFigure] = {}
    kinds = {threat_class(model) for night in nights for model in night.tallies} - {UNCLASSIFIED}
    for kind in sorted(kinds):
        tallies = [(n.date, _of_class(n, kind)) for n in nights]
        reports = [(day, tally) for day, tally in tallies if tally.launched]
        launched = sum(tally.launched for _, tally in reports)
        provenance = f"reported attacks before {until}: {launched:,} launched on {len(reports)} nights"
        overlay |= _of_filter(kind, _followed(reports, until, used), used, provenance)
        overlay |= _of_split(kind, [(day, t) for day, t in reports if split_from <= day <= split_to])
    return dict(sorted(overlay.items()))


def overlay_as_json(overlay: Mapping[str, OverlayFigure]) -> dict[str, dict[str, float | str]]:
    """Return an overlay in the form of its file: figure path -> {value, low, high, provenance}."""
    return {
        path: {"value": f.value, "low": f.low, "high": f.high, "provenance": f.provenance}
        for path, f in overlay.items()
    }


def _of_class(night: Night, kind: str) -> Tally:
    chosen = [t for model, t in night.tallies.items() if threat_class(model) == kind]
    return Tally(
        sum(t.launched for t in chosen),
        sum(t.destroyed for t in chosen),
        sum(t.suppressed for t in chosen),
        sum(t.neutralised for t in chosen),
    )


def _followed(reports: Sequence[tuple[dt.date, Tally]], until: dt.date, settings: FilterSettings) -> RateState:
    """Return the filter of one class after all its reports, moved on to `until`."""
    state = rate_filter.start(settings, reports[0][0].toordinal())
    usual, counts_suppressed = float(np.log(reports[0][1].launched)), False
    for date, tally in reports:
        state = _moved(state, settings, date)
        size = float(np.log(tally.launched))
        log_size = float(np.clip(size - usual, -_LARGEST_LOG_SIZE, _LARGEST_LOG_SIZE))
        state = rate_filter.learn(state, settings, log_size, tally.launched, tally.leaked)
        usual += (size - usual) / _SIZE_MEMORY_NIGHTS
        if tally.suppressed and not counts_suppressed:
            counts_suppressed = True
            state = rate_filter.reporting_break(state, settings)
    return _moved(state, settings, until)


def _moved(state: RateState, settings: FilterSettings, date: dt.date) -> RateState:
    anywhere = state.weight.sum(axis=3, keepdims=True) * rate_filter.bell(settings.prior_mean, settings.prior_sd)
    return rate_filter.advance(state, settings, date.toordinal(), anywhere)


def _of_filter(kind: str, state: RateState, settings: FilterSettings, provenance: str) -> dict[str, OverlayFigure]:
    marginals = {
        "neutralised": (1.0 - expit(rate_filter.LEVELS), rate_filter.level_weights(state)),
        "night_concentration": (np.array(settings.concentration), state.weight.sum(axis=(0, 2, 3))),
        "raid_size_slope": (np.array(settings.slope), state.weight.sum(axis=(0, 1, 3))),
    }
    return {
        f"reported.{kind}.{name}": OverlayFigure(*_summary(values, weight), provenance)
        for name, (values, weight) in marginals.items()
    }


def _summary(values: Float, weight: Float) -> tuple[float, float, float]:
    """Return the mean and the 5 % and 95 % points of a discrete posterior."""
    order = np.argsort(values)
    cumulative = np.cumsum(weight[order])
    low, high = (values[order][min(int(np.searchsorted(cumulative, q)), len(values) - 1)] for q in (0.05, 0.95))
    return float(values @ weight), float(low), float(high)


def _span_of_split(nights: Sequence[Night]) -> tuple[dt.date, dt.date]:
    """Return first and last date of the last half year in which the report tells shot down and suppressed apart."""
    apart = [n.date for n in nights if any(t.suppressed for t in n.tallies.values())]
    if not apart:
        return dt.date.max, dt.date.min
    return max(apart[0], apart[-1] - dt.timedelta(days=_SPLIT_DAYS)), apart[-1]


def _of_split(kind: str, reports: Sequence[tuple[dt.date, Tally]]) -> dict[str, OverlayFigure]:
    """Return the shares shot down and suppressed on these nights, on which the report tells them apart.

    Each share has a Jeffreys beta posterior whose counts are divided by the over-dispersion of its nights.
    """
    if not reports:
        return {}
    chosen = [tally for _, tally in reports]
    launched = np.array([t.launched for t in chosen], dtype=np.float64)
    dates = f"{reports[0][0]} to {reports[-1][0]}"
    provenance = f"reported attacks {dates}: {int(launched.sum()):,} launched on {len(chosen)} nights"
    found = {}
    for name, counts in (
        ("shot_down", np.array([min(t.destroyed, t.neutralised) for t in chosen], dtype=np.float64)),
        ("suppressed", np.array([t.neutralised - min(t.destroyed, t.neutralised) for t in chosen], dtype=np.float64)),
    ):
        p = counts.sum() / launched.sum()
        spread = np.sum((counts - launched * p) ** 2 / (launched * max(p * (1.0 - p), 1e-9))) / max(len(chosen) - 1, 1)
        thin = max(float(spread), 1.0)
        posterior = beta(0.5 + counts.sum() / thin, 0.5 + (launched.sum() - counts.sum()) / thin)
        low, high = float(posterior.ppf(0.05)), float(posterior.ppf(0.95))
        found[f"reported.{kind}.{name}"] = OverlayFigure(float(posterior.mean()), low, high, provenance)
    return found
