"""Raise the bound over the listed patterns by cuts, and drop patterns that can no longer be in a better plan.

A linear program over a part of the listed patterns yields prices u of the rounds and charges c of the cuts. For any
u, c >= 0

    L(u, c) = sum_j (least charged cost of a pattern of target j) - sum_i u_i m_i - sum_k c_k (right side of cut k)

is a lower bound over all plans made of the listed patterns; all of them are charged, so the program may miss some, and
an inexact answer costs tightness only. A pattern whose charged cost is above the least of its target by more than the
gap is dropped for good.

References
----------
[barnhart1998] for fixing by reduced cost; [baldacci2008] for cuts over patterns that have all been listed.
"""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.highs import quiet_solver
from shieldwall.solvers.lagrangian import Problem
from shieldwall.solvers.listed import Listed, columns
from shieldwall.solvers.parity_cuts import Cuts, charged_costs, find_cuts, no_cuts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FIRST_A_TARGET = 3
_NEW = 1e-9  # of the mean cost of a target: how far below the program's price a pattern must be to enter
_HELD = 1e-9
_ROUNDING = 1e-13  # share of the summed terms given away: a charged cost is a sum of some hundred at most
_MOST_ROUNDS = 40
_LEAST_GAIN = 0.01  # of all that the cuts gained: a round that brings less is the last
_FEW_A_TARGET = 1.5  # patterns a target that are few enough to choose among at once


class Tightened(NamedTuple):
    """What is left to choose from.

    Attributes
    ----------
    bound : lower bound over the plans of listed patterns that are better than the plan in hand
    which : int64, shape (N,), listed patterns that can be in a better plan
    excess : float64, shape (N,), by how much each is dearer than the cheapest of its target, charges included
    price, charge : float64, shapes (W,) and (C,), of a round, of a unit of a cut
    cuts : the cuts with a charge
    least : float64, shape (T,), least charged cost of each target; empty if one has no pattern left
    """

    bound: float
    which: IntArray
    excess: FloatArray
    price: FloatArray
    charge: FloatArray
    cuts: Cuts
    least: FloatArray


def narrowed(tight: Tightened, value: float) -> Tightened:
    """Return what is left once there is a plan of this value."""
    good = tight.excess <= (value - tight.bound) + _ROUNDING * value
    return tight._replace(which=tight.which[good], excess=tight.excess[good])


def nearest(tight: Tightened, width: float, most: int) -> Tightened:
    """Return the patterns of least excess, within the width; the bound is then no longer one over all."""
    few = np.argsort(tight.excess, kind="stable")[:most]
    few = np.sort(few[tight.excess[few] <= width])
    return tight._replace(which=tight.which[few], excess=tight.excess[few])


class _Program:
    """The linear program: a row for each target, weapon and cut, a column for each pattern taken so far."""

    def __init__(self, problem: Problem, listed: Listed, incumbent: float) -> None:
        self._targets, self._weapons = problem.values.size, problem.rounds.size
        self._listed = listed
        self._scale = problem.values.size / incumbent
        self.cuts = no_cuts(self._targets, self._weapons)
        self.taken = np.zeros(listed.cost.size, bool)
        self._pattern = np.zeros(0, np.int64)  # of each column, those of the targets left alone apart
        self._solver = quiet_solver(math.inf)
        rows = self._targets + self._weapons
        lower = np.concatenate([np.ones(self._targets), np.full(self._weapons, -highspy.kHighsInf)])
        upper = np.concatenate([np.ones(self._targets), problem.rounds.astype(float)])
        none = np.zeros(0, np.int32)
        self._solver.addRows(rows, lower, upper, 0, np.zeros(rows, np.int32), none, np.zeros(0))
        every = np.arange(self._targets, dtype=np.int32)  # each target may be left alone: there is always an answer
        self._solver.addCols(
            self._targets, problem.values * self._scale, np.zeros(self._targets),
            np.full(self._targets, highspy.kHighsInf), self._targets, every, every, np.ones(self._targets),
        )  # fmt: skip

    def take(self, which: IntArray) -> None:
        """Add patterns."""
        cuts = self.cuts
        start, row, entry = columns(self._listed, which, self._targets, cuts.in_target, cuts.in_weapon)
        cost = self._listed.cost[which] * self._scale
        upper = np.full(which.size, highspy.kHighsInf)
        self._solver.addCols(
            which.size, cost, np.zeros(which.size), upper, row.size, start[:-1].astype(np.int32), row, entry
        )
        self._pattern = np.concatenate([self._pattern, which])
        self.taken[which] = True

    def cut(self, more: Cuts) -> None:
        """Add cuts."""
        start, row, entry = columns(self._listed, self._pattern, self._targets, more.in_target, more.in_weapon)
        column = np.repeat(np.arange(self._pattern.size), np.diff(start))
        of_cut = row >= self._targets + self._weapons
        row, column, entry = row[of_cut] - self._targets - self._weapons, column[of_cut], entry[of_cut]
        order = np.argsort(row, kind="stable")
        begin = np.searchsorted(row[order], np.arange(more.most.size))
        self._solver.addRows(
            more.most.size, np.full(more.most.size, -highspy.kHighsInf), more.most, row.size,
            begin.astype(np.int32), (self._targets + column[order]).astype(np.int32), entry[order],
        )  # fmt: skip
        self.cuts = self.cuts.joined(more)

    def forbid(self, dropped: NDArray[np.bool_]) -> None:
        """Fix the dropped patterns at 0."""
        columns_ = (self._targets + np.flatnonzero(dropped[self._pattern])).astype(np.int32)
        if columns_.size:
            self._solver.changeColsBounds(columns_.size, columns_, np.zeros(columns_.size), np.zeros(columns_.size))

    def solve(self, seconds: float) -> tuple[FloatArray, FloatArray, FloatArray] | None:
        """Return worth of each target's row, prices and charges; None if time ran out."""
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = np.array(self._solver.getSolution().row_dual) / self._scale
        weapon_rows = self._targets + self._weapons
        return dual[: self._targets], np.maximum(-dual[self._targets : weapon_rows], 0.0), np.maximum(
            -dual[weapon_rows:], 0.0
        )  # fmt: skip

    def mixture(self) -> tuple[IntArray, FloatArray]:
        """Return the patterns held in the last answer, and their shares."""
        share = np.array(self._solver.getSolution().col_value)[self._targets :]
        held = share > _HELD
        return self._pattern[held], share[held]


