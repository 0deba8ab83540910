"""Print what four and five times of everything, and of each thing alone, change in `fourfold`.

python -m bench.fourfold_table [-n 1000] [--seed 1] [--write]     (--write puts the tables into its README)
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from bench.readme_table import markdown, number, options, show
from numpy.typing import NDArray

import shieldwall
from shieldwall.results.results import Results
from shieldwall.results.statistics import paired_difference
from shieldwall.scenario.load import scenario_path
from shieldwall.scenario.types import Scenario
from shieldwall.study.compare import quantities

NAME = "fourfold"
FACTORS = ("defence", "fire_units", "rounds", "sensors")
LEVELS = ("autonomous", "sector", "alliance")
KINDS: Mapping[str, tuple[str, ...]] = {
    "drones": ("shahed-136",),
    "cruise": ("kh-101", "kalibr", "9m729", "kh-35"),
    "ballistic": ("iskander-m",),
    "hypersonic": ("kinzhal", "zircon"),
    "other": ("kh-22", "oniks", "kh-31p"),
}
HEAD = (
    "leaked of 398, mean (90 %)",
    "change from x1 (90 % of the mean)",
    *(f"{kind}" for kind in KINDS),
    "value lost, % (90 %)",
    "missiles fired",
)
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """What is kept of a run: quantities by replication, the value at stake, and the force that stood."""

    values: Mapping[str, Values]
    at_stake: float
    scenario: Scenario


def main() -> None:
    """Play every case on the same luck and print the tables."""
    chosen = options(__doc__, 1_000)

    def played(*settings: str) -> Played:
        print(f"{NAME} {' '.join(settings)}", file=sys.stderr)
        return play(settings, chosen.replications, chosen.seed)

    base = played()
    factors = {("x1", ""): base} | {
        (f"{factor} x{k}", f"scale.{factor}={k}"): played(f"scale.{factor}={k}") for factor in FACTORS for k in (4, 5)
    }
    held = {
        f"{level}, defence x{k}": base
        if (level, k) == ("alliance", 1)
        else played(f"integration={level}", f"scale.defence={k}")
        for k in (1, 4, 5)
        for level in LEVELS
    }
    said = f"{chosen.replications:,} raids a row, seed {chosen.seed}, all on the same luck."
    texts = {
        "factors": f"{said}\n\n{table('four and five times', {name: run for (name, _), run in factors.items()}, base)}",
        "forces": forces({name: run for (name, _), run in factors.items()}),
        "integration": f"{said}\n\n{table('who shares a picture', held, base)}",
    }
    show(texts, scenario_path(NAME).parent / "README.md", write=chosen.write)


def play(settings: Sequence[str], replications: int, seed: int) -> Played:
    """Return what is kept of a run with settings; the run itself is let go, five-fold ones are large."""
    scenario = shieldwall.load(NAME, overrides=settings)
    run: Results = shieldwall.simulate(scenario, replications, seed)
    return Played(quantities(run), run.summary().cost.at_stake, scenario)


def table(title: str, runs: Mapping[str, Played], base: Played) -> str:
    """Return one row a run: leakers, the paired difference from the base, leakers by kind, value lost."""
    rows = []
    for name, run in runs.items():
        leaked = run.values["leaked"]
        gap = paired_difference(leaked, base.values["leaked"])
        change = "-" if run is base else f"{gap.mean:+.1f} ({gap.low:+.1f} to {gap.high:+.1f})"
        kinds = [number(float(sum(run.values[f"leaked/{t}"].mean() for t in types))) for types in KINDS.values()]
        lost, fired = shown(100.0 * run.values["damage"] / run.at_stake), number(missiles_fired(run))
        rows.append([name, shown(leaked), change, *kinds, lost, fired])
    return markdown([title, *HEAD], rows)


def missiles_fired(run: Played) -> float:
    """Return how many missiles a raid takes on the mean; no bursts, no teams' missiles, no interceptor drones."""
    kinds = {w.effector.id: w.effector.kind for unit in run.scenario.fire_units for w in unit.weapons}
    return float(sum(run.values[f"rounds/{name}"].mean() for name, kind in kinds.items() if kind == "missile"))


def shown(values: Values) -> str:
    """Return mean and 90 % interval."""
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{number(float(values.mean()))} ({low:.0f}-{high:.0f})"


def forces(runs: Mapping[str, Played]) -> str:
    """Return what stands in each row and what it costs to buy."""
    rows = []
    for name, run in runs.items():
        units = run.scenario.fire_units
        held = [(w.ready_rounds + w.reserve_rounds, w.effector) for u in units for w in u.weapons]
        missiles = [(count, effector) for count, effector in held if effector.kind == "missile"]
        alone = sum(1 for sensor in run.scenario.sensors if not sensor.fire_unit)
        rounds_usd = sum(count * e.unit_cost_usd for count, e in held)
        units_usd = sum(unit.unit_cost_usd for unit in units)
        sensors_usd = sum(s.type.unit_cost_usd for s in run.scenario.sensors if not s.fire_unit)
        rows.append(
            [
                name,
                f"{len(units)}",
                f"{alone}",
                f"{sum(count for count, _ in missiles):,}",
                f"{(units_usd + rounds_usd + sensors_usd) / 1e9:.1f}",
            ]
        )
    return markdown(["what stands", "fire units", "sensors", "missiles", "to buy, bn USD"], rows)


if __name__ == "__main__":
    main()
