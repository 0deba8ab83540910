"""Reports of tracks over links of limited capacity, from the sensor to the network that is to hear of it."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.link_queue import carried_s
from shieldwall.core.compiled import kernel, where_given
from shieldwall.engine.agenda import REPORT, schedule
from shieldwall.state import LOG_REPORTED, State, note
from shieldwall.surveillance.track import first_sent_s
from shieldwall.tables import Tables


def _heard_at_once(
    pair: int, n: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> bool:
    return False


@where_given("links", _heard_at_once)
def send(
    pair: int, n: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> bool:
    """Let the sensors of network n send it their tracks of threat t, if it hears any over links of limited capacity."""
    known = state.pairs[pair]
    state.reports.made_s[pair] = known.track_s
    if tables.links.narrow[n] == 0:
        return False
    send_tracks(pair, g, t, tables, state, seed, replication)
    known.track_s = np.inf
    return True


@kernel
def _send_each(
    pair: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    start_s, end_s, actor = state.threats[t].start_s, state.threats[t].end_s, tables.threats[t].actor
    for row in range(tables.groups[g].detection_first, tables.groups[g + 1].detection_first):
        sent_s = first_sent_s(row, start_s, actor, tables, state.sensor_lost_s, seed, replication)
        if sent_s < end_s:
            _begin(pair, row, sent_s, tables, state)


@where_given("watch", _send_each)
def send_tracks(
    pair: int, g: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Send every track of the pair's threat that a sensor makes; look by look only the first."""
    known = state.pairs[pair]
    for row in range(tables.groups[g].detection_first, tables.groups[g + 1].detection_first):
        if tables.detections[row].sensor == known.sensor:
            member = tables.structure.members[tables.structure.detection_member[row]]
            _begin(pair, row, known.track_s - member.latency_s, tables, state)
            return


@kernel
def _begin(pair: int, row: int, sent_s: float, tables: Tables, state: State) -> None:
    """Put a report on its way."""
    hop = tables.links.hop_first[tables.structure.detection_member[row]]
    schedule(state, sent_s + tables.links.hops[hop].before_s, REPORT, pair, hop)


@kernel
def is_carried_on(pair: int, hop: int, now_s: float, tables: Tables, state: State) -> bool:
    """Let a report take the link of a hop behind those that came before; return False where the way is at its end.

    A report is dropped (True) that is on its way when its sensor is destroyed, whose threat has ended, or whose network
    has by now heard of the threat from another sensor.
    """
    step, t = tables.links.hops[hop], tables.pair_threat[pair]
    over = state.threats[t].end_s <= now_s or state.pairs[pair].track_s < np.inf
    if over or state.sensor_lost_s[step.sensor] <= now_s:
        return True
    if step.link < 0:
        return False
    if step.begins:
        n = tables.network[tables.salvos[tables.threats[t].salvo].network_first + pair - tables.threats[t].pair_first]
        note(state, now_s, LOG_REPORTED, t, -1, step.sensor, n)
    done_s = carried_s(step.link, now_s, tables, state)
    if done_s < np.inf:
        schedule(state, done_s + tables.links.hops[hop + 1].before_s, REPORT, pair, hop + 1)
    return True
