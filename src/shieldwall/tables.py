"""Every array that is computed once per scenario and read, never written, by every replication.

The kernel sees nothing else of a scenario. Letters in shapes: S salvos, T threats, P paths, N path points, Q sensors,
U fire units, W weapons (one kind of round on one fire unit), M targets (assets, then fire units, then sensors), C threat
classes, L networks (who shares one picture). Times of windows are seconds after the threat's own launch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Word = NDArray[np.uint64]


class Paths(NamedTuple):
    """Where threats fly: one path for each (salvo, origin, aim point, route variant).

    The points of path p are rows ptr[p] to ptr[p+1]-1, equally spaced in time, the first at launch (0 s), the last at
    impact (`duration_s[p]`); between two points a threat moves on a straight line.

    salvo (P,) index into Scenario.salvos; target (P,) index of the aim point among the M targets; probability (P,) chance
    that a threat of the salvo draws this path (sums to 1 over a salvo; paths of a salvo are contiguous);
    ptr (P+1,); step_s (P,) time between points; duration_s (P,);
    xyz_m (N, 3) WGS84 earth-centred; ground_m (N, 3) the same point at height zero; height_m (N,) above the ground;
    latitude_deg (N,), longitude_deg (N,).
    """

    salvo: Int
    target: Int
    probability: Float
    ptr: Int
    step_s: Float
    duration_s: Float
    xyz_m: Float
    ground_m: Float
    height_m: Float
    latitude_deg: Float
    longitude_deg: Float
