"""Which reported test flights were near least energy, lofted or depressed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from shieldwall.raid.ballistic import minimum_energy_apogee_m
from shieldwall.raid.shape import arc_shape

TESTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "published" / "nk_tests_apogee_range.csv"


def test_arcs_on_both_sides_of_least_energy() -> None:
    least = float(minimum_energy_apogee_m(1_000e3))
    assert arc_shape(1_000e3, least) == "least_energy"
    assert arc_shape(1_000e3, 0.85 * least) == "least_energy"
    assert arc_shape(1_000e3, 0.5 * least) == "depressed"
    assert arc_shape(1_000e3, 2.0 * least) == "lofted"
    assert arc_shape(1_000e3, 0.85 * least, excess=1e-3) == "depressed"


def test_shapes_of_reported_test_flights() -> None:
    """Failures and space launches apart; the apogees of the first group scatter about those of least energy."""
    if not TESTS.exists():
        pytest.skip("the table of missile tests is not beside the checkout")
    with TESTS.open() as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] != "failure" and row["type"] != "SLV"]
    distance, apogee = (np.array([float(row[name]) * 1e3 for row in rows]) for name in ("distance_km", "apogee_km"))
    shapes = [arc_shape(d, a) for d, a in zip(distance, apogee, strict=True)]
    assert Counter(shapes) == {"least_energy": 57, "depressed": 57, "lofted": 22}
    long_range = {shape for shape, row in zip(shapes, rows, strict=True) if row["type"] == "ICBM"}
    assert long_range == {"lofted"}  # all of them were tested towards the zenith
    lofted = {row["missile"] for shape, row in zip(shapes, rows, strict=True) if shape == "lofted"}
    assert not any("KN-23" in missile for missile in lofted)  # it flies flat and pulls up
    near = np.array(shapes) == "least_energy"
    residual_km = (apogee - minimum_energy_apogee_m(distance))[near] / 1e3
    assert abs(residual_km.mean()) < 5.0
    assert np.abs(residual_km).mean() < 12.0
