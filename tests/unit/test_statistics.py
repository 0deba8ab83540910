"""Statistics against closed forms, published values and, for coverage, many seeded repetitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from shieldwall.results.statistics import paired_difference, spread, standard_error, t_quantile, wilson


def test_quantiles_are_type_7():
    # Hyndman and Fan (1996), definition 7: position 1 + (n - 1) p
    values = np.array([1.0, 2.0, 3.0, 4.0, 10.0])
    found = spread(values)
    assert (found.q05, found.q25, found.q50, found.q75, found.q95) == pytest.approx((1.2, 2.0, 3.0, 4.0, 8.8))
    assert found.mean == pytest.approx(4.0)
    assert found.ci90 == (found.q05, found.q95)


def test_standard_error_of_a_mean_is_the_spread_of_means():
    luck = np.random.default_rng(11)
    samples = luck.binomial(20, 0.3, size=(4000, 50))
    closed_form = math.sqrt(20 * 0.3 * 0.7 / 50)
    assert np.mean([standard_error(s) for s in samples]) == pytest.approx(closed_form, rel=0.01)
    assert np.std(samples.mean(axis=1)) == pytest.approx(closed_form, rel=0.05)


def test_one_replication_has_no_standard_error():
    assert math.isnan(standard_error(np.array([3.0])))
    assert math.isnan(spread(np.array([3.0])).se)
    assert spread(np.array([3.0])).ci90 == (3.0, 3.0)


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 6.313752), (5, 2.015048), (9, 1.833113), (30, 1.697261), (1000, 1.646379)]
)
def test_t_quantile_matches_published_tables(freedom: int, value: float):
    # Student's t, one-sided 0.95: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2
    assert t_quantile(0.95, freedom) == pytest.approx(value, abs=1e-6)


def test_paired_difference_agrees_with_a_paired_t_test():
    luck = np.random.default_rng(3)
    base = luck.normal(10, 3, 40)
    changed = base + luck.normal(-1, 0.5, 40)
    found = paired_difference(changed, base)
    interval = stats.ttest_rel(changed, base).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert found.mean == pytest.approx(np.mean(changed) - np.mean(base))


def test_paired_intervals_cover_the_truth_nine_times_in_ten():
    luck = np.random.default_rng(5)
    covered = 0
    for _ in range(2000):
        base = luck.poisson(6, 30).astype(float)
        found = paired_difference(base + luck.normal(2, 1.5, 30), base)
        covered += found.low <= 2 <= found.high
    # 0.9 with a standard error of 0.0067 over 2000 repetitions; four of them
    assert covered / 2000 == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 2000))


def test_variance_reduction_is_that_of_the_closed_form():
    # two normals with correlation r and equal variance: reduction 1 / (1 - r)
    luck = np.random.default_rng(8)
    pair = luck.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], size=20_000)
    found = paired_difference(pair[:, 0].copy(), pair[:, 1].copy())
    assert found.variance_reduction == pytest.approx(10, rel=0.05)


def test_pairs_without_any_variance():
    constant = np.full(5, 2.0)
    assert math.isnan(paired_difference(constant, constant).variance_reduction)
    varied = np.arange(5.0)
    assert math.isinf(paired_difference(varied + 1, varied).variance_reduction)
    assert paired_difference(varied + 1, varied).mean == 1


def test_pairs_of_unlike_shape_are_refused():
    with pytest.raises(ValueError, match=r"one shape, not \(3,\) and \(2,\)"):
        paired_difference(np.zeros(3), np.zeros(2))


@pytest.mark.parametrize(("successes", "trials"), [(0, 20), (1, 20), (7, 20), (20, 20), (300, 10_000)])
def test_wilson_is_the_inverted_score_test(successes: int, trials: int):
    low, high = wilson(successes, trials)
    theirs = stats.binomtest(successes, trials).proportion_ci(0.9, method="wilson")
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_of_nothing_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
