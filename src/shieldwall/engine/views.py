"""Cut stays in sight to what a sensor's array covers: a sector round where it faces, elevations from one to another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, njit
from shieldwall.core.geodesy import ecef_m
from shieldwall.engine.stays import Stays
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.sensor import Sensor
from shieldwall.tables import Float, Paths

_BISECTIONS = 20
# A leg of a path is looked at in so many pieces.
_PIECES = 4


def is_limited(scenario: Scenario, sensor: Sensor) -> bool:
    """Say whether a sensor's sector or elevation limits act in a scenario."""
    kind = sensor.type
    by_elevation = kind.elevation_min_deg > -90.0 or kind.elevation_max_deg < 90.0
    limits = scenario.conditions is not None and scenario.conditions.limits and by_elevation
    return limits or (sensor.facing_deg is not None and kind.sector_deg < 360.0)


def within_view(scenario: Scenario, paths: Paths, sight: Stays) -> Stays:
    """Return stays in sight without the times out of the sensors' sectors and elevations, by path, then sensor."""
    limited = [q for q, sensor in enumerate(scenario.sensors) if is_limited(scenario, sensor)]
    if not limited:
        return sight
    pieces = [_rows(sight, ~np.isin(sight.place, limited))]
    for q in limited:
        rows = np.flatnonzero(sight.place == q)
        path, times_s = _cut(
            sight.path[rows], sight.enter_s[rows], sight.leave_s[rows], paths, *_frame(scenario, scenario.sensors[q])
        )
        pieces.append(Stays(path, np.full(path.size, q), times_s[:, 0], times_s[:, 1]))
    joined = Stays(*(np.concatenate(column) for column in zip(*pieces, strict=True)))
    return _rows(joined, np.lexsort((joined.enter_s, joined.place, joined.path)))


def _rows(sight: Stays, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Stays:
    return Stays(sight.path[rows], sight.place[rows], sight.enter_s[rows], sight.leave_s[rows])


def _frame(scenario: Scenario, sensor: Sensor) -> tuple[Float, Float]:
    """Return antenna, east, north, up (4, 3), and facing, half the sector, least and greatest elevation, radians."""
    place, kind = sensor.position, sensor.type
    lat, lon = np.radians(place.latitude_deg), np.radians(place.longitude_deg)
    axes = np.array(
        [
            ecef_m(place.latitude_deg, place.longitude_deg, place.height_m + kind.antenna_height_m),
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)],
        ]
    )
    acts = scenario.conditions is not None and scenario.conditions.limits
    sector_deg = kind.sector_deg if sensor.facing_deg is not None else 360.0
    limits_deg = [
        sensor.facing_deg or 0.0,
        0.5 * sector_deg,
        kind.elevation_min_deg if acts else -90.0,
        kind.elevation_max_deg if acts else 90.0,
    ]
    return axes, np.radians(limits_deg)


@kernel
def _is_in_view(index: float, first: int, last: int, paths: Paths, axes: Float, limits: Float) -> bool:
    """Say whether the array covers the direction of the threat at a fractional node index."""
    i = min(int(index), last - 1)
    f = index - i
    i += first
    east = north = up = 0.0
    for axis in range(3):
        away = paths.xyz_m[i, axis] + f * (paths.xyz_m[i + 1, axis] - paths.xyz_m[i, axis]) - axes[0, axis]
        east += away * axes[1, axis]
        north += away * axes[2, axis]
        up += away * axes[3, axis]
    elevation = np.arctan2(up, np.sqrt(east * east + north * north))
    if elevation < limits[2] or elevation > limits[3]:
        return False
    aside = np.arctan2(east, north) - limits[0]
    aside -= 2.0 * np.pi * np.round(aside / (2.0 * np.pi))
    return bool(abs(aside) <= limits[1])


@njit(cache=True, nogil=True)
def _cut(
    path: NDArray[np.int64], enter_s: Float, leave_s: Float, paths: Paths, axes: Float, limits: Float
) -> tuple[NDArray[np.int64], Float]:
    """Return path and (enter_s, leave_s) of the parts in view; a part shorter than a quarter of a leg may be missed."""
    kept, times_s = [np.int64(0) for _ in range(0)], [(0.0, 0.0) for _ in range(0)]
    for row in range(path.size):
        p = path[row]
        first, last, step_s = paths.ptr[p], paths.ptr[p + 1] - 1 - paths.ptr[p], paths.step_s[p]
        at, end = enter_s[row] / step_s, min(leave_s[row] / step_s, float(last))
        seen = _is_in_view(at, first, last, paths, axes, limits)
        begin = at
        while at < end:
            goal = min(at + 1.0 / _PIECES, end)
            there = _is_in_view(goal, first, last, paths, axes, limits)
            if there != seen:
                low, high = at, goal
                for _ in range(_BISECTIONS):
                    middle = 0.5 * (low + high)
                    if _is_in_view(middle, first, last, paths, axes, limits) == seen:
                        low = middle
                    else:
                        high = middle
                if seen:
                    kept.append(p)
                    times_s.append((begin * step_s, low * step_s))
                begin = high
            at, seen = goal, there
        if seen and end > begin:
            kept.append(p)
            times_s.append((begin * step_s, end * step_s))
    found, spans = np.empty(len(kept), np.int64), np.empty((len(kept), 2))
    for n in range(len(kept)):
        found[n] = kept[n]
        spans[n, 0], spans[n, 1] = times_s[n]
    return found, spans
