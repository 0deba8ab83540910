"""Choose sites by greed, then better them by simulated annealing over swaps of one site for another.

A swap looks only at the points of the new site, so millions are tried a second. Most swaps go to a site that covers a
random point of the one that is given up, so to near ones most often; a few go to any site.

References
----------
[church1974] for the problem and the greedy start; [kirkpatrick1983] for annealing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.covering_instance import Lists

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Int32Array = NDArray[np.int32]

_FAR = 0.1  # share of the swaps that go to any site
_BLOCK = 1000
_NOBODY, _SEVERAL = -1, -2
_SEED_MIX = 0x9E3779B97F4A7C15


@njit(cache=True, nogil=True)
def greedy(values: FloatArray, start: IntArray, item: IntArray, count: int) -> IntArray:
    """Return `count` sites, each the one that adds most to those before it; ties go to the lower number.

    Parameters
    ----------
    values : float64, shape (J,); start, item : the points of each site
    """
    sites = start.size - 1
    left = values.copy()
    gain = np.zeros(sites)
    fresh = np.zeros(sites, np.int64)
    chosen = np.zeros(count, np.int64)
    taken = np.zeros(sites, np.bool_)
    for i in range(sites):
        for a in range(start[i], start[i + 1]):
            gain[i] += values[item[a]]
    for k in range(count):
        while True:
            best = -1
            for i in range(sites):
                if not taken[i] and (best < 0 or gain[i] > gain[best]):
                    best = i
            if fresh[best] == k:
                break
            gain[best] = 0.0
            for a in range(start[best], start[best + 1]):
                gain[best] += left[item[a]]
            fresh[best] = k
        chosen[k] = best
        taken[best] = True
        for a in range(start[best], start[best + 1]):
            left[item[a]] = 0.0
    return chosen


@njit(cache=True, nogil=True)
def neighbours(start: IntArray, item: IntArray, by_start: IntArray, by_item: IntArray) -> tuple[IntArray, IntArray]:
    """Return for each site the other sites that share a point with it, as `Lists` (start, item).

    Parameters
    ----------
    start, item : the points of each site; by_start, by_item : the sites of each point
    """
    sites = start.size - 1
    seen = np.full(sites, -1, np.int64)
    size = np.zeros(sites + 1, np.int64)
    for i in range(sites):
        for a in range(start[i], start[i + 1]):
            j = item[a]
            for b in range(by_start[j], by_start[j + 1]):
                if seen[by_item[b]] != i:
                    seen[by_item[b]] = i
                    size[i + 1] += by_item[b] != i
    first = np.cumsum(size)
    near = np.zeros(first[sites], np.int64)
    seen[:] = -1
    for i in range(sites):
        place = first[i]
        for a in range(start[i], start[i + 1]):
            j = item[a]
            for b in range(by_start[j], by_start[j + 1]):
                k = by_item[b]
                if seen[k] != i:
                    seen[k] = i
                    if k != i:
                        near[place] = k
                        place += 1
    return first, near


class Hand(NamedTuple):
    """A choice of sites, changed in place.

    Attributes
    ----------
    chosen, best : int64, shape (P,), the sites in hand and the best ones so far
    held : int32, shape (J,), how many of the chosen sites cover each point
    together : int32, shape (J,), the exclusive or of their numbers: with one of them, its number
    owner : int32, shape (J,), the only chosen site that covers a point, -1 for none, -2 for several
    taken : bool, shape (I,), whether a site is chosen
    lost : float64, shape (I,), value of the points that a chosen site alone covers
    state : uint64, shape (1,), of the generator
    """

    chosen: IntArray
    best: IntArray
    held: Int32Array
    together: Int32Array
    owner: Int32Array
    taken: NDArray[np.bool_]
    lost: FloatArray
    state: NDArray[np.uint64]


@njit(cache=True, nogil=True)
def _uniform(state: NDArray[np.uint64]) -> float:
    """Return the next number within [0, 1) of xorshift64."""
    word = state[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state[0] = word
    return float(word >> np.uint64(11)) * 2.0**-53


@njit(cache=True, nogil=True)
def swap(
    values: FloatArray, start: IntArray, item: Int32Array, by_start: IntArray, by_item: Int32Array, hand: Hand,
    value: float, best_value: float, temperature: float, blocks: int,
) -> tuple[float, float]:  # fmt: skip
    """Try `blocks` times 1000 swaps, in place; return the value in hand and the best one.

    Parameters
    ----------
    values, start, item : the instance; by_start, by_item : the sites of each point
    hand : the choice in hand
    temperature : a swap that loses d is made with probability exp(-d / temperature)
    """
    sites = start.size - 1
    chosen, best, owner, taken, lost, state = hand.chosen, hand.best, hand.owner, hand.taken, hand.lost, hand.state
    for _ in range(blocks * _BLOCK):
        k = int(_uniform(state) * chosen.size)
        out = chosen[k]
        own = start[out + 1] - start[out]
        if own == 0 or _uniform(state) < _FAR:
            into = int(_uniform(state) * sites)
        else:
            j = item[start[out] + int(_uniform(state) * own)]
            into = by_item[by_start[j] + int(_uniform(state) * (by_start[j + 1] - by_start[j]))]
        if taken[into]:
            continue
        gain = -lost[out]
        for a in range(start[into], start[into + 1]):
            who = owner[item[a]]
            if who == _NOBODY or who == out:  # noqa: PLR1714, SIM109  a tuple would be built for each point
                gain += values[item[a]]
        if gain >= 0.0 or _uniform(state) < math.exp(gain / temperature):
            _remove(out, values, start, item, hand)
            _add(into, values, start, item, hand)
            chosen[k] = into
            value += gain
            if value > best_value:
                best_value = value
                best[:] = chosen
    return value, best_value


@njit(cache=True, nogil=True)
def _add(site: int, values: FloatArray, start: IntArray, item: Int32Array, hand: Hand) -> None:
    """Choose a site: say of its points who covers them, and what each chosen site alone covers."""
    hand.taken[site] = True
    alone = 0.0
    for a in range(start[site], start[site + 1]):
        j = item[a]
        hand.held[j] += 1
        hand.together[j] ^= site
        if hand.held[j] == 1:
            hand.owner[j] = site
            alone += values[j]
        else:
            if hand.held[j] == 2:
                hand.lost[hand.owner[j]] -= values[j]
            hand.owner[j] = _SEVERAL
    hand.lost[site] = alone


@njit(cache=True, nogil=True)
def _remove(site: int, values: FloatArray, start: IntArray, item: Int32Array, hand: Hand) -> None:
    """Undo `_add`."""
    hand.taken[site] = False
    for a in range(start[site], start[site + 1]):
        j = item[a]
        hand.held[j] -= 1
        hand.together[j] ^= site
        if hand.held[j] == 0:
            hand.owner[j] = _NOBODY
        elif hand.held[j] == 1:
            hand.owner[j] = hand.together[j]
            hand.lost[hand.together[j]] += values[j]
    hand.lost[site] = 0.0


def covered(values: FloatArray, covers: Lists, chosen: IntArray) -> float:
    """Return the value of the points that the chosen sites cover, summed exactly."""
    hit = np.zeros(values.size, np.bool_)
    for site in chosen.tolist():
        hit[covers.item[covers.start[site] : covers.start[site + 1]]] = True
    return math.fsum(values[hit])


class Annealing:
    """One run of annealing, taken in slices so that it can be stopped; `best` is the best choice so far."""

    def __init__(self, values: FloatArray, covers: Lists, by_point: Lists, chosen: IntArray, seed: int) -> None:
        points, sites = values.size, covers.start.size - 1
        item, sites_of = covers.item.astype(np.int32), by_point.item.astype(np.int32)
        self._instance = (values, covers.start, item, by_point.start, sites_of)
        self._hand = Hand(
            chosen.copy(), chosen.copy(), np.zeros(points, np.int32), np.zeros(points, np.int32),
            np.full(points, _NOBODY, np.int32), np.zeros(sites, np.bool_), np.zeros(sites),
            np.array([(_SEED_MIX * (2 * seed + 1)) % 2**64], np.uint64),
        )  # fmt: skip
        for site in chosen.tolist():
            _add(site, *self._instance[:3], self._hand)
        self._value = self._best_value = float(values[self._hand.held > 0].sum())

    @property
    def best(self) -> IntArray:
        """Return the best choice so far."""
        return self._hand.best

    def forget(self) -> None:
        """Count as best only what comes from now on: else a run from a good choice would end with that one."""
        self._hand.best[:] = self._hand.chosen
        self._best_value = self._value

    def slice(self, temperature: float, blocks: int) -> None:
        """Try `blocks` times 1000 swaps."""
        self._value, self._best_value = swap(
            *self._instance, self._hand, self._value, self._best_value, temperature, blocks
        )
