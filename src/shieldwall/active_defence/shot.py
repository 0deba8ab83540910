"""Shot and salvo: what is fired, when it meets its target, and whether it kills."""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.active_defence.magazine import take
from shieldwall.core.interpolation import between
from shieldwall.core.random import KILL, draw
from shieldwall.state import SHOT_DOWN, State
from shieldwall.tables import Tables

# Draws one engagement may use: four shots a draw, this many draws apart.
_DRAWS_PER_ENGAGEMENT = 64


@njit(cache=True)
def fire(pair: int, row: int, now_s: float, tables: Tables, state: State) -> tuple[float, int]:
    """Order a salvo on engagement row `row`; return when it is decided and how many launchers it emptied.

    The salvo is the doctrine's, less if the magazine, the shots still allowed or the time left in the window are less. It
    takes one channel of its fire unit until its last shot has met the target.
    """
    engagements, weapons, rules = tables.engagements, tables.weapons, tables.rules
    t = tables.threats.pair_threat[pair]
    threat_class = tables.salvos.threat_class[tables.threats.salvo[t]]
    w = engagements.weapon[row]
    after_launch_s = now_s - state.threats.start_s[t]
    open_s, close_s = engagements.open_s[row], engagements.close_s[row]
    delay_s = between(engagements.delay_s, row, open_s, close_s, after_launch_s)
    interval_s = weapons.interval_s[w]

    spare = state.force.ready[w] - weapons.keep[w, threat_class]
    shots = min(rules.salvo[threat_class], rules.max_shots[threat_class] - state.pairs.shots[pair])
    shots = min(shots, spare // weapons.rounds_per_shot[w])
    if interval_s > 0.0:
        last_meeting_s = close_s + engagements.delay_s[row, engagements.delay_s.shape[1] - 1]
        shots = min(shots, 1 + int(max(last_meeting_s - after_launch_s - delay_s, 0.0) / interval_s))

    rounds = shots * weapons.rounds_per_shot[w]
    emptied = take(w, rounds, now_s, weapons, state.force)
    state.force.busy[weapons.fire_unit[w]] += 1
    state.pairs.salvo[pair] = shots
    state.pairs.shots[pair] += shots
    state.threats.rounds[t] += rounds
    state.threats.weapon[t] = w
    return now_s + delay_s + (shots - 1) * interval_s, emptied


@njit(cache=True)
def resolve(
    pair: int, row: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64
) -> bool:
    """Decide a salvo that meets its target now; return whether it killed. Shots kill independently.

    The draws belong to the threat and to the number of the engagement, so the same threat under another plan meets the
    same luck.
    """
    t = tables.threats.pair_threat[pair]
    probability = tables.engagements.kill_probability[row]
    number = state.threats.engagements[t]
    state.threats.engagements[t] = number + 1
    killed = False
    for shot in range(state.pairs.salvo[pair]):
        index = np.uint64(number * _DRAWS_PER_ENGAGEMENT + shot // 4)
        u = draw(seed, replication, KILL, tables.threats.actor[t], index)
        place = shot % 4
        chance = u.a if place == 0 else (u.b if place == 1 else (u.c if place == 2 else u.d))
        if chance < probability:
            killed = True
    if killed:
        state.threats.end[t] = SHOT_DOWN
        state.threats.end_s[t] = now_s
        state.threats.weapon[t] = tables.engagements.weapon[row]
    return killed
