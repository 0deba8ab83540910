"""Turn catalogue records into the frozen types of the domain: SI floats, money in US dollars."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from shieldwall.active_defence.fire_unit import EffectorType
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.records import PlanningFactors
from shieldwall.catalogue.sourced import Figure, known
from shieldwall.raid.salvo import ThreatType
from shieldwall.surveillance.sensor import SensorType

K = TypeVar("K")

# The kind of asset that says how hard a sensor is to put out and how near a warhead must fall.
RADAR_SITE = "radar-site"
_STANDARD = "standard"


@dataclass(frozen=True)
class Kinds:
    """Types built so far, each once; `used` are (group, id) of every record asked for."""

    catalogue: Catalogue
    used: dict[tuple[str, str], None] = field(default_factory=dict)
    _built: dict[tuple[str, str], object] = field(default_factory=dict)

    def threat(self, key: str) -> ThreatType:
        """Return a kind of threat; raise UnknownFigureError if a figure is null, KeyError if there is none."""
        return self._once("threats", key, self._threat)

    def effector(self, key: str) -> EffectorType:
        """Return a kind of round; raise UnknownFigureError if a figure is null, KeyError if there is none."""
        return self._once("effectors", key, self._effector)

    def sensor(self, key: str) -> SensorType:
        """Return a kind of sensor; raise UnknownFigureError if a figure is null, KeyError if there is none."""
        return self._once("sensors", key, self._sensor)

    def usd(self, figure: Figure) -> float:
        """Return a price in US dollars, euros at the catalogue's rate."""
        if not figure.unit.upper().startswith("EUR"):
            return figure.usd(1.0)
        rates = self.catalogue.money["rates"]
        self.use("money", rates.id)
        return figure.usd(rates.eur_usd.si)

    def planned(self) -> PlanningFactors:
        """Return what stands in where a scenario leaves a key out."""
        self.use("planning_factors", _STANDARD)
        return self.catalogue.planning_factors[_STANDARD]

    def use(self, group: str, key: str) -> None:
        """Remember that the scenario uses a record."""
        self.used[group, key] = None

    def _once(self, group: str, key: str, build: Callable[[str], K]) -> K:
        if (group, key) not in self._built:
            self._built[group, key] = build(key)
            self.use(group, key)
        found: K = self._built[group, key]  # type: ignore[assignment]  # the key says which type
        return found

    def _threat(self, key: str) -> ThreatType:
        record = self.catalogue.threats[key]
        return ThreatType(
            id=record.id,
            name=record.name,
            threat_class=record.threat_class,
            path_kind=record.path,
            speed_m_s=record.speed.si,
            height_m=record.height.si,
            apogee_m=record.apogee.si if record.apogee else 0.0,
            dive_m=record.dive.si,
            radar_cross_section_m2=record.radar_cross_section.si,
            failure_probability=record.failure_probability.si,
            circular_error_m=record.circular_error.si,
            warhead_kg=record.warhead.si,
            unit_cost_usd=self.usd(record.unit_cost),
            decoy_unit_cost_usd=self.usd(record.decoy_unit_cost or record.unit_cost),
            range_m=record.range.si,
            burn_s=_or_zero(record.burn),
            ballistic_coefficient_kg_m2=_or_zero(record.ballistic_coefficient),
            glide_speed_m_s=_or_zero(record.glide_speed),
            lift_to_drag=_or_zero(record.lift_to_drag),
        )

    def _effector(self, key: str) -> EffectorType:
        record = self.catalogue.effectors[key]
        return EffectorType(
            id=record.id,
            name=record.name,
            kind=record.kind,
            kill_probability={name: figure.si for name, figure in record.kill_probability.items()},
            range_m={name: figure.si for name, figure in record.range.items()},
            range_min_m=record.range_min.si,
            height_min_m=record.height_min.si,
            height_max_m=record.height_max.si,
            speed_m_s=record.speed.si,
            reaction_s=record.reaction.si,
            interval_s=record.interval.si,
            rounds_per_shot=int(record.rounds_per_shot.si),
            unit_cost_usd=self.usd(record.unit_cost),
        )

    def _sensor(self, key: str) -> SensorType:
        record = self.catalogue.sensors[key]
        site = self.catalogue.assets.get(RADAR_SITE)
        if site is not None:
            self.use("assets", RADAR_SITE)
        return SensorType(
            id=record.id,
            name=record.name,
            kind=record.kind,
            range_m=record.range.si if record.range else 0.0,
            reference_cross_section_m2=record.reference_cross_section.si if record.reference_cross_section else 0.0,
            range_by_class_m={name: figure.si for name, figure in record.range_by_class.items()},
            antenna_height_m=record.antenna_height.si,
            height_max_m=record.height_max.si,
            scan_s=record.scan.si,
            detection_probability=record.detection_probability.si,
            hits_to_track=int(record.hits_to_track.si),
            unit_cost_usd=self.usd(record.unit_cost),
            hardness_kg=site.hardness.si if site else 0.0,
            radius_m=site.radius.si if site else 0.0,
            frequency_hz=_or_zero(record.frequency),
            clear_visibility_m=_or_zero(record.clear_visibility),
            sector_deg=_degrees(record.sector, 360.0),
            elevation_min_deg=_degrees(record.elevation_min, -90.0),
            elevation_max_deg=_degrees(record.elevation_max, 90.0),
            quality=record.quality or "cue",
            orbit_speed_m_s=_or_zero(record.orbit_speed),
            turn_radius_m=_or_zero(record.turn_radius),
        )


def _degrees(figure: Figure | None, otherwise: float) -> float:
    """Return an angle in degrees, or what stands for it where the catalogue does not give it."""
    given = known(figure)
    return math.degrees(given.si) if given else otherwise


def _or_zero(figure: Figure | None) -> float:
    """Return a figure in SI, 0 where the catalogue does not give it."""
    given = known(figure)
    return given.si if given else 0.0
