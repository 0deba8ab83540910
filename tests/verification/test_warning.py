"""Warning times against closed forms: time in sight, waiting for looks, delays; what layers and integration change."""

from __future__ import annotations

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.study.warning import QUANTILES, warning_times
from shieldwall.study.warning_grid import warning_map

# one-battery: drones at 300 m and 50 m/s, a radar of 60 km that looks every 4 s.
IN_SIGHT_S = 60e3 / 50.0


def one(found, **wanted):
    (only,) = [w for w in found if all(getattr(w, key) == value for key, value in wanted.items())]
    return only


def test_sure_detection_waits_for_half_a_scan() -> None:
    found = warning_times(shieldwall.load("one-battery"), draws=4_000)
    track = one(found, integration="autonomous", layers="all").track
    assert track.mean_s == pytest.approx(IN_SIGHT_S - 2.0, abs=4.0 * 4.0 / np.sqrt(12 * 4_000) + 0.1)
    assert track.quantile_s[0] == pytest.approx(IN_SIGHT_S - 3.8, abs=0.2)
    assert track.none == 0.0


def test_m_detections_wait_for_a_negative_binomial_number_of_looks() -> None:
    settings = ["sensors.lab-radar.detection_probability=0.8", "sensors.lab-radar.hits_to_track=3"]
    found = warning_times(shieldwall.load("one-battery", overrides=settings), draws=4_000)
    track = one(found, integration="autonomous", layers="all").track
    looks, spread = 3 / 0.8, np.sqrt(3 * 0.2) / 0.8
    error = 4.0 * np.sqrt((spread**2 + 1 / 12) / 4_000)
    assert IN_SIGHT_S - track.mean_s == pytest.approx(4.0 * (looks - 0.5), abs=4.0 * error + 0.1)


def test_identification_takes_its_mean_and_a_drone_shows_its_aim_in_the_dive() -> None:
    scenario = shieldwall.load("one-battery", overrides=["command.identification=60 s", "command.delay=exponential"])
    own = one(warning_times(scenario, draws=4_000), integration="autonomous", layers="all")
    assert own.track.mean_s - own.identified.mean_s == pytest.approx(60.0, abs=4.0 * 60.0 / np.sqrt(4_000))
    assert own.impact_point.quantile_s == pytest.approx([10.0] * len(QUANTILES))  # 500 m at 50 m/s


def test_what_is_never_seen_gives_no_warning() -> None:
    scenario = shieldwall.load("one-battery", overrides=["threats.lab-drone.radar_cross_section=0 m2"])
    for warned in warning_times(scenario, draws=10):
        assert warned.track.none == warned.impact_point.none == 1.0
        assert warned.track.quantile_s == (0.0,) * len(QUANTILES)


def test_sharing_and_layers_add_what_their_sensors_see() -> None:
    early = "sensors=[{id: early, type: lab-radar, position: [50.6, 31.0], sector: east}]"
    ears = "sensors=[{id: early, type: acoustic-network, position: [50.6, 31.0], sector: east}]"
    for setting in (early, ears):  # a lone battery hears of neither
        alone = warning_times(shieldwall.load("one-battery", overrides=[setting]), draws=50)
        mean_s = one(alone, integration="autonomous", layers="all").track.mean_s
        assert mean_s == pytest.approx(IN_SIGHT_S - 2.0, abs=2.0)
    found = warning_times(shieldwall.load("one-battery", overrides=[early]), draws=50)
    shared = one(found, integration="alliance", layers="all").track.mean_s
    assert (
        shared > one(found, integration="sector", layers="all").track.mean_s + 600.0
    )  # the sector is town's, not east
    found = warning_times(shieldwall.load("one-battery", overrides=[ears]), draws=50)
    median = {w.layers: w.track.quantile_s[2] for w in found if w.integration == "alliance"}
    assert set(median) == {"all", "without acoustic", "without radar", "only acoustic", "only radar"}
    assert median["without acoustic"] == median["only radar"] == pytest.approx(IN_SIGHT_S - 2.0, abs=3.0)
    assert median["all"] >= max(median["only radar"], median["only acoustic"])


def test_the_same_seed_gives_the_same_times() -> None:
    scenario = shieldwall.load("one-battery")
    first, again, other = (warning_times(scenario, draws=20, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


def test_a_map_gives_the_warning_of_places_and_crosses_the_antimeridian() -> None:
    near = ["raids.drones.axis.distance=400 km"]
    there = [*near, "assets.town.position=[50.0, 179.9]", "fire_units.battery.position=[50.0, 179.9]"]
    plain, moved = (
        warning_map(shieldwall.load("one-battery", overrides=s), "lab-drone", points=5, draws=40) for s in (near, there)
    )
    assert moved.longitude_deg[0] > 0.0 > moved.longitude_deg[-1]
    assert plain.median_s == pytest.approx(moved.median_s, abs=2.5, nan_ok=True)
    assert plain.median_s[2, 2] == pytest.approx(IN_SIGHT_S - 2.0, abs=1.5)  # the town
    with pytest.raises(InputError, match="there is no threat type 'yars' in one-battery"):
        warning_map(shieldwall.load("one-battery"), "yars")
