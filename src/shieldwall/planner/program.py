"""Find the best orders: an integer program on HiGHS over the response tables, with a bound and a gap.

For each option, year and count j there is a switch u = 1 where at least j of it stand; the j-th has its own gain, so
any response along one option is exact. A pair's cross effect is a product of switches of one option with the share of
the other that stands, written out exactly by four inequalities. Money is summed over the years up to each year.

References
----------
[mccormick1976] for the four inequalities; [rockafellar2000] for the mean of the worst share as a linear program.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.planner.portfolio import Problem, broken_rules, objective, sample_chance, standing

Int = NDArray[np.int64]
Report = Callable[[float, float, float], None]

_USD = 1e-6  # money in the program is in millions
_ALLOWANCE = 1e-6  # share of the bound given away to the solver's tolerances
_TIGHTER_USD = (0, 1_000, 100_000)
_TOLERANCE = 1e-8


@dataclass(slots=True)
class _Model:
    """An integer program as it is written down; `rules` names the rows that the user asked for."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    constant: float = 0.0

    def column(self, upper: float, *, whole: bool = False, lower: float = 0.0, cost: float = 0.0) -> int:
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, entries: dict[int, float], low: float, high: float, rule: str = "") -> None:
        self.rows.append((entries, low, high))
        self.rules.append(rule)


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
        model, order = _model(problem, not_again, tighter)
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
    matter = [o for o in range(orders.shape[0]) if _matters(problem, o)]
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


def _matters(problem: Problem, o: int) -> bool:
    """Return whether an option changes anything at all."""
    response = problem.response
    crossed = any(o in pair and effect.any() for pair, effect in zip(response.pairs, response.cross, strict=True))
    return crossed or bool(response.gain[o].any())


def _model(
    problem: Problem, not_again: Collection[tuple[int, ...]], tighter_usd: int
) -> tuple[_Model, list[list[int]]]:
    """Return the program and the columns of the orders."""
    model = _Model()
    years = range(len(problem.money.years))
    order = [
        [model.column(float(min(option.most, option.per_year)), whole=True) for _ in years]
        for option in problem.options
    ]
    switch = [_switches(model, problem, order, o) for o in range(len(problem.options))]
    _rules(model, problem, order, tighter_usd)
    for y, weight in enumerate(problem.year_weight.tolist()):
        if weight > 0.0:
            _year(model, problem, [each[y] for each in switch], weight)
    for stands in not_again:
        entries: dict[int, float] = {}
        needed = 1.0
        for o, (n, each) in enumerate(zip(stands, switch, strict=True)):
            if not _matters(problem, o):
                continue
            if n > 0:
                entries[each[-1][n - 1]] = -1.0
                needed -= 1.0
            if n < len(each[-1]):
                entries[each[-1][n]] = 1.0
        model.row(entries, needed, np.inf, "another plan than the best")
    return model, order


def _switches(model: _Model, problem: Problem, order: list[list[int]], o: int) -> list[list[int]]:
    """Return for each year the columns "at least 1, 2, ... stand"; they add up to what was ordered in time."""
    option, years = problem.options[o], len(problem.money.years)
    found = []
    for y in range(years):
        reach = option.most if y >= option.lead_years else 0
        columns = [model.column(1.0 if j < reach else 0.0, whole=True) for j in range(option.most)]
        for first, second in itertools.pairwise(columns):
            model.row({first: 1.0, second: -1.0}, 0.0, np.inf)
        ordered = {order[o][t]: -1.0 for t in range(y - option.lead_years + 1)}
        model.row({**dict.fromkeys(columns, 1.0), **ordered}, 0.0, 0.0)
        found.append(columns)
    return found


