"""What each option changes, from the simulator: every case on the same luck, alone at several counts and in pairs.

The cases give a response in which each option has its own curve and pairs have a cross effect. It is fitted by least
squares; with the first cases alone it goes through all of them. Cases that are added later (plans that were found)
count more, so that the response is right where plans are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError
from shieldwall.engine.simulate import simulate
from shieldwall.planner.portfolio import Response
from shieldwall.planner.purchases import Ground, forces_usd, scenario_with
from shieldwall.results.statistics import Difference, paired_difference
from shieldwall.scenario.types import Scenario
from shieldwall.study.compare import quantities

Float = NDArray[np.float64]
Stands = tuple[int, ...]
Progress = Callable[[int, int], None]

KEPT = ("leaked", "damage", "casualties")
_ALL_COUNTS = 3  # up to so many, each count is a case; beyond, one, the middle and the most
_MOST_PAIRS = 24
_PLAN_WEIGHT = 25.0


@dataclass(slots=True)
class Simulator:
    """Plays cases, each once: `values[stands]` of every kept quantity, samples raid by raid, shape (K,)."""

    ground: Ground
    replications: int
    seed: int
    threads: int | None = None
    values: dict[Stands, dict[str, Float]] = field(default_factory=dict)

    @property
    def raid(self) -> NDArray[np.int64]:
        """Return the raid of each sample, int64 (K,)."""
        return np.repeat(np.arange(len(self.ground.raids)), self.replications)

    def play(self, stands: Sequence[int], settings: Sequence[str] = ()) -> dict[str, Float]:
        """Return what happens where `stands` (O,) stand, with further settings, from memory if it was played."""
        key = tuple(int(n) for n in stands)
        if key in self.values and not settings:
            return self.values[key]
        parts = [self.of(scenario_with(self.ground, key, (*raid, *settings))) for _, _, raid in self.ground.raids]
        found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        if not settings:
            self.values[key] = found
        return found

    def of(self, scenario: Scenario) -> dict[str, Float]:
        """Return the kept quantities of one scenario by replication."""
        run = quantities(simulate(scenario, self.replications, self.seed, threads=self.threads))
        return {name: run[name] for name in KEPT if name in run}

    def times(self, factor: int) -> tuple[int, dict[str, Float]]:
        """Return what `factor` times of everything costs more than today, whole dollars, and what happens then."""
        ground = self.ground
        settings = () if factor == 1 else (f"scale.defence={factor}",)  # once is today, which may have been played
        scaled = ground.file.load([*ground.settings, *settings])
        usd = forces_usd(scaled, ground.catalogue) - forces_usd(ground.today, ground.catalogue)
        return usd, self.play((0,) * len(ground.plan.options), settings)

    def measure(self, stands: Sequence[int]) -> Float:
        """Return the plan's own measure, shape (K,).

        Raises
        ------
        InputError
            If the scenario has no people and the measure is casualties.
        """
        found, name = self.play(stands), self.ground.plan.measure
        if name not in found:
            what = f"there are no {name} in this scenario"
            raise InputError(self.ground.file.tree.mark.mistake(what, "add people: {} or choose another plan.measure"))
        return found[name]


@dataclass(frozen=True, slots=True)
class Marginal:
    """What `count` of an option alone change, per sample's raid by weight: mean and 90 % interval."""

    option: str
    count: int
    change: Difference


@dataclass(frozen=True, slots=True)
class Cross:
    """How much less two options change together (all of both) than the sum of each alone; negative: more."""

    first: str
    second: str
    change: Difference


