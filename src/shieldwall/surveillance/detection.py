"""Decide that there is something: probability of detection against noise, and of a track after several looks.

False alarms come when noise alone crosses the threshold, with probability `false_alarm` a look. Signal-to-noise
ratios are of one pulse, plain numbers. A target of Swerling's first kind fluctuates from look to look but not within
one; of the second kind from pulse to pulse.

References
----------
Albersheim 1981, "A closed-form approximation to Robertson's detection characteristics", Proc. IEEE 69:839.
Swerling 1960, "Probability of detection for fluctuating targets", IRE Trans. IT-6:269-308.
Richards 2014, "Fundamentals of Radar Signal Processing", 2nd ed., section 6.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]


def albersheim_db(detection: ArrayLike, false_alarm: ArrayLike, pulses: ArrayLike = 1) -> Float:
    """Return the signal-to-noise ratio of one pulse, decibels, that a steady target needs.

        A = ln(0.62 / Pfa),  B = ln(Pd / (1 - Pd))
        SNR = -5 log10 N + (6.2 + 4.54 / sqrt(N + 0.44)) log10(A + 0.12 A B + 1.7 B)

    Parameters
    ----------
    detection, false_alarm : probabilities; for 0.4 to 0.95 and 1e-7 to 1e-3
    pulses : number N added after a linear detector; 1 to 8,096

    Returns
    -------
    float64, broadcast shape, decibels

    Limits
    ------
    Within 0.2 dB of the exact statistics for detection from 0.4 on (0.3 dB behind a square-law detector). It is often
    said to hold from 0.1; there it is up to 4 dB too low at a false alarm of 1e-3.
    """
    probability = np.asarray(detection, dtype=np.float64)
    a = np.log(0.62 / np.asarray(false_alarm, dtype=np.float64))
    b = np.log(probability / (1.0 - probability))
    n = np.asarray(pulses, dtype=np.float64)
    return np.asarray(-5.0 * np.log10(n) + (6.2 + 4.54 / np.sqrt(n + 0.44)) * np.log10(a + 0.12 * a * b + 1.7 * b))


def swerling_1(signal_to_noise: ArrayLike, false_alarm: ArrayLike, pulses: int = 1) -> Float:
    """Return the probability of detecting a target that fluctuates from look to look.

    For one pulse Pd = Pfa^(1 / (1 + SNR)). For N pulses added after a square-law detector, with V the threshold,
    P the regularised lower incomplete gamma function and s = N SNR,

        Pfa = 1 - P(N, V),
        Pd = 1 - P(N-1, V) + (1 + 1/s)^(N-1) P(N-1, V / (1 + 1/s)) exp(-V / (1 + s)).

    Parameters
    ----------
    signal_to_noise : mean, of one pulse, plain ratio, above 0
    false_alarm : probability a look
    pulses : N

    Returns
    -------
    float64, broadcast shape
    """
    from scipy.special import gammainc, gammainccinv  # noqa: PLC0415  a third of a second at start

    snr, alarm = np.asarray(signal_to_noise, dtype=np.float64), np.asarray(false_alarm, dtype=np.float64)
    if pulses == 1:
        return np.asarray(alarm ** (1.0 / (1.0 + snr)))
    threshold = gammainccinv(pulses, alarm)
    total = pulses * snr
    excess = 1.0 + 1.0 / total
    rest = excess ** (pulses - 1) * gammainc(pulses - 1, threshold / excess) * np.exp(-threshold / (1.0 + total))
    return np.asarray(1.0 - gammainc(pulses - 1, threshold) + rest)


def swerling_2(signal_to_noise: ArrayLike, false_alarm: ArrayLike, pulses: int = 1) -> Float:
    """Return the probability of detecting a target that fluctuates from pulse to pulse, 1 - P(N, V / (1 + SNR)).

    Parameters
    ----------
    signal_to_noise : mean, of one pulse, plain ratio
    false_alarm : probability a look
    pulses : N, added after a square-law detector

    Returns
    -------
    float64, broadcast shape
    """
    from scipy.special import gammainc, gammainccinv  # noqa: PLC0415  a third of a second at start

    threshold = gammainccinv(pulses, np.asarray(false_alarm, dtype=np.float64))
    return np.asarray(1.0 - gammainc(pulses, threshold / (1.0 + np.asarray(signal_to_noise, dtype=np.float64))))


def detection_at_range(
    range_m: ArrayLike, reference_range_m: ArrayLike, reference_detection: ArrayLike, false_alarm: ArrayLike
) -> Float:
    """Return the probability a look at a range, from the one at the published range, for a Swerling 1 target.

    The signal-to-noise ratio goes with R^-4, and ln Pd = ln Pfa / (1 + SNR) gives it at the published range.

    Parameters
    ----------
    range_m : distance of the target, metres, above 0
    reference_range_m : the range published for its cross-section, metres
    reference_detection : probability there
    false_alarm : probability a look

    Returns
    -------
    float64, broadcast shape
    """
    alarm = np.log(np.asarray(false_alarm, dtype=np.float64))
    at_reference = alarm / np.log(np.asarray(reference_detection, dtype=np.float64)) - 1.0
    nearer = (np.asarray(reference_range_m, dtype=np.float64) / np.asarray(range_m, dtype=np.float64)) ** 4
    return np.asarray(np.exp(alarm / (1.0 + at_reference * nearer)))


def at_least(hits: ArrayLike, looks: ArrayLike, detection: ArrayLike) -> Float:
    """Return the probability of at least m detections in n independent looks: the binomial tail.

    Parameters
    ----------
    hits : m, whole, 1 or more
    looks : n, whole
    detection : probability a look

    Returns
    -------
    float64, broadcast shape; 0 if n is less than m
    """
    from scipy.special import bdtrc  # noqa: PLC0415  a third of a second at start

    m, n = np.asarray(hits, dtype=np.int64), np.asarray(looks, dtype=np.int64)
    p = np.asarray(detection, dtype=np.float64)
    enough = n >= m
    return np.asarray(np.where(enough, bdtrc(np.where(enough, m - 1, 0), np.where(enough, n, 1), p), 0.0))
