"""See with a ground radar: the published range scaled to another cross-section."""

from __future__ import annotations

from shieldwall.surveillance.sensor import SensorType


def detection_range_m(sensor: SensorType, threat_class: str, radar_cross_section_m2: float) -> float:
    """Return the range at which the radar sees a cross-section, R = R0 (sigma / sigma0)^(1/4), metres.

    Parameters
    ----------
    sensor : its type, with the published range R0 against the cross-section sigma0
    threat_class : not used by this kind
    radar_cross_section_m2 : sigma, square metres; 0 is never seen

    Returns
    -------
    float, metres; the same chance of detection a look as at R0 against sigma0

    Limits
    ------
    Free space: horizon and terrain are kept apart, lobes from the ground, clutter, jamming and rain are not in it.

    References
    ----------
    Skolnik 2001, "Introduction to Radar Systems", 3rd ed., section 1.2 (range goes with the fourth root).
    """
    if radar_cross_section_m2 <= 0.0 or sensor.reference_cross_section_m2 <= 0.0:
        return 0.0
    return float(sensor.range_m * (radar_cross_section_m2 / sensor.reference_cross_section_m2) ** 0.25)
