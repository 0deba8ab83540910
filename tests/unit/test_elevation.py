from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.surveillance.elevation import Elevation, checked, joined
from shieldwall.surveillance.elevation_file import read_elevation


def grid(height_m=None, north=51.0, west=30.0, step=0.1, name="tile") -> Elevation:
    heights = np.full((10, 10), 100.0) if height_m is None else np.asarray(height_m)
    return Elevation(heights.astype(np.float32), north, west, step, step, name)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (grid(np.zeros((1, 5))), "has the shape (1, 5); give at least 2 rows and 2 columns"),
        (grid(np.full((4, 4), np.nan)), "holds no height"),
        (grid(np.full((4, 4), -32_768.0)), "declare the value that stands for 'no data'"),
        (grid(np.full((4, 4), 25_000.0)), "holds heights from 25000 to 25000 m"),
        (grid(north=5_000_000.0), "gdalwarp -t_srs EPSG:4326"),
        (grid(north=-89.5), "reaches from -90.4 to -89.5 degrees north"),
        (grid(step=-0.1), "give rows from north to south"),
        (grid(np.zeros((2, 20)), north=0.0, step=20.0), "is wider than the Earth"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_with_its_cure(model: Elevation, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        checked(model)


def test_tiles_are_joined_and_what_none_covers_is_unknown() -> None:
    whole = joined([grid(np.full((10, 10), 1.0)), grid(np.full((10, 10), 2.0), north=50.0, west=31.0)])
    assert whole.height_m.shape == (20, 20)
    assert (whole.height_m[:10, :10] == 1.0).all()
    assert (whole.height_m[10:, 10:] == 2.0).all()
    assert np.isnan(whole.height_m[:10, 10:]).all()
    assert np.isnan(whole.height_m[10:, :10]).all()


def test_tiles_on_both_sides_of_the_antimeridian_are_neighbours() -> None:
    east, west = grid(np.full((10, 10), 1.0), west=179.05), grid(np.full((10, 10), 2.0), west=-179.95)
    for tiles in ([east, west], [west, east]):
        whole = joined(tiles)
        assert whole.height_m.shape == (10, 20)
        assert whole.west_deg == pytest.approx(179.05)
        assert list(whole.height_m[0, [0, 9, 10, 19]]) == [1.0, 1.0, 2.0, 2.0]


def test_the_first_tile_that_knows_a_height_gives_it() -> None:
    hole = np.full((10, 10), 1.0)
    hole[3, 3] = np.nan
    whole = joined([grid(hole), grid(np.full((10, 10), 2.0))])
    assert whole.height_m[3, 3] == 2.0
    assert whole.height_m[3, 4] == 1.0


def test_tiles_of_other_grids_and_no_tiles_are_refused() -> None:
    with pytest.raises(InputError, match="other is not on the grid of 'tile'"):
        joined([grid(), grid(north=50.03, name="other")])
    with pytest.raises(InputError, match="no elevation tile was given"):
        joined([])


def _write(
    path: Path, heights: np.ndarray, *, crs: str | None = "EPSG:4326", nodata: float | None = None, bands: int = 1
):
    rasterio = pytest.importorskip("rasterio", reason="rasterio (the extra 'terrain') is not installed")
    from affine import Affine

    with rasterio.open(
        path, "w", driver="GTiff", height=heights.shape[0], width=heights.shape[1], count=bands, dtype="int16",
        crs=crs, nodata=nodata, transform=Affine(0.1, 0.0, 30.0, 0.0, -0.1, 51.0),
    ) as file:  # fmt: skip
        for band in range(1, bands + 1):
            file.write(heights.astype(np.int16), band)


def test_a_geotiff_is_read_with_cell_centres_and_missing_cells(tmp_path: Path) -> None:
    heights = np.arange(20).reshape(4, 5)
    heights[1, 2] = -32_768
    _write(tmp_path / "a.tif", heights, nodata=-32_768)
    model = read_elevation(tmp_path / "a.tif")
    assert (model.north_deg, model.west_deg) == pytest.approx((50.95, 30.05))
    assert np.isnan(model.height_m[1, 2])
    assert model.height_m[3, 4] == 19.0


def test_files_that_are_no_elevation_models_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("rasterio", reason="rasterio (the extra 'terrain') is not installed")
    heights = np.zeros((4, 5))
    _write(tmp_path / "metres.tif", heights, crs="EPSG:32631")
    _write(tmp_path / "colours.tif", heights, bands=3)
    (tmp_path / "text.tif").write_text("no picture")
    for name, says in (
        ("metres.tif", "gdalwarp -t_srs EPSG:4326 makes degrees"),
        ("colours.tif", "has 3 bands"),
        ("text.tif", "is no elevation model"),
        ("absent.tif", "there is no such file"),
    ):
        with pytest.raises(InputError, match=says):
            read_elevation([tmp_path / name])
