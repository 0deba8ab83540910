"""Choose sites exactly among candidates: an integer program on HiGHS, of a model made small first.

Points without value or without a candidate drop out, points covered by the same candidates are merged, a point with
one candidate becomes worth of that site, and a candidate whose points another one covers too (dominated) is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.covering_instance import Lists, lists_of, pair_overlaps

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_GIVEN_AWAY = 1e-9  # share of the bound given away to the solver's tolerances
_MOST_STEPS = 2_000_000_000  # of the search for dominated candidates
_CLOSED = 1e-10  # gap, as a share of all value, at which values that are no whole numbers count as equal
NO_BETTER = 1.0 - 1e-2  # with whole values, a choice within this of the bound is the best


class Choice(NamedTuple):
    """What was found: sites (P or fewer), no choice among the candidates is worth more than `bound`, proven best."""

    sites: IntArray
    bound: float
    closed: bool


class Reduced(NamedTuple):
    """A model: candidates kept, worth of each alone, groups of points with their value and candidates (by place)."""

    sites: IntArray
    alone: FloatArray
    value: FloatArray
    groups: Lists
    stands_for: dict[int, int]


def reduce(values: FloatArray, covers: Lists, candidates: IntArray) -> Reduced:
    """Return the small model of a choice among candidates.

    Parameters
    ----------
    values : float64, shape (J,); 0 for points that count no more
    covers : the points of each site
    candidates : int64, shape (C,), rising
    """
    lengths = np.diff(covers.start)[candidates]
    place = np.repeat(np.arange(candidates.size), lengths)
    spread = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    point = covers.item[np.repeat(covers.start[candidates], lengths) + spread]
    counts = values[point] > 0.0
    place, point = place[counts], point[counts]
    by_point = lists_of(point, place, values.size)
    own = lists_of(place, point, candidates.size)
    better = np.full(candidates.size, -1, np.int64)
    if int(pair_overlaps(*own, *by_point).sum()) <= _MOST_STEPS:
        better = dominated(*own, *by_point)
    kept = better < 0
    number = np.cumsum(kept) - 1
    alone = np.zeros(int(kept.sum()))
    found: dict[bytes, int] = {}
    value: list[float] = []
    lists: list[IntArray] = []
    for j in np.flatnonzero(np.diff(by_point.start)).tolist():
        held = by_point.item[by_point.start[j] : by_point.start[j + 1]]
        held = number[held[kept[held]]]
        if held.size == 1:
            alone[held[0]] += values[j]
            continue
        group = found.setdefault(held.tobytes(), len(value))
        if group == len(value):
            value.append(0.0)
            lists.append(held)
        value[group] += float(values[j])
    start = np.cumsum([0, *(held.size for held in lists)])
    item = np.concatenate([np.zeros(0, np.int64), *lists])
    stands = {int(candidates[k]): int(candidates[_last(better, k)]) for k in np.flatnonzero(~kept).tolist()}
    return Reduced(candidates[kept], alone, np.array(value), Lists(start, item), stands)


def _last(better: IntArray, k: int) -> int:
    """Return the candidate that nothing dominates at the end of the chain from `k`."""
    while better[k] >= 0:
        k = int(better[k])
    return k


@njit(cache=True, nogil=True)
def dominated(start: IntArray, item: IntArray, by_start: IntArray, by_item: IntArray) -> IntArray:
    """Return for each list another one that holds all its items, or -1; of equal lists the first has -1.

    Parameters
    ----------
    start, item : the lists; by_start, by_item : the lists that hold each item
    """
    lists = start.size - 1
    better = np.full(lists, -1, np.int64)
    shared = np.zeros(lists, np.int64)
    touched = np.zeros(lists, np.int64)
    for k in range(lists):
        own = start[k + 1] - start[k]
        if own == 0:
            better[k] = 0 if k > 0 else -1
            continue
        many = 0
        for a in range(start[k], start[k + 1]):
            j = item[a]
            for b in range(by_start[j], by_start[j + 1]):
                if shared[by_item[b]] == 0:
                    touched[many] = by_item[b]
                    many += 1
                shared[by_item[b]] += 1
        for t in range(many):
            other = touched[t]
            size = start[other + 1] - start[other]
            if shared[other] == own and (size > own or (size == own and other < k)):
                better[k] = other
            shared[other] = 0
    return better


def choose(
    values: FloatArray, covers: Lists, candidates: IntArray, p: int, seconds: float, known: IntArray,
    running: Callable[[highspy.Highs], None],
) -> Choice:  # fmt: skip
    """Return the best p of the candidates found in time, and a bound on all choices among them.

    Parameters
    ----------
    known : int64, sites to start from
    running : called with the solver before it runs, so that it can be cancelled
    """
    model = reduce(values, covers, candidates)
    if model.sites.size <= p:
        return Choice(model.sites, float(model.alone.sum() + model.value.sum()), closed=True)
    whole = bool(np.all(values == np.round(values)))
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", NO_BETTER if whole else _CLOSED * float(values.sum()))
    solver.passModel(_program(model, p))
    _start_from(solver, model, known)
    solver.HandleUserInterrupt = True
    running(solver)
    solver.run()
    info = solver.getInfo()
    bound = -float(info.mip_dual_bound)
    closed = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Choice(known, bound * (1.0 + _GIVEN_AWAY), closed=False)
    share = np.array(solver.getSolution().col_value)[: model.sites.size]
    return Choice(model.sites[share > 0.5], bound * (1.0 + _GIVEN_AWAY), closed)


def _program(model: Reduced, p: int) -> highspy.HighsLp:
    """Return the integer program: columns are sites, then groups; rows are groups, then the number of sites."""
    sites, groups = model.sites.size, model.value.size
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = sites + groups, groups + 1
    program.col_cost_ = -np.concatenate([model.alone, model.value])
    program.col_lower_ = np.zeros(sites + groups)
    program.col_upper_ = np.ones(sites + groups)
    program.row_lower_ = np.append(np.zeros(groups), 0.0)
    program.row_upper_ = np.append(np.full(groups, highspy.kHighsInf), float(p))
    row = np.concatenate([np.repeat(np.arange(groups), np.diff(model.groups.start)), np.arange(groups)])
    column = np.concatenate([model.groups.item, sites + np.arange(groups)])
    entry = np.concatenate([np.ones(model.groups.item.size), -np.ones(groups)])
    order = np.lexsort((column, row))
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    start = np.append(model.groups.start + np.arange(groups + 1), model.groups.item.size + groups + sites)
    program.a_matrix_.start_ = start.astype(np.int32)
    program.a_matrix_.index_ = np.concatenate([column[order], np.arange(sites)]).astype(np.int32)
    program.a_matrix_.value_ = np.concatenate([entry[order], np.ones(sites)])
    program.integrality_ = [highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * groups
    return program


def _start_from(solver: highspy.Highs, model: Reduced, known: IntArray) -> None:
    """Give the solver a first choice, dominated sites replaced by those that stand for them."""
    wanted = {model.stands_for.get(site, site) for site in known.tolist()}
    chosen = np.isin(model.sites, np.fromiter(wanted, np.int64, len(wanted))).astype(float)
    reached = np.zeros(0)
    if model.value.size:
        reached = np.maximum.reduceat(chosen[model.groups.item], model.groups.start[:-1])
    solution = highspy.HighsSolution()
    solution.col_value = np.concatenate([chosen, reached]).tolist()
    solver.setSolution(solution)


def window(near: Lists, chosen: IntArray, centre: int, size: int) -> IntArray:
    """Return at most `size` chosen sites nearest to a centre, by steps from site to site that share a point."""
    taken = set(chosen.tolist())
    seen, ring = {centre}, [centre]
    found: list[int] = []
    while ring and len(found) < size:
        found += [site for site in ring if site in taken]
        ring = [
            k for site in ring for k in near.item[near.start[site] : near.start[site + 1]].tolist() if k not in seen
        ]
        ring = list(dict.fromkeys(ring))
        seen.update(ring)
    return np.array(found[:size], np.int64)
