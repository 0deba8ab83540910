"""Assignment: which weapon of a network takes a threat now, and which waiting threat a free fire unit takes.

The rule is the scenario's `doctrine.assignment`:

greedy   the order of preference for the class first; within it the highest expected value saved, which for one threat is
         the highest kill probability; then the earliest intercept
nearest  the earliest intercept, whatever the weapon
"""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.core.interpolation import between
from shieldwall.state import (
    CHANNELS_SATURATED,
    HELD_BY_RULES,
    MAGAZINE_EMPTY,
    NO_CAUSE,
    NO_SHOOTER_IN_REACH,
    State,
)
from shieldwall.tables import FORBIDDEN_RANK, NEAREST, Tables

# Answers of `may_fire` that are not a cause: yes, and "a reload is on its way".
YES, LOADING = -1, -2


@njit(cache=True)
def may_fire(row: int, threat_class: int, now_s: float, tables: Tables, state: State) -> int:
    """Return YES, LOADING, or the cause that keeps this engagement row from being used now (its window apart)."""
    weapons, force = tables.weapons, state.force
    w = tables.engagements.weapon[row]
    u = weapons.fire_unit[w]
    radar = tables.engagements.radar[row]
    if force.unit_lost_s[u] <= now_s or (radar >= 0 and force.sensor_lost_s[radar] <= now_s):
        return NO_SHOOTER_IN_REACH
    if weapons.rank[w, threat_class] >= FORBIDDEN_RANK or tables.rules.hold:
        return HELD_BY_RULES
    left = force.ready[w] - weapons.rounds_per_shot[w]
    if left < 0:
        return LOADING if force.reloading[w] > 0 else MAGAZINE_EMPTY
    if left < weapons.keep[w, threat_class]:
        return HELD_BY_RULES
    if force.busy[u] >= tables.fire_units.channels[u]:
        return CHANNELS_SATURATED
    return YES


@njit(cache=True)
def _nearer(first: int, second: int) -> int:
    """Return the cause that came nearer to a shot: channel, then magazine, then rules, then nobody in reach."""
    if first == NO_CAUSE or second == NO_CAUSE:
        return first + second
    if first == NO_SHOOTER_IN_REACH or second == NO_SHOOTER_IN_REACH:
        return max(first, second)
    return min(first, second)


@njit(cache=True)
def choose_weapon(
    group: int, threat: int, threat_class: int, now_s: float, tables: Tables, state: State
) -> tuple[int, float, int]:
    """Return the engagement row to use now, when to try again, and what keeps it from firing.

    Returns
    -------
    row : -1 if none can be used now
    again_s : the next moment at which another window opens (inf: none does)
    cause : what kept the row that came nearest to a shot from being used
    """
    engagements, rules, weapons = tables.engagements, tables.rules, tables.weapons
    start_s = state.threats.start_s[threat]
    after_launch_s = now_s - start_s
    best, best_rank, best_probability, best_s = -1, FORBIDDEN_RANK, -1.0, np.inf
    again_s, cause = np.inf, NO_CAUSE
    for row in range(engagements.first[group], engagements.first[group + 1]):
        if engagements.open_s[row] > after_launch_s:
            again_s = min(again_s, start_s + engagements.open_s[row])
            break
        if engagements.close_s[row] < after_launch_s:
            continue
        w = engagements.weapon[row]
        unit_ready_s = tables.fire_units.ready_s[weapons.fire_unit[w]]
        if unit_ready_s > now_s:
            again_s = min(again_s, unit_ready_s)
            continue
        answer = may_fire(row, threat_class, now_s, tables, state)
        if answer != YES:
            cause = _nearer(cause, MAGAZINE_EMPTY if answer == LOADING else answer)
            continue
        rank = 0 if rules.assignment == NEAREST else weapons.rank[w, threat_class]
        probability = 0.0 if rules.assignment == NEAREST else engagements.kill_probability[row]
        intercept_s = between(
            engagements.delay_s, row, engagements.open_s[row], engagements.close_s[row], after_launch_s
        )
        if (
            rank < best_rank
            or (rank == best_rank and probability > best_probability)
            or (rank == best_rank and probability == best_probability and intercept_s < best_s)
        ):
            best, best_rank, best_probability, best_s = row, rank, probability, intercept_s
    return best, again_s, cause


@njit(cache=True)
def wait_for(group: int, pair: int, threat: int, threat_class: int, now_s: float, tables: Tables, state: State) -> bool:
    """Put the pair on the waiting list of every unit in reach that lacks only a channel or a reload; False if full."""
    engagements, waiting = tables.engagements, state.waiting
    after_launch_s = now_s - state.threats.start_s[threat]
    for row in range(engagements.first[group], engagements.first[group + 1]):
        if engagements.open_s[row] > after_launch_s:
            break
        if engagements.close_s[row] < after_launch_s:
            continue
        answer = may_fire(row, threat_class, now_s, tables, state)
        if answer not in (CHANNELS_SATURATED, LOADING):
            continue
        k = waiting.used[0]
        if k >= waiting.pair.shape[0]:
            return False
        u = tables.weapons.fire_unit[engagements.weapon[row]]
        waiting.pair[k], waiting.row[k], waiting.next[k] = pair, row, waiting.head[u]
        waiting.head[u] = k
        waiting.used[0] = k + 1
    return True


@njit(cache=True)
def next_waiting(u: int, now_s: float, tables: Tables, state: State) -> tuple[int, int]:
    """Return the (pair, row) that fire unit u takes from its waiting list, or (-1, -1); forget those too late.

    It takes the one with the highest expected value saved (value at risk x kill probability), ties to the window that
    closes first, then to the lower pair.
    """
    waiting, engagements, threats = state.waiting, tables.engagements, tables.threats
    best_node, best_saved, best_close_s = -1, -1.0, np.inf
    before, node = -1, waiting.head[u]
    while node >= 0:
        pair, row, following = waiting.pair[node], waiting.row[node], waiting.next[node]
        t = threats.pair_threat[pair]
        close_s = state.threats.start_s[t] + engagements.close_s[row]
        gone = close_s < now_s or is_over(t, now_s, state) or state.pairs.salvo[pair] > 0
        if gone:
            if before < 0:
                waiting.head[u] = following
            else:
                waiting.next[before] = following
            node = following
            continue
        threat_class = tables.salvos.threat_class[threats.salvo[t]]
        if may_fire(row, threat_class, now_s, tables, state) == YES:
            saved = tables.flights.value_at_risk[state.threats.path[t]] * engagements.kill_probability[row]
            ahead = close_s < best_close_s or (close_s == best_close_s and pair < waiting.pair[best_node])
            if best_node < 0 or saved > best_saved or (saved == best_saved and ahead):
                best_node, best_saved, best_close_s = node, saved, close_s
        before, node = node, following
    if best_node < 0:
        return -1, -1
    return waiting.pair[best_node], waiting.row[best_node]


@njit(cache=True)
def is_over(t: int, now_s: float, state: State) -> bool:
    """Say whether the threat has ended: shot down, or its own end (failure, suppression, impact) has come."""
    return state.threats.end_s[t] <= now_s
