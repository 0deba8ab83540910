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

from shieldwall.solvers.charged_listing import list_charged
from shieldwall.solvers.choice import choose
from shieldwall.solvers.column_generation import Master, Pool, round_off
from shieldwall.solvers.cut_bound import Tightened, narrowed, nearest, tighten, weigh
from shieldwall.solvers.lagrangian import Priced, Problem, best_shift, price_out, slot_prices
from shieldwall.solvers.listed import Listed, list_patterns, merged
from shieldwall.solvers.local_search import exchange
from shieldwall.solvers.marginal_return import marginal_return, surviving_value
from shieldwall.solvers.parity_cuts import Cuts, no_cuts
from shieldwall.solvers.shortlist import make_shortlist
from shieldwall.solvers.wta_instance import Instance

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SHARES = (1.0, 0.8, 0.6)
_ROUNDS = 2  # of pricing the plan, planning from the prices, local search
_SMALL_GAP = 0.01  # below this gap the linear program does better than local search
_STEPS = 3  # of local search in a round
_SMOOTHING = 0.5
_FIRST_SLACK = 1e-3  # of the mean cost of a target: how much dearer than the least the first listed patterns may be
_LISTED_A_TARGET = 6.0  # patterns a target to list at first
_LISTED_IN_PROOF = 20.0  # patterns a target
_MOST_LISTED = 400
_LIST_NODES = 20_000
_CHOSEN_A_TARGET = 4.0  # patterns a target for a first choice
_CHOSEN = 2400  # or as many patterns in all
_NEAR = 0.25  # of what the cuts gained: how far above the bound a plan is looked for first
_LEAST_NEAR = 1e-3  # of the gap
_NEAR_STEP = 4.0
_NEAR_MORE = 3
_SETTLINGS = 3
_LISTINGS = 20
_ROOM = 1.5  # times what is open over the patterns listed: how far to list at prices and charges
_LEAST_SPAN = 0.05  # of what the cuts gained
_ROOM_FOUND = 0.5
_WIDER = 3.0
_NARROWINGS = 6  # tries to list less
_POOR_PLAN = 2e-3  # above this gap a better plan is looked for before patterns are listed for the proof


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


