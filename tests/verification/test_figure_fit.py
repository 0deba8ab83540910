"""Calibration through the simulator against a raid with a closed form, whose posterior is summed by brute force."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.scenario.load import read
from shieldwall.validation.attack_table import AttackTable, Night, Tally, Treated
from shieldwall.validation.calibration import follow_classes, logit_of
from shieldwall.validation.figure_fit import LAYDOWN_SD, Play, fit_figures
from shieldwall.validation.weapon_model import names_of
from verification.lab import effector, raid, scenario, shots, write

FIRST = dt.date(2024, 1, 1)
AFTER = FIRST + dt.timedelta(days=120)
KILL = "effectors.round.kill_probability.drone"


def reports(leak: float, model: str = "Shahed-136/131") -> AttackTable:
    """Return 120 nights of 20 launched, each leaking on its own."""
    rng = np.random.default_rng(3)
    nights = []
    for day in range(120):
        leaked = int(rng.binomial(20, leak))
        nights.append(Night(FIRST + dt.timedelta(days=day), {model: Tally(20, 20 - leaked, 0, 20 - leaked)}))
    return AttackTable("made-up.csv", 120, tuple(nights), Treated(np.empty(0, np.int64), np.empty(0, np.uint8)))


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Return 40 drones, one shot at each with a kill probability of 0.2, 0.4 or 0.8, that fail in 0 to 10 %."""
    fields = scenario([raid(40)], doctrine=shots(1, 1), catalogue={"effectors": [effector(kill=0.4)]})
    return Play(read(write(tmp_path_factory.mktemp("fit"), fields)), points=64, replications=100, threads=1)


@pytest.mark.parametrize("leak", [0.3, 0.7])
def test_the_posterior_is_that_of_the_closed_form(play: Play, leak: float) -> None:
    followed = follow_classes(reports(leak), AFTER)
    mean, sd = logit_of(followed["drone"].leaking, followed["drone"].mix)
    kill, loss = np.meshgrid(np.linspace(-1, 1, 401), np.linspace(-1, 1, 401), indexing="ij")
    k = np.where(kill > 0, 0.4 + 0.4 * kill, 0.4 + 0.2 * kill)
    f = np.maximum(loss, 0.0) * 0.1  # its value and low end are 0
    logit = np.log((1 - f) * (1 - k) / (1 - (1 - f) * (1 - k)))
    gap = (logit - mean) ** 2 / (sd**2 + LAYDOWN_SD**2)
    weight = (1 - np.abs(kill)) * (1 - np.abs(loss)) / (1 + gap / 3) ** 2
    weight /= weight.sum()
    truth = float(np.sum(weight * kill))
    cumulative = np.cumsum(weight.sum(axis=1))
    low, high = np.interp([0.05, 0.95], cumulative, np.linspace(-1, 1, 401))
    fits, figures = fit_figures(followed, play)
    found = fits["drone"].estimates["kill"]
    # 64 points of 4,000 drones each, and the surface is quadratic where the truth has a kink at 0.
    assert (found.mean, found.low, found.high) == pytest.approx((truth, low, high), abs=0.06)
    expected = 0.4 + (0.4 if found.mean > 0 else 0.2) * found.mean
    assert figures[KILL].value == pytest.approx(expected)
    assert 0.2 <= figures[KILL].low < figures[KILL].value < figures[KILL].high <= 0.8
    assert figures[KILL].catalogue == (0.4, 0.2, 0.8)


def test_the_raid_played_is_as_large_as_is_usual(play: Play) -> None:
    fits, _ = fit_figures(follow_classes(reports(0.5), AFTER), play)
    assert fits["drone"].launched == 20


def test_the_same_on_two_threads(play: Play) -> None:
    followed = follow_classes(reports(0.5), AFTER)
    two = Play(play.file, points=32, replications=8, threads=2)
    one = Play(play.file, points=32, replications=8, threads=1)
    assert fit_figures(followed, one) == fit_figures(followed, two)


def test_without_a_common_class_nothing_can_be_fitted(play: Play) -> None:
    with pytest.raises(InputError, match="the reports tell of no class that laboratory has"):
        fit_figures(follow_classes(reports(0.5, "Kalibr"), AFTER), play)


def test_names_of_the_table_are_found_in_the_catalogue() -> None:
    assert {"kh-101", "kh-555"} <= names_of("X-101/X-555")
    assert {"shahed-136", "shahed-131"} <= names_of("Shahed-136/131")
    assert "kinzhal" in names_of("X-47 Kinzhal")
    assert {"iskander-m", "kn-23"} <= names_of("Iskander-M/KN-23")
    assert {"kh-22", "kh-31p"} <= names_of("X-22 and X-31P")
