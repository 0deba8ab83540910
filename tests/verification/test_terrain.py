"""The mask against closed forms, against a ray march in plane coordinates, and against gdal_viewshed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import geodesic_points, inverse
from shieldwall.core.position import Position
from shieldwall.surveillance.elevation import Elevation
from shieldwall.surveillance.horizon import radar_horizon_m
from shieldwall.surveillance.terrain import horizon_mask, minimum_visible_altitude_m, minimum_visible_height_m

R = 4.0 / 3.0 * 6_371_000.0
STEP = 1.0 / 240.0


def flat(north: float, west: float, cells: int = 960, height_m: float = 0.0, step: float = STEP) -> Elevation:
    return Elevation(np.full((cells, cells), height_m, np.float32), north, west, step, step)


def hills(cells: int, step: float, relief_m: float) -> Elevation:
    """Bumps of many sizes, south-west corner near 29 E, 0 N."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:cells, 0:cells]
    height = np.zeros((cells, cells))
    for _ in range(400):
        size = rng.uniform(2.0, 40.0)
        i, j = rng.uniform(0, cells, 2)
        height += rng.uniform(0.2, 1.0) * size * np.exp(-((x - j) ** 2 + (y - i) ** 2) / (2.0 * size**2))
    return Elevation((height / height.max() * relief_m).astype(np.float32), 0.5 * cells * step, 29.0, step, step)


@pytest.mark.parametrize("site", [(50.0, 30.0), (-10.0, 180.0), (0.0, -179.9)])
def test_over_flat_ground_the_mask_is_the_smooth_horizon(site: tuple[float, float]) -> None:
    mask = horizon_mask(flat(site[0] + 2.0, site[1] - 2.0), Position(*site, 30.0), range_m=130_000.0, azimuths=360)
    for height in (50.0, 100.0, 1_000.0):
        horizon = radar_horizon_m(30.0, height)
        assert minimum_visible_height_m(mask, [0.0, 90.5, 271.3], horizon) == pytest.approx(height, rel=0.01)
    # exactly: the tangent from 30 m touches the sphere at R acos(R / (R + 30))
    touch = np.arccos(R / (R + 30.0))
    for distance in (60_000.0, 100_000.0):
        exact = R / np.cos(distance / R - touch) - R
        assert minimum_visible_altitude_m(mask, 45.0, distance) == pytest.approx(exact, rel=1e-3)


def test_the_mask_goes_on_beyond_its_end() -> None:
    mask = horizon_mask(flat(52.0, 28.0), Position(50.0, 30.0, 30.0), range_m=500_000.0, azimuths=360)
    assert mask.slope.shape[1] * mask.step_m < 30_000.0  # flat ground: nothing hides beyond the horizon
    touch = np.arccos(R / (R + 30.0))
    exact = R / np.cos(400_000.0 / R - touch) - R
    assert minimum_visible_altitude_m(mask, 10.0, 400_000.0) == pytest.approx(exact, rel=1e-3)


def test_behind_a_ridge_the_line_over_its_crest_decides() -> None:
    model = flat(52.0, 28.0)
    row = round((52.0 - 50.4) / STEP)
    model.height_m[row - 1 : row + 2, :] = 600.0
    mask = horizon_mask(model, Position(50.0, 30.0, 20.0), range_m=150_000.0, azimuths=720)
    crest = 0.5 * (inverse(50.0, 30.0, 50.4 - STEP, 30.0).distance_m + inverse(50.0, 30.0, 50.4, 30.0).distance_m)
    for distance in (60_000.0, 100_000.0, 140_000.0):
        # the straight line in plane coordinates of the enlarged Earth, over the near and the far edge of the crest
        t, d = float(crest) / R, distance / R
        x, y = (R + 600.0) * np.sin(t), (R + 600.0) * np.cos(t) - (R + 20.0)
        k = (R + 20.0) / (np.cos(d) - np.sin(d) * y / x) - R
        assert minimum_visible_height_m(mask, 0.0, distance) == pytest.approx(k, rel=0.01)
    assert minimum_visible_height_m(mask, 180.0, 60_000.0) < 200.0


