"""Stays in sight over an elevation model: flat ground changes nothing, a ridge hides what lies behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import ground_distance_m
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.scenario.load import shipped_folder

STEP = 1.0 / 240.0
R = 4.0 / 3.0 * 6_371_000.0


def _folder(tmp_path: Path, heights: np.ndarray, *, says: str = "{files: ground.tif}") -> Path:
    rasterio = pytest.importorskip("rasterio", reason="rasterio (the extra 'terrain') is not installed")
    from affine import Affine

    shipped = shipped_folder()
    assert shipped is not None
    shutil.copytree(shipped / "one-battery", tmp_path / "case")
    with rasterio.open(
        tmp_path / "case" / "ground.tif", "w", driver="GTiff", height=heights.shape[0], width=heights.shape[1], count=1,
        dtype="float32", crs="EPSG:4326", transform=Affine(STEP, 0.0, 28.0, 0.0, -STEP, 52.0),
    ) as file:  # fmt: skip
        file.write(heights.astype(np.float32), 1)
    with (tmp_path / "case" / "scenario.yaml").open("a") as file:
        file.write(f"\nterrain: {says}\n")
    return tmp_path / "case"


def _sight(scenario) -> tuple[np.ndarray, np.ndarray, object]:
    geometry = compute_geometry(in_order(scenario))
    return geometry.sight.enter_s, geometry.sight.leave_s, geometry.paths


def test_over_flat_ground_sight_is_as_without_a_model(tmp_path: Path) -> None:
    case = _folder(tmp_path, np.full((960, 960), 120.0))
    for setting in (["threats.lab-drone.height=100 m"], []):  # limited by the horizon; by the range
        enter, leave, _ = _sight(shieldwall.load(case, overrides=setting))
        plain_enter, plain_leave, _ = _sight(shieldwall.load("one-battery", overrides=setting))
        speed_m_s = 180.0 / 3.6
        assert enter.size == plain_enter.size == 1
        # the mask knows the ground in cells of 460 m and stands on the true tangent, not on its square root
        assert abs(enter[0] - plain_enter[0]) * speed_m_s < 700.0
        assert leave == pytest.approx(plain_leave, abs=1.0)


def test_a_ridge_hides_drones_until_they_are_above_the_line_over_its_crest(tmp_path: Path) -> None:
    heights = np.zeros((960, 960))
    heights[round((52.0 - 50.15) / STEP) - 1 : round((52.0 - 50.15) / STEP) + 2, :] = (
        150.0  # 16.7 km north of the radar
    )
    case = _folder(tmp_path, heights)
    settings = ["raids.drones.axis.bearing=0 deg", "threats.lab-drone.height=300 m"]
    enter, _, paths = _sight(shieldwall.load(case, overrides=settings))
    plain, _, _ = _sight(shieldwall.load("one-battery", overrides=settings))
    crest = float(ground_distance_m(50.0, 30.0, 50.15 - 1.0 * STEP, 30.0)) / R
    slope = ((R + 150.0) * np.cos(crest) - (R + 20.0)) / ((R + 150.0) * np.sin(crest))
    distance = np.linspace(17e3, 60e3, 20_000)
    line = (R + 20.0) / (np.cos(distance / R) - slope * np.sin(distance / R)) - R
    last = distance[line <= 300.0][-1]  # the farthest place where 300 m is above the line
    assert last < 45e3
    first_seen = np.interp(enter[0], np.arange(paths.ptr[1]) * paths.step_s[0], _distances(paths))
    assert first_seen == pytest.approx(last, abs=900.0)
    assert enter[0] > plain[0] + 60.0


def _distances(paths) -> np.ndarray:
    return ground_distance_m(50.0, 30.0, paths.latitude_deg[: paths.ptr[1]], paths.longitude_deg[: paths.ptr[1]])


def test_low_flight_follows_the_ground(tmp_path: Path) -> None:
    """Over a plateau of 600 m round the radar and the way, a drone at 300 m above it is seen as over the sea."""
    case = _folder(tmp_path, np.full((960, 960), 600.0))
    drone, _, _ = _sight(shieldwall.load(case))
    plain, _, _ = _sight(shieldwall.load("one-battery"))
    assert drone == pytest.approx(plain, abs=15.0)


@pytest.mark.parametrize(
    ("says", "what"),
    [
        ("{files: [absent.tif]}", "there is no elevation model 'absent.tif' beside the scenario"),
        ("{files: ../ground.tif}", "lies outside the scenario's own folder"),
        ("{files: /etc/passwd}", "lies outside the scenario's own folder"),
        ("{files: []}", "terrain: neither files nor coarse is given"),
        ("{files: ground.tif, missing: land}", "terrain.missing: 'land' is not valid here"),
    ],
)
def test_a_wrong_terrain_is_refused_where_it_stands(tmp_path: Path, says: str, what: str) -> None:
    case = _folder(tmp_path, np.zeros((960, 960)), says=says)
    with pytest.raises(InputError, match=what) as caught:
        shieldwall.load(case)
    mistake = caught.value.mistakes[0]
    assert mistake.file.endswith("scenario.yaml")
    assert mistake.line > 10


def test_ground_too_small_for_the_radar_is_refused_unless_it_is_sea(tmp_path: Path) -> None:
    case = _folder(tmp_path, np.full((500, 500), 100.0))  # ends at 49.9 degrees north
    with pytest.raises(InputError, match="of the ground within"):
        _sight(shieldwall.load(case))
    enter, _, _ = _sight(shieldwall.load(case, overrides=["terrain.missing=sea"]))
    assert enter.size >= 1


def test_another_elevation_model_is_another_scenario(tmp_path: Path) -> None:
    first = shieldwall.load(_folder(tmp_path / "a", np.zeros((960, 960))))
    second = shieldwall.load(_folder(tmp_path / "b", np.ones((960, 960))))
    same = shieldwall.load(_folder(tmp_path / "c", np.zeros((960, 960))))
    assert first.hash == same.hash != second.hash


def test_what_electronic_attack_leaves_of_a_range_shortens_it() -> None:
    whole, _, paths = _sight(shieldwall.load("one-battery"))
    half, _, _ = _sight(shieldwall.load("one-battery", overrides=["fire_units.battery.radar_range_left=50 %"]))
    along = np.arange(paths.ptr[1]) * paths.step_s[0]
    assert np.interp(whole[0], along, _distances(paths)) == pytest.approx(60e3, rel=1e-3)
    assert np.interp(half[0], along, _distances(paths)) == pytest.approx(30e3, rel=1e-3)
