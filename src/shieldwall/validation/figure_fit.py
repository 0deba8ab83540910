"""Make catalogue figures of reported shares, through the simulator.

What is reported is the outcome of a whole defence: no formula leads from it to the kill probability of a shot. So a
scenario's defence is played against a raid of the usual reported size, at many values of the unknown figures, and what
comes of it is held against the posterior of the reports. For each threat class there are up to three unknowns, each
between -1 (every figure of its kind at the low end of its range in the catalogue), 0 (at its value) and +1 (high end):

- kill: `effectors.*.kill_probability.CLASS`
- soft: `soft_kill.*.hazard.CLASS`
- loss: `threats.TYPE.failure_probability` and `threats.TYPE.decoy_share` of the types of the class

Prior: triangular about 0, so that the catalogue's value counts and no figure leaves its range. Likelihood: the logits
of the leaked share and of the lost share of the neutralised, about the reports' posterior, with three variances added:
the posterior's, the surface's residual, and that of the laydown, which is notional. It is Student's t of few degrees
of freedom: a report that no figure within its range explains tells of the laydown, and moves the figures little.
Between the points played, each logit is a quadratic surface of the class's own unknowns; the posterior is exact on a
grid of it.

References
----------
Kennedy & O'Hagan 2001, "Bayesian calibration of computer models", JRSS B 63:425-464: emulator and discrepancy
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.catalogue.sourced import Figure
from shieldwall.core.errors import InputError, Mistake
from shieldwall.engine.simulate import simulate
from shieldwall.results.row import Fate
from shieldwall.results.tally import threat_types
from shieldwall.scenario.load import ScenarioFile
from shieldwall.scenario.types import Scenario
from shieldwall.study.design import unit_points
from shieldwall.study.uncertainty import play_points
from shieldwall.validation.calibration import Followed, logit_of
from shieldwall.validation.effects_filter import MODEL
from shieldwall.validation.weapon_model import names_of

Float = NDArray[np.float64]
KNOBS = ("kill", "soft", "loss")
LAYDOWN_SD = 0.5  # logits: how far a notional laydown may be wrong about a whole defence
_FREEDOM = 3.0  # degrees of freedom of Student's t
_GRID: Float = np.linspace(-1.0, 1.0, 41)
_LEAKED = (Fate.LEAKED_HIT, Fate.LEAKED_MISSED)
_LOST = (Fate.SUPPRESSED, Fate.FAILED, Fate.ABORTED)


@dataclass(frozen=True, slots=True)
class Unknown:
    """One unknown of one class, and the figures that move with it: path -> figure of the catalogue."""

    kind: str
    knob: str
    figures: Mapping[str, Figure]

    def settings(self, at: float) -> list[str]:
        """Return the settings with which the scenario is played at a value between -1 and 1."""
        return [f"{path}={_between(f, at):.15g} {_unit(f)}".rstrip() for path, f in self.figures.items()]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean and 5 % and 95 % points of an unknown between -1 and 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassFit:
    """What one class's fit held against what: logits with their standard deviations, and the unknowns' posteriors.

    `told` and `simulated` by output ("leaked", "lost"): (logit, standard deviation) of the reports, and the surface's
    logit with every figure at its catalogue value and at the posterior mean.
    """

    kind: str
    launched: int
    told: Mapping[str, tuple[float, float]]
    simulated: Mapping[str, tuple[float, float]]
    estimates: Mapping[str, Estimate]
    provenance: str


@dataclass(frozen=True, slots=True)
class FittedFigure:
    """One figure in the catalogue's unit: calibrated value, 5 % and 95 % points, and the catalogue's own three."""

    value: float
    low: float
    high: float
    unit: str
    catalogue: tuple[float, float, float]
    provenance: str


@dataclass(frozen=True, slots=True)
class Play:
    """How the simulator is played: the scenario, points, replications at each, seed, threads."""

    file: ScenarioFile
    settings: tuple[str, ...] = ()
    points: int = 128
    replications: int = 64
    seed: int = 1
    threads: int = 1


def fit_figures(
    followed: Mapping[str, Followed], play: Play, progress: Callable[[int, int], None] | None = None
) -> tuple[dict[str, ClassFit], dict[str, FittedFigure]]:
    """Return the fit of every class that is both in the scenario and reported, and the calibrated figures by path.

    Raises
    ------
    InputError
        If the scenario and the reports share no class, or the scenario is refused.
    """
    scenario = play.file.load(play.settings)
    types = {salvo.type.id: salvo.type.threat_class for salvo in scenario.salvos if salvo.count}
    kinds = [kind for kind in followed if kind in types.values()]
    if not kinds:
        what = f"the reports tell of no class that {scenario.name} has"
        raise InputError(Mistake("", 0, 0, what, "fit with another --scenario"))
    sizes = {kind: max(1, round(followed[kind].usual)) for kind in kinds}
    unknowns = _unknowns(play.file.figures(play.settings), types, kinds)
    cube = 2.0 * unit_points("sobol", play.points, len(unknowns), play.seed) - 1.0
    raid = _thinned(scenario, sizes)
    shares = _played(play, [(*raid, *_settings(unknowns, at)) for at in cube], types, kinds, progress)
    fits = {}
    for kind in kinds:
        own = [k for k, unknown in enumerate(unknowns) if unknown.kind == kind]
        told = _told(followed[kind], scenario)
        fits[kind] = _fit(kind, [unknowns[k] for k in own], cube[:, own], shares[kind], told, followed[kind], sizes)
    return fits, dict(sorted(_figures(unknowns, fits, scenario.name).items()))


def _unknowns(figures: Mapping[str, Figure], types: Mapping[str, str], kinds: Sequence[str]) -> list[Unknown]:
    """Return the unknowns of the classes; figures without a range move nothing."""
    found = []
    ranged = {path: f for path, f in figures.items() if f.low is not None and f.high is not None and f.low < f.high}
    for kind in kinds:
        of_kind = {name for name, kind_of in types.items() if kind_of == kind}
        groups = {
            "kill": [p for p in ranged if p.startswith("effectors.") and p.endswith(f".kill_probability.{kind}")],
            "soft": [p for p in ranged if p.startswith("soft_kill.") and p.endswith(f".hazard.{kind}")],
            "loss": [f"threats.{t}.{n}" for t in of_kind for n in ("failure_probability", "decoy_share")],
        }
        moved = {knob: {p: ranged[p] for p in sorted(groups[knob]) if p in ranged} for knob in KNOBS}
        found += [Unknown(kind, knob, moved[knob]) for knob in KNOBS if moved[knob]]
    return found


def _settings(unknowns: Sequence[Unknown], at: Float) -> list[str]:
    return [text for unknown, x in zip(unknowns, at, strict=True) for text in unknown.settings(float(x))]


def _between(figure: Figure, at: float) -> float:
    """Return the figure at -1 (low), 0 (value), 1 (high) and in straight lines between."""
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    end = figure.high if at > 0.0 else figure.low
    return figure.value + abs(at) * (end - figure.value)


def _unit(figure: Figure) -> str:
    return "" if figure.unit == "fraction" else figure.unit


def _thinned(scenario: Scenario, sizes: Mapping[str, int]) -> list[str]:
    """Return settings that leave so many of each class in the raid, spread over its salvos; other classes stay."""
    settings = []
    for kind, size in sizes.items():
        salvos = [salvo for salvo in scenario.salvos if salvo.type.threat_class == kind]
        edges = np.cumsum([0] + [salvo.count for salvo in salvos]) / sum(salvo.count for salvo in salvos)
        counts = np.diff(np.rint(edges * size)).astype(int)
        settings += [f"raids.{salvo.id}.count={count}" for salvo, count in zip(salvos, counts, strict=True)]
    return settings


def _played(
    play: Play,
    points: Sequence[Sequence[str]],
    types: Mapping[str, str],
    kinds: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> dict[str, Float]:
    """Return by class the logits of the leaked share and of the lost share of the neutralised, shape (N, 2)."""

    def one(settings: Sequence[str]) -> dict[str, tuple[float, float]]:
        results = simulate(play.file.load((*play.settings, *settings)), play.replications, play.seed, threads=1)
        names = threat_types(results.roster)
        found = {}
        for kind in kinds:
            at = [k for k, name in enumerate(names) if types[name] == kind]
            fates = results.counts.fates[:, at].sum(axis=(0, 1))
            leaked, lost, down = fates[list(_LEAKED)].sum(), fates[list(_LOST)].sum(), fates[Fate.SHOT_DOWN]
            found[kind] = (_logit(leaked, lost + down), _logit(lost, down))
        return found

    rows = play_points(one, points, play.threads, progress)
    return {kind: np.array([row[kind] for row in rows]) for kind in kinds}


def _logit(yes: float, no: float) -> float:
    return float(np.log((yes + 0.5) / (no + 0.5)))


def _told(followed: Followed, scenario: Scenario) -> dict[str, tuple[float, float]]:
    """Return the logits that the reports give for the scenario's models of a class on a night of the usual size."""
    counts: dict[str, int] = {}
    for salvo in scenario.salvos:
        if salvo.type.threat_class == followed.kind:
            counts[salvo.type.id] = counts.get(salvo.type.id, 0) + salvo.count
    mix: dict[str, float] = {}
    for name, count in counts.items():
        reported = [model for model in followed.models if name in names_of(model)]
        if reported:
            best = max(reported, key=lambda model: followed.models[model])
            mix[MODEL + best] = mix.get(MODEL + best, 0.0) + count
    known = {name: count / sum(mix.values()) for name, count in mix.items()} or dict(followed.mix)
    told = {"leaked": logit_of(followed.leaking, known)}
    if followed.losing is not None:
        told["lost"] = logit_of(followed.losing, known)
    return told


