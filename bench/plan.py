"""Measure the planner: siting on the public cases, a campaign's speed, the plan of `fourfold-plan`.

python -m bench.plan [--cases DIR] [--time-limit S]

The public cases (NewYork.txt, Bronx.txt, best_known.csv) are not part of the repository; without them their lines are
left out. Ends with lines "bench NAME VALUE"; seconds are wall time with compiled code loaded.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from bench.campaign import campaign_180x1000_s

from shieldwall.planner.planning import Wanted, make_plan
from shieldwall.planner.purchases import ground_of
from shieldwall.scenario.load import read
from shieldwall.solvers.covering import solve
from shieldwall.solvers.covering_instance import read_covering

CASES = Path(__file__).resolve().parents[2] / "shared" / "data" / "mclp"
BAR = 0.0005


def siting(folder: Path, limit_s: float) -> list[str]:
    """Run every case of a folder and return its bench lines."""
    table = folder / "best_known.csv"
    if not table.is_file():
        print(f"siting: skipped, there is no {table}")
        return []
    worst_gap = worst_s = worst_bound = 0.0
    print(f"{'case':16s} {'value':>12s} {'bound':>12s} {'gap':>9s} {'to best':>9s} {'greedy':>8s} {'seconds':>8s}")
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            started, best = time.perf_counter(), float(row["best_known"])
            covering = read_covering(folder / f"{row['instance']}.txt", float(row["radius_m"]))
            found = solve(covering, int(row["p"]), time_limit_s=limit_s, start_s=started)
            took, behind = time.perf_counter() - started, 1.0 - found.value / best
            worst_gap, worst_s = max(worst_gap, behind), max(worst_s, took)
            worst_bound = max(worst_bound, found.gap)
            print(
                f"{row['instance'] + ' ' + row['p']:16s} {found.value:12.0f} {found.upper_bound:12.0f} {found.gap:9.3%}"
                f" {behind:9.4%} {1.0 - found.greedy_value / best:8.2%} {took:8.1f}",
                flush=True,
            )
    print(f"bar: {BAR:.2%} below the best known in 60 s; worst {worst_gap:.4%}")
    return [
        f"bench mclp_worst_gap_to_best {worst_gap:.3e}",
        f"bench mclp_worst_s {worst_s:.1f}",
        f"bench mclp_worst_bound_gap {worst_bound:.3e}",
    ]


def plan(replications: int) -> list[str]:
    """Plan the shipped scenario and return its bench lines."""
    started = time.perf_counter()
    found = make_plan(ground_of(read("fourfold-plan"), []), Wanted(replications))
    took = time.perf_counter() - started
    print(f"plan: objective {found.solved.objective:.1f}, bound {found.solved.bound:.1f}, refined {found.refinements}")
    return [f"bench plan_gap {found.solved.gap:.3e}", f"bench plan_s {took:.1f}"]


def main() -> None:
    """Run all of it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--cases", type=Path, default=CASES)
    options.add_argument("--time-limit", type=float, default=50.0)
    options.add_argument("-n", "--replications", type=int, default=200)
    chosen = options.parse_args()
    lines = siting(chosen.cases, chosen.time_limit)
    lines.append(f"bench campaign_180x1000_s {campaign_180x1000_s():.1f}")
    lines += plan(chosen.replications)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
