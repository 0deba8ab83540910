"""Price and list engagement patterns: the multisets of rounds that one target may receive.

A pattern costs the value that survives it, V prod_i (1 - p_i)^n_i. At weapon prices u >= 0 its priced cost adds
sum_i u_i n_i. Over patterns the assignment problem is linear, and for ANY prices u >= 0

    L(u) = sum_j (least priced cost of target j) - sum_i u_i m_i

is a lower bound of the optimum. The least priced cost is found exactly by depth-first branch and bound over the
weapons in the order of price per log-survival; the bound is the continuous relaxation, in which a round may be fired
in part. Before that, most weapons are thrown out by this argument: weapon i, last in its pattern, turns surviving
value s into the line u_i + (1 - p_i) s. If at every s in [0, V] at least d other weapons (or firing nothing) have
lines lower by more than the tolerated excess, then a pattern of at most d rounds that holds i can be bettered by more
than the excess with a round it does not hold. The d-th envelope of the lines, found by peeling lower envelopes, is
concave, and its conjugate answers the question for each weapon with one look-up. No logarithm of 1 - p = 0 is taken.

References
----------
[dantzig1957] for the continuous relaxation; [ahuja2007] for the problem; the envelope argument is ours and is tested
against full enumeration.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ColumnArray = NDArray[np.int32]

LONGEST = 24  # rounds in a listed pattern; longer ones still count in the bound
DEEPEST = 256  # rounds in a pattern that the search will follow
LAYERS = 8  # envelopes peeled before the search gives up on throwing weapons out
_CELLS = 512
_NOTHING = -1  # the line "fire no further round": slope 1, price 0


@njit(cache=True, nogil=True)
def continuous_relaxation(
    s: float, k: int, survive: FloatArray, price: FloatArray, all_survive: FloatArray, all_price: FloatArray,
    ratio: FloatArray,
) -> float:  # fmt: skip
    """Return the least of surviving value plus price over fractional rounds of items k, k + 1, ...

    Items are in the order of `ratio`, price per log-survival; `all_survive` and `all_price` are those of every round
    of an item fired.
    """
    paid = 0.0
    for i in range(k, survive.shape[0]):
        if ratio[i] >= s:
            break
        if survive[i] == 0.0:
            return paid  # however small the part of a sure round, nothing survives it
        after = s * all_survive[i]
        if after < ratio[i]:
            return paid + ratio[i] * (1.0 + math.log(s / ratio[i]))
        s = after
        paid += all_price[i]
    return s + paid


@njit(cache=True, nogil=True)
def _envelope(
    value: float, survive: FloatArray, price: FloatArray, left: IntArray, count: int,
    line: IntArray, corner_s: FloatArray, corner_y: FloatArray,
) -> int:  # fmt: skip
    """Find the lower envelope over 0 <= s <= value of the lines price + survive * s, and of doing nothing.

    Items come by rising `survive`; those with `left` 0 are skipped. Fills lines and corners, returns how many lines.
    """
    line[0] = _NOTHING
    corner_s[0] = 0.0
    lines = 1
    for k in range(count - 1, -1, -1):
        if left[k] <= 0:
            continue
        meets = 0.0
        while lines > 0:
            top = line[lines - 1]
            slope = survive[top] if top >= 0 else 1.0
            height = price[top] if top >= 0 else 0.0
            if survive[k] < slope:
                meets = (price[k] - height) / (slope - survive[k])
            else:
                meets = 0.0 if price[k] < height else np.inf
            if meets > corner_s[lines - 1]:
                break
            lines -= 1
        if lines == 0:
            meets = 0.0
        if meets < value:
            line[lines] = k
            corner_s[lines] = meets
            lines += 1
    corner_s[lines] = value
    for t in range(lines + 1):
        k = line[min(t, lines - 1)]
        corner_y[t] = corner_s[t] * (survive[k] if k >= 0 else 1.0) + (price[k] if k >= 0 else 0.0)
    return lines


@njit(cache=True, nogil=True)
def _conjugate(survive: float, corner_s: FloatArray, corner_y: FloatArray, lines: int) -> float:
    """Return the highest price at which a line of this slope still touches the envelope."""
    highest = -np.inf
    for t in range(lines + 1):
        highest = max(highest, corner_y[t] - corner_s[t] * survive)
    return highest


@njit(cache=True, nogil=True)
def _greedy_cost(value: float, survive: FloatArray, price: FloatArray, left: IntArray, count: int) -> float:
    """Return the priced cost of a pattern built round by round; uses up `left`."""
    s = value
    paid = 0.0
    while True:
        best = s
        chosen = -1
        for k in range(count):
            if left[k] > 0 and s * survive[k] + price[k] < best:
                best = s * survive[k] + price[k]
                chosen = k
        if chosen < 0:
            return s + paid
        s *= survive[chosen]
        paid += price[chosen]
        left[chosen] -= 1


@njit(cache=True, nogil=True)
def _most_rounds(cheapest: FloatArray, cut: float) -> int:
    """Return how many rounds a pattern of priced cost <= cut can hold, at the sums of the cheapest prices."""
    rounds = 0
    while rounds + 1 < cheapest.shape[0] and cheapest[rounds + 1] <= cut:
        rounds += 1
    return rounds


@njit(cache=True, nogil=True)
def candidates(
    value: float, weapon: ColumnArray, chance: FloatArray, row: FloatArray, whole_row: bool, price: FloatArray,
    rounds: IntArray, cheapest: FloatArray, excess: float,
) -> tuple[float, IntArray, FloatArray]:  # fmt: skip
    """Return the cost of a good pattern, and the weapons (with 1 - p) that a pattern within the excess can hold.

    The envelope is built from the listed weapons (surest first); with `whole_row` all weapons are held against it.
    """
    listed = weapon.shape[0]
    survive = 1.0 - chance
    cost = price[weapon]
    left = rounds[weapon]
    best = _greedy_cost(value, survive, cost, left.copy(), listed)
    depth = max(_most_rounds(cheapest, best + excess), 1)
    line = np.empty(listed + 2, np.int64)
    corner_s = np.empty(listed + 3)
    corner_y = np.empty(listed + 3)
    lines = 0
    if depth <= LAYERS:
        for layer in range(depth):
            lines = _envelope(value, survive, cost, left, listed, line, corner_s, corner_y)
            for t in range(lines):
                if layer < depth - 1 and line[t] >= 0:
                    left[line[t]] -= 1
    size = row.shape[0] if whole_row else listed
    item = np.empty(size, np.int64)
    item_survive = np.empty(size)
    count = 0
    ceiling = np.full(_CELLS + 1, np.inf)
    if whole_row and lines > 0:
        for cell in range(_CELLS + 1):
            ceiling[cell] = _conjugate(cell / _CELLS, corner_s, corner_y, lines) + excess
    for e in range(size):
        i = e if whole_row else weapon[e]
        p = row[i] if whole_row else chance[e]
        if p <= 0.0 or rounds[i] <= 0 or price[i] > ceiling[int((1.0 - p) * _CELLS)]:
            continue
        if lines > 0 and price[i] > _conjugate(1.0 - p, corner_s, corner_y, lines) + excess:
            continue
        item[count] = i
        item_survive[count] = 1.0 - p
        count += 1
    return best, item[:count], item_survive[:count]


@njit(cache=True, nogil=True)
def _insert(
    cost: float, depth: int, path: IntArray, item: IntArray, stored: int, in_order: bool, costs: FloatArray,
    lengths: IntArray, patterns: ColumnArray,
) -> int:  # fmt: skip
    """Keep the pattern: among the cheapest ones in the order of cost, or just behind the others while there is room.

    Returns how many are stored.
    """
    room = costs.shape[0]
    if stored == room and (not in_order or cost >= costs[room - 1]):
        return stored
    place = stored if stored < room else room - 1
    stored = min(stored + 1, room)
    while in_order and place > 0 and costs[place - 1] > cost:
        costs[place] = costs[place - 1]
        lengths[place] = lengths[place - 1]
        patterns[place, : lengths[place]] = patterns[place - 1, : lengths[place]]
        place -= 1
    costs[place] = cost
    lengths[place] = depth
    for d in range(depth):
        patterns[place, d] = item[path[d]]
    return stored


@njit(cache=True, nogil=True)
def price_target(  # noqa: PLR0912, PLR0915  one search, whose parts share their stacks
    value: float, weapon: ColumnArray, chance: FloatArray, row: FloatArray, whole_row: bool, price: FloatArray,
    rounds: IntArray, cheapest: FloatArray, slack: float, tolerance: float, most_nodes: int,
    in_order: bool, costs: FloatArray, lengths: IntArray, patterns: ColumnArray,
) -> tuple[float, int, bool, bool]:  # fmt: skip
    """Search one target; see `price_targets`.

    Returns lower bound, patterns stored, whether the search ended, and whether it met patterns too long to store.
    """
    excess = slack + 2.0 * tolerance
    best, item, item_survive = candidates(value, weapon, chance, row, whole_row, price, rounds, cheapest, excess)
    count = item.shape[0]
    ratio = np.zeros(count)
    for k in range(count):
        if item_survive[k] > 0.0:
            ratio[k] = price[item[k]] / -math.log(item_survive[k])
    order = np.argsort(ratio)
    item = item[order]
    survive = item_survive[order]
    ratio = ratio[order]
    held = rounds[item]
    cost = price[item]
    all_survive = survive**held
    all_price = cost * held
    path = np.empty(DEEPEST, np.int64)
    copies = np.empty(DEEPEST, np.int64)
    following = np.empty(DEEPEST + 1, np.int64)
    left = np.empty(DEEPEST + 1)
    paid = np.empty(DEEPEST + 1)
    following[0] = 0
    left[0] = value
    paid[0] = 0.0
    cut = best + excess
    stored = 0
    depth = 0
    nodes = 1
    ended = True
    too_long = False
    best = min(best, value)
    seen = value
    asked = 0
    stored = _insert(value, 0, path, item, stored, in_order, costs, lengths, patterns) if value <= cut else 0
    while depth >= 0:
        k = following[depth]
        s = left[depth]
        if depth == DEEPEST - 1 or nodes > most_nodes:
            ended = False
            break
        used = copies[depth - 1] if depth > 0 and path[depth - 1] == k else 0
        down = False
        while k < count:
            relaxed = continuous_relaxation(s, k, survive, cost, all_survive, all_price, ratio)
            if paid[depth] + relaxed > cut - tolerance:
                break
            if used < held[k]:
                total = paid[depth] + cost[k]
                after = s * survive[k]
                if (
                    total + continuous_relaxation(after, k, survive, cost, all_survive, all_price, ratio)
                    <= cut - tolerance
                ):
                    down = True
                    break
            k += 1
            used = 0
        if not down:
            depth -= 1
            continue
        path[depth] = k
        copies[depth] = used + 1
        following[depth] = k + 1
        depth += 1
        nodes += 1
        left[depth] = after
        paid[depth] = total
        following[depth] = k
        if total + after < seen:
            seen = total + after
            asked = depth
        if total + after < best:
            best = total + after
            cut = min(cut, best + excess)
        if total + after <= cut and depth > LONGEST:
            too_long = True
        elif total + after <= cut:
            stored = _insert(total + after, depth, path, item, stored, in_order, costs, lengths, patterns)
            if in_order and stored == costs.shape[0]:
                cut = min(cut, costs[stored - 1])
    if stored == 0:
        lengths[0] = asked
    if not ended:
        return (
            continuous_relaxation(value, 0, survive, cost, all_survive, all_price, ratio) - tolerance,
            stored,
            False,
            too_long,
        )
    return best - tolerance, stored, True, too_long


@njit(cache=True, nogil=True)
def price_targets(
    values: FloatArray, start: IntArray, weapon: ColumnArray, chance: FloatArray, rows: FloatArray, whole_row: bool,
    price: FloatArray, rounds: IntArray, cheapest: FloatArray, slack: float, tolerance: float, most_nodes: int,
    in_order: bool, costs: FloatArray, lengths: IntArray, patterns: ColumnArray, least: FloatArray, stored: IntArray,
    first: int, last: int,
) -> int:  # fmt: skip
    """Find the least priced cost, and the cheapest patterns, of targets first..last-1.

    Parameters
    ----------
    values : float64, shape (T,)
    start, weapon, chance : the shortlist
    rows : float64, shape (T, W), all kill probabilities; read if `whole_row`
    price : float64, shape (W,), >= 0
    rounds : int64, shape (W,)
    cheapest : float64, sums of the n cheapest rounds' prices, n = 0, 1, ...
    slack : patterns up to this much dearer than the least are stored
    tolerance : error allowed in the least priced cost; `least` is lowered by it, so it stays a lower bound
    most_nodes : search effort for one target; beyond, `least` falls back to the continuous relaxation
    in_order : whether to keep the K cheapest in the order of cost, or the first K met
    costs, lengths, patterns : float64 (T, K), int64 (T, K), int32 (T, K, LONGEST)
    least : float64, shape (T,), lower bound of the least priced cost
    stored : int64, shape (T,), how many patterns; if none, because all are too long, `lengths[j, 0]` still says how
        many rounds the cheapest one met holds

    Returns
    -------
    int, searches that were cut short; for these the stored patterns may not be the cheapest
    """
    cut_short = 0
    for j in range(first, last):
        least[j], stored[j], ended, _ = price_target(
            values[j], weapon[start[j] : start[j + 1]], chance[start[j] : start[j + 1]], rows[j], whole_row, price,
            rounds, cheapest, slack, tolerance, most_nodes, in_order, costs[j], lengths[j], patterns[j],
        )  # fmt: skip
        if not ended:
            cut_short += 1
    return cut_short