def _fit(
    kind: str,
    unknowns: Sequence[Unknown],
    at: Float,
    logits: Float,
    told: Mapping[str, tuple[float, float]],
    followed: Followed,
    sizes: Mapping[str, int],
) -> ClassFit:
    """Return the posterior of one class's unknowns on a grid."""
    grid = np.array(list(itertools.product(_GRID, repeat=len(unknowns))))
    log_weight = np.sum(np.log(np.maximum(1.0 - np.abs(grid), 1e-9)), axis=1)
    surfaces = {}
    for k, output in enumerate(("leaked", "lost")):
        if output not in told:
            continue
        terms, residual = _surface(at, logits[:, k])
        surfaces[output] = terms
        mean, sd = told[output]
        variance = sd**2 + residual**2 + LAYDOWN_SD**2
        gap = (_basis(grid) @ terms - mean) ** 2 / variance
        log_weight += -0.5 * (_FREEDOM + 1.0) * np.log1p(gap / _FREEDOM)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    estimates = {unknown.knob: _estimate(grid[:, k], weight) for k, unknown in enumerate(unknowns)}
    middle = np.array([[estimates[unknown.knob].mean for unknown in unknowns]])
    simulated = {
        output: (float((_basis(0.0 * middle) @ terms)[0]), float((_basis(middle) @ terms)[0]))
        for output, terms in surfaces.items()
    }
    return ClassFit(kind, sizes[kind], dict(told), simulated, estimates, followed.provenance)


