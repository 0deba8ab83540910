"""Look by look: m of n, chance by range, tracks lost and made again, orbits, absences, sectors, weather."""

from __future__ import annotations

from itertools import product
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import ecef_m, ground_distance_m, inverse
from shieldwall.core.orbit import Racetrack, on_racetrack, transit, transit_s
from shieldwall.core.position import Position
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.study.warning import warning_times
from shieldwall.surveillance.conditions import Conditions
from shieldwall.surveillance.horizon import radar_horizon_m
from shieldwall.surveillance.sensor import SensorType
from shieldwall.surveillance.weather import height_max_in_weather_m, range_in_weather_m
from verification.lab import (
    Fields,
    column,
    figure,
    has_mean,
    has_share,
    moments,
    place,
    play,
    radar,
    raid,
    scenario,
    threat,
    write,
)

FAR_M, SPEED_M_S = 100e3, 100.0


def watched(count: int = 8, asked: Fields | None = None, **changes: float) -> Fields:
    """Return drones that come straight at a radar which looks one look after the other."""
    fields = scenario([raid(count)], catalogue={"sensors": [radar(**changes)]})
    return fields | {"surveillance": asked or {"quality": True}}


def in_sight_s(folder: Path, **changes: float) -> float:
    ordered = in_order(shieldwall.load(write(folder, watched(1, **changes))))
    return float(compute_geometry(ordered).looks.enter_s[0])


@pytest.mark.parametrize(("hits", "chance"), [(1, 0.5), (3, 0.6), (5, 0.7)])
def test_the_plain_law_is_the_special_case(tmp_path: Path, hits: int, chance: float) -> None:
    """Any number of looks, one chance, tracks that last: entry + scan (1/2 + h/p - 1), as without `surveillance`."""
    entry_s = in_sight_s(tmp_path)
    track_s = column(play(tmp_path, watched(scan=4.0, detection=chance, hits=hits), 1_500), "first_track_s")
    has_mean(track_s - entry_s, 4.0 * (0.5 + hits / chance - 1.0), error=0.08)


def looks_until(hits: int, window: int, chance: float, most: int) -> np.ndarray:
    """Return P(the first `hits` detections within `window` looks end at look n), n = 1.., by the chain of looks."""
    state = {(0,) * (window - 1): 1.0}
    found = []
    for _ in range(most):
        after: dict[tuple[int, ...], float] = {}
        done = 0.0
        for (last, p), seen in product(state.items(), (0, 1)):
            p_next = p * (chance if seen else 1.0 - chance)
            if seen and sum(last) + 1 >= hits:
                done += p_next
            else:
                key = (*last[1:], seen) if last else last
                after[key] = after.get(key, 0.0) + p_next
        state = after
        found.append(done)
    return np.array(found)


@pytest.mark.parametrize(("hits", "window", "chance"), [(2, 2, 0.5), (3, 5, 0.4), (3, 4, 0.6)])
def test_m_of_n(tmp_path: Path, hits: int, window: int, chance: float) -> None:
    entry_s = in_sight_s(tmp_path)
    fields = watched(scan=4.0, detection=chance, hits=hits, asked={"window": window})
    track_s = column(play(tmp_path, fields, 1_500), "first_track_s")
    law = looks_until(hits, window, chance, 400)
    mean = float(law @ np.arange(1, 401)) + 400.0 * (1.0 - law.sum())
    has_mean((track_s - entry_s) / 4.0, mean - 0.5, error=0.15)


