"""Intercept: when an aircraft or its missile first comes within reach of a threat that flies its path.

The chaser flies straight at constant speed from a place and a moment; the threat moves on straight legs between
points equally spaced in time. The collision course is the root of

    |P(s) - F| - R = v (s - s0)

on one leg a quadratic equation, solved in closed form. Distances are chords between places at height zero: 0.01 % short
of the way along the ground at 300 km, 0.1 % at 1,000 km; heights are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, subroutine
from shieldwall.tables_air import Legs

Point = tuple[float, float, float]


@kernel
def gap_m(a: Point, b: Point) -> float:
    """Return the straight distance between two places, metres."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return float(np.sqrt(x * x + y * y + z * z))


@kernel
def as_point(place: NDArray[np.float64]) -> Point:
    """Return a place of a record as three numbers."""
    return place[0], place[1], place[2]


@kernel
def along(a: Point, b: Point, share: float) -> Point:
    """Return the place a share of the way from a to b, lifted from the chord to the ground between them."""
    x = a[0] + share * (b[0] - a[0])
    y = a[1] + share * (b[1] - a[1])
    z = a[2] + share * (b[2] - a[2])
    radius_a = np.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
    radius_b = np.sqrt(b[0] * b[0] + b[1] * b[1] + b[2] * b[2])
    lift = (radius_a + share * (radius_b - radius_a)) / np.sqrt(x * x + y * y + z * z)
    return x * lift, y * lift, z * lift


@kernel
def path_point(path: int, after_s: float, legs: Legs) -> Point:
    """Return where a threat on a path is, seconds after its launch, at height zero."""
    first = legs.first[path]
    top = legs.first[path + 1] - 1 - first
    place = min(max(after_s / legs.step_s[path], 0.0), float(top))
    i = min(int(place), top - 1)
    f = place - i
    a, b = legs.ground_m[first + i], legs.ground_m[first + i + 1]
    return a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])


@kernel
def _lag_m(path: int, after_s: float, start: Point, go_s: float, speed_m_s: float, reach_m: float, legs: Legs) -> float:
    """Return how much farther away the threat is than the chaser reaches by then; 0 or less once it can be met."""
    return gap_m(path_point(path, after_s, legs), start) - reach_m - speed_m_s * (after_s - go_s)


@subroutine
def meeting_s(
    path: int,
    start: Point,
    go_s: float,
    speed_m_s: float,
    reach_m: float,
    first_s: float,
    last_s: float,
    legs: Legs,
) -> float:
    """Return the first moment in first_s..last_s at which the chaser is within `reach_m` of the threat; inf for none.

    Parameters
    ----------
    start : where the chaser is at `go_s` (seconds after the threat's launch, as all moments here)
    speed_m_s : of the chaser; a chaser faster than the path is found by bisection over its points, any other by steps
        that cannot pass a meeting

    Limits
    ------
    Exact on the legs of the path, up to the last bits of the quadratic's root.
    """
    step_s = legs.step_s[path]
    low_s = max(first_s, go_s, 0.0)
    if low_s > last_s:
        return np.inf
    if _lag_m(path, low_s, start, go_s, speed_m_s, reach_m, legs) <= 0.0:
        return low_s
    if speed_m_s > legs.top_m_s[path]:
        if _lag_m(path, last_s, start, go_s, speed_m_s, reach_m, legs) > 0.0:
            return np.inf
        low, high = int(low_s / step_s), int(np.ceil(last_s / step_s))
        while high - low > 1:
            middle = (low + high) >> 1
            if _lag_m(path, middle * step_s, start, go_s, speed_m_s, reach_m, legs) > 0.0:
                low = middle
            else:
                high = middle
        return min(_on_leg(path, low, low_s, start, go_s, speed_m_s, reach_m, legs), last_s)
    at_s = low_s
    closing_m_s = speed_m_s + legs.top_m_s[path]
    while at_s <= last_s:
        leg = int(at_s / step_s)
        found_s = _on_leg(path, leg, at_s, start, go_s, speed_m_s, reach_m, legs)
        if found_s < np.inf:
            return found_s if found_s <= last_s else np.inf
        at_s = (leg + 1) * step_s
        lag = _lag_m(path, at_s, start, go_s, speed_m_s, reach_m, legs)
        at_s = max(at_s, np.floor((at_s + lag / closing_m_s) / step_s) * step_s)
    return np.inf


@subroutine
def _on_leg(
    path: int, leg: int, low_s: float, start: Point, go_s: float, speed_m_s: float, reach_m: float, legs: Legs
) -> float:
    """Return the first meeting on one leg, not before `low_s`; inf for none."""
    step_s = legs.step_s[path]
    first = legs.first[path] + min(leg, legs.first[path + 1] - 2 - legs.first[path])
    a, b = legs.ground_m[first], legs.ground_m[first + 1]
    begin_s = (first - legs.first[path]) * step_s
    u0, u1, u2 = (b[0] - a[0]) / step_s, (b[1] - a[1]) / step_s, (b[2] - a[2]) / step_s
    from_s = max(low_s - begin_s, 0.0)
    d0, d1, d2 = a[0] + u0 * from_s - start[0], a[1] + u1 * from_s - start[1], a[2] + u2 * from_s - start[2]
    c = reach_m + speed_m_s * (begin_s + from_s - go_s)
    q2 = u0 * u0 + u1 * u1 + u2 * u2 - speed_m_s * speed_m_s
    q1 = d0 * u0 + d1 * u1 + d2 * u2 - speed_m_s * c
    q0 = d0 * d0 + d1 * d1 + d2 * d2 - c * c
    if q0 <= 0.0:
        return begin_s + from_s
    wait_s = _least_root(q2, q1, q0)
    return begin_s + from_s + wait_s if from_s + wait_s <= step_s * (1.0 + 1e-12) else np.inf


@kernel
def _least_root(q2: float, q1: float, q0: float) -> float:
    """Return the least root >= 0 of q2 x^2 + 2 q1 x + q0, where q0 > 0; inf for none."""
    square = q1 * q1 - q2 * q0
    if square < 0.0:
        return np.inf
    root = np.sqrt(square)
    if q1 <= 0.0:
        below = root - q1
        return q0 / below if below > 0.0 else np.inf
    return (-q1 - root) / q2 if q2 < 0.0 else np.inf
