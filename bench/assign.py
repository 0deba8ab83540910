"""Measure the weapon-target assignment solver against certified optima, bounds and marginal return.

Prints a table, then one `bench NAME VALUE` line a case and figure. Seconds are wall time of one `solve` on an
instance in memory, compiled kernels loaded; gaps are relative. `python bench/assign.py NAME...` runs the cases whose
name contains one of the words.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from shieldwall.solvers.two_stage_assignment import solve_two_stage
from shieldwall.solvers.weapon_target import Assignment, solve
from shieldwall.solvers.wta_instance import Instance, make_instance, read_instance

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "wta"

# targets x weapons -> value and lower bound to compare with, seed 1 (see README beside the shared data)
RANDOM = {
    (80, 80): (529.13523, 529.13523),
    (100, 200): (68.10595, 68.10595),
    (1000, 1000): (6234.64258, 6234.64189),
    (1000, 1500): (2612.33286, 2612.33286),
    (1000, 2000): (629.88000, 629.88000),
    (10000, 10000): (62253.34649, 62252.17836),
}
# batteries x threats -> certified optimum
AIR_DEFENCE = {(20, 100): 586.53502, (40, 300): 717.71446, (60, 500): 623.76294, (80, 1000): 2361.54128}
# weapons, targets, rounds of each weapon
LIKE = ((150, 300, 3), (200, 400, 2), (100, 100, 2), *((300, 600, rounds) for rounds in (1, 2, 3, 4, 5)))
LIKE_SEEDS = 5
ROUNDS_PER_THREAT = {(20, 100): 1.2, (40, 300): 1.5, (60, 500): 2.0, (80, 1000): 1.5}

lines: list[str] = []


def random_instance(targets: int, weapons: int, seed: int = 1) -> Instance:
    """Return p ~ U[0.6, 0.9], values 25..100, one round a weapon."""
    random = np.random.default_rng(seed)
    chance = random.uniform(0.6, 0.9, size=(targets, weapons))
    return make_instance(random.integers(25, 101, size=targets), chance.T)


def air_defence_instance(batteries: int, threats: int, rounds_per_threat: float) -> Instance:
    """Return batteries with magazines and about 35 % cover; seed = batteries + threats."""
    random = np.random.default_rng(batteries + threats)
    base = np.array([0.55, 0.7, 0.8, 0.85])[random.integers(0, 4, batteries)]
    chance = np.clip(base[None, :] * random.uniform(0.75, 1.1, (threats, batteries)), 0, 0.95)
    chance *= random.random((threats, batteries)) < 0.35
    high = random.random(threats) < 0.2
    values = np.where(high, random.integers(50, 101, threats), random.integers(5, 50, threats)).astype(float)
    magazine = random.choice([4, 8, 16, 24, 32], batteries).astype(float)
    magazine = np.maximum(1, np.round(magazine * rounds_per_threat * threats / magazine.sum())).astype(int)
    return make_instance(values, chance.T, magazine)


def public_like_instance(weapons: int, targets: int, rounds: int, seed: int = 0) -> Instance:
    """Return p ~ U[0, 1], values 1..100, the same rounds for every weapon: how the public instances look."""
    random = np.random.default_rng(weapons + targets + rounds + 10_000 * seed)
    values = random.integers(1, 101, targets)
    return make_instance(values, random.random((weapons, targets)), np.full(weapons, rounds))


def show(name: str, answer: Assignment, peer: float | None = None, limit_s: float | None = None) -> None:
    """Print one row and note its bench lines."""
    beside = f"{answer.value / peer - 1.0:+.1e}" if peer else "-"
    greedy = f"{answer.greedy_value / answer.value - 1.0:.1%}" if answer.value else "-"
    limit = f"{limit_s:g}" if limit_s else "-"
    print(
        f"{name:28s} {answer.value:16.6f} {answer.lower_bound:16.6f} {answer.gap:9.1e} {answer.wall_s:8.2f} {limit:>6s}"
        f" {beside:>10s} {greedy:>8s}",
        flush=True,
    )
    lines.extend((f"bench {name}_gap {answer.gap:.3e}", f"bench {name}_s {answer.wall_s:.3f}"))


def public(wanted: Callable[[str], bool]) -> None:
    """Run the public instances that are there."""
    table = SHARED / "toffolo" / "certified_optima.csv"
    if not table.is_file():
        print("public instances: skipped, not beside the repository")
        return
    answers = []
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            name = "toffolo_" + row["file"].removeprefix("wta_").removesuffix(".txt")
            if wanted(name):
                answers.append(solve(read_instance(SHARED / "toffolo" / row["file"])))
                show(name, answers[-1], float(row["optimal_value"]))
    if answers:
        lines.append(f"bench toffolo_worst_s {max(a.wall_s for a in answers):.3f}")
        lines.append(f"bench toffolo_worst_gap {max(a.gap for a in answers):.3e}")


def public_like(wanted: Callable[[str], bool]) -> None:
    """Run instances that look like the public ones, up to their largest size, on several seeds."""
    answers = []
    for weapons, targets, rounds in LIKE:
        for seed in range(LIKE_SEEDS):
            name = f"toffolo_like_{weapons}x{targets}x{rounds}_{seed}"
            if wanted(name):
                answer = solve(public_like_instance(weapons, targets, rounds, seed))
                show(name, answer)
                if (weapons, targets) == (300, 600) and rounds < 5:  # the public ones hold 1 to 3
                    answers.append(answer)
    if answers:
        lines.append(f"bench toffolo_like_300x600_worst_s {max(a.wall_s for a in answers):.3f}")
        lines.append(f"bench toffolo_like_300x600_worst_gap {max(a.gap for a in answers):.3e}")


def two_stage() -> None:
    """Run the two-stage oracles."""
    path = SHARED / "two_stage" / "two_stage_oracles.json"
    if not path.is_file():
        print("two-stage oracles: skipped, not beside the repository")
        return
    cases = json.loads(path.read_text())
    worst = 0.0
    for case in cases:
        plan = solve_two_stage(make_instance(case["V"], np.array(case["p"]).T))
        worst = max(worst, abs(plan.value / case["two_stage_opt"] - 1.0))
    print(f"two-stage oracles: {len(cases)}, worst relative difference {worst:.1e}")
    lines.append(f"bench two_stage_worst_difference {worst:.3e}")


def main() -> None:
    """Run the wanted cases."""
    words = sys.argv[1:]

    def wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    solve(random_instance(60, 90))  # load every kernel and the solver
    solve(random_instance(400, 400))
    solve(public_like_instance(100, 200, 4))
    print(
        f"{'case':28s} {'value':>16s} {'lower bound':>16s} {'gap':>9s} {'seconds':>8s} {'limit':>6s} {'to peer':>10s}"
        f" {'greedy':>8s}"
    )
    public(wanted)
    public_like(wanted)
    for (batteries, threats), optimum in AIR_DEFENCE.items():
        name = f"air_defence_{batteries}x{threats}"
        if wanted(name):
            instance = air_defence_instance(batteries, threats, ROUNDS_PER_THREAT[batteries, threats])
            show(f"{name}_1s", solve(instance, 1.0), optimum, 1.0)
            show(name, solve(instance, 10.0), optimum, 10.0)
    for (targets, weapons), (value, _) in RANDOM.items():
        name = f"random_{weapons}x{targets}"
        if wanted(name):
            instance = random_instance(targets, weapons)
            if targets == 1000:
                show(f"{name}_2s", solve(instance, 2.0, 1e-3), value, 2.0)
            show(name, solve(instance, 30.0), value, 30.0)
    if wanted("two_stage"):
        two_stage()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"largest memory {memory:.2f} GiB")
    lines.append(f"bench assign_memory_gib {memory:.2f}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
