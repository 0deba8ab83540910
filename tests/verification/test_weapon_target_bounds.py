"""Bounds never above the optimum, final value equal to it: brute force, shared certified optima, two-stage oracles."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from shieldwall.solvers.lagrangian import Problem, best_shift, price_out, slot_prices
from shieldwall.solvers.marginal_return import marginal_return, surviving_value
from shieldwall.solvers.shortlist import make_shortlist
from shieldwall.solvers.two_stage_assignment import solve_two_stage
from shieldwall.solvers.weapon_target import recompute, solve
from shieldwall.solvers.wta_instance import Instance, make_instance, read_instance

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "wta"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared instances are not beside the repository")


def brute_force(instance: Instance) -> float:
    """Return the optimum by a recursion over the rounds that tries every target, and keeping the round."""
    weapon = np.repeat(np.arange(instance.weapons), instance.rounds)
    survive = 1.0 - instance.kill_probability[weapon]

    def best(r: int, survives: tuple[float, ...], first: int) -> float:
        if r == weapon.size:
            return sum(survives)
        # rounds of one weapon are alike: give them to targets in rising order
        low = first if r and weapon[r] == weapon[r - 1] else 0
        options = [best(r + 1, survives, len(survives))] if low <= len(survives) else []
        for j in range(low, len(survives)):
            after = (*survives[:j], survives[j] * float(survive[r, j]), *survives[j + 1 :])
            options.append(best(r + 1, after, j))
        return min(options)

    return best(0, tuple(instance.values.tolist()), 0)


def small_instance(seed: int) -> Instance:
    """Return a random instance: few rounds and targets, with sure kills, gaps in cover and worthless targets."""
    random = np.random.default_rng(seed)
    weapons, targets = int(random.integers(1, 5)), int(random.integers(1, 5))
    chance = np.round(random.random((weapons, targets)), int(random.integers(1, 4)))
    chance[random.random(chance.shape) < 0.2] = 0.0
    chance[random.random(chance.shape) < 0.05] = 1.0
    values = random.integers(0, 20, targets).astype(float)
    return make_instance(values, chance, random.integers(0, 3, weapons))


@pytest.mark.parametrize("block", range(10))
def test_brute_force_on_small_instances(block: int) -> None:
    for seed in range(40 * block, 40 * (block + 1)):
        instance = small_instance(seed)
        optimum = brute_force(instance)
        for limit in (1e-9, None):
            answer = solve(instance, limit)
            assert answer.lower_bound <= optimum + 1e-15 * optimum, seed
            assert answer.value >= optimum * (1.0 - 1e-12), seed
        assert answer.value == pytest.approx(optimum, rel=1e-6, abs=1e-12), seed
        assert answer.gap <= 1e-6, seed
        assert recompute(instance, answer.assignment) == answer.value


def test_the_bound_holds_at_any_prices() -> None:
    checked = 0
    for seed in range(400, 600):
        instance = small_instance(seed)
        chance = np.ascontiguousarray(instance.kill_probability.T)
        if not (chance.max(initial=0.0) > 0.0 and instance.rounds.all() and instance.values.all()):
            continue
        weapon = np.repeat(np.arange(instance.weapons), instance.rounds)
        problem = Problem(instance.values, chance, instance.rounds, make_shortlist(chance), weapon)
        optimum = brute_force(instance)
        plan = marginal_return(problem.values, chance, problem.rounds)
        worth = float(surviving_value(problem.values, chance, weapon, plan).sum())
        random = np.random.default_rng(seed)
        prices = [random.random(instance.weapons) * scale for scale in (0.0, 1e-9, 0.1, 1.0, 10.0)]
        prices.append(best_shift(problem, slot_prices(problem, plan), worth))
        for price in prices:
            assert price_out(problem, price, max(worth, 1e-9)).bound <= optimum * (1.0 + 1e-15) + 1e-15
        checked += 1
    assert checked > 60


def certified() -> list[tuple[str, float]]:
    """Return the public instances present and their optima."""
    table = SHARED / "toffolo" / "certified_optima.csv"
    if not table.is_file():
        return []
    with table.open(newline="") as file:
        return [(row["file"], float(row["optimal_value"])) for row in csv.DictReader(file)]


@needs_shared
@pytest.mark.parametrize(("name", "optimum"), certified())
def test_public_instances_are_solved_to_proof(name: str, optimum: float) -> None:
    answer = solve(read_instance(SHARED / "toffolo" / name))
    assert answer.value == pytest.approx(optimum, rel=1e-8)
    assert answer.lower_bound <= optimum * (1.0 + 1e-10)
    assert answer.gap <= 1e-6


@needs_shared
@pytest.mark.parametrize("name", ["iamd_20x100_118r", "iamd_40x300_455r", "iamd_60x500_995r"])
def test_magazines_and_cover(name: str) -> None:
    with np.load(SHARED / "iamd_like" / f"{name}.npz") as case:
        instance = make_instance(case["V"], case["p"].T, case["m"])
        optimum = float(case["opt"])
    answer = solve(instance)
    assert answer.value == pytest.approx(optimum, rel=2e-6)
    assert answer.lower_bound <= optimum * (1.0 + 1e-7)
    assert answer.gap <= 1e-6


@needs_shared
def test_two_stage_oracles() -> None:
    for case in json.loads((SHARED / "two_stage" / "two_stage_oracles.json").read_text()):
        plan = solve_two_stage(make_instance(case["V"], np.array(case["p"]).T))
        assert plan.value == pytest.approx(case["two_stage_opt"], rel=1e-12)
        assert plan.one_stage_value == pytest.approx(case["static_opt"], rel=1e-12)
        assert list(plan.first_stage) == case["first_stage"]
        assert plan.one_stage_value == pytest.approx(solve(make_instance(case["V"], np.array(case["p"]).T)).value)


def test_square_certified_value() -> None:
    """80 x 80, p in [0.6, 0.9]: the value that Lu and Chen (2021) and the shared table give."""
    random = np.random.default_rng(1)
    chance = random.uniform(0.6, 0.9, size=(80, 80))
    values = random.integers(25, 101, size=80)
    assert solve(make_instance(values, chance.T)).value == pytest.approx(529.13523, abs=5e-6)
