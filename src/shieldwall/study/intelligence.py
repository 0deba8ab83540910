"""Draw what intelligence knows before launch: whether a launcher was seen, and how long before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.battle_management.doctrine import Integration
from shieldwall.core.random import INTELLIGENCE, actor_hash, draw
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Paths

Float = NDArray[np.float64]
# The name of this layer beside the kinds of sensors.
LAYER = "intelligence"
_UPWARDS = ("autonomous", "sector", "alliance")


def watches(scenario: Scenario) -> bool:
    """Say whether any salvo's launchers may be seen before launch."""
    return any(salvo.seen_before > 0.0 for salvo in scenario.salvos)


def is_told(salvo: Salvo, level: Integration) -> bool:
    """Say whether the level of integration hears of the salvo's launchers."""
    return _UPWARDS.index(level) >= _UPWARDS.index(salvo.seen_by)


def leads_s(scenario: Scenario, paths: Paths, draws: int, seed: int) -> Float:
    """Return how long before launch each path's launcher was seen, (P, D) seconds; -inf where it was not.

    With the chance `seen_before` the lead is exponential with the mean `seen_lead_s`. A launcher is an origin of its
    salvo: all its paths share its luck.
    """
    lead_s = np.full((paths.salvo.shape[0], draws), -np.inf)
    first = np.searchsorted(paths.salvo, np.arange(len(scenario.salvos) + 1))
    for s, salvo in enumerate(scenario.salvos):
        if salvo.seen_before <= 0.0:
            continue
        each = (first[s + 1] - first[s]) // len(salvo.origins)
        for origin in range(len(salvo.origins)):
            actor = np.uint64(actor_hash(f"intelligence/{salvo.id}/{origin}"))
            own = slice(first[s] + origin * each, first[s] + (origin + 1) * each)
            for d in range(draws):
                u = draw(np.uint64(seed), np.uint64(d), INTELLIGENCE, actor, np.uint64(0))
                if u.a < salvo.seen_before:
                    lead_s[own, d] = -salvo.seen_lead_s * np.log(u.b)
    return lead_s


def told_s(scenario: Scenario, paths: Paths, lead_s: Float, level: Integration) -> Float:
    """Return when each path's target hears of it from intelligence, (P, D) seconds after launch; inf for never."""
    told = np.array([is_told(salvo, level) for salvo in scenario.salvos], bool)[paths.salvo]
    return np.where(told[:, None], -lead_s, np.inf)
