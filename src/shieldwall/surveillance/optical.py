"""Watch: electro-optical and infrared sensors and the crew's own eyes."""

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
    The published range by class in clear air: haze, cloud, rain and (for eyes) darkness shorten it. The horizon is kept
    apart.
    """
    return float(sensor.range_by_class_m.get(threat_class, 0.0))
