"""Find the best orders: the integer program of `formulation.py` on HiGHS, with a bound and a gap."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.planner.formulation import Program, formulated, matters
from shieldwall.planner.portfolio import Problem, broken_rules, objective, standing

Int = NDArray[np.int64]
Report = Callable[[float, float, float], None]

_ALLOWANCE = 1e-6  # share of the bound given away to the solver's tolerances
_TIGHTER_USD = (0, 1_000, 100_000)
_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Solved:
    """The best orders found, int64 (O, Y), their objective, a bound that none goes below, and the gap between."""

    orders: Int
    objective: float
    bound: float
    gap: float
    interrupted: bool = False


class NoPlanError(Exception):
    """No plan keeps all rules; `rules` are some that cannot hold together, none of which can be left out."""

    def __init__(self, rules: list[str]) -> None:
        self.rules = rules
        super().__init__(", ".join(rules))


def solve(
    problem: Problem, *, seconds: float = 60.0, gap: float = 1e-4, not_again: Collection[tuple[int, ...]] = (),
    report: Report | None = None,
) -> Solved:  # fmt: skip
    """Return the best orders, or the best found in time.

    Parameters
    ----------
    gap : stop once (objective - bound) / objective is at most this
    not_again : what may not stand in the last year, for a runner-up; options that change nothing do not count
    report : called with objective, bound and seconds gone

    Raises
    ------
    NoPlanError
        If no orders keep all rules.
    """
    for tighter in _TIGHTER_USD:
        model, order = formulated(problem, not_again, tighter)
        found, bound, interrupted = _run(model, order, seconds, gap, report)
        if found is None:
            if tighter or interrupted:
                continue
            raise NoPlanError(conflict(problem, not_again))
        if not broken_rules(problem, found):
            break
    else:
        return Solved(np.zeros((len(problem.options), len(problem.money.years)), np.int64), np.inf, -np.inf, np.inf)
    found = _thrifty(problem, found, not_again)
    value = objective(problem, found)
    bound = min(bound - _ALLOWANCE * abs(bound) if tighter == 0 else -np.inf, value)
    return Solved(found, value, bound, gap_of(value, bound), interrupted)


def gap_of(value: float, bound: float) -> float:
    """Return how far a bound lies below a value, as a share of it."""
    return (value - bound) / abs(value) if value else 0.0


def _thrifty(problem: Problem, orders: Int, not_again: Collection[tuple[int, ...]]) -> Int:
    """Return the orders without those that change nothing, last ones first; what may not stand is not met."""
    value = objective(problem, orders)
    matter = [o for o in range(orders.shape[0]) if matters(problem, o)]
    forbidden = {tuple(stands[o] for o in matter) for stands in not_again}
    for y in reversed(range(orders.shape[1])):
        for o in range(orders.shape[0]):
            while orders[o, y]:
                fewer = orders.copy()
                fewer[o, y] -= 1
                last = tuple(standing(problem, fewer)[matter, -1].tolist())
                if objective(problem, fewer) > value or broken_rules(problem, fewer) or last in forbidden:
                    break
                orders = fewer
    return orders


def _run(
    model: Program, order: list[list[int]], seconds: float, gap: float, report: Report | None
) -> tuple[Int | None, float, bool]:
    """Return the orders (None if there are none), the bound, and whether the user stopped it."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: tuple[tuple[str, Any], ...] = (
        ("output_flag", False), ("threads", 1), ("time_limit", max(seconds, 0.01)), ("mip_rel_gap", gap),
        ("mip_abs_gap", 1e-9), ("mip_feasibility_tolerance", _TOLERANCE), ("primal_feasibility_tolerance", _TOLERANCE),
    )  # fmt: skip
    for name, value in options:
        solver.setOptionValue(name, value)
    solver.passModel(_written(model))
    solver.HandleUserInterrupt = True
    if report is not None:
        tell = report
        solver.cbMipLogging += lambda event: tell(
            event.data_out.mip_primal_bound, event.data_out.mip_dual_bound, event.data_out.running_time
        )
    interrupted = False
    thread = threading.Thread(target=solver.run, daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(0.1)
        except KeyboardInterrupt:
            interrupted = True
            solver.cancelSolve()  # type: ignore[no-untyped-call]
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, -np.inf, interrupted
    value = np.array(solver.getSolution().col_value)
    return np.rint(value[np.array(order)]).astype(np.int64), float(info.mip_dual_bound), interrupted


def _written(model: Program) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.cost), len(model.rows)
    program.col_cost_ = np.array(model.cost)
    program.col_lower_, program.col_upper_ = np.array(model.lower), np.array(model.upper)
    program.row_lower_ = np.array([low for _, low, _ in model.rows])
    program.row_upper_ = np.array([high for _, _, high in model.rows])
    program.offset_ = model.constant
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.cumsum([0, *(len(entries) for entries, _, _ in model.rows)]).astype(np.int32)
    program.a_matrix_.index_ = np.array([c for entries, _, _ in model.rows for c in entries], np.int32)
    program.a_matrix_.value_ = np.array([v for entries, _, _ in model.rows for v in entries.values()])
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    program.integrality_ = [whole if each else real for each in model.whole]
    return program


def conflict(problem: Problem, not_again: Collection[tuple[int, ...]] = ()) -> list[str]:
    """Return rules that cannot hold together, none of which can be left out: a deletion filter.

    References
    ----------
    [chinneck1991] for irreducible infeasible sets by deletion.
    """
    plain = replace(problem, year_weight=np.zeros(problem.year_weight.size))
    model, order = formulated(plain, not_again, 0)
    kept = list(dict.fromkeys(rule for rule in model.rules if rule))
    for rule in list(kept):
        fewer = [each for each in kept if each != rule]
        rows = [k for k, name in enumerate(model.rules) if not name or name in fewer]
        tried = replace(model, rows=[model.rows[k] for k in rows], rules=[model.rules[k] for k in rows])
        if _run(tried, order, 60.0, 0.0, None)[0] is None:
            kept = fewer
    return kept
