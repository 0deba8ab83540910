"""The portfolio program against all plans of small instances, money to the dollar, and closed forms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from shieldwall.planner.portfolio import (
    Makers,
    Money,
    Option,
    Problem,
    Response,
    broken_rules,
    ledger,
    objective,
    standing,
)
from shieldwall.planner.program import NoPlanError, solve


def small(seed: int) -> Problem:
    """Return a random instance: 2 or 3 options, 2 or 3 years, 1 or 2 nations, 1 or 2 raids, all objectives."""
    random = np.random.default_rng(seed)
    options, nations = int(random.integers(2, 4)), int(random.integers(1, 3))
    years = 5 - options if seed % 2 else 2
    raids, samples = int(random.integers(1, 3)), int(random.integers(1, 5))
    raid = np.repeat(np.arange(raids), samples)
    made, gains = [], []
    for o in range(options):
        price = random.integers(0, 400_000_000, nations) * (random.random(nations) < 0.7)
        most = int(random.integers(1, 3))
        made.append(
            Option(
                f"o{o}", price, (price * 0.05).astype(np.int64), int(random.integers(0, 2)), most,
                int(random.integers(1, 3)), least=int(random.integers(0, 2)) if seed % 4 == 0 else 0,
            )
        )  # fmt: skip
        gains.append(np.cumsum(np.vstack([np.zeros(raid.size), random.normal(8, 6, (most, raid.size))]), axis=0))
    pairs = tuple(itertools.combinations(range(options), 2))
    response = Response(
        100 + random.normal(0, 10, raid.size), tuple(gains), pairs, random.normal(0, 6, (len(pairs), raid.size)),
        raid, random.uniform(0.5, 2.0, raids),
    )  # fmt: skip
    budget = random.integers(0, 500_000_000, (nations, years))
    floor = (random.random(nations) * 200_000_000 * (seed % 5 == 0)).astype(np.int64)
    money = Money(tuple(f"n{n}" for n in range(nations)), tuple(range(2025, 2025 + years)), budget, floor)
    weight = random.random(years)
    makers = (Makers("thing", (0, 1), (1, 2), int(random.integers(1, 5))),)
    kind = ("mean", "worst", "cvar")[seed % 3]
    return Problem(tuple(made), money, response, weight / weight.sum(), kind, 0.6, makers)


def best_of_all(problem: Problem) -> tuple[float, float]:
    """Return the best objective of all plans that keep the rules, and the next one of what stands differently."""
    years = len(problem.money.years)
    ranges = [range(option.most + 1) for option in problem.options for _ in range(years)]
    best: dict[tuple[int, ...], float] = {}
    for flat in itertools.product(*ranges):
        orders = np.array(flat, np.int64).reshape(len(problem.options), years)
        if not broken_rules(problem, orders):
            last = tuple(int(orders[o, : years - option.lead_years].sum()) for o, option in enumerate(problem.options))
            best[last] = min(best.get(last, np.inf), objective(problem, orders))
    values = [*sorted(best.values()), np.inf, np.inf]
    return values[0], values[1]


def test_all_plans_of_240_small_instances() -> None:
    without = 0
    for seed in range(240):
        problem = small(seed)
        optimum, second = best_of_all(problem)
        if optimum == np.inf:
            without += 1
            with pytest.raises(NoPlanError):
                solve(problem)
            continue
        found = solve(problem, gap=0.0)
        assert found.bound <= optimum + 1e-9, seed
        assert found.objective == pytest.approx(optimum, abs=1e-5), seed
        assert not broken_rules(problem, found.orders)
        assert found.objective == objective(problem, found.orders)
        stands = standing(problem, found.orders)[:, -1]
        if second < np.inf:
            other = solve(problem, gap=0.0, not_again=[tuple(stands.tolist())])
            assert other.objective >= optimum - 1e-6
            if second > optimum + 1e-6:
                assert other.objective == pytest.approx(second, abs=1e-5), seed
    assert 0 < without < 80


def test_money_adds_up_to_the_dollar() -> None:
    for seed in range(40):
        problem = small(seed)
        try:
            orders = solve(problem).orders
        except NoPlanError:
            continue
        accounts = ledger(problem, orders)
        before = np.zeros(len(problem.money.nations), np.int64)
        for y in range(len(problem.money.years)):
            left = before + accounts.budget_usd[:, y] - accounts.bought_usd[:, y] - accounts.kept_usd[:, y]
            assert left.tolist() == accounts.left_usd[:, y].tolist()
            assert (left >= 0).all()
            before = left


def test_conflict_is_named_and_irreducible() -> None:
    price = np.array([300_000_000], np.int64)
    option = Option("radar", price, np.zeros(1, np.int64), 0, 3, 3, least=2)
    other = Option("gun", np.array([1], np.int64), np.zeros(1, np.int64), 0, 1, 1, least=1)
    one = np.ones(1)
    gain = (np.zeros((4, 1)), np.zeros((2, 1)))
    response = Response(one, gain, (), np.zeros((0, 1)), np.zeros(1, np.int64), one)
    money = Money(("PL",), (2025,), np.array([[500_000_000]]), np.zeros(1, np.int64))
    with pytest.raises(NoPlanError) as found:
        solve(Problem((option, other), money, response, one))
    assert found.value.rules == ["least:radar", "budget:PL"]


@pytest.mark.parametrize(("short", "over"), [(5.0, 1.0), (1.0, 1.0), (1.0, 4.0)])
def test_newsvendor(short: float, over: float) -> None:
    """How many rounds to buy against a demand known only by its distribution: its quantile short / (short + over)."""
    demand = np.random.default_rng(3).poisson(6, 400)
    most = 20
    stock = np.arange(most + 1)[:, None]
    cost = short * np.maximum(demand - stock, 0) + over * np.maximum(stock - demand, 0)
    option = Option("rounds", np.zeros(1, np.int64), np.zeros(1, np.int64), 0, most, most)
    none, raid = np.zeros((0, 400)), np.zeros(400, np.int64)
    response = Response(cost[0].astype(float), (cost[0] - cost.astype(float),), (), none, raid, np.ones(1))
    money = Money(("PL",), (2025,), np.zeros((1, 1), np.int64), np.zeros(1, np.int64))
    found = solve(Problem((option,), money, response, np.ones(1)), gap=0.0)
    critical = int(np.quantile(demand, short / (short + over), method="inverted_cdf"))
    assert found.orders[0, 0] == critical
