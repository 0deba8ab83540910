"""`shieldwall compare`: runs on the same luck, their differences and intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

import shieldwall
from shieldwall.cli.run import default_folder, play
from shieldwall.cli.terminal import answers, print_json, table
from shieldwall.planner.stored import is_plan, scenario_of
from shieldwall.results.numbers import mean, money
from shieldwall.results.results import Results
from shieldwall.scenario.types import Scenario
from shieldwall.study.compare import Changed, Comparison
from shieldwall.study.compare import compare as compare_runs
from shieldwall.study.variants import variants

# Words for quantities whose names are too long for a narrow terminal, or not clear enough.
SHORT = {
    "casualties": "killed or gravely hurt",
    "shot_down_by_mistake": "down by mistake",
    "duplicate_engagements": "engaged twice",
}


def compare(
    names: Sequence[str], settings: Sequence[str], *, replications: int, seed: int, threads: int | None, as_json: bool
) -> None:
    """Play every scenario with every combination of settings and print how each differs from the first."""
    cases = [(name, chosen) for name in names for chosen in variants(settings)]
    loaded = [_loaded(name, chosen, several=len(names) > 1) for name, chosen in cases]
    runs = [(label, _play(scenario, replications, seed, threads)) for label, scenario in loaded]
    comparison = compare_runs(runs)
    if as_json:
        print_json({"shieldwall": shieldwall.__version__, **comparison.to_json()})
    else:
        print_comparison(comparison, answers())


def _loaded(name: str, chosen: Sequence[str], *, several: bool) -> tuple[str, Scenario]:
    """Return (label, scenario) of a scenario's name, or of a stored plan."""
    if is_plan(name):
        label, scenario = scenario_of(name, list(chosen))
        return " ".join((label, *chosen)), scenario
    scenario = shieldwall.load(name, overrides=chosen)
    return _label(scenario, chosen, several=several), scenario


def _play(scenario: Scenario, replications: int, seed: int, threads: int | None) -> Results:
    folder = default_folder(scenario, replications, seed)
    return play(scenario, replications, seed, folder, threads=threads)


def _label(scenario: Scenario, chosen: Sequence[str], *, several: bool) -> str:
    return " ".join((scenario.name, *chosen)) if several or not chosen else " ".join(chosen)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print one table for each run set against the base."""
    count = f"{comparison.replications:,} replications"
    console.print(f"\nBase: {comparison.base}. {count}, seed {comparison.seed}, on the same luck.\n")
    for changed in comparison.changed:
        console.print(_differences(comparison, changed))
        console.print()
    console.print("90 %: interval of the mean difference. Saved: how many times more replications", style="dim")
    console.print("an unpaired comparison would need for the same certainty.\n", style="dim")


def _differences(comparison: Comparison, changed: Changed) -> Table:
    shown = table(f"{changed.label} less {comparison.base}", "", "base", "changed", "difference", "90 %", "saved")
    for name, gap in changed.differences.items():
        write = money if name.startswith("cost/") else mean
        before, after = comparison.spreads.get(name), changed.spreads.get(name)
        shown.add_row(
            _words(name),
            write(before.mean) if before else "-",
            write(after.mean) if after else "-",
            _sign(gap.mean, write),
            f"{_sign(gap.low, write)} to {_sign(gap.high, write)}",
            f"{mean(gap.variance_reduction)} x" if math.isfinite(gap.variance_reduction) else "-",
        )
    return shown


def _sign(value: float, write: Callable[[float], str]) -> str:
    return f"+{write(value)}" if value > 0 else write(value)


def _words(name: str) -> str:
    kind, _, of = name.partition("/")
    if kind == "service_lost":
        return f"{of}, not delivered"
    text = SHORT.get(kind, kind.replace("_", " "))
    return f"{of}, USD" if kind == "cost" else f"  {of}" if of else text
