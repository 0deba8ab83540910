"""Choose one engagement pattern for each target: a linear program for prices, an integer program for plans and proof.

The master program has a row for each target (one pattern) and each weapon (its rounds). Its linear relaxation over
the patterns found so far yields prices; pricing them yields a bound and new patterns. Once prices are good, every
pattern that could be in a plan worth less than `L(u) + width` has a reduced cost of at most `width`; if all of them
are listed, the best choice among them is the optimum, or the optimum is at least `L(u) + width`.

The integer program is written in reduced costs, as excess over the Lagrangian bound, scaled to the width: the solver's
tolerances then act on the small gap that is left and not on the whole value.

References
----------
[bertsimas2025] and [lu2021] for patterns as columns; [barnhart1998] for column generation and reduced-cost fixing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.lagrangian import Pattern, Priced, Problem
from shieldwall.solvers.marginal_return import marginal_return, surviving_value

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SCALE = 1000.0  # the width of the gap in the units of the integer program
_GIVEN_AWAY = 1e-5  # of the width, for the solver's tolerances
_TIGHT = 1e-9


@dataclass(slots=True)
class Pool:
    """Patterns found so far; `target`, `pattern` and `cost` (true surviving value) run in step."""

    target: list[int] = field(default_factory=list)
    pattern: list[Pattern] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    known: set[tuple[int, Pattern]] = field(default_factory=set)

    def add(self, problem: Problem, target: int, pattern: Pattern) -> None:
        """Add a pattern (weapons in rising order) unless it is known."""
        if (target, pattern) in self.known:
            return
        self.known.add((target, pattern))
        survives = float(problem.values[target])
        for i in pattern:
            survives *= 1.0 - float(problem.chance[target, i])
        self.target.append(target)
        self.pattern.append(pattern)
        self.cost.append(survives)

    def add_plan(self, problem: Problem, plan: IntArray) -> None:
        """Add the patterns of a plan."""
        for j, pattern in enumerate(plan_patterns(problem, plan)):
            self.add(problem, j, pattern)

    def add_priced(self, problem: Problem, priced: Priced) -> None:
        """Add what pricing listed."""
        for j, count in enumerate(priced.stored.tolist()):
            lengths = priced.lengths[j].tolist()
            rows = priced.patterns[j, :count].tolist()
            for k in range(count):
                self.add(problem, j, tuple(sorted(rows[k][: lengths[k]])))


def plan_patterns(problem: Problem, plan: IntArray) -> list[Pattern]:
    """Return the pattern of each target under a plan."""
    held: list[list[int]] = [[] for _ in range(problem.values.size)]
    for i, j in zip(problem.weapon_of_round.tolist(), plan.tolist(), strict=True):
        if j >= 0:
            held[j].append(i)
    return [tuple(weapons) for weapons in held]


def plan_of(problem: Problem, patterns: dict[int, Pattern]) -> IntArray | None:
    """Return the plan that gives each target its pattern, or None if a weapon runs out."""
    end = np.cumsum(problem.rounds)
    following = end - problem.rounds
    plan = np.full(int(end[-1]) if end.size else 0, -1, np.int64)
    for j, pattern in patterns.items():
        for i in pattern:
            if following[i] >= end[i]:
                return None
            plan[following[i]] = j
            following[i] += 1
    return plan


def _columns(pool: Pool, chosen: list[int], targets: int) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
    """Return starts, rows and entries of the chosen columns: 1 in the target's row, counts in the weapons' rows."""
    start, row, entry = [0], [], []
    for c in chosen:
        row.append(pool.target[c])
        entry.append(1.0)
        pattern = pool.pattern[c]
        for place, i in enumerate(pattern):
            if place and pattern[place - 1] == i:
                entry[-1] += 1.0
            else:
                row.append(targets + i)
                entry.append(1.0)
        start.append(len(row))
    return np.array(start, np.int64), np.array(row, np.int32), np.array(entry)


def _quiet_solver(seconds: float) -> highspy.Highs:
    """Return a solver that prints nothing, runs on one thread, and stops in time."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    return solver


class Relaxed(NamedTuple):
    """The optimum of the linear program: value, prices of the weapons, share of each pattern of the pool."""

    value: float
    price: FloatArray
    share: FloatArray


class Master:
    """The linear program over the pool; keeps the solver's basis from one call to the next."""

    def __init__(self, problem: Problem, incumbent: float, seconds: float) -> None:
        self._problem = problem
        self._scale = problem.values.size / incumbent
        self._taken = 0
        self._solver = _quiet_solver(seconds)
        rows = problem.values.size + problem.rounds.size
        lower = np.concatenate([np.ones(problem.values.size), np.full(problem.rounds.size, -highspy.kHighsInf)])
        upper = np.concatenate([np.ones(problem.values.size), problem.rounds.astype(float)])
        none = np.zeros(0, np.int32)
        self._solver.addRows(rows, lower, upper, 0, np.zeros(rows, np.int32), none, np.zeros(0))

    def solve(self, pool: Pool) -> Relaxed | None:
        """Return the optimum of the relaxation, or None if time ran out."""
        targets = self._problem.values.size
        fresh = list(range(self._taken, len(pool.cost)))
        self._taken = len(pool.cost)
        if fresh:
            start, row, entry = _columns(pool, fresh, targets)
            cost = np.array([pool.cost[c] for c in fresh]) * self._scale
            bound = np.full(len(fresh), highspy.kHighsInf)
            self._solver.addCols(
                len(fresh), cost, np.zeros(len(fresh)), bound, row.size, start[:-1].astype(np.int32), row, entry
            )
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        price = np.maximum(-np.array(solution.row_dual)[targets:], 0.0) / self._scale
        value = self._solver.getInfo().objective_function_value / self._scale
        return Relaxed(value, price, np.array(solution.col_value))


