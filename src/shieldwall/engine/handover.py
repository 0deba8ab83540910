"""Handover: who leads changes because a node or link is lost or repaired; what each network knows goes along."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.verdict import tell_verdict
from shieldwall.core.compiled import kernel, where_given
from shieldwall.engine.agenda import HANDOVER, decide_at, schedule
from shieldwall.state import LOG_NODE_LOST, LOG_NODE_REPAIRED, State, note
from shieldwall.tables import Records, Tables


def _nothing_changes(tables: Tables, state: State) -> None:
    pass


@where_given("structure", _nothing_changes)
def plan_changes(tables: Tables, state: State) -> None:
    """Log every loss and repair of a node, and schedule one event for each moment at which other networks lead."""
    for i in range(tables.structure.node_changes.shape[0]):
        change = tables.structure.node_changes[i]
        note(state, change.time_s, LOG_NODE_LOST if change.lost else LOG_NODE_REPAIRED, -1, -1, -1, change.node)
    for i in range(tables.structure.handovers.shape[0]):
        if i == 0 or tables.structure.handovers[i].time_s > tables.structure.handovers[i - 1].time_s:
            schedule(state, tables.structure.handovers[i].time_s, HANDOVER, i, 0)


def _none_under_way(pair: int, tables: Tables, state: State) -> float:
    return -np.inf


@where_given("structure", _none_under_way)
def under_way_until_s(pair: int, tables: Tables, state: State) -> float:
    """Return until when a salvo that the network knows of is under way, whoever fired it (-inf: none)."""
    return float(state.liaison[pair].until_s)


def _keep_still(pair: int, meeting_s: float, tables: Tables, state: State) -> None:
    pass


@where_given("structure", _keep_still)
def tell(pair: int, meeting_s: float, tables: Tables, state: State) -> None:
    """Let the network remember until when its own salvo is under way."""
    state.liaison[pair].until_s = meeting_s


def _now(pair: int, t: int, tables: Tables, state: State) -> float:
    return 0.0


@where_given("structure", _now)
def look_s(pair: int, t: int, tables: Tables, state: State) -> float:
    """Return when the network has seen what became of the salvo that it knows to be under way."""
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    return float(state.liaison[pair].until_s + tables.rules[threat_class].assess_s)


@kernel
def hand_over(first: int, tables: Tables, state: State) -> None:
    """Let what networks know of shots go along with every change of the moment of handover `first`.

    A network that is cut off goes on with what the one above knew then; one that is found again tells what has been
    shot since. So nobody shoots while a salvo that he knows of is under way, and known shots count.
    """
    now_s = tables.structure.handovers[first].time_s
    for i in range(first, tables.structure.handovers.shape[0]):
        change = tables.structure.handovers[i]
        if change.time_s > now_s:
            return
        for s in range(tables.salvos.shape[0] - 1):
            source, goal = _place(s, change.source, tables), _place(s, change.goal, tables)
            if source < 0 or goal < 0:
                continue
            for t in range(tables.salvos[s].threat_first, tables.salvos[s + 1].threat_first):
                if state.threats[t].start_s <= now_s < state.threats[t].end_s:
                    first_pair = tables.threats[t].pair_first
                    _tell(t, first_pair + source, first_pair + goal, change, tables, state)


@kernel
def _place(s: int, n: int, tables: Tables) -> int:
    """Return which of the networks that may act on salvo s is network n, -1 for none."""
    first = tables.salvos[s].network_first
    for k in range(tables.salvos[s + 1].network_first - first):
        if tables.network[first + k] == n:
            return k
    return -1


@kernel
def _tell(t: int, source: int, goal: int, change: Records, tables: Tables, state: State) -> None:
    """Let pair `goal` know of the shots at threat t that pair `source` knows of; it decides anew if it may order."""
    teller, hearer = state.pairs[source], state.pairs[goal]
    told, heard = state.liaison[source], state.liaison[goal]
    if change.cut:
        hearer.shots = teller.shots
        heard.shared = teller.shots
    else:
        hearer.shots += teller.shots - told.shared
        told.shared = teller.shots
    heard.until_s = max(heard.until_s, told.until_s)
    now_s = change.time_s
    tell_verdict(source, goal, now_s, tables, state)
    if hearer.engageable_s <= now_s and hearer.salvos == 0 and hearer.due_s == np.inf:
        decide_at(goal, max(now_s, look_s(goal, t, tables, state)), state)
