"""Track formation: the first time that a network's sensors have seen a threat often enough."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shieldwall.core.random import DETECTION, draw, pair_actor
from shieldwall.tables import Detections, Sensors


@njit(cache=True)
def first_track(
    group: int,
    start_s: float,
    actor: np.uint64,
    detections: Detections,
    sensors: Sensors,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    """Return when, and by which sensor, the threat on this group's path is first tracked.

    Each look (one a scan, the first at a random phase of it) detects with the sensor's probability; `hits_to_track`
    detections make a track, so the number of looks is negative binomial. A sensor sees nothing once it is lost.

    Returns
    -------
    (track_s, sensor); (inf, -1) if no sensor ever tracks it
    """
    best_s = np.inf
    best = -1
    for row in range(detections.first[group], detections.first[group + 1]):
        enter_s = start_s + detections.enter_s[row]
        if enter_s >= best_s:
            break
        q = detections.sensor[row]
        if sensor_lost_s[q] <= enter_s:
            continue
        watcher = pair_actor(actor, sensors.actor[q])
        u = draw(seed, replication, DETECTION, watcher, np.uint64(detections.stay[row]))
        probability = sensors.detection_probability[q]
        looks = sensors.hits_to_track[q]
        if probability < 1.0:
            looks = _looks(looks, probability, u.b, u.c, u.d, seed, replication, watcher)
        seen_s = enter_s + (u.a + looks - 1) * sensors.scan_s[q]
        if seen_s < best_s and seen_s <= start_s + detections.leave_s[row] and seen_s < sensor_lost_s[q]:
            best_s = seen_s
            best = q
    return best_s, best


@njit(cache=True)
def _looks(
    hits: int,
    probability: float,
    u: float,
    v: float,
    w: float,
    seed: np.uint64,
    replication: np.uint64,
    actor: np.uint64,
) -> int:
    """Return the number of looks until `hits` of them have detected: a sum of geometric numbers."""
    log_miss = np.log1p(-probability)
    looks = np.ceil(np.log(u) / log_miss)
    if hits > 1:
        looks += np.ceil(np.log(v) / log_miss)
    if hits > 2:
        looks += np.ceil(np.log(w) / log_miss)
    for extra in range(3, hits):
        more = draw(seed, replication, DETECTION, actor, np.uint64(1_000 + extra))
        looks += np.ceil(np.log(more.a) / log_miss)
    return int(looks)
