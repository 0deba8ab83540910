"""How far each kind of sensor sees."""

from __future__ import annotations

from typing import get_args

import pytest

from shieldwall.catalogue.classes import SensorKind
from shieldwall.surveillance.reach import RANGE_OF_KIND, detection_range_m
from shieldwall.surveillance.sensor import SensorType


def sensor(kind: SensorKind, **ranges: float) -> SensorType:
    return SensorType("s", "S", kind, 100e3, 1.0, ranges, 10.0, 20e3, 10.0, 0.8, 3, 1e6)


@pytest.mark.parametrize("kind", ["radar", "airborne_radar"])
def test_radar_range_goes_with_the_fourth_root(kind: SensorKind) -> None:
    assert detection_range_m(sensor(kind), "drone", 1.0) == pytest.approx(100e3)
    assert detection_range_m(sensor(kind), "drone", 0.01) == pytest.approx(100e3 / 10**0.5)
    assert detection_range_m(sensor(kind), "ballistic", 16.0) == pytest.approx(200e3)


@pytest.mark.parametrize("kind", ["radar", "airborne_radar"])
def test_radar_never_sees_nothing(kind: SensorKind) -> None:
    assert detection_range_m(sensor(kind), "drone", 0.0) == 0.0


@pytest.mark.parametrize("kind", ["acoustic", "optical", "passive_rf", "space_infrared"])
def test_others_have_a_range_by_class(kind: SensorKind) -> None:
    one = sensor(kind, drone=5e3)
    assert detection_range_m(one, "drone", 0.0) == 5e3
    assert detection_range_m(one, "cruise", 1.0) == 0.0


def test_every_kind_has_its_file() -> None:
    assert set(RANGE_OF_KIND) == set(get_args(SensorKind))
