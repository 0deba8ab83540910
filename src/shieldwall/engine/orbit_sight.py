"""When paths are in sight of a radar on an orbit, for every phase in which the orbit may be at their launch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, njit
from shieldwall.core.geodesy import EARTH_RADIUS_M, ecef_m
from shieldwall.core.orbit import Racetrack, on_racetrack
from shieldwall.surveillance.horizon import HORIZON_ROOT
from shieldwall.tables import Float, Int, Paths

# Between two phase variants an aircraft flies at most this far; the nearest variant is half of that off.
_VARIANTS_APART_M = 10_000.0
_VARIANTS_LEAST, _VARIANTS_MOST = 4, 64
_KNOTS = 720
_SAMPLE_S = 30.0
_BISECTIONS = 20


class OrbitStays(NamedTuple):
    """Stays of paths in sight of one orbiting sensor, (rows,): path, phase variant, enter_s, leave_s after launch."""

    path: Int
    variant: Int
    enter_s: Float
    leave_s: Float


class Round(NamedTuple):
    """One round of an orbit, (K + 1, 3) metres earth-centred: in the air, on the ground; its period and variants."""

    xyz_m: Float
    ground_m: Float
    period_s: float
    variants: int


def variants_of(track: Racetrack) -> int:
    """Return how many phase variants an orbit has."""
    return int(np.clip(np.ceil(track.length_m / _VARIANTS_APART_M), _VARIANTS_LEAST, _VARIANTS_MOST))


def round_of(track: Racetrack, height_m: float) -> Round:
    """Return one round of an orbit at a height."""
    there = on_racetrack(track, np.linspace(0.0, 1.0, _KNOTS + 1))
    return Round(
        ecef_m(there.latitude_deg, there.longitude_deg, height_m),
        ecef_m(there.latitude_deg, there.longitude_deg),
        track.period_s,
        variants_of(track),
    )


def orbit_stays(paths: Paths, reach_m: Float, height_m: float, height_max_m: float, orbit: Round) -> OrbitStays:
    """Return when each path is in range and above the horizon of a sensor on an orbit, by path, then variant.

    Parameters
    ----------
    paths : P paths of S salvos
    reach_m : (S,) against the threats of each salvo
    height_m, height_max_m : of the antenna, and up to which it sees
    orbit : one round

    Limits
    ------
    Variant v stands for every phase nearest to v / variants at the threat's launch. Between 30 s and 30 s a stay or a
    gap may be missed. Smooth Earth: the ground hides nothing from an orbit.
    """
    curve_m = HORIZON_ROOT * np.sqrt(height_m)
    path, variant, times_s = _stays(paths, reach_m, curve_m, height_max_m, orbit)
    return OrbitStays(path, variant, times_s[:, 0], times_s[:, 1])


@kernel
def _place(phase: float, points_m: Float, axis: int) -> float:
    """Return one coordinate of the sensor at a phase."""
    at = (phase - np.floor(phase)) * (points_m.shape[0] - 1)
    k = min(int(at), points_m.shape[0] - 2)
    return float(points_m[k, axis] + (at - k) * (points_m[k + 1, axis] - points_m[k, axis]))


@kernel
def _is_seen(
    time_s: float, variant: int, p: int, paths: Paths, reach_m: float, curve_m: float, height_max_m: float, orbit: Round
) -> bool:
    """Say whether a path is in sight at a time after launch."""
    first, last = paths.ptr[p], paths.ptr[p + 1] - 1 - paths.ptr[p]
    at = min(time_s / paths.step_s[p], float(last))
    i = min(int(at), last - 1)
    f = at - i
    i += first
    height = paths.height_m[i] + f * (paths.height_m[i + 1] - paths.height_m[i])
    if height > height_max_m:
        return False
    phase = variant / orbit.variants + time_s / orbit.period_s
    straight2 = chord2 = 0.0
    for axis in range(3):
        x = paths.xyz_m[i, axis] + f * (paths.xyz_m[i + 1, axis] - paths.xyz_m[i, axis])
        g = paths.ground_m[i, axis] + f * (paths.ground_m[i + 1, axis] - paths.ground_m[i, axis])
        straight2 += (x - _place(phase, orbit.xyz_m, axis)) ** 2
        chord2 += (g - _place(phase, orbit.ground_m, axis)) ** 2
    if straight2 > reach_m * reach_m:
        return False
    arc = 2.0 * EARTH_RADIUS_M * np.arcsin(min(0.5 * np.sqrt(chord2) / EARTH_RADIUS_M, 1.0))
    return bool(arc <= curve_m + HORIZON_ROOT * np.sqrt(max(height, 0.0)))


@njit(cache=True, nogil=True)
def _stays(
    paths: Paths, reach_m: Float, curve_m: float, height_max_m: float, orbit: Round
) -> tuple[NDArray[np.int64], NDArray[np.int64], Float]:
    room, used = 1024, 0
    path, variant = np.empty(room, np.int64), np.empty(room, np.int64)
    times_s = np.empty((room, 2))
    for p in range(paths.salvo.shape[0]):
        reach = reach_m[paths.salvo[p]]
        if reach <= 0.0:
            continue
        duration_s = paths.duration_s[p]
        step_s = min(_SAMPLE_S, duration_s / 16.0)
        for v in range(orbit.variants):
            at_s, begin_s = 0.0, 0.0
            seen = _is_seen(0.0, v, p, paths, reach, curve_m, height_max_m, orbit)
            while at_s < duration_s:
                goal_s = min(at_s + step_s, duration_s)
                there = _is_seen(goal_s, v, p, paths, reach, curve_m, height_max_m, orbit)
                edge_s = goal_s
                if there != seen:
                    low_s, high_s = at_s, goal_s
                    for _ in range(_BISECTIONS):
                        middle_s = 0.5 * (low_s + high_s)
                        if _is_seen(middle_s, v, p, paths, reach, curve_m, height_max_m, orbit) == seen:
                            low_s = middle_s
                        else:
                            high_s = middle_s
                    edge_s = low_s if seen else high_s
                if seen and (not there or goal_s >= duration_s):
                    if used == room:
                        room *= 2
                        path = np.concatenate((path, np.empty(room - used, np.int64)))
                        variant = np.concatenate((variant, np.empty(room - used, np.int64)))
                        times_s = np.concatenate((times_s, np.empty((room - used, 2))))
                    path[used], variant[used] = p, v
                    times_s[used, 0], times_s[used, 1] = begin_s, edge_s
                    used += 1
                if there and not seen:
                    begin_s = edge_s
                at_s, seen = goal_s, there
    return path[:used].copy(), variant[:used].copy(), times_s[:used].copy()
