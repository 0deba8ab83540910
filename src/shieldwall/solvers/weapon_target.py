"""Assign weapons to targets, with a proof of how good the assignment is.

Minimises sum_j V_j prod_i (1 - p_ij)^x_ij over whole numbers x_ij >= 0 with sum_j x_ij <= m_i. The steps, each of
which may be the last:

1. marginal return gives a plan;
2. prices taken from the plan give a Lagrangian bound;
3. very large neighbourhood search betters the plan;
4. column generation betters the bound and the plan;
5. every pattern that could still be in a better plan is listed, and an integer program over them proves the optimum.

Time limits are checked between steps and inside the integer program; the value is recomputed from the plan at the end.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.assignment_search import Search
from shieldwall.solvers.column_generation import Master, Pool, round_off
from shieldwall.solvers.lagrangian import Problem, best_shift, price_out, slot_prices
from shieldwall.solvers.local_search import exchange
from shieldwall.solvers.marginal_return import marginal_return
from shieldwall.solvers.proof import FIRST_SLACK, LIST_NODES, LISTED_A_TARGET, cheapest_patterns, prove
from shieldwall.solvers.shortlist import make_shortlist
from shieldwall.solvers.wta_instance import Instance

IntArray = NDArray[np.int64]

_SHARES = (1.0, 0.8, 0.6)
_SMALL_GAP = 0.01  # below this gap the linear program does better than local search
_STEPS = 3  # of local search in a round
_SMOOTHING = 0.5


@dataclass(frozen=True, slots=True)
class Assignment:
    """A plan and what is proven of it.

    Attributes
    ----------
    value : expected surviving value of the plan
    lower_bound : no plan has less
    gap : (value - lower_bound) / value; 0 if both are 0
    wall_s : time taken, seconds
    greedy_value : what marginal return alone reaches
    assignment : int64, shape (N, 3), rows weapon, target, rounds > 0, in the order of weapon and target
    """

    value: float
    lower_bound: float
    gap: float
    wall_s: float
    greedy_value: float
    assignment: IntArray


def solve(instance: Instance, time_limit_s: float | None = None, gap: float = 1e-6) -> Assignment:
    """Return an assignment with a proven bound.

    Parameters
    ----------
    time_limit_s : stop about then with what there is; default: no limit
    gap : stop once (value - lower bound) / value is at most this
    """
    begin = time.perf_counter()
    deadline = begin + (time_limit_s if time_limit_s is not None else math.inf)
    problem, weapon, target, lost = _reduce(instance)
    if problem is None:
        return Assignment(lost, lost, 0.0, time.perf_counter() - begin, lost, np.zeros((0, 3), np.int64))
    plan = marginal_return(problem.values, problem.chance, problem.rounds)
    # targets that nothing can reach keep their value whatever the plan: the wanted gap is one of the whole
    search = Search(problem, plan, gap, begin, deadline)
    greedy_value = search.value + lost
    if search.value > 0.0:
        _improve(search)
    assignment = _rows(problem, search.plan, weapon, target)
    value = recompute(instance, assignment)
    lower = min(max(search.proven, 0.0) + lost * (1.0 - 1e-15), value)
    relative = (value - lower) / value if value > 0.0 else 0.0
    return Assignment(value, lower, relative, time.perf_counter() - begin, greedy_value, assignment)


def recompute(instance: Instance, assignment: IntArray) -> float:
    """Return the expected surviving value of an assignment, from its rows alone.

    Parameters
    ----------
    assignment : int64, shape (N, 3), rows weapon, target, rounds
    """
    survives = instance.values.copy()
    weapon, target, rounds = assignment.T if assignment.size else np.zeros((3, 0), np.int64)
    np.multiply.at(survives, target, (1.0 - instance.kill_probability[weapon, target]) ** rounds)
    return math.fsum(survives)


def _reduce(instance: Instance) -> tuple[Problem | None, IntArray, IntArray, float]:
    """Drop empty weapons, worthless targets, and what cannot reach or be reached.

    Returns the problem (None if nothing can be assigned), the instance's numbers of its weapons and targets, and the
    value of the targets that no round can reach.
    """
    chance = instance.kill_probability.T
    weapon = np.flatnonzero(instance.rounds > 0)
    target = np.flatnonzero(instance.values > 0.0)
    if weapon.size < instance.weapons or target.size < instance.targets:
        chance = chance[np.ix_(target, weapon)]
    if chance.size:
        reachable, useful = chance.max(axis=1) > 0.0, chance.max(axis=0) > 0.0
    else:
        reachable, useful = np.zeros(target.size, bool), np.zeros(weapon.size, bool)
    lost = math.fsum(instance.values[target[~reachable]])
    if not reachable.any():
        return None, weapon, target, lost
    if not (reachable.all() and useful.all()):
        chance = chance[np.ix_(reachable, useful)]
    weapon, target = weapon[useful], target[reachable]
    chance = np.ascontiguousarray(chance)
    rounds = instance.rounds[weapon]
    of_round = np.repeat(np.arange(weapon.size), rounds)
    problem = Problem(instance.values[target], chance, rounds, make_shortlist(chance), of_round)
    return problem, weapon, target, lost


def _rows(problem: Problem, plan: IntArray, weapon: IntArray, target: IntArray) -> IntArray:
    """Return the plan as rows weapon, target, rounds, in the instance's numbers."""
    fired = plan >= 0
    pairs = np.stack([weapon[problem.weapon_of_round[fired]], target[plan[fired]]], axis=1)
    unique, count = np.unique(pairs, axis=0, return_counts=True)
    return np.column_stack([unique.reshape(-1, 2), count]).astype(np.int64)


