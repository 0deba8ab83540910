"""List every pattern that is little dearer than the cheapest of its target, charges of the cuts included.

The charge of a pattern never falls when a round is added, so the search of `patterns` holds with charges added to
what is paid; and charged costs are never below plain ones, so the envelope argument throws out the same weapons.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.lagrangian import Priced, Problem, cheapest_sums, price_out, search_tolerance
from shieldwall.solvers.listed import Listed
from shieldwall.solvers.parity_cuts import Cuts
from shieldwall.solvers.patterns import LONGEST, candidates, continuous_relaxation

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ColumnArray = NDArray[np.int32]
ByteArray = NDArray[np.uint8]

_BLOCK = 32
_MOST_NODES = 2_000_000  # of a block
_FIRST_ROOM = 1024


@njit(cache=True, nogil=True)
def _search_target(  # noqa: PLR0912, PLR0915  one search, whose parts share their stacks
    value: float, item: IntArray, survive: FloatArray, price: FloatArray, rounds: IntArray, known: float,
    slack: float, first_price: FloatArray, first_limit: float, count: IntArray,
    cut_start: IntArray, cut_of: IntArray, charge: FloatArray, most_nodes: int,
) -> tuple[int, ColumnArray, IntArray]:  # fmt: skip
    """Return nodes used (-1: given up), and the weapons and lengths of all patterns within the slack of the least."""
    limit = known + slack
    items = item.shape[0]
    ratio = np.zeros(items)
    for k in range(items):
        if survive[k] > 0.0:
            ratio[k] = price[item[k]] / -np.log(survive[k])
    order = np.argsort(ratio)
    item, survive, ratio = item[order], survive[order], ratio[order]
    held, cost = rounds[item], price[item]
    all_survive, all_price = survive**held, cost * held
    first_cost = first_price[item]
    first_ratio = np.zeros(items)
    for k in range(items):
        if survive[k] > 0.0:
            first_ratio[k] = first_cost[k] / -np.log(survive[k])
    by_first = np.argsort(first_ratio)
    ratio_1, survive_1, cost_1 = first_ratio[by_first], survive[by_first], first_cost[by_first]
    all_survive_1, all_cost_1 = survive_1 ** held[by_first], cost_1 * held[by_first]
    path = np.empty(LONGEST + 1, np.int64)
    copies = np.empty(LONGEST + 1, np.int64)
    following = np.zeros(LONGEST + 2, np.int64)
    left, paid, first_paid = np.empty(LONGEST + 2), np.zeros(LONGEST + 2), np.zeros(LONGEST + 2)
    left[0] = value
    entry, length = np.empty(_FIRST_ROOM, np.int32), np.empty(_FIRST_ROOM, np.int64)
    stored, entries, nodes, depth = 0, 0, 0, 0
    if value <= min(limit, first_limit):
        length[0] = 0
        stored = 1
    while depth >= 0:
        s, k = left[depth], following[depth]
        used = copies[depth - 1] if depth > 0 and path[depth - 1] == k else 0
        down = False
        total, after, first_total = 0.0, 0.0, 0.0
        while k < items:
            if paid[depth] + continuous_relaxation(s, k, survive, cost, all_survive, all_price, ratio) > limit:
                break
            if used < held[k]:
                total = paid[depth] + cost[k]
                for e in range(cut_start[item[k]], cut_start[item[k] + 1]):
                    if count[cut_of[e]] & 1:
                        total += charge[cut_of[e]]
                after = s * survive[k]
                first_total = first_paid[depth] + first_cost[k]
                if (
                    total + continuous_relaxation(after, k, survive, cost, all_survive, all_price, ratio) <= limit
                    and first_total
                    + continuous_relaxation(after, 0, survive_1, cost_1, all_survive_1, all_cost_1, ratio_1)
                    <= first_limit
                ):
                    down = True
                    break
            k += 1
            used = 0
        if not down:
            depth -= 1
            if depth >= 0:
                i = item[path[depth]]
                for e in range(cut_start[i], cut_start[i + 1]):
                    count[cut_of[e]] -= 1
            continue
        if depth == LONGEST or nodes == most_nodes:
            return -1, entry[:0], length[:0]
        for e in range(cut_start[item[k]], cut_start[item[k] + 1]):
            count[cut_of[e]] += 1
        path[depth] = k
        copies[depth] = used + 1
        following[depth] = k + 1
        depth += 1
        nodes += 1
        left[depth], paid[depth], first_paid[depth], following[depth] = after, total, first_total, k
        if total + after <= limit and first_total + after <= first_limit:
            limit = min(limit, total + after + slack)
            if stored == length.shape[0]:
                length = np.concatenate((length, np.empty_like(length)))
            if entries + depth > entry.shape[0]:
                entry = np.concatenate((entry, np.empty_like(entry)))
            for d in range(depth):
                entry[entries] = item[path[d]]
                entries += 1
            length[stored] = depth
            stored += 1
    return nodes, entry[:entries], length[:stored]


@njit(cache=True, nogil=True)
def _list_block(
    values: FloatArray, start: IntArray, weapon: ColumnArray, chance: FloatArray, rows: FloatArray, whole_row: bool,
    price: FloatArray, rounds: IntArray, cheapest: FloatArray, least: FloatArray, known: FloatArray, slack: float,
    first_price: FloatArray, first_cheapest: FloatArray, first_least: FloatArray, width: float,
    in_target: ByteArray, cut_start: IntArray, cut_of: IntArray, charge: FloatArray, first: int, last: int,
) -> tuple[bool, IntArray, IntArray, ColumnArray, FloatArray]:  # fmt: skip
    """List targets first..last-1: whether all is listed, then target and length, weapons, and cost."""
    target, lengths = np.empty(0, np.int64), np.empty(0, np.int64)
    entry, cost = np.empty(0, np.int32), np.empty(0)
    nodes = _MOST_NODES
    for j in range(first, last):
        listed, odds = weapon[start[j] : start[j + 1]], chance[start[j] : start[j + 1]]
        excess = max(known[j] - least[j], 0.0) + slack
        _, item, survive = candidates(
            values[j], listed, odds, rows[j], whole_row, price, rounds, cheapest, excess
        )  # fmt: skip
        _, item_1, _ = candidates(
            values[j], listed, odds, rows[j], whole_row, first_price, rounds, first_cheapest, width
        )
        both = np.zeros(rows.shape[1], np.int64)
        both[item] += 1
        both[item_1] += 1
        item, survive = item[both[item] == 2], survive[both[item] == 2]
        count = in_target[j].astype(np.int64)
        used, found, length = _search_target(
            values[j],
            item,
            survive,
            price,
            rounds,
            known[j],
            slack,
            first_price,
            first_least[j] + width,
            count,
            cut_start,
            cut_of,
            charge,
            nodes,
        )
        if used < 0:
            return False, target, lengths, entry, cost
        nodes -= used
        survives = np.empty(length.shape[0])
        at = 0
        for n in range(length.shape[0]):
            found[at : at + length[n]] = np.sort(found[at : at + length[n]])
            survives[n] = values[j]
            for e in range(at, at + length[n]):
                survives[n] *= 1.0 - rows[j, found[e]]
            at += length[n]
        target = np.concatenate((target, np.full(length.shape[0], j)))
        lengths = np.concatenate((lengths, length))
        entry = np.concatenate((entry, found))
        cost = np.concatenate((cost, survives))
    return True, target, lengths, entry, cost


def list_charged(
    problem: Problem,
    first: Priced,
    price: FloatArray,
    charge: FloatArray,
    cuts: Cuts,
    known: FloatArray,
    slack: float,
    incumbent: float,
    deadline: float,
) -> Listed | None:
    """Return every pattern within `slack` of the least charged cost of its target; None if they are too many or long.

    Some that are dearer are among them. None too where time is up, see `time.perf_counter`.

    Parameters
    ----------
    first : prices without cuts; what they show to be in no plan better than `incumbent` is left out
    price, charge : float64, shapes (W,) and (C,), both >= 0
    known : float64, shape (T,), charged cost of some pattern of each target
    incumbent : value of the best plan, scales the tolerance
    """
    targets = problem.values.size
    least = price_out(problem, price, incumbent).least
    slack += 2.0 * search_tolerance(incumbent, targets)
    weapon, cut_of = np.nonzero(cuts.in_weapon)
    cut_start = np.searchsorted(weapon, np.arange(problem.rounds.size + 1))
    cheapest, first_cheapest = cheapest_sums(price, problem.rounds), cheapest_sums(first.price, problem.rounds)
    width = incumbent - first.bound

    def block(begin: int) -> tuple[bool, IntArray, IntArray, ColumnArray, FloatArray]:
        found: tuple[bool, IntArray, IntArray, ColumnArray, FloatArray] = _list_block(
            problem.values, *problem.shortlist, problem.chance, not problem.lists_all, price, problem.rounds,
            cheapest, least, known, slack, first.price, first_cheapest, first.least, width, cuts.in_target,
            cut_start, cut_of, charge, begin, min(begin + _BLOCK, targets),
        )  # fmt: skip
        return found

    workers = os.cpu_count() or 1
    firsts = list(range(0, targets, _BLOCK))
    found = []
    with ThreadPoolExecutor(workers) as pool:
        for at in range(0, len(firsts), workers):  # in steps: what is given up, or out of time, ends soon
            found += list(pool.map(block, firsts[at : at + workers]))
            if not all(part[0] for part in found) or time.perf_counter() > deadline:
                return None
    length = np.concatenate([part[2] for part in found])
    start = np.zeros(length.size + 1, np.int64)
    np.cumsum(length, out=start[1:])
    target, weapons, cost = (np.concatenate([part[k] for part in found]) for k in (1, 3, 4))
    return Listed(target, start, weapons, cost)
