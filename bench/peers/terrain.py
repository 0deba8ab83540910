"""Hills made by a rule, and two others who say what can be seen over them: an exact ray march and gdal_viewshed.

The march shares no code with the mask: it walks from the radar to each target cell in quarters of a cell and compares
the ground with the straight line between the two in plane coordinates of the enlarged Earth.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from shieldwall.surveillance.elevation import Elevation

Float = NDArray[np.float64]
ENLARGED_M = 4.0 / 3.0 * 6_371_000.0
# gdal_viewshed lowers the ground by this share of distance^2 / diameter; 1 - 1/k refracts with k = 4/3.
GDAL_CURVATURE = 0.75


def hills(cells: int, cell_deg: float, *, north_deg: float, west_deg: float, relief_m: float, seed: int) -> Elevation:
    """Return rough ground: noise whose amplitude falls with the wave number, as natural relief does."""
    rng = np.random.default_rng(seed)
    k = np.hypot(np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None, :])
    k[0, 0] = 1.0
    spectrum = np.fft.rfft2(rng.standard_normal((cells, cells))) * k**-1.8
    spectrum[0, 0] = 0.0
    rough = np.fft.irfft2(spectrum, s=(cells, cells))
    height = np.clip((rough - np.quantile(rough, 0.2)) / np.ptp(rough), 0.0, None) * relief_m
    return Elevation(height.astype(np.float32), north_deg, west_deg, cell_deg, cell_deg, f"hills {seed}")


@numba.njit(cache=False)
def _line_clear(
    height_m: NDArray[np.float32], row0: float, col0: float, row1: float, col1: float, eye_m: float, top_m: Float,
    distance_m: float, steps: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """Say for each target altitude whether no ground rises above the straight line from eye to target."""
    clear = np.ones(top_m.size, np.bool_)
    theta = distance_m / ENLARGED_M
    for n in range(1, steps):
        f = n / steps
        row, col = row0 + f * (row1 - row0), col0 + f * (col1 - col0)
        i, j = min(int(row), height_m.shape[0] - 2), min(int(col), height_m.shape[1] - 2)
        a, b = row - i, col - j
        ground = (
            (1 - a) * (1 - b) * height_m[i, j] + (1 - a) * b * height_m[i, j + 1]
            + a * (1 - b) * height_m[i + 1, j] + a * b * height_m[i + 1, j + 1]
        )  # fmt: skip
        gx = (ENLARGED_M + ground) * np.sin(f * theta)
        gy = (ENLARGED_M + ground) * np.cos(f * theta) - (ENLARGED_M + eye_m)
        for k in range(top_m.size):
            tx = (ENLARGED_M + top_m[k]) * np.sin(theta)
            ty = (ENLARGED_M + top_m[k]) * np.cos(theta) - (ENLARGED_M + eye_m)
            if tx * gy - ty * gx > 0.0:
                clear[k] = False
    return clear


def exact_march(
    model: Elevation, latitude_deg: float, longitude_deg: float, antenna_m: float, rows: NDArray[np.int64],
    columns: NDArray[np.int64], heights_m: tuple[float, ...],
) -> tuple[NDArray[np.bool_], Float, Float]:  # fmt: skip
    """Return whether targets at heights above the ground of some cells are seen, (N, H); their azimuths and distances.

    The way is straight in rows and columns: for models within a degree of the equator only (10 m off at 150 km).
    """
    lat = model.north_deg - rows * model.step_latitude_deg
    lon = model.west_deg + columns * model.step_longitude_deg
    azimuth, _, distance = Geod(ellps="WGS84").inv(
        np.full(rows.size, longitude_deg), np.full(rows.size, latitude_deg), lon, lat
    )
    row0 = (model.north_deg - latitude_deg) / model.step_latitude_deg
    col0 = (longitude_deg - model.west_deg) / model.step_longitude_deg
    i, j = int(row0), int(col0)
    a, b = row0 - i, col0 - j
    h = model.height_m.astype(np.float64)
    eye = antenna_m + (
        (1 - a) * ((1 - b) * h[i, j] + b * h[i, j + 1]) + a * ((1 - b) * h[i + 1, j] + b * h[i + 1, j + 1])
    )
    seen = np.empty((rows.size, len(heights_m)), bool)
    for n in range(rows.size):
        steps = max(2, int(4 * np.hypot(rows[n] - row0, columns[n] - col0)))
        top = h[rows[n], columns[n]] + np.array(heights_m)
        seen[n] = _line_clear(
            model.height_m, row0, col0, float(rows[n]), float(columns[n]), eye, top, distance[n], steps
        )
    return seen, np.asarray(azimuth), np.asarray(distance)


def has_gdal() -> bool:
    return shutil.which("gdal_viewshed") is not None


def write_metres(model: Elevation, path: Path) -> None:
    """Write a model near the equator as a GeoTIFF in metres, for gdal_viewshed, which knows no degrees."""
    import rasterio
    from affine import Affine

    dx, dy = metres_a_cell(model)
    rows, columns = model.height_m.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs="EPSG:32631",
        transform=Affine(dx, 0.0, 500_000.0, 0.0, -dy, dy * rows),
    ) as file:  # fmt: skip
        file.write(model.height_m, 1)


def metres_a_cell(model: Elevation) -> tuple[float, float]:
    geod = Geod(ellps="WGS84")
    _, _, dx = geod.inv(0.0, 0.0, model.step_longitude_deg * 100, 0.0)
    _, _, dy = geod.inv(0.0, 0.0, 0.0, model.step_latitude_deg * 100)
    return dx / 100, dy / 100


def gdal_viewshed(
    model: Elevation, source: Path, row: float, column: float, antenna_m: float, target_m: float, reach_m: float
) -> tuple[NDArray[np.bool_], float]:
    """Return which cells gdal_viewshed sees at one height above the ground, and its wall time in seconds."""
    import rasterio

    dx, dy = metres_a_cell(model)
    out = source.with_name(f"seen-{target_m:g}.tif")
    x, y = 500_000.0 + (column + 0.5) * dx, dy * (model.height_m.shape[0] - row - 0.5)
    command = ["gdal_viewshed", "-q", "-ox", f"{x:.3f}", "-oy", f"{y:.3f}", "-oz", str(antenna_m), "-tz", str(target_m),
               "-cc", str(GDAL_CURVATURE), "-md", str(reach_m), str(source), str(out)]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall_s = time.perf_counter() - started
    seen = np.zeros(model.height_m.shape, bool)
    with rasterio.open(out) as file:  # cut to the distance asked for
        left = round((file.transform.c - 500_000.0) / dx)
        top = round((dy * model.height_m.shape[0] - file.transform.f) / dy)
        seen[top : top + file.height, left : left + file.width] = file.read(1) > 0
    return seen, wall_s


def write_degrees(model: Elevation, path: Path) -> None:
    """Write a model as a GeoTIFF in degrees, as shieldwall reads it."""
    import rasterio
    from affine import Affine

    rows, columns = model.height_m.shape
    d_lon, d_lat = model.step_longitude_deg, model.step_latitude_deg
    place = Affine(d_lon, 0.0, model.west_deg - 0.5 * d_lon, 0.0, -d_lat, model.north_deg + 0.5 * d_lat)
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype="float32", crs="EPSG:4326",
        transform=place,
    ) as file:  # fmt: skip
        file.write(model.height_m, 1)
