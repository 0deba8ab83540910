"""What a scenario file may say of airspace control."""

from __future__ import annotations

from typing import Literal

from shieldwall.battle_management.airspace import ZoneKind
from shieldwall.scenario.model import Id, Model, Name
from shieldwall.scenario.quantity import Length


class AirspaceEntry(Model):
    """A volume over a named area, and who may shoot at what is met inside it; see battle_management.airspace."""

    id: Id
    kind: ZoneKind
    area: Name
    height_min: Length = 0.0
    height_max: Length | None = None
    control: Literal["tight", "hold"] | None = None
