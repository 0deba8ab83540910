"""From a decision to a shot: fire, take the next of those that wait, or plan all tracks of a network together."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.magazine import begin_reload
from shieldwall.active_defence.shot import fire, salvo_on
from shieldwall.battle_management.allowance import allowed_shots
from shieldwall.battle_management.assignment import next_waiting
from shieldwall.battle_management.plan_search import solve_plan
from shieldwall.battle_management.rolling import enlist, gather, want_options, want_units
from shieldwall.battle_management.verdict import remember_shot
from shieldwall.core.compiled import kernel, where_given
from shieldwall.engine.agenda import MEETING, RELOAD, decide_at, schedule
from shieldwall.engine.handover import tell
from shieldwall.state import ASKED, HELD_BY_RULES, LOG_FIRED, NO_CAUSE, PLAN_HELD, PLAN_SOON, STATUS, State, note
from shieldwall.tables import EXACT, Tables

DOCTRINE_SALVO = 1_000_000  # shots: as many as doctrine allows


@kernel
def shoot(
    pair: int, row: int, t: int, threat_class: int, most: int, now_s: float, tables: Tables, state: State
) -> None:
    """Fire, schedule the meeting, and send emptied launchers to reload; shoot again where a look would be too late."""
    chance, known = tables.engagements[row], state.pairs[pair]
    allowed = allowed_shots(pair, threat_class, now_s, tables, state)
    meeting_s, shots, emptied = fire(pair, row, threat_class, min(most, allowed - known.shots), now_s, tables, state)
    remember_shot(pair, now_s, tables, state)
    known.due_s = np.inf  # a shot from the waiting list: no other before the network has looked
    schedule(state, meeting_s, MEETING, pair, salvo_on(row, shots))
    tell(pair, meeting_s, tables, state)
    note(state, now_s, LOG_FIRED, t, chance.weapon, chance.radar, shots)
    for _ in range(emptied):
        given = tables.weapons[chance.weapon]
        load = begin_reload(given, state.weapons[chance.weapon])
        if load > 0:
            schedule(state, now_s + given.reload_s, RELOAD, chance.weapon, load)
    if known.shots < allowed and look_is_too_late(pair, t, meeting_s, now_s, tables, state):
        decide_at(pair, now_s, state)


@kernel
def look_is_too_late(pair: int, t: int, meeting_s: float, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether a look after the meeting would come after the pair's last window, and doctrine says to shoot."""
    if not tables.command[0].shoot_again:
        return False
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    group = tables.flights[state.threats[t].path].group_first + pair - tables.threats[t].pair_first
    last_close_s = state.threats[t].start_s + tables.groups[group].last_close_s
    return bool(now_s <= last_close_s < meeting_s + tables.rules[threat_class].assess_s)


@kernel
def take_waiting(u: int, now_s: float, tables: Tables, state: State) -> None:
    """Let fire unit u take waiting threats while it can."""
    while state.units[u].waiting >= 0 and state.units[u].busy < tables.fire_units[u].channels:
        pair, row = next_waiting(u, now_s, tables, state)
        if pair < 0:
            return
        t = tables.pair_threat[pair]
        threat_class = tables.salvos[tables.threats[t].salvo].threat_class
        shoot(pair, row, t, threat_class, DOCTRINE_SALVO, now_s, tables, state)


@where_given("rolling", take_waiting)
def serve(u: int, now_s: float, tables: Tables, state: State) -> None:
    """Let what fire unit u has free go to the threats that want it: one after another, or planned together."""
    if state.plan.wanted[u]:
        state.plan.wanted[u] = 0
        plan(tables.rolling.unit_network[u], now_s, tables, state)


def _each_alone(
    pair: int,
    row: int,
    again_s: float,
    cause: int,
    first: int,
    last: int,
    threat_class: int,
    now_s: float,
    tables: Tables,
    state: State,
) -> bool:
    return False


@where_given("rolling", _each_alone)
def is_planned(
    pair: int,
    row: int,
    again_s: float,
    cause: int,
    first: int,
    last: int,
    threat_class: int,
    now_s: float,
    tables: Tables,
    state: State,
) -> bool:
    """Leave the decision on a pair to a plan of its network; return whether there are plans.

    row, again_s and cause are `choose_weapon`'s answer for the pair's rows first..last-1.
    """
    t, known = tables.pair_threat[pair], state.pairs[pair]
    threat = state.threats[t]
    known.blocked = HELD_BY_RULES if row >= 0 else cause if cause != NO_CAUSE else known.blocked
    if again_s < threat.end_s:
        decide_at(pair, again_s, state)
    k = pair - tables.threats[t].pair_first
    network = tables.network[tables.salvos[tables.threats[t].salvo].network_first + k]
    enlist(pair, network, first, state)
    if row >= 0:
        plan(network, now_s, tables, state)
    else:
        want_units(pair, first, last, threat_class, now_s, tables, state)
    return True


@kernel
def plan(network: int, now_s: float, tables: Tables, state: State) -> None:
    """Plan all live tracks of a network together and carry out what is due; under `exact`, stop and ask."""
    gather(network, now_s, tables, state)
    if tables.command[0].assignment == EXACT:
        state.used[STATUS] = ASKED
        return
    solve_plan(tables, state.plan)
    carry_out(now_s, tables, state)


@kernel
def carry_out(now_s: float, tables: Tables, state: State) -> None:
    """Fire what the plan fires now; let the tracks left out decide again at the next opening that it counts with."""
    soon_s = state.plan.moment[PLAN_SOON]
    for i in range(state.plan.used[PLAN_HELD]):
        track = state.plan.tracks[i]
        pair = track.pair
        if track.choice >= 0 and state.plan.options[track.choice].now:
            row, t = state.plan.options[track.choice].row, tables.pair_threat[pair]
            shoot(pair, row, t, track.threat_class, track.shots, now_s, tables, state)
            continue
        want_options(i, state.plan)
        if state.pairs[pair].due_s == np.inf and soon_s < state.threats[tables.pair_threat[pair]].end_s:
            decide_at(pair, soon_s, state)
