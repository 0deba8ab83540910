"""List every engagement pattern that is little dearer than the cheapest of its target.

At prices u a plan worth less than `L(u) + width` holds only patterns within `width` of the least priced cost of their
target. The list of all these is what the proof chooses from.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.lagrangian import Priced, Problem, cheapest_sums, search_tolerance
from shieldwall.solvers.patterns import LONGEST, price_target

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ColumnArray = NDArray[np.int32]

_MOST = 400_000  # in all
_MOST_OF_ONE = 10  # times the mean that one target may have
_MOST_OF_BLOCK = 3  # times the mean that a block of targets may have
_NODES_A_PATTERN = 20
_BLOCK = 32
_FIRST_ROOM = 4096


class Listed(NamedTuple):
    """Patterns of all targets, target by target.

    Attributes
    ----------
    target : int64, shape (N,), never falling
    start : int64, shape (N + 1,); pattern n holds the rounds of weapon[start[n]:start[n + 1]], in rising order
    weapon : int32, shape (E,), one entry a round
    cost : float64, shape (N,), value that survives
    """

    target: IntArray
    start: IntArray
    weapon: ColumnArray
    cost: FloatArray


@njit(cache=True, nogil=True)
def _list_block(
    values: FloatArray, start: IntArray, weapon: ColumnArray, chance: FloatArray, rows: FloatArray, whole_row: bool,
    price: FloatArray, rounds: IntArray, cheapest: FloatArray, slack: float, tolerance: float, most: int, room: int,
    first: int, last: int,
) -> tuple[bool, IntArray, IntArray, ColumnArray, FloatArray]:  # fmt: skip
    """List targets first..last-1: whether all is listed, then target and length, weapons, and cost."""
    costs = np.empty(most)
    lengths = np.zeros(most, np.int64)
    patterns = np.empty((most, LONGEST), np.int32)
    target, length, cost = np.empty(_FIRST_ROOM, np.int64), np.empty(_FIRST_ROOM, np.int64), np.empty(_FIRST_ROOM)
    entry = np.empty(2 * _FIRST_ROOM, np.int32)
    count, entries = 0, 0
    whole = True
    for j in range(first, last):
        _, stored, ended, too_long = price_target(
            values[j], weapon[start[j] : start[j + 1]], chance[start[j] : start[j + 1]], rows[j], whole_row, price,
            rounds, cheapest, slack, tolerance, _NODES_A_PATTERN * most, False, costs, lengths, patterns,
        )  # fmt: skip
        if not ended or too_long or stored == most or count + stored > room:
            whole = False
            break
        while count + stored > target.shape[0]:
            target = np.concatenate((target, np.empty_like(target)))
            length = np.concatenate((length, np.empty_like(length)))
            cost = np.concatenate((cost, np.empty_like(cost)))
        while entries + lengths[:stored].sum() > entry.shape[0]:
            entry = np.concatenate((entry, np.empty_like(entry)))
        for k in range(stored):
            pattern = np.sort(patterns[k, : lengths[k]])
            survives = values[j]
            for i in pattern:
                survives *= 1.0 - rows[j, i]
                entry[entries] = i
                entries += 1
            target[count] = j
            length[count] = pattern.shape[0]
            cost[count] = survives
            count += 1
    return whole, target[:count], length[:count], entry[:entries], cost[:count]


def list_patterns(problem: Problem, priced: Priced, slack: float, incumbent: float) -> Listed | None:
    """Return every pattern within `slack` of the least priced cost of its target; None if they are too many or long.

    Parameters
    ----------
    priced : the prices
    incumbent : value of the best plan, scales the tolerance
    """
    targets = problem.values.size
    tolerance = search_tolerance(incumbent, targets)
    cheapest = cheapest_sums(priced.price, problem.rounds)

    most = min(_MOST_OF_ONE * _MOST // targets, _MOST) + 1
    room = _MOST_OF_BLOCK * _MOST * _BLOCK // targets + 1

    def block(first: int) -> tuple[bool, IntArray, IntArray, ColumnArray, FloatArray]:
        found: tuple[bool, IntArray, IntArray, ColumnArray, FloatArray] = _list_block(
            problem.values, *problem.shortlist, problem.chance, not problem.lists_all, priced.price, problem.rounds,
            cheapest, slack, tolerance, most, room, first, min(first + _BLOCK, targets),
        )  # fmt: skip
        return found

    found = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        firsts = list(range(0, targets, _BLOCK))
        count = 0
        step = 2 * (os.cpu_count() or 1)
        for at in range(0, len(firsts), step):
            found += list(pool.map(block, firsts[at : at + step]))
            count = sum(part[1].size for part in found)
            if count > _MOST or not all(part[0] for part in found):
                return None
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.concatenate([part[2] for part in found]), out=start[1:])
    target, weapon, cost = (np.concatenate([part[k] for part in found]) for k in (1, 3, 4))
    return Listed(target, start, weapon, cost)


def merged(one: Listed, other: Listed) -> Listed:
    """Return the patterns of both, each once."""
    length = np.concatenate([np.diff(one.start), np.diff(other.start)])
    weapon = np.concatenate([one.weapon, other.weapon])
    key = np.full((length.size, 1 + int(length.max(initial=0))), -1, np.int32)
    key[:, 0] = np.concatenate([one.target, other.target])
    row = np.repeat(np.arange(length.size), length)
    key[row, 1 + np.arange(weapon.size) - np.repeat(np.cumsum(length) - length, length)] = weapon
    _, once = np.unique(key, axis=0, return_index=True)  # in the order of the target, then of the weapons
    start = np.zeros(once.size + 1, np.int64)
    np.cumsum(length[once], out=start[1:])
    rounds = key[once, 1:].reshape(-1)
    cost = np.concatenate([one.cost, other.cost])[once]
    return Listed(key[once, 0].astype(np.int64), start, rounds[rounds >= 0], cost)


@njit(cache=True, nogil=True)
def columns(
    listed: Listed, which: IntArray, targets: int, in_target: NDArray[np.uint8], in_weapon: NDArray[np.uint8]
) -> tuple[IntArray, ColumnArray, FloatArray]:
    """Return starts, rows and entries of the chosen patterns as columns of a program.

    The rows: 1 in the target's row, counts in the weapons' rows, then what each cut counts, see `parity_cuts`.
    """
    weapons, cuts = in_weapon.shape
    room = 0
    for n in which:
        room += 1 + listed.start[n + 1] - listed.start[n] + cuts
    start = np.zeros(which.shape[0] + 1, np.int64)
    row = np.empty(room, np.int32)
    entry = np.empty(room)
    count = np.empty(cuts, np.int64)
    size = 0
    for k in range(which.shape[0]):
        n = which[k]
        j = listed.target[n]
        row[size] = j
        entry[size] = 1.0
        size += 1
        count[:] = in_target[j]
        before = -1
        for e in range(listed.start[n], listed.start[n + 1]):
            i = listed.weapon[e]
            if i == before:
                entry[size - 1] += 1.0
            else:
                row[size] = targets + i
                entry[size] = 1.0
                size += 1
            before = i
            count += in_weapon[i]
        for c in range(cuts):
            if count[c] > 1:
                row[size] = targets + weapons + c
                entry[size] = count[c] >> 1
                size += 1
        start[k + 1] = size
    return start, row[:size], entry[:size]