def test_all_heights_agree_with_an_exact_march() -> None:
    model, site, antenna = hills(301, 1.0 / 240.0, 1_500.0), (0.0, 29.6, 25.0), 25.0
    mask = horizon_mask(model, Position(*site), range_m=60_000.0)
    rng = np.random.default_rng(2)
    rows, columns = rng.integers(1, 300, 3_000), rng.integers(1, 300, 3_000)
    lat, lon = model.north_deg - rows * STEP, model.west_deg + columns * STEP
    there = inverse(site[0], site[1], lat, lon)
    share = np.linspace(0.0, 1.0, 1_201)[1:-1]
    way = geodesic_points(site[0], site[1], lat[:, None], lon[:, None], share)
    ground = _bilinear(model, way.latitude_deg, way.longitude_deg)
    eye = float(_bilinear(model, np.array([site[0]]), np.array([site[1]]))[0]) + antenna
    t = there.distance_m[:, None] * share / R
    gx, gy = (R + ground) * np.sin(t), (R + ground) * np.cos(t) - (R + eye)
    near = there.distance_m < 60_000.0
    for height in (10.0, 50.0, 200.0):
        top = model.height_m[rows, columns] + height
        end = there.distance_m / R
        tx, ty = (R + top) * np.sin(end), (R + top) * np.cos(end) - (R + eye)
        exact = ~np.any(tx[:, None] * gy - ty[:, None] * gx > 0.0, axis=1)
        ours = minimum_visible_height_m(mask, there.start_azimuth_deg, there.distance_m) <= height
        assert 0.02 < exact[near].mean() < 0.99
        assert np.mean(ours[near] == exact[near]) >= 0.99


