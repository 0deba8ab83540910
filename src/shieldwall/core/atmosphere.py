"""Know the air at a height: the US Standard Atmosphere 1976 from 5 km below sea level to 86 km.

Geometric height z becomes geopotential height H = r0 z / (r0 + z). Within a layer the temperature is linear in H,
T = Tb + L (H - Hb), and hydrostatic balance gives

    p = pb (Tb / T)^(g0 M / (R L))   if L is not 0,      p = pb exp(-g0 M (H - Hb) / (R Tb))   if it is.

References
----------
NOAA, NASA, USAF 1976, "U.S. Standard Atmosphere, 1976", NOAA-S/T 76-1562: tables 2 and 4, equations 18, 23, 33, 42,
50 and 51.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]

HEIGHT_LEAST_M = -5_000.0
HEIGHT_MOST_M = 86_000.0

_RADIUS_M = 6_356_766.0
_GRAVITY_M_S2 = 9.80665
_MOLAR_MASS_KG = 0.0289644
_GAS_CONSTANT = 8.31432
_HEAT_RATIO = 1.4
_SUTHERLAND_KG_M_S_K = 1.458e-6
_SUTHERLAND_K = 110.4
_SPECIFIC_GAS = _GAS_CONSTANT / _MOLAR_MASS_KG

# Layers: geopotential height of the base (m) and temperature gradient (K/m).
_BASE_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_GRADIENT_K_M = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])
_SEA_LEVEL_K = 288.15
_SEA_LEVEL_PA = 101_325.0


class HeightError(ValueError):
    """A height lies outside the standard atmosphere; the message says which and what it covers."""


class Air(NamedTuple):
    """The air at heights, each of the heights' shape: K, Pa, kg/m^3, m/s, Pa s."""

    temperature_k: Float
    pressure_pa: Float
    density_kg_m3: Float
    sound_speed_m_s: Float
    viscosity_pa_s: Float


def _up(height_m: Float, base_m: Float, base_k: Float, base_pa: Float, gradient: Float) -> tuple[Float, Float]:
    """Return temperature and pressure at geopotential heights of layers with these bases."""
    temperature = base_k + gradient * (height_m - base_m)
    exponent = _GRAVITY_M_S2 / _SPECIFIC_GAS
    even = gradient == 0.0
    power = (base_k / temperature) ** (exponent / np.where(even, 1.0, gradient))
    return temperature, base_pa * np.where(even, np.exp(-exponent * (height_m - base_m) / base_k), power)


def _bases() -> tuple[Float, Float]:
    """Return temperature and pressure at the base of every layer."""
    temperature, pressure = np.full(_BASE_M.size, _SEA_LEVEL_K), np.full(_BASE_M.size, _SEA_LEVEL_PA)
    for i in range(1, _BASE_M.size):
        temperature[i], pressure[i] = _up(
            _BASE_M[i], _BASE_M[i - 1], temperature[i - 1], pressure[i - 1], _GRADIENT_K_M[i - 1]
        )
    return temperature, pressure


_BASE_K, _BASE_PA = _bases()


def standard_atmosphere(height_m: ArrayLike) -> Air:
    """Return the air at geometric heights above sea level.

    Parameters
    ----------
    height_m : metres, any shape, from -5,000 to 86,000

    Returns
    -------
    Air, each of the same shape

    Raises
    ------
    HeightError
        If a height lies outside the range or is not a number.

    Limits
    ------
    A mean mid-latitude day, dry. From 80 to 86 km the slight change of the air's molar mass is left out; the
    temperature is then up to 0.04 % too high.
    """
    height = np.asarray(height_m, dtype=np.float64)
    outside = ~((height >= HEIGHT_LEAST_M) & (height <= HEIGHT_MOST_M))
    if np.any(outside):
        first = height[outside].ravel()[0]
        raise HeightError(
            f"height {first:g} m is outside the standard atmosphere; "
            f"give heights from {HEIGHT_LEAST_M:g} to {HEIGHT_MOST_M:g} m"
        )
    geopotential = _RADIUS_M * height / (_RADIUS_M + height)
    layer = np.clip(np.searchsorted(_BASE_M, geopotential, side="right") - 1, 0, _BASE_M.size - 1)
    temperature, pressure = _up(geopotential, _BASE_M[layer], _BASE_K[layer], _BASE_PA[layer], _GRADIENT_K_M[layer])
    density = pressure / (_SPECIFIC_GAS * temperature)
    sound_speed = np.sqrt(_HEAT_RATIO * _SPECIFIC_GAS * temperature)
    viscosity = _SUTHERLAND_KG_M_S_K * temperature**1.5 / (temperature + _SUTHERLAND_K)
    return Air(temperature, pressure, density, sound_speed, viscosity)
