"""Place units of several types so that what they are expected to stop is worth most, every place guarded a little.

A demand d is worth v_d * (1 - prod over units of (1 - q)) with q the chance that a unit of that type at that site stops
what comes there. With strength s = sum of -ln(1 - q) over the units this is v_d * (1 - exp(-s)), concave in s, so that
lines touching it from above make an integer program whose optimum bounds every placement. Lines are added where the
last placement came to lie until the bound meets the value.

References
----------
[daskin1983] for expected covering; [duran1986] for outer approximation by tangents.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_ENOUGH = 1e-6
_MOST_ROUNDS = 60
_ALLOWANCE = 1e-6
_FIRST_LINES = (0.0, 0.5, 1.0, 1.6, 2.3, 3.2, 4.6)
_CERTAIN = 30.0  # strength of a chance of 1


@dataclass(frozen=True, slots=True)
class Placing:
    """What may stand where, and what it is for.

    Attributes
    ----------
    values : float64, shape (D,), of each demand
    chance : float64, shape (T, S, D), that one unit of a type at a site stops what comes at a demand
    units : int64, shape (T,), how many of each type there are
    guard : int64, shape (D,), the place that each demand belongs to; -1 for none
    least : at least this many units must reach some demand of each guarded place
    sites : at most this many sites are used; None for no limit
    """

    values: FloatArray
    chance: FloatArray
    units: IntArray
    guard: IntArray
    least: int = 0
    sites: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Units placed, int64 (T, S); the value they reach, a bound that no placement passes, and what greed reaches."""

    units: IntArray
    value: float
    upper_bound: float
    gap: float
    greedy_value: float
    interrupted: bool = False


class NotGuardedError(Exception):
    """Not every place can be guarded; `places` cannot be, even if nothing else counts."""

    def __init__(self, places: list[int]) -> None:
        self.places = places
        super().__init__(str(places))


def expected_value(placing: Placing, units: IntArray) -> float:
    """Return what units (T, S) are expected to stop."""
    left = np.prod((1.0 - placing.chance) ** units[:, :, None], axis=(0, 1))
    return float(placing.values @ (1.0 - left))


def greedy_placement(placing: Placing) -> IntArray:
    """Return the units placed one by one, each where it adds most, those that guard first; ties to the first.

    It may end with a place unguarded where a better choice guards all.
    """
    reach = _reach(placing)
    units = np.zeros(placing.chance.shape[:2], np.int64)
    left = placing.values.copy()
    for _ in range(int(placing.units.sum())):
        gain = np.einsum("tsd,d->ts", placing.chance, left)
        gain[units.sum(axis=1) >= placing.units] = -1.0
        if placing.sites is not None and (units.sum(axis=0) > 0).sum() >= placing.sites:
            gain[:, units.sum(axis=0) == 0] = -1.0
        short = np.einsum("gts,ts->g", reach, units) < placing.least
        guards = reach[short].any(axis=0) & (gain >= 0.0)
        if guards.any():
            gain[~guards] = -1.0
        t, s = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[t, s] < 0.0:
            break
        units[t, s] += 1
        left = left * (1.0 - placing.chance[t, s])
    return units


def place(placing: Placing, *, seconds: float = 50.0) -> Placed:
    """Return the best placement found and a bound.

    Raises
    ------
    NotGuardedError
        If some place cannot be guarded by `least` units while the others are.
    """
    deadline = time.perf_counter() + seconds
    greedy = greedy_placement(placing)
    greedy_value = expected_value(placing, greedy)
    strength = np.minimum(-np.log1p(-np.minimum(placing.chance, 1.0 - 1e-15)), _CERTAIN)
    best, bound = (greedy if _guards(placing, greedy) else None), float(placing.values.sum())
    value = greedy_value if best is not None else -math.inf
    lines = [list(_FIRST_LINES) for _ in placing.values]
    interrupted = False
    for _ in range(_MOST_ROUNDS):
        left_s = deadline - time.perf_counter()
        if left_s <= 0.0 and best is not None:
            break
        try:
            units, reached = _solve(placing, strength, lines, max(left_s, 0.5))
        except KeyboardInterrupt:
            interrupted = True
            break
        if units is None:
            raise NotGuardedError(_unguarded(placing))
        bound = min(bound, reached * (1.0 + _ALLOWANCE))
        found = expected_value(placing, units)
        if found > value:
            best, value = units, found
        if bound - value <= _ENOUGH * max(bound, 1e-300):
            break
        stands = np.einsum("tsd,ts->d", strength, units)
        for d, s in enumerate(stands.tolist()):
            if placing.values[d] > 0.0 and min(abs(s - t) for t in lines[d]) > 1e-7:
                lines[d].append(s)
    if best is None:
        best, value = greedy, greedy_value
    bound = max(bound, value)
    return Placed(best, value, bound, (bound - value) / bound if bound else 0.0, greedy_value, interrupted)