@dataclass(slots=True)
class Table:
    """The cases played; `counts[o]` are those at which option o was tried alone, `pairs` those kept."""

    simulator: Simulator
    most: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    pairs: tuple[tuple[int, int], ...]
    plans: list[Stands] = field(default_factory=list)

    def marginals(self) -> list[Marginal]:
        """Return the effect of every option alone at every count played."""
        base = self._of({})
        return [
            Marginal(option.id, n, paired_difference(self._of({o: n}), base))
            for o, option in enumerate(self.simulator.ground.plan.options)
            for n in self.counts[o]
        ]

    def crosses(self) -> list[Cross]:
        """Return the cross effect of every pair kept."""
        ids = [option.id for option in self.simulator.ground.plan.options]
        base = self._of({})
        found = []
        for o, q in self.pairs:
            both, one, other = (self._of(case) for case in _pair_cases(o, q, self.most))
            found.append(Cross(ids[o], ids[q], paired_difference(both + base, one + other)))
        return found

    def _of(self, case: dict[int, int]) -> Float:
        """Return the measure of a case, each sample times its raid's weight over the mean weight."""
        weight = np.array([raid[1] for raid in self.simulator.ground.raids])
        counted = (weight / weight.mean())[self.simulator.raid]
        return np.asarray(counted * self.simulator.measure(stands_of(case, len(self.most))), np.float64)

    def response(self) -> Response:
        """Return the response fitted to every case."""
        singles = [{o: n} for o, counts in enumerate(self.counts) for n in counts]
        couples = [{o: self.most[o], q: self.most[q]} for o, q in self.pairs]
        cases = [stands_of(case, len(self.most)) for case in [{}, *singles, *couples]]
        stands = cases + [plan for plan in dict.fromkeys(self.plans) if plan not in cases]
        weight = np.sqrt(np.where(np.arange(len(stands)) < len(cases), 1.0, _PLAN_WEIGHT))
        idle = self._idle()
        rows = np.array([self._row(tuple(0 if o in idle else n for o, n in enumerate(each))) for each in stands])
        values = np.array([self.simulator.measure(each) for each in stands])
        fitted = np.linalg.lstsq(weight[:, None] * rows, weight[:, None] * values, rcond=None)[0]
        place, gain = 1, []
        for most, counts in zip(self.most, self.counts, strict=True):
            at = np.vstack([np.zeros(values.shape[1]), -fitted[place : place + len(counts)]])
            knots = [0, *counts]
            steps = [np.interp(n, knots, range(len(knots))) for n in range(most + 1)]
            low = np.floor(steps).astype(int)
            high = np.minimum(low + 1, len(knots) - 1)
            share = (np.array(steps) - low)[:, None]
            gain.append((1.0 - share) * at[low] + share * at[high])
            place += len(counts)
        weights = np.array([raid[1] for raid in self.simulator.ground.raids])
        return Response(fitted[0], tuple(gain), self.pairs, fitted[place:], self.simulator.raid, weights)

    def _idle(self) -> set[int]:
        """Return the options that alone change nothing in any sample, and are in no pair that was kept."""
        base = self.simulator.measure(stands_of({}, len(self.most)))
        paired = {o for pair in self.pairs for o in pair}
        return {
            o
            for o, counts in enumerate(self.counts)
            if o not in paired
            and all(np.array_equal(self.simulator.measure(stands_of({o: n}, len(self.most))), base) for n in counts)
        }

    def _row(self, stands: Stands) -> list[float]:
        """Return the row of the fit: one, each option's place between its counts, each pair's product of shares."""
        row = [1.0]
        for n, counts in zip(stands, self.counts, strict=True):
            knots = [0, *counts]
            row += [float(np.interp(n, knots, np.eye(len(knots))[k])) for k in range(1, len(knots))]
        return row + [stands[o] / self.most[o] * (stands[q] / self.most[q]) for o, q in self.pairs]


def stands_of(case: dict[int, int], options: int) -> Stands:
    """Return how many of each option stand."""
    return tuple(case.get(o, 0) for o in range(options))


def _pair_cases(o: int, q: int, most: Sequence[int]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    return {o: most[o], q: most[q]}, {o: most[o]}, {q: most[q]}


def counts_tried(most: int) -> tuple[int, ...]:
    """Return the counts at which an option is tried alone."""
    return tuple(range(1, most + 1)) if most <= _ALL_COUNTS else tuple(sorted({1, (most + 1) // 2, most}))


def table(simulator: Simulator, progress: Progress | None = None) -> Table:
    """Play every case and return the table; pairs of small cross effect are left out where there are very many."""
    most = tuple(option.most for option in simulator.ground.plan.options)
    counts = tuple(counts_tried(m) for m in most)
    able = [o for o, m in enumerate(most) if m > 0]
    pairs = tuple(itertools.combinations(able, 2))
    cases = [{}, *({o: n} for o in able for n in counts[o]), *({o: most[o], q: most[q]} for o, q in pairs)]
    for done, case in enumerate(cases):
        simulator.measure(stands_of(case, len(most)))
        if progress is not None:
            progress(done + 1, len(cases))
    whole = Table(simulator, most, counts, pairs)
    sizes = np.array([abs(cross.change.mean) for cross in whole.crosses()])
    kept = sorted(k for k in np.argsort(-sizes, kind="stable")[:_MOST_PAIRS].tolist() if sizes[k] > 0.0)
    whole.pairs = tuple(pairs[k] for k in kept)
    return whole
