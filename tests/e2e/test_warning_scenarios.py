from __future__ import annotations

import json
from pathlib import Path

import pytest

import shieldwall
from shieldwall.cli.main import call

NAMES = ("ssc8-warning", "ballistic-and-hypersonic", "island-chain")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert call([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_warning_scenarios_are_played(name: str) -> None:
    scenario = shieldwall.load(name)
    total = shieldwall.simulate(scenario, 20, threads=1).summary().total
    assert total["launched"].mean == sum(salvo.count for salvo in scenario.salvos)


@pytest.mark.parametrize("name", NAMES)
def test_more_sharing_never_shortens_the_median_warning(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "warning", name, "--draws", "20")
    medians = {
        (w["asset"], w["threat_type"], w["integration"]): w["track"]["p50_s"]
        for w in answer["warning"]
        if w["layers"] == "all"
    }
    for asset, kind, _ in medians:
        alone, sector, alliance = (medians[asset, kind, level] for level in ("autonomous", "sector", "alliance"))
        assert alone <= sector <= alliance
    for w in answer["warning"]:
        assert w["impact_point"]["mean_s"] <= w["flight_s"]
        assert w["identified"]["mean_s"] <= w["track"]["mean_s"]


def test_airborne_radar_and_sharing_add_warning_of_cruise_missiles(capsys: pytest.CaptureFixture[str]) -> None:
    answer = said(capsys, "warning", "ssc8-warning", "--draws", "20")
    warsaw = {(w["integration"], w["layers"]): w["track"]["p50_s"] for w in answer["warning"] if w["asset"] == "warsaw"}
    assert warsaw["alliance", "all"] > warsaw["sector", "all"] > warsaw["autonomous", "all"]
    assert warsaw["alliance", "all"] > warsaw["alliance", "without airborne_radar"]
    assert warsaw["alliance", "only space_infrared"] == 0.0


def test_a_footprint_across_the_antimeridian_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "middle.geojson"
    answer = said(capsys, "footprint", "island-chain", "--unit", "patriot-middle", "--against", "kn-23", "-o", str(out))
    (feature,) = json.loads(out.read_text())["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"] == answer["footprints"][0]
    assert answer["footprints"][0]["area_km2"] > 1_000.0


def test_names_that_do_not_exist_are_wrong_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["footprint", "island-chain", "--unit", "patriot-mid"]) == 2
    assert "did you mean 'patriot-middle'" in capsys.readouterr().err
    assert call(["warning", "island-chain", "--map", "kalibre"]) == 2
    assert "did you mean 'kalibr'" in capsys.readouterr().err
