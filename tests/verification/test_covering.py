"""Maximal covering against brute force, known optima and an integer program of the plain model."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.solvers import covering
from shieldwall.solvers.covering_bound import begin, descend, may_better, priced
from shieldwall.solvers.covering_instance import Covering, covering_of, haversine_m, read_covering, within
from shieldwall.solvers.covering_model import choose, reduce
from shieldwall.solvers.covering_search import covered, greedy

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "mclp"


def small(seed: int) -> tuple[Covering, int]:
    """Return a random instance of 3 to 11 sites, points that nothing covers, sites alike, values whole or not."""
    random = np.random.default_rng(seed)
    sites, points = int(random.integers(3, 12)), int(random.integers(1, 25))
    reach = random.random((sites, points)) < random.uniform(0.05, 0.6)
    if seed % 3 == 0:
        reach[-1] = reach[0]
    values = random.integers(0, 30, points).astype(float) if seed % 2 else random.random(points)
    site, point = np.nonzero(reach)
    return covering_of(values, site, point, sites), int(random.integers(1, sites))


def best_of_all(instance: Covering, p: int) -> float:
    return max(
        covered(instance.values, instance.covers, np.array(chosen, np.int64))
        for chosen in itertools.combinations(range(instance.sites), p)
    )


def test_all_choices_of_300_small_instances() -> None:
    for seed in range(300):
        instance, p = small(seed)
        optimum = best_of_all(instance, p)
        answer = covering.solve(instance, p, time_limit_s=20.0)
        assert answer.value == pytest.approx(optimum, rel=1e-9, abs=1e-12), seed
        assert answer.upper_bound >= optimum * (1.0 - 1e-12), seed
        assert answer.gap <= 3e-9, seed
        assert answer.sites.size == p == np.unique(answer.sites).size
        assert answer.greedy_value <= optimum + 1e-9


def test_prices_never_prove_too_much() -> None:
    for seed in range(200):
        instance, p = small(seed)
        optimum = best_of_all(instance, p)
        descent = begin(instance)
        for steps in (1, 3, 30):
            descend(instance.values, *instance.covers, p, 0.9 * optimum, descent, steps)
            found = priced(instance, p, descent.best_price)
            assert found.bound >= optimum * (1.0 - 1e-12)
            needed = may_better(found, p, optimum - 1e-6)
            alone = [
                max(
                    covered(instance.values, instance.covers, np.array((i, *rest), np.int64))
                    for rest in itertools.combinations([k for k in range(instance.sites) if k != i], p - 1)
                )
                for i in np.flatnonzero(~needed)
            ]
            assert all(value <= optimum - 1e-6 + 1e-9 for value in alone)


def test_greed_keeps_its_promise() -> None:
    """Greed reaches 1 - 1/e of the optimum (Nemhauser, Wolsey & Fisher 1978)."""
    for seed in range(200):
        instance, p = small(seed)
        value = covered(instance.values, instance.covers, greedy(instance.values, *instance.covers, p))
        assert value >= (1.0 - 1.0 / math.e) * best_of_all(instance, p) - 1e-9


def test_the_small_model_is_the_same_problem() -> None:
    for seed in range(100):
        instance, p = small(seed)
        everything = np.arange(instance.sites)
        found = choose(instance.values, instance.covers, everything, p, 20.0, everything[:p], lambda solver: None)
        optimum = best_of_all(instance, p)
        assert found.closed
        assert found.bound >= optimum * (1.0 - 1e-9)
        assert covered(instance.values, instance.covers, found.sites) == pytest.approx(optimum, abs=1e-9)
        model = reduce(instance.values, instance.covers, everything)
        held = {k for k in range(instance.sites) if k in model.stands_for}
        assert held.isdisjoint(model.sites.tolist())


def test_large_steps_find_what_the_integer_program_finds() -> None:
    """Threads, annealing, fusion and windows on an instance that an integer program closes."""
    random = np.random.default_rng(5)
    latitude, longitude = 50.0 + 0.3 * random.random(900), 20.0 + 0.5 * random.random(900)
    instance = within(latitude, longitude, random.integers(1, 100, 900).astype(float), 1_500.0)
    answer = covering.solve(instance, 25, time_limit_s=20.0)
    everything = np.arange(instance.sites)
    exact = choose(instance.values, instance.covers, everything, 25, 60.0, answer.sites, lambda solver: None)
    assert exact.closed
    assert answer.value <= covered(instance.values, instance.covers, exact.sites) <= answer.upper_bound
    assert answer.value >= 0.999 * exact.bound


def test_distance_is_the_haversine() -> None:
    one_degree = haversine_m(np.array([0.0, 0.0]), np.array([0.0, 1.0]), np.array([0]), np.array([1]))
    assert one_degree[0] == pytest.approx(6_378_137.0 * math.pi / 180.0, rel=1e-12)
    across = within(np.array([10.0, 10.0]), np.array([179.9999, -179.9999]), np.ones(2), 50.0)
    assert np.diff(across.covers.start).tolist() == [2, 2]


def test_all_or_no_sites() -> None:
    instance, _ = small(1)
    assert covering.solve(instance, 0).value == 0.0
    everything = covering.solve(instance, 99)
    assert everything.sites.tolist() == list(range(instance.sites))
    assert everything.gap == 0.0


def test_a_file_cut_short_is_located(tmp_path: Path) -> None:
    file = tmp_path / "cut.txt"
    file.write_text("NAME : x\nDIMENSION : 2\nNODE_COORD_SECTION\n50.0 20.0\n50.1 200.0\nDEMAND_SECTION\n1\n", "utf-8")
    with pytest.raises(InputError, match=r"cut.txt:7:1: 1 lines of demand, 2 announced"):
        read_covering(file, 100.0)
    file.write_text("NODE_COORD_SECTION\n50.0 20.0\n50.1 200.0\nDEMAND_SECTION\n1\n1\nEOF\n", "utf-8")
    with pytest.raises(InputError, match=r"cut.txt:3:1: longitude 200 is not within"):
        read_covering(file, 100.0)
    with pytest.raises(InputError, match="radius"):
        within(np.zeros(2), np.zeros(2), np.ones(2), -1.0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public cases are not beside the repository")
def test_published_choices_recompute() -> None:
    with (SHARED / "best_known.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            instance = read_covering(SHARED / f"{row['instance']}.txt", float(row["radius_m"]))
            published = (SHARED / f"{row['instance']}_{row['p']}_{row['radius_m']}.txt").read_text()
            sites = np.array(published.split("Facilidade:")[1].split(), np.int64)
            assert covered(instance.values, instance.covers, sites) == float(row["best_known"])
            assert instance.values.sum() == float(row["total_demand"])
