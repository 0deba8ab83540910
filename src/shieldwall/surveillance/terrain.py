"""Terrain hides: how high a target must be to be seen by a radar, in every direction and at every distance at once.

Along each azimuth the ground is sampled outwards from the radar. On an Earth enlarged by k = 4/3, of radius
R' = 4/3 R, ground of height z at ground distance s lies at the slope (the tangent of the elevation angle)

    m = cot t - (R' + a) / ((R' + z) sin t),    t = s / R',

seen from an antenna of altitude a. The largest slope M(s) of all ground up to s decides for every height at once: a
target at s is seen if its altitude is at least

    z(s) = (R' + a) / (cos t - M(s) sin t) - R'.

Beyond the last sample no ground reaches up to the line of sight any more, and the same formula goes on with the last M.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shieldwall.core.compiled import kernel, njit
from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.geodesy import direct
from shieldwall.core.position import Position
from shieldwall.surveillance.elevation import Elevation
from shieldwall.surveillance.horizon import EARTH_RADIUS_M, EFFECTIVE_EARTH, HORIZON_ROOT

RADIUS_M = EFFECTIVE_EARTH * EARTH_RADIUS_M
# Exact geodesics every so far; between them the normals of the ellipsoid are joined by straight lines (2 m at most).
_KNOT_M = 100_000.0
_METRES_A_DEGREE = 111_195.0
_STEEP_LATITUDE_DEG = 80.0
_STRIDE = 16
_RAYS_LEAST, _RAYS_MOST = 360, 7_200
# Rays are so many cells apart at the end of the mask.
_CELLS_APART = 3.0


class Mask(NamedTuple):
    """What the ground hides from one radar: A azimuths from north eastwards, K distances step_m to K step_m.

    slope (A, K): greatest slope of the ground up to there; ground_m (A, K): altitude of the ground there;
    antenna_m: altitude of the antenna above sea level; step_m; missing: samples of the ground that the model does not
    know and that count as sea.
    """

    slope: NDArray[np.float32]
    ground_m: NDArray[np.float32]
    antenna_m: float
    step_m: float
    missing: int


class _Grid(NamedTuple):
    """An elevation model as the kernel reads it."""

    height_m: NDArray[np.float32]
    north_deg: float
    west_deg: float
    step_latitude_deg: float
    step_longitude_deg: float
    round_the_earth: bool


def farthest_ground_m(antenna_m: float, highest_m: float) -> float:
    """Return beyond which ground distance no ground can reach up to the smooth horizon's line of sight, metres."""
    return float(HORIZON_ROOT * (max(antenna_m, 0.0) ** 0.5 + max(highest_m, 0.0) ** 0.5))


def horizon_mask(
    model: Elevation,
    site: Position,
    *,
    range_m: float,
    azimuths: int | None = None,
    step_m: float | None = None,
    missing_is_sea: bool = False,
) -> Mask:
    """Return the minimum visible height round a radar, for every height at once.

    Parameters
    ----------
    model : heights of the ground
    site : the radar; `height_m` is that of its antenna above the ground there
    range_m : how far the radar sees; ground beyond where none can reach the line of sight is left out
    azimuths : how many (default: so many that rays are three cells apart at the end, 360 to 7,200)
    step_m : between two distances of the mask (default: a cell); the ground is sampled at least once a cell
    missing_is_sea : ground that the model does not know counts as sea level instead of being refused

    Raises
    ------
    InputError
        If the model does not know the ground under the radar, or around it, and `missing_is_sea` is not set.

    Limits
    ------
    Optical shadow with standard refraction: no diffraction over edges, no woods or houses unless the model has them.
    """
    grid = _Grid(
        np.ascontiguousarray(model.height_m, np.float32), model.north_deg, model.west_deg,
        model.step_latitude_deg, model.step_longitude_deg, model.is_round_the_earth,
    )  # fmt: skip
    base_m = _sample(*_row_column(site.latitude_deg, site.longitude_deg, grid), grid)
    if np.isnan(base_m):
        if not missing_is_sea:
            where = f"{site.latitude_deg:g}, {site.longitude_deg:g}"
            raise _unknown(model, f"does not know the ground at {where}, where the sensor stands")
        base_m = 0.0
    antenna_m = base_m + site.height_m
    cell_m = _METRES_A_DEGREE * model.step_latitude_deg
    reach_m = max(min(range_m, farthest_ground_m(antenna_m, float(np.nanmax(model.height_m)))), cell_m)
    step = cell_m if step_m is None else step_m
    samples = max(1, int(np.ceil(step / cell_m - 1e-9)))
    count = max(1, int(np.ceil(reach_m / step)))
    rays = azimuths or int(np.clip(np.ceil(2.0 * np.pi * reach_m / cell_m / _CELLS_APART), _RAYS_LEAST, _RAYS_MOST))
    knots = _knots(site, rays, count * step)
    slope, ground_m, missing = _march(knots, grid, antenna_m, step / samples, samples, count)
    if missing and not missing_is_sea:
        raise _unknown(
            model, f"does not know {missing / (rays * count * samples):.1%} of the ground within {reach_m / 1e3:.0f} km"
        )
    return Mask(slope, ground_m, antenna_m, step, missing)


