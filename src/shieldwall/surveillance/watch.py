"""Look by look: which detections make a track, and what keeps or loses it, where a scenario asks for that.

Every look of every sensor in whose sight a threat stays is played, one a scan from a random phase on, with the chance
of its moment. m detections within n looks make a track; so many scans without a detection of any sensor lose it; it can
be made again. Each look's luck is a pure function of threat, sensor and number of the look, so a search may begin anew
without changing anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel, subroutine, where_given
from shieldwall.core.random import DETECTION, LOOK, ORBIT, OUTAGE, draw, pair_actor
from shieldwall.core.timetable import next_at_work_s
from shieldwall.state import HITS_KEPT, Search
from shieldwall.tables import Records, Tables, Watch

_LOOKS_A_STAY = np.uint64(16_384)
_FOUR = np.uint64(4)


@kernel
def _at_once(row: int, now_s: float, tables: Tables) -> float:
    return now_s


@where_given("structure", _at_once)
def heard_s(row: int, now_s: float, tables: Tables) -> float:
    """Return when the network hears of a detection made now: by the latency of its links later, never if cut off."""
    structure, b = tables.structure, tables.structure.detection_member[row]
    first, last = structure.members[b].spell_first, structure.members[b + 1].spell_first
    if next_at_work_s(structure.spells, first, last, now_s) > now_s:
        return np.inf
    return now_s + structure.members[b].latency_s


@subroutine
def seek(
    first_row: int,
    last_row: int,
    start_s: float,
    after_s: float,
    until_s: float,
    least: int,
    actor: np.uint64,
    tables: Tables,
    sensor_lost_s: NDArray[np.float64],
    search: Search,
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int, float]:
    """Return the first track that lasts beyond `after_s`: when it is made, by which sensor, when it is lost.

    Parameters
    ----------
    first_row, last_row : the detections of the threat's group
    start_s : the threat's launch; all times are seconds after the scenario's start
    until_s : the search ends there; a track held by then counts as held for good
    least : quality that a sensor's looks must have to count
    search : room, written

    Returns
    -------
    (track_s, sensor, lost_s); (inf, -1, inf) if there is none
    """
    watch, sensors = tables.watch, tables.sensors
    count = _begin(first_row, last_row, start_s, least, actor, tables, search, seed, replication)
    track_s, sensor, hold_s = np.inf, -1, -np.inf
    while True:
        i = _next(count, search)
        now_s = search.next_s[i] if i >= 0 else np.inf
        if sensor >= 0 and now_s > hold_s:  # nothing has seen it for too long
            if hold_s > after_s:
                return track_s, sensor, hold_s if hold_s < until_s else np.inf
            track_s, sensor = np.inf, -1
            search.hits[:count] = 0
        if now_s > until_s or now_s == np.inf:
            break
        row = search.row[i]
        stay = tables.detections[row]
        q, number, bin_, look = stay.sensor, stay.number, search.bin[i], search.look[i]
        while watch.until_s[bin_] < now_s - start_s and bin_ < watch.bin_first[row + 1] - 1:
            bin_ += 1
        search.bin[i], search.look[i] = bin_, look + 1
        then_s = now_s + sensors[q].scan_s
        search.next_s[i] = then_s if then_s <= start_s + stay.leave_s else np.inf
        if sensor_lost_s[q] <= now_s or _is_off(q, now_s, watch, sensors[q].actor, seed, replication):
            continue
        if not _detects(watch.chance[bin_], number, look, pair_actor(actor, sensors[q].actor), seed, replication):
            continue
        told_s = heard_s(row, now_s, tables)
        if told_s == np.inf:
            continue
        if sensor < 0 and _makes_track(i, q, now_s, watch, sensors, search):
            track_s, sensor = told_s, q
            if watch.coast_s[q] == np.inf:
                return track_s, sensor, np.inf
        if sensor >= 0:
            hold_s = max(hold_s, now_s + watch.coast_s[q])
    if sensor >= 0 and hold_s > after_s:
        return track_s, sensor, np.inf
    return np.inf, -1, np.inf


@kernel
def _begin(
    first_row: int,
    last_row: int,
    start_s: float,
    least: int,
    actor: np.uint64,
    tables: Tables,
    search: Search,
    seed: np.uint64,
    replication: np.uint64,
) -> int:
    """Set the first look of every stay that counts, at a random phase of the scan; return how many there are."""
    count, watch, sensors = 0, tables.watch, tables.sensors
    for row in range(first_row, last_row):
        stay = tables.detections[row]
        q = stay.sensor
        if watch.quality[q] < least:
            continue
        if watch.variant[row] >= 0 and watch.variant[row] != variant_now(
            q, start_s, watch, sensors[q].actor, seed, replication
        ):
            continue
        u = draw(seed, replication, DETECTION, pair_actor(actor, sensors[q].actor), np.uint64(stay.number)).a
        first_s = start_s + stay.enter_s + u * sensors[q].scan_s
        if first_s <= start_s + stay.leave_s:
            search.row[count], search.next_s[count], search.bin[count] = row, first_s, watch.bin_first[row]
            search.look[count], search.hits[count] = 0, 0
            count += 1
    search.hits[0] = 0
    return count


@kernel
def variant_now(q: int, start_s: float, watch: Watch, actor: np.uint64, seed: np.uint64, replication: np.uint64) -> int:
    """Return the phase variant nearest to where the sensor is on its orbit at a moment."""
    phase = watch.phase[q]
    if phase < 0.0:
        phase = draw(seed, replication, ORBIT, actor, np.uint64(0)).a
    round_ = phase + start_s / watch.period_s[q]
    return int(np.floor((round_ - np.floor(round_)) * watch.variants[q] + 0.5)) % watch.variants[q]


@kernel
def _next(count: int, search: Search) -> int:
    """Return the stay with the earliest next look, -1 if there is none."""
    best, best_s = -1, np.inf
    for i in range(count):
        if search.next_s[i] < best_s:
            best, best_s = i, search.next_s[i]
    return best


@kernel
def _detects(
    chance: float, number: int, look: int, watcher: np.uint64, seed: np.uint64, replication: np.uint64
) -> bool:
    """Say whether a look detects: four looks share one draw."""
    index = np.uint64(number) * _LOOKS_A_STAY + np.uint64(look) // _FOUR
    u = draw(seed, replication, LOOK, watcher, index)
    place = look % 4
    value = u.a
    if place == 1:
        value = u.b
    elif place == 2:
        value = u.c
    elif place == 3:
        value = u.d
    return value < chance


@kernel
def _makes_track(i: int, q: int, now_s: float, watch: Watch, sensors: Records, search: Search) -> bool:
    """Note a detection; say whether the last m of them lie within the window."""
    place = 0 if watch.plots[0] == 1 else i
    wanted = min(sensors[q].hits_to_track, HITS_KEPT)
    search.hit_s[place, search.hits[place] % HITS_KEPT] = now_s
    search.hits[place] += 1
    if search.hits[place] < wanted:
        return False
    return now_s - search.hit_s[place, (search.hits[place] - wanted) % HITS_KEPT] <= watch.window_s[q]


@kernel
def _is_off(q: int, now_s: float, watch: Watch, actor: np.uint64, seed: np.uint64, replication: np.uint64) -> bool:
    """Say whether a sensor is switched off, or has failed and is being repaired."""
    for k in range(watch.off_first[q], watch.off_first[q + 1]):
        if watch.off_from_s[k] <= now_s < watch.off_until_s[k]:
            return True
    if watch.between_s[q] <= 0.0 or now_s < 0.0:
        return False
    u = draw(seed, replication, OUTAGE, actor, np.uint64(0))
    is_out = u.a < watch.repair_s[q] / (watch.between_s[q] + watch.repair_s[q])
    k, change_s = 0, 0.0
    value = u.b
    while True:
        change_s -= np.log(value) * (watch.repair_s[q] if is_out else watch.between_s[q])
        if change_s > now_s:
            return is_out
        is_out = not is_out
        k += 1
        value = draw(seed, replication, OUTAGE, actor, np.uint64(k)).a
