"""Make a plan and prove it twice: the program's own gap, then the simulator on fresh luck.

1. Response tables from the simulator give a first response; the program finds the best plan for it.
2. What stands in each year of that plan is simulated on the same luck. Where the response was wrong, those cases join
   the fit and the program runs again: a refinement.
3. The plan, the runner-up (the best plan that ends with something else) and "the same, so many times of everything"
   are simulated on other luck. If the runner-up does better beyond doubt, both join the fit and it starts again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.money import BUDGET, discount_factors
from shieldwall.core.errors import InputError
from shieldwall.planner.explain import explained
from shieldwall.planner.portfolio import (
    Makers,
    Money,
    Option,
    Problem,
    Response,
    objective,
    risk,
    sample_chance,
    standing,
)
from shieldwall.planner.program import NoPlanError, Report, Solved, gap_of, solve
from shieldwall.planner.purchases import Ground, money_of, options_of
from shieldwall.planner.response import Simulator, Stands, Table, table
from shieldwall.results.statistics import Difference, paired_difference

Int = NDArray[np.int64]
Float = NDArray[np.float64]

_MOST_REFINEMENTS = 6
_WRONG_SHARE = 0.03  # of the objective: how far a response may be off before it is refined
FRESH = 1_000_003  # added to the seed for the luck of the proof


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a plan is to be made: raids a case, luck, threads, the program's time and gap, times of everything beside."""

    replications: int = 200
    seed: int = 1
    threads: int | None = None
    seconds: float = 60.0
    gap: float = 1e-3
    scaled: int = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """One plan on fresh luck: quantities over all samples of the years by weight, and of the last year alone (K,)."""

    years: dict[str, Float]
    last: dict[str, Float]
    cost_usd: int


@dataclass(slots=True)
class Planned:
    """A plan and its proofs; `runner_up` and `simulated` are missing where the user stopped it before.

    misses: response less simulator, of each plan met; true: the plan's objective by the simulator, on the same luck.
    """

    ground: Ground
    problem: Problem
    table: Table
    solved: Solved
    refinements: int
    wall_s: float
    misses: list[float] = field(default_factory=list)
    true: float | None = None
    runner_up: Solved | None = None
    simulated: dict[str, Shown] = field(default_factory=dict)
    against_runner_up: Difference | None = None
    against_scaled: Difference | None = None
    interrupted: bool = False


@dataclass(slots=True)
class Watch:
    """Where progress goes: cases played (done, of all), and the program (objective, bound, seconds gone)."""

    cases: Callable[[int, int], None] | None = None
    program: Report | None = None


def problem_of(ground: Ground, cases: Table) -> Problem:
    """Return the problem of a plan with the response of the cases played."""
    money, options, makers = _terms(ground)
    weight = _year_weight(ground, money)
    plan = ground.plan
    return Problem(options, money, cases.response(), weight, plan.objective, plan.tail, makers)


def _terms(ground: Ground) -> tuple[Money, tuple[Option, ...], tuple[Makers, ...]]:
    money = money_of(ground)
    options, makers = options_of(ground, money)
    return money, options, makers


def _year_weight(ground: Ground, money: Money) -> Float:
    """Return how much each year counts, sum 1: its discount factor."""
    rate = ground.catalogue.budget[BUDGET].discount_rate.si
    factor = discount_factors(money.years, rate, money.years[0])
    return np.asarray(factor / factor.sum(), np.float64)


def make_plan(ground: Ground, wanted: Wanted, watch: Watch | None = None) -> Planned:
    """Return the best plan, proven twice.

    Raises
    ------
    InputError
        If no plan keeps all rules; names those in conflict and where they stand.
    """
    began = time.perf_counter()
    watch = watch or Watch()
    refuse_impossible(ground)
    simulator = Simulator(ground, wanted.replications, wanted.seed, wanted.threads)
    cases = table(simulator, watch.cases)
    problem = problem_of(ground, cases)
    fresh = Simulator(ground, wanted.replications, wanted.seed + FRESH, wanted.threads)
    planned = Planned(ground, problem, cases, _solved(ground, problem, wanted, watch), 0, 0.0)
    visited: dict[bytes, tuple[float, Int]] = {}
    try:
        while not planned.solved.interrupted:
            _refine(planned, wanted, watch, visited)
            if planned.solved.interrupted or _proven(planned, fresh, wanted, watch):
                break
    except KeyboardInterrupt:
        planned.interrupted = True
    planned.interrupted = planned.interrupted or planned.solved.interrupted
    planned.wall_s = time.perf_counter() - began
    return planned


def refuse_impossible(ground: Ground) -> None:
    """Raise InputError where no orders keep all rules, before anything is simulated."""
    money, options, makers = _terms(ground)
    nothing = _no_response(options)
    problem = Problem(options, money, nothing, np.zeros(len(money.years)), makers=makers)
    for o, option in enumerate(options):
        due = option.due(len(money.years))
        if option.least and option.lead_years > due:
            raise InputError(explained(ground, problem, [f"least:{option.id}"], late=o))
    for n, nation in enumerate(money.nations):
        if money.floor_usd[n] > money.budget_usd[n].sum():
            raise InputError(explained(ground, problem, [f"floor:{nation}", f"budget:{nation}"]))
    try:
        solve(problem, seconds=30.0)
    except NoPlanError as error:
        raise InputError(explained(ground, problem, error.rules)) from None


