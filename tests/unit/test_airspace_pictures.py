"""Zones on the report's map and in what the page reads."""

from __future__ import annotations

import pytest

import shieldwall
from shieldwall.report.theatre import theatre
from shieldwall.scenario.types import Scenario
from shieldwall.web.laydown import laydown

TEXT = """\
shieldwall: 1
name: zones
time_zone: UTC
start: 2026-01-15 20:00
assets: [{id: town, kind: city, position: [-17.0, 179.0]}]
areas: [{id: west, polygon: [[-18, 178.5], [-18, -179.5], [-16, -179.5], [-16, 178.5]]}]
airspace:
  - {id: mez, kind: missile, area: west}
  - {id: lane, kind: corridor, area: west, height_min: 3 km, height_max: 12 km, control: tight}
raids:
  - {id: drones, type: shahed-136, count: 1, from: [[-17.0, 177.0]], aim: [town], launch: "21:00"}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("zones") / "scenario.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return shieldwall.load(path)


def test_what_the_page_reads(scenario: Scenario) -> None:
    """Heights without a limit are null, and longitudes do not jump at the antimeridian."""
    border = [[178.5, -18.0], [180.5, -18.0], [180.5, -16.0], [178.5, -16.0]]
    bounds = {"height_min_m": 3_000.0, "height_max_m": 12_000.0, "border": border}
    assert laydown(scenario)["airspace"] == [
        {
            "id": "mez",
            "kind": "missile",
            "control": "free",
            "height_min_m": 0.0,
            "height_max_m": None,
            "border": border,
        },
        {"id": "lane", "kind": "corridor", "control": "tight", **bounds},
    ]


def test_map_of_the_report(scenario: Scenario) -> None:
    drawing = theatre(shieldwall.simulate(scenario, 2, threads=1), scenario)
    assert {"MEZ", "corridor"} <= {words.get_text() for words in drawing.axes[0].texts}
    assert "airspace control" in [words.get_text() for words in drawing.legends[0].get_texts()]
