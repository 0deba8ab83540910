"""Print what the same money does in `balanced-package`, spent in each of its ways.

python -m bench.balanced_table [-n 2000] [--seed 1] [--write]     (--write puts the tables into its README)
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from bench.readme_table import markdown, number, options, show
from numpy.typing import NDArray

import shieldwall
from shieldwall.results.statistics import paired_difference
from shieldwall.scenario.load import scenario_path
from shieldwall.study.compare import quantities

NAME = "balanced-package"
PACKAGES = ("none", "batteries", "fighters", "passive", "surveillance", "readiness", "mix")
SHOWN: Mapping[str, str] = {
    "leaked": "leakers",
    "damage": "value lost",
    "casualties": "killed or gravely hurt",
    "service_lost/power": "power, MWh",
    "service_lost/runways": "runway-hours",
    "service_lost/radars": "radar-hours",
}
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """Quantities by replication, and what the defence costs over the years, USD by kind of thing."""

    values: Mapping[str, Values]
    cost_usd: Mapping[str, float]


def main() -> None:
    """Play every package on the same luck and print the tables."""
    chosen = options(__doc__, 2_000)
    runs = {name: play(name, chosen.replications, chosen.seed) for name in PACKAGES}
    said = f"{chosen.replications:,} raids a row, seed {chosen.seed}, all on the same luck."
    texts = {
        "packages": f"{said} Mean (5 % to 95 % of raids).\n\n{levels(runs)}",
        "differences": f"{said} Mean difference from `none` (90 % interval of that mean).\n\n{differences(runs)}",
        "money": money(runs),
    }
    show(texts, scenario_path(NAME).parent / "README.md", write=chosen.write)


def play(package: str, replications: int, seed: int) -> Played:
    """Return what is kept of a run of one package."""
    print(f"{NAME} package={package}", file=sys.stderr)
    scenario = shieldwall.load(NAME, overrides=[f"package={package}"])
    assert scenario.package is not None
    run = shieldwall.simulate(scenario, replications, seed)
    return Played(quantities(run), scenario.package.cost_usd)


def levels(runs: Mapping[str, Played]) -> str:
    """Return one row a package: mean and band of each quantity."""
    rows = [[name, *(_band(run.values[key]) for key in SHOWN)] for name, run in runs.items()]
    return markdown(["package", *SHOWN.values()], rows)


def differences(runs: Mapping[str, Played]) -> str:
    """Return one row a package: the paired difference of each quantity from `none`, and its interval."""
    base = runs["none"]
    rows = []
    for name, run in runs.items():
        if run is base:
            continue
        gaps = [paired_difference(run.values[key], base.values[key]) for key in SHOWN]
        rows.append([name, *(f"{_signed(g.mean)} ({_signed(g.low)} to {_signed(g.high)})" for g in gaps)])
    return markdown(["package", *SHOWN.values()], rows)


def money(runs: Mapping[str, Played]) -> str:
    """Return one row a package: what is spent more than with `none`, million USD, in all and on what."""
    base = runs["none"].cost_usd
    kinds = [kind for kind in base if any(abs(run.cost_usd[kind] - base[kind]) > 1e4 for run in runs.values())]
    rows = []
    for name, run in runs.items():
        more = {kind: run.cost_usd[kind] - base[kind] for kind in kinds}
        rows.append([name, number(sum(more.values()) / 1e6), *(number(more[kind] / 1e6) for kind in kinds)])
    return markdown(["million USD in ten years", "in all", *(kind.replace("_", " ") for kind in kinds)], rows)


def _signed(value: float) -> str:
    return f"-{number(-value)}" if value < 0 else f"+{number(value)}"


def _band(values: Values) -> str:
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{number(float(values.mean()))} ({number(float(low))}-{number(float(high))})"


if __name__ == "__main__":
    main()
