"""Turn distances on bearings round a place into GeoJSON, cut at the antimeridian as RFC 7946 asks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.geodesy import EARTH_RADIUS_M, direct
from shieldwall.core.position import Position

Float = NDArray[np.float64]
_DIGITS = 5


def area_km2(inner_m: Float, outer_m: Float) -> float:
    """Return the area between two distances on evenly spaced bearings, on a sphere, square kilometres."""
    ring = np.cos(inner_m / EARTH_RADIUS_M) - np.cos(outer_m / EARTH_RADIUS_M)
    return float(2.0 * np.pi * EARTH_RADIUS_M**2 * np.mean(ring) / 1e6)


def geometry_of(centre: Position, bearing_deg: Float, inner_m: Float, outer_m: Float) -> dict[str, Any] | None:
    """Return the (multi)polygon between two distances on each bearing round a place; None if it is empty."""
    if not np.any(outer_m > 0.0):
        return None
    outer = _ring(centre, bearing_deg, outer_m)
    hole = _ring(centre, bearing_deg, inner_m)[::-1]
    if np.all(inner_m <= 0.0):
        rings = [outer]
    elif np.all(inner_m > 0.0):
        rings = [outer, hole]
    else:  # protected on some bearings only, or with a hole that touches the centre: out along one side, back the other
        rings = [np.concatenate((outer[:-1], hole[:-1], outer[:1]))]
    parts = _cut(rings)
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": parts[0]}
    return {"type": "MultiPolygon", "coordinates": parts}


def _ring(centre: Position, bearing_deg: Float, distance_m: Float) -> Float:
    """Return a closed ring against the clock, (N + 1, 2), longitudes without a jump."""
    there = direct(centre.latitude_deg, centre.longitude_deg, bearing_deg[::-1], distance_m[::-1])
    longitude = centre.longitude_deg + (there.longitude_deg - centre.longitude_deg + 180.0) % 360.0 - 180.0
    points = np.stack((longitude, there.latitude_deg), axis=1)
    return np.concatenate((points, points[:1]))


def _cut(rings: list[Float]) -> list[list[list[list[float]]]]:
    """Return polygons with longitudes in [-180, 180]."""
    parts = []
    for turn in (0.0, 360.0, -360.0):
        inside = [_clipped(ring - np.array([turn, 0.0])) for ring in rings]
        kept = [ring for ring in inside if len(ring) > 3]
        if len(inside[0]) > 3:
            parts.append([[[round(float(x), _DIGITS), round(float(y), _DIGITS)] for x, y in ring] for ring in kept])
    return parts


def _clipped(ring: Float) -> Float:
    """Return the part of a closed ring with longitudes from -180 to 180 (Sutherland and Hodgman 1974)."""
    for sign in (1.0, -1.0):
        points: list[Float] = []
        for a, b in pairwise(ring):
            over_a, over_b = sign * a[0] - 180.0, sign * b[0] - 180.0
            if over_a <= 0.0:
                points.append(a)
            if over_a * over_b < 0.0:
                points.append(a + (b - a) * (over_a / (over_a - over_b)))
        if len(points) < 3:
            return np.zeros((0, 2))
        ring = np.array([*points, points[0]])
    return ring
