"""Heights of the ground on a grid of latitude and longitude: a digital elevation model, checked and joined from tiles.

What is wrong with a model is said here (`checked`), so that whoever uses one may trust it. Heights are above mean sea
level, which is taken as the ellipsoid (the geoid differs from it by up to 100 m, alike for radar and hill nearby).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.geodesy import normal_longitude_deg

LOWEST_M, HIGHEST_M = -500.0, 9_000.0
# Two grids match if their cells lie within this share of a cell of each other.
_SAME_CELL = 0.01


@dataclass(frozen=True, slots=True)
class Elevation:
    """A grid of heights, float32 (rows, columns), metres above sea level, NaN where nothing is known.

    Row 0 is the northernmost. `north_deg`, `west_deg` are those of the centre of its first cell; rows are
    `step_latitude_deg` apart, columns `step_longitude_deg`, eastwards, across the antimeridian if need be.
    """

    height_m: NDArray[np.float32]
    north_deg: float
    west_deg: float
    step_latitude_deg: float
    step_longitude_deg: float
    name: str = "elevation model"

    @property
    def is_round_the_earth(self) -> bool:
        """Say whether the last column is the western neighbour of the first."""
        return bool(abs(self.height_m.shape[1] * self.step_longitude_deg - 360.0) < 0.5 * self.step_longitude_deg)


def checked(model: Elevation) -> Elevation:
    """Return the model if it can be used.

    Raises
    ------
    InputError
        If it has no extent, lies beyond a pole, is wider than the Earth, holds no height at all, or heights that
        no ground has (a missing value that is not declared as such, centimetres, feet).
    """
    if model.height_m.ndim != 2 or min(model.height_m.shape) < 2:
        raise _wrong(model, f"has the shape {model.height_m.shape}", "give at least 2 rows and 2 columns")
    rows, columns = model.height_m.shape
    steps = model.step_latitude_deg, model.step_longitude_deg
    if not (np.isfinite(steps).all() and min(steps) > 0.0):
        raise _wrong(model, f"has cells of {steps[0]:g} by {steps[1]:g} degrees", "give rows from north to south")
    south_deg = model.north_deg - (rows - 1) * model.step_latitude_deg
    if model.north_deg > 90.0 + 1e-9 or south_deg < -90.0 - 1e-9:
        raise _wrong(
            model,
            f"reaches from {south_deg:g} to {model.north_deg:g} degrees north",
            "give degrees of latitude and longitude (gdalwarp -t_srs EPSG:4326)",
        )
    if (columns - 1) * model.step_longitude_deg > 360.0:
        raise _wrong(model, "is wider than the Earth", "leave out the columns that come twice")
    known = model.height_m[np.isfinite(model.height_m)]
    if known.size == 0:
        raise _wrong(model, "holds no height", "give a model with data")
    if known.min() < LOWEST_M or known.max() > HIGHEST_M:
        raise _wrong(
            model,
            f"holds heights from {known.min():g} to {known.max():g} m",
            "declare the value that stands for 'no data', and give metres",
        )
    return model


def joined(tiles: Sequence[Elevation]) -> Elevation:
    """Return one model of several tiles of one grid; what no tile covers is NaN.

    Tiles may lie on both sides of the antimeridian. Where tiles overlap, the first that knows a height gives it.

    Raises
    ------
    InputError
        If there is no tile, a tile cannot be used, or the tiles are not of one grid.
    """
    if not tiles:
        raise InputError(Mistake("", 0, 0, "no elevation tile was given", "name at least one file"))
    for tile in tiles:
        checked(tile)
    first = tiles[0]
    d_lat, d_lon = first.step_latitude_deg, first.step_longitude_deg
    spots = []
    for tile in tiles:
        row = (first.north_deg - tile.north_deg) / d_lat
        column = float(normal_longitude_deg(tile.west_deg - first.west_deg)) / d_lon
        same = abs(tile.step_latitude_deg / d_lat - 1.0) < 1e-6 and abs(tile.step_longitude_deg / d_lon - 1.0) < 1e-6
        if not same or max(abs(row - round(row)), abs(column - round(column))) > _SAME_CELL:
            raise _wrong(tile, f"is not on the grid of '{first.name}'", "resample them to one grid (gdalwarp)")
        spots.append((round(row), round(column)))
    top, left = (min(spot[axis] for spot in spots) for axis in (0, 1))
    rows = max(r - top + t.height_m.shape[0] for (r, _), t in zip(spots, tiles, strict=True))
    columns = max(c - left + t.height_m.shape[1] for (_, c), t in zip(spots, tiles, strict=True))
    whole = np.full((rows, columns), np.nan, np.float32)
    for (r, c), tile in zip(spots, tiles, strict=True):
        part = whole[r - top : r - top + tile.height_m.shape[0], c - left : c - left + tile.height_m.shape[1]]
        part[...] = np.where(np.isnan(part), tile.height_m, part)
    north_deg = first.north_deg - top * d_lat
    west_deg = float(normal_longitude_deg(first.west_deg + left * d_lon))
    return checked(Elevation(whole, north_deg, west_deg, d_lat, d_lon, first.name))


def _wrong(model: Elevation, what: str, cure: str) -> InputError:
    return InputError(Mistake("", 0, 0, f"{model.name} {what}", cure))