def test_chance_follows_the_radar_equation(tmp_path: Path) -> None:
    """One detection makes a track: P(none until r) is the product over looks of 1 - Pd(r), of Swerling's first kind."""
    alarm, given, published_m = 1e-6, 0.7, 30e3
    fields = watched(scan=10.0, detection=given, hits=1, range_km=published_m / 1e3, mast=1_000.0)
    fields["surveillance"] = {"detection": "by_range", "false_alarm": alarm}
    track_s = column(play(tmp_path, fields, 1_500), "first_track_s").ravel()
    at_reference = log(alarm) / log(given) - 1.0
    phase = (np.arange(200) + 0.5) / 200.0
    start_m = published_m * (at_reference / (log(alarm) / log(0.02) - 1.0)) ** 0.25
    entry_s = (FAR_M - start_m) / SPEED_M_S
    k = np.arange(90)
    range_m = FAR_M - SPEED_M_S * (entry_s + 10.0 * (phase[:, None] + k))
    chance = np.exp(log(alarm) / (1.0 + at_reference * (published_m / np.maximum(range_m, 1.0)) ** 4))
    none = np.cumprod(1.0 - chance, axis=1)
    missed = np.concatenate((np.ones((200, 1)), none[:, :-1]), axis=1)
    mean_s = float(np.mean(np.sum(missed * chance * (entry_s + 10.0 * (phase[:, None] + k)), axis=1)))
    assert abs(track_s.mean() - mean_s) < 4.0 * track_s.std() / sqrt(track_s.size) + 1.0  # bins of two scans
    assert track_s.mean() < (FAR_M - published_m) / SPEED_M_S  # seen before the published range, on average