def _basis(at: Float) -> Float:
    """Return 1, every unknown, and every product of two, shape (N, terms)."""
    width = at.shape[1]
    pairs = [at[:, i] * at[:, j] for i in range(width) for j in range(i, width)]
    return np.column_stack([np.ones(len(at)), *at.T, *pairs])


def _surface(at: Float, logits: Float) -> tuple[Float, float]:
    """Return the least-squares terms of a quadratic surface, and the standard deviation of what it leaves."""
    basis = _basis(at)
    terms = np.asarray(np.linalg.lstsq(basis, logits, rcond=None)[0], dtype=np.float64)
    left = logits - basis @ terms
    return terms, float(np.sqrt(left @ left / max(len(logits) - basis.shape[1], 1)))


def _estimate(values: Float, weight: Float) -> Estimate:
    shares = np.array([weight[values == value].sum() for value in _GRID])
    low, high = np.interp([0.05, 0.95], np.cumsum(shares) - 0.5 * shares, _GRID)
    return Estimate(float(_GRID @ shares), float(low), float(high))


def _figures(unknowns: Sequence[Unknown], fits: Mapping[str, ClassFit], scenario: str) -> dict[str, FittedFigure]:
    found = {}
    for unknown in unknowns:
        fit = fits[unknown.kind]
        at = fit.estimates[unknown.knob]
        for path, figure in unknown.figures.items():
            assert figure.value is not None
            assert figure.low is not None
            assert figure.high is not None
            found[path] = FittedFigure(
                value=_between(figure, at.mean),
                low=_between(figure, at.low),
                high=_between(figure, at.high),
                unit=figure.unit,
                catalogue=(figure.value, figure.low, figure.high),
                provenance=f"{fit.provenance}; fitted with {scenario}",
            )
    return found
