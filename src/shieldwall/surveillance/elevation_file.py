"""Read elevation models from GeoTIFF and what else rasterio reads (the optional extra `terrain`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shieldwall.core.errors import InputError, Mistake
from shieldwall.surveillance.elevation import Elevation, checked, joined


def read_elevation(paths: Path | Sequence[Path]) -> Elevation:
    """Return the elevation model of a file, or of several tiles of one grid.

    Parameters
    ----------
    paths : files in degrees of latitude and longitude, north up, one band of metres above sea level

    Raises
    ------
    InputError
        If rasterio is not installed, a file is missing or cannot be read, or what it holds cannot be used.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    return joined([_read(path) for path in files])


def _read(path: Path) -> Elevation:
    try:
        import rasterio  # noqa: PLC0415  optional
    except ImportError:
        raise _wrong(path, "reading an elevation model needs rasterio", "pip install 'shieldwall[terrain]'") from None
    if not path.is_file():
        raise _wrong(path, "there is no such file", "give the path of an elevation model, or leave out the tile")
    try:
        with rasterio.open(path) as data:
            return checked(_model(path, data))
    except rasterio.errors.RasterioError as error:
        raise _wrong(path, f"is no elevation model ({error})", "give a GeoTIFF") from None


def _model(path: Path, data: Any) -> Elevation:
    if data.crs is None or not data.crs.is_geographic:
        raise _wrong(
            path, f"has the coordinates {data.crs or 'of nobody knows what'}", "gdalwarp -t_srs EPSG:4326 makes degrees"
        )
    if data.count != 1:
        raise _wrong(path, f"has {data.count} bands", "give one band of heights (gdal_translate -b 1)")
    at = data.transform
    if at.b != 0.0 or at.d != 0.0 or at.a <= 0.0 or at.e >= 0.0:
        raise _wrong(path, "is turned or upside down", "gdalwarp -t_srs EPSG:4326 puts north up")
    band = data.read(1, masked=True)
    height_m = np.where(np.ma.getmaskarray(band), np.nan, np.ma.getdata(band)).astype(np.float32)
    return Elevation(height_m, at.f + 0.5 * at.e, at.c + 0.5 * at.a, -at.e, at.a, str(path))


def _wrong(path: Path, what: str, cure: str) -> InputError:
    return InputError(Mistake(str(path), 0, 0, what, cure))
