"""Assumed figures move to the end they are told to, and to the defence's good or harm as a reader would say."""

from __future__ import annotations

import pytest

import shieldwall
from shieldwall.catalogue.load import load_catalogue
from shieldwall.scenario.load import shipped
from shieldwall.study.extremes import ENDS, GOOD, extreme, kind_of


@pytest.fixture(scope="module")
def night():
    return shieldwall.load("night-2025-06-09")


def test_every_figure_of_the_catalogue_that_a_raid_can_use_has_a_direction_or_is_money():
    catalogue = load_catalogue()
    money = {"unit_cost", "operating_cost", "decoy_unit_cost", "production"}
    for group in ("threats", "effectors", "sensors", "fire_units", "soft_kill", "assets", "command", "doctrine"):
        for name, record in catalogue.entries(group).items():
            for path, _ in record.figures():
                kind = kind_of(f"{group}.{name}.{path}")
                assert kind in GOOD or kind[1] in money, kind


@pytest.mark.parametrize(
    ("figure", "favourable"),
    [
        ("effectors.iris-t-slm.kill_probability.drone", "high"),
        ("soft_kill.ew-city.hazard.drone", "high"),
        ("sensors.p-18-class.detection_probability", "high"),
        ("threats.shahed-136.failure_probability", "high"),
        ("threats.kinzhal.speed", "low"),
        ("command.sector.identification", "low"),
        ("fire_units.gepard.ready", "low"),
    ],
)
def test_each_figure_moves_the_way_that_helps_or_harms(night, figure, favourable):
    other = {"high": "low", "low": "high"}[favourable]
    assert f"{figure}={favourable}" in extreme(night, "favourable")
    assert f"{figure}={other}" in extreme(night, "unfavourable")
    assert f"{figure}=low" in extreme(night, "low")
    assert f"{figure}=high" in extreme(night, "high")


def test_what_helps_neither_side_stays_and_plain_ends_move_it(night):
    height = "threats.shahed-136.height"
    assert not any(
        setting.startswith(height) for end in ("favourable", "unfavourable") for setting in extreme(night, end)
    )
    assert f"{height}=low" in extreme(night, "low")


def test_published_figures_money_ranges_and_written_magazines_do_not_move(night):
    moved = {setting.partition("=")[0] for end in ENDS for setting in extreme(night, end)}
    assert "threats.shahed-136.speed" not in moved  # published
    assert "threats.shahed-136.failure_probability" in moved
    assert not any(path.endswith("unit_cost") for path in moved)
    assert not any(path.startswith("threats.") and path.endswith(".range") for path in moved)
    assert "fire_units.patriot-battery.weapons.0.launchers" not in moved  # the scenario writes the rounds
    assert "fire_units.buk-battery.weapons.0.launchers" in moved


@pytest.mark.parametrize("name", [name for name in shipped() if name != "one-battery"])
@pytest.mark.parametrize("end", ENDS)
def test_every_shipped_scenario_loads_at_every_end(name, end):
    scenario = shieldwall.load(name)
    moved = shieldwall.load(name, overrides=extreme(scenario, end))
    assert moved.hash != scenario.hash
    assert sum(salvo.count for salvo in moved.salvos) == sum(salvo.count for salvo in scenario.salvos)
