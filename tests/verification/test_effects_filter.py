"""The filter with effects against brute force on a fine grid, and against the law of made-up nights."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import betabinom

from shieldwall.validation.effects_filter import MODEL, PLACE, SIZE, EffectSettings, EffectsFilter
from shieldwall.validation.launch_place import places, shares

DAY = dt.date(2024, 1, 1)
STILL = EffectSettings(drift=(0.0,), concentration=(20.0,), place_sd=(0.5,), slope_sd=(0.0,), hyper_memory=1.0,
                       return_days=1e12)  # fmt: skip
REPORTS = ((40, 3, 1.0), (60, 12, 0.0), (25, 0, 1.0), (80, 15, 0.5), (50, 9, 0.0), (70, 4, 1.0))


def test_level_and_effect_agree_with_brute_force() -> None:
    followed = EffectsFilter(STILL)
    followed.move(DAY)
    for launched, leaked, share in REPORTS:
        followed.learn({PLACE + "a": share}, launched, leaked)
    level, effect = np.meshgrid(np.linspace(-6, 4, 401), np.linspace(-2.5, 2.5, 401), indexing="ij")
    log_weight = -0.5 * (level / 2.0) ** 2 - 0.5 * (effect / 0.5) ** 2
    for launched, leaked, share in REPORTS:
        p = expit(level + share * effect)
        log_weight += betabinom.logpmf(leaked, launched, 20.0 * p, 20.0 * (1.0 - p))
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    truth = np.array([np.sum(weight * level), np.sum(weight * effect)])
    spread = np.sqrt([np.sum(weight * (level - truth[0]) ** 2), np.sum(weight * (effect - truth[1]) ** 2)])
    at = [0, followed.names.index(PLACE + "a")]
    # Assumed density filtering is not exact: within a fifth of a posterior standard deviation.
    np.testing.assert_allclose(followed.mean[0, at], truth, atol=0.2 * spread.min())
    np.testing.assert_allclose(np.sqrt(followed.covariance[0][at, at]), spread, rtol=0.1)


def test_the_first_forecast_is_the_prior_predictive() -> None:
    followed = EffectsFilter(STILL)
    followed.move(DAY)
    rng = np.random.default_rng(5)
    p = expit(rng.normal(0.0, 2.0, 400_000))
    drawn = rng.binomial(12, rng.beta(20.0 * p, 20.0 * (1.0 - p)))
    expected = np.bincount(drawn, minlength=13) / len(drawn)
    np.testing.assert_allclose(followed.leak_distribution({}, 12), expected, atol=4 * np.sqrt(0.2 / 400_000) + 1e-3)


def test_places_are_found_where_they_matter_and_cost_little_where_not() -> None:
    rng = np.random.default_rng(7)
    scores = {}
    for effect in (1.0, 0.0):
        both = [EffectsFilter(), EffectsFilter(EffectSettings(place_sd=(0.0,)))]
        lost = np.zeros(2)
        for day in range(150):
            share = float(rng.random() < 0.5)
            p = expit(-2.0 + effect * share)
            leaked = int(rng.binomial(60, rng.beta(25 * p, 25 * (1 - p))))
            known = {SIZE: 0.0, MODEL + "m": 1.0, PLACE + "a": share, PLACE + "b": 1.0 - share}
            for k, followed in enumerate(both):
                followed.move(DAY + dt.timedelta(days=day))
                if day >= 50:
                    lost[k] -= np.log(followed.leak_distribution(known, 60)[leaked])
                followed.learn(known, 60, leaked)
        scores[effect] = (lost[1] - lost[0]) / 100
    assert scores[1.0] > 0.1
    assert abs(scores[0.0]) < 0.02


def test_time_widens_the_level_and_forgets_effects() -> None:
    followed = EffectsFilter(EffectSettings(drift=(0.1,), concentration=(20.0,), place_sd=(0.5,), slope_sd=(0.0,)))
    followed.move(DAY)
    for _ in range(30):
        followed.learn({PLACE + "a": 1.0}, 50, 10)
        followed.learn({}, 50, 2)
    before = float(followed.logit({})[1][0]), float(followed.mean[0, 2])
    followed.move(DAY + dt.timedelta(days=25))
    assert float(followed.logit({})[1][0]) == pytest.approx(np.hypot(before[0], 0.5), rel=1e-6)
    assert followed.mean[0, 2] == pytest.approx(before[1] * np.exp(-25 / 365))


def test_places_of_a_cell_and_their_shares() -> None:
    assert places("Primorsko-Akhtarsk and Chauda, Crimea and Kursk oblast") == (
        "Primorsko-Akhtarsk", "Chauda", "Crimea", "Kursk",
    )  # fmt: skip
    assert places("") == ()
    found = shares([("Kursk oblast and Yeysk", 30), ("", 10), ("Kursk oblast", 20)])
    assert found == pytest.approx({"Kursk": 35 / 60, "Yeysk": 15 / 60})
