"""Turn reported nights into posterior ranges by threat class: leaked, shot down, suppressed.

Hierarchical: the models of a class (Kh-101, Kalibr, ...) vary about a class level that drifts; a night varies about
both (over-dispersion); a raid's size may move it. Two chances are followed by class, each by an `EffectsFilter`: to
leak, of those launched; and to be suppressed or lost, of those neutralised, on nights whose report tells these apart.

Paths of the figures, for every threat class with reported weapons; low and high are the 5 % and 95 % points:

- `reported.<class>.neutralised`  share that does not get through on a night of the usual size
- `reported.<class>.shot_down`, `.suppressed`  parts of it; absent where the report never told them apart
- `reported.<class>.night_concentration`  s of the beta-binomial: how much nights differ (variance n p q (n+s)/(1+s))
- `reported.<class>.raid_size_slope`      change of the logit of the leak share per unit of log raid size
- `reported.<class>.drift`                standard deviation of the class level's walk, logits per square root of a day

They are outcomes of a whole defence per weapon launched, not kill probabilities of a shot: `figure_fit` makes
catalogue figures of them, through the simulator.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from shieldwall.core.errors import InputError, Mistake
from shieldwall.validation.attack_table import AttackTable, Night
from shieldwall.validation.baselines import between
from shieldwall.validation.effects_filter import MODEL, SIZE, EffectSettings, EffectsFilter
from shieldwall.validation.weapon_model import UNCLASSIFIED, parts, threat_class

Float = NDArray[np.float64]
SETTINGS = EffectSettings(place_sd=(0.0,), concentration=(2.0, 4.0, 8.0, 14.0, 25.0, 45.0, 80.0))
_SIZE_MEMORY_NIGHTS = 20
_LARGEST_LOG_SIZE = 2.5
_MIX_DAYS = 180
_QUANTILES: Float = np.linspace(-2.5, 2.5, 101)


class OverlayFigure(NamedTuple):
    """One calibrated figure: its mean, its 5 % and 95 % points, and where it comes from."""

    value: float
    low: float
    high: float
    provenance: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What the reports tell of one class: the filter of leaking and, if told apart, that of being suppressed or lost.

    usual : geometric mean of the weapons launched on a night, the latest nights counting most
    mix : factors of the models' effects, by the share of each in what was launched lately; they sum to 1
    models : every model seen, with how many were launched
    """

    kind: str
    leaking: EffectsFilter
    losing: EffectsFilter | None
    usual: float
    mix: Mapping[str, float]
    models: Mapping[str, int]
    provenance: str


def follow_classes(table: AttackTable, until: dt.date, settings: EffectSettings = SETTINGS) -> dict[str, Followed]:
    """Return what the reports before a date tell, by class.

    Parameters
    ----------
    table : the cleaned table
    until : only nights before this date are used
    settings : bank and priors of the filters

    Raises
    ------
    InputError
        No night before `until`.
    """
    nights = between(table.nights, None, until)
    if not nights:
        raise InputError(Mistake(table.file, 0, 0, f"no night before {until}", "give a later date"))
    first, last = _told_apart(nights)
    kinds = {threat_class(model) for night in nights for model in night.tallies} - {UNCLASSIFIED}
    return {kind: _follow(kind, nights, until, settings, (first, last)) for kind in sorted(kinds)}


def calibrated_overlay(
    table: AttackTable, until: dt.date, settings: EffectSettings = SETTINGS
) -> dict[str, OverlayFigure]:
    """Return figures by threat class that the reports before a date support.

    Parameters
    ----------
    table, until, settings : as `follow_classes`

    Returns
    -------
    figure path -> OverlayFigure, in order of path; bundles across classes and unknown models are left out
    """
    overlay: dict[str, OverlayFigure] = {}
    for kind, followed in follow_classes(table, until, settings).items():
        overlay |= {f"reported.{kind}.{name}": figure for name, figure in _figures(followed).items()}
    return dict(sorted(overlay.items()))


def overlay_as_json(overlay: Mapping[str, OverlayFigure]) -> dict[str, dict[str, float | str]]:
    """Return an overlay in the form of its file: figure path -> {value, low, high, provenance}."""
    return {
        path: {"value": f.value, "low": f.low, "high": f.high, "provenance": f.provenance}
        for path, f in overlay.items()
    }


def logit_of(followed: EffectsFilter, known: Mapping[str, float]) -> tuple[float, float]:
    """Return mean and standard deviation of the logit of a chance, over all members of the bank."""
    mean, variance = followed.logit_of_all(known)
    return mean, math.sqrt(variance)


def _told_apart(nights: Sequence[Night]) -> tuple[dt.date, dt.date]:
    """Return first and last date with `not_reach_goal` above zero: between them the report tells the two apart."""
    apart = [n.date for n in nights if any(t.suppressed for t in n.tallies.values())]
    return (apart[0], apart[-1]) if apart else (dt.date.max, dt.date.min)


