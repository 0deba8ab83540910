"""The planner on a small scenario: cases against direct simulation, money by nation, conflicts in their places."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.planner.answer import answer
from shieldwall.planner.frontier import frontier
from shieldwall.planner.planning import Wanted, make_plan, problem_of, simulated_objective
from shieldwall.planner.portfolio import broken_rules, objective, standing
from shieldwall.planner.purchases import forces_usd, ground_of, scenario_with
from shieldwall.planner.response import Simulator, table
from shieldwall.scenario.load import read
from verification.plan_lab import PLAN, write

WANTED = Wanted(replications=60, threads=1, seconds=20.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("plan")).parent


def test_what_is_bought_stands_where_it_should(folder: Path) -> None:
    ground = ground_of(read(folder), [])
    before, after = ground.today, scenario_with(ground, (2, 1, 1, 1))
    assert len(after.fire_units) - len(before.fire_units) == 2
    assert {unit.sector for unit in after.fire_units} == {"town", "other"}
    assert len(after.soft_kill_zones) - len(before.soft_kill_zones) == 1
    assert after.passive is not None
    # the lot of nation aa goes to its own unit and to no other
    held = {unit.id: unit.weapons[0].reserve_rounds for unit in after.fire_units}
    assert held.pop("battery") == before.fire_units[0].weapons[0].reserve_rounds + 12
    assert set(held.values()) == {0}
    assert scenario_with(ground, (0, 0, 0, 0)).hash == before.hash


def test_prices_are_whole_and_shared_to_the_dollar(folder: Path) -> None:
    ground = ground_of(read(folder), [])
    problem = problem_of(ground, table(Simulator(ground, 8, 1, 1)))
    battery, rounds, jamming, cover = problem.options
    # 50 M for the battery and 24 rounds of 0.5 M each
    assert battery.price_usd.tolist() == [0, 62_000_000]
    assert rounds.price_usd.tolist() == [12 * 500_000, 0]
    assert jamming.price_usd.sum() == 1_500_000
    assert abs(jamming.price_usd[0] / 1_500_000 - 300 / 425) < 1e-6
    assert (cover.price_usd[0], cover.operating_usd[0]) == (20_000_000, 1_000_000)
    assert [option.lead_years for option in problem.options] == [2, 1, 1, 1]
    assert forces_usd(scenario_with(ground, (1, 0, 0, 0)), ground.catalogue) - forces_usd(
        ground.today, ground.catalogue
    ) == 62_000_000  # fmt: skip


def test_cases_agree_with_direct_simulation_on_other_luck(folder: Path) -> None:
    """Means of each option alone, on the table's luck and on other luck, agree within four joint standard errors."""
    ground = ground_of(read(folder), [])
    cases = table(Simulator(ground, 150, 1, 1))
    other = table(Simulator(ground, 150, 77, 1))
    assert len(cases.marginals()) == 2 + 3 + 2 + 1
    for mine, theirs in zip(cases.marginals(), other.marginals(), strict=True):
        apart = abs(mine.change.mean - theirs.change.mean)
        assert apart <= 4.0 * math.hypot(mine.change.se, theirs.change.se) + 1e-12, mine
    # one case by hand: one more battery against sixty drones, the same seed
    raised = shieldwall.simulate(scenario_with(ground, (1, 0, 0, 0), ("raids.drones.count=60",)), 150, 1)
    assert cases.simulator.play((1, 0, 0, 0))["leaked"][:150].mean() == raised.summary().total["leaked"].mean


def test_first_response_goes_through_every_case(folder: Path) -> None:
    ground = ground_of(read(folder), [])
    cases = table(Simulator(ground, 20, 1, 1))
    response = cases.response()
    for stands, values in cases.simulator.values.items():
        fitted = response.samples(np.array(stands, np.int64))
        assert np.allclose(fitted, values["damage"], atol=1e-8)


