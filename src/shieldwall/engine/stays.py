"""Stays: when each path is within reach and in sight of each place (a sensor, a jammer), by geometry alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit
from shieldwall.core.shell import Shell, inside_intervals
from shieldwall.tables import Paths

_STAYS_AT_MOST = 16


class Stays(NamedTuple):
    """Stays of paths in places, by path then place: path, place, enter_s and leave_s after launch, all (rows,)."""

    path: NDArray[np.int64]
    place: NDArray[np.int64]
    enter_s: NDArray[np.float64]
    leave_s: NDArray[np.float64]


class Places(NamedTuple):
    """Fixed places, per place (B,): centre and foot, earth-centred metres (B, 3); reach; what hides a threat from it.

    distance_max_m (B, S): reach against the threats of each salvo, 0 for none; height_max_m; curve_m: the place's
    own part of the horizon (inf: the Earth hides nothing); by_ground 1 where distances count along the ground.
    """

    xyz_m: NDArray[np.float64]
    ground_m: NDArray[np.float64]
    distance_max_m: NDArray[np.float64]
    height_max_m: NDArray[np.float64]
    curve_m: NDArray[np.float64]
    curve_root: float
    by_ground: NDArray[np.int64]


@njit(nogil=True, cache=True)
def stays(first_path: int, last_path: int, paths: Paths, stride_m: NDArray[np.float64], places: Places) -> Stays:
    """Return every stay of paths first_path..last_path-1 within reach and in sight of every place.

    Parameters
    ----------
    stride_m : float64, shape (P,), longest leg of each path, metres
    """
    room = 1024
    path = np.empty(room, np.int64)
    place = np.empty(room, np.int64)
    times_s = np.empty((room, 2))
    found = np.empty((_STAYS_AT_MOST, 2))
    used = 0
    for p in range(first_path, last_path):
        a, b = paths.ptr[p], paths.ptr[p + 1]
        xyz_m, ground_m, height_m = paths.xyz_m[a:b], paths.ground_m[a:b], paths.height_m[a:b]
        s = paths.salvo[p]
        for i in range(places.xyz_m.shape[0]):
            reach_m = places.distance_max_m[i, s]
            if reach_m <= 0.0:
                continue
            shell = Shell(
                places.xyz_m[i, 0], places.xyz_m[i, 1], places.xyz_m[i, 2],
                places.ground_m[i, 0], places.ground_m[i, 1], places.ground_m[i, 2],
                0.0, reach_m, -np.inf, places.height_max_m[i], places.curve_m[i], places.curve_root,
                places.by_ground[i] == 1,
            )  # fmt: skip
            count = inside_intervals(xyz_m, ground_m, height_m, stride_m[p], shell, found)
            if used + count > room:
                room *= 2
                path = np.concatenate((path, np.empty(room - path.shape[0], np.int64)))
                place = np.concatenate((place, np.empty(room - place.shape[0], np.int64)))
                times_s = np.concatenate((times_s, np.empty((room - times_s.shape[0], 2))))
            for k in range(count):
                path[used] = p
                place[used] = i
                times_s[used, 0] = found[k, 0] * paths.step_s[p]
                times_s[used, 1] = found[k, 1] * paths.step_s[p]
                used += 1
    return Stays(path[:used].copy(), place[:used].copy(), times_s[:used, 0].copy(), times_s[:used, 1].copy())