def minimum_visible_altitude_m(mask: Mask, azimuth_deg: ArrayLike, range_m: ArrayLike) -> NDArray[np.float64]:
    """Return from which altitude above sea level a target is seen.

    Parameters
    ----------
    mask : of the radar
    azimuth_deg, range_m : from the radar to the target, degrees east of north, metres along the ground; broadcast

    Returns
    -------
    float64, broadcast shape, metres; inf where the line of sight never comes down so far round the Earth
    """
    azimuth, distance = np.broadcast_arrays(np.asarray(azimuth_deg, np.float64), np.asarray(range_m, np.float64))
    return _seen_from(mask, azimuth.ravel(), distance.ravel())[0].reshape(azimuth.shape)


def minimum_visible_height_m(mask: Mask, azimuth_deg: ArrayLike, range_m: ArrayLike) -> NDArray[np.float64]:
    """Return from which height above the ground below it a target is seen, 0 where the ground itself is.

    Parameters
    ----------
    mask : of the radar
    azimuth_deg, range_m : from the radar to the target, degrees east of north, metres along the ground; broadcast

    Returns
    -------
    float64, broadcast shape, metres; beyond the mask the ground is that of its edge
    """
    azimuth, distance = np.broadcast_arrays(np.asarray(azimuth_deg, np.float64), np.asarray(range_m, np.float64))
    altitude_m, ground_m = _seen_from(mask, azimuth.ravel(), distance.ravel())
    return np.maximum(altitude_m - ground_m, 0.0).reshape(azimuth.shape)


def _unknown(model: Elevation, what: str) -> InputError:
    cure = "add the missing tiles, or say that what is missing is sea"
    return InputError(Mistake("", 0, 0, f"{model.name} {what}", cure))


def _knots(site: Position, rays: int, reach_m: float) -> NDArray[np.float64]:
    """Return the ellipsoid's normals along every ray, (A, J, 3), J points equally spaced from 0 to `reach_m`."""
    pieces = max(1, int(np.ceil(reach_m / _KNOT_M)))
    azimuth = np.arange(rays)[:, None] * (360.0 / rays)
    there = direct(site.latitude_deg, site.longitude_deg, azimuth, np.arange(pieces + 1) * (reach_m / pieces))
    lat, lon = np.radians(there.latitude_deg), np.radians(there.longitude_deg)
    return np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=-1)


@kernel
def _row_column(latitude_deg: float, longitude_deg: float, grid: _Grid) -> tuple[float, float]:
    """Return fractional row and column; the column lies from half a cell west of the first to a whole turn on."""
    row = (grid.north_deg - latitude_deg) / grid.step_latitude_deg
    east_deg = (longitude_deg - grid.west_deg + 0.5 * grid.step_longitude_deg) % 360.0
    return row, east_deg / grid.step_longitude_deg - 0.5


@kernel
def _blend(i: np.uint64, j: np.uint64, k: np.uint64, f: float, g: float, h: NDArray[np.float32]) -> float:
    """Return the height at share f from row i to the next and share g from column j to column k."""
    upper, lower = h[i, j], h[i + np.uint64(1), j]
    upper += g * (h[i, k] - upper)
    lower += g * (h[i + np.uint64(1), k] - lower)
    return float(upper + f * (lower - upper))


@kernel
def _sample(row: float, column: float, grid: _Grid) -> float:
    """Return the height between the four cells around a place, NaN outside the model or next to a cell without data."""
    rows, columns = grid.height_m.shape
    turn = 360.0 / grid.step_longitude_deg
    if column < -0.5:
        column += turn
    elif column >= turn - 0.5:
        column -= turn
    if row < -0.5 or row > rows - 0.5 or column > columns - 0.5:
        return np.nan
    i = min(max(int(np.floor(row)), 0), rows - 2)
    j = int(np.floor(column))
    g = column - j
    if grid.round_the_earth:
        j = j % columns
        k = (j + 1) % columns
    else:
        j = min(max(j, 0), columns - 2)
        g = min(max(column - j, 0.0), 1.0)
        k = j + 1
    return _blend(np.uint64(i), np.uint64(j), np.uint64(k), min(max(row - i, 0.0), 1.0), g, grid.height_m)


