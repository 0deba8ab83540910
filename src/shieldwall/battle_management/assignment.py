"""Assignment: which weapon of a network takes a threat now, and which waiting threat a free fire unit takes.

The rule is the scenario's `doctrine.assignment`:

greedy   the order of preference for the class first; within it the highest expected value saved, which for one threat
         is the highest kill probability; then the earliest intercept
nearest  the earliest intercept, whatever the weapon
cost_aware  the highest expected value saved less the cost of the rounds at the scenario's rate; nothing if that is not
         above zero
rolling  first as greedy, then all tracks of the network are planned together: battle_management.rolling
"""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.allowance import allowed_shots
from shieldwall.battle_management.evaluation import net_value, salvo_kill, urgency, worth
from shieldwall.battle_management.verdict import is_let_go, is_unproven, proven_from_s
from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.interpolation import between
from shieldwall.core.timetable import next_at_work_s
from shieldwall.state import (
    CHANNELS_SATURATED,
    HELD_BY_RULES,
    MAGAZINE_EMPTY,
    NO_CAUSE,
    NO_SHOOTER_IN_REACH,
    WAITING_USED,
    State,
)
from shieldwall.tables import COST_AWARE, FORBIDDEN_RANK, NEAREST, Tables

# Answers of `may_fire` that are not a cause: yes, and "a reload is on its way".
YES, LOADING = -1, -2


def _always_led(row: int, now_s: float, tables: Tables) -> float:
    return now_s


@where_given("structure", _always_led)
def led_from_s(row: int, now_s: float, tables: Tables) -> float:
    """Return the first moment from now on at which the row's network leads its fire unit (inf: never again)."""
    members, b = tables.structure.members, tables.structure.engagement_member[row]
    return next_at_work_s(tables.structure.spells, members[b].spell_first, members[b + 1].spell_first, now_s)


@kernel
def may_fire(row: int, pair: int, threat_class: int, now_s: float, tables: Tables, state: State) -> int:
    """Return YES, LOADING, or the cause that keeps this engagement row from being used now (its window apart)."""
    chance = tables.engagements[row]
    w, u, radar = chance.weapon, chance.fire_unit, chance.radar
    unit, weapon = state.units[u], state.weapons[w]
    cut_off = led_from_s(row, now_s, tables) > now_s
    if cut_off or unit.lost_s <= now_s or (radar >= 0 and state.sensor_lost_s[radar] <= now_s):
        return NO_SHOOTER_IN_REACH
    if tables.command[0].hold or is_unproven(row, pair, now_s, tables, state):
        return HELD_BY_RULES
    left = weapon.ready - tables.weapons[w].rounds_per_shot
    if left < 0 or left < tables.keep[w, threat_class]:
        if weapon.reloading > 0:
            return LOADING
        return MAGAZINE_EMPTY if left < 0 else HELD_BY_RULES
    if unit.busy >= tables.fire_units[u].channels:
        return CHANNELS_SATURATED
    return YES


@kernel
def _nearer(first: int, second: int) -> int:
    """Return the cause that came nearer to a shot: channel, then magazine, then rules, then nobody in reach."""
    if NO_CAUSE in (first, second):
        return first + second
    if NO_SHOOTER_IN_REACH in (first, second):
        return max(first, second)
    return min(first, second)


@kernel
def choose_weapon(
    first_row: int,
    last_row: int,
    start_s: float,
    pair: int,
    threat_class: int,
    now_s: float,
    tables: Tables,
    state: State,
) -> tuple[int, float, int]:
    """Return the engagement row of first_row..last_row-1 to use now, when to try again, and what keeps it from firing.

    Returns
    -------
    row : -1 if none can be used now
    again_s : the next moment at which another window opens (inf: none does)
    cause : what kept the row that came nearest to a shot from being used
    """
    nearest, by_cost = tables.command[0].assignment == NEAREST, weighs_cost(tables)
    best, best_rank, best_merit, best_s = -1, FORBIDDEN_RANK, -1.0, np.inf
    again_s, cause = np.inf, NO_CAUSE
    for row in range(first_row, last_row):
        chance = tables.engagements[row]
        # Absolute times on both sides: what was scheduled for the opening must find it open, to the last bit.
        if start_s + chance.open_s > now_s:
            again_s = min(again_s, start_s + chance.open_s)
            break
        if start_s + chance.close_s < now_s:
            continue
        ready_s = tables.fire_units[chance.fire_unit].ready_s
        if ready_s > now_s:
            again_s = min(again_s, ready_s)
            continue
        net = net_value_of(row, pair, threat_class, tables, state) if by_cost else 0.0
        answer = may_fire(row, pair, threat_class, now_s, tables, state)
        if by_cost and net <= 0.0:
            answer = HELD_BY_RULES if answer != NO_SHOOTER_IN_REACH else answer
        if answer != YES:
            if answer == NO_SHOOTER_IN_REACH:
                led_s = led_from_s(row, now_s, tables)
                if now_s < led_s <= start_s + chance.close_s:
                    again_s = min(again_s, led_s)
            elif answer == HELD_BY_RULES:
                again_s = min(again_s, proven_from_s(row, pair, now_s, tables, state))
            cause = _nearer(cause, MAGAZINE_EMPTY if answer == LOADING else answer)
            continue
        rank = 0 if nearest or by_cost else tables.rank[chance.weapon, threat_class]
        merit = net if by_cost else 0.0 if nearest else chance.kill_probability
        if rank > best_rank or (rank == best_rank and merit < best_merit):
            continue
        intercept_s = between(tables.delay_s, row, chance.open_s, chance.close_s, now_s - start_s)
        if rank < best_rank or merit > best_merit or intercept_s < best_s:
            best, best_rank, best_merit, best_s = row, rank, merit, intercept_s
    return best, again_s, cause


