"""A place on the Earth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place: degrees north, degrees east, metres above the ground."""

    latitude_deg: float
    longitude_deg: float
    height_m: float = 0.0
