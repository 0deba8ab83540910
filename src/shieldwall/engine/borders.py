"""Borders: from when to when each path is over an area, and between two heights."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.position import Position
from shieldwall.engine.stays import Stays
from shieldwall.tables import Float, Int, Paths

# By path: spans (begin, end), seconds after launch, in order, apart from each other.
Spans = dict[int, list[tuple[float, float]]]
_Corner = tuple[float, float]
Bool = NDArray[np.bool_]
# A crossing is looked for so much beyond the ends of a side and a leg: one too many divides a span and joins it again.
_SLACK = 1e-9


def spans_inside(
    paths: Paths, border: tuple[Position, ...], *, height_min_m: float = -np.inf, height_max_m: float = np.inf
) -> Spans:
    """Return, for each path that has one, its spans over a polygon and between two heights above the ground.

    Sides of the polygon and legs of paths are straight in latitude and longitude, heights linear between the points of
    a path; the edges of spans are exact on them. What lies on an edge all along counts as inside or outside, as the
    side of the polygon may be.
    """
    first = border[0].longitude_deg
    corners = [(p.latitude_deg, (p.longitude_deg - first + 180.0) % 360.0 - 180.0) for p in border]
    longitude = (paths.longitude_deg - first + 180.0) % 360.0 - 180.0
    legs = np.setdiff1d(np.arange(longitude.shape[0] - 1), paths.ptr[1:] - 1)
    legs = legs[np.abs(longitude[legs + 1] - longitude[legs]) < 180.0]
    crossed = _crossings(paths.latitude_deg, longitude, legs, corners)
    launch, end = paths.ptr[:-1], paths.ptr[1:] - 1
    over = _inside(paths.latitude_deg[launch], longitude[launch], corners)
    touched = np.union1d(_path_of(paths, crossed.astype(np.int64)), np.flatnonzero(over))
    levels = [_level_crossings(paths.height_m, legs, bound) for bound in (height_min_m, height_max_m)]
    at = np.unique(np.concatenate([crossed, *levels, launch[touched], end[touched]]))
    path = _path_of(paths, at.astype(np.int64))
    begin, stop, path = at[:-1], at[1:], path[:-1]
    whole = (stop <= end[path]) & np.isin(path, touched)
    begin, stop, path = begin[whole], stop[whole], path[whole]
    middle = 0.5 * (begin + stop)
    height_m = _between(paths.height_m, middle)
    within = _inside(_between(paths.latitude_deg, middle), _between(longitude, middle), corners)
    within &= (height_m >= height_min_m) & (height_m <= height_max_m)
    return _joined(paths, path[within], begin[within], stop[within])


def clipped(within: Stays, inside: list[Spans | None]) -> Stays:
    """Return the stays, those in a place with spans cut to them."""
    rows = []
    for p, j, enter_s, leave_s in zip(*(column.tolist() for column in within), strict=True):
        spans = inside[j]
        for begin_s, end_s in [(enter_s, leave_s)] if spans is None else spans.get(p, []):
            if max(begin_s, enter_s) < min(end_s, leave_s):
                rows.append((p, j, max(begin_s, enter_s), min(end_s, leave_s)))
    path, group, enter, leave = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Stays(np.array(path, np.int64), np.array(group, np.int64), np.array(enter, float), np.array(leave, float))


def _path_of(paths: Paths, point: Int) -> Int:
    return np.searchsorted(paths.ptr, point, side="right") - 1


def _between(values: Float, at: Float) -> Float:
    """Return what is linear between points, at fractional points."""
    i = at.astype(np.int64)
    return np.asarray(values[i] + (at - i) * (values[i + 1] - values[i]))


def _crossings(latitude: Float, longitude: Float, legs: Int, corners: list[_Corner]) -> Float:
    """Return where legs cross or touch sides of a polygon, as fractional points."""
    found = []
    p_lat, p_lon = latitude[legs], longitude[legs]
    d_lat, d_lon = latitude[legs + 1] - p_lat, longitude[legs + 1] - p_lon
    for (a_lat, a_lon), (b_lat, b_lon) in pairwise([*corners, corners[0]]):
        e_lat, e_lon = b_lat - a_lat, b_lon - a_lon
        cross = d_lat * e_lon - d_lon * e_lat
        with np.errstate(divide="ignore", invalid="ignore"):
            on_leg = ((a_lat - p_lat) * e_lon - (a_lon - p_lon) * e_lat) / cross
            on_side = ((a_lat - p_lat) * d_lon - (a_lon - p_lon) * d_lat) / cross
        met = (cross != 0.0) & (np.abs(on_leg - 0.5) <= 0.5 + _SLACK) & (np.abs(on_side - 0.5) <= 0.5 + _SLACK)
        found.append(legs[met] + np.clip(on_leg[met], 0.0, 1.0))
    return np.concatenate(found)


def _level_crossings(height_m: Float, legs: Int, level_m: float) -> Float:
    """Return where legs pass a height, as fractional points."""
    if not np.isfinite(level_m):
        return np.zeros(0)
    low, high = height_m[legs], height_m[legs + 1]
    passes = (low < level_m) != (high < level_m)
    low, high, leg = low[passes], high[passes], legs[passes]
    return np.asarray(leg + (level_m - low) / (high - low))


def _inside(latitude: Float, longitude: Float, corners: list[_Corner]) -> Bool:
    """Return whether a ray from each place crosses the polygon an odd number of times."""
    inside = np.zeros(latitude.shape[0], bool)
    for (a_lat, a_lon), (b_lat, b_lon) in pairwise([*corners, corners[0]]):
        if a_lat != b_lat:
            spans = (latitude < a_lat) != (latitude < b_lat)
            inside ^= spans & (longitude < a_lon + (latitude - a_lat) * (b_lon - a_lon) / (b_lat - a_lat))
    return inside


def _joined(paths: Paths, path: Int, begin: Float, stop: Float) -> Spans:
    """Return pieces between fractional points as spans, those that touch as one."""
    found: Spans = {}
    launch, last = paths.ptr[path], paths.ptr[path + 1] - 1
    end_s = np.where(stop == last, paths.duration_s[path], (stop - launch) * paths.step_s[path])
    begin_s = (begin - launch) * paths.step_s[path]
    for p, a, b in zip(path.tolist(), begin_s.tolist(), end_s.tolist(), strict=True):
        own = found.setdefault(p, [])
        if own and own[-1][1] == a:
            own[-1] = (own[-1][0], b)
        else:
            own.append((a, b))
    return found
