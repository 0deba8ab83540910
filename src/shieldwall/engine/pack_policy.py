"""Pack what a doctrine goes by that weighs worth, decoys or money, or plans all tracks of a network together."""

from __future__ import annotations

import numpy as np

from shieldwall.engine.networks import Networks
from shieldwall.scenario.types import Scenario
from shieldwall.tables import EVALUATION, POLICY, Float, Policy, Records, Rolling, filled

_PLANNING = ("rolling", "exact")
_PLAIN = ("greedy", "nearest")


def pack_policy(scenario: Scenario) -> Policy | None:
    """Return how threats are weighed; None where the doctrine goes by class, kill probability and time alone."""
    doctrine = scenario.doctrine
    plain = doctrine.assignment in _PLAIN and doctrine.threat_evaluation == "value"
    if plain and not any(doctrine.decoys_recognised.values()):
        return None
    return Policy(_evaluations(scenario), _figures(scenario), _shot_costs_usd(scenario))


def pack_rolling(scenario: Scenario, networks: Networks) -> Rolling | None:
    """Return the network of each fire unit, for a doctrine that plans; a planned unit has one network for the night."""
    if scenario.doctrine.assignment not in _PLANNING:
        return None
    network = np.zeros(len(scenario.fire_units), np.int64)
    for member in reversed(networks.units):
        network[member.place] = member.network
    return Rolling(network)


def _evaluations(scenario: Scenario) -> Records:
    """Return what a network thinks of the threats of each salvo.

    The share of decoys among those not seen through is known to `cost_aware` and `rolling`; to the other rules only
    where decoys can be recognised at all.
    """
    doctrine = scenario.doctrine
    knows = doctrine.assignment not in _PLAIN or any(doctrine.decoys_recognised.values())
    recognised = [doctrine.decoys_recognised.get(salvo.type.threat_class, 0.0) for salvo in scenario.salvos]
    shares = [salvo.decoy_share if knows else 0.0 for salvo in scenario.salvos]
    genuine = [(1.0 - d) / max(1.0 - d * r, 1e-300) for d, r in zip(shares, recognised, strict=True)]
    return filled(EVALUATION, {"recognised": recognised, "genuine": genuine})


def _figures(scenario: Scenario) -> Records:
    """Return the one record of how threats are weighed."""
    doctrine = scenario.doctrine
    plans = doctrine.assignment in _PLANNING
    return filled(
        POLICY,
        {
            "spare_decoys": [int(doctrine.recognised_decoys == "never")],
            "urgent": [int(doctrine.threat_evaluation == "urgency")],
            "value_of_money": [doctrine.value_of_money],
            "look_ahead_s": [doctrine.look_ahead_s if plans else 0.0],
        },
    )


def _shot_costs_usd(scenario: Scenario) -> Float:
    """Return what one shot of each weapon costs, (W,) dollars."""
    effectors = [w.effector for u in scenario.fire_units for w in u.weapons]
    return np.array([e.rounds_per_shot * e.unit_cost_usd for e in effectors], np.float64)
