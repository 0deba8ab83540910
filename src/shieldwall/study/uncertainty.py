"""How far what we do not know moves the answer: chance and ignorance apart, what matters most, where a decision tips.

Outside, points over the figures' ranges; inside, raids on the same luck at every point. A point is a scenario with its
figures set, so whatever a user could type is what is played.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.engine.simulate import simulate
from shieldwall.scenario.load import ScenarioFile
from shieldwall.study.compare import quantities
from shieldwall.study.design import Design, unit_points
from shieldwall.study.figures import Space, UncertainFigure, group_ends
from shieldwall.study.sensitivity import Indices, indices, saltelli_points
from shieldwall.study.tipping import Looked, Tip, tips
from shieldwall.study.variance import Split, split

Float = NDArray[np.float64]
Settings = Sequence[str]
Progress = Callable[[int, int], None]
Row = TypeVar("Row")
MAIN = ("leaked", "damage", "cost/defence", "cost/raid")


@dataclass(frozen=True, slots=True)
class Raids:
    """How raids are played: the scenario's file, what the user has set, replications, seed, threads for points."""

    file: ScenarioFile
    settings: tuple[str, ...] = ()
    replications: int = 64
    seed: int = 1
    threads: int = 1

    def play(self, settings: Settings, replications: int | None = None) -> dict[str, Float]:
        """Return the main outputs of the scenario with more settings, each by replication, shape (n,)."""
        scenario = self.file.load((*self.settings, *settings))
        results = simulate(scenario, replications or self.replications, self.seed, threads=1)
        found = quantities(results)
        return {name: values for name, values in found.items() if name in MAIN or name.startswith("leaked/")}

    def play_all(
        self, points: Sequence[Settings], *, replications: int | None = None, progress: Progress | None = None
    ) -> dict[str, Float]:
        """Return the main outputs at every point, shape (N, n); the same on any number of threads."""
        rows = play_points(lambda settings: self.play(settings, replications), points, self.threads, progress)
        return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def play_points(
    play: Callable[[Settings], Row], points: Sequence[Settings], threads: int, progress: Progress | None
) -> list[Row]:
    """Return what `play` gives at each point, in their order; what has not begun is dropped when one fails."""
    rows: list[Row] = []
    with ThreadPoolExecutor(threads) as pool:
        try:
            for row in pool.map(play, points):
                rows.append(row)
                if progress is not None:
                    progress(len(rows), len(points))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return rows


@dataclass(frozen=True, slots=True)
class Ends:
    """One output with a group at its end that is bad for the defence and at its good one; the rest at its values."""

    bad: float
    good: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """Play until the mean of `output` is known to `half_width` (90 %), or `raids_at_most` raids are played."""

    output: str
    half_width: float
    raids_at_most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Ignorance:
    """What an outer design found: points, replications at each, and every output's split."""

    points: int
    replications: int
    outputs: Mapping[str, Split]
    values: Mapping[str, Float]
    settings: tuple[tuple[str, ...], ...]
    reached: bool | None = None


def ignorance(
    raids: Raids,
    space: Space,
    *,
    points: int = 64,
    design: Design = "sobol",
    wanted: Wanted | None = None,
    progress: Progress | None = None,
) -> Ignorance:
    """Play the outer design and part chance from ignorance.

    With `wanted`, points or replications are doubled, whichever the mean needs more, until it is known well enough.

    Raises
    ------
    InputError
        If the design cannot be made, an output is unknown, or a drawn scenario is refused.
    """
    _refuse_small(points, raids.replications)
    if wanted is not None and design != "sobol":
        raise InputError(Mistake("", 0, 0, "only a Sobol design can be made longer", "leave out --design"))
    replications = raids.replications
    values: dict[str, Float] = {}
    settings: list[tuple[str, ...]] = []
    while True:
        cube = unit_points(design, points, len(space.groups), raids.seed)
        fresh = [space.settings(u) for u in cube[len(settings) :]]
        added = raids.play_all(fresh, replications=replications, progress=progress)
        values = {name: np.concatenate([values[name], new]) if values else new for name, new in added.items()}
        settings += fresh
        if wanted is None:
            return _found(replications, values, settings, None)
        now = split(values[_known(wanted.output, values)])
        if now.half_width <= wanted.half_width:
            return _found(replications, values, settings, True)
        if 2 * points * replications > wanted.raids_at_most:
            return _found(replications, values, settings, False)
        if now.more_points >= now.more_raids:
            points *= 2
        else:
            replications *= 2
            settings, values = [], {}


