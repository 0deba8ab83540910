"""Impact: whether a threat that got through hits, and what it takes."""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel
from shieldwall.core.random import IMPACT, draw
from shieldwall.state import LEAKED_HIT, LEAKED_MISSED, State
from shieldwall.tables import ASSET, FIRE_UNIT, Tables


def hit_probability(radius_m: float, circular_error_m: float) -> float:
    """Return the chance of falling within `radius_m` when half of all fall within `circular_error_m`.

    The error is circular normal, so P = 1 - 2**-(radius/CEP)**2; a circular error of 0 always hits.
    """
    if circular_error_m <= 0.0:
        return 1.0
    return float(1.0 - 2.0 ** -((radius_m / circular_error_m) ** 2))


def hit_damage(warhead_kg: float, hardness_kg: float) -> float:
    """Return the share of what is left that one hit takes: 1 - 2**(-warhead/hardness).

    `hardness_kg` is the warhead that takes half; 0 means that any hit takes all.
    """
    if hardness_kg <= 0.0:
        return 1.0
    return float(1.0 - 2.0 ** (-warhead_kg / hardness_kg))


@kernel
def strike(t: int, now_s: float, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> int:
    """Let threat t come down on its aim; return 0, or FIRE_UNIT or SENSOR if one has been lost to it.

    An asset loses a share of what is left of it; a fire unit or a sensor is lost whole with that share as
    probability. What is already lost cannot be hit.
    """
    threat = state.threats[t]
    flight = tables.flights[threat.path]
    target = tables.targets[flight.target]
    u = draw(seed, replication, IMPACT, tables.threats[t].actor, np.uint64(0))
    if state.remaining[flight.target] <= 0.0 or u.a >= flight.hit_probability:
        threat.end = LEAKED_MISSED
        return 0
    threat.end = LEAKED_HIT
    if target.kind == ASSET:
        threat.damage = target.value * state.remaining[flight.target] * flight.hit_damage
        state.remaining[flight.target] *= 1.0 - flight.hit_damage
        return 0
    if u.b >= flight.hit_damage:
        return 0
    state.remaining[flight.target] = 0.0
    _lose(target.kind, target.index, now_s, tables, state)
    return target.kind


@kernel
def _lose(kind: int, index: int, now_s: float, tables: Tables, state: State) -> None:
    """Take a sensor, or a fire unit with its own radar, out of the fight."""
    radar = index
    if kind == FIRE_UNIT:
        state.units[index].lost_s = min(state.units[index].lost_s, now_s)
        radar = tables.fire_units[index].radar
    if radar >= 0:
        state.sensor_lost_s[radar] = min(state.sensor_lost_s[radar], now_s)
