"""Shot and salvo: what is fired, when it meets its target, and whether it kills."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.magazine import take
from shieldwall.core.compiled import kernel
from shieldwall.core.interpolation import between
from shieldwall.core.random import KILL, draw
from shieldwall.state import SHOT_DOWN, State
from shieldwall.tables import Records, Tables

# Draws that one engagement may use, four shots a draw.
_DRAWS_PER_ENGAGEMENT = 64
# Shots of a salvo at most: what a meeting remembers of it besides its engagement row.
_SHOTS_AT_MOST = 63
_SHOTS_SHIFT = 6


@kernel
def salvo_on(row: int, shots: int) -> int:
    """Return one number for a salvo on an engagement row, as an event carries it."""
    return (row << _SHOTS_SHIFT) | shots


@kernel
def of_salvo(salvo: int) -> tuple[int, int]:
    """Return the engagement row and the shots of a salvo."""
    return salvo >> _SHOTS_SHIFT, salvo & _SHOTS_AT_MOST


@kernel
def fire(
    pair: int, row: int, threat_class: int, most: int, now_s: float, tables: Tables, state: State
) -> tuple[float, int, int]:
    """Order a salvo on engagement row `row`; return when it is decided, its shots, and how many launchers it emptied.

    The salvo is the doctrine's, less if the plan (`most`), the magazine, the shots still allowed or the time left in
    the window are less. It takes one channel of its fire unit until its last shot has met the target.
    """
    chance, rule, engaged = tables.engagements[row], tables.rules[threat_class], state.pairs[pair]
    threat = state.threats[tables.pair_threat[pair]]
    w = chance.weapon
    given, weapon = tables.weapons[w], state.weapons[w]
    after_launch_s = now_s - threat.start_s
    delay_s = between(tables.delay_s, row, chance.open_s, chance.close_s, after_launch_s)

    shots = min(rule.salvo, most, rule.max_shots - engaged.shots, _SHOTS_AT_MOST)
    shots = min(shots, (weapon.ready - tables.keep[w, threat_class]) // given.rounds_per_shot)
    if given.interval_s > 0.0:
        last_meeting_s = chance.close_s + tables.delay_s[row, tables.delay_s.shape[1] - 1]
        shots = min(shots, 1 + int(max(last_meeting_s - after_launch_s - delay_s, 0.0) / given.interval_s))

    rounds = shots * given.rounds_per_shot
    emptied = take(given, weapon, rounds, now_s)
    state.units[chance.fire_unit].busy += 1
    count_salvo(threat, engaged)
    engaged.shots += shots
    threat.rounds += rounds
    threat.weapon = w
    return now_s + delay_s + (shots - 1) * given.interval_s, shots, emptied


@kernel
def count_salvo(threat: Records, engaged: Records) -> None:
    """Count a salvo that goes to a threat, and whether one of a network that does not know of it is on its way."""
    if threat.under_way > engaged.salvos:
        threat.duplicates += 1
    threat.under_way += 1
    engaged.salvos += 1


@kernel
def resolve(
    shots: int,
    weapon: int,
    probability: float,
    now_s: float,
    actor: np.uint64,
    threat: Records,
    seed: np.uint64,
    replication: np.uint64,
) -> bool:
    """Decide a salvo that meets its target now; return whether it killed. Shots kill independently.

    The draws belong to the threat and to the number of the engagement, so the same threat under another plan meets the
    same luck.

    Parameters
    ----------
    threat : its record of state.THREAT_STATE, written
    """
    number = threat.engagements
    threat.engagements = number + 1
    killed = False
    for four in range((shots + 3) // 4):
        u = draw(seed, replication, KILL, actor, np.uint64(number * _DRAWS_PER_ENGAGEMENT + four))
        left = shots - 4 * four
        if (
            u.a < probability
            or (left > 1 and u.b < probability)
            or (left > 2 and u.c < probability)
            or (left > 3 and u.d < probability)
        ):
            killed = True
    if killed:
        threat.end = SHOT_DOWN
        threat.end_s = now_s
        threat.weapon = weapon
    return killed
