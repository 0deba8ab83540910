"""Pack how tracks are identified, where a scenario says that it is done with error."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.identification import Identification
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.types import Scenario
from shieldwall.tables import CIVIL, FRIEND, HOSTILE, IDENTIFYING, Identity, filled

_SIDES = {"hostile": HOSTILE, "friend": FRIEND, "civil": CIVIL}


def pack_identity(scenario: Scenario, engagements: int, reaches: int) -> Identity | None:
    """Return what identification needs; None where every track is known to be hostile.

    Parameters
    ----------
    engagements, reaches : how many rows there are of each
    """
    identification = scenario.identification
    if identification is None:
        return None
    return Identity(
        side=np.array([_SIDES[salvo.side] for salvo in scenario.salvos], np.int64),
        called_hostile=np.array([_called_hostile(salvo, identification) for salvo in scenario.salvos], np.float64),
        figures=filled(IDENTIFYING, {"verdict": [identification.verdict], "recheck_s": [identification.recheck_s]}),
        proven=np.zeros(engagements, np.int64),
        reach_proven=np.zeros(reaches, np.int64),
    )


def _called_hostile(salvo: Salvo, identification: Identification) -> float:
    """Return the chance that a verdict on a track of the salvo is "hostile"."""
    if salvo.side == "hostile":
        return 1.0 - identification.hostile_let_go.get(salvo.type.threat_class, 0.0)
    return identification.called_hostile[salvo.type.id]
