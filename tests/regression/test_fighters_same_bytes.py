"""With fighters too the same seed gives the same bytes, and a group of fighters changes nobody else's luck."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from regression.features import SEED, answer, digest
from shieldwall.engine.simulate import prepare
from shieldwall.engine.step import advance_raid, begin_raid, finish_raid
from shieldwall.results.row import AIR_COUNTS

TESTS = Path(__file__).resolve().parents[1]
TEXT = """
shieldwall: 1
name: air
time_zone: UTC
start: 2025-01-01 00:00
integration: alliance
areas:
  - {id: home, polygon: [[49, 29], [51, 29], [51, 31], [49, 31]]}
assets:
  - {id: town, kind: city, position: [50.0, 30.0]}
  - {id: field, kind: airbase, position: [50.2, 29.5], hardness: 50 kg}
sensors:
  - {id: wide, type: long-range-radar, position: [50.0, 30.4], availability: 0.7}
fire_units:
  - {id: battery, type: nasams-battery, position: [50.0, 30.1]}
fighters:
  - {id: qra, type: f-16, base: field, count: 4, border: home, divert: [49.5, 29.2], alert: 150 km}
  - {id: cap, type: f-35, base: [49.9, 29.2], count: 5, crews: 2, patrol: {orbit: [[50.1, 30.8], [49.8, 30.8]],
    from: "00:30", to: "05:00"}, tanker: tank}
  - {id: slow, type: helicopter, base: [50.1, 30.2], count: 3}
tankers:
  - {id: tank, type: mrtt, position: [49.8, 29.5]}
raids:
  - {id: drones, type: shahed-136, count: 40, axis: {toward: town, bearing: 90 deg, distance: 300 km},
    aim: {town: 3, field: 2}, launch: "00:10", spread: 2 h}
  - {id: cruise, type: kh-101, count: 6, axis: {toward: town, bearing: 60 deg, distance: 600 km}, aim: {town: 1,
    field: 2}, launch: "01:30", spread: 10 min}
overrides:
  aircraft.f-16.loss_probability: 0.005
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("air") / "scenario.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_everything_of_fighters_happens(path: Path) -> None:
    run = shieldwall.simulate(shieldwall.load(path), 400, SEED, events=True)
    kinds = {row["kind"] for row in run.query("select distinct kind::varchar as kind from events").to_pylist()}
    assert kinds >= {
        "scrambled", "taken_off", "on_station", "committed", "refuelled", "recovered", "diverted",
        "aircraft_lost", "fired",
    }  # fmt: skip


def test_on_one_and_two_threads_in_a_folder_and_resumed(path: Path, tmp_path: Path) -> None:
    scenario = shieldwall.load(path)
    shieldwall.simulate(scenario, 256, SEED, threads=1, events=True, out=tmp_path / "part")
    runs = [
        shieldwall.simulate(scenario, 600, SEED, threads=1, events=True),
        shieldwall.simulate(scenario, 600, SEED, threads=2, events=True),
        shieldwall.simulate(scenario, 600, SEED, threads=2, events=True, out=tmp_path / "part"),
    ]
    assert len({digest(run) for run in runs}) == 1
    assert len({answer(run) for run in runs}) == 1
    tables = [run.to_arrow("fighters").to_pydict() for run in runs]
    assert tables[0] == tables[1] == tables[2]


def test_with_the_compiler_off(path: Path) -> None:
    script = (
        "import shieldwall; from regression.features import digest, SEED;"
        f"print(digest(shieldwall.simulate(shieldwall.load({str(path)!r}), 3, SEED, events=True, threads=1)))"
    )
    paths = [str(TESTS), os.environ.get("PYTHONPATH", "")]
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert plain.returncode == 0, plain.stderr
    compiled = shieldwall.simulate(shieldwall.load(path), 3, SEED, events=True)
    assert plain.stdout.strip() == digest(compiled)


def test_fighters_that_stay_on_the_ground_change_nothing(path: Path) -> None:
    """Launch, track and kill of every threat are those of the raid without them."""
    held = [f"fighters.{group}.hold=true" for group in ("qra", "cap", "slow")]
    with_them = shieldwall.simulate(shieldwall.load(path, overrides=held), 60, SEED).to_arrow("rows")
    without = shieldwall.simulate(shieldwall.load(path, overrides=["fighters=[]", "tankers=[]"]), 60, SEED)
    rows = without.to_arrow("rows")
    for name in ("decoy", "start_s", "path", "first_track_s", "rounds", "fate", "end_s"):
        assert with_them.column(name).to_pylist() == rows.column(name).to_pylist(), name


def test_a_held_group_goes_when_it_is_told(path: Path) -> None:
    """The control that exercises and learners set: `state.air.hold`, then `look_again_s`."""
    tables, roster = prepare(shieldwall.load(path, overrides=["fighters.qra.hold=true"]))
    j = roster.fighter.index("qra")
    left = finish_raid(begin_raid(tables, SEED, 0))
    raid = begin_raid(tables, SEED, 0)
    advance_raid(raid, 7_200.0)
    assert raid.state.air.groups[j].sorties == 0
    raid.state.air.hold[j] = 0
    advance_raid(raid, 7_200.0, look_again_s=7_200.0)
    told = finish_raid(raid)
    assert left.air is not None
    assert told.air is not None
    sorties = AIR_COUNTS.index("sorties")
    assert left.air[0, j, sorties] == 0.0
    assert told.air[0, j, sorties] > 0.0


def test_fuel_and_aircraft_balance(path: Path) -> None:
    """What `engine/accounts.py` asserts, looked at from outside."""
    run = shieldwall.simulate(shieldwall.load(path), 100, SEED)
    table = {name: np.asarray(run.to_arrow("fighters").column(name)) for name in AIR_COUNTS}
    assert np.array_equal(table["sorties"], table["recovered"] + table["lost_in_flight"])
    assert (table["fuel_left"] >= 0.0).all()
    assert (table["flying_h"] >= table["station_h"]).all()
