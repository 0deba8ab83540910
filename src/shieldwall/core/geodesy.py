"""Measure and walk along geodesics of the WGS84 ellipsoid; turn geographic into earth-centred coordinates.

All functions take scalars or arrays that broadcast together, work across the antimeridian and at the poles, and
give longitudes in [-180, 180). Geodesics are PROJ's (Karney 2013, "Algorithms for geodesics", J. Geodesy 87:43-55).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod, Transformer

Float = NDArray[np.float64]

# WGS84 mean radius of the spherical formulas (IUGG R1 to the kilometre), metres.
EARTH_RADIUS_M = 6_371_000.0

_PIPELINE = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84"


class Direct(NamedTuple):
    """Where a geodesic ends: degrees north, degrees east, and its forward azimuth there, degrees east of north."""

    latitude_deg: Float
    longitude_deg: Float
    azimuth_deg: Float


class Inverse(NamedTuple):
    """The shortest geodesic between two points: its length and its forward azimuths at both ends."""

    distance_m: Float
    start_azimuth_deg: Float
    end_azimuth_deg: Float


@lru_cache(maxsize=1)
def _geod() -> Geod:
    return Geod(ellps="WGS84")


@lru_cache(maxsize=1)
def _cartesian() -> Transformer:
    return Transformer.from_pipeline(_PIPELINE)


def _flat(*values: ArrayLike) -> tuple[tuple[int, ...], list[Float]]:
    """Broadcast to one shape; return it and writable flat float64 copies."""
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    return arrays[0].shape, [np.array(array, dtype=np.float64).ravel() for array in arrays]


def normal_longitude_deg(longitude_deg: ArrayLike) -> Float:
    """Return longitudes in [-180, 180).

    Values already inside are returned bit for bit.
    """
    longitude = np.asarray(longitude_deg, dtype=np.float64)
    wrapped = (longitude + 180.0) % 360.0 - 180.0
    return np.where((longitude >= -180.0) & (longitude < 180.0), longitude, wrapped)


def direct(latitude_deg: ArrayLike, longitude_deg: ArrayLike, azimuth_deg: ArrayLike, distance_m: ArrayLike) -> Direct:
    """Return the point at a distance and azimuth from another.

    Parameters
    ----------
    latitude_deg, longitude_deg : start, degrees
    azimuth_deg : at the start, degrees east of north
    distance_m : along the geodesic, metres; negative walks backwards

    Returns
    -------
    Direct, each of the broadcast shape; accurate to about 15 nanometres (Karney 2013)
    """
    shape, (lat, lon, azimuth, distance) = _flat(latitude_deg, longitude_deg, azimuth_deg, distance_m)
    lon2, lat2, azimuth2 = _geod().fwd(lon, lat, azimuth, distance, inplace=True, return_back_azimuth=False)
    return Direct(
        np.asarray(lat2).reshape(shape),
        normal_longitude_deg(np.asarray(lon2)).reshape(shape),
        np.asarray(azimuth2).reshape(shape),
    )


def inverse(
    start_latitude_deg: ArrayLike,
    start_longitude_deg: ArrayLike,
    end_latitude_deg: ArrayLike,
    end_longitude_deg: ArrayLike,
) -> Inverse:
    """Return length and azimuths of the shortest geodesic from one point to another.

    Parameters
    ----------
    start_latitude_deg, start_longitude_deg, end_latitude_deg, end_longitude_deg : degrees

    Returns
    -------
    Inverse, each of the broadcast shape. Between equal points the distance is 0 and the azimuths mean nothing.
    """
    shape, (lat1, lon1, lat2, lon2) = _flat(
        start_latitude_deg, start_longitude_deg, end_latitude_deg, end_longitude_deg
    )
    azimuth1, azimuth2, distance = _geod().inv(lon1, lat1, lon2, lat2, inplace=True, return_back_azimuth=False)
    return Inverse(
        np.asarray(distance).reshape(shape), np.asarray(azimuth1).reshape(shape), np.asarray(azimuth2).reshape(shape)
    )


def ground_distance_m(
    start_latitude_deg: ArrayLike,
    start_longitude_deg: ArrayLike,
    end_latitude_deg: ArrayLike,
    end_longitude_deg: ArrayLike,
) -> Float:
    """Return the geodesic distance between points at height zero, metres, of the broadcast shape."""
    return inverse(start_latitude_deg, start_longitude_deg, end_latitude_deg, end_longitude_deg).distance_m


def geodesic_points(
    start_latitude_deg: ArrayLike,
    start_longitude_deg: ArrayLike,
    end_latitude_deg: ArrayLike,
    end_longitude_deg: ArrayLike,
    fraction: ArrayLike,
) -> Direct:
    """Return the points that lie a fraction of the way along the geodesic between two points.

    Parameters
    ----------
    start_latitude_deg, start_longitude_deg, end_latitude_deg, end_longitude_deg : degrees
    fraction : 0 at the start, 1 at the end

    Returns
    -------
    Direct, each of the broadcast shape
    """
    whole = inverse(start_latitude_deg, start_longitude_deg, end_latitude_deg, end_longitude_deg)
    distance_m = whole.distance_m * np.asarray(fraction, dtype=np.float64)
    return direct(start_latitude_deg, start_longitude_deg, whole.start_azimuth_deg, distance_m)


def ecef_m(latitude_deg: ArrayLike, longitude_deg: ArrayLike, height_m: ArrayLike = 0.0) -> Float:
    """Return earth-centred, earth-fixed coordinates of points of the WGS84 ellipsoid.

    Parameters
    ----------
    latitude_deg, longitude_deg : degrees
    height_m : above the ellipsoid, metres

    Returns
    -------
    float64, broadcast shape + (3,), metres
    """
    shape, (lat, lon, height) = _flat(latitude_deg, longitude_deg, height_m)
    x, y, z = _cartesian().transform(lon, lat, height, inplace=True)
    return np.stack((np.asarray(x), np.asarray(y), np.asarray(z)), axis=-1).reshape(*shape, 3)
