"""The fourfold scenario answers its question on the command line, and its scale keys multiply what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

import shieldwall

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]
FACTORS = ("defence", "fire_units", "rounds", "sensors")


def rounds_of(scenario) -> Counter[str]:
    held: Counter[str] = Counter()
    for unit in scenario.fire_units:
        for weapon in unit.weapons:
            held[weapon.effector.id] += weapon.ready_rounds + weapon.reserve_rounds
    return held


def alone(scenario) -> int:
    return sum(not sensor.fire_unit for sensor in scenario.sensors)


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> dict:
    arguments = ["compare", "fourfold", "--set", "scale.defence=1,4,5", "-n", "30", "--json"]
    folder = tmp_path_factory.mktemp("runs")
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_compare_sets_four_and_five_times_against_one(compared):
    assert compared["base"] == "scale.defence=1"
    assert set(compared["differences"]) == {"scale.defence=4", "scale.defence=5"}
    for differences in compared["differences"].values():
        low, high = differences["leaked"]["ci90"]
        assert low <= differences["leaked"]["mean"] <= high < 0  # whole batteries, rounds and all: fewer get through


def test_five_times_leaves_no_more_than_four_times(compared):
    four, five = (compared["runs"][f"scale.defence={k}"]["leaked"] for k in (4, 5))
    assert five["mean"] <= four["mean"] + 2 * (four["se"] + five["se"])


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("k", [4, 5])
def test_each_factor_multiplies_its_own_things_only(factor, k):
    one, many = shieldwall.load("fourfold"), shieldwall.load("fourfold", overrides=[f"scale.{factor}={k}"])
    units = {"defence": k, "fire_units": k}.get(factor, 1)
    rounds = {"defence": k, "rounds": k}.get(factor, 1)
    assert len(many.fire_units) == units * len(one.fire_units)
    assert rounds_of(many) == Counter({name: rounds * count for name, count in rounds_of(one).items()})
    assert alone(many) == (k if factor == "sensors" else 1) * alone(one)
    assert {unit.id for unit in one.fire_units} <= {unit.id for unit in many.fire_units}


@pytest.mark.parametrize("level", ["autonomous", "sector", "alliance"])
def test_every_level_of_integration_plays_the_same_raid(level):
    scenario = shieldwall.load("fourfold", overrides=[f"integration={level}"])
    run = shieldwall.simulate(scenario, 5, 1)
    assert scenario.command.integration == level
    assert (run.counts.fates.sum(axis=(1, 2)) == sum(salvo.count for salvo in scenario.salvos)).all()


def test_the_raid_has_every_type_it_promises():
    kinds = Counter()
    for salvo in shieldwall.load("fourfold").salvos:
        kinds[salvo.type.id] += salvo.count
    assert {"iskander-m", "kalibr", "9m729", "kinzhal", "zircon"} <= set(kinds)
    assert 300 <= sum(kinds.values()) <= 500
