"""Shells: when a moving point is inside a shell around a fixed one.

A shell is a range of distances, a range of heights and, if asked for, "not behind the curve of the Earth". The moving
point runs along a polyline whose nodes are equally spaced in time; between two nodes it moves on a straight line. Sight
of a sensor, reach of a round and the area of a jammer are all shells.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import subroutine

_MEAN_EARTH_RADIUS_M = 6_371_008.8
_BISECTIONS = 40
_GOLDEN = 0.6180339887498949


class Shell(NamedTuple):
    """A fixed point and the shell around it: metres, earth-centred; `curve_m` and `curve_root` as below.

    The Earth hides a point of height h at ground distance d if d > curve_m + curve_root * sqrt(h); an infinite
    `curve_m` turns this off. `by_ground` counts distances along the ground instead of on the straight line.
    """

    x_m: float
    y_m: float
    z_m: float
    ground_x_m: float
    ground_y_m: float
    ground_z_m: float
    distance_min_m: float
    distance_max_m: float
    height_min_m: float
    height_max_m: float
    curve_m: float
    curve_root: float
    by_ground: bool


@subroutine
def _node(
    index: float, xyz_m: NDArray[np.float64], ground_m: NDArray[np.float64], height_m: NDArray[np.float64], shell: Shell
) -> tuple[float, float, float]:
    """Return straight distance, ground distance (metres along the arc) and height at a fractional node index."""
    last = height_m.shape[0] - 1
    i = min(int(index), last - 1)
    f = index - i
    x = xyz_m[i, 0] + f * (xyz_m[i + 1, 0] - xyz_m[i, 0]) - shell.x_m
    y = xyz_m[i, 1] + f * (xyz_m[i + 1, 1] - xyz_m[i, 1]) - shell.y_m
    z = xyz_m[i, 2] + f * (xyz_m[i + 1, 2] - xyz_m[i, 2]) - shell.z_m
    gx = ground_m[i, 0] + f * (ground_m[i + 1, 0] - ground_m[i, 0]) - shell.ground_x_m
    gy = ground_m[i, 1] + f * (ground_m[i + 1, 1] - ground_m[i, 1]) - shell.ground_y_m
    gz = ground_m[i, 2] + f * (ground_m[i + 1, 2] - ground_m[i, 2]) - shell.ground_z_m
    chord = np.sqrt(gx * gx + gy * gy + gz * gz)
    half = min(chord / (2.0 * _MEAN_EARTH_RADIUS_M), 1.0)
    arc = 2.0 * _MEAN_EARTH_RADIUS_M * np.arcsin(half) if half > 1e-3 else chord
    return np.sqrt(x * x + y * y + z * z), arc, height_m[i] + f * (height_m[i + 1] - height_m[i])


@subroutine
def distance_m(
    index: float, xyz_m: NDArray[np.float64], ground_m: NDArray[np.float64], height_m: NDArray[np.float64], shell: Shell
) -> float:
    """Return the distance that the shell counts (straight or along the ground) at a fractional node index."""
    straight, arc, _ = _node(index, xyz_m, ground_m, height_m, shell)
    return arc if shell.by_ground else straight


@subroutine
def _margin(
    index: float, xyz_m: NDArray[np.float64], ground_m: NDArray[np.float64], height_m: NDArray[np.float64], shell: Shell
) -> float:
    """Return a number that is >= 0 exactly inside the shell, continuous along the line."""
    straight, arc, height = _node(index, xyz_m, ground_m, height_m, shell)
    distance = arc if shell.by_ground else straight
    margin = min(shell.distance_max_m - distance, shell.height_max_m - height)
    if shell.distance_min_m > 0.0:
        margin = min(margin, distance - shell.distance_min_m)
    margin = min(margin, height - shell.height_min_m)
    if shell.curve_m < np.inf:
        margin = min(margin, shell.curve_m + shell.curve_root * np.sqrt(max(height, 0.0)) - arc)
    return margin


@subroutine
def _crossing(
    outside: float,
    inside: float,
    xyz_m: NDArray[np.float64],
    ground_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    shell: Shell,
) -> float:
    """Return the fractional node index between `outside` and `inside` where the shell is crossed."""
    for _ in range(_BISECTIONS):
        middle = 0.5 * (outside + inside)
        if _margin(middle, xyz_m, ground_m, height_m, shell) >= 0.0:
            inside = middle
        else:
            outside = middle
    return inside


@subroutine
def _closest(i: int, xyz_m: NDArray[np.float64], ground_m: NDArray[np.float64], shell: Shell) -> float:
    """Return the fraction of leg i at which the straight line passes nearest to the centre, in 0..1."""
    points = ground_m if shell.by_ground else xyz_m
    cx = shell.ground_x_m if shell.by_ground else shell.x_m
    cy = shell.ground_y_m if shell.by_ground else shell.y_m
    cz = shell.ground_z_m if shell.by_ground else shell.z_m
    dx = points[i + 1, 0] - points[i, 0]
    dy = points[i + 1, 1] - points[i, 1]
    dz = points[i + 1, 2] - points[i, 2]
    length = dx * dx + dy * dy + dz * dz
    if length == 0.0:
        return 0.0
    along = (cx - points[i, 0]) * dx + (cy - points[i, 1]) * dy + (cz - points[i, 2]) * dz
    return min(max(along / length, 0.0), 1.0)


@subroutine
def _may_be_inside(
    start: float,
    end: float,
    xyz_m: NDArray[np.float64],
    ground_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    shell: Shell,
) -> bool:
    """Say whether a piece of a leg with both ends outside may pass through the shell: a bound, never too tight."""
    straight, arc, height = _node(start, xyz_m, ground_m, height_m, shell)
    straight_there, arc_there, height_there = _node(end, xyz_m, ground_m, height_m, shell)
    distance = arc if shell.by_ground else straight
    distance_there = arc_there if shell.by_ground else straight_there
    if min(distance, distance_there) > shell.distance_max_m or max(distance, distance_there) < shell.distance_min_m:
        return False
    if min(height, height_there) > shell.height_max_m or max(height, height_there) < shell.height_min_m:
        return False
    if shell.curve_m == np.inf:
        return True
    return min(arc, arc_there) <= shell.curve_m + shell.curve_root * np.sqrt(max(height, height_there, 0.0))


@subroutine
def _deepest(
    start: float,
    end: float,
    xyz_m: NDArray[np.float64],
    ground_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    shell: Shell,
) -> float:
    """Return an index inside the shell on a piece with both ends outside; -1 if there is none.

    On a piece cut at its nearest point each bound is kept or broken once, so the margin rises, then falls: a golden
    section finds its top.
    """
    if not _may_be_inside(start, end, xyz_m, ground_m, height_m, shell):
        return -1.0
    low, high = start, end
    for _ in range(_BISECTIONS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        value_left = _margin(left, xyz_m, ground_m, height_m, shell)
        value_right = _margin(right, xyz_m, ground_m, height_m, shell)
        if value_left >= 0.0:
            return left
        if value_right >= 0.0:
            return right
        if value_left < value_right:
            low = left
        else:
            high = right
    return -1.0


@subroutine
def _noted(enter: float, leave: float, count: int, found: NDArray[np.float64]) -> int:
    """Write an interval as the count-th if there is room; return how many there are now."""
    if count >= found.shape[0]:
        return count
    found[count, 0] = enter
    found[count, 1] = leave
    return count + 1


@subroutine
def inside_intervals(
    xyz_m: NDArray[np.float64],
    ground_m: NDArray[np.float64],
    height_m: NDArray[np.float64],
    stride_m: float,
    shell: Shell,
    found: NDArray[np.float64],
) -> int:
    """Write the intervals of fractional node index inside the shell to `found` and return how many there are.

    Parameters
    ----------
    xyz_m, ground_m : float64, shape (N, 3), earth-centred metres of the nodes and of their feet at height zero
    height_m : float64, shape (N,), metres above the ground
    stride_m : the longest leg, metres; legs that are certainly out of reach are jumped over
    shell : the shell
    found : float64, shape (K, 2), filled with (enter, leave); intervals beyond K are dropped

    Limits
    ------
    Each leg is cut at its nearest point to the centre; on such a piece the inside is taken to be one interval, or none.
    """
    last = height_m.shape[0] - 1
    count = 0
    entered = -1.0
    at = 0.0
    value = _margin(at, xyz_m, ground_m, height_m, shell)
    if value >= 0.0:
        entered = 0.0
    i = 0
    while i < last:
        if value < 0.0 and at == i:
            away = distance_m(at, xyz_m, ground_m, height_m, shell) - shell.distance_max_m
            jump = int(away / stride_m) if away > stride_m else 0
            if jump > 0:
                i = min(i + jump, last)
                at = float(i)
                value = _margin(at, xyz_m, ground_m, height_m, shell)
                if value >= 0.0:
                    entered = at
                continue
        fraction = _closest(i, xyz_m, ground_m, shell)
        for piece in range(2):
            goal = i + fraction if piece == 0 else i + 1.0
            if goal <= at:
                continue
            value_there = _margin(goal, xyz_m, ground_m, height_m, shell)
            if value < 0.0 <= value_there:
                entered = _crossing(at, goal, xyz_m, ground_m, height_m, shell)
            elif value >= 0.0 > value_there:
                count = _noted(entered, _crossing(goal, at, xyz_m, ground_m, height_m, shell), count, found)
                entered = -1.0
            elif value < 0.0 and value_there < 0.0:
                deepest = _deepest(at, goal, xyz_m, ground_m, height_m, shell)
                if deepest >= 0.0:
                    entered = _crossing(at, deepest, xyz_m, ground_m, height_m, shell)
                    left = _crossing(goal, deepest, xyz_m, ground_m, height_m, shell)
                    count = _noted(entered, left, count, found)
                    entered = -1.0
            at = goal
            value = value_there
        i += 1
        at = float(i)
    if entered >= 0.0:
        count = _noted(entered, float(last), count, found)
    return count
