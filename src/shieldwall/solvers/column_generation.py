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

from shieldwall.solvers.highs import quiet_solver
from shieldwall.solvers.lagrangian import Pattern, Priced, Problem
from shieldwall.solvers.listed import Listed, columns
from shieldwall.solvers.marginal_return import marginal_return, surviving_value
from shieldwall.solvers.parity_cuts import no_cuts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

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


def as_listed(pool: Pool, which: range) -> Listed:
    """Return some of the pool's patterns in arrays, in the order of the pool."""
    patterns = [pool.pattern[c] for c in which]
    start = np.zeros(len(patterns) + 1, np.int64)
    np.cumsum([len(pattern) for pattern in patterns], out=start[1:])
    weapon = np.array([i for pattern in patterns for i in pattern], np.int32)
    target = np.array([pool.target[c] for c in which], np.int64)
    return Listed(target, start, weapon, np.array([pool.cost[c] for c in which]))


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
        self._solver = quiet_solver(seconds)
        rows = problem.values.size + problem.rounds.size
        lower = np.concatenate([np.ones(problem.values.size), np.full(problem.rounds.size, -highspy.kHighsInf)])
        upper = np.concatenate([np.ones(problem.values.size), problem.rounds.astype(float)])
        none = np.zeros(0, np.int32)
        self._solver.addRows(rows, lower, upper, 0, np.zeros(rows, np.int32), none, np.zeros(0))

    def solve(self, pool: Pool) -> Relaxed | None:
        """Return the optimum of the relaxation, or None if time ran out."""
        targets = self._problem.values.size
        fresh = as_listed(pool, range(self._taken, len(pool.cost)))
        self._taken = len(pool.cost)
        count = fresh.cost.size
        if count:
            none = no_cuts(targets, self._problem.rounds.size)
            start, row, entry = columns(fresh, np.arange(count), targets, none.in_target, none.in_weapon)
            self._solver.addCols(
                count, fresh.cost * self._scale, np.zeros(count), np.full(count, highspy.kHighsInf), row.size,
                start[:-1].astype(np.int32), row, entry,
            )  # fmt: skip
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
