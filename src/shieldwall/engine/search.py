"""Ask the surveillance pillar for tracks: by the law of one chance a look, or look by look where a scenario says so."""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel, where_given
from shieldwall.engine.agenda import decide_at
from shieldwall.state import DETECTED_TOO_LATE, LOG_TRACK_LOST, LOG_TRACKED, State, note
from shieldwall.surveillance.track import first_heard
from shieldwall.surveillance.watch import seek
from shieldwall.tables import Tables


@kernel
def _first_heard(
    pair: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> tuple[float, int]:
    return first_heard(
        tables.groups[g].detection_first,
        tables.groups[g + 1].detection_first,
        state.threats[t].start_s,
        tables.threats[t].actor,
        tables,
        state.sensor_lost_s,
        seed,
        replication,
    )


@where_given("watch", _first_heard)
def find_track(
    pair: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> tuple[float, int]:
    """Return a pair's first track and the sensor that makes it; note when it is good enough to cue, and when lost."""
    track_s, sensor, lost_s = _seek(g, t, -np.inf, 0, tables, state, seed, replication)
    cued_s = track_s
    if sensor >= 0 and tables.watch.warn_only[0] == 1:
        cued_s, _, lost_s = _seek(g, t, -np.inf, 1, tables, state, seed, replication)
    state.search.cued_s[pair], state.search.lost_s[pair] = cued_s, lost_s
    if lost_s < np.inf:
        note(state, lost_s, LOG_TRACK_LOST, t, -1, sensor, 0.0)
    return track_s, sensor


@kernel
def _at_once(pair: int, engageable_s: float, tables: Tables, state: State) -> float:
    return engageable_s


@where_given("watch", _at_once)
def once_cued_s(pair: int, engageable_s: float, tables: Tables, state: State) -> float:
    """Return when an order may be given: not before the track is good enough to cue a fire unit."""
    return max(engageable_s, float(state.search.cued_s[pair]))


@kernel
def _seek(
    g: int, t: int, after_s: float, least: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> tuple[float, int, float]:
    """Return the first track that lasts beyond a moment, among sensors of a quality or better."""
    threat, group = state.threats[t], tables.groups[g]
    until_s = threat.end_s
    if group.last_close_s > -np.inf:
        until_s = min(until_s, threat.start_s + max(group.last_close_s, 0.0))
    return seek(
        group.detection_first,
        tables.groups[g + 1].detection_first,
        threat.start_s,
        after_s,
        until_s,
        least,
        tables.threats[t].actor,
        tables,
        state.sensor_lost_s,
        state.search,
        seed,
        replication,
    )


@kernel
def _never(
    pair: int, g: int, t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> bool:
    return False


@where_given("watch", _never)
def is_lost(
    pair: int, g: int, t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> bool:
    """Say whether a pair has no track now; it then decides again when the track is made again."""
    held_s = _tracked_from(pair, g, t, now_s, tables, state, seed, replication)
    if now_s < held_s < state.threats[t].end_s:
        decide_at(pair, held_s, state)
    return held_s > now_s


@kernel
def _tracked_from(
    pair: int, g: int, t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> float:
    """Return now if the pair's track is held, or when it will be made again (inf: never).

    A sensor that has been lost since then adds no detection after its loss.
    """
    known = state.pairs[pair]
    least = tables.watch.warn_only[0]
    if state.sensor_lost_s[known.sensor] <= now_s < state.search.lost_s[pair]:
        track_s, sensor, lost_s = _seek(g, t, now_s, least, tables, state, seed, replication)
        state.search.lost_s[pair] = lost_s
        if sensor >= 0 and track_s <= now_s:
            return now_s
        state.search.lost_s[pair] = now_s
    if state.search.lost_s[pair] > now_s:
        return now_s
    track_s, sensor, lost_s = _seek(g, t, now_s, least, tables, state, seed, replication)
    if sensor < 0:
        known.blocked = DETECTED_TOO_LATE
        return np.inf
    known.sensor = sensor
    state.search.lost_s[pair] = lost_s
    note(state, track_s, LOG_TRACKED, t, -1, sensor, 0.0)
    if lost_s < np.inf:
        note(state, lost_s, LOG_TRACK_LOST, t, -1, sensor, 0.0)
    return max(track_s, now_s)
