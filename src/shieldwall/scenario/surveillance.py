"""Turn what a document says of sensors and of looking into the domain's types."""

from __future__ import annotations

import math
from datetime import datetime

from shieldwall.core.orbit import Racetrack
from shieldwall.core.position import Position
from shieldwall.scenario import clock
from shieldwall.scenario.document import Document, SensorEntry
from shieldwall.surveillance.conditions import Absences, Conditions
from shieldwall.surveillance.sensor import Sensor, SensorType


def conditions_of(document: Document) -> Conditions | None:
    """Return the conditions under which sensors look, None where the scenario does not speak of them."""
    entry = document.surveillance
    if entry is None:
        return None
    return Conditions(
        by_range=entry.detection == "by_range",
        false_alarm=entry.false_alarm,
        window=entry.window,
        coast=entry.coast,
        fusion=entry.fusion,
        quality=entry.quality,
        limits=entry.limits,
        rain_m_s=entry.rain,
        rain_extent_m=entry.rain_extent,
        air=entry.air,
        visibility_m=entry.visibility,
        cloud_base_m=entry.cloud_base,
    )


def sensor_of(entry: SensorEntry, name: str, kind: SensorType, where: Position, start: datetime) -> Sensor:
    """Return a stand-alone sensor in its place, or on its orbit."""
    orbit = None
    if entry.orbit is not None:
        orbit = Racetrack(
            where,
            math.degrees(entry.orbit.bearing),
            entry.orbit.leg,
            kind.turn_radius_m if entry.orbit.turn_radius is None else entry.orbit.turn_radius,
            kind.orbit_speed_m_s if entry.orbit.speed is None else entry.orbit.speed,
        )
    return Sensor(
        name,
        kind,
        where,
        entry.sector,
        entry.availability,
        range_left=entry.range_left,
        facing_deg=None if entry.facing is None else math.degrees(entry.facing),
        orbit=orbit,
        phase=None if entry.orbit is None else entry.orbit.phase,
        absences=_absences(entry, start),
    )


def _absences(entry: SensorEntry, start: datetime) -> Absences | None:
    if not entry.off and entry.failures is None:
        return None
    spans = tuple((clock.seconds_after(start, one.from_), clock.seconds_after(start, one.until)) for one in entry.off)
    failures = entry.failures
    return Absences(spans, failures.between if failures else 0.0, failures.repair if failures else 0.0)