def _bilinear(model: Elevation, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    from scipy.ndimage import map_coordinates

    row = (model.north_deg - latitude_deg) / model.step_latitude_deg
    column = (longitude_deg - model.west_deg) / model.step_longitude_deg
    return map_coordinates(model.height_m.astype(float), np.array([row, column]), order=1, mode="nearest")


def test_gdal_viewshed_sees_the_same_cells(tmp_path: Path) -> None:
    if shutil.which("gdal_viewshed") is None:
        pytest.skip("gdal_viewshed is not installed (Debian: gdal-bin)")
    rasterio = pytest.importorskip("rasterio", reason="rasterio (the extra 'terrain') is not installed")
    from affine import Affine

    cells, height = 301, 100.0
    model = hills(cells, STEP, 1_500.0)
    dx = float(inverse(0.0, 0.0, 0.0, STEP).distance_m)
    dy = float(inverse(0.0, 0.0, STEP, 0.0).distance_m)
    with rasterio.open(
        tmp_path / "ground.tif", "w", driver="GTiff", height=cells, width=cells, count=1, dtype="float32",
        crs="EPSG:32631", transform=Affine(dx, 0.0, 5e5, 0.0, -dy, dy * cells),
    ) as file:  # fmt: skip
        file.write(model.height_m, 1)
    x, y = 5e5 + 150.5 * dx, dy * (cells - 150.5)
    asked = f"-q -ox {x} -oy {y} -oz 25 -tz {height} -cc 0.75".split()
    subprocess.run(
        ["gdal_viewshed", *asked, str(tmp_path / "ground.tif"), str(tmp_path / "seen.tif")], check=True, timeout=60
    )
    with rasterio.open(tmp_path / "seen.tif") as file:
        theirs = file.read(1) > 0
    site = Position(model.north_deg - 150 * STEP, model.west_deg + 150 * STEP, 25.0)
    rows, columns = np.mgrid[1 : cells - 1, 1 : cells - 1]
    lat, lon = model.north_deg - rows * STEP, model.west_deg + columns * STEP
    there = inverse(site.latitude_deg, site.longitude_deg, lat, lon)
    mask = horizon_mask(model, site, range_m=60_000.0)
    ours = minimum_visible_height_m(mask, there.start_azimuth_deg, there.distance_m) <= height
    near = (there.distance_m < 60_000.0) & (there.distance_m > 2_000.0)
    assert np.mean(ours[near] == theirs[1:-1, 1:-1][near]) >= 0.98


def test_over_the_pole_and_the_antimeridian_a_mask_is_as_anywhere_else() -> None:
    """The same mountain at the same distance, seen from four places of a model of the whole Earth and of a part."""
    step = 0.05
    world = Elevation(np.zeros((3_600, 7_200), np.float32), 90.0 - 0.5 * step, -180.0 + 0.5 * step, step, step)
    lat = world.north_deg - np.arange(3_600)[:, None] * step
    lon = world.west_deg + np.arange(7_200)[None, :] * step
    for site, peak in (((89.6, 20.0), (89.7, -160.0)), ((10.0, 179.8), (10.0, -179.5)), ((50.0, 0.0), (50.6, 0.0))):
        away = np.degrees(
            np.arccos(
                np.clip(
                    np.sin(np.radians(lat)) * np.sin(np.radians(peak[0]))
                    + np.cos(np.radians(lat)) * np.cos(np.radians(peak[0])) * np.cos(np.radians(lon - peak[1])),
                    -1.0,
                    1.0,
                )
            )
        )
        model = Elevation(
            (3_000.0 * np.exp(-((away / 0.3) ** 2))).astype(np.float32), world.north_deg, world.west_deg, step, step
        )
        mask = horizon_mask(model, Position(*site, 30.0), range_m=200_000.0, azimuths=720)
        there = inverse(*site, *peak)
        beyond = float(there.distance_m) + 60_000.0
        s = np.linspace(500.0, beyond, 4_000)
        eye = 30.0 + 3_000.0 * np.exp(-((float(there.distance_m) / 111_195.0 / 0.3) ** 2))
        ground = 3_000.0 * np.exp(-(((s - float(there.distance_m)) / 111_195.0 / 0.3) ** 2))
        x, y = (R + ground) * np.sin(s / R), (R + ground) * np.cos(s / R) - (R + eye)
        slope = np.max(y / x)
        line = (R + eye) / (np.cos(beyond / R) - slope * np.sin(beyond / R)) - R
        azimuth = float(there.start_azimuth_deg)
        assert minimum_visible_altitude_m(mask, azimuth, beyond) == pytest.approx(line, rel=0.03)
        assert minimum_visible_altitude_m(mask, azimuth + 180.0, beyond) < 0.3 * line


def test_ground_that_is_not_known_is_refused_or_taken_as_sea() -> None:
    model, site = flat(50.5, 29.5, cells=240, height_m=10.0), Position(50.0, 30.0, 30.0)
    with pytest.raises(InputError, match=r"does not know .*% of the ground within .* km; add the missing tiles"):
        horizon_mask(model, Position(50.0, 30.0, 500.0), range_m=200_000.0)
    with pytest.raises(InputError, match="does not know the ground at 40, 30, where the sensor stands"):
        horizon_mask(model, Position(40.0, 30.0, 30.0), range_m=50_000.0)
    sea = horizon_mask(model, Position(40.0, 30.0, 30.0), range_m=50_000.0, missing_is_sea=True)
    assert sea.missing > 0
    assert minimum_visible_height_m(sea, 0.0, radar_horizon_m(30.0, 50.0)) == pytest.approx(50.0, rel=0.02)
    model.height_m[100:140, 100:140] = np.nan
    with pytest.raises(InputError, match="does not know the ground at 50, 30"):
        horizon_mask(model, site, range_m=20_000.0)


def test_a_coarser_mask_keeps_the_crests_between_its_distances() -> None:
    model = flat(52.0, 28.0)
    row = round((52.0 - 50.4) / STEP)
    model.height_m[row - 1 : row + 2, :] = 600.0
    fine = horizon_mask(model, Position(50.0, 30.0, 20.0), range_m=150_000.0, azimuths=360)
    coarse = horizon_mask(model, Position(50.0, 30.0, 20.0), range_m=150_000.0, azimuths=360, step_m=5_000.0)
    assert coarse.slope.shape[1] < 0.12 * fine.slope.shape[1]
    far = [100_000.0, 140_000.0]
    assert minimum_visible_height_m(coarse, 0.0, far) == pytest.approx(
        minimum_visible_height_m(fine, 0.0, far), rel=0.02
    )
