"""Keep only those points of a path that a straight line between others does not already give."""

from __future__ import annotations

import numpy as np

from shieldwall.web.columns import Float, Int

_METRES_A_DEGREE = 111_195.0
_TOLERANCE_M = 60.0
_OF_LENGTH = 2e-4


def thinned(latitude_deg: Float, longitude_deg: Float, height_m: Float) -> Int:
    """Return the indices kept, int64 (K,), of points (N,) at equal times; the first and the last are always kept.

    A point left out lies within 60 m (or 0.02 % of the span, if that is more) of where the straight flight between its
    kept neighbours puts it at its own time. Douglas and Peucker's division, with the distance at the same moment.
    """
    east = np.cos(np.radians(latitude_deg)) * _METRES_A_DEGREE
    points = np.column_stack((longitude_deg * east, latitude_deg * _METRES_A_DEGREE, height_m))
    flat = np.column_stack((longitude_deg, latitude_deg, height_m))
    scale = np.column_stack((east, np.full_like(east, _METRES_A_DEGREE), np.ones_like(east)))
    span_m = float(np.linalg.norm(points.max(axis=0) - points.min(axis=0)))
    tolerance_m = max(_TOLERANCE_M, _OF_LENGTH * span_m)
    keep = np.zeros(points.shape[0], bool)
    keep[[0, -1]] = True
    pieces = [(0, points.shape[0] - 1)]
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        share = np.arange(1, last - first)[:, None] / (last - first)
        straight = flat[first] + share * (flat[last] - flat[first])
        off_m = np.linalg.norm((flat[first + 1 : last] - straight) * scale[first + 1 : last], axis=1)
        worst = int(np.argmax(off_m))
        if off_m[worst] > tolerance_m:
            middle = first + 1 + worst
            keep[middle] = True
            pieces += [(first, middle), (middle, last)]
    return np.flatnonzero(keep)
