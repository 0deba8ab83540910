"""The integer program of one network's problem against every plan there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from shieldwall.solvers.network_plan import Problem, is_feasible, optimum, value_of


def small(seed: int) -> Problem:
    """Return a random problem of three tracks, two units with two weapons in all, and scarce rounds."""
    random = np.random.default_rng(seed)
    track = np.repeat(np.arange(3), 2)
    weapon = np.tile(np.arange(2), 3)
    return Problem(
        track=track,
        unit=weapon if seed % 2 else np.zeros_like(weapon),
        weapon=weapon,
        channel=random.integers(0, 2, track.size),
        probability=random.uniform(0.1, 1.0, track.size),
        kept=np.repeat(random.integers(0, 2, 3), 2),
        weight=random.uniform(0.0, 10.0, 3),
        most=random.integers(1, 3, 3),
        channels=random.integers(0, 3, 2),
        rounds=random.integers(0, 4, 2),
        rounds_per_shot=np.array([1, 2]),
    )


@pytest.mark.parametrize("seed", range(40))
def test_optimum_is_the_best_of_all_plans(seed: int) -> None:
    problem = small(seed)
    plans = (np.array(shots) for shots in product(range(3), repeat=problem.track.size))
    best = max(value_of(problem, shots) for shots in plans if is_feasible(problem, shots))
    found = optimum(problem)
    assert is_feasible(problem, found.shots)
    assert found.value == pytest.approx(best, abs=1e-9)
    assert found.upper == pytest.approx(best, abs=1e-6)
