"""Places from other places: along an axis, on a ring, on a lattice inside an area."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from shieldwall.core.position import Position

LATTICE = 6
_GOLDEN_ANGLE_RAD = math.pi * (3.0 - math.sqrt(5.0))


def position_of(where: Position | str, places: Mapping[str, Position]) -> Position:
    """Return a position, or that of the place it names."""
    return places[where] if isinstance(where, str) else where


def distance_m(a: Position, b: Position) -> float:
    """Return the ground distance between two positions, metres."""
    from shieldwall.core.geodesy import ground_distance_m  # noqa: PLC0415  (pyproj takes 0.1 s to start)

    return float(ground_distance_m(a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg))


def away(place: Position, bearing_rad: float, range_m: float) -> Position:
    """Return the position `range_m` away in the direction `bearing_rad`, clockwise from north."""
    from shieldwall.core.geodesy import direct  # noqa: PLC0415

    found = direct(place.latitude_deg, place.longitude_deg, math.degrees(bearing_rad), range_m)
    return Position(float(found.latitude_deg), float(found.longitude_deg))


def on_rings(places: Sequence[Position], radii_m: Sequence[float], numbers: Sequence[int]) -> list[Position]:
    """Return the position of copy `numbers[i]` on a ring around `places[i]`, its bearing that many golden angles."""
    if not places:
        return []
    from shieldwall.core.geodesy import direct  # noqa: PLC0415

    latitudes = [place.latitude_deg for place in places]
    longitudes = [place.longitude_deg for place in places]
    bearings = [math.degrees(math.fmod(number * _GOLDEN_ANGLE_RAD, 2.0 * math.pi)) for number in numbers]
    found = direct(latitudes, longitudes, bearings, radii_m)
    return [Position(float(la), float(lo)) for la, lo in zip(found.latitude_deg, found.longitude_deg, strict=True)]


def lattice(polygon: Sequence[Position]) -> tuple[Position, ...]:
    """Return the points of a fixed lattice inside a polygon, from south to north, then west to east.

    The lattice has 6 x 6 points, the middles of equal cells of the polygon's span of latitude and longitude. An
    area so thin that none lies inside has one: the mean of its corners. Corners may lie on both sides of
    longitude 180.
    """
    first = polygon[0].longitude_deg
    corners = [(p.latitude_deg, first + (p.longitude_deg - first + 180.0) % 360.0 - 180.0) for p in polygon]
    south, north = min(c[0] for c in corners), max(c[0] for c in corners)
    west, east = min(c[1] for c in corners), max(c[1] for c in corners)
    points = [
        (south + (i + 0.5) * (north - south) / LATTICE, west + (j + 0.5) * (east - west) / LATTICE)
        for i in range(LATTICE)
        for j in range(LATTICE)
    ]
    inside = [point for point in points if _inside(point, corners)]
    if not inside:
        inside = [(sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners))]
    return tuple(Position(latitude, (longitude + 180.0) % 360.0 - 180.0) for latitude, longitude in inside)


def _inside(point: tuple[float, float], corners: Sequence[tuple[float, float]]) -> bool:
    """Return whether a ray to the east crosses the outline an odd number of times."""
    inside = False
    latitude, longitude = point
    for (lat_a, lon_a), (lat_b, lon_b) in zip(corners, [*corners[1:], corners[0]], strict=True):
        crosses = (lat_a > latitude) != (lat_b > latitude)
        if crosses and longitude < lon_a + (latitude - lat_a) * (lon_b - lon_a) / (lat_b - lat_a):
            inside = not inside
    return inside
