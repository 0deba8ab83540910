"""Shells: when a moving point is inside a shell around a fixed one.

A shell is a range of distances, a range of heights and, if asked for, "not behind the curve of the Earth". The moving
point runs along a polyline whose nodes are equally spaced in time; between two nodes it moves on a straight line. Sight
of a sensor, reach of a round and the area of a jammer are all shells.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel

_MEAN_EARTH_RADIUS_M = 6_371_008.8
_BISECTIONS = 40


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


@kernel
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


@kernel
def distance_m(
    index: float, xyz_m: NDArray[np.float64], ground_m: NDArray[np.float64], height_m: NDArray[np.float64], shell: Shell
) -> float:
    """Return the distance that the shell counts (straight or along the ground) at a fractional node index."""
    straight, arc, _ = _node(index, xyz_m, ground_m, height_m, shell)
    return arc if shell.by_ground else straight


@kernel
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


@kernel
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


@kernel
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


@kernel
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
    Each leg is cut at its nearest point to the centre; a shell crossed more than once within one such piece is missed.
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
                if count < found.shape[0]:
                    found[count, 0] = entered
                    found[count, 1] = _crossing(goal, at, xyz_m, ground_m, height_m, shell)
                    count += 1
                entered = -1.0
            at = goal
            value = value_there
        i += 1
        at = float(i)
    if entered >= 0.0 and count < found.shape[0]:
        found[count, 0] = entered
        found[count, 1] = float(last)
        count += 1
    return count
