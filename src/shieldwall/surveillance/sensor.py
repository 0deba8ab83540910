"""What sees: kinds of sensor and sensors in their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shieldwall.catalogue.classes import SensorKind, TrackQuality
from shieldwall.core.orbit import Racetrack
from shieldwall.core.position import Position
from shieldwall.surveillance.conditions import Absences


@dataclass(frozen=True, slots=True)
class SensorType:
    """One kind of sensor. `range_m` by threat class, for the catalogue's cross-section of that class' threats.

    Radars: the range against `reference_cross_section_m2`, scaled by the fourth root of the threat's
    cross-section; `range_by_class_m` is then empty. Acoustic, optical, passive RF and infrared: `range_by_class_m`.
    `hits_to_track` looks that detect, each with `detection_probability`, one every `scan_s`, make a track.
    `hardness_kg` is the warhead that takes it out half of the time, `radius_m` how near a warhead must fall.
    `frequency_hz` (0: not known) lets rain and air weaken echoes, `clear_visibility_m` is that for which an optical
    range stands (0: not known). A fixed array covers `sector_deg` round where it faces and elevations from
    `elevation_min_deg` to `elevation_max_deg`. What it sees is good enough to `warn`, or to `cue` a fire unit.
    `orbit_speed_m_s`, `turn_radius_m` are those of an aircraft that carries it.
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
    frequency_hz: float = 0.0
    clear_visibility_m: float = 0.0
    sector_deg: float = 360.0
    elevation_min_deg: float = -90.0
    elevation_max_deg: float = 90.0
    quality: TrackQuality = "cue"
    orbit_speed_m_s: float = 0.0
    turn_radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor in its place. A fire unit's own fire-control radar is one too (`fire_unit` names its owner).

    `range_left` is the share of its range that electronic attack or weather leaves it. A sensor that does not face any
    way (`facing_deg` None) looks all round. On an `orbit` it is in the air; `phase` is the share of a round flown at
    the scenario's start, None for one drawn in each raid.
    """

    id: str
    type: SensorType
    position: Position
    sector: str
    availability: float = 1.0
    fire_unit: str = ""
    range_left: float = 1.0
    facing_deg: float | None = None
    orbit: Racetrack | None = None
    phase: float | None = None
    absences: Absences | None = None