def _follow(
    kind: str, nights: Sequence[Night], until: dt.date, settings: EffectSettings, apart: tuple[dt.date, dt.date]
) -> Followed:
    leaking, losing = EffectsFilter(settings), EffectsFilter(settings)
    usual, seen, counts = None, False, {"launched": 0, "nights": 0, "apart": 0}
    launched_of: dict[str, list[int]] = {}
    for night in nights:
        tallies = {model: t for model, t in night.tallies.items() if threat_class(model) == kind}
        if not tallies:
            continue
        log_size = math.log(sum(t.launched for t in tallies.values()))
        usual = log_size if usual is None else usual
        size = float(np.clip(log_size - usual, -_LARGEST_LOG_SIZE, _LARGEST_LOG_SIZE))
        told = apart[0] <= night.date <= apart[1]
        for each in (leaking, losing):
            each.move(night.date)
        for model, tally in tallies.items():
            known = {SIZE: size} | _models(model, launched_of)
            leaking.learn(known, tally.launched, tally.leaked)
            if told and tally.neutralised:
                losing.learn(known, tally.neutralised, tally.neutralised - min(tally.destroyed, tally.neutralised))
                counts["apart"] += tally.neutralised
            launched_of.setdefault(model, []).append(tally.launched)
            counts["launched"] += tally.launched
        counts["nights"] += 1
        usual += (log_size - usual) / _SIZE_MEMORY_NIGHTS
        if not seen and kind == "drone" and any(t.suppressed for t in tallies.values()):
            seen = True
            leaking.reporting_break()
    for each in (leaking, losing):
        each.move(until)
    provenance = f"reported attacks before {until}: {counts['launched']:,} launched on {counts['nights']} nights"
    return Followed(
        kind,
        leaking,
        losing if counts["apart"] else None,
        math.exp(usual or 0.0),
        _mix(kind, [night for night in nights if night.date >= until - dt.timedelta(days=_MIX_DAYS)] or nights),
        {model: sum(each) for model, each in launched_of.items()},
        provenance,
    )


def _mix(kind: str, nights: Sequence[Night]) -> dict[str, float]:
    launched: dict[str, float] = {}
    for night in nights:
        for model, tally in night.tallies.items():
            if threat_class(model) == kind:
                for part in parts(model):
                    launched[MODEL + part] = launched.get(MODEL + part, 0.0) + tally.launched / len(parts(model))
    return {name: count / sum(launched.values()) for name, count in launched.items()}


def _models(model: str, launched_of: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """Return the factors of the models' effects: of a bundle, the parts by how many of each are usually launched."""
    named = parts(model)
    usual = [sum(launched_of[p]) / len(launched_of[p]) if p in launched_of else 1.0 for p in named]
    return {MODEL + part: count / sum(usual) for part, count in zip(named, usual, strict=True)}


def _figures(followed: Followed) -> dict[str, OverlayFigure]:
    told = followed.provenance
    leaking = followed.leaking
    kept = _spread(leaking, followed.mix, lambda logit: 1.0 - expit(logit))
    slope = _summary(*_normal(leaking.mean[:, 1], leaking.covariance[:, 1, 1], leaking.weight))
    found = {
        "neutralised": _summary(*kept),
        "night_concentration": _summary(leaking.member[:, 1], leaking.weight),
        "raid_size_slope": slope,
        "drift": _summary(leaking.member[:, 0], leaking.weight),
    }
    if followed.losing is not None:
        lost, weight = _spread(followed.losing, followed.mix, expit)
        found["suppressed"] = _summary(*_product(kept, (lost, weight)))
        found["shot_down"] = _summary(*_product(kept, (1.0 - lost, weight)))
    return {name: OverlayFigure(*values, told) for name, values in found.items()}


def _product(first: tuple[Float, Float], second: tuple[Float, Float]) -> tuple[Float, Float]:
    """Return points and weights of the product of two independent shares, each by 200 of its quantiles."""
    levels = (np.arange(200) + 0.5) / 200
    points = []
    for values, weight in (first, second):
        order = np.argsort(values)
        points.append(np.interp(levels, np.cumsum(weight[order]), values[order]))
    product = np.outer(*points).ravel()
    return product, np.full(len(product), 1.0 / len(product))


def _spread(followed: EffectsFilter, mix: Mapping[str, float], change: Callable[[Float], Float]) -> tuple[Float, Float]:
    """Return values and weights of a function of the logit of a mix of models on a night of the usual size."""
    mean, sd = followed.logit(mix)
    values, weight = _normal(mean, sd**2, followed.weight)
    return np.asarray(change(values)), weight


def _normal(mean: Float, variance: Float, weight: Float) -> tuple[Float, Float]:
    """Return points and weights that stand for a mixture of normals, each (members x points,)."""
    bell = np.exp(-0.5 * _QUANTILES**2)
    points = mean[:, None] + np.sqrt(np.maximum(variance, 0.0))[:, None] * _QUANTILES
    return points.ravel(), (weight[:, None] * bell / bell.sum()).ravel()


def _summary(values: Float, weight: Float) -> tuple[float, float, float]:
    """Return the mean and the 5 % and 95 % points of a discrete posterior."""
    order = np.argsort(values)
    cumulative = np.cumsum(weight[order])
    low, high = (values[order][min(int(np.searchsorted(cumulative, q)), len(values) - 1)] for q in (0.05, 0.95))
    return float(values @ weight), float(low), float(high)
