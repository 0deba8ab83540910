"""The static problem of one network at one moment, solved to proven optimality as an integer program.

Each track takes at most one option (an engagement row) with one to `most` shots. A first shot may take a channel of
its fire unit; shots take rounds of their weapon, of which some are kept from some classes. The sum of weight x (1 -
(1 - p)^shots) is maximised. This is not the general weapon-target problem of `weapon_target`: there several weapons
may share a target and channels do not count, so that its optimum is only a bound here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Problem:
    """N options of the tracks 0 to I - 1.

    track, unit, weapon (N,); channel (N,) 1 if a shot takes a channel; probability (N,); weight, most (I,); kept (N,)
    rounds of the weapon kept from the track; channels (U,), rounds (W,) free; rounds_per_shot (W,).
    """

    track: Int
    unit: Int
    weapon: Int
    channel: Int
    probability: Float
    kept: Int
    weight: Float
    most: Int
    channels: Int
    rounds: Int
    rounds_per_shot: Int


@dataclass(frozen=True, slots=True)
class Optimum:
    """shots (N,) on every option; its value; upper: no plan has more."""

    shots: Int
    value: float
    upper: float


def value_of(problem: Problem, shots: Int) -> float:
    """Return the value expected to be saved by shots (N,) on the options."""
    kill = 1.0 - (1.0 - problem.probability) ** shots
    return float(np.sum(problem.weight[problem.track] * kill))


def is_feasible(problem: Problem, shots: Int) -> bool:
    """Return whether shots (N,) keep to one option a track, its most shots, channels and rounds."""
    used = shots > 0
    each = np.bincount(problem.track[used], minlength=problem.weight.size)
    busy = np.bincount(problem.unit[used], problem.channel[used], minlength=problem.channels.size)
    fired = shots * problem.rounds_per_shot[problem.weapon]
    enough = all(
        fired[(problem.weapon == w) & (problem.kept >= level)].sum() <= max(problem.rounds[w] - level, 0)
        for w, level in {*zip(problem.weapon.tolist(), problem.kept.tolist(), strict=True)}
    )
    within = bool(np.all(shots <= problem.most[problem.track]) and np.all(each <= 1))
    return within and bool(np.all(busy <= np.maximum(problem.channels, 0))) and enough


def optimum(problem: Problem) -> Optimum:
    """Return the best shots and a proof: no plan has more than `upper`.

    Raises
    ------
    RuntimeError
        If the integer program finds no plan, though none at all is one: a fault of ours.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  slow to import
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    times = problem.most[problem.track]
    option = np.repeat(np.arange(problem.track.size), times)
    count = np.concatenate([np.arange(1, n + 1) for n in times]) if times.size else np.zeros(0, np.int64)
    if option.size == 0:
        return Optimum(np.zeros(problem.track.size, np.int64), 0.0, 0.0)
    gain = problem.weight[problem.track[option]] * (1.0 - (1.0 - problem.probability[option]) ** count)
    rows = [(problem.track[option] == i, 1.0) for i in range(problem.weight.size)]
    rows += [
        ((problem.unit[option] == u) & (problem.channel[option] == 1), float(max(problem.channels[u], 0)))
        for u in np.unique(problem.unit)
    ]
    fired = count * problem.rounds_per_shot[problem.weapon[option]]
    matrix = [mask.astype(float) for mask, _ in rows]
    limit = [most for _, most in rows]
    for w, level in sorted({*zip(problem.weapon.tolist(), problem.kept.tolist(), strict=True)}):
        matrix.append(fired * ((problem.weapon[option] == w) & (problem.kept[option] >= level)))
        limit.append(float(max(problem.rounds[w] - level, 0)))
    scale = max(float(gain.max()), 1e-300)
    answer = milp(
        -gain / scale,
        constraints=LinearConstraint(csr_matrix(np.array(matrix)), ub=np.array(limit)),
        integrality=np.ones(option.size),
        bounds=Bounds(0.0, 1.0),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        raise RuntimeError(f"the integer program ended without a plan: {answer.message}")
    shots = np.zeros(problem.track.size, np.int64)
    chosen = answer.x > 0.5
    shots[option[chosen]] = count[chosen]
    value = value_of(problem, shots)
    return Optimum(shots, value, max(value, -float(answer.mip_dual_bound) * scale))
