"""The coarse relief that comes with the package: known heights, and that results say it was used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.surveillance.relief import NOTE, coarse_relief

TEXT = """shieldwall: 1
name: alps
time_zone: UTC
start: 2026-01-01 00:00
terrain: {terrain}
assets: [{{id: town, kind: city, position: [48.1, 11.6]}}]
sensors: [{{id: eye, type: long-range-radar, position: [48.1, 11.6]}}]
raids: [{{id: raid, type: kalibr, count: 1, from: [[44.5, 11.3]], aim: [town], launch: "+00:10", decoy_share: 0}}]
"""


def height_m(latitude_deg: float, longitude_deg: float) -> float:
    model = coarse_relief()
    row = round((model.north_deg - latitude_deg) / model.step_latitude_deg)
    column = round((longitude_deg - model.west_deg) / model.step_longitude_deg)
    return float(model.height_m[row, column])


@pytest.mark.parametrize(
    ("place", "low", "high"),
    [
        ((52.2, 21.0), 60, 140),
        ((46.5, 8.0), 1_800, 4_200),
        ((43.3, 42.5), 2_000, 5_000),
        ((56.0, 3.0), 0, 0),
        ((40.4, -3.7), 500, 900),
    ],
)
def test_known_heights(place: tuple[float, float], low: float, high: float) -> None:
    """Warsaw plain, Bernese Alps, Caucasus, North Sea, Madrid."""
    assert low <= height_m(*place) <= high


def test_the_alps_hide_what_flies_low_behind_them_and_the_result_says_so(tmp_path: Path) -> None:
    enter_s = {}
    for name, terrain in (("coarse", "{coarse: true}"), ("flat", "null")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "scenario.yaml").write_text(TEXT.format(terrain=terrain).replace("terrain: null\n", ""))
        scenario = shieldwall.load(tmp_path / name)
        assert (NOTE in scenario.notes) == (name == "coarse")
        sight = compute_geometry(in_order(scenario)).sight
        enter_s[name] = float(np.min(sight.enter_s))
    assert enter_s["coarse"] > 0.0
    assert shieldwall.simulate(shieldwall.load(tmp_path / "coarse"), 1).manifest.notes[-1] == NOTE


def test_files_and_coarse_exclude_one_another(tmp_path: Path) -> None:
    for terrain, what in (
        ("{coarse: true, files: [x.tif]}", "both files and coarse"),
        ("{missing: sea}", "neither files"),
    ):
        (tmp_path / "scenario.yaml").write_text(TEXT.format(terrain=terrain))
        with pytest.raises(InputError, match=what):
            shieldwall.load(tmp_path)


def test_ground_beyond_the_relief_is_refused(tmp_path: Path) -> None:
    text = (
        TEXT.format(terrain="{coarse: true}")
        .replace("[48.1, 11.6]", "[20.0, 100.0]")
        .replace("[44.5, 11.3]", "[22.0, 100.0]")
    )
    (tmp_path / "scenario.yaml").write_text(text)
    with pytest.raises(InputError, match=r"coarse relief.*does not know the ground"):
        compute_geometry(in_order(shieldwall.load(tmp_path)))
