"""What may be drawn, between which ends, and which figures belong together."""

from __future__ import annotations

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.scenario.load import read, shipped
from shieldwall.study.design import quantile, unit_points
from shieldwall.study.figures import GROUPS, Space, group_ends, uncertain_figures


@pytest.fixture(scope="module")
def battery():
    return read("one-battery")


def figures(file, **chosen):
    return uncertain_figures(file.figures(), file.load(), **chosen)


def test_a_triangle_has_its_mean_and_variance():
    drawn = np.array([quantile(u, 2.0, 3.0, 7.0) for u in (np.arange(20_000) + 0.5) / 20_000])
    assert drawn.mean() == pytest.approx(4.0, abs=1e-3)
    assert drawn.var() == pytest.approx((4 + 9 + 49 - 6 - 14 - 21) / 18, rel=1e-3)
    assert (drawn.min(), drawn.max()) == pytest.approx((2, 7), abs=0.05)


def test_whole_numbers_at_the_ends_get_their_share():
    drawn = [quantile(u, 1, 2, 4, distribution="uniform", whole=True) for u in (np.arange(4_000) + 0.5) / 4_000]
    assert {float(n): drawn.count(n) for n in (1, 2, 3, 4)} == {1.0: 1000, 2.0: 1000, 3.0: 1000, 4.0: 1000}


@pytest.mark.parametrize("distribution", ["triangular", "uniform"])
def test_draws_stay_between_the_ends(distribution):
    for low, mode, high in ((0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (0.3, 0.9, 1.0), (0.5, 0.5, 0.5)):
        drawn = [quantile(u, low, mode, high, distribution=distribution) for u in (0.0, 1e-12, 0.5, 1 - 1e-12, 1.0)]
        assert drawn == sorted(drawn)
        assert all(low <= value <= high for value in drawn)


def test_a_longer_sobol_design_begins_with_the_shorter():
    assert np.array_equal(unit_points("sobol", 8, 5, 3), unit_points("sobol", 32, 5, 3)[:8])
    assert not np.array_equal(unit_points("sobol", 8, 5, 3), unit_points("sobol", 8, 5, 4))
    latin = np.sort(unit_points("latin", 10, 2, 3), axis=0)
    assert (np.floor(latin * 10) == np.arange(10)[:, None]).all()
    with pytest.raises(InputError, match=r"no power of two.*give 8 or 16"):
        unit_points("sobol", 12, 2, 1)


def test_every_drawn_scenario_is_one_that_a_user_could_write(battery):
    space = Space(figures(battery))
    drawn = battery.load(space.settings(np.full(len(space.groups), 0.93)))
    assert drawn.hash != battery.load().hash
    for end in (0.0, 1.0):
        battery.load(space.settings(np.full(len(space.groups), end)))


@pytest.mark.parametrize("name", shipped())
def test_only_figures_that_bear_on_a_raid_are_drawn(name):
    file = read(name)
    found = {figure.path: figure for figure in figures(file)}
    assert all(figure.low < figure.high for figure in found.values())
    assert not [path for path in found if path.endswith(("production", "operating_cost"))]
    assert {figure.group for figure in found.values()} <= set(GROUPS)
    assert set(found) <= set(file.load().assumed_figures)
    assert set(found) < {figure.path for figure in figures(file, all_confidences=True)} or name != "night-2025-06-09"


def test_patterns_choose_and_leave_out(battery):
    kills = "effectors.*.kill_probability.*"
    assert [figure.path for figure in figures(battery, chosen=(kills,))] == [
        "effectors.lab-missile.kill_probability.drone"
    ]
    assert not [f for f in figures(battery, left_out=("threats.*",)) if f.path.startswith("threats.")]
    with pytest.raises(InputError, match="no figure with a range matches 'effector"):
        figures(battery, chosen=("effector.*",))


def test_linked_figures_move_together_for_or_against_the_defence(battery):
    found = figures(battery, chosen=("effectors.*.range.*", "effectors.*.range_min", "effectors.*.height_max"))
    space = Space(found, linked=True)
    assert space.groups == ("reach of rounds",)
    at = dict(setting.split("=") for setting in space.settings(np.array([1.0])))
    assert at == {
        "effectors.lab-missile.height_max": "15 km",
        "effectors.lab-missile.range.drone": "30 km",
        "effectors.lab-missile.range_min": "0 m",
    }
    bad, good = group_ends(found)
    assert set(good) == {f"{path}={value}" for path, value in at.items()}
    assert "effectors.lab-missile.range_min=500 m" in bad