class _Search:
    """The state of one solve: best plan, best prices, deadline."""

    def __init__(self, problem: Problem, plan: IntArray, wanted_gap: float, begin: float, deadline: float) -> None:
        self.problem = problem
        self.wanted_gap = wanted_gap
        self.begin = begin
        self.deadline = deadline
        self.plan = plan
        self.value = self._worth(plan)
        self.priced: Priced | None = None
        self.proven = 0.0  # best lower bound, from prices or from the integer program

    def _worth(self, plan: IntArray) -> float:
        problem = self.problem
        return math.fsum(surviving_value(problem.values, problem.chance, problem.weapon_of_round, plan))

    def left_s(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.perf_counter()

    def closed(self) -> bool:
        """Return whether the gap is small enough, or time is up."""
        return self.value - self.proven <= self.wanted_gap * self.value or self.left_s() <= 0.0

    def offer_plan(self, plan: IntArray | None) -> None:
        """Keep a plan if it is better."""
        if plan is not None:
            value = self._worth(plan)
            if value < self.value:
                self.plan, self.value = plan, value

    def offer_prices(self, priced: Priced) -> bool:
        """Keep prices if their bound is better; return whether."""
        if self.priced is not None and priced.bound <= self.priced.bound:
            return False
        self.priced = priced
        self.proven = max(self.proven, priced.bound)
        return True


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
    search = _Search(problem, plan, gap, begin, deadline)
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


def _improve(search: _Search) -> None:
    """Run the steps after marginal return until the gap is closed or time is up."""
    random = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        _price_plan(search)
        if search.closed():
            return
        _plan_from_prices(search)
        _local_search(search, random)
        if search.closed():
            return
        if search.value - search.proven <= _SMALL_GAP * search.value:
            break
    else:
        _price_plan(search)
    if not search.closed():
        pool = Pool()
        _generate(search, pool)
        _prove(search, pool)


def _price_plan(search: _Search) -> None:
    """Take prices from the plan in hand."""
    problem = search.problem
    price = best_shift(problem, slot_prices(problem, search.plan), search.value)
    search.offer_prices(price_out(problem, price, search.value))


def _plan_from_prices(search: _Search) -> None:
    """Give each target the pattern it wants most at the best prices, those that save most value first."""
    problem = search.problem
    assert search.priced is not None
    pool = Pool()
    pool.add_priced(problem, search.priced)
    if not pool.cost:
        return
    saved = problem.values[pool.target] - np.array(pool.cost)
    search.offer_plan(round_off(problem, pool, saved / max(float(saved.max()), 1e-300)))


def _local_search(search: _Search, random: np.random.Generator) -> None:
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


def _list_patterns(search: _Search, wanted: float, most: int) -> tuple[Priced, float]:
    """Return the cheapest patterns at the best prices, and their slack: wide enough to list `wanted` a target."""
    problem = search.problem
    assert search.priced is not None
    widest = search.value - search.priced.bound
    slack = min(_FIRST_SLACK * search.value / problem.values.size, widest)
    while True:
        priced = price_out(problem, search.priced.price, search.value, keep=most, slack=slack, most_nodes=_LIST_NODES)
        if priced.stored.mean() >= wanted or slack >= widest or not priced.complete or priced.stored.max() >= most:
            return priced, slack
        slack = min(3.0 * slack, widest)


def _generate(search: _Search, pool: Pool) -> None:
    """Run column generation with smoothed prices until the linear program is solved, choosing plans on the way."""
    problem = search.problem
    assert search.priced is not None
    pool.add_plan(problem, search.plan)
    priced, _ = _list_patterns(search, _LISTED_A_TARGET, int(4 * _LISTED_A_TARGET))
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
        slack = _FIRST_SLACK * search.value / problem.values.size
        priced = price_out(problem, mixed, search.value, keep=4, slack=slack, most_nodes=_LIST_NODES)
        pool.add_priced(problem, priced)
        better = search.offer_prices(priced)
        if len(pool.cost) == known:
            if smoothing == 0.0:
                return
            smoothing = 0.0
        else:  # prices that did worse were too far from the best ones
            smoothing = _SMOOTHING if better else 0.5 * (1.0 + max(smoothing, _SMOOTHING))


def _prove(search: _Search, pool: Pool) -> None:
    """List what a better plan can hold, cut, choose among it, and list anew at the prices and charges found."""
    problem = search.problem
    assert search.priced is not None
    stop = 0.3 * search.wanted_gap * search.value
    if search.value - search.priced.bound > _POOR_PLAN * search.value:
        _plan_among_few(search)
    pool.add_plan(problem, search.plan)
    _, width = _list_patterns(search, _LISTED_IN_PROOF, _MOST_LISTED)
    width = min(width, search.value - search.priced.bound)
    listed, width = _list_narrowly(search, width)
    cuts = no_cuts(problem.values.size, problem.rounds.size)
    for _ in range(_LISTINGS):
        if listed is None or search.closed():
            return
        tight = _tighten(search, listed, cuts, stop)
        cuts = tight.cuts
        if search.value - search.priced.bound <= width:  # all is listed
            _settle(search, listed, tight, stop)
            return
        tight, _ = _choose_nearby(search, listed, tight, stop)
        if search.closed() or tight.least.size == 0:
            return
        span = max(search.value - tight.bound, _LEAST_SPAN * (tight.bound - search.priced.bound))
        found, slack = _list_at_charges(search, tight, min(_ROOM * span, width))
        if found is None:
            return
        # the least of each target that can be in a better plan is found: the bound is one over all better plans
        every = np.arange(found.cost.size)
        over_all, _ = weigh(problem, found, every, search.value, tight.price, tight.charge, cuts)
        search.proven = max(search.proven, min(over_all.bound, search.value))
        listed = merged(listed, found)
        if search.value - over_all.bound <= slack:  # all is listed
            _settle(search, listed, _tighten(search, listed, cuts, stop), stop)
            return
        if slack == width and over_all.bound >= tight.bound - _ROOM_FOUND * span:
            width *= _WIDER


def _plan_among_few(search: _Search) -> None:
    """Look for a better plan among the cheapest patterns, no poor one: that would have far too many listed."""
    problem, enough = search.problem, _POOR_PLAN * search.value
    _, width = _list_patterns(search, _LISTED_A_TARGET, int(4 * _LISTED_A_TARGET))
    listed, _ = _list_narrowly(search, width)
    if listed is not None:
        tight = _tighten(search, listed, no_cuts(problem.values.size, problem.rounds.size), enough)
        _choose_nearby(search, listed, tight, enough)


def _list_narrowly(search: _Search, width: float) -> tuple[Listed | None, float]:
    """Return the patterns within a width of the least of their targets, and the width; narrower where they are many."""
    assert search.priced is not None
    for _ in range(_NARROWINGS):
        listed = list_patterns(search.problem, search.priced, width, search.value)
        if listed is not None or search.closed():
            return listed, width
        width /= _WIDER
    return None, width


def _list_at_charges(search: _Search, tight: Tightened, slack: float) -> tuple[Listed | None, float]:
    """Return the patterns within a slack at prices and charges, and the slack; less where they are too many."""
    assert search.priced is not None
    for _ in range(_NARROWINGS):
        found = list_charged(
            search.problem, search.priced, tight.price, tight.charge, tight.cuts, tight.least, slack, search.value,
            search.deadline,
        )  # fmt: skip
        if found is not None or search.closed():
            return found, slack
        slack /= _WIDER
    return None, slack


def _tighten(search: _Search, listed: Listed, cuts: Cuts, stop: float) -> Tightened:
    """Raise the bound over what is listed by cuts, from the best prices on."""
    assert search.priced is not None
    return tighten(search.problem, listed, search.priced.price, search.value, stop, search.deadline, cuts)


def _settle(search: _Search, listed: Listed, tight: Tightened, stop: float) -> None:
    """Prove what is listed of all that can be better than the best plan, or find a better plan and prove that."""
    for _ in range(_SETTLINGS):
        search.proven = max(search.proven, min(tight.bound, search.value))
        if tight.which.size > max(_CHOSEN_A_TARGET * search.problem.values.size, _CHOSEN) and not search.closed():
            tight, reached = _choose_nearby(search, listed, tight, stop)
            search.proven = max(search.proven, min(reached, search.value))
        width = search.value - tight.bound
        if tight.which.size == 0 or width <= stop or search.closed():
            return
        before = search.value
        choice = choose(search.problem, listed, tight, width, stop, search.left_s(), search.plan)
        search.offer_plan(choice.plan)
        search.proven = max(search.proven, min(choice.bound, search.value))
        if search.value == before or search.closed():
            return
        # what the program gives away to its tolerances is a share of the gap: a smaller gap, once more
        tight = _tighten(search, listed, tight.cuts, stop)


def _choose_nearby(search: _Search, listed: Listed, tight: Tightened, stop: float) -> tuple[Tightened, float]:
    """Look for a better plan little above the bound of the cuts, among few patterns.

    Returns what is left after, and a lower bound over the plans of listed patterns better than the best one.
    """
    assert search.priced is not None
    most = max(int(_CHOSEN_A_TARGET * search.problem.values.size), _CHOSEN)
    reached = tight.bound
    widest = search.value - tight.bound
    width = max(_NEAR * (tight.bound - search.priced.bound), _LEAST_NEAR * widest)
    while widest > stop and not search.closed():
        width = min(width, widest)
        few = nearest(tight, width, most)
        choice = choose(search.problem, listed, few, width, stop, search.left_s(), search.plan)
        search.offer_plan(choice.plan)
        if few.which.size == np.count_nonzero(tight.excess <= width):  # a plan within the width holds no others
            reached = max(reached, choice.bound)
        if search.value - tight.bound <= width:
            break
        widest = search.value - tight.bound
        width *= _NEAR_STEP
        most *= _NEAR_MORE
    return narrowed(tight, search.value), reached
