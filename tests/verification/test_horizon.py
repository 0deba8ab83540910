"""The radio horizon against published figures and against geometry."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from shieldwall.surveillance.horizon import radar_horizon_m

# ATIS Telecom Glossary, "radio horizon", http://www.atis.org/glossary/definition.aspx?id=2164
NAUTICAL_MILES_PER_ROOT_METRE = 2.23
NAUTICAL_MILES_PER_ROOT_FOOT = 1.23
NAUTICAL_MILE_M = 1_852.0


def test_glossary_coefficients_to_the_printed_digits() -> None:
    assert round(radar_horizon_m(1.0, 0.0) / NAUTICAL_MILE_M, 2) == pytest.approx(
        NAUTICAL_MILES_PER_ROOT_METRE, abs=0.006
    )
    assert round(radar_horizon_m(0.3048, 0.0) / NAUTICAL_MILE_M, 2) == NAUTICAL_MILES_PER_ROOT_FOOT


def test_metric_coefficient_is_4_12() -> None:
    assert round(radar_horizon_m(1.0, 0.0) / 1e3, 2) == 4.12


@pytest.mark.parametrize(("target_m", "horizon_km"), [(50.0, 51.7), (100.0, 63.8), (1_000.0, 152.9)])
def test_antenna_of_30_m(target_m: float, horizon_km: float) -> None:
    assert round(radar_horizon_m(30.0, target_m) / 1e3, 1) == horizon_km


@pytest.mark.parametrize(("sensor_m", "target_m"), [(10.0, 50.0), (30.0, 3_000.0), (9_000.0, 100.0)])
def test_grazing_ray_over_a_sphere(sensor_m: float, target_m: float) -> None:
    """The exact tangent line over a sphere of 4/3 Earth radius touches it once; the short form agrees to 0.1 %."""
    radius = 6_371_000.0 * 4.0 / 3.0
    angle = np.arccos(radius / (radius + sensor_m)) + np.arccos(radius / (radius + target_m))
    assert radar_horizon_m(sensor_m, target_m) == pytest.approx(radius * angle, rel=1e-3)


def test_symmetric_and_zero_at_ground() -> None:
    assert radar_horizon_m(0.0, 0.0) == 0.0
    assert radar_horizon_m(-5.0, -1.0) == 0.0
    assert radar_horizon_m(20.0, 300.0) == radar_horizon_m(300.0, 20.0)


def test_the_same_in_kernels_on_arrays_and_without_compiling() -> None:
    heights = np.array([0.0, 50.0, 1_000.0])

    @njit
    def kernel(antenna: float, target: float) -> float:
        return radar_horizon_m(antenna, target)

    whole = radar_horizon_m(30.0, heights)
    plain = getattr(radar_horizon_m, "py_func", radar_horizon_m)
    for target, horizon in zip(heights, whole, strict=True):
        assert kernel(30.0, target) == horizon
        assert plain(30.0, target) == horizon
