"""Expected covering against all placements of small instances, and the scenario's part of it by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from shieldwall.solvers.expected_covering import NotGuardedError, Placing, expected_value, greedy_placement, place


def small(seed: int) -> Placing:
    """Return 1 or 2 types, 2 or 3 sites, up to 5 demands, with and without guard and limit of sites."""
    random = np.random.default_rng(seed)
    types, sites, demands = int(random.integers(1, 3)), int(random.integers(2, 4)), int(random.integers(1, 6))
    chance = random.uniform(0.1, 0.95, (types, sites, demands)) * (random.random((types, sites, demands)) < 0.6)
    if seed % 7 == 0:
        chance[chance > 0.8] = 1.0
    guard = np.arange(demands) % 2 if seed % 2 else np.full(demands, -1)
    least = int(seed % 4 == 1)
    limit = 1 + seed % 2 if seed % 3 == 0 else None
    return Placing(random.uniform(0, 10, demands), chance, random.integers(1, 3, types), guard, least, limit)


def allowed(placing: Placing, units: np.ndarray) -> bool:
    if (units.sum(axis=1) > placing.units).any():
        return False
    if placing.sites is not None and (units.sum(axis=0) > 0).sum() > placing.sites:
        return False
    for g in range(int(placing.guard.max()) + 1):
        reaches = (placing.chance[:, :, placing.guard == g] > 0).any(axis=2)
        if (reaches * units).sum() < placing.least:
            return False
    return True


def best_of_all(placing: Placing) -> float:
    types, sites, _ = placing.chance.shape
    ranges = [range(int(placing.units[t]) + 1) for t in range(types) for _ in range(sites)]
    every = (np.array(flat).reshape(types, sites) for flat in itertools.product(*ranges))
    return max((expected_value(placing, units) for units in every if allowed(placing, units)), default=-np.inf)


def test_all_placements_of_200_small_instances() -> None:
    unguarded = 0
    for seed in range(200):
        placing = small(seed)
        optimum = best_of_all(placing)
        if optimum == -np.inf:
            unguarded += 1
            with pytest.raises(NotGuardedError):
                place(placing)
            continue
        found = place(placing, seconds=20.0)
        assert allowed(placing, found.units), seed
        assert found.upper_bound >= optimum * (1 - 1e-9), seed
        assert found.value == pytest.approx(optimum, rel=3e-6), seed
        if allowed(placing, greedy_placement(placing)):
            assert found.greedy_value <= optimum + 1e-9
    assert unguarded > 0


def test_two_units_of_one_site_by_hand() -> None:
    placing = Placing(np.array([10.0]), np.full((1, 1, 1), 0.5), np.array([2]), np.array([-1]))
    found = place(placing)
    assert found.value == pytest.approx(7.5)
    assert found.units.tolist() == [[2]]
