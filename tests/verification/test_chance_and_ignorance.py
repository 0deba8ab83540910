"""Chance and ignorance against closed forms: a two-level model in a few lines, then the engine on a laboratory raid."""

from __future__ import annotations

import numpy as np
import pytest

from shieldwall.scenario.load import read
from shieldwall.study.figures import Space, uncertain_figures
from shieldwall.study.uncertainty import Raids, Wanted, ignorance, tipping, tornado
from shieldwall.study.variance import components, split
from verification.lab import battery, effector, raid, scenario, shots, weapon, write

THREATS = 20
KILL = "effectors.round.kill_probability.drone"


def leakers(points: int, raids: int, seed: int) -> np.ndarray:
    """Return binomial leakers of 20 threats, p uniform on (0.1, 0.7), shape (N, n), the same luck at every point."""
    random = np.random.default_rng(seed)
    p, luck = random.uniform(0.1, 0.7, points), random.random((raids, THREATS))
    return (luck[None, :, :] < p[:, None, None]).sum(axis=2).astype(float)


# p uniform on (a, b): E p = 0.4, Var p = 0.03; chance M E p(1-p), ignorance M^2 Var p.
CHANCE = THREATS * (0.4 - 0.4**2 - 0.03)
IGNORANCE = THREATS**2 * 0.03


@pytest.mark.parametrize(("points", "raids"), [(64, 4), (16, 64)])
def test_both_parts_of_a_two_level_model_are_found_without_bias(points, raids):
    found = np.array([components(leakers(points, raids, seed)) for seed in range(800)])
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (error / (CHANCE, IGNORANCE) < 0.03).all()
    assert (np.abs(found.mean(axis=0) - (CHANCE, IGNORANCE)) < 4 * error).all()


def test_without_the_correction_the_split_would_be_wrong():
    raw = np.mean([leakers(64, 4, seed).mean(axis=1).var(ddof=1) for seed in range(800)])
    assert raw > IGNORANCE * 1.01  # what the correction takes off: an n-th of the interaction


def test_luck_that_is_the_same_everywhere_is_no_ignorance():
    random = np.random.default_rng(5)
    known, luck = random.normal(size=200), 30 * random.normal(size=6)
    chance, ignored = components(known[:, None] + luck[None, :])
    assert ignored == pytest.approx(known.var(ddof=1), rel=1e-9)
    assert chance == pytest.approx(luck.var(ddof=1), rel=1e-9)


def test_intervals_hold_the_truth_as_often_as_they_say():
    held = np.zeros(4)
    for seed in range(300):
        found = split(leakers(64, 32, seed))
        truth = (np.sqrt(CHANCE), np.sqrt(IGNORANCE), IGNORANCE / (CHANCE + IGNORANCE))
        parts = (found.chance, found.ignorance, found.share)
        held[:3] += [part.low <= value <= part.high for part, value in zip(parts, truth, strict=True)]
        held[3] += abs(found.mean - 0.4 * THREATS) <= found.half_width
    assert (held / 300 > 0.84).all(), held / 300  # 90 %, less 3.5 standard errors


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory):
    """Return 20 drones, one shot at each, kill probability anything from 0.25 to 1."""
    folder = tmp_path_factory.mktemp("lab")
    file = read(write(folder, scenario([raid(THREATS)], doctrine=shots(1, 1))))
    return file, uncertain_figures(file.figures(), file.load(), chosen=(KILL,))


@pytest.mark.parametrize("distribution", ["uniform", "triangular"])
def test_the_engine_splits_as_the_binomial_does(laboratory, distribution):
    file, figures = laboratory
    low, mode, high = 0.25, 0.5, 1.0
    middle = (low + high) / 2 if distribution == "uniform" else (low + mode + high) / 3
    spread = (
        (high - low) ** 2 / 12
        if distribution == "uniform"
        else (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    )
    found = ignorance(Raids(file, (), 200, 7), Space(figures, distribution), points=128).outputs["leaked"]
    # Sobol points err by about 1/N in one dimension; luck of 200 raids of 20 threats gives the errors stated here.
    assert found.mean == pytest.approx(THREATS * (1 - middle), abs=4 * 0.15)
    assert found.ignorance.value == pytest.approx(THREATS * np.sqrt(spread), rel=0.05)
    assert found.chance.value == pytest.approx(np.sqrt(THREATS * (middle - middle**2 - spread)), rel=0.12)
    assert found.ignorance.low < THREATS * np.sqrt(spread) < found.ignorance.high


def test_a_threshold_tips_where_the_closed_form_says(laboratory):
    file, (figure,) = laboratory
    seen, (tip,) = tipping(Raids(file, (), 400, 7), figure, "leaked", threshold=5.0)
    assert tip.at == pytest.approx(0.75, abs=4 * np.sqrt(0.75 * 0.25 / 8000))
    assert tip.low < tip.at < tip.high
    assert not tip.rising
    assert seen[0].mean == pytest.approx(10.0, abs=0.5)


def test_two_variants_change_places_where_they_are_the_same(tmp_path):
    fields = scenario(
        [raid(THREATS)],
        doctrine=shots(1, 1),
        catalogue={
            "effectors": [effector(kill=0.6), effector("other", kill=0.5)],
            "fire_units": [battery(), battery("second", [weapon("other")])],
        },
    )
    file = read(write(tmp_path, fields))
    settings = ("fire_units.unit.type=second",)
    kill = "effectors.other.kill_probability.drone"
    (figure,) = uncertain_figures(file.figures(settings), file.load(settings), chosen=(kill,))
    raids = Raids(file, settings, 400, 7)
    # the other round's kill probability is anything from 0.25 to 1: it is the better one above 0.6
    _, (tip,) = tipping(raids, figure, "leaked", against=("fire_units.unit.type=battery",))
    assert tip.at == pytest.approx(0.6, abs=4 * np.sqrt(2 * 0.6 * 0.4 / 8000))
    assert not tip.rising
    _, none = tipping(raids, figure, "leaked", against=("doctrine.weapons_control=hold",))
    assert none == []


def test_the_tornado_stands_at_the_ends(laboratory):
    file, figures = laboratory
    base, ends = tornado(Raids(file, (), 400, 7), figures)
    error = 4 * np.sqrt(THREATS * 0.25 / 400)
    assert base["leaked"] == pytest.approx(THREATS * 0.5, abs=error)
    assert ends["leaked"]["kill probability"].bad == pytest.approx(THREATS * 0.75, abs=error)
    assert ends["leaked"]["kill probability"].good == 0


def test_it_plays_until_the_half_width_is_reached(laboratory):
    file, figures = laboratory
    space, raids = Space(figures, "uniform"), Raids(file, (), 8, 7)
    found = ignorance(raids, space, points=8, wanted=Wanted("leaked", 1.5))
    assert found.reached
    assert found.outputs["leaked"].half_width <= 1.5
    assert found.points * found.replications > 64
    again = ignorance(Raids(file, (), found.replications, 7), space, points=found.points)
    assert np.array_equal(found.values["leaked"], again.values["leaked"])
    short = ignorance(raids, space, points=8, wanted=Wanted("leaked", 1e-6, raids_at_most=1000))
    assert short.reached is False


def test_threads_do_not_change_a_number(laboratory):
    file, figures = laboratory
    one, three = (
        ignorance(Raids(file, (), 20, 7, threads), Space(figures), points=16).values["leaked"] for threads in (1, 3)
    )
    assert np.array_equal(one, three)