def _rules(model: _Model, problem: Problem, order: list[list[int]], tighter_usd: int) -> None:
    """Write what the user asked for: counts, deliveries, makers, money."""
    money, options = problem.money, problem.options
    years = range(len(money.years))
    for o, option in enumerate(options):
        model.row(dict.fromkeys(order[o], 1.0), 0.0, float(option.most))
        if option.least:
            due = option.due(len(money.years))
            in_time = {order[o][t]: 1.0 for t in range(due - option.lead_years + 1)}
            model.row(in_time, float(option.least), np.inf, f"least:{option.id}")
    for maker in problem.makers:
        for y in years:
            entries = {order[o][y]: float(size) for o, size in zip(maker.options, maker.sizes, strict=True)}
            model.row(entries, 0.0, float(maker.per_year), f"makers:{maker.item}")
    for n, nation in enumerate(money.nations):
        for y in years:
            entries = {
                order[o][t]: _USD * _until(option.price_usd[n], option.operating_usd[n], y - t - option.lead_years)
                for o, option in enumerate(options)
                if option.price_usd[n] or option.operating_usd[n]
                for t in range(y + 1)
            }
            allowed = int(money.budget_usd[n, : y + 1].sum()) - tighter_usd
            if entries:
                model.row(entries, -np.inf, _USD * allowed, f"budget:{nation}")
            if y == years[-1] and money.floor_usd[n]:
                model.row(entries, _USD * int(money.floor_usd[n]), np.inf, f"floor:{nation}")


def _until(price: int, operating: int, age: int) -> float:
    """Return what one order has cost once it has stood `age` + 1 years (less than 1: not yet)."""
    return float(price + operating * max(0, age + 1))


def _year(model: _Model, problem: Problem, switch: list[list[int]], weight: float) -> None:
    """Write the objective of one year."""
    response = problem.response
    columns, table = _terms(model, problem, switch)
    chance = sample_chance(response)
    if problem.objective == "mean":
        model.constant += weight * float(chance @ response.base)
        for column, effect in zip(columns, table @ chance, strict=True):
            model.cost[column] += weight * float(effect)
        return
    if problem.objective == "worst":
        top = model.column(np.inf, lower=-np.inf, cost=weight)
        for r in range(response.weight.size):
            mean = (response.raid == r) / float((response.raid == r).sum())
            entries = dict(zip(columns, (table @ mean).tolist(), strict=True))
            model.row({**entries, top: -1.0}, -np.inf, -float(mean @ response.base))
        return
    level = model.column(np.inf, lower=-np.inf, cost=weight)
    for k in range(response.base.size):
        above = model.column(np.inf, cost=weight * float(chance[k]) / (1.0 - problem.tail))
        entries = dict(zip(columns, table[:, k].tolist(), strict=True))
        model.row({**entries, level: -1.0, above: -1.0}, -np.inf, -float(response.base[k]))


def _terms(model: _Model, problem: Problem, switch: list[list[int]]) -> tuple[list[int], NDArray[np.float64]]:
    """Return the columns that one year's value depends on, and what each adds to every sample, (columns, K)."""
    response = problem.response
    columns: list[int] = []
    effects: list[NDArray[np.float64]] = []
    for gain, each in zip(response.gain, switch, strict=True):
        columns += each
        effects += list(-np.diff(gain, axis=0))
    for (o, q), cross in zip(response.pairs, response.cross, strict=True):
        if len(switch[o]) > len(switch[q]):
            o, q = q, o  # noqa: PLW2901  the pair is the same either way round; fewer switches make a smaller program
        share = 1.0 / len(switch[q])
        for column in switch[o]:
            both = model.column(1.0)
            part = dict.fromkeys(switch[q], -share)
            if problem.objective != "mean" or (cross < 0.0).any():
                model.row({both: 1.0, column: -1.0}, -np.inf, 0.0)
                model.row({both: 1.0, **part}, -np.inf, 0.0)
            if problem.objective != "mean" or (cross > 0.0).any():
                model.row({both: 1.0, column: -1.0, **part}, -1.0, np.inf)
            columns.append(both)
            effects.append(cross / len(switch[o]))
    return columns, np.array(effects).reshape(len(columns), response.base.size)


def _run(
    model: _Model, order: list[list[int]], seconds: float, gap: float, report: Report | None
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


def _written(model: _Model) -> highspy.HighsLp:
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
    model, order = _model(plain, not_again, 0)
    kept = list(dict.fromkeys(rule for rule in model.rules if rule))
    for rule in list(kept):
        fewer = [each for each in kept if each != rule]
        rows = [k for k, name in enumerate(model.rules) if not name or name in fewer]
        tried = replace(model, rows=[model.rows[k] for k in rows], rules=[model.rules[k] for k in rows])
        if _run(tried, order, 60.0, 0.0, None)[0] is None:
            kept = fewer
    return kept
