"""Ask a sensor how far it sees: one line for every kind of sensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shieldwall.catalogue.classes import SensorKind
from shieldwall.surveillance import acoustic, airborne_radar, optical, passive_rf, radar, space_infrared
from shieldwall.surveillance.sensor import SensorType

RANGE_OF_KIND: Mapping[SensorKind, Callable[[SensorType, str, float], float]] = {
    "radar": radar.detection_range_m,
    "airborne_radar": airborne_radar.detection_range_m,
    "acoustic": acoustic.detection_range_m,
    "optical": optical.detection_range_m,
    "passive_rf": passive_rf.detection_range_m,
    "space_infrared": space_infrared.detection_range_m,
}


def detection_range_m(sensor: SensorType, threat_class: str, radar_cross_section_m2: float) -> float:
    """Return the range at which a sensor of any kind detects a threat with its stated chance a look.

    Parameters
    ----------
    sensor : its type
    threat_class : one of the threat classes
    radar_cross_section_m2 : the threat's, square metres

    Returns
    -------
    float, metres in free space, before horizon, terrain and the sensor's greatest height; 0 if never
    """
    return RANGE_OF_KIND[sensor.kind](sensor, threat_class, radar_cross_section_m2)


def is_hidden_by_the_earth(kind: SensorKind) -> bool:
    """Say whether the curve of the Earth limits a kind of sensor; sound and a view from space pass over it."""
    return kind not in ("acoustic", "space_infrared")
