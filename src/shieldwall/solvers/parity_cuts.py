"""Cut off mixtures of patterns that no whole choice can reach, by parity.

Add the rows of some targets S (one pattern each) and some weapons Q (at most m_i rounds each) and halve. With whole
numbers of patterns x_n, where pattern n of target j holds r_n rounds of the weapons in Q,

    sum_n floor(([j in S] + r_n) / 2) x_n <= floor((|S| + sum_{i in Q} m_i) / 2).

A mixture breaks the cut by (1 - d) / 2, where d adds up, over the targets, the shares of the patterns for which
[j in S] + r_n is odd, and the rounds of Q not fired, provided the bracket on the right is odd. Given Q, each target
is best in S if most of its shares are odd; one more target is swapped to make the bracket odd. Q is found by local
search from single weapons.

A cut charges a price for each unit of its left side. The charge of a pattern never falls when a round is added.

References
----------
[caprara1996] for cuts by halves; [jepsen2008] for cuts on few rows in column generation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.solvers.listed import Listed

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]

_WHOLE = 1e-7
_STEPS = 12  # of local search
_LEAST_BREACH = 0.02
_MOST = 60  # cuts found at a time
_BETTER = 1e-9


class Cuts(NamedTuple):
    """Cuts of one program.

    Attributes
    ----------
    in_target, in_weapon : uint8, shapes (T, C) and (W, C), 1 where the row is among those added
    most : float64, shape (C,), right sides
    """

    in_target: ByteArray
    in_weapon: ByteArray
    most: FloatArray

    def chosen(self, which: NDArray[np.bool_]) -> Cuts:
        """Return some of the cuts."""
        return Cuts(
            np.ascontiguousarray(self.in_target[:, which]),
            np.ascontiguousarray(self.in_weapon[:, which]),
            self.most[which],
        )

    def joined(self, more: Cuts) -> Cuts:
        """Return these cuts and more."""
        return Cuts(
            np.concatenate([self.in_target, more.in_target], axis=1),
            np.concatenate([self.in_weapon, more.in_weapon], axis=1),
            np.concatenate([self.most, more.most]),
        )


def no_cuts(targets: int, weapons: int) -> Cuts:
    """Return an empty set of cuts."""
    return Cuts(np.zeros((targets, 0), np.uint8), np.zeros((weapons, 0), np.uint8), np.zeros(0))


@njit(cache=True, nogil=True)
def charged_costs(
    listed: Listed, which: IntArray, price: FloatArray, charge: FloatArray, in_target: ByteArray, in_weapon: ByteArray
) -> FloatArray:
    """Return cost plus prices of the rounds plus charges of the cuts, of the chosen patterns."""
    cuts = charge.shape[0]
    total = np.empty(which.shape[0])
    count = np.empty(cuts, np.uint8)
    for k in range(which.shape[0]):
        n = which[k]
        paid = listed.cost[n]
        count[:] = in_target[listed.target[n]]
        for e in range(listed.start[n], listed.start[n + 1]):
            i = listed.weapon[e]
            paid += price[i]
            for c in range(cuts):
                count[c] += in_weapon[i, c]
        for c in range(cuts):
            paid += charge[c] * (count[c] >> 1)
        total[k] = paid
    return total


@njit(cache=True, nogil=True)
def _flip(
    i: int, of_weapon: IntArray, begin: IntArray, target: IntArray, share: FloatArray, odd: NDArray[np.bool_],
    odd_share: FloatArray,
) -> tuple[float, int]:  # fmt: skip
    """Put weapon i into the set, or take it out; return the change of the odd shares, and of targets mostly odd."""
    change = 0.0
    mostly = 0
    for e in range(begin[i], begin[i + 1]):
        n = of_weapon[e]
        j = target[n]
        before = odd_share[j]
        odd_share[j] = before - share[n] if odd[n] else before + share[n]
        odd[n] = not odd[n]
        after = odd_share[j]
        change += min(after, 1.0 - after) - min(before, 1.0 - before)
        mostly += int(after > 0.5) - int(before > 0.5)
    return change, mostly


@njit(cache=True, nogil=True)
def _nearest_half(split: IntArray, odd_share: FloatArray) -> tuple[float, int]:
    """Return what it costs least to swap a target, and which one."""
    least = np.inf
    chosen = -1
    for j in split:
        cost = abs(1.0 - 2.0 * odd_share[j])
        if cost < least:
            least = cost
            chosen = j
    return least, chosen


@njit(cache=True, nogil=True)
def _touches_split(i: int, of_weapon: IntArray, begin: IntArray, target: IntArray, odd_share: FloatArray) -> bool:
    for e in range(begin[i], begin[i + 1]):  # noqa: SIM110  compiled: a generator is slower
        if _WHOLE < odd_share[target[of_weapon[e]]] < 1.0 - _WHOLE:
            return True
    return False


@njit(cache=True, nogil=True)
def _search(
    targets: int, rounds: IntArray, spare: FloatArray, split_weapons: IntArray, split: IntArray,
    of_weapon: IntArray, begin: IntArray, target: IntArray, share: FloatArray,
) -> tuple[ByteArray, ByteArray, FloatArray]:  # fmt: skip
    """Search from each weapon of a split pattern; return target and weapon rows, and how far each cut is broken."""
    starts = split_weapons.shape[0]
    in_target = np.zeros((starts, targets), np.uint8)
    in_weapon = np.zeros((starts, rounds.shape[0]), np.uint8)
    breach = np.zeros(starts)
    odd = np.empty(share.shape[0], np.bool_)
    odd_share = np.empty(targets)
    for s in range(starts):
        odd[:] = False
        odd_share[:] = 0.0
        inside = in_weapon[s]
        distance = 0.0
        bracket = 0
        best = np.inf
        flip = split_weapons[s]
        for step in range(_STEPS):
            change, mostly = _flip(flip, of_weapon, begin, target, share, odd, odd_share)
            inside[flip] = 1 - inside[flip]
            distance += change + (spare[flip] if inside[flip] else -spare[flip])
            bracket += mostly + rounds[flip]
            best = distance + (_nearest_half(split, odd_share)[0] if bracket % 2 == 0 else 0.0)
            flip = -1
            if step == _STEPS - 1:
                break
            for i in split_weapons:
                if not inside[i] and not _touches_split(i, of_weapon, begin, target, odd_share):
                    continue
                change, mostly = _flip(i, of_weapon, begin, target, share, odd, odd_share)
                reached = distance + change + (-spare[i] if inside[i] else spare[i])
                if reached < best - _BETTER and (bracket + mostly + rounds[i]) % 2 == 0:
                    reached += _nearest_half(split, odd_share)[0]
                _flip(i, of_weapon, begin, target, share, odd, odd_share)
                if reached < best - _BETTER and i != split_weapons[s]:
                    best = reached
                    flip = i
            if flip < 0:
                break
        for j in range(targets):
            in_target[s, j] = odd_share[j] > 0.5
        if (in_target[s].sum() + (inside * rounds).sum()) % 2 == 0:
            swap = _nearest_half(split, odd_share)[1]
            in_target[s, swap] = 1 - in_target[s, swap]
        breach[s] = 0.5 * (1.0 - best)
    return in_target, in_weapon, breach


def find_cuts(listed: Listed, held: IntArray, share: FloatArray, targets: int, rounds: IntArray) -> Cuts:
    """Return cuts that this mixture of patterns breaks, those broken most.

    Parameters
    ----------
    held : int64, shape (K,), patterns in the mixture
    share : float64, shape (K,), their shares, > 0
    """
    length = np.diff(listed.start)[held]
    of_entry = np.repeat(np.arange(held.size), length)
    weapon = listed.weapon[
        np.repeat(listed.start[held] - np.cumsum(length) + length, length) + np.arange(of_entry.size)
    ].astype(np.int64)
    fired = np.bincount(weapon, weights=share[of_entry], minlength=rounds.size)
    spare = np.maximum(rounds - fired, 0.0)
    is_split = share < 1.0 - _WHOLE
    # pairs of weapon and pattern in which the weapon's count is odd
    pair, count = np.unique(weapon * held.size + of_entry, return_counts=True)
    pair = pair[count % 2 == 1]
    begin = np.searchsorted(pair, np.arange(rounds.size + 1) * held.size)
    split_weapons = np.unique(weapon[is_split[of_entry]])
    target = listed.target[held]
    split = np.unique(target[is_split])
    if split_weapons.size == 0:
        return no_cuts(targets, rounds.size)
    in_target, in_weapon, breach = _search(
        targets, rounds, spare, split_weapons, split, pair % held.size, begin, target, share
    )
    both = np.concatenate([in_target, in_weapon], axis=1)
    good = np.flatnonzero(breach > _LEAST_BREACH)
    _, once = np.unique(both[good], axis=0, return_index=True)
    good = good[once]
    good = good[np.argsort(-breach[good], kind="stable")][:_MOST]
    in_target, in_weapon = in_target[good].T, in_weapon[good].T
    most = (in_target.sum(axis=0, dtype=np.int64) + rounds @ in_weapon.astype(np.int64)) // 2
    return Cuts(np.ascontiguousarray(in_target), np.ascontiguousarray(in_weapon), most.astype(np.float64))
