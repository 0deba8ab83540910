"""Engagement windows: from which to which moment an order to fire leads to an intercept inside the reach of the round.

An order at o meets the target at s = o + reaction + distance(s) / speed. The window is every order whose meeting
lies in the round's shell (distance, height) and in sight of the radar that serves it, given while that radar sees
the target.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, njit, subroutine
from shieldwall.core.shell import Shell, distance_m, inside_intervals
from shieldwall.tables import Paths

_SHELLS_AT_MOST = 16
_BISECTIONS = 40
ORDERS = 9


class Reaches(NamedTuple):
    """Per weapon (W,): fire unit's place (W, 3) twice, reach, speed, and the radars that may serve it.

    range_m (W, S) and kill_probability (W, S) against the threats of each salvo, 0 for none; range_min_m, height_min_m,
    height_max_m, speed_m_s, reaction_s; radar_first (W+1,) into radar: sensors, its own first.
    """

    xyz_m: NDArray[np.float64]
    ground_m: NDArray[np.float64]
    range_m: NDArray[np.float64]
    kill_probability: NDArray[np.float64]
    range_min_m: NDArray[np.float64]
    height_min_m: NDArray[np.float64]
    height_max_m: NDArray[np.float64]
    speed_m_s: NDArray[np.float64]
    reaction_s: NDArray[np.float64]
    radar_first: NDArray[np.int64]
    radar: NDArray[np.int64]


class Windows(NamedTuple):
    """Rows by path, then weapon: path, weapon, radar, open_s, close_s (rows,), delay_s (rows, ORDERS)."""

    path: NDArray[np.int64]
    weapon: NDArray[np.int64]
    radar: NDArray[np.int64]
    open_s: NDArray[np.float64]
    close_s: NDArray[np.float64]
    delay_s: NDArray[np.float64]


@kernel
def _order(index: float, step_s: float, speed_m_s: float, reaction_s: float, distance: float) -> float:
    """Return the order time (seconds after launch) that meets the target at a fractional node index."""
    return index * step_s - reaction_s - distance / speed_m_s


@subroutine
def _last_rising(enter: float, leave: float, p: int, w: int, shell: Shell, paths: Paths, reaches: Reaches) -> float:
    """Return up to which index order times rise with the meeting; beyond it the target outruns the round."""
    a, b = paths.ptr[p], paths.ptr[p + 1]
    xyz_m, ground_m, height_m = paths.xyz_m[a:b], paths.ground_m[a:b], paths.height_m[a:b]
    at = enter
    order = _order(
        at,
        paths.step_s[p],
        reaches.speed_m_s[w],
        reaches.reaction_s[w],
        distance_m(at, xyz_m, ground_m, height_m, shell),
    )
    while at < leave:
        goal = min(np.floor(at) + 1.0, leave)
        there = _order(
            goal, paths.step_s[p], reaches.speed_m_s[w], reaches.reaction_s[w],
            distance_m(goal, xyz_m, ground_m, height_m, shell),
        )  # fmt: skip
        if there <= order:
            break
        at, order = goal, there
    return at


@subroutine
def _tabulate(
    enter: float, leave: float, seen_s: float, p: int, w: int, shell: Shell, paths: Paths, reaches: Reaches,
    delay_s: NDArray[np.float64],
) -> tuple[float, float]:  # fmt: skip
    """Fill `delay_s` for the meetings between two indices; return (open_s, close_s), close < open if there is none."""
    a, b = paths.ptr[p], paths.ptr[p + 1]
    xyz_m, ground_m, height_m = paths.xyz_m[a:b], paths.ground_m[a:b], paths.height_m[a:b]
    step_s, speed_m_s, reaction_s = paths.step_s[p], reaches.speed_m_s[w], reaches.reaction_s[w]
    leave = _last_rising(enter, leave, p, w, shell, paths, reaches)
    first = _order(enter, step_s, speed_m_s, reaction_s, distance_m(enter, xyz_m, ground_m, height_m, shell))
    open_s = max(first, seen_s)
    close_s = _order(leave, step_s, speed_m_s, reaction_s, distance_m(leave, xyz_m, ground_m, height_m, shell))
    if close_s < open_s:
        return open_s, close_s
    for k in range(ORDERS):
        order = open_s + (close_s - open_s) * k / (ORDERS - 1)
        low, high = enter, leave
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            distance = distance_m(middle, xyz_m, ground_m, height_m, shell)
            if _order(middle, step_s, speed_m_s, reaction_s, distance) < order:
                low = middle
            else:
                high = middle
        delay_s[k] = high * step_s - order
    return open_s, close_s


@njit(nogil=True, cache=True)
def engagement_windows(
    first_path: int,
    last_path: int,
    paths: Paths,
    stride_m: NDArray[np.float64],
    reaches: Reaches,
    sight_first: NDArray[np.int64],
    sight_sensor: NDArray[np.int64],
    sight_enter_s: NDArray[np.float64],
    sight_leave_s: NDArray[np.float64],
) -> Windows:
    """Return every window of every weapon on paths first_path..last_path-1.

    Parameters
    ----------
    stride_m : float64, shape (P,), longest leg of each path, metres
    sight_first : int64, shape (P+1,), the stays in sight of path p are rows sight_first[p]..sight_first[p+1]-1 of
    sight_sensor, sight_enter_s, sight_leave_s : sensor and seconds after launch

    Limits
    ------
    A round flies straight at its mean speed; one window a (shell stay, radar stay), its delay linear between ORDERS
    orders.
    """
    room = 1024
    place = np.empty((room, 3), np.int64)
    times_s = np.empty((room, 2))
    delay_s = np.empty((room, ORDERS))
    found = np.empty((_SHELLS_AT_MOST, 2))
    used = 0
    for p in range(first_path, last_path):
        a, b = paths.ptr[p], paths.ptr[p + 1]
        xyz_m, ground_m, height_m = paths.xyz_m[a:b], paths.ground_m[a:b], paths.height_m[a:b]
        s = paths.salvo[p]
        for w in range(reaches.speed_m_s.shape[0]):
            if reaches.range_m[w, s] <= 0.0 or reaches.kill_probability[w, s] <= 0.0:
                continue
            shell = Shell(
                reaches.xyz_m[w, 0], reaches.xyz_m[w, 1], reaches.xyz_m[w, 2],
                reaches.ground_m[w, 0], reaches.ground_m[w, 1], reaches.ground_m[w, 2],
                reaches.range_min_m[w], reaches.range_m[w, s], reaches.height_min_m[w], reaches.height_max_m[w],
                np.inf, 0.0, False,
            )  # fmt: skip
            count = inside_intervals(xyz_m, ground_m, height_m, stride_m[p], shell, found)
            if count == 0:
                continue
            for r in range(reaches.radar_first[w], reaches.radar_first[w + 1]):
                for row in range(sight_first[p], sight_first[p + 1]):
                    if sight_sensor[row] != reaches.radar[r]:
                        continue
                    for k in range(count):
                        enter = max(found[k, 0], sight_enter_s[row] / paths.step_s[p])
                        leave = min(found[k, 1], sight_leave_s[row] / paths.step_s[p])
                        if enter > leave:
                            continue
                        if used >= room:
                            room *= 2
                            place = np.concatenate((place, np.empty((room - place.shape[0], 3), np.int64)))
                            times_s = np.concatenate((times_s, np.empty((room - times_s.shape[0], 2))))
                            delay_s = np.concatenate((delay_s, np.empty((room - delay_s.shape[0], ORDERS))))
                        open_s, close_s = _tabulate(
                            enter, leave, sight_enter_s[row], p, w, shell, paths, reaches, delay_s[used]
                        )
                        if close_s >= open_s:
                            place[used, 0], place[used, 1], place[used, 2] = p, w, reaches.radar[r]
                            times_s[used, 0], times_s[used, 1] = open_s, close_s
                            used += 1
    return Windows(
        place[:used, 0].copy(), place[:used, 1].copy(), place[:used, 2].copy(),
        times_s[:used, 0].copy(), times_s[:used, 1].copy(), delay_s[:used].copy(),
    )  # fmt: skip
