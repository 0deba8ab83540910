"""Pack how tracks are identified, where a scenario says that it is done with error."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.identification import Identification
from shieldwall.engine.air_picture import AirPicture
from shieldwall.engine.airspace import proven
from shieldwall.engine.pack_fighters import proven_reaches
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.types import Scenario
from shieldwall.tables import CIVIL, FRIEND, HOSTILE, IDENTIFYING, Identity, Int, filled
from shieldwall.tables_air import AirTables

_SIDES = {"hostile": HOSTILE, "friend": FRIEND, "civil": CIVIL}


def pack_identity(
    scenario: Scenario, control: Int | None, row: Int, picture: AirPicture, air: AirTables | None
) -> Identity | None:
    """Return what identification needs; None where every track is known to be hostile.

    Parameters
    ----------
    control : what airspace control lets be shot at in each window, None where no zone binds any
    row : the window of each engagement
    picture, air : of the fighters
    """
    identification = scenario.identification
    if identification is None:
        return None
    only = None if control is None else proven(control)
    reach_only = proven_reaches(picture)
    return Identity(
        side=np.array([_SIDES[salvo.side] for salvo in scenario.salvos], np.int64),
        called_hostile=np.array([_called_hostile(salvo, identification) for salvo in scenario.salvos], np.float64),
        figures=filled(IDENTIFYING, {"verdict": [identification.verdict], "recheck_s": [identification.recheck_s]}),
        proven=np.zeros(row.shape[0], np.int64) if only is None else only[row],
        reach_proven=np.zeros(0 if air is None else air.reaches.shape[0], np.int64)
        if reach_only is None
        else reach_only,
    )


def _called_hostile(salvo: Salvo, identification: Identification) -> float:
    """Return the chance that a verdict on a track of the salvo is "hostile"."""
    if salvo.side == "hostile":
        return 1.0 - identification.hostile_let_go.get(salvo.type.threat_class, 0.0)
    return identification.called_hostile[salvo.type.id]
