"""Print what the assignment rules save and cost beside greedy, and how near `rolling` is to the proven optimum.

python -m bench.rolling [-n 1024] [--seed 1] [--exact 3]     (--exact: raids played beside an integer program)
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from numpy.typing import NDArray

import shieldwall
from shieldwall.engine.simulate import play_one_block, prepare
from shieldwall.results.statistics import paired_difference
from shieldwall.study.exact_assignment import exact_assignment

SCENARIOS = ("one-battery", "night-2025-06-09", "fourfold")
RULES = ("greedy", "nearest", "cost_aware", "rolling")
BLOCK = 128


def main() -> None:
    """Play every shipped scenario under every rule on the same luck."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("-n", "--replications", type=int, default=1_024)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--exact", type=int, default=3)
    chosen = options.parse_args()
    lines = []
    for name in SCENARIOS:
        base: NDArray[np.float64] | None = None
        for rule in RULES:
            damage, speed = play(name, rule, chosen.replications, chosen.seed)
            base = damage if base is None else base
            gap = paired_difference(damage, base)
            print(
                f"{name:18} {rule:10} value lost {damage.mean():8.3f}, beside greedy {gap.mean:+.3f} "
                f"({gap.low:+.3f} to {gap.high:+.3f}), {speed:,.0f} raids a CPU second"
            )
            lines.append(f"bench {name}_{rule}_raids_per_cpu_s {speed:.0f}")
        for preferences in (True, False) if chosen.exact and name != "one-battery" else ():
            found = exact_assignment(shieldwall.load(name), chosen.exact, chosen.seed, preferences=preferences)
            gaps = np.array([moment.gap for moment in found.moments] or [0.0])
            what = "as doctrine prefers" if preferences else "without preferences"
            print(
                f"{name:18} rolling, {what}: {found.asked:,} moments, {gaps.size:,} contended; misses "
                f"{100 * found.gap:.2f} % of the optimum, at worst {100 * gaps.max():.1f} %, nothing at "
                f"{100 * (gaps < 1e-9).mean():.0f} %; value lost {found.rolling_damage.mean():.3f}, "
                f"exact {found.exact_damage.mean():.3f}"
            )
            lines.append(f"bench {name}_rolling_gap{'' if preferences else '_without_preferences'} {found.gap:.6f}")
    print("\n".join(lines))


def play(name: str, rule: str, replications: int, seed: int) -> tuple[NDArray[np.float64], float]:
    """Return value lost by replication, (R,), and raids a CPU second of one thread, the best of all blocks."""
    tables, _ = prepare(shieldwall.load(name, overrides=[f"doctrine.assignment={rule}"]))
    play_one_block(tables, seed, 0, 1, events=False)  # compiles
    damage, best = [], np.inf
    for first in range(0, replications, BLOCK):
        begin = time.thread_time()
        block = play_one_block(tables, seed, first, BLOCK, events=False)
        best = min(best, time.thread_time() - begin)
        damage.append(block.damage.sum(axis=1))
    return np.concatenate(damage), BLOCK / best


if __name__ == "__main__":
    main()