@kernel
def _on_ray(ray: NDArray[np.float64], share: float, grid: _Grid) -> tuple[float, float, float]:
    """Return row, column and latitude (degrees) at a share of a ray's length."""
    at = share * (ray.shape[0] - 1)
    j = min(int(at), ray.shape[0] - 2)
    f = at - j
    x = ray[j, 0] + f * (ray[j + 1, 0] - ray[j, 0])
    y = ray[j, 1] + f * (ray[j + 1, 1] - ray[j, 1])
    z = ray[j, 2] + f * (ray[j + 1, 2] - ray[j, 2])
    latitude_deg = np.degrees(np.arctan2(z, np.sqrt(x * x + y * y)))
    row, column = _row_column(latitude_deg, np.degrees(np.arctan2(y, x)), grid)
    return row, column, latitude_deg


@njit(cache=True, nogil=True)
def _march(
    knots: NDArray[np.float64], grid: _Grid, antenna_m: float, sample_m: float, samples: int, count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Return slope and ground (A, K) and how many samples the model does not know; see the module's formulas.

    Rows and columns are computed exactly every `stride` samples and joined by straight lines, each sample near a pole.
    """
    rays, total = knots.shape[0], samples * count
    t = np.arange(1, total + 1) * (sample_m / RADIUS_M)
    cot, top = np.cos(t) / np.sin(t), (RADIUS_M + antenna_m) / np.sin(t)
    slope, ground_m = np.empty((rays, count), np.float32), np.empty((rays, count), np.float32)
    last_row, last_column = grid.height_m.shape[0] - 1.0, grid.height_m.shape[1] - 1.0
    turn = 360.0 / grid.step_longitude_deg
    missing = 0
    for a in range(rays):
        greatest = -np.inf
        row, column, latitude_deg = _on_ray(knots[a], 0.0, grid)
        n = k = 0
        left = samples
        while n < total:
            stride = min(_STRIDE if abs(latitude_deg) < _STEEP_LATITUDE_DEG else 1, total - n)
            next_row, next_column, latitude_deg = _on_ray(knots[a], (n + stride) / total, grid)
            d_row, d_column = next_row - row, next_column - column
            d_column -= turn * np.round(d_column / turn)
            low, high = min(column, column + d_column), max(column, column + d_column)
            inside = min(row, next_row) >= 0.0 and max(row, next_row) < last_row and low >= 0.0 and high < last_column
            for q in range(1, stride + 1):
                r, c = row + q * d_row / stride, column + q * d_column / stride
                if inside:
                    i, j = np.uint64(r), np.uint64(c)
                    height = _blend(i, j, j + np.uint64(1), r - i, c - j, grid.height_m)
                else:
                    height = _sample(r, c, grid)
                if np.isnan(height):
                    missing += 1
                    height = 0.0
                greatest = max(greatest, cot[n] - top[n] / (RADIUS_M + height))
                n += 1
                left -= 1
                if left == 0:
                    slope[a, k] = greatest
                    ground_m[a, k] = height
                    k += 1
                    left = samples
            row, column = next_row, next_column
    return slope, ground_m, missing


@kernel
def seen_from(
    azimuth_deg: float,
    distance_m: float,
    slope: NDArray[np.float32],
    ground_m: NDArray[np.float32],
    antenna_m: float,
    step_m: float,
) -> tuple[float, float]:
    """Return the least visible altitude and the ground's altitude at one place: between four rays and distances."""
    rays, count = slope.shape
    ray = (azimuth_deg % 360.0) * (rays / 360.0)
    i = min(int(ray), rays - 1)
    g = ray - i
    k = (i + 1) % rays
    at = min(max(distance_m / step_m - 1.0, 0.0), count - 1.0)
    j = min(int(at), max(count - 2, 0))
    l = min(j + 1, count - 1)  # noqa: E741  the index after j and k
    f = at - j
    near = slope[i, j] + g * (slope[k, j] - slope[i, j])
    far = slope[i, l] + g * (slope[k, l] - slope[i, l])
    low = ground_m[i, j] + g * (ground_m[k, j] - ground_m[i, j])
    high = ground_m[i, l] + g * (ground_m[k, l] - ground_m[i, l])
    t = distance_m / RADIUS_M
    down = np.cos(t) - (near + f * (far - near)) * np.sin(t)
    ground = low + f * (high - low)
    if distance_m <= step_m:  # nothing stands before the first distance
        return ground, ground
    return (RADIUS_M + antenna_m) / down - RADIUS_M if down > 0.0 else np.inf, ground


@njit(cache=True)
def _seen_from(
    mask: Mask, azimuth_deg: NDArray[np.float64], distance_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return least visible altitude and ground (N,) at N places."""
    altitude_m, ground_m = np.empty(azimuth_deg.size), np.empty(azimuth_deg.size)
    for n in range(azimuth_deg.size):
        altitude_m[n], ground_m[n] = seen_from(
            azimuth_deg[n], distance_m[n], mask.slope, mask.ground_m, mask.antenna_m, mask.step_m
        )
    return altitude_m, ground_m