def test_a_track_is_lost_and_made_again(tmp_path: Path) -> None:
    """A radar that never misses is off for five minutes: lost after the coasting scans, made again after the span."""
    fields = watched(2, scan=4.0, detection=1.0, hits=2, asked={"coast": 3})
    fields["sensors"] = [{"id": "eye", "type": "eye", "position": place(90, 0.0)}]
    fields["sensors"][0]["off"] = [{"from": "+00:12", "until": "+00:14"}]
    fields["fire_units"][0]["position"] = place(90, 0.0)
    fields["catalogue"]["sensors"] += [radar("dim", range_km=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    results = play(tmp_path, fields | {"integration": "alliance"}, 40, events=True)
    lost, made = moments(results, "track_lost"), moments(results, "tracked")
    assert lost.size
    assert np.all((lost >= 720.0 - 4.0 + 3.5 * 4.0) & (lost <= 720.0 + 3.5 * 4.0))
    again = made[made > 800.0]
    assert np.all((again >= 840.0 + 4.0) & (again <= 840.0 + 8.0))


def test_failures_take_their_share_of_the_time(tmp_path: Path) -> None:
    """Out for repair / (between + repair) of the time, all threats of a raid alike: seen at once with what is left."""
    fields = watched(1, scan=1.0, detection=1.0, hits=1, range_km=9.0)
    fields["sensors"] = [{"id": "eye", "type": "eye", "position": place(90, 0.0)}]
    fields["sensors"][0]["failures"] = {"between": "3 h", "repair": "1 h"}
    fields["catalogue"]["sensors"] += [radar("dim", range_km=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    results = play(tmp_path, fields | {"integration": "alliance"}, 4_000)
    entry_s = (FAR_M - 9e3) / SPEED_M_S
    track_s = column(results, "first_track_s").ravel()
    soon = np.nan_to_num(track_s, nan=1e9) < entry_s + 6.0
    # a failure may end within these seconds: adds about 0.25 x 6 s / 1 h
    has_share(soon, 0.75, error=0.008)


def test_what_only_warns_cues_no_fire_unit(tmp_path: Path) -> None:
    fields = watched(4, scan=4.0, detection=1.0, hits=1, asked={"quality": True})
    fields["sensors"] = [{"id": "ears", "type": "ears", "position": place(90, 60.0)}]
    ears = radar("ears", range_km=30.0, scan=4.0, detection=1.0, hits=1) | {"quality": "warn"}
    fields["catalogue"]["sensors"] += [ears]
    fields |= {"integration": "alliance"}
    for name in ("warn", "eye", "cue"):
        (tmp_path / name).mkdir()
    heard = play(tmp_path / "warn", fields, 30)
    first, order = column(heard, "first_track_s"), column(heard, "engageable_s")
    eye_s = in_sight_s(tmp_path / "eye")
    assert np.all(first < eye_s - 90.0)
    assert np.all((order >= eye_s) & (order < eye_s + 60.0))
    fields["surveillance"] = {"quality": False, "window": 8}
    cued = column(play(tmp_path / "cue", fields, 30), "engageable_s")
    assert np.all(cued < eye_s)


def test_plots_of_two_radars_make_a_track_together(tmp_path: Path) -> None:
    """Two radars that never miss, three detections: 3 of one take 2.5 scans at a mean; of both together, fewer."""
    fields = watched(8, scan=10.0, detection=1.0, hits=3, asked={"fusion": "plots"})
    fields["sensors"] = [{"id": n, "type": "eye", "position": place(90, 0.0)} for n in ("left", "right")]
    fields["catalogue"]["sensors"] += [radar("dim", range_km=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    fields |= {"integration": "alliance"}
    entry_s = in_sight_s(tmp_path)
    track_s = (column(play(tmp_path, fields, 500), "first_track_s") - entry_s) / 10.0
    # the third of the looks at u, v, 1 + u, 1 + v is 1 + min(u, v): mean 4/3
    has_mean(track_s, 4.0 / 3.0, error=0.005)


RACE = Racetrack(Position(50.0, 30.0, 0.0), 30.0, 80e3, 15e3, 200.0)


def test_a_racetrack_closes_keeps_its_pace_and_its_distance() -> None:
    phase = np.linspace(0.0, 1.0, 721)
    there = on_racetrack(RACE, phase)
    steps = ground_distance_m(
        there.latitude_deg[:-1], there.longitude_deg[:-1], there.latitude_deg[1:], there.longitude_deg[1:]
    )
    np.testing.assert_allclose(steps, RACE.length_m / 720, rtol=2e-3)
    assert (
        ground_distance_m(
            there.latitude_deg[0], there.longitude_deg[0], there.latitude_deg[-1], there.longitude_deg[-1]
        )
        < 1.0
    )
    away = ground_distance_m(50.0, 30.0, there.latitude_deg, there.longitude_deg)
    assert away.min() == pytest.approx(15e3, rel=2e-3)
    assert away.max() == pytest.approx(40e3 + 15e3, rel=2e-3)
    # it heads where it goes, and turns to the right
    way = inverse(there.latitude_deg[:-1], there.longitude_deg[:-1], there.latitude_deg[1:], there.longitude_deg[1:])
    off = (way.start_azimuth_deg - there.azimuth_deg[:-1] + 180.0) % 360.0 - 180.0
    assert np.abs(off).max() < 1.5
    assert np.all(np.diff(there.azimuth_deg[:-1]) > -1e-9)
    assert there.azimuth_deg[-2] - there.azimuth_deg[0] == pytest.approx(360.0, abs=1.5)


def test_transit() -> None:
    base, station = Position(52.0, 13.0), Position(54.0, 22.0)
    places = transit(base, station, points=5)
    legs = ground_distance_m(
        places.latitude_deg[:-1], places.longitude_deg[:-1], places.latitude_deg[1:], places.longitude_deg[1:]
    )
    np.testing.assert_allclose(legs, legs.mean(), rtol=1e-9)
    assert transit_s(base, station, 200.0) == pytest.approx(legs.sum() / 200.0)


def on_orbit(folder: Path, phase: float | None = None) -> Fields:
    fields = watched(1, range_km=60.0, mast=3_000.0, hits=1, detection=1.0, scan=1.0)
    flying = radar("flying", range_km=60.0, mast=3_000.0, hits=1, detection=1.0, scan=1.0) | {"kind": "airborne_radar"}
    orbit = {"leg": "80 km", "bearing": "0 deg", "speed": "200 m/s", "turn_radius": "10 km"}
    fields["sensors"] = [{"id": "awacs", "type": "flying", "position": place(90, 30.0)}]
    fields["sensors"][0]["orbit"] = orbit | ({} if phase is None else {"phase": phase})
    fields["catalogue"]["sensors"] += [flying, radar("dim", range_km=1.0)]
    fields["catalogue"]["fire_units"][0]["radar"] = "dim"
    return fields | {"integration": "alliance"}


def seen_on_orbit_s(folder: Path, phase: float) -> float:
    """Return when the threat is first in sight of the orbiting radar, by distances every second."""
    ordered = in_order(shieldwall.load(write(folder, on_orbit(folder, phase))))
    (sensor,) = [q for q in ordered.sensors if q.orbit]
    paths = compute_geometry(ordered).paths
    time_s = np.arange(0.0, paths.duration_s[0], 1.0)
    at = time_s / paths.step_s[0]
    xyz, height = (
        np.stack([np.interp(at, np.arange(paths.ptr[1]), c) for c in columns.T], axis=-1)
        for columns in (paths.xyz_m, paths.height_m[:, None])
    )
    track = sensor.orbit
    there = on_racetrack(track, phase + time_s / track.period_s)
    eye = ecef_m(there.latitude_deg, there.longitude_deg, 3_000.0)
    ground = ground_distance_m(
        there.latitude_deg, there.longitude_deg, np.interp(at, np.arange(paths.ptr[1]), paths.latitude_deg),
        np.interp(at, np.arange(paths.ptr[1]), paths.longitude_deg),
    )  # fmt: skip
    # the lab's cross-section is that of reference, so the published range holds
    seen = (np.linalg.norm(xyz - eye, axis=1) < 60e3) & (ground < radar_horizon_m(3_000.0, height[:, 0]))
    return float(time_s[np.argmax(seen)])


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5, 0.8])
def test_sight_from_an_orbit_against_distances_second_by_second(tmp_path: Path, phase: float) -> None:
    """The nearest of the phase variants: first sight within what the aircraft flies in half of their distance."""
    expected_s = seen_on_orbit_s(tmp_path, phase)
    track_s = float(column(play(tmp_path, on_orbit(tmp_path, phase), 1), "first_track_s")[0, 0])
    # 5 km of the aircraft against a closing speed of 100 m/s at least; exact where a variant is met
    assert abs(track_s - expected_s) < 50.0


def test_the_phase_of_an_orbit_is_drawn(tmp_path: Path) -> None:
    """Over many raids first sight is spread as over evenly spread phases."""
    track_s = column(play(tmp_path, on_orbit(tmp_path), 600), "first_track_s").ravel()
    expected_s = np.array([seen_on_orbit_s(tmp_path, phase) for phase in (np.arange(40) + 0.5) / 40])
    assert track_s.mean() == pytest.approx(expected_s.mean(), abs=4.0 * expected_s.std() / sqrt(600) + 3.0)
    assert track_s.std() == pytest.approx(expected_s.std(), rel=0.1)


def test_a_sector_and_elevations_limit_sight(tmp_path: Path) -> None:
    """A drone that comes from the east passes overhead: out of a western sector until then, above 30 degrees near."""
    fields = watched(1, range_km=60.0, scan=1.0, hits=1, detection=1.0)
    fields["catalogue"]["threats"] = [threat(height=3_000.0)]
    fields["raids"][0]["aim"] = ["beyond"]
    fields["assets"] += [{"id": "beyond", "kind": "lab-town", "position": place(270, 50.0)}]
    fields["catalogue"]["sensors"][0] |= {"sector": figure(120.0, "deg"), "elevation_max": figure(30.0, "deg")}

    def stays(**changes: object) -> np.ndarray:
        case = fields | {"surveillance": changes.pop("asked", {"window": 0})}
        case["fire_units"] = [{"id": "unit", "type": "battery", "position": place(90, 0.0)} | changes]
        sight = compute_geometry(in_order(shieldwall.load(write(tmp_path, case)))).sight
        return np.stack([sight.enter_s, sight.leave_s], axis=1)

    whole = stays()
    assert whole.shape == (1, 2)
    over_s = FAR_M / SPEED_M_S
    east, west = stays(facing="90 deg"), stays(facing="270 deg")
    assert east[0] == pytest.approx([whole[0, 0], over_s], abs=1.0)
    assert west[0] == pytest.approx([over_s, whole[0, 1]], abs=1.0)
    limited = stays(asked={"limits": True})
    cone_s = (3_000.0 - 12.0) / np.tan(np.radians(30.0)) / SPEED_M_S
    assert limited.shape == (2, 2)
    assert [limited[0, 1], limited[1, 0]] == pytest.approx([over_s - cone_s, over_s + cone_s], abs=2.0)


def sensor(**changes: object) -> SensorType:
    basis: dict[str, object] = {
        "id": "x", "name": "x", "kind": "radar", "range_m": 1e5, "reference_cross_section_m2": 1.0,
        "range_by_class_m": {}, "antenna_height_m": 10.0, "height_max_m": 2e4, "scan_s": 5.0,
        "detection_probability": 0.8, "hits_to_track": 3, "unit_cost_usd": 0.0,
    }  # fmt: skip
    return SensorType(**{**basis, **changes})


def test_rain_and_air_weaken_radars_whose_frequency_is_known() -> None:
    """R^4 10^(0.2 gamma R) = R0^4 with P.838's printed 0.0002395 km^-1.. at 10 GHz: k 0.01217, alpha 1.2571."""
    rain = Conditions(rain_m_s=10.0 / 3.6e6)
    found = range_in_weather_m(sensor(frequency_hz=10e9), 1e5, rain)
    gamma = 0.01217 * 10.0**1.2571
    assert (found / 1e5) ** 4 * 10.0 ** (0.2 * gamma * found / 1e3) == pytest.approx(1.0, rel=5e-3)
    assert range_in_weather_m(sensor(), 1e5, rain) == 1e5
    assert range_in_weather_m(sensor(frequency_hz=160e6), 1e5, rain) == 1e5
    patch = range_in_weather_m(sensor(frequency_hz=10e9), 1e5, Conditions(rain_m_s=10.0 / 3.6e6, rain_extent_m=10e3))
    assert patch == pytest.approx(1e5 * 10.0 ** (-0.05 * gamma * 10.0), rel=5e-3)
    air = range_in_weather_m(sensor(frequency_hz=10e9), 1e5, Conditions(air=True))
    assert 0.8e5 < air < 1e5
    assert range_in_weather_m(sensor(frequency_hz=10e9), 1e5, Conditions()) == 1e5


def test_haze_and_clouds_limit_optical_sensors() -> None:
    eye = sensor(kind="optical", clear_visibility_m=20e3)
    found = range_in_weather_m(eye, 10e3, Conditions(visibility_m=5e3))
    clear, hazy = 2.9957 / 20e3, 2.9957 / 5e3
    assert exp(-hazy * found) / found**2 == pytest.approx(exp(-clear * 10e3) / 10e3**2, rel=1e-3)
    assert range_in_weather_m(eye, 10e3, Conditions(visibility_m=20e3)) == pytest.approx(10e3)
    assert height_max_in_weather_m(eye, Conditions(cloud_base_m=800.0)) == 800.0
    assert height_max_in_weather_m(sensor(), Conditions(cloud_base_m=800.0)) == 2e4


@pytest.mark.parametrize(
    ("sensor_entry", "what"),
    [
        ("orbit: {leg: 80 km}", "a 'p-18-class' does not fly"),
        ("off: [{from: '02:00', until: '01:00'}]", "ends before it begins"),
        ("failures: {between: 0 h, repair: 1 h}", "below 1"),
    ],
)
def test_mistakes_in_sensors_are_told(tmp_path: Path, sensor_entry: str, what: str) -> None:
    (tmp_path / "scenario.yaml").write_text(
        "shieldwall: 1\nname: x\ntime_zone: UTC\nstart: 2026-01-01 00:00\n"
        "assets: [{id: a, kind: city, position: [1, 1]}]\n"
        f"sensors:\n  - {{id: s, type: p-18-class, position: [1, 1], {sensor_entry}}}\n"
        "raids: [{id: r, type: shahed-136, count: 1, from: [[2, 2]], aim: [a], launch: '+00:10'}]\n"
    )
    with pytest.raises(InputError, match=what) as caught:
        shieldwall.load(tmp_path)
    assert "scenario.yaml:7:" in str(caught.value)


def test_a_scan_too_short_to_be_played_look_by_look_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give its type a longer scan"):
        play(tmp_path, watched(1, scan=1e-3), 1)


def test_warning_of_a_radar_on_an_orbit(tmp_path: Path) -> None:
    """Means over draws of the phase against distances second by second over evenly spread phases."""
    fields = on_orbit(tmp_path)
    found = warning_times(shieldwall.load(write(tmp_path, fields)), draws=800)
    (own,) = [w for w in found if (w.integration, w.layers) == ("alliance", "all")]
    expected_s = np.array([seen_on_orbit_s(tmp_path, phase) for phase in (np.arange(40) + 0.5) / 40])
    assert own.flight_s - own.track.mean_s == pytest.approx(expected_s.mean(), abs=4.0 * expected_s.std() / 28.0 + 3.0)