def _guards(placing: Placing, units: IntArray) -> bool:
    reach = _reach(placing)
    return bool(np.all(np.einsum("gts,ts->g", reach, units) >= placing.least)) if reach.size else True


def _reach(placing: Placing) -> IntArray:
    """Return whether a type at a site reaches some demand of each guarded place, int64 (G, T, S)."""
    places = range(int(placing.guard.max(initial=-1)) + 1)
    reach = [(placing.chance[:, :, placing.guard == g] > 0.0).any(axis=2) for g in places]
    return np.array(reach, np.int64).reshape(len(reach), *placing.chance.shape[:2])


def _unguarded(placing: Placing) -> list[int]:
    """Return the places that too few units can reach; all of them if only all together are too many."""
    reach = _reach(placing)
    able = (reach.any(axis=2) * placing.units).sum(axis=1)
    alone = np.flatnonzero(able < placing.least).tolist()
    return alone or list(range(reach.shape[0]))


def _solve(
    placing: Placing, strength: FloatArray, lines: list[list[float]], seconds: float
) -> tuple[IntArray | None, float]:
    """Return the best placement under the lines (None if there is none) and the bound."""
    types, sites, demands = placing.chance.shape
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds), ("mip_rel_gap", 1e-7)):
        solver.setOptionValue(name, value)
    count = types * sites
    upper = np.repeat(placing.units, sites).astype(float)
    useful = strength.any(axis=2).ravel()
    solver.addVars(count + demands + sites, np.zeros(count + demands + sites),
                   np.concatenate([upper * useful, placing.values, np.ones(sites)]))  # fmt: skip
    for k in range(count):
        solver.changeColIntegrality(k, highspy.HighsVarType.kInteger)
    for d in range(demands):
        solver.changeColCost(count + d, -1.0)
        column = strength[:, :, d].ravel()
        held = np.flatnonzero(column).astype(np.int32)
        for at in lines[d] if placing.values[d] > 0.0 else ():
            slope = placing.values[d] * math.exp(-at)
            start = placing.values[d] * (1.0 - math.exp(-at)) - slope * at
            index = np.append(held, count + d).astype(np.int32)
            entry = np.append(-slope * column[held], 1.0)
            solver.addRow(-highspy.kHighsInf, start, index.size, index, entry)
    every = np.arange(sites, dtype=np.int32)
    for t in range(types):
        solver.addRow(0.0, float(placing.units[t]), sites, t * sites + every, np.ones(sites))
    if placing.least:
        for reach in _reach(placing):
            index = np.flatnonzero(reach.ravel()).astype(np.int32)
            solver.addRow(float(placing.least), highspy.kHighsInf, index.size, index, np.ones(index.size))
    if placing.sites is not None:
        for s in range(sites):
            solver.changeColIntegrality(count + demands + s, highspy.HighsVarType.kInteger)
            index = np.array([*(t * sites + s for t in range(types)), count + demands + s], np.int32)
            entry = np.array([*np.ones(types), -float(placing.units.sum())])
            solver.addRow(-highspy.kHighsInf, 0.0, index.size, index, entry)
        solver.addRow(0.0, float(placing.sites), sites, (count + demands + every).astype(np.int32), np.ones(sites))
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, math.inf
    chosen = np.rint(np.array(solver.getSolution().col_value)[:count]).astype(np.int64).reshape(types, sites)
    return chosen, -float(info.mip_dual_bound)
