"""The standard atmosphere against the printed 1976 table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.atmosphere import HeightError, standard_atmosphere

TABLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "published" / "us_standard_atmosphere_1976.csv"


def test_table_of_1976_to_one_part_in_ten_thousand() -> None:
    if not TABLE.exists():
        pytest.skip("the published table is not beside the checkout")
    with TABLE.open() as file:
        rows = np.array([[float(x) for x in row.values()] for row in csv.DictReader(file)])
    air = standard_atmosphere(rows[:, 0])
    for name, column in zip(air._fields, rows[:, 1:].T, strict=True):
        np.testing.assert_allclose(getattr(air, name), column, rtol=1e-4, err_msg=name)


def test_sea_level_is_exact() -> None:
    air = standard_atmosphere(0.0)
    assert air.temperature_k == 288.15
    assert air.pressure_pa == 101_325.0
    assert air.density_kg_m3 == pytest.approx(1.2250, abs=5e-5)
    assert air.sound_speed_m_s == pytest.approx(340.294, abs=5e-4)


def test_pressure_is_continuous_and_falls() -> None:
    height = np.arange(-5_000.0, 86_000.0, 10.0)
    log_pressure = np.log(standard_atmosphere(height).pressure_pa)
    fall = -np.diff(log_pressure)
    assert fall.min() > 0.0
    assert np.abs(np.diff(fall)).max() < 2e-6  # no step of more than 2e-6 at any base of a layer


def test_air_weighs_what_it_presses() -> None:
    """dp/dz = -rho g(z), with gravity falling by the inverse square: hydrostatic balance by differences."""
    height, step = np.linspace(-4_000.0, 85_000.0, 500), 1.0
    above, below = standard_atmosphere(height + step), standard_atmosphere(height - step)
    gravity = 9.80665 * (6_356_766.0 / (6_356_766.0 + height)) ** 2
    weight = standard_atmosphere(height).density_kg_m3 * gravity
    np.testing.assert_allclose((below.pressure_pa - above.pressure_pa) / (2 * step), weight, rtol=2e-6)


@pytest.mark.parametrize("height", [-5_000.1, 86_000.1, np.nan, np.inf])
def test_heights_outside_are_refused(height: float) -> None:
    with pytest.raises(HeightError, match=r"outside the standard atmosphere; give heights from -5000 to 86000 m"):
        standard_atmosphere([1_000.0, height])
