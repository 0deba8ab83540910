"""Radar equation and detection statistics against published worked examples, theory and simulated noise."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2, ncx2

from shieldwall.surveillance.detection import albersheim_db, at_least, detection_at_range, swerling_1, swerling_2
from shieldwall.surveillance.radar_equation import RadarFigures, decibel, range_m, ratio, signal_to_noise


def radar(
    frequency_hz: float, pulse_s: float, gains_db: tuple[float, float], kelvin: float, loss_db: float = 0.0
) -> RadarFigures:
    gains = float(ratio(gains_db[0])), float(ratio(gains_db[1]))
    return RadarFigures(1e6, pulse_s, frequency_hz, *gains, kelvin, float(ratio(loss_db)))


def test_range_of_the_worked_example() -> None:
    """https://ww2.mathworks.cn/help/radar/ref/radareqrng.html, printed 4.1057e4 m."""
    found = range_m(radar(10e9, 10e-6, (20, 20), 290), 1.0, ratio(6.0))
    assert f"{found:.4e}" == "4.1057e+04"


@pytest.mark.parametrize(
    ("figures", "cross_section_m2", "transmit_m", "receive_m", "printed_db"),
    [
        (radar(1e9, 0.2e-6, (20, 20), 290), 1.0, 50e3, 50e3, 5.5868),
        (radar(10e9, 1e-6, (40, 40), 300, 3), 0.5, 100e3, 100e3, 14.3778),
        (radar(10e9, 1e-6, (40, 20), 290), 1.0, 50e3, 75e3, 9.0547),
    ],
)
def test_signal_to_noise_of_the_worked_examples(
    figures: RadarFigures, cross_section_m2: float, transmit_m: float, receive_m: float, printed_db: float
) -> None:
    """https://uk.mathworks.com/help/radar/ref/radareqsnr.html, two of one antenna and one bistatic."""
    found = decibel(signal_to_noise(figures, cross_section_m2, transmit_m, receive_m))
    assert round(float(found), 4) == printed_db


def test_range_undoes_signal_to_noise() -> None:
    figures = radar(3e9, 5e-6, (35, 35), 500, 6)
    far = np.array([10e3, 80e3, 400e3])
    np.testing.assert_allclose(range_m(figures, 2.0, signal_to_noise(figures, 2.0, far, far)), far, rtol=1e-12)


def test_albersheim_of_the_worked_example() -> None:
    assert round(float(albersheim_db(0.9, 1e-6)), 4) == 13.1145


@pytest.mark.parametrize("pulses", [1, 2, 10, 100])
@pytest.mark.parametrize("detection", [0.4, 0.5, 0.9])
@pytest.mark.parametrize("false_alarm", [1e-7, 1e-5, 1e-3])
def test_albersheim_against_marcum(pulses: int, detection: float, false_alarm: float) -> None:
    """Its stated error is 0.2 dB against the exact statistics of a steady target behind a linear detector.

    The exact statistics here are a square-law detector's, a non-central chi-squared sum of N pulses; for more than
    one pulse the two detectors differ by up to 0.1 dB more.
    """
    threshold = chi2.isf(false_alarm, 2 * pulses)
    exact = brentq(lambda db: ncx2.sf(threshold, 2 * pulses, 2 * pulses * 10 ** (db / 10)) - detection, -25.0, 25.0)
    assert float(albersheim_db(detection, false_alarm, pulses)) == pytest.approx(exact, abs=0.3 if pulses > 1 else 0.2)


@pytest.mark.parametrize("pulses", [1, 2, 8])
@pytest.mark.parametrize("snr", [0.5, 4.0, 20.0])
def test_swerling_1_and_2_against_simulated_echoes(pulses: int, snr: float) -> None:
    """Echo and noise as complex normal samples, square-law detector, sum over the pulses: within 4 standard errors."""
    rng, looks, false_alarm = np.random.default_rng(20 + pulses), 200_000, 1e-3

    def gaussian(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * np.sqrt(0.5)

    threshold = _threshold(pulses, false_alarm)
    slow = np.sqrt(snr) * gaussian(looks, 1) + gaussian(looks, pulses)
    fast = np.sqrt(snr) * gaussian(looks, pulses) + gaussian(looks, pulses)
    for echo, closed in ((slow, swerling_1), (fast, swerling_2)):
        seen = np.mean(np.sum(np.abs(echo) ** 2, axis=1) > threshold)
        expected = float(closed(snr, false_alarm, pulses))
        assert abs(seen - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / looks)


def _threshold(pulses: int, false_alarm: float) -> float:
    """Return the threshold from the Poisson sum for the tail of a gamma variate, by bisection."""
    low, high = 0.0, 200.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        term = tail = np.exp(-middle)
        for k in range(1, pulses):
            term *= middle / k
            tail += term
        low, high = (middle, high) if tail > false_alarm else (low, middle)
    return low


def test_swerling_1_limits() -> None:
    assert swerling_1(1e-12, 1e-4) == pytest.approx(1e-4, rel=1e-6)
    assert swerling_1(1e-9, 1e-4, 6) == pytest.approx(1e-4, rel=1e-4)
    assert swerling_1(1e9, 1e-4) == pytest.approx(1.0, abs=1e-7)
    assert swerling_2(5.0, 1e-4, 1) == pytest.approx(float(swerling_1(5.0, 1e-4, 1)), rel=1e-10)


def test_detection_at_range_is_the_radar_equation() -> None:
    """Probability from the whole chain (equation, then Swerling) equals the short form scaled from one point."""
    figures, alarm = radar(3e9, 5e-6, (35, 35), 500, 6), 1e-6
    near, far = 60e3, 110e3
    at = [float(swerling_1(signal_to_noise(figures, 1.0, r, r), alarm)) for r in (far, near)]
    assert float(detection_at_range(near, far, at[0], alarm)) == pytest.approx(at[1], rel=1e-10)
    assert float(detection_at_range(far, far, 0.8, alarm)) == pytest.approx(0.8, rel=1e-12)


@pytest.mark.parametrize(
    ("hits", "looks", "detection"), [(1, 1, 0.3), (2, 3, 0.5), (3, 5, 0.9), (5, 5, 0.7), (4, 12, 0.2)]
)
def test_m_of_n_is_the_binomial_sum(hits: int, looks: int, detection: float) -> None:
    expected = sum(comb(looks, k) * detection**k * (1 - detection) ** (looks - k) for k in range(hits, looks + 1))
    assert float(at_least(hits, looks, detection)) == pytest.approx(expected, rel=1e-12)


def test_m_of_n_with_too_few_looks() -> None:
    np.testing.assert_array_equal(at_least(3, [0, 2], 0.9), [0.0, 0.0])
