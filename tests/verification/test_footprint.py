"""Footprints against closed forms of level flight over flat ground, and their GeoJSON."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import ground_distance_m
from shieldwall.study.footprint import footprints

# one-battery: radar 60 km, round 20 km at 800 m/s 2 s after the order, a look every 4 s makes a track at once.


def closed_radius_m(speed_m_s: float, *, delay_s: float = 0.0) -> float:
    """A threat that flies straight in is seen at 60 km and met at x: (60 km - x) / V = delay + x / v."""
    in_time = (60e3 - speed_m_s * (2.0 + 2.0 + delay_s)) / (1.0 + speed_m_s / 800.0)
    return min(20e3, in_time)


@pytest.mark.parametrize(("kmh", "delay"), [(180.0, 0.0), (9_000.0, 0.0), (9_000.0, 5.0), (12_000.0, 3.0)])
def test_against_low_level_flight_it_is_the_circle_of_the_last_meeting(kmh: float, delay: float) -> None:
    settings = [f"threats.lab-drone.speed={kmh} km/h", f"command.command={delay} s", "threats.lab-drone.height=250 m"]
    (found,) = footprints(shieldwall.load("one-battery", overrides=settings))
    exact = closed_radius_m(kmh / 3.6, delay_s=delay)
    assert found.outer_m == pytest.approx(exact, rel=0.02)
    assert found.inner_m == pytest.approx(0.0)
    assert found.area_km2 == pytest.approx(np.pi * exact**2 / 1e6, rel=0.04)


def test_from_one_direction_it_reaches_behind_the_unit_and_is_as_wide_as_the_reach() -> None:
    settings = ["threats.lab-drone.height=250 m"]
    (found,) = footprints(shieldwall.load("one-battery", overrides=settings), direction_deg=0.0)
    ahead, behind = found.outer_m[0], found.outer_m[found.bearing_deg.size // 2]
    assert ahead == pytest.approx(20e3, rel=0.02)
    assert behind == found.limit_m
    across = found.bearing_deg == 90.0
    assert found.outer_m[across] == pytest.approx(20e3, rel=0.02)
    # on 135 degrees the way passes at r sin 45 beside the unit: protected while that is within reach
    assert found.outer_m[found.bearing_deg == 135.0] == pytest.approx(20e3 * 2.0**0.5, rel=0.02)


def test_the_horizon_shortens_it_for_fast_low_threats() -> None:
    base = ["threats.lab-drone.speed=9000 km/h", "sensors.lab-radar.range=60 km"]
    low, high = (
        footprints(shieldwall.load("one-battery", overrides=[*base, f"threats.lab-drone.height={h}"]))[0].area_km2
        for h in ("30 m", "250 m")
    )
    assert 0.0 < low < 0.8 * high


def test_geojson_is_a_closed_ring_round_the_unit_against_the_clock() -> None:
    (found,) = footprints(shieldwall.load("one-battery"), unit="battery", against="lab-drone")
    feature = found.to_feature()
    (ring,) = feature["geometry"]["coordinates"]
    ring = np.array(ring)
    assert (ring[0] == ring[-1]).all()
    away = ground_distance_m(50.0, 30.0, ring[:, 1], ring[:, 0])
    assert away == pytest.approx(found.outer_m[0], rel=0.02)
    x, y = ring.T
    assert np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) > 0.0
    assert feature["properties"]["threat_type"] == "lab-drone"


def test_across_the_antimeridian_it_is_cut_in_two() -> None:
    moved = ["fire_units.battery.position=[50.0, 179.95]", "assets.town.position=[50.0, 179.95]"]
    (found,) = footprints(shieldwall.load("one-battery", overrides=moved))
    (plain,) = footprints(shieldwall.load("one-battery"))
    assert found.area_km2 == pytest.approx(plain.area_km2, rel=1e-6)
    geometry = found.to_feature()["geometry"]
    assert geometry["type"] == "MultiPolygon"
    east, west = (np.array(part[0]) for part in geometry["coordinates"])
    assert east[:, 0].max() == 180.0
    assert west[:, 0].min() == -180.0
    assert np.abs(np.concatenate((east, west))[:, 0]).max() <= 180.0


def test_a_name_that_the_scenario_has_not_is_refused() -> None:
    scenario = shieldwall.load("one-battery")
    with pytest.raises(InputError, match="there is no fire unit 'batery' in one-battery; did you mean 'battery'"):
        footprints(scenario, unit="batery")
    with pytest.raises(InputError, match="there is no threat type 'yars'"):
        footprints(scenario, against="yars")


def test_another_unit_lends_its_eyes_but_not_its_rounds() -> None:
    fast = ["threats.lab-drone.speed=9000 km/h", "threats.lab-drone.height=30 m", "fire_units.battery.count=2"]
    other = [*fast, "integration=alliance", "command={identification: 0 s, command: 0 s, delay: constant}"]
    alone = footprints(shieldwall.load("one-battery", overrides=fast), unit="battery")
    both = footprints(shieldwall.load("one-battery", overrides=other))
    assert [one.unit for one in both] == ["battery", "battery~2"]
    assert both[0].area_km2 == pytest.approx(alone[0].area_km2)  # on the same spot the other sees no more


def test_the_map_of_footprints_is_drawn_the_same_every_time(tmp_path: Path) -> None:
    from shieldwall.cli.footprint import footprint

    for name in ("a.svg", "b.svg"):
        footprint(
            "one-battery", [], unit="", against="", direction_deg=None, threads=1, out=tmp_path / name, as_json=True
        )
    first, again = ((tmp_path / name).read_text() for name in ("a.svg", "b.svg"))
    assert first == again
    assert first.startswith("<svg")
    assert "lab-drone" in first