def round_off(problem: Problem, pool: Pool, share: FloatArray) -> IntArray:
    """Return a plan near the relaxation: patterns by falling share where they fit, the rest by marginal return."""
    left = problem.rounds.copy()
    taken: dict[int, Pattern] = {}
    for c in np.argsort(-share, kind="stable")[: np.count_nonzero(share > _TIGHT)].tolist():
        target, pattern = pool.target[c], pool.pattern[c]
        if target in taken:
            continue
        need = np.bincount(pattern, minlength=1) if pattern else np.zeros(0, np.int64)
        if (need <= left[: need.size]).all():
            left[: need.size] -= need
            taken[target] = pattern
    plan = plan_of(problem, taken)
    assert plan is not None
    survives = surviving_value(problem.values, problem.chance, problem.weapon_of_round, plan)
    plan[plan < 0] = marginal_return(survives, problem.chance, left)
    return plan


@dataclass(frozen=True, slots=True)
class Choice:
    """What the integer program found: a plan (or None), and a lower bound over the patterns it was given."""

    plan: IntArray | None
    bound: float


def _hand_over(
    solver: highspy.Highs, problem: Problem, pool: Pool, chosen: list[int], kept: IntArray, incumbent: IntArray
) -> None:
    """Start the integer program from the incumbent, if it can be written in the chosen columns."""
    place = {(pool.target[c], pool.pattern[c]): k for k, c in enumerate(chosen)}
    value = np.zeros(len(chosen) + kept.size)
    for target, pattern in enumerate(plan_patterns(problem, incumbent)):
        k = place.get((target, pattern))
        if k is None:
            return
        value[k] = 1.0
    fired = np.bincount(problem.weapon_of_round[incumbent >= 0], minlength=problem.rounds.size)
    spare = problem.rounds - fired
    if spare.sum() > spare[kept].sum():
        return
    value[len(chosen) :] = spare[kept]
    solution = highspy.HighsSolution()
    solution.col_value = value.tolist()
    solver.setSolution(solution)


def choose(
    problem: Problem, pool: Pool, priced: Priced, width: float, stop_gap: float, seconds: float, incumbent: IntArray
) -> Choice:
    """Choose the best patterns among those with a reduced cost of at most `width`.

    Parameters
    ----------
    priced : prices, their bound L(u) and the least priced cost of each target
    width : widest excess over L(u) that is still of interest
    stop_gap : excess over the bound at which the search may stop
    seconds : time limit
    incumbent : best plan so far; handed to the solver if its patterns are among those chosen from

    Returns
    -------
    Choice; its bound, min(L(u) + width, bound of the integer program), holds for the whole problem only if the pool
    holds every pattern of reduced cost <= width
    """
    targets, weapons = problem.values.size, problem.rounds.size
    chosen: list[int] = []
    excess: list[float] = []
    price = priced.price.tolist()
    least = priced.least.tolist()
    for c, (j, pattern) in enumerate(zip(pool.target, pool.pattern, strict=True)):
        reduced = pool.cost[c] + sum(price[i] for i in pattern) - least[j]
        if reduced <= width:
            chosen.append(c)
            excess.append(max(reduced, 0.0))
    start, row, entry = _columns(pool, chosen, targets)
    count = len(chosen)
    kept = np.flatnonzero(priced.price <= width)  # a round kept costs its price; dearer ones must all be fired
    model = highspy.HighsLp()
    model.num_col_ = count + kept.size
    model.num_row_ = targets + weapons
    model.col_cost_ = np.concatenate([np.array(excess), priced.price[kept]]) * (_SCALE / width)
    model.col_lower_ = np.zeros(count + kept.size)
    model.col_upper_ = np.concatenate([np.ones(count), problem.rounds[kept].astype(float)])
    model.row_lower_ = np.concatenate([np.ones(targets), problem.rounds.astype(float)])
    model.row_upper_ = model.row_lower_
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([start, start[-1] + 1 + np.arange(kept.size)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([row, (targets + kept).astype(np.int32)])
    model.a_matrix_.value_ = np.concatenate([entry, np.ones(kept.size)])
    integer, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer] * count + [real] * kept.size
    solver = _quiet_solver(seconds)
    for option in ("mip_feasibility_tolerance", "primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        solver.setOptionValue(option, _TIGHT)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", max(stop_gap * _SCALE / width, 1e-6))
    solver.setOptionValue("objective_bound", _SCALE * (1.0 + _GIVEN_AWAY))
    solver.passModel(model)
    _hand_over(solver, problem, pool, chosen, kept, incumbent)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
        return Choice(None, priced.bound + width * (1.0 - _GIVEN_AWAY))
    reached = float(info.mip_dual_bound) * width / _SCALE
    bound = priced.bound + max(0.0, min(reached, width)) - _GIVEN_AWAY * width
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Choice(None, max(bound, priced.bound))
    taken = np.flatnonzero(np.array(solver.getSolution().col_value)[:count] > 0.5)
    plan = plan_of(problem, {pool.target[chosen[c]]: pool.pattern[chosen[c]] for c in taken})
    return Choice(plan, max(bound, priced.bound))
