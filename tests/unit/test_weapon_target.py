"""The solver on cases a person can check, and its parts against plain code."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shieldwall.cli.assign import assign
from shieldwall.core.errors import InputError
from shieldwall.solvers.lagrangian import cheapest_sums
from shieldwall.solvers.marginal_return import marginal_return
from shieldwall.solvers.patterns import LONGEST, price_targets
from shieldwall.solvers.shortlist import make_shortlist
from shieldwall.solvers.transport import transport
from shieldwall.solvers.two_stage_assignment import solve_two_stage
from shieldwall.solvers.weapon_target import Assignment, recompute, solve
from shieldwall.solvers.wta_instance import Instance, make_instance


def check(instance: Instance, answer: Assignment) -> None:
    """Hold the plan against the instance: rounds held, pairs eligible, value as the formula says."""
    fired = np.zeros(instance.weapons, np.int64)
    survives = instance.values.copy()
    for weapon, target, rounds in answer.assignment.tolist():
        assert rounds > 0
        assert instance.kill_probability[weapon, target] > 0.0
        fired[weapon] += rounds
        survives[target] *= (1.0 - instance.kill_probability[weapon, target]) ** rounds
    assert (fired <= instance.rounds).all()
    assert answer.value == pytest.approx(float(survives.sum()), rel=1e-12, abs=1e-300)
    assert 0.0 <= answer.lower_bound <= answer.value <= answer.greedy_value * (1.0 + 1e-12)


@pytest.mark.parametrize(
    ("values", "chance", "rounds", "value"),
    [
        ([], np.zeros((0, 0)), [], 0.0),
        ([5.0, 7.0], np.zeros((0, 2)), [], 12.0),
        ([], np.zeros((2, 0)), [1, 1], 0.0),
        ([5.0], [[0.5]], [0], 5.0),
        ([5.0, 7.0], [[0.0, 0.0]], [3], 12.0),
        ([0.0, 0.0], [[0.5, 0.5]], [3], 0.0),
        ([5.0, 7.0], [[1.0, 1.0]], [1], 5.0),
        ([5.0, 7.0], [[1.0, 1.0]], [2], 0.0),
        ([5.0, 7.0], [[1.0, 1.0], [1.0, 1.0]], [1, 9], 0.0),
        ([8.0], [[0.5]], [3], 1.0),
        ([8.0, 0.0, 3.0], [[0.5, 1.0, 0.0]], [3], 4.0),
        # greedy sends the sure round to the 10 (saves 10), optimum to the 9: 10 x 0.1
        ([10.0, 9.0], [[1.0, 1.0], [0.9, 0.0]], [1, 1], 1.0),
    ],
)  # fmt: skip
def test_degenerate_and_hand_made(values: list[float], chance: object, rounds: list[int], value: float) -> None:
    instance = make_instance(values, chance, rounds)
    answer = solve(instance)
    check(instance, answer)
    assert answer.value == pytest.approx(value, rel=1e-9)
    assert answer.gap <= 1e-6


def test_stops_in_time_with_a_valid_answer() -> None:
    random = np.random.default_rng(3)
    instance = make_instance(random.integers(1, 101, 300), random.random((150, 300)), np.full(150, 4))
    solve(instance, 0.001)
    quick = solve(instance, 0.001)
    check(instance, quick)
    assert quick.wall_s < 3.0
    assert quick.gap > 0.0


@pytest.mark.parametrize(("rounds", "targets"), [(30, 1), (120, 4), (400, 1), (600, 3)])
def test_very_many_weak_rounds_a_target(rounds: int, targets: int) -> None:
    """One weapon of low kill probability, equal targets: equal shares are best, and patterns grow long."""
    instance = make_instance(np.full(targets, 50.0), np.full((1, targets), 0.03), [rounds])
    answer = solve(instance, 2.0)
    check(instance, answer)
    assert answer.value == pytest.approx(50.0 * targets * 0.97 ** (rounds / targets), rel=1e-9)
    assert answer.gap < 0.05


def test_the_same_input_gives_the_same_plan() -> None:
    random = np.random.default_rng(4)
    instance = make_instance(random.integers(1, 101, 60), random.random((30, 60)), np.full(30, 3))
    first, second = solve(instance), solve(instance)
    assert first.assignment.tolist() == second.assignment.tolist()
    assert first.lower_bound == second.lower_bound


def test_scaling_the_values_scales_the_answer() -> None:
    random = np.random.default_rng(5)
    values, chance = random.integers(1, 101, 20).astype(float), random.random((10, 20))
    plain = solve(make_instance(values, chance, np.full(10, 2)))
    large = solve(make_instance(1e7 * values, chance, np.full(10, 2)))
    small = solve(make_instance(1e-7 * values, chance, np.full(10, 2)))
    assert large.value == pytest.approx(1e7 * plain.value, rel=1e-6)
    assert small.value == pytest.approx(1e-7 * plain.value, rel=1e-6)
    assert max(large.gap, small.gap) <= 1e-6


def test_more_weapons_than_the_shortlist_holds() -> None:
    random = np.random.default_rng(6)
    instance = make_instance(random.integers(25, 101, 200), random.uniform(0.6, 0.9, (400, 200)))
    answer = solve(instance)
    check(instance, answer)
    assert answer.gap <= 1e-6


def test_marginal_return_takes_the_largest_saving_each_time() -> None:
    random = np.random.default_rng(7)
    for _ in range(50):
        values, chance = random.integers(1, 50, 6).astype(float), random.random((6, 4))
        rounds = random.integers(0, 3, 4)
        plan = marginal_return(values, chance, rounds)
        left, survives, counts = rounds.copy(), values.copy(), np.zeros((6, 4), np.int64)
        while left.sum():
            saving = survives[:, None] * chance * (left > 0)
            j, i = np.unravel_index(np.argmax(saving), saving.shape)
            left[i] -= 1
            survives[j] *= 1.0 - chance[j, i]
            counts[j, i] += 1
        got = np.zeros((6, 4), np.int64)
        np.add.at(got, (plan, np.repeat(np.arange(4), rounds)), 1)
        assert got.tolist() == counts.tolist()


def test_transport_is_optimal_against_enumeration() -> None:
    random = np.random.default_rng(8)
    for _ in range(300):
        rows, columns = int(random.integers(1, 6)), int(random.integers(1, 4))
        value = random.integers(1, 20, rows).astype(float)
        chance = random.random((rows, columns)) * (random.random((rows, columns)) < 0.7)
        units = random.integers(0, 3, columns)
        price = np.zeros(columns)
        served = transport(value, *make_shortlist(chance), units, price)
        assert (np.bincount(served[served >= 0], minlength=columns) <= units).all()

        def cost(choice: tuple[int, ...] | list[int], v: NDArray = value, p: NDArray = chance) -> float:
            return sum(v[j] * (1.0 - p[j, i]) if i >= 0 else v[j] for j, i in enumerate(choice))

        least = min(
            cost(choice)
            for choice in itertools.product(range(-1, columns), repeat=rows)
            if all(choice.count(i) <= units[i] for i in range(columns))
        )
        assert cost(served.tolist()) == pytest.approx(least, rel=1e-12)
        dual = sum(min([v, *(v * (1 - p) + price)[units > 0]]) for v, p in zip(value, chance, strict=True))
        assert dual - float(price @ units) == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize("whole_row", [False, True])
def test_pricing_lists_exactly_the_patterns_within_the_slack(whole_row: bool) -> None:
    random = np.random.default_rng(9)
    for case in range(400):
        weapons = int(random.integers(1, 7))
        value = float(random.integers(1, 100))
        chance = np.round(random.random(weapons), 2)
        chance[random.random(weapons) < 0.15] = 1.0
        chance[random.random(weapons) < 0.15] = 0.0
        price = random.random(weapons) * value * random.choice([0.02, 0.2, 1.0])
        rounds = random.integers(1, 3, weapons)
        slack = float(random.choice([0.0, 0.01, 0.1])) * value
        cost = {}
        for counts in itertools.product(*(range(m + 1) for m in rounds)):
            # a round added behind a sure kill, or without any chance, only adds its price: never needed
            wasted = any(n and p == 0.0 for n, p in zip(counts, chance, strict=True))
            sure = any(n and p == 1.0 for n, p in zip(counts, chance, strict=True))
            if not wasted and not (sure and sum(counts) > 1):
                cost[counts] = value * float(np.prod((1.0 - chance) ** counts)) + float(price @ np.array(counts))
        row = chance[None, :]
        listed = make_shortlist(row)
        if whole_row and listed.weapon.size > 2:  # a shorter list to start from must not change the answer
            listed = type(listed)(np.array([0, 2]), listed.weapon[:2], listed.chance[:2])
        costs, lengths = np.empty((1, 500)), np.zeros((1, 500), np.int64)
        patterns, least, stored = np.empty((1, 500, LONGEST), np.int32), np.empty(1), np.zeros(1, np.int64)
        price_targets(
            np.array([value]), *listed, row, whole_row, price, rounds, cheapest_sums(price, rounds), slack, 1e-10,
            10**6, case % 2 == 0, costs, lengths, patterns, least, stored, 0, 1,
        )  # fmt: skip
        best = min(cost.values())
        assert least[0] <= best
        assert least[0] == pytest.approx(best, abs=2e-10)
        got = set()
        for k in range(stored[0]):
            pattern = tuple(np.bincount(patterns[0, k, : lengths[0, k]], minlength=weapons).tolist())
            assert pattern not in got
            got.add(pattern)
        missing = {c for c, x in cost.items() if x <= best + slack} - got
        assert not missing, (case, missing)


def test_command_prints_the_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"values": [10, 9], "kill_probability": [[1, 1], [0.9, 0]]}))
    assign(path, None, True)
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"value", "lower_bound", "gap", "wall_s", "greedy_value", "assignment"}
    assert printed["value"] == pytest.approx(1.0)
    assert printed["assignment"] == [[0, 1, 1], [1, 0, 1]]
    assign(path, 5.0, False)
    assert "lower bound" in capsys.readouterr().out
    with pytest.raises(InputError, match="not above 0"):
        assign(path, 0.0, True)


def test_two_stages_of_one_weapon_type_by_hand() -> None:
    # one target of value 1, two rounds at 0.5: a salvo leaves 0.25, shoot-look-shoot no less, and saves no value
    plan = solve_two_stage(make_instance([1.0], [[0.5]], [2]))
    assert plan.value == pytest.approx(0.25)
    # two targets of value 1, three rounds at 0.5: look before the third: 2 alive 1/4, 1 alive 1/2
    plan = solve_two_stage(make_instance([1.0, 1.0], [[0.5, 0.5]], [3]))
    assert plan.one_stage_value == pytest.approx(0.75)
    assert plan.value == pytest.approx(0.25 * 1.5 + 0.5 * 0.5)
    with pytest.raises(InputError, match="too many"):
        solve_two_stage(make_instance([1.0, 1.0], [[0.5, 0.5]], [40]))


def test_recompute_is_the_formula() -> None:
    instance = make_instance([10.0, 4.0], [[0.5, 0.25]], [3])
    assert recompute(instance, np.array([[0, 0, 2], [0, 1, 1]])) == pytest.approx(10 * 0.25 + 4 * 0.75)
