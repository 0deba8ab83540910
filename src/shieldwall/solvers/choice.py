"""Choose one listed pattern for each target by an integer program, with a proof.

The program is written in charged costs, as excess over the bound of the cuts, scaled to the gap: the solver's
tolerances then act on the small gap that is left and not on the whole value.

References
----------
[bertsimas2025] and [lu2021] for patterns as columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.column_generation import plan_of, plan_patterns
from shieldwall.solvers.cut_bound import Tightened
from shieldwall.solvers.highs import quiet_solver
from shieldwall.solvers.lagrangian import Pattern, Problem
from shieldwall.solvers.listed import Listed, columns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SCALE = 1000.0  # the width of the gap in the units of the integer program
_GIVEN_AWAY = 1e-5  # of the width, for the solver's tolerances
_TIGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Choice:
    """What the integer program found: a plan (or None), and a lower bound over the patterns it was given."""

    plan: IntArray | None
    bound: float


def _pattern(listed: Listed, n: int) -> Pattern:
    """Return one listed pattern."""
    return tuple(listed.weapon[listed.start[n] : listed.start[n + 1]].tolist())


def _model(
    problem: Problem, listed: Listed, tight: Tightened, kept: IntArray, loose: IntArray, width: float
) -> highspy.HighsLp:
    """Return the program: patterns, rounds kept at their price, slack of the cuts at their charge."""
    targets, weapons, cuts = problem.values.size, problem.rounds.size, tight.charge.size
    start, row, entry = columns(listed, tight.which, targets, tight.cuts.in_target, tight.cuts.in_weapon)
    count, spare = tight.which.size, kept.size + loose.size
    right = np.concatenate([np.ones(targets), problem.rounds.astype(float), tight.cuts.most])
    model = highspy.HighsLp()
    model.num_col_ = count + spare
    model.num_row_ = targets + weapons + cuts
    cost = np.concatenate([np.maximum(tight.excess, 0.0), tight.price[kept], tight.charge[loose]])
    model.col_cost_ = cost * (_SCALE / width)
    model.col_lower_ = np.zeros(count + spare)
    model.col_upper_ = np.concatenate([np.ones(count), right[targets:][np.concatenate([kept, weapons + loose])]])
    model.row_lower_ = right
    model.row_upper_ = right
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([start, start[-1] + 1 + np.arange(spare)]).astype(np.int32)
    of_spare = np.concatenate([targets + kept, targets + weapons + loose])
    model.a_matrix_.index_ = np.concatenate([row, of_spare.astype(np.int32)])
    model.a_matrix_.value_ = np.concatenate([entry, np.ones(spare)])
    integer, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    model.integrality_ = [integer] * count + [real] * spare
    return model


def _start_from(
    solver: highspy.Highs, problem: Problem, listed: Listed, tight: Tightened, spare: IntArray, incumbent: IntArray
) -> None:
    """Start the integer program from the incumbent, if its patterns are among those given."""
    place = {(int(listed.target[n]), _pattern(listed, n)): k for k, n in enumerate(tight.which.tolist())}
    taken = [place.get(pair) for pair in enumerate(plan_patterns(problem, incumbent))]
    columns_ = [k for k in taken if k is not None]
    if len(columns_) < len(taken):
        return
    value = np.zeros(tight.which.size + spare.size)
    value[columns_] = 1.0
    targets = problem.values.size
    _, row, entry = columns(listed, tight.which[columns_], targets, tight.cuts.in_target, tight.cuts.in_weapon)
    used = np.bincount(row, weights=entry, minlength=targets + problem.rounds.size + tight.charge.size)[targets:]
    left = np.concatenate([problem.rounds, tight.cuts.most]) - used
    if left.sum() > left[spare].sum():
        return
    value[tight.which.size :] = left[spare]
    solution = highspy.HighsSolution()
    solution.col_value = value.tolist()
    solver.setSolution(solution)


def choose(
    problem: Problem, listed: Listed, tight: Tightened, width: float, stop_gap: float, seconds: float,
    incumbent: IntArray,
) -> Choice:  # fmt: skip
    """Choose the best plan among the patterns left.

    Parameters
    ----------
    tight : the patterns left, their excess and the bound they are an excess over
    width : widest excess that is still of interest
    stop_gap : excess over the bound at which the search may stop
    seconds : time limit
    incumbent : best plan so far; handed to the solver if its patterns are among those given

    Returns
    -------
    Choice; its bound, min(bound of the cuts + width, bound of the integer program), holds over the patterns given
    """
    kept = np.flatnonzero(tight.price <= width)  # a round kept costs its price; dearer ones must all be fired
    loose = np.flatnonzero(tight.charge <= width)
    solver = quiet_solver(seconds)
    for option in ("mip_feasibility_tolerance", "primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        solver.setOptionValue(option, _TIGHT)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", max(stop_gap * _SCALE / width, 1e-6))
    solver.setOptionValue("objective_bound", _SCALE * (1.0 + _GIVEN_AWAY))
    solver.passModel(_model(problem, listed, tight, kept, loose, width))
    _start_from(solver, problem, listed, tight, np.concatenate([kept, problem.rounds.size + loose]), incumbent)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound):
        return Choice(None, tight.bound + width * (1.0 - _GIVEN_AWAY))
    reached = float(info.mip_dual_bound) * width / _SCALE
    bound = tight.bound + max(0.0, min(reached, width)) - _GIVEN_AWAY * width
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Choice(None, max(bound, tight.bound))
    taken = np.flatnonzero(np.array(solver.getSolution().col_value)[: tight.which.size] > 0.5)
    chosen = tight.which[taken].tolist()
    plan = plan_of(problem, {int(listed.target[n]): _pattern(listed, n) for n in chosen})
    return Choice(plan, max(bound, tight.bound))
