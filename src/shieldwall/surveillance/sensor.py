"""What sees: kinds of sensor and sensors in their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shieldwall.catalogue.classes import SensorKind
from shieldwall.core.position import Position


@dataclass(frozen=True, slots=True)
class SensorType:
    """One kind of sensor. `range_m` by threat class, for the catalogue's cross-section of that class' threats.

    Radars: the range against `reference_cross_section_m2`, scaled by the fourth root of the threat's
    cross-section; `range_by_class_m` is then empty. Acoustic, optical, passive RF and infrared: `range_by_class_m`.
    `hits_to_track` looks that detect, each with `detection_probability`, one every `scan_s`, make a track.
    `hardness_kg` is the warhead that takes it out half of the time, `radius_m` how near a warhead must fall.
    """

    id: str
    name: str
    kind: SensorKind
    range_m: float
    reference_cross_section_m2: float
    range_by_class_m: Mapping[str, float]
    antenna_height_m: float
    height_max_m: float
    scan_s: float
    detection_probability: float
    hits_to_track: int
    unit_cost_usd: float
    hardness_kg: float = 0.0
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor in its place. A fire unit's own fire-control radar is one too (`fire_unit` names its owner).

    `range_left` is the share of its range that electronic attack or weather leaves it.
    """

    id: str
    type: SensorType
    position: Position
    sector: str
    availability: float = 1.0
    fire_unit: str = ""
    range_left: float = 1.0
