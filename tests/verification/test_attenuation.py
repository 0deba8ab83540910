"""Rain and gas attenuation against the ITU's validation figures, as ITU-Rpy's tests carry them.

https://github.com/inigodelportillo/ITU-Rpy, test/test_data/838/ITURP838-3_rain_specific_attenuation.csv and
test/test_data/676/ITURP676-12_gamma.csv.
"""

from __future__ import annotations

import numpy as np
import pytest

from shieldwall.surveillance.attenuation import gas, rain_coefficients, rain_db_km, range_through_m

# elevation (degrees), frequency (GHz), rain (mm/h), polarisation (degrees), k, alpha, dB/km
RAIN = (
    (31.07699124, 14.25, 26.48052, 0, 0.03975488, 1.12418043, 1.58130839),
    (40.232036, 14.25, 33.936232, 0, 0.04007624, 1.11804138, 2.06173213),
    (46.35969261, 14.25, 27.13586832, 0, 0.04030344, 1.11376017, 1.5920842),
    (31.07699124, 29, 26.48052, 0, 0.22106804, 0.95320005, 5.02180189),
    (40.232036, 29, 33.936232, 0, 0.22031404, 0.9504446, 6.27846024),
    (46.35969261, 29, 27.13586832, 0, 0.21978097, 0.9484851, 5.03135479),
    (22.27833468, 14.25, 50.639304, 0, 0.03949319, 1.12925336, 3.32139638),
    (52.67898486, 14.25, 78.2994993, 0, 0.04053522, 1.10944215, 5.11503463),
    (22.27833468, 29, 50.639304, 0, 0.22168203, 0.95543001, 9.42430244),
    (52.67898486, 29, 78.2994993, 0, 0.21923716, 0.9464763, 13.59290086),
    (48.24117054, 14.25, 63.62668149, 90, 0.04226474, 1.07871664, 3.72901264),
    (85.80459566, 14.25, 99.13558978, 90, 0.04133039, 1.09499629, 6.34064598),
    (20.14335809, 14.25, 42.91007183, 90, 0.04319835, 1.0631531, 2.35032323),
    (48.24117054, 29, 63.62668149, 90, 0.21517927, 0.93116621, 10.28699163),
    (85.80459566, 29, 99.13558978, 90, 0.21737148, 0.93950825, 16.3183686),
    (20.14335809, 29, 42.91007183, 90, 0.21298877, 0.92265917, 6.83364556),
)
# GHz, oxygen dB/km, water vapour dB/km at 1,013.25 hPa, 288.15 K, 7.5 g/m3
GAS = (
    (1, 0.005388658, 5.09e-05), (2, 0.006716038, 0.000204381), (3, 0.00707596, 0.000462793),
    (5, 0.007400426, 0.001313459),
    (6, 0.007537212, 0.001921572), (10, 0.008224417, 0.005974125), (12, 0.008698264, 0.009535388),
    (15, 0.009618924, 0.019439422), (18, 0.010849056, 0.046663869), (20, 0.01188355, 0.097047305),
    (22, 0.013130223, 0.174207033), (24, 0.014636083, 0.158525061), (30, 0.021449684, 0.072374863),
    (35, 0.031843034, 0.069614296), (40, 0.052116839, 0.07896903), (50, 0.277268639, 0.111158547),
    (60, 14.6234748, 0.154841841), (70, 0.304105097, 0.20988793), (77, 0.097525836, 0.250517679),
    (90, 0.038869711, 0.341973394), (94, 0.034480723, 0.37364816), (119, 1.306379041, 0.61799348),
    (130, 0.041509084, 0.751844704), (183, 0.012733909, 27.66500831), (200, 0.013723561, 2.874824478),
    (325, 0.030098959, 37.86211053), (350, 0.036805627, 10.12267314),
)  # fmt: skip


@pytest.mark.parametrize(("elevation", "ghz", "rain", "tilt", "k", "alpha", "db_km"), RAIN)
def test_rain_as_the_validation_examples(elevation, ghz, rain, tilt, k, alpha, db_km) -> None:
    found = rain_coefficients(ghz * 1e9, elevation_deg=elevation, polarisation_deg=tilt)
    assert found.k == pytest.approx(k, abs=5.1e-9)
    assert found.alpha == pytest.approx(alpha, abs=5.1e-9)
    there = rain_db_km(rain, ghz * 1e9, elevation_deg=elevation, polarisation_deg=tilt)
    assert there == pytest.approx(db_km, abs=1e-7)


def test_air_as_the_validation_examples() -> None:
    ghz, oxygen, water = np.array(GAS).T
    found = gas(ghz * 1e9)
    np.testing.assert_allclose(found.oxygen_db_km, oxygen, rtol=1e-6)
    np.testing.assert_allclose(found.water_db_km, water, rtol=1e-3, atol=5e-8)
    np.testing.assert_allclose(found.water_db_km[ghz > 1.0], water[ghz > 1.0], rtol=3e-6)


def test_frequencies_outside_the_recommendations_are_refused() -> None:
    with pytest.raises(ValueError, match=r"P\.838 holds for 1 to 1,000 GHz"):
        rain_coefficients(150e6)
    with pytest.raises(ValueError, match=r"P\.676 holds for 1 to 1,000 GHz"):
        gas([3e9, 2e12])


def test_the_range_through_rain_balances_the_radar_equation() -> None:
    free, loss = np.array([20e3, 100e3, 400e3])[:, None], np.array([0.0, 0.01, 0.3, 5.0])
    there = range_through_m(free, loss)
    np.testing.assert_allclose(there**4 * 10.0 ** (0.2 * loss * there / 1e3), np.broadcast_to(free**4, there.shape))
    assert np.all(there[:, 0] == free[:, 0])


def test_rain_that_ends_costs_only_its_own_way() -> None:
    free, loss, cell = 100e3, 0.5, 10e3
    there = float(range_through_m(free, loss, cell))
    assert there > cell
    assert there**4 * 10.0 ** (0.2 * loss * cell / 1e3) == pytest.approx(free**4)
    assert range_through_m(5e3, loss, cell) == range_through_m(5e3, loss)
    # without end it is the Lambert solution, continuous where the target leaves the cell
    edge = cell * 10.0 ** (0.05 * loss * cell / 1e3)
    assert range_through_m(edge * 0.999999, loss, cell) == pytest.approx(
        range_through_m(edge * 1.000001, loss, cell), rel=1e-5
    )


def test_rain_that_ends_takes_nothing_where_there_is_none() -> None:
    assert range_through_m(100e3, 0.0, 20e3) == 100e3
    assert range_through_m(100e3, 0.0) == 100e3
