"""Listen: sensors that locate what sends, by time difference or direction."""

from __future__ import annotations

from shieldwall.surveillance.sensor import SensorType


def detection_range_m(sensor: SensorType, threat_class: str, radar_cross_section_m2: float) -> float:
    """Return the range at which the sensor notices a class of threat, metres; 0 if it never does.

    Parameters
    ----------
    sensor : its type
    threat_class : one of the threat classes
    radar_cross_section_m2 : not used by this kind

    Limits
    ------
    The published range by class, for targets that send: a silent target has no range, and its class is then absent.
    """
    return float(sensor.range_by_class_m.get(threat_class, 0.0))