def weigh(
    problem: Problem, listed: Listed, which: IntArray, value: float, price: FloatArray, charge: FloatArray, cuts: Cuts
) -> tuple[Tightened, FloatArray]:
    """Return the bound over the plans of these patterns better than `value`, what it leaves, and the charged costs."""
    targets = problem.values.size
    felt = charge > 0.0
    cuts, charge = cuts.chosen(felt), charge[felt]
    full = charged_costs(listed, which, price, charge, cuts.in_target, cuts.in_weapon)
    target = listed.target[which]
    first = np.searchsorted(target, np.arange(targets))
    if first[-1] == target.size or (target[first] != np.arange(targets)).any():  # a target without a pattern
        return Tightened(value, which[:0], full[:0], price, charge, cuts, full[:0]), full
    least = np.minimum.reduceat(full, first)
    paid = math.fsum(price * problem.rounds) + math.fsum(charge * cuts.most)
    total = math.fsum(least)
    bound = total - paid - _ROUNDING * (total + paid)
    excess = full - least[target]
    good = excess <= (value - bound) + _ROUNDING * value
    return Tightened(bound, which[good], excess[good], price, charge, cuts, least), full


def _solve_over(
    problem: Problem, listed: Listed, program: _Program, tight: Tightened, value: float, deadline: float
) -> tuple[Tightened, bool]:
    """Solve the program over all patterns left, and weigh its answers; return also whether it was solved."""
    targets = problem.values.size
    while True:
        answer = program.solve(deadline - time.perf_counter())
        if answer is None:
            return tight, False
        worth, price, charge = answer
        which = tight.which
        fresh, full = weigh(problem, listed, which, value, price, charge, program.cuts)
        if fresh.bound > tight.bound:
            tight = fresh
        if tight.which.size == 0:
            return tight, False
        below = full - worth[listed.target[which]]
        entering = np.flatnonzero((below < -_NEW * value / targets) & ~program.taken[which])
        if entering.size == 0:
            return tight, True
        entering = entering[np.argsort(below[entering], kind="stable")][: 2 * targets]
        program.take(np.sort(which[entering]))


def tighten(
    problem: Problem, listed: Listed, price: FloatArray, value: float, wanted: float, deadline: float, cuts: Cuts
) -> Tightened:
    """Raise the bound over the listed patterns by rounds of cuts; drop what cannot be in a plan better than `value`.

    Parameters
    ----------
    price : float64, shape (W,), to begin with
    value : of the best plan
    wanted : a gap that is small enough
    deadline : of `time.perf_counter`, when to stop
    cuts : to begin with
    """
    targets = problem.values.size
    program = _Program(problem, listed, value)
    every = np.arange(listed.cost.size)
    tight, _ = weigh(problem, listed, every, value, price, np.zeros(0), program.cuts)
    if tight.which.size == 0:
        return tight
    cheapest = np.argsort(tight.excess, kind="stable")[: _FIRST_A_TARGET * targets]
    program.take(np.sort(tight.which[cheapest]))
    if cuts.most.size:
        program.cut(cuts)
    begin = tight.bound
    for _ in range(_MOST_ROUNDS):
        before = tight.bound
        tight, solved = _solve_over(problem, listed, program, tight, value, deadline)
        gain = tight.bound - before
        enough = value - tight.bound <= wanted or tight.which.size <= _FEW_A_TARGET * targets
        late = program.cuts.most.size > 0 and gain < _LEAST_GAIN * (tight.bound - begin)
        if not solved or enough or late:
            break
        dropped = np.ones(listed.cost.size, bool)
        dropped[tight.which] = False
        program.forbid(dropped)
        more = find_cuts(listed, *program.mixture(), targets, problem.rounds)
        if more.most.size == 0:
            break
        program.cut(more)
    return tight
