"""Ballistic arcs against the equations of motion and against tables of two-body arcs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from shieldwall.core.geodesy import EARTH_RADIUS_M
from shieldwall.raid.ballistic import EARTH_GM_M3_S2, kepler_arc, minimum_energy_apogee_m, on_arc

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "published"
GRAVITY_M_S2 = EARTH_GM_M3_S2 / EARTH_RADIUS_M**2
# ground distance km: speed km/s, apogee km, minutes; computed apart from this code for least-energy arcs
LEAST_ENERGY = {
    300: (1.70, 74, 4.2),
    500: (2.17, 122, 5.5),
    1_000: (3.02, 240, 7.9),
    3_000: (4.87, 655, 14.9),
    5_500: (6.08, 1_041, 21.9),
    10_000: (7.20, 1_320, 32.2),
}
# (distance m, apogee m): depressed, least energy, lofted, from 120 km to intercontinental
ARCS = [
    (120e3, 30e3),
    (120e3, 10e3),
    (500e3, 122e3),
    (500e3, 40e3),
    (950e3, 4_475e3),
    (1_001e3, 7_687e3),
    (3_000e3, 300e3),
    (5_500e3, 1_041e3),
    (11_000e3, 1_300e3),
    (11_000e3, 500e3),
    (17_000e3, 900e3),
]


@pytest.mark.parametrize(("range_km", "printed"), LEAST_ENERGY.items())
def test_least_energy_table(range_km: float, printed: tuple[float, float, float]) -> None:
    arc = kepler_arc(range_km * 1e3, minimum_energy_apogee_m(range_km * 1e3))
    within = 0.6  # of a unit in the last printed digit
    assert float(arc.speed_m_s) / 1e3 == pytest.approx(printed[0], abs=within * 0.01)
    assert float(arc.apogee_m) / 1e3 == pytest.approx(printed[1], abs=within)
    assert float(arc.duration_s) / 60.0 == pytest.approx(printed[2], abs=within * 0.1)


def _flown(distance_m: float, apogee_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Integrate x'' = -mu x / r^3 from the launch that the arc claims; return times and states up to its end."""
    arc = kepler_arc(distance_m, apogee_m)
    # direction of launch from the constancy of angular momentum between launch and apogee
    horizontal = np.sqrt(EARTH_GM_M3_S2 * (2.0 / (EARTH_RADIUS_M + apogee_m) - 1.0 / float(arc.semi_major_m))) * (
        1.0 + apogee_m / EARTH_RADIUS_M
    )
    vertical = np.sqrt(float(arc.speed_m_s) ** 2 - horizontal**2)

    def motion(_: float, state: np.ndarray) -> np.ndarray:
        return np.concatenate((state[2:], -EARTH_GM_M3_S2 * state[:2] / np.hypot(*state[:2]) ** 3))

    times = np.linspace(0.0, float(arc.duration_s), 41)
    start = [0.0, EARTH_RADIUS_M, horizontal, vertical]
    solution = solve_ivp(motion, (0.0, times[-1]), start, method="DOP853", rtol=1e-12, atol=1e-6, t_eval=times)
    return solution.t, solution.y


@pytest.mark.parametrize(("distance_m", "apogee_m"), ARCS)
def test_arc_obeys_newton(distance_m: float, apogee_m: float) -> None:
    times, state = _flown(distance_m, apogee_m)
    height = np.hypot(state[0], state[1]) - EARTH_RADIUS_M
    ground = EARTH_RADIUS_M * np.unwrap(np.arctan2(state[0], state[1]))
    arc = kepler_arc(np.array([distance_m]), np.array([apogee_m]))
    where = on_arc(arc, np.zeros(times.size, dtype=np.int64), times / times[-1])
    np.testing.assert_allclose(where.height_m, height, atol=1.0)
    np.testing.assert_allclose(where.ground_m, ground, atol=1.0)
    assert ground[-1] == pytest.approx(distance_m, abs=1.0)
    assert abs(height[-1]) < 1.0
    assert height.max() == pytest.approx(apogee_m, abs=1.0)


@pytest.mark.parametrize("range_km", [120.0, 500.0, 3_000.0, 11_000.0])
def test_no_arc_needs_less_speed(range_km: float) -> None:
    least = float(minimum_energy_apogee_m(range_km * 1e3))
    speeds = kepler_arc(range_km * 1e3, least * np.array([0.9, 0.99, 1.0, 1.01, 1.1])).speed_m_s
    assert np.argmin(speeds) == 2


def test_short_arcs_are_parabolas() -> None:
    """On a flat Earth the range at least energy is v^2/g, its apogee a quarter of it, its time v sqrt(2)/g."""
    distance = 2_000.0
    arc = kepler_arc(distance, minimum_energy_apogee_m(distance))
    assert float(arc.apogee_m) == pytest.approx(distance / 4.0, rel=1e-3)
    assert float(arc.speed_m_s) == pytest.approx(np.sqrt(GRAVITY_M_S2 * distance), rel=1e-3)
    assert float(arc.duration_s) == pytest.approx(np.sqrt(2.0 * distance / GRAVITY_M_S2), rel=1e-3)


def test_ends_lie_on_the_ground_exactly() -> None:
    arc = kepler_arc(np.array([4_321e3]), np.array([777e3]))
    where = on_arc(arc, np.zeros(3, dtype=np.int64), np.array([0.0, 0.5, 1.0]))
    np.testing.assert_array_equal(where.height_m[[0, 2]], [0.0, 0.0])
    assert where.ground_m[0] == 0.0
    assert where.ground_m[2] == pytest.approx(4_321e3, abs=1e-6)
    assert where.height_m[1] == pytest.approx(777e3, abs=1e-6)
    assert where.ground_m[1] == pytest.approx(4_321e3 / 2, abs=1e-3)


def _rows(name: str) -> list[dict[str, str]]:
    path = PUBLISHED / name
    if not path.exists():
        pytest.skip("the tables of missile tests are not beside the checkout")
    with path.open() as file:
        return list(csv.DictReader(file))


def test_two_body_times_of_test_flights() -> None:
    """Times and launch speeds computed apart from this code for 144 reported pairs of apogee and range."""
    rows = _rows("nk_tests_apogee_range.csv")
    distance, apogee, minutes, speed = (
        np.array([float(row[name]) for row in rows])
        for name in ("distance_km", "apogee_km", "computed_kepler_time_min", "computed_kepler_v0_kms")
    )
    arc = kepler_arc(distance * 1e3, apogee * 1e3)
    np.testing.assert_allclose(arc.duration_s / 60.0, minutes, atol=0.0501)
    np.testing.assert_allclose(arc.speed_m_s / 1e3, speed, atol=0.00501)


def test_two_body_times_of_lofted_flights() -> None:
    rows = _rows("lofted_tests_flight_time.csv")
    for row in rows:
        arc = kepler_arc(float(row["range_km"]) * 1e3, float(row["apogee_km"]) * 1e3)
        assert float(arc.duration_s) / 60.0 == pytest.approx(float(row["computed_kepler_time_min"]), abs=0.00501)