@pytest.mark.parametrize("objective_kind", ["mean", "worst", "cvar"])
def test_a_plan_is_proven_twice(tmp_path: Path, objective_kind: str) -> None:
    ground = ground_of(read(write(tmp_path, objective=objective_kind)), [])
    found = make_plan(ground, WANTED)
    problem, solved = found.problem, found.solved
    assert not broken_rules(problem, solved.orders)
    assert solved.bound <= solved.objective + 1e-9
    assert solved.gap <= 0.02
    assert solved.objective == pytest.approx(objective(problem, solved.orders))
    nothing = simulated_objective(problem, np.zeros_like(solved.orders), found.table.simulator)
    assert simulated_objective(problem, solved.orders, found.table.simulator) < nothing
    said = answer(found)
    assert {"plan", "objective", "bound", "gap", "wall_s", "simulated", "refinements"} <= set(said)
    assert set(said["simulated"]) >= {"plan", "runner_up", "scaled", "difference_ci90"}
    low, high = said["simulated"]["difference_ci90"]
    assert low <= said["simulated"]["difference_mean"] <= high
    last = standing(problem, solved.orders)[:, -1]
    assert found.runner_up is not None
    assert (standing(problem, found.runner_up.orders)[:, -1] != last).any()
    left: dict[str, int] = {}
    for row in said["plan"]["money"]:
        before = left.get(row["nation"], 0)
        left[row["nation"]] = row["left_usd"]
        assert before + row["budget_usd"] == row["bought_usd"] + row["kept_usd"] + row["left_usd"]
        assert row["left_usd"] >= 0


def test_more_money_is_no_worse_on_the_frontier(folder: Path) -> None:
    found = frontier(ground_of(read(folder), []), Wanted(40, 1, 1, 10.0), tips=True)
    response = [point.response for point in found.points]
    assert all(b <= a + 1e-6 for a, b in itertools.pairwise(response))  # type: ignore[operator]
    assert all(point.spent_usd <= point.money_usd for point in found.points)
    assert [mark.label for mark, _ in found.marks] == ["x1", "x4", "x5"]
    assert found.marks[1][0].spent_usd == 3 * forces_usd(found.ground.today, found.ground.catalogue)
    for tip in found.tips:
        assert (tip.at is None) == (tip.after is None)
        if tip.after is not None:
            assert tip.after != tip.before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("floor: 10e6 USD", "floor: 900e6 USD",
         r"scenario.yaml:14:97: plan: the floor of aa .* cannot be kept together with: the budget of aa"),
        ("floor: 10e6 USD", "floor: 200e6 USD", r"the floor of aa .* cannot be kept, whatever is bought; lower it"),
        ("most: 2, lead_time: 500 days", "most: 2, least: 1, by: 2026, lead_time: 500 days",
         r"scenario.yaml:17:86: plan.options.battery: due in 2026, so ordered in 2024, before 2025"),
        ("most: 2, lead_time: 500 days", "most: 2, least: 2, by: 2027, lead_time: 500 days",
         r"at least 2 of battery by 2027 .* cannot be kept together with: the budget of bb"),
        ("most: 3, lead_time", "most: 3, least: 4, lead_time", r"at least 4 of at most 3"),
        ("buy: lab-missile", "buy: lab-misile", r"there is no thing that can be bought 'lab-misile'; did you mean"),
        ("at: [town], most: 2, lead", "at: [twon], most: 2, lead", r"there is no place or asset 'twon'; did you mean"),
        ("nation: bb, buy", "nation: cc, buy", r"there is no nation of the plan 'cc'"),
        ("      cost: 20e6 USD\n", "", r"a change of the scenario has no price"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_where_it_stands(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in PLAN
    file = write(tmp_path, PLAN.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        make_plan(ground_of(read(file), []), Wanted(replications=8, threads=1))


def test_what_is_told_counts_raids_by_weight(folder: Path) -> None:
    """The plan's mean on other luck is the objective's mean, raids by weight: within four standard errors of it."""
    found = make_plan(ground_of(read(folder), []), WANTED)
    shown = answer(found)["simulated"]["plan"]["years"]["damage"]
    assert found.true is not None
    assert abs(shown["mean"] - found.true) <= 4.0 * math.sqrt(2.0) * shown["se"]
    by_hand = found.simulated["plan"].years["damage"].reshape(2, -1).mean(axis=1) @ [2 / 3, 1 / 3]
    assert shown["mean"] == pytest.approx(by_hand)