@kernel
def wait_for(
    first_row: int,
    last_row: int,
    start_s: float,
    pair: int,
    threat_class: int,
    now_s: float,
    tables: Tables,
    state: State,
) -> bool:
    """Put the pair on the waiting list of every unit in reach that lacks only a channel or a reload; False if full."""
    by_cost = weighs_cost(tables)
    for row in range(first_row, last_row):
        chance = tables.engagements[row]
        if start_s + chance.open_s > now_s:
            break
        if start_s + chance.close_s < now_s:
            continue
        answer = may_fire(row, pair, threat_class, now_s, tables, state)
        if answer not in (CHANNELS_SATURATED, LOADING):
            continue
        if by_cost and net_value_of(row, pair, threat_class, tables, state) <= 0.0:
            continue
        k = state.used[WAITING_USED]
        if k >= state.waiting.shape[0]:
            return False
        node, unit = state.waiting[k], state.units[chance.fire_unit]
        node.pair = pair
        node.row = row
        node.shots = state.pairs[pair].shots
        node.next = unit.waiting
        unit.waiting = k
        state.used[WAITING_USED] = k + 1
    return True


@kernel
def next_waiting(u: int, now_s: float, tables: Tables, state: State) -> tuple[int, int]:
    """Return the (pair, row) that fire unit u takes from its waiting list, or (-1, -1); forget those too late.

    It takes the one with the highest priority (see `evaluation`; `cost_aware`: net value), ties to the window that
    closes first, then to the lower pair.
    """
    best_pair, best_row, best_saved, best_close_s = -1, -1, -1.0, np.inf
    before, k = -1, state.units[u].waiting
    while k >= 0:
        node = state.waiting[k]
        chance, pair = tables.engagements[node.row], state.pairs[node.pair]
        t = tables.pair_threat[node.pair]
        threat = state.threats[t]
        threat_class = tables.salvos[tables.threats[t].salvo].threat_class
        close_s = threat.start_s + chance.close_s
        # A salvo fired since it began to wait, by whichever unit, ends the wait: it must look before it shoots again.
        # So does a cut that leaves its network no more shots.
        over = close_s < now_s or threat.end_s <= now_s or pair.shots > node.shots
        over = over or pair.shots >= allowed_shots(node.pair, threat_class, now_s, tables, state)
        if over or is_let_go(node.pair, now_s, tables, state):
            if before < 0:
                state.units[u].waiting = node.next
            else:
                state.waiting[before].next = node.next
            k = node.next
            continue
        if may_fire(node.row, node.pair, threat_class, now_s, tables, state) == YES:
            saved = _priority(node.row, node.pair, threat_class, close_s - now_s, now_s, tables, state)
            ahead = close_s < best_close_s or (close_s == best_close_s and node.pair < best_pair)
            if best_pair < 0 or saved > best_saved or (saved == best_saved and ahead):
                best_pair, best_row, best_saved, best_close_s = node.pair, node.row, saved, close_s
        before, k = k, node.next
    return best_pair, best_row


def _costs_nothing(tables: Tables) -> bool:
    return False


@where_given("policy", _costs_nothing)
def weighs_cost(tables: Tables) -> bool:
    """Return whether the rule weighs the value saved against what the rounds cost."""
    return bool(tables.command[0].assignment == COST_AWARE)


def _no_value(row: int, pair: int, threat_class: int, tables: Tables, state: State) -> float:
    return 0.0


@where_given("policy", _no_value)
def net_value_of(row: int, pair: int, threat_class: int, tables: Tables, state: State) -> float:
    """Return `evaluation.net_value`."""
    return net_value(row, pair, threat_class, tables, state)


def _value_saved(
    row: int, pair: int, threat_class: int, left_s: float, now_s: float, tables: Tables, state: State
) -> float:
    at_risk = tables.flights[state.threats[tables.pair_threat[pair]].path].value_at_risk
    return float(at_risk * tables.engagements[row].kill_probability)


@where_given("policy", _value_saved)
def _priority(
    row: int, pair: int, threat_class: int, left_s: float, now_s: float, tables: Tables, state: State
) -> float:
    """Return what a waiting threat counts for on an engagement row whose window closes in `left_s`."""
    if tables.command[0].assignment == COST_AWARE:
        return net_value(row, pair, threat_class, tables, state)
    chance, rule = tables.engagements[row], tables.rules[threat_class]
    saved = worth(pair, tables, state) * chance.kill_probability
    if not tables.policy.figures[0].urgent:
        return saved
    start_s = state.threats[tables.pair_threat[pair]].start_s
    delay_s = between(tables.delay_s, row, chance.open_s, chance.close_s, now_s - start_s)
    return saved * urgency(salvo_kill(chance.kill_probability, rule.salvo), left_s, delay_s + rule.assess_s + 1e-9)
