"""Write the choice of orders as an integer program: switches, rules, money and the value of each year.

For each option, year and count j there is a switch u = 1 where at least j of it stand; the j-th has its own gain, so
any response along one option is exact. A pair's cross effect is a product of switches of one option with the share of
the other that stands, written out exactly by four inequalities. Money is summed over the years up to each year.

References
----------
[mccormick1976] for the four inequalities; [rockafellar2000] for the mean of the worst share as a linear program.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shieldwall.planner.portfolio import Problem, sample_chance

_USD = 1e-6  # money in the program is in millions


@dataclass(slots=True)
class Program:
    """An integer program as it is written down; `rules` names the rows that the user asked for."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    constant: float = 0.0

    def column(self, upper: float, *, whole: bool = False, lower: float = 0.0, cost: float = 0.0) -> int:
        """Add a variable; return its number."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, entries: dict[int, float], low: float, high: float, rule: str = "") -> None:
        """Add an inequality over columns, both sides."""
        self.rows.append((entries, low, high))
        self.rules.append(rule)


def matters(problem: Problem, o: int) -> bool:
    """Return whether an option changes anything at all."""
    response = problem.response
    crossed = any(o in pair and effect.any() for pair, effect in zip(response.pairs, response.cross, strict=True))
    return crossed or bool(response.gain[o].any())


def formulated(
    problem: Problem, not_again: Collection[tuple[int, ...]], tighter_usd: int
) -> tuple[Program, list[list[int]]]:
    """Return the program and the columns of the orders."""
    program = Program()
    years = range(len(problem.money.years))
    order = [
        [program.column(float(min(option.most, option.per_year)), whole=True) for _ in years]
        for option in problem.options
    ]
    switch = [_switches(program, problem, order, o) for o in range(len(problem.options))]
    _rules(program, problem, order, tighter_usd)
    for y, weight in enumerate(problem.year_weight.tolist()):
        if weight > 0.0:
            _year(program, problem, [each[y] for each in switch], weight)
    for stands in not_again:
        entries: dict[int, float] = {}
        needed = 1.0
        for o, (n, each) in enumerate(zip(stands, switch, strict=True)):
            if not matters(problem, o):
                continue
            if n > 0:
                entries[each[-1][n - 1]] = -1.0
                needed -= 1.0
            if n < len(each[-1]):
                entries[each[-1][n]] = 1.0
        program.row(entries, needed, np.inf, "another plan than the best")
    return program, order


def _switches(program: Program, problem: Problem, order: list[list[int]], o: int) -> list[list[int]]:
    """Return for each year the columns "at least 1, 2, ... stand"; they add up to what was ordered in time."""
    option, years = problem.options[o], len(problem.money.years)
    found = []
    for y in range(years):
        reach = option.most if y >= option.lead_years else 0
        columns = [program.column(1.0 if j < reach else 0.0, whole=True) for j in range(option.most)]
        for first, second in itertools.pairwise(columns):
            program.row({first: 1.0, second: -1.0}, 0.0, np.inf)
        ordered = {order[o][t]: -1.0 for t in range(y - option.lead_years + 1)}
        program.row({**dict.fromkeys(columns, 1.0), **ordered}, 0.0, 0.0)
        found.append(columns)
    return found


def _rules(program: Program, problem: Problem, order: list[list[int]], tighter_usd: int) -> None:
    """Write what the user asked for: counts, deliveries, makers, money."""
    money, options = problem.money, problem.options
    years = range(len(money.years))
    for o, option in enumerate(options):
        program.row(dict.fromkeys(order[o], 1.0), 0.0, float(option.most))
        if option.least:
            due = option.due(len(money.years))
            in_time = {order[o][t]: 1.0 for t in range(due - option.lead_years + 1)}
            program.row(in_time, float(option.least), np.inf, f"least:{option.id}")
    for maker in problem.makers:
        for y in years:
            entries = {order[o][y]: float(size) for o, size in zip(maker.options, maker.sizes, strict=True)}
            program.row(entries, 0.0, float(maker.per_year), f"makers:{maker.item}")
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
                program.row(entries, -np.inf, _USD * allowed, f"budget:{nation}")
            if y == years[-1] and money.floor_usd[n]:
                program.row(entries, _USD * int(money.floor_usd[n]), np.inf, f"floor:{nation}")


def _until(price: int, operating: int, age: int) -> float:
    """Return what one order has cost once it has stood `age` + 1 years (less than 1: not yet)."""
    return float(price + operating * max(0, age + 1))


def _year(program: Program, problem: Problem, switch: list[list[int]], weight: float) -> None:
    """Write the objective of one year."""
    response = problem.response
    columns, table = _terms(program, problem, switch)
    chance = sample_chance(response)
    if problem.objective == "mean":
        program.constant += weight * float(chance @ response.base)
        for column, effect in zip(columns, table @ chance, strict=True):
            program.cost[column] += weight * float(effect)
        return
    if problem.objective == "worst":
        top = program.column(np.inf, lower=-np.inf, cost=weight)
        for r in range(response.weight.size):
            mean = (response.raid == r) / float((response.raid == r).sum())
            entries = dict(zip(columns, (table @ mean).tolist(), strict=True))
            program.row({**entries, top: -1.0}, -np.inf, -float(mean @ response.base))
        return
    level = program.column(np.inf, lower=-np.inf, cost=weight)
    for k in range(response.base.size):
        above = program.column(np.inf, cost=weight * float(chance[k]) / (1.0 - problem.tail))
        entries = dict(zip(columns, table[:, k].tolist(), strict=True))
        program.row({**entries, level: -1.0, above: -1.0}, -np.inf, -float(response.base[k]))


def _terms(program: Program, problem: Problem, switch: list[list[int]]) -> tuple[list[int], NDArray[np.float64]]:
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
            both = program.column(1.0)
            part = dict.fromkeys(switch[q], -share)
            if problem.objective != "mean" or (cross < 0.0).any():
                program.row({both: 1.0, column: -1.0}, -np.inf, 0.0)
                program.row({both: 1.0, **part}, -np.inf, 0.0)
            if problem.objective != "mean" or (cross > 0.0).any():
                program.row({both: 1.0, column: -1.0, **part}, -1.0, np.inf)
            columns.append(both)
            effects.append(cross / len(switch[o]))
    return columns, np.array(effects).reshape(len(columns), response.base.size)
