"""Track formation: the first time that a network's sensors have seen a threat often enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.random import DETECTION, Uniforms, draw, pair_actor
from shieldwall.core.timetable import next_at_work_s
from shieldwall.tables import Records, Tables

# The draws of looks beyond the third lie behind those of any number of stays.
_MORE_LOOKS = 1_000


@kernel
def first_track(
    first_row: int,
    last_row: int,
    start_s: float,
    actor: np.uint64,
    detections: Records,
    sensors: Records,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    """Return when, and by which sensor, the threat is first tracked on its stays in sight first_row..last_row-1.

    Each look (one a scan, the first at a random phase of it) detects with the sensor's probability; `hits_to_track`
    detections make a track, so the number of looks is negative binomial. A sensor sees nothing once it is lost.

    Returns
    -------
    (track_s, sensor); (inf, -1) if no sensor ever tracks it
    """
    best_s = np.inf
    best = -1
    for row in range(first_row, last_row):
        stay = detections[row]
        enter_s = start_s + stay.enter_s
        if enter_s >= best_s:
            break
        q = stay.sensor
        if sensor_lost_s[q] <= enter_s:
            continue
        sensor = sensors[q]
        # Not even with its first looks: no need to draw.
        if enter_s + (sensor.hits_to_track - 1) * sensor.scan_s >= min(best_s, start_s + stay.leave_s):
            continue
        seen_s = _seen_s(enter_s, stay.number, actor, sensor, seed, replication)
        if seen_s < best_s and seen_s <= start_s + stay.leave_s and seen_s < sensor_lost_s[q]:
            best_s = seen_s
            best = q
    return best_s, best


def _made(
    first_row: int,
    last_row: int,
    start_s: float,
    actor: np.uint64,
    tables: Tables,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    return first_track(
        first_row, last_row, start_s, actor, tables.detections, tables.sensors, sensor_lost_s, seed, replication
    )


@where_given("structure", _made)
def first_heard(
    first_row: int,
    last_row: int,
    start_s: float,
    actor: np.uint64,
    tables: Tables,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    """Return when, and from which sensor, the first track reaches the network; without a structure, when it is made.

    As `first_track`, but a sensor reports once the node hears it, if it still sees the threat then, and the report
    takes the latency of the links; a sensor lost before its report is there has reported nothing.

    Returns
    -------
    (track_s, sensor); (inf, -1) if no sensor ever reports it
    """
    best_s = np.inf
    best = -1
    for row in range(first_row, last_row):
        stay, b = tables.detections[row], tables.structure.detection_member[row]
        if start_s + stay.enter_s >= best_s:
            break
        sent_s = first_sent_s(row, start_s, actor, tables, sensor_lost_s, seed, replication)
        heard_s = sent_s + tables.structure.members[b].latency_s
        if heard_s < best_s and heard_s < sensor_lost_s[stay.sensor]:
            best_s = heard_s
            best = stay.sensor
    return best_s, best


@kernel
def first_sent_s(
    row: int,
    start_s: float,
    actor: np.uint64,
    tables: Tables,
    sensor_lost_s: NDArray[np.float64],
    seed: np.uint64,
    replication: np.uint64,
) -> float:
    """Return when a sensor sends the track that it makes on a stay in sight (inf: never)."""
    structure, members = tables.structure, tables.structure.members
    stay, b = tables.detections[row], tables.structure.detection_member[row]
    enter_s = start_s + stay.enter_s
    if sensor_lost_s[stay.sensor] <= enter_s:
        return np.inf
    seen_s = _seen_s(enter_s, stay.number, actor, tables.sensors[stay.sensor], seed, replication)
    sent_s = next_at_work_s(structure.spells, members[b].spell_first, members[b + 1].spell_first, seen_s)
    return sent_s if sent_s <= start_s + stay.leave_s else np.inf


@kernel
def _seen_s(
    enter_s: float, number: int, actor: np.uint64, sensor: Records, seed: np.uint64, replication: np.uint64
) -> float:
    """Return when a sensor would have a track of a threat that enters its sight at `enter_s`, if it stays in sight."""
    watcher = pair_actor(actor, sensor.actor)
    u = draw(seed, replication, DETECTION, watcher, np.uint64(number))
    looks = sensor.hits_to_track
    if sensor.detection_probability < 1.0:
        looks = _looks(looks, sensor, u, seed, replication, watcher)
    return float(enter_s + (u.a + looks - 1) * sensor.scan_s)


@kernel
def track_delay_s(actor: np.uint64, look: int, sensor: Records, seed: np.uint64, replication: np.uint64) -> float:
    """Return how long after it comes into sight a sensor has tracked a threat; `look` numbers its stays in sight.

    Parameters
    ----------
    sensor : one record of tables.SENSOR_RECORD
    """
    watcher = pair_actor(actor, sensor.actor)
    u = draw(seed, replication, DETECTION, watcher, np.uint64(look))
    return float((u.a + _looks(sensor.hits_to_track, sensor, u, seed, replication, watcher) - 1.0) * sensor.scan_s)


@kernel
def _looks(hits: int, sensor: Records, u: Uniforms, seed: np.uint64, replication: np.uint64, watcher: np.uint64) -> int:
    """Return the number of looks until `hits` of them have detected: a sum of geometric numbers."""
    looks = _looks_to_hit(u.b, sensor)
    if hits > 1:
        looks += _looks_to_hit(u.c, sensor)
    if hits > 2:
        looks += _looks_to_hit(u.d, sensor)
    for extra in range(3, hits):
        more = draw(seed, replication, DETECTION, watcher, np.uint64(_MORE_LOOKS + extra))
        looks += _looks_to_hit(more.a, sensor)
    return looks


@kernel
def _looks_to_hit(u: float, sensor: Records) -> int:
    """Return the number of looks up to the first that detects; most often it is the first."""
    if u >= 1.0 - sensor.detection_probability:
        return 1
    return int(np.ceil(np.log(u) / np.log1p(-sensor.detection_probability)))
