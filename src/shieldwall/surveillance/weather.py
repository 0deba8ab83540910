"""How far a sensor sees in rain, air, haze and below clouds."""

from __future__ import annotations

import numpy as np

from shieldwall.surveillance.attenuation import gas, rain_db_km, range_through_m
from shieldwall.surveillance.conditions import Conditions
from shieldwall.surveillance.sensor import SensorType

# Below 1 GHz the Recommendations give no figures: rain and air do not weaken an echo there.
_LEAST_HZ = 1e9
# A contrast of 5 % at the visual range (meteorological optical range, WMO): extinction 3 / visibility.
_EXTINCTION = 2.995732273553991
_MM_H = 1.0 / 3.6e6


def range_in_weather_m(sensor: SensorType, range_m: float, conditions: Conditions) -> float:
    """Return the range out of that in free space or clear air.

    Radars with a known frequency: the echo crosses rain and air twice (P.838, P.676). Optical sensors: the light of a
    target at R goes with exp(-s R) / R^2, s = 3 / visibility, so R solves s R + 2 ln R = s_0 R_0 + 2 ln R_0 with s_0 of
    the visibility that the catalogue's range stands for.

    Parameters
    ----------
    sensor : its type
    range_m : as in the catalogue, scaled to the target, metres
    conditions : of the scenario

    Limits
    ------
    Even rain and haze; no echo from rain; the air of sea level all the way up.
    """
    if range_m <= 0.0:
        return range_m
    if sensor.kind in ("radar", "airborne_radar") and sensor.frequency_hz >= _LEAST_HZ:
        return _radar_m(sensor.frequency_hz, range_m, conditions)
    if sensor.kind == "optical" and conditions.visibility_m is not None and sensor.clear_visibility_m > 0.0:
        return _optical_m(range_m, _EXTINCTION / sensor.clear_visibility_m, _EXTINCTION / conditions.visibility_m)
    return range_m


def height_max_in_weather_m(sensor: SensorType, conditions: Conditions) -> float:
    """Return up to which height the sensor sees: an optical one not above the clouds."""
    if sensor.kind == "optical" and conditions.cloud_base_m is not None:
        return min(sensor.height_max_m, conditions.cloud_base_m)
    return sensor.height_max_m


def _radar_m(frequency_hz: float, range_m: float, conditions: Conditions) -> float:
    air_db_km = 0.0
    if conditions.air:
        weak = gas(frequency_hz)
        air_db_km = float(weak.oxygen_db_km + weak.water_db_km)
    if conditions.rain_m_s <= 0.0:
        return float(range_through_m(range_m, air_db_km)) if air_db_km > 0.0 else range_m
    through = float(range_through_m(range_m, air_db_km)) if air_db_km > 0.0 else range_m
    wet_db_km = float(rain_db_km(conditions.rain_m_s / _MM_H, frequency_hz))
    length = np.inf if conditions.rain_extent_m is None else conditions.rain_extent_m
    inside = float(range_through_m(range_m, wet_db_km + air_db_km))
    return inside if inside <= length else float(range_through_m(through, wet_db_km, length))


def _optical_m(range_m: float, clear_1_m: float, hazy_1_m: float) -> float:
    """Return R with s R + 2 ln R = s0 R0 + 2 ln R0, by Lambert's function."""
    from scipy.special import lambertw  # noqa: PLC0415  a third of a second at start

    half = 0.5 * hazy_1_m
    return float(np.real(lambertw(half * range_m * np.exp(0.5 * clear_1_m * range_m))) / half)
