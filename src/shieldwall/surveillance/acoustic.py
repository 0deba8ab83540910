"""Hear: networks of microphones that hear drones and cruise missiles pass."""

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
    The published range by class, for still air and a quiet place: wind, rain and traffic shorten it, a valley or an
    inversion changes it. Sound needs about 3 s a kilometre, which the scan time must stand for.
    """
    return float(sensor.range_by_class_m.get(threat_class, 0.0))
