"""Geodesics against C. Karney's GeodTest cases; edges of the map."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ellipe

from shieldwall.core.geodesy import (
    direct,
    ecef_m,
    geodesic_points,
    ground_distance_m,
    inverse,
    normal_longitude_deg,
)

CASES = Path(__file__).resolve().parents[3] / "shared" / "data" / "published" / "geographiclib_cases_wgs84.csv"
# WGS84 (NIMA TR8350.2)
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
# a quarter of the meridian is a complete elliptic integral
QUARTER_MERIDIAN_M = SEMI_MAJOR_M * float(ellipe(FLATTENING * (2.0 - FLATTENING)))


@pytest.fixture(scope="module")
def cases() -> dict[str, np.ndarray]:
    if not CASES.exists():
        pytest.skip("the published GeographicLib cases are not beside the checkout")
    with CASES.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_inverse_gives_published_distances_and_azimuths(cases: dict[str, np.ndarray]) -> None:
    found = inverse(cases["lat1"], cases["lon1"], cases["lat2"], cases["lon2"])
    np.testing.assert_allclose(found.distance_m, cases["s12_m"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.start_azimuth_deg, cases["azi1"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.end_azimuth_deg, cases["azi2"], rtol=0, atol=1e-12)


def test_direct_gives_published_end_points(cases: dict[str, np.ndarray]) -> None:
    found = direct(cases["lat1"], cases["lon1"], cases["azi1"], cases["s12_m"])
    np.testing.assert_allclose(found.latitude_deg, cases["lat2"], rtol=0, atol=1e-13)
    np.testing.assert_allclose(found.longitude_deg, normal_longitude_deg(cases["lon2"]), rtol=0, atol=1e-13)
    np.testing.assert_allclose(found.azimuth_deg, cases["azi2"], rtol=0, atol=1e-12)


def test_direct_ends_within_nanometres_of_published_point(cases: dict[str, np.ndarray]) -> None:
    found = direct(cases["lat1"], cases["lon1"], cases["azi1"], cases["s12_m"])
    miss = np.linalg.norm(
        ecef_m(found.latitude_deg, found.longitude_deg) - ecef_m(cases["lat2"], cases["lon2"]), axis=-1
    )
    assert miss.max() < 1e-8


@pytest.mark.parametrize(
    ("start", "end", "distance_m"),
    [
        ((90.0, 0.0), (0.0, 77.0), QUARTER_MERIDIAN_M),
        ((-90.0, 12.0), (0.0, -140.0), QUARTER_MERIDIAN_M),
        ((90.0, 0.0), (-90.0, 0.0), 2 * QUARTER_MERIDIAN_M),
        ((0.0, 179.0), (0.0, -179.0), SEMI_MAJOR_M * np.radians(2.0)),
        ((12.0, 34.0), (12.0, 34.0), 0.0),
    ],
)
def test_distances_known_in_closed_form(
    start: tuple[float, float], end: tuple[float, float], distance_m: float
) -> None:
    assert ground_distance_m(*start, *end) == pytest.approx(distance_m, abs=1e-8)


def test_geodesic_crosses_the_antimeridian_without_a_jump() -> None:
    line = geodesic_points(-10.0, 178.0, 12.0, -177.0, np.linspace(0.0, 1.0, 101))
    steps = np.linalg.norm(np.diff(ecef_m(line.latitude_deg, line.longitude_deg), axis=0), axis=1)
    assert steps.max() / steps.min() < 1.0001
    assert line.longitude_deg.min() >= -180.0
    assert line.longitude_deg.max() < 180.0
    assert line.longitude_deg[-1] == pytest.approx(-177.0)


def test_geodesic_over_the_pole() -> None:
    line = geodesic_points(80.0, 30.0, 80.0, -150.0, [0.0, 0.5, 1.0])
    assert line.latitude_deg[1] == pytest.approx(90.0, abs=1e-9)
    assert line.longitude_deg[2] == pytest.approx(-150.0)


def test_ecef_of_axes_and_heights() -> None:
    np.testing.assert_allclose(
        ecef_m([0.0, 0.0, 90.0, -90.0], [0.0, 180.0, 5.0, 5.0], [10.0, 0.0, 100.0, 0.0]),
        [
            [SEMI_MAJOR_M + 10, 0, 0],
            [-SEMI_MAJOR_M, 0, 0],
            [0, 0, SEMI_MINOR_M + 100],
            [0, 0, -SEMI_MINOR_M],
        ],
        atol=2e-9,
    )


def test_ecef_matches_the_textbook_formula() -> None:
    rng = np.random.default_rng(5)
    lat, lon, height = rng.uniform(-90, 90, 200), rng.uniform(-180, 180, 200), rng.uniform(-100, 2e6, 200)
    squared = FLATTENING * (2.0 - FLATTENING)
    phi, theta = np.radians(lat), np.radians(lon)
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - squared * np.sin(phi) ** 2)
    expected = np.stack(
        [
            (normal + height) * np.cos(phi) * np.cos(theta),
            (normal + height) * np.cos(phi) * np.sin(theta),
            (normal * (1.0 - squared) + height) * np.sin(phi),
        ],
        axis=-1,
    )
    np.testing.assert_allclose(ecef_m(lat, lon, height), expected, rtol=0, atol=1e-8)


def test_shapes_follow_the_arguments() -> None:
    assert ecef_m(1.0, 2.0).shape == (3,)
    assert ecef_m(np.zeros((4, 5)), 2.0, 3.0).shape == (4, 5, 3)
    assert direct(np.zeros(3), 0.0, np.zeros((2, 1)), 1.0).latitude_deg.shape == (2, 3)
    assert ground_distance_m(np.empty(0), np.empty(0), 1.0, 1.0).shape == (0,)


def test_inputs_are_left_as_they_were() -> None:
    lat, lon = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    ecef_m(lat, lon, 5.0)
    direct(lat, lon, 6.0, 7.0)
    inverse(lat, lon, lat + 1.0, lon)
    np.testing.assert_array_equal(lat, [1.0, 2.0])
    np.testing.assert_array_equal(lon, [3.0, 4.0])


def test_normal_longitudes() -> None:
    np.testing.assert_array_equal(
        normal_longitude_deg([0.0, 180.0, -180.0, 190.0, -190.0, 540.0, 12.34]),
        [0.0, -180.0, -180.0, -170.0, 170.0, -180.0, 12.34],
    )
