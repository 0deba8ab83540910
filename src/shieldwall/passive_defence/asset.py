"""What is defended."""

from __future__ import annotations

from dataclasses import dataclass

from shieldwall.core.position import Position


@dataclass(frozen=True, slots=True)
class Asset:
    """What is defended. A hit of a warhead of w kg takes the share 1 - 2**(-w / hardness_kg) of what is left."""

    id: str
    kind: str
    name: str
    position: Position
    radius_m: float
    value: float
    population: int
    hardness_kg: float
