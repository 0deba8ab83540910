"""Threat evaluation: how much a threat matters to a network, and whether the network sees through a decoy.

    worth    = value at risk x chance that it is no decoy
    priority = worth x kill probability x urgency
    urgency  = chance that all later shots miss, (1 - p)^(tries that still fit in its windows after this one)

A threat that can be shot at ten times more loses little by waiting; one on its last chance loses everything.
"""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.random import DISCRIMINATION, draw, pair_actor
from shieldwall.state import State
from shieldwall.tables import Tables

# What is left of the worth of a decoy that was seen through: enough to come before nothing, never before a threat.
LAST_WEIGHT = 1e-9
MOST_TRIES = 8
LEAST_URGENCY = 1e-6  # so that worth decides among those that lose nothing by waiting


def _no_look(pair: int, n: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    pass


@where_given("policy", _no_look)
def look_for_decoy(pair: int, n: int, tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> None:
    """Let network n see, or not, that the pair's threat is a decoy."""
    t = tables.pair_threat[pair]
    state.pairs[pair].recognised = recognises(t, n, state.threats[t].decoy, tables, seed, replication)


def _spares_none(pair: int, tables: Tables, state: State) -> bool:
    return False


@where_given("policy", _spares_none)
def is_spared(pair: int, tables: Tables, state: State) -> bool:
    """Return whether the doctrine lets the pair's threat go because it is known to be a decoy."""
    return bool(state.pairs[pair].recognised and tables.policy.figures[0].spare_decoys)


@kernel
def recognises(t: int, network: int, decoy: int, tables: Tables, seed: np.uint64, replication: np.uint64) -> int:
    """Return 1 if the network sees that threat t is a decoy: drawn once for each threat and network."""
    chance = tables.policy.evaluations[tables.threats[t].salvo].recognised
    if decoy == 0 or chance <= 0.0:
        return 0
    actor = pair_actor(tables.threats[t].actor, tables.networks[network].actor)
    return 1 if draw(seed, replication, DISCRIMINATION, actor, np.uint64(0)).a < chance else 0


@kernel
def worth(pair: int, tables: Tables, state: State) -> float:
    """Return the value that the pair's network expects to lose if nobody stops the threat."""
    t = tables.pair_threat[pair]
    at_risk = tables.flights[state.threats[t].path].value_at_risk
    if state.pairs[pair].recognised:
        return at_risk * LAST_WEIGHT
    return at_risk * tables.policy.evaluations[tables.threats[t].salvo].genuine


@kernel
def salvo_kill(probability: float, shots: int) -> float:
    """Return the chance that one of some shots kills."""
    survives = 1.0
    for _ in range(shots):
        survives *= 1.0 - probability
    return 1.0 - survives


@kernel
def urgency(probability: float, left_s: float, cycle_s: float) -> float:
    """Return the chance that all later shots miss.

    Parameters
    ----------
    probability : that one try kills
    left_s : time in which tries can still be ordered
    cycle_s : time from one try to the next; MOST_TRIES later ones count at most
    """
    later = MOST_TRIES
    if left_s < cycle_s * MOST_TRIES:
        later = int(left_s / cycle_s)
    misses = 1.0
    for _ in range(later):
        misses *= 1.0 - probability
    return max(misses, LEAST_URGENCY)


@kernel
def net_value(row: int, pair: int, threat_class: int, tables: Tables, state: State) -> float:
    """Return the value that the doctrine's salvo is expected to save, less what its rounds cost."""
    chance, rule = tables.engagements[row], tables.rules[threat_class]
    shots = min(rule.salvo, rule.max_shots - state.pairs[pair].shots)
    cost = shots * tables.policy.shot_cost_usd[chance.weapon] * tables.policy.figures[0].value_of_money
    return worth(pair, tables, state) * salvo_kill(chance.kill_probability, shots) - cost
