"""`shieldwall uncertainty`: chance and ignorance apart, what matters most, where a decision tips."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

import shieldwall
from shieldwall.cli.terminal import answers, print_json, progress, remark, table
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.results.answer import finite
from shieldwall.results.numbers import mean, money, percent
from shieldwall.scenario.load import read
from shieldwall.study.design import DESIGNS, DISTRIBUTIONS
from shieldwall.study.figures import Space, UncertainFigure, uncertain_figures
from shieldwall.study.sensitivity import Indices, saltelli_points
from shieldwall.study.tipping import Looked, Tip
from shieldwall.study.uncertainty import (
    Ends,
    Ignorance,
    Raids,
    Wanted,
    ignorance,
    sobol_indices,
    tipping,
    tornado,
)
from shieldwall.study.uncertainty_folder import check_folder, write_folder

_MOST_GROUPS = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for, as typed."""

    scenario: str
    settings: tuple[str, ...]
    points: int
    replications: int
    seed: int
    threads: int | None
    figures: tuple[str, ...]
    without: tuple[str, ...]
    every: bool
    design: str
    distribution: str
    linked: bool
    each: bool
    indices: int
    half_width: float | None
    output: str
    tip: str | None
    threshold: float | None
    against: tuple[str, ...]
    out: Path | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that was found."""

    found: Ignorance
    base: dict[str, float]
    ends: dict[str, dict[str, Ends]]
    indices: dict[str, Indices | None]
    looked: list[Looked]
    tips: list[Tip]


def uncertainty(asked: Asked, *, as_json: bool) -> None:
    """Play the study and print it."""
    space, raids = _study(asked)
    along = _along(asked, space)
    if asked.indices:
        saltelli_points(space.groups, asked.indices, asked.seed)  # refuse what cannot be done before anything is played
    if asked.out is not None:
        check_folder(asked.out)
    wanted = None if asked.half_width is None else Wanted(asked.output, asked.half_width)
    with progress("points") as tick:
        found = ignorance(
            raids, space, points=asked.points, design=_one(asked.design, DESIGNS), wanted=wanted, progress=tick
        )  # fmt: skip
    with progress("tornado") as tick:
        base, ends = tornado(raids, space.figures, tick)
    with progress("indices") as tick:
        indices = sobol_indices(raids, space, base=asked.indices, progress=tick) if asked.indices else {}
    looked, tips = (
        tipping(raids, along, asked.output, threshold=asked.threshold, against=asked.against) if along else ([], [])
    )
    answer = Answer(found, base, ends, indices, looked, tips)
    plain = _plain(asked, space, answer)
    if asked.out is not None:
        for said in write_folder(asked.out, plain, space, answer.found):
            remark(said)
    if as_json:
        print_json(plain)
    else:
        _print(asked, space, answer, answers())


def _study(asked: Asked) -> tuple[Space, Raids]:
    file = read(asked.scenario)
    figures = uncertain_figures(
        file.figures(asked.settings),
        file.load(asked.settings),
        chosen=asked.figures,
        left_out=asked.without,
        all_confidences=asked.every,
        each=asked.each,
    )
    threads = asked.threads or os.cpu_count() or 1
    distribution = _one(asked.distribution, DISTRIBUTIONS)
    return Space(figures, distribution, asked.linked), Raids(
        file, asked.settings, asked.replications, asked.seed, threads
    )


def _one(text: str, valid: tuple[Any, ...]) -> Any:
    if text not in valid:
        raise InputError(Mistake("", 0, 0, f"'{text}' is not known", nearest(text, valid)))
    return text


def _along(asked: Asked, space: Space) -> UncertainFigure | None:
    """Return the figure along which a tipping point is looked for."""
    if asked.tip is None:
        if asked.threshold is not None or asked.against:
            raise InputError(Mistake("", 0, 0, "--threshold and --against need --tip", "name a figure with --tip"))
        return None
    if (asked.threshold is None) == (not asked.against):
        raise InputError(Mistake("", 0, 0, "--tip needs --threshold or --against", "give one of the two"))
    by_path = {figure.path: figure for figure in space.figures}
    if asked.tip not in by_path:
        raise InputError(Mistake("", 0, 0, f"no figure in play is called '{asked.tip}'", nearest(asked.tip, by_path)))
    return by_path[asked.tip]


def _plain(asked: Asked, space: Space, answer: Answer) -> dict[str, Any]:
    """Return the answer as plain JSON values."""
    found = answer.found
    whole: dict[str, Any] = finite(
        {
            "shieldwall": shieldwall.__version__,
            "scenario": asked.scenario,
            "settings": list(asked.settings),
            "seed": asked.seed,
            "points": found.points,
            "replications": found.replications,
            "design": asked.design,
            "distribution": asked.distribution,
            "linked": asked.linked,
            "half_width_reached": found.reached,
            "figures": [asdict(figure) for figure in space.figures],
            "outputs": {name: asdict(split) for name, split in found.outputs.items()},
            "tornado": {
                "base": answer.base,
                "ends": {o: {g: asdict(e) for g, e in ends.items()} for o, ends in answer.ends.items()},
            },
            "indices": {o: asdict(i) if i else None for o, i in answer.indices.items()},
            "tipping": {
                "looked": [asdict(one) for one in answer.looked],
                "points": [asdict(tip) for tip in answer.tips],
            },
        }
    )
    return whole


def _print(asked: Asked, space: Space, answer: Answer, console: Console) -> None:
    found = answer.found
    console.print(
        f"\n{asked.scenario}: {len(space.figures)} figures in {len(set(space.groups))} groups, "
        f"{found.points:,} points x {found.replications:,} raids on the same luck, seed {asked.seed}; "
        f"{asked.distribution}, {'each group errs as one' if asked.linked else 'each figure errs by itself'}."
    )
    if found.reached is not None:
        console.print(
            f"Half-width {asked.half_width:g} of {asked.output}: {'reached' if found.reached else 'NOT reached'}."
        )
    console.print("", _splits(found))
    console.print(
        "chance: standard deviation of one raid if every figure were known. ignorance: of the mean,", style="dim"
    )
    console.print("because they are not. share: ignorance's part of the variance; 90 %: its interval.\n", style="dim")
    console.print(_tornado(asked, answer))
    if answer.indices:
        console.print("", _indices(asked, answer))
    if answer.looked:
        _tipping(asked, answer, console)
    console.print()


def _splits(found: Ignorance) -> Any:
    shown = table("Chance and ignorance", "output", "mean", "chance", "ignorance", "share", "90 %", left=1)
    for name, split in found.outputs.items():
        write = money if name.startswith("cost/") else mean
        shown.add_row(
            name,
            f"{write(split.mean)} ± {write(split.half_width)}",
            write(split.chance.value),
            write(split.ignorance.value),
            percent(split.share.value),
            f"{100 * split.share.low:.0f} to {100 * split.share.high:.0f} %",
        )
    return shown


def _tornado(asked: Asked, answer: Answer) -> Any:
    write = money if asked.output.startswith("cost/") else mean
    title = f"One group at a time: {asked.output}, {write(answer.base[asked.output])} with every figure at its value"
    shown = table(title, "group", "bad for the defence", "good for it", "between")
    for name, ends in list(answer.ends[asked.output].items())[:_MOST_GROUPS]:
        shown.add_row(name, write(ends.bad), write(ends.good), write(abs(ends.bad - ends.good)))
    return shown


def _indices(asked: Asked, answer: Answer) -> Any:
    shown = table(f"Sobol indices of the mean of {asked.output}", "group", "first order", "90 %", "total", "90 %")
    of = answer.indices[asked.output]
    if of is None:
        return f"{asked.output} does not vary: it has no Sobol indices."
    for name in sorted(of.total, key=lambda group: -of.total[group].value)[:_MOST_GROUPS]:
        cells = [(f"{e.value:.2f}", f"{e.low:.2f} to {e.high:.2f}") for e in (of.first[name], of.total[name])]
        shown.add_row(name, *cells[0], *cells[1])
    return shown


def _tipping(asked: Asked, answer: Answer, console: Console) -> None:
    gap = (
        f"{asked.output} less {asked.threshold:g}" if asked.threshold is not None else f"{asked.output} less variant's"
    )
    shown = table(f"Along {asked.tip}", "value", gap, "90 %")
    for one in answer.looked:
        shown.add_row(f"{one.at:.4g}", mean(one.mean), f"{mean(one.low)} to {mean(one.high)}")
    console.print("", shown)
    for tip in answer.tips:
        console.print(f"It tips at {tip.at:.4g} (not told from a tie between {tip.low:.4g} and {tip.high:.4g}).")
    if not answer.tips:
        console.print("It does not tip within the figure's range.")
