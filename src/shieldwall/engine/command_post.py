"""From a threat's launch to the moment at which a network may order: track, queue, identification, command."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.command_queue import join, take
from shieldwall.battle_management.evaluation import look_for_decoy
from shieldwall.battle_management.rolling import look_ahead_s
from shieldwall.battle_management.verdict import identify, unless_let_go_s
from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.timetable import next_at_work_s
from shieldwall.engine.agenda import ARRIVAL, SERVED, decide_at, schedule
from shieldwall.engine.call import call_fighters
from shieldwall.engine.report import is_carried_on, send
from shieldwall.engine.search import find_track, once_cued_s
from shieldwall.state import LOG_ENGAGEABLE, LOG_IDENTIFIED, LOG_TRACKED, State, note
from shieldwall.tables import Tables


@kernel
def find(pair: int, k: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let the k-th network that may act on threat t look for it; if it is found in time, a decision falls due."""
    threat, known = state.threats[t], state.pairs[pair]
    g = tables.flights[threat.path].group_first + k
    track_s, sensor = find_track(pair, g, t, tables, state, seed, replication)
    known.track_s = track_s
    known.sensor = sensor
    known.engageable_s = np.inf
    known.due_s = np.inf
    if sensor < 0 or track_s >= threat.end_s:
        return
    n = tables.network[tables.salvos[tables.threats[t].salvo].network_first + k]
    if not send(pair, n, g, t, tables, state, seed, replication):
        hear(pair, k, n, t, tables, state, seed, replication)


@kernel
def hear(
    pair: int, k: int, n: int, t: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Let network n, the k-th that may act on threat t, have a track of it on its picture from then on."""
    threat, known = state.threats[t], state.pairs[pair]
    track_s, sensor = known.track_s, known.sensor
    if track_s < threat.first_track_s:
        threat.first_track_s = track_s
        threat.first_sensor = sensor
    note(state, track_s, LOG_TRACKED, t, -1, sensor, n)
    look_for_decoy(pair, n, tables, state, seed, replication)
    if not queue_up(pair, n, track_s, tables, state):
        delay_s = identify(pair, n, track_s, tables, state, seed, replication)
        note_verdict(pair, n, tables, state)
        may_order(pair, k, n, track_s + delay_s, tables, state)


def _never_queues(pair: int, n: int, track_s: float, tables: Tables, state: State) -> bool:
    return False


@where_given("structure", _never_queues)
def queue_up(pair: int, n: int, track_s: float, tables: Tables, state: State) -> bool:
    """Let a track go to its node if that has a limited number of operators; return whether it has."""
    if tables.networks[n].operators == 0:
        return False
    schedule(state, track_s, ARRIVAL, pair, 0)
    return True


def _no_verdict(pair: int, n: int, tables: Tables, state: State) -> None:
    pass


@where_given("identity", _no_verdict)
def note_verdict(pair: int, n: int, tables: Tables, state: State) -> None:
    """Log when network n is sure of a track, and what of: its value is 1 for a hostile."""
    verdict, t = state.verdicts[pair], tables.pair_threat[pair]
    if verdict.verdict_s < state.threats[t].end_s:
        note(state, verdict.verdict_s, LOG_IDENTIFIED, t, -1, state.pairs[pair].sensor, verdict.hostile)


@kernel
def may_order(pair: int, k: int, n: int, engageable_s: float, tables: Tables, state: State) -> None:
    """Let network n, the k-th that may act on the pair's threat, order from `engageable_s` on."""
    t = tables.pair_threat[pair]
    threat, known = state.threats[t], state.pairs[pair]
    engageable_s = once_cued_s(pair, engageable_s, tables, state)
    engageable_s = unless_let_go_s(pair, engageable_s, tables, state)
    known.engageable_s = engageable_s
    threat.engageable_s = min(threat.engageable_s, engageable_s)
    if engageable_s >= threat.end_s:
        return
    note(state, engageable_s, LOG_ENGAGEABLE, t, -1, known.sensor, n)
    call_fighters(pair, n, t, tables, state)
    group = tables.groups[tables.flights[threat.path].group_first + k]
    if engageable_s <= threat.start_s + group.last_close_s:
        opens_s = threat.start_s + tables.engagements[group.engagement_first].open_s
        decide_at(pair, max(engageable_s, opens_s - look_ahead_s(tables)), state)


def _nothing_comes(
    pair: int, hop: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    pass


@where_given("links", _nothing_comes)
def receive(
    pair: int, hop: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> None:
    """Let a report go on over the link of a hop, or after the last be heard by its network."""
    if is_carried_on(pair, hop, now_s, tables, state):
        return
    t = tables.pair_threat[pair]
    k = pair - tables.threats[t].pair_first
    known, n = state.pairs[pair], tables.network[tables.salvos[tables.threats[t].salvo].network_first + k]
    known.track_s, known.sensor = now_s, tables.links.hops[hop].sensor
    hear(pair, k, n, t, tables, state, seed, replication)


@kernel
def arrive(pair: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let a track come to its node; one that finds every place taken is never worked on there."""
    t = tables.pair_threat[pair]
    if state.threats[t].end_s <= now_s:
        return
    known, k = state.pairs[pair], pair - tables.threats[t].pair_first
    if state.sensor_lost_s[known.sensor] <= known.track_s:
        find(pair, k, t, tables, state, seed, replication)  # the sensor was lost before it could make the track
        return
    n = tables.network[tables.salvos[tables.threats[t].salvo].network_first + k]
    if join(pair, n, tables, state):
        staff(n, now_s, tables, state, seed, replication)


@kernel
def staff(n: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let free operators of network n take up tracks. A lost node takes up none, and ends none before its repair."""
    network, desk = tables.networks[n], state.desks[n]
    if next_at_work_s(tables.structure.spells, network.spell_first, network.spell_last, now_s) > now_s:
        return
    while desk.busy < network.operators:
        pair = take(n, now_s, tables, state)
        if pair < 0:
            return
        t = tables.pair_threat[pair]
        done_s = now_s + identify(pair, n, now_s, tables, state, seed, replication)
        done_s = next_at_work_s(tables.structure.spells, network.spell_first, network.spell_last, done_s)
        desk.busy += 1
        if done_s < np.inf:
            schedule(state, done_s, SERVED, n, 0)
            note_verdict(pair, n, tables, state)
            may_order(pair, pair - tables.threats[t].pair_first, n, done_s, tables, state)


@kernel
def serve_next(n: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let an operator of network n, now free, take up the next track."""
    state.desks[n].busy -= 1
    staff(n, now_s, tables, state, seed, replication)
