"""Cut stays in sight to those moments when no ground stands between sensor and threat."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, njit
from shieldwall.core.geodesy import EARTH_RADIUS_M, ecef_m
from shieldwall.core.position import Position
from shieldwall.engine.stays import Stays
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.elevation import Elevation
from shieldwall.surveillance.elevation_file import read_elevation
from shieldwall.surveillance.reach import is_hidden_by_the_earth
from shieldwall.surveillance.relief import coarse_relief
from shieldwall.surveillance.sensor import Sensor
from shieldwall.surveillance.terrain import Mask, farthest_ground_m, horizon_mask, seen_from
from shieldwall.tables import Paths

# Masks of scenarios: rays and distances no finer than this, as paths are known to some hundred metres at best.
_RAYS_MOST = 1_440
_STEP_LEAST_M = 500.0
_RAYS_LEAST = 360
_METRES_A_DEGREE = 111_195.0
_CELLS_APART = 4.0
_BISECTIONS = 12


def read_ground(scenario: Scenario) -> Elevation | None:
    """Return the scenario's elevation model, if it has one.

    Raises
    ------
    InputError
        If it cannot be read or used.
    """
    if scenario.terrain is None:
        return None
    return read_elevation(scenario.terrain.files) if scenario.terrain.files else coarse_relief()


def farthest_sight_m(antenna_m: float, ground: Elevation) -> float:
    """Return what to add to the horizon of a target's height so that no target in sight is left out, metres.

    The antenna, the ground below it and the ground below the target are taken at the model's greatest height.
    """
    highest_m = max(float(np.nanmax(ground.height_m)), 0.0)
    return farthest_ground_m(antenna_m + highest_m, highest_m)


def without_shadows(scenario: Scenario, ground: Elevation, paths: Paths, sight: Stays, *, threads: int = 1) -> Stays:
    """Return stays in sight without the times behind the ground, by path, then sensor.

    Parameters
    ----------
    scenario : in canonical order
    ground : its elevation model
    paths : where threats fly. Heights of low flight count from the ground below, those of all others from the sea
    sight : stays within range, with at least all times at which a threat is in sight

    Raises
    ------
    InputError
        If the model does not know the ground round a sensor and the scenario does not take it as sea.
    """
    follows = np.array([s.type.path_kind == "low" for s in scenario.salvos], bool)[paths.salvo]
    hidden = [q for q, s in enumerate(scenario.sensors) if is_hidden_by_the_earth(s.type.kind)]
    missing_is_sea = scenario.terrain is not None and scenario.terrain.missing_is_sea

    def cut(q: int) -> Stays:
        rows, sensor = np.flatnonzero(sight.place == q), scenario.sensors[q]
        if rows.size == 0:
            return _rows(sight, rows)
        mask = _mask(ground, sensor, missing_is_sea=missing_is_sea)
        site = _site(sensor.position)
        path, times_s = _cut(sight.path[rows], sight.enter_s[rows], sight.leave_s[rows], paths, follows, mask, site,
                             sensor.type.scan_s)  # fmt: skip
        return Stays(path, np.full(path.size, q), times_s[:, 0], times_s[:, 1])

    open_sight = ~np.isin(sight.place, hidden)
    with ThreadPoolExecutor(threads) as pool:
        pieces = [_rows(sight, open_sight), *pool.map(cut, hidden)]
    joined = Stays(*(np.concatenate(column) for column in zip(*pieces, strict=True)))
    order = np.lexsort((joined.enter_s, joined.place, joined.path))
    return _rows(joined, order)


def _rows(sight: Stays, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Stays:
    return Stays(sight.path[rows], sight.place[rows], sight.enter_s[rows], sight.leave_s[rows])


def _mask(model: Elevation, sensor: Sensor, *, missing_is_sea: bool) -> Mask:
    cell_m = model.step_latitude_deg * _METRES_A_DEGREE
    height_m = sensor.position.height_m + sensor.type.antenna_height_m
    site = replace(sensor.position, height_m=height_m)
    range_m = max([sensor.type.range_m, *sensor.type.range_by_class_m.values()])
    rays = int(np.clip(2.0 * np.pi * range_m / (_CELLS_APART * cell_m), _RAYS_LEAST, _RAYS_MOST))
    return horizon_mask(
        model, site, range_m=range_m, azimuths=rays, step_m=max(cell_m, _STEP_LEAST_M), missing_is_sea=missing_is_sea
    )


def _site(position: Position) -> NDArray[np.float64]:
    """Return the foot of a place, earth-centred metres, and its directions east and north: (3, 3)."""
    lat, lon = np.radians(position.latitude_deg), np.radians(position.longitude_deg)
    return np.array(
        [
            ecef_m(position.latitude_deg, position.longitude_deg),
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
        ]
    )


@kernel
def _is_seen(index: float, first: int, follows: bool, paths: Paths, mask: Mask, site: NDArray[np.float64]) -> bool:
    """Say whether the ground leaves the line from antenna to threat clear at a fractional node index."""
    i = min(int(index), paths.ptr[-1] - 2 - first)
    f = index - i
    i += first
    east = north = chord2 = 0.0
    for axis in range(3):
        here = paths.ground_m[i, axis] + f * (paths.ground_m[i + 1, axis] - paths.ground_m[i, axis])
        away = here - site[0, axis]
        east += away * site[1, axis]
        north += away * site[2, axis]
        chord2 += away * away
    arc_m = 2.0 * EARTH_RADIUS_M * np.arcsin(min(0.5 * np.sqrt(chord2) / EARTH_RADIUS_M, 1.0))
    height_m = paths.height_m[i] + f * (paths.height_m[i + 1] - paths.height_m[i])
    azimuth_deg = np.degrees(np.arctan2(east, north))
    least_m, ground_m = seen_from(azimuth_deg, arc_m, mask.slope, mask.ground_m, mask.antenna_m, mask.step_m)
    return bool(height_m >= least_m - ground_m if follows else max(height_m, ground_m) >= least_m)


@kernel
def _edge(
    dark: float, seen: float, first: int, follows: bool, paths: Paths, mask: Mask, site: NDArray[np.float64]
) -> float:
    """Return the index between one where the threat is hidden and one where it is seen at which that changes."""
    for _ in range(_BISECTIONS):
        middle = 0.5 * (dark + seen)
        if _is_seen(middle, first, follows, paths, mask, site):
            seen = middle
        else:
            dark = middle
    return seen


@njit(cache=True, nogil=True)
def _cut(
    path: NDArray[np.int64],
    enter_s: NDArray[np.float64],
    leave_s: NDArray[np.float64],
    paths: Paths,
    follows: NDArray[np.bool_],
    mask: Mask,
    site: NDArray[np.float64],
    bridge_s: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return path and (enter_s, leave_s) of the parts in sight; gaps shorter than `bridge_s` are bridged."""
    room = max(16, 2 * path.size)
    kept, times_s = np.empty(room, np.int64), np.empty((room, 2))
    used = 0
    for row in range(path.size):
        p = path[row]
        first, step_s, low = paths.ptr[p], paths.step_s[p], follows[p]
        last = float(paths.ptr[p + 1] - 1 - first)
        at, end = enter_s[row] / step_s, min(leave_s[row] / step_s, last)
        fresh = True
        seen = _is_seen(at, first, low, paths, mask, site)
        begin = at
        while True:
            if at < end:
                i = first + min(int(at), int(last) - 1)
                leg_m = 0.0
                for axis in range(3):
                    leg_m += (paths.ground_m[i + 1, axis] - paths.ground_m[i, axis]) ** 2
                goal = min(at + mask.step_m / max(np.sqrt(leg_m), mask.step_m), end)
                there = _is_seen(goal, first, low, paths, mask, site)
            else:
                goal, there = end, False
            if there and not seen:
                begin = _edge(at, goal, first, low, paths, mask, site)
            if seen and not there:
                ends = _edge(goal, at, first, low, paths, mask, site) if at < end else end
                if not fresh and begin * step_s - times_s[used - 1, 1] < bridge_s:
                    times_s[used - 1, 1] = ends * step_s
                else:
                    if used == room:
                        room *= 2
                        kept = np.concatenate((kept, np.empty(room - used, np.int64)))
                        times_s = np.concatenate((times_s, np.empty((room - used, 2))))
                    kept[used] = p
                    times_s[used, 0], times_s[used, 1] = begin * step_s, ends * step_s
                    used += 1
                    fresh = False
            if at >= end:
                break
            at, seen = goal, there
    return kept[:used].copy(), times_s[:used].copy()
