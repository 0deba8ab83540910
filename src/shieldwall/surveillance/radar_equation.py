"""Weigh echo against noise: the radar equation, single and two-sited, in free space.

    SNR = Pt tau Gt Gr lambda^2 sigma / ((4 pi)^3 k T Rt^2 Rr^2 L)

with the energy of one pulse Pt tau, gains G, wavelength lambda, cross-section sigma, noise temperature T, losses L
and distances R to the transmitter and to the receiver. Ratios are plain numbers here; `decibel` and `ratio` convert.

References
----------
Skolnik 2001, "Introduction to Radar Systems", 3rd ed., chapter 2; Willis 2005, "Bistatic Radar", 2nd ed., chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]

LIGHT_M_S = 299_792_458.0
BOLTZMANN_J_K = 1.380649e-23


@dataclass(frozen=True, slots=True)
class RadarFigures:
    """What a radar is, in SI; gains and loss as plain ratios. `receive_gain` is the same as `gain` in one antenna."""

    power_w: float
    pulse_s: float
    frequency_hz: float
    gain: float
    receive_gain: float
    temperature_k: float
    loss: float = 1.0

    @property
    def wavelength_m(self) -> float:
        """Return the wavelength in vacuum."""
        return LIGHT_M_S / self.frequency_hz


def decibel(ratio_of_powers: ArrayLike) -> Float:
    """Return 10 log10 of a ratio of powers."""
    return np.asarray(10.0 * np.log10(np.asarray(ratio_of_powers, dtype=np.float64)))


def ratio(decibels: ArrayLike) -> Float:
    """Return the ratio of powers of so many decibels."""
    return np.asarray(10.0 ** (0.1 * np.asarray(decibels, dtype=np.float64)))


def _strength_m4(radar: RadarFigures, cross_section_m2: ArrayLike) -> Float:
    """Return SNR times the fourth power of the distance."""
    sigma = np.asarray(cross_section_m2, dtype=np.float64)
    energy_j = radar.power_w * radar.pulse_s * radar.gain * radar.receive_gain * radar.wavelength_m**2 * sigma
    return np.asarray(energy_j / ((4.0 * np.pi) ** 3 * BOLTZMANN_J_K * radar.temperature_k * radar.loss))


def signal_to_noise(
    radar: RadarFigures, cross_section_m2: ArrayLike, transmit_m: ArrayLike, receive_m: ArrayLike
) -> Float:
    """Return the signal-to-noise ratio of one pulse.

    Parameters
    ----------
    radar : RadarFigures
    cross_section_m2, transmit_m, receive_m : square metres; distance of the target from the transmitter and from the
        receiver, metres (equal for one antenna); broadcast together

    Returns
    -------
    float64, broadcast shape, a plain ratio

    Limits
    ------
    Free space: no horizon, lobing, clutter, rain or air.
    """
    path = (np.asarray(transmit_m, dtype=np.float64) * np.asarray(receive_m, dtype=np.float64)) ** 2
    return np.asarray(_strength_m4(radar, cross_section_m2) / path)


def range_m(radar: RadarFigures, cross_section_m2: ArrayLike, least_signal_to_noise: ArrayLike) -> Float:
    """Return how far one antenna sees a cross-section with a given signal-to-noise ratio.

    Parameters
    ----------
    radar : RadarFigures
    cross_section_m2, least_signal_to_noise : square metres; plain ratio; broadcast together

    Returns
    -------
    float64, broadcast shape, metres
    """
    snr = np.asarray(least_signal_to_noise, dtype=np.float64)
    return np.asarray((_strength_m4(radar, cross_section_m2) / snr) ** 0.25)
