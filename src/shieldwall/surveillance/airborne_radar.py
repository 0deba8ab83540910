"""See with a radar in the air: as a ground radar, from an antenna so high that the horizon is far away."""

from __future__ import annotations

from shieldwall.surveillance import radar
from shieldwall.surveillance.sensor import SensorType


def detection_range_m(sensor: SensorType, threat_class: str, radar_cross_section_m2: float) -> float:
    """Return the range at which the radar sees a cross-section, metres: the fourth-root law of `radar`.

    Parameters
    ----------
    sensor : its type, with the published range against its reference cross-section
    threat_class : not used by this kind
    radar_cross_section_m2 : square metres; 0 is never seen

    Limits
    ------
    The aircraft stands still over its station at `antenna_height_m`. Ground clutter and slow targets that Doppler
    filters drop are not in it.
    """
    return radar.detection_range_m(sensor, threat_class, radar_cross_section_m2)