def tornado(
    raids: Raids, figures: Sequence[UncertainFigure], progress: Progress | None = None
) -> tuple[dict[str, float], dict[str, dict[str, Ends]]]:
    """Return each output's mean with every figure at its value, and output -> group -> its mean at both ends.

    All on the same luck; groups by how far they move the output, the widest first.
    """
    names = list(dict.fromkeys(figure.group for figure in figures))
    ends = [group_ends([figure for figure in figures if figure.group == name]) for name in names]
    played = raids.play_all([(), *(end for pair in ends for end in pair)], progress=progress)
    means = {output: values.mean(axis=1) for output, values in played.items()}
    found = {}
    for output, mean in means.items():
        by_group = {name: Ends(float(mean[1 + 2 * k]), float(mean[2 + 2 * k])) for k, name in enumerate(names)}
        found[output] = dict(sorted(by_group.items(), key=lambda item: -abs(item[1].bad - item[1].good)))
    return {output: float(mean[0]) for output, mean in means.items()}, found


def sobol_indices(
    raids: Raids,
    space: Space,
    *,
    base: int = 64,
    progress: Progress | None = None,
) -> dict[str, Indices | None]:
    """Return the Sobol indices of every output's mean by group; None for outputs that do not vary."""
    cube = saltelli_points(space.groups, base, raids.seed)
    played = raids.play_all([space.settings(u) for u in cube], progress=progress)
    return {output: indices(space.groups, values.mean(axis=1), raids.seed) for output, values in played.items()}


def tipping(
    raids: Raids,
    figure: UncertainFigure,
    output: str,
    *,
    threshold: float | None = None,
    against: Settings = (),
    steps: int = 9,
) -> tuple[list[Looked], list[Tip]]:
    """Return what was looked at along one figure, and where `output` passes a threshold or two variants change places.

    Parameters
    ----------
    raids : the scenario
    figure : along its range
    output : "leaked", "leaked/TYPE", "damage", "cost/defence", "cost/raid"
    threshold : the gap is output less this
    against : without a threshold, settings of the variant: the gap is output of the scenario less that of the variant
    steps : values in the first grid
    """
    if (threshold is None) == (not against):
        raise InputError(Mistake("", 0, 0, "a tipping point needs a threshold or a variant", "give one of the two"))

    def gap(value: float) -> Float:
        setting = figure.setting(value)
        here = raids.play((setting,))
        mine = here[_known(output, here)]
        return mine - threshold if threshold is not None else mine - raids.play((*against, setting))[output]

    return tips(gap, figure.low, figure.high, steps=steps, whole=figure.whole)


def _found(
    replications: int, values: Mapping[str, Float], settings: Sequence[tuple[str, ...]], reached: bool | None
) -> Ignorance:
    outputs = {name: split(found) for name, found in values.items()}
    return Ignorance(len(settings), replications, outputs, values, tuple(settings), reached)


def _known(output: str, values: Mapping[str, Float]) -> str:
    if output not in values:
        raise InputError(Mistake("", 0, 0, f"there is no output '{output}'", nearest(output, values)))
    return output


def _refuse_small(points: int, replications: int) -> None:
    for what, count in (("points", points), ("replications", replications)):
        if count < 4:
            raise InputError(Mistake("", 0, 0, f"{what} is {count}", "give 4 or more"))
