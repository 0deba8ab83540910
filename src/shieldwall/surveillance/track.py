"""Track formation: the first time that a network's sensors have seen a threat often enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel
from shieldwall.core.random import DETECTION, draw, pair_actor
from shieldwall.core.timetable import next_at_work_s
from shieldwall.tables import Tables

# The draws of looks beyond the third lie behind those of any number of stays.
_MORE_LOOKS = 1_000


@kernel
def first_track(
    first_row: int,
    last_row: int,
    start_s: float,
    actor: np.uint64,
    tables: Tables,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    """Return when, and by which sensor, the threat is first tracked on its stays in sight first_row..last_row-1.

    Each look (one a scan, the first at a random phase of it) detects with the sensor's probability; `hits_to_track`
    detections make a track, so the number of looks is negative binomial. A sensor sees nothing once it is lost.
    Under a command structure it reports once its link is up, if it still sees the threat then, and the report takes the
    link's latency; a sensor lost before the report is there has reported nothing.

    Returns
    -------
    (track_s, sensor); (inf, -1) if no sensor ever tracks it
    """
    best_s = np.inf
    best = -1
    structured = tables.command[0].structured == 1
    for row in range(first_row, last_row):
        stay = tables.detections[row]
        enter_s = start_s + stay.enter_s
        if enter_s >= best_s:
            break
        q = stay.sensor
        if sensor_lost_s[q] <= enter_s:
            continue
        sensor = tables.sensors[q]
        watcher = pair_actor(actor, sensor.actor)
        u = draw(seed, replication, DETECTION, watcher, np.uint64(stay.number))
        looks = sensor.hits_to_track
        if sensor.detection_probability < 1.0:
            looks = _looks(looks, sensor.detection_probability, u.b, u.c, u.d, seed, replication, watcher)
        seen_s = enter_s + (u.a + looks - 1) * sensor.scan_s
        heard_s = seen_s
        if structured:
            b = tables.detection_member[row]
            spell_first, spell_last = tables.members[b].spell_first, tables.members[b + 1].spell_first
            seen_s = next_at_work_s(tables.spells, spell_first, spell_last, seen_s)
            heard_s = seen_s + tables.members[b].latency_s
        if heard_s < best_s and seen_s <= start_s + stay.leave_s and heard_s < sensor_lost_s[q]:
            best_s = heard_s
            best = q
    return best_s, best


@kernel
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
        more = draw(seed, replication, DETECTION, actor, np.uint64(_MORE_LOOKS + extra))
        looks += np.ceil(np.log(more.a) / log_miss)
    return int(looks)
