"""Airspace control measures: volumes that say who may shoot at what is met inside them.

The words are those of allied doctrine: fighter, missile and joint engagement zone (FEZ, MEZ, JEZ), safe corridor, and
the weapons control statuses free, tight and hold. What a zone does here is our reading, see docs/model/airspace.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shieldwall.core.position import Position

ZoneKind = Literal["fighter", "missile", "joint", "corridor"]
Control = Literal["free", "tight", "hold"]
Shooter = Literal["ground", "air"]
# How much may be shot at, from all to nothing; where zones overlap, the highest holds.
FREE, TIGHT, HOLD = 0, 1, 2
STANDARD_CONTROL: Mapping[ZoneKind, Control] = {
    "fighter": "free", "missile": "free", "joint": "tight", "corridor": "hold",
}  # fmt: skip
_LEVEL: Mapping[Control, int] = {"free": FREE, "tight": TIGHT, "hold": HOLD}
# Stands for no upper limit, metres: higher than any threat of the catalogue flies. (Infinity has no place in a hash.)
NO_CEILING_M = 1e8


@dataclass(frozen=True, slots=True)
class AirspaceZone:
    """A volume over the area inside `border`, heights above the ground.

    `control` binds those whom the kind lets shoot: free everything, tight only tracks identified as hostile, hold
    nothing.
    """

    id: str
    kind: ZoneKind
    border: tuple[Position, ...]
    height_min_m: float
    height_max_m: float
    control: Control


def outline_deg(border: tuple[Position, ...]) -> list[tuple[float, float]]:
    """Return the corners (longitude, latitude) of a border; longitudes do not jump at the antimeridian."""
    first = border[0].longitude_deg
    return [(first + (p.longitude_deg - first + 180.0) % 360.0 - 180.0, p.latitude_deg) for p in border]


def level_for(zone: AirspaceZone, shooter: Shooter) -> int:
    """Return how far a zone binds a kind of shooter: FREE, TIGHT or HOLD."""
    other = {"fighter": "ground", "missile": "air"}.get(zone.kind)
    return HOLD if shooter == other else _LEVEL[zone.control]
