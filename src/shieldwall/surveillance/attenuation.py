"""Lose echo in rain and air: specific attenuation after ITU-R, and how much nearer a radar then sees.

Rain (P.838-3): gamma = k R^alpha dB/km, R the rain rate in mm/h; k and alpha depend on frequency and polarisation.
Air (P.676-12, annex 1, line by line): gamma = 0.1820 f (N''_oxygen(f) + N''_water(f)) dB/km, f in GHz.

An echo crosses the air twice, so the range R out of a range R0 in free space solves

    R^4 10^(0.2 gamma R) = R0^4,   R = W(c R0) / c,   c = 0.05 ln(10) gamma,

with R in km and W Lambert's function.

References
----------
Recommendation ITU-R P.838-3 (03/2005), "Specific attenuation model for rain for use in prediction methods".
Recommendation ITU-R P.676-12 (08/2019), "Attenuation by atmospheric gases and related effects".
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]

# P.838-3, tables 1 to 4: a_j, b_j, c_j of the sum of a exp(-((log10 f - b) / c)^2), then slope m and constant c.
_K_H = ((-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400), (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817)), -0.18961, 0.71147  # fmt: skip
_K_V = ((-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059), (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195)), -0.16398, 0.63297  # fmt: skip
_ALPHA_H = ((-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
            (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990)), 0.67849, -1.95537  # fmt: skip
_ALPHA_V = ((-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
            (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479)), -0.053739, 0.83433  # fmt: skip
_Fit = tuple[tuple[tuple[float, float, float], ...], float, float]


class Rain(NamedTuple):
    """Coefficients of gamma = k R^alpha, dB/km with R in mm/h."""

    k: Float
    alpha: Float


class Gas(NamedTuple):
    """Specific attenuation by dry air and by water vapour, dB/km."""

    oxygen_db_km: Float
    water_db_km: Float


def rain_coefficients(
    frequency_hz: ArrayLike, *, elevation_deg: ArrayLike = 0.0, polarisation_deg: ArrayLike = 0.0
) -> Rain:
    """Return k and alpha of rain.

    Parameters
    ----------
    frequency_hz : 1 to 1,000 GHz
    elevation_deg : of the path
    polarisation_deg : tilt of the polarisation: 0 horizontal, 90 vertical, 45 circular; all broadcast together

    Raises
    ------
    ValueError
        If a frequency lies outside 1 to 1,000 GHz; below, rain does not weaken an echo.
    """
    ghz = np.asarray(frequency_hz, dtype=np.float64) / 1e9
    if np.any((ghz < 1.0) | (ghz > 1_000.0)):
        raise ValueError("P.838 holds for 1 to 1,000 GHz")
    log_f = np.log10(ghz)
    k_h, k_v = 10.0 ** _fit(_K_H, log_f), 10.0 ** _fit(_K_V, log_f)
    a_h, a_v = _fit(_ALPHA_H, log_f), _fit(_ALPHA_V, log_f)
    turn = np.cos(np.radians(elevation_deg)) ** 2 * np.cos(2.0 * np.radians(polarisation_deg))
    k = 0.5 * (k_h + k_v + (k_h - k_v) * turn)
    alpha = (k_h * a_h + k_v * a_v + (k_h * a_h - k_v * a_v) * turn) / (2.0 * k)
    return Rain(np.asarray(k), np.asarray(alpha))


def rain_db_km(
    rain_mm_h: ArrayLike, frequency_hz: ArrayLike, *, elevation_deg: ArrayLike = 0.0, polarisation_deg: ArrayLike = 0.0
) -> Float:
    """Return the specific attenuation by rain of a rate, dB/km one way; the rest as in `rain_coefficients`."""
    rain = rain_coefficients(frequency_hz, elevation_deg=elevation_deg, polarisation_deg=polarisation_deg)
    return np.asarray(rain.k * np.asarray(rain_mm_h, dtype=np.float64) ** rain.alpha)


def gas(
    frequency_hz: ArrayLike, *, pressure_pa: float = 101_325.0, temperature_k: float = 288.15, vapour_g_m3: float = 7.5
) -> Gas:
    """Return the specific attenuation by oxygen and water vapour, line by line.

    Parameters
    ----------
    frequency_hz : 1 to 1,000 GHz
    pressure_pa : of the dry air
    temperature_k, vapour_g_m3 : temperature; mass of water vapour in a cubic metre

    Raises
    ------
    ValueError
        If a frequency lies outside 1 to 1,000 GHz.
    """
    f = np.asarray(frequency_hz, dtype=np.float64)[..., None] / 1e9
    if np.any((f < 1.0) | (f > 1_000.0)):
        raise ValueError("P.676 holds for 1 to 1,000 GHz")
    p, theta = pressure_pa / 100.0, 300.0 / temperature_k
    e = vapour_g_m3 * temperature_k / 216.7
    oxygen, water = _lines()
    f0, a1, a2, a3, a4, a5, a6 = oxygen
    strength = a1 * 1e-7 * p * theta**3 * np.exp(a2 * (1.0 - theta))
    width = a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta)
    width = np.sqrt(width**2 + 2.25e-6)
    shift = (a5 + a6 * theta) * 1e-4 * (p + e) * theta**0.8
    dry = np.sum(strength * _shape(f, f0, width, shift), axis=-1) + _continuum(f[..., 0], p, e, theta)
    f0, b1, b2, b3, b4, b5, b6 = water
    strength = b1 * 0.1 * e * theta**3.5 * np.exp(b2 * (1.0 - theta))
    width = b3 * 1e-4 * (p * theta**b4 + b5 * e * theta**b6)
    width = 0.535 * width + np.sqrt(0.217 * width**2 + 2.1316e-12 * f0**2 / theta)
    wet = np.sum(strength * _shape(f, f0, width, np.zeros_like(f0)), axis=-1)
    return Gas(0.1820 * f[..., 0] * dry, 0.1820 * f[..., 0] * wet)


def range_through_m(free_range_m: ArrayLike, specific_db_km: ArrayLike, length_m: ArrayLike = np.inf) -> Float:
    """Return the range at which an echo is as strong as at `free_range_m` without loss.

    Parameters
    ----------
    free_range_m : in free space, metres
    specific_db_km : attenuation one way; with several causes, their sum
    length_m : how far from the radar the rain or thick air reaches, metres; all broadcast together

    Returns
    -------
    float64, broadcast shape, metres

    Limits
    ------
    Even rain and air along the path, no echo from the rain itself (which hides targets near its own speed).
    """
    from scipy.special import lambertw  # noqa: PLC0415  a third of a second at start

    free, loss, length = np.broadcast_arrays(
        np.asarray(free_range_m, np.float64), np.asarray(specific_db_km, np.float64), np.asarray(length_m, np.float64)
    )
    c = 0.05 * np.log(10.0) * loss / 1e3
    safe = np.where(c > 0.0, c, 1.0)
    inside = np.where(c > 0.0, np.real(lambertw(safe * free)) / safe, free)
    beyond = free * np.exp(-c * np.where(np.isfinite(length), length, 0.0))
    return np.asarray(np.where(inside <= length, inside, beyond))


def _fit(fit: _Fit, log_f: Float) -> Float:
    terms, slope, constant = fit
    total = slope * log_f + constant
    for a, b, c in terms:
        total = total + a * np.exp(-(((log_f - b) / c) ** 2))
    return np.asarray(total)


def _shape(f: Float, f0: Float, width: Float, shift: Float) -> Float:
    """Return the line shape F_i (P.676, equation 5)."""
    below, above = f0 - f, f0 + f
    return np.asarray(
        f / f0 * ((width - shift * below) / (below**2 + width**2) + (width - shift * above) / (above**2 + width**2))
    )


def _continuum(f: Float, p: float, e: float, theta: float) -> Float:
    """Return N''_D of dry air: the Debye spectrum of oxygen and the pressure-induced one of nitrogen (equation 8)."""
    d = 5.6e-4 * (p + e) * theta**0.8
    debye = 6.14e-5 / (d * (1.0 + (f / d) ** 2))
    return np.asarray(f * p * theta**2 * (debye + 1.4e-12 * p * theta**1.5 / (1.0 + 1.9e-5 * f**1.5)))


@lru_cache(maxsize=1)
def _lines() -> tuple[Float, Float]:
    """Return the lines of oxygen and of water vapour, each (7, lines): frequency in GHz, six coefficients."""
    text = files("shieldwall.surveillance").joinpath("data/p676_lines.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    names = ("frequency_ghz", "c1", "c2", "c3", "c4", "c5", "c6")

    def table(gas_name: str) -> Float:
        return np.array([[float(row[n]) for n in names] for row in rows if row["gas"] == gas_name]).T

    return table("oxygen"), table("water")