def _improve(search: Search) -> None:
    """Run the steps after marginal return until the gap is closed or time is up."""
    _price_plan(search)
    if search.closed():
        return
    _plan_from_prices(search)
    _local_search(search, np.random.default_rng(0))
    if search.value - search.proven > _SMALL_GAP * search.value and not search.closed():
        _price_plan(search)
    if not search.closed():
        _generate(search)
        prove(search)


def _price_plan(search: Search) -> None:
    """Take prices from the plan in hand."""
    problem = search.problem
    price = best_shift(problem, slot_prices(problem, search.plan), search.value)
    search.offer_prices(price_out(problem, price, search.value))


def _plan_from_prices(search: Search) -> None:
    """Give each target the pattern it wants most at the best prices, those that save most value first."""
    problem = search.problem
    assert search.priced is not None
    pool = Pool()
    pool.add_priced(problem, search.priced)
    if not pool.cost:
        return
    saved = problem.values[pool.target] - np.array(pool.cost)
    search.offer_plan(round_off(problem, pool, saved / max(float(saved.max()), 1e-300)))


def _local_search(search: Search, random: np.random.Generator) -> None:
    """Exchange rounds, a few steps while they gain."""
    problem = search.problem
    plan = search.plan.copy()
    for step in range(_STEPS):
        better = exchange(
            problem.values, problem.chance, problem.shortlist, problem.weapon_of_round, plan, problem.rounds.size,
            random, _SHARES[step % len(_SHARES)],
        )  # fmt: skip
        search.offer_plan(plan.copy())
        if search.closed() or (step == 0 and not better):
            break


def _generate(search: Search) -> None:
    """Run column generation with smoothed prices until the linear program is solved, choosing plans on the way."""
    problem = search.problem
    assert search.priced is not None
    pool = Pool()
    pool.add_plan(problem, search.plan)
    priced, _ = cheapest_patterns(search, LISTED_A_TARGET, int(4 * LISTED_A_TARGET))
    pool.add_priced(problem, priced)
    master = Master(problem, search.value, search.left_s())
    smoothing = _SMOOTHING
    while not search.closed():
        solved = master.solve(pool)
        if solved is None:
            return
        open_before = search.value - search.priced.bound
        search.offer_plan(round_off(problem, pool, solved.share))
        if search.value - search.priced.bound < 0.5 * open_before and not search.closed():
            pool.add_plan(problem, search.plan)
            _price_plan(search)
            if search.closed():
                return
        ahead = solved.value - search.priced.bound
        if ahead <= 0.1 * search.wanted_gap * search.value:
            return
        known = len(pool.cost)
        mixed = smoothing * search.priced.price + (1.0 - smoothing) * solved.price
        slack = FIRST_SLACK * search.value / problem.values.size
        priced = price_out(problem, mixed, search.value, keep=4, slack=slack, most_nodes=LIST_NODES)
        pool.add_priced(problem, priced)
        better = search.offer_prices(priced)
        if len(pool.cost) == known:
            if smoothing == 0.0:
                return
            smoothing = 0.0
        else:  # prices that did worse were too far from the best ones
            smoothing = _SMOOTHING if better else 0.5 * (1.0 + max(smoothing, _SMOOTHING))