def _no_response(options: tuple[Option, ...]) -> Response:
    none = tuple(np.zeros((option.most + 1, 1)) for option in options)
    return Response(np.zeros(1), none, (), np.zeros((0, 1)), np.zeros(1, np.int64), np.ones(1))


def _solved(
    ground: Ground, problem: Problem, wanted: Wanted, watch: Watch, not_again: tuple[Stands, ...] = ()
) -> Solved:
    try:
        return solve(problem, seconds=wanted.seconds, gap=wanted.gap, not_again=not_again, report=watch.program)
    except NoPlanError as error:
        raise InputError(explained(ground, problem, error.rules)) from None


def _refine(planned: Planned, wanted: Wanted, watch: Watch, visited: dict[bytes, tuple[float, Int]]) -> None:
    """Solve again with the plan's own cases in the fit until the response agrees with the simulator about the plan."""
    while True:
        orders = planned.solved.orders
        true = simulated_objective(planned.problem, orders, planned.table.simulator)
        miss = planned.solved.objective - true
        planned.misses.append(miss)
        again = orders.tobytes() in visited
        visited[orders.tobytes()] = (true, orders)
        if again or abs(miss) <= _WRONG_SHARE * abs(true) or planned.refinements >= _MOST_REFINEMENTS:
            break
        _fit_again(planned, [orders], wanted, watch)
        if planned.solved.interrupted:
            return
    best_value, best = min(visited.values(), key=lambda pair: pair[0])
    planned.true = best_value
    if best_value < true - 1e-12:
        value = objective(planned.problem, best)
        bound = min(planned.solved.bound, value)
        planned.solved = replace(planned.solved, orders=best, objective=value, bound=bound, gap=gap_of(value, bound))


def _fit_again(planned: Planned, orders: list[Int], wanted: Wanted, watch: Watch) -> None:
    for each in orders:
        planned.table.plans += _each_year(standing(planned.problem, each))
    planned.problem = replace(planned.problem, response=planned.table.response())
    planned.solved = _solved(planned.ground, planned.problem, wanted, watch)
    planned.refinements += 1


def _each_year(stands: Int) -> list[Stands]:
    return [tuple(stands[:, y].tolist()) for y in range(stands.shape[1])]


def simulated_objective(problem: Problem, orders: Int, simulator: Simulator) -> float:
    """Return the objective of orders with the simulator in place of the response."""
    years = _each_year(standing(problem, orders))
    return float(
        sum(w * risk(problem, simulator.measure(n)) for w, n in zip(problem.year_weight.tolist(), years, strict=True))
    )


def _proven(planned: Planned, fresh: Simulator, wanted: Wanted, watch: Watch) -> bool:
    """Simulate plan, runner-up and many times of everything on fresh luck; say whether the plan stands."""
    problem, ground = planned.problem, planned.ground
    last = _each_year(standing(problem, planned.solved.orders))[-1]
    scaled_usd, scaled = fresh.times(wanted.scaled)
    nothing = {name: np.zeros(0) for name in scaled}
    planned.simulated = {"plan": _shown(planned, planned.solved.orders, fresh)}
    planned.simulated["scaled"] = Shown(nothing, scaled, scaled_usd)
    chance = sample_chance(problem.response) * problem.response.base.size
    measure = ground.plan.measure
    mine = planned.simulated["plan"]
    planned.against_scaled = paired_difference(chance * mine.last[measure], chance * scaled[measure])
    try:
        planned.runner_up = solve(
            problem, seconds=wanted.seconds, gap=wanted.gap, not_again=[last], report=watch.program
        )
    except NoPlanError:  # nothing else can be had
        planned.runner_up = planned.against_runner_up = None
        return True
    theirs = _shown(planned, planned.runner_up.orders, fresh)
    planned.simulated["runner_up"] = theirs
    gap = paired_difference(chance * mine.years[measure], chance * theirs.years[measure])
    planned.against_runner_up = gap
    if gap.low <= 0.0 or planned.refinements >= _MOST_REFINEMENTS:
        return True
    _fit_again(planned, [planned.solved.orders, planned.runner_up.orders], wanted, watch)
    return False


def _shown(planned: Planned, orders: Int, fresh: Simulator) -> Shown:
    years = _each_year(standing(planned.problem, orders))
    played = [fresh.play(n) for n in years]
    weight = planned.problem.year_weight
    mixed = {name: np.sum([w * p[name] for w, p in zip(weight, played, strict=True)], axis=0) for name in played[0]}
    price = np.array([option.price_usd.sum() for option in planned.problem.options], np.int64)
    return Shown(mixed, played[-1], int((price @ orders).sum()))
