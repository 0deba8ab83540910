"""Scores, the beta-binomial and the rate filter against closed forms and simulated truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import betabinom, binom, norm

from shieldwall.validation import beta_binomial, rate_filter
from shieldwall.validation.rate_filter import FilterSettings
from shieldwall.validation.scores import (
    Forecast,
    central_coverage,
    closed_coverage,
    crps,
    log_score,
    mean,
    median,
    score,
)


def test_crps_of_a_certain_forecast_is_the_absolute_error() -> None:
    certain = np.zeros(21)
    certain[7] = 1.0
    assert [crps(certain, y) for y in (0, 7, 20)] == [7.0, 0.0, 13.0]


def test_crps_of_a_fair_coin() -> None:
    # Bernoulli(p): (1 - p)^2 if one happens, p^2 if none does.
    assert crps(np.array([0.7, 0.3]), 1) == pytest.approx(0.49)
    assert crps(np.array([0.7, 0.3]), 0) == pytest.approx(0.09)


def test_crps_is_the_expected_distance_less_half_the_spread() -> None:
    # Gneiting & Raftery 2007, section 4.2: E|X - y| - E|X - X'| / 2, summed without cumulative probabilities.
    forecast = betabinom.pmf(np.arange(41), 40, 1.3, 6.0)
    k = np.arange(41)
    for observed in (0, 5, 31):
        spread = forecast @ np.abs(k[:, None] - k[None, :]) @ forecast
        expected = forecast @ np.abs(k - observed) - spread / 2
        assert crps(forecast, observed) == pytest.approx(expected, rel=1e-12)


def test_crps_of_many_weapons_tends_to_that_of_a_normal() -> None:
    # CRPS of N(m, s) at y with z = (y - m) / s: s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)).
    n, p = 40_000, 0.3
    m, s = n * p, np.sqrt(n * p * (1 - p))
    forecast = binom.pmf(np.arange(n + 1), n, p)
    observed = round(m + 1.2 * s)
    z = (observed - m) / s
    closed = s * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(forecast, observed) == pytest.approx(closed, rel=2e-3)


def test_log_score_is_floored() -> None:
    assert log_score(np.array([0.5, 0.5]), 1) == pytest.approx(np.log(2))
    assert log_score(np.array([1.0, 0.0]), 1) == pytest.approx(9 * np.log(10))


def test_median_and_mean_of_a_count() -> None:
    forecast = binom.pmf(np.arange(31), 30, 0.37)
    assert median(forecast) == binom.median(30, 0.37)
    assert mean(forecast) == pytest.approx(11.1)
    assert median(np.array([0.5, 0.5])) == 0.0
    assert median(np.array([0.49, 0.51])) == 1.0


def test_coverage_of_a_calibrated_simulator_is_its_level() -> None:
    # Exact: the expectation over y of the covered share of the transform is the level, whatever the counts.
    for n, p in ((1, 0.1), (3, 0.5), (60, 0.05), (400, 0.2)):
        forecast = binom.pmf(np.arange(n + 1), n, p)
        for level in (0.5, 0.9):
            expected = sum(forecast[y] * central_coverage(forecast, y, level) for y in range(n + 1))
            assert expected == pytest.approx(level, abs=1e-9)
            assert sum(forecast[y] * closed_coverage(forecast, y, level) for y in range(n + 1)) >= level


def test_coverage_of_a_forecast_that_is_too_narrow() -> None:
    # Truth N(0, 2), forecast N(0, 1), both in steps of a hundredth: the 90 % interval covers 2 Phi(1.645 / 2) - 1.
    k = np.arange(-1200, 1201) / 100
    forecast, truth = norm.pdf(k), norm.pdf(k, scale=2.0)
    forecast, truth = forecast / forecast.sum(), truth / truth.sum()
    covered = sum(truth[y] * central_coverage(forecast, y, 0.9) for y in range(len(k)))
    assert covered == pytest.approx(2 * norm.cdf(norm.ppf(0.95) / 2) - 1, abs=1e-4)


def test_score_averages_over_nights() -> None:
    certain = Forecast(np.array([0.0, 1.0]), 1.0)
    found = score([certain, certain], [1, 0])
    assert found is not None
    assert (found.nights, found.mae, found.crps) == (2, 0.5, 0.5)
    assert score([], []) is None


@pytest.mark.parametrize(("n", "a", "b"), [(1, 0.4, 2.0), (17, 0.02, 5.0), (500, 3.0, 20.0), (810, 200.0, 1.5)])
def test_mixture_of_one_is_the_beta_binomial_of_scipy(n: int, a: float, b: float) -> None:
    found = beta_binomial.mixture(n, np.array([a]), np.array([b]), np.ones(1))
    np.testing.assert_allclose(found, betabinom.pmf(np.arange(n + 1), n, a, b), rtol=1e-8, atol=1e-14)
    whole = beta_binomial.log_probability(n, n, np.array([a]), np.array([b]))[0]
    assert whole == pytest.approx(betabinom.logpmf(n, n, a, b), rel=1e-9)


def test_fit_finds_the_beta_binomial_that_made_the_nights() -> None:
    rng = np.random.default_rng(1)
    trials = rng.integers(20, 120, 4000).astype(float)
    counts = rng.binomial(trials.astype(int), rng.beta(2.0, 18.0, 4000)).astype(float)
    a, b = beta_binomial.fit(counts, trials)
    # Standard errors from the information of 4000 nights: 0.06 on a, 0.6 on b; asked within 4.
    assert a == pytest.approx(2.0, abs=0.24)
    assert b == pytest.approx(18.0, abs=2.4)
    assert np.isfinite(beta_binomial.fit(np.zeros(3), np.full(3, 9.0))).all()


ONE_RATE = FilterSettings(drift=(0.0,), concentration=(30.0,), slope=(0.0,), jump_per_day=0.0, hyper_memory=1.0)


def test_filter_without_drift_is_bayes_rule() -> None:
    # The same posterior mean by adaptive quadrature over the logit.
    reports = [(40, 3), (25, 4), (60, 2)]
    state = rate_filter.start(ONE_RATE, 0)
    for launched, leaked in reports:
        state = rate_filter.learn(state, ONE_RATE, 0.0, launched, leaked)

    def density(x: float) -> float:
        p = expit(x)
        likelihood = np.prod([betabinom.pmf(k, n, 30 * p, 30 * (1 - p)) for n, k in reports])
        return float(norm.pdf(x, ONE_RATE.prior_mean, ONE_RATE.prior_sd) * likelihood)

    expected = quad(lambda x: x * density(x), -7.5, 6)[0] / quad(density, -7.5, 6)[0]
    found = rate_filter.level_weights(state) @ rate_filter.LEVELS
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_quiet_spell_widens_the_level_by_the_random_walk() -> None:
    settings = FilterSettings(drift=(0.1,), concentration=(30.0,), slope=(0.0,), jump_per_day=0.0)
    state = rate_filter.RateState(rate_filter.bell(-2.0, 0.5)[None, None, None, :], 0)
    level = rate_filter.level_weights(rate_filter.advance(state, settings, 25, state.weight))
    variance = level @ (rate_filter.LEVELS + 2.0) ** 2
    assert variance == pytest.approx(0.5**2 + 25 * 0.1**2, rel=1e-3)


def test_filter_finds_level_concentration_and_size_effect_of_a_simulator() -> None:
    rng = np.random.default_rng(7)
    settings = FilterSettings()
    state = rate_filter.start(settings, 0)
    transform = []
    for day in range(400):
        launched = int(np.exp(rng.normal(np.log(150), 0.6)))
        size = float(np.log(launched / 150))
        p = expit(logit(0.12) - 0.6 * size)
        leaked = int(rng.binomial(launched, rng.beta(25 * p, 25 * (1 - p))))
        state = rate_filter.advance(state, settings, day, rate_filter.start(settings, day).weight)
        if day >= 100:
            forecast = rate_filter.leak_distribution(state, settings, size, launched)
            transform.append(central_coverage(forecast, leaked, 0.9))
        state = rate_filter.learn(state, settings, size, launched, leaked)
    slope = state.weight.sum(axis=(0, 1, 3)) @ np.array(settings.slope)
    concentration = state.weight.sum(axis=(0, 2, 3)) @ np.array(settings.concentration)
    assert slope == pytest.approx(-0.6, abs=0.15)
    assert concentration == pytest.approx(25, rel=0.4)
    # Standard error of the coverage of 300 nights: 0.017.
    assert np.mean(transform) == pytest.approx(0.9, abs=0.05)
