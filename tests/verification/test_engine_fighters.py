"""Fighters: scramble, way, fuel, tanker, intercept, identification, kill, border, loss, turn-round, radar, base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Geod
from scipy import stats

from shieldwall import Results
from verification.lab import (
    FAIR,
    Fields,
    case,
    column,
    effector,
    figure,
    has_distribution,
    has_mean,
    has_share,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
    town,
)

FIGHTERS = "fighters"
COLLISION = "Shneydor 1998, Missile Guidance and Pursuit, ch. 4 (parallel navigation)"
CYCLIC = "Gordon & Newell 1967, Operations Research 15:254-265 (closed cyclic queues), constant times"
SPEED, TANK_KM, TANK_H = 200.0, 2_000.0, 2.0
KM = 1e3
NOWHERE = {"id": "nowhere", "polygon": [[-40.0, 10.0], [-41.0, 10.0], [-41.0, 11.0]]}


def aircraft(**changes: Any) -> Fields:
    """Return a type of aircraft: 200 m/s, 2,000 km or 2 h a tank, always available, no spread, no look, no loss."""
    given: dict[str, Any] = {"readiness": 300.0, "spread": 0.0, "turn": 1_000.0, "turn_spread": 0.0, "look": 0.0}
    given |= {"missiles": 4, "loss": 0.0, "available": 1.0, "loads": 0, "reserve": 0.0, "sensor": None} | changes
    entry = {
        "id": "jet",
        "name": "jet",
        "role": "fighter",
        "speed": figure(SPEED, "m/s"),
        "combat_radius": figure(TANK_KM / 2, "km"),
        "endurance": figure(TANK_H, "h"),
        "missiles": figure(given["missiles"], "count"),
        "readiness": figure(given["readiness"], "s"),
        "availability": figure(given["available"], "fraction"),
        "unit_cost": figure(1e8, "USD"),
        "hour_cost": figure(2e4, "USD"),
        "readiness_spread": figure(given["spread"], "s"),
        "turn_round": figure(given["turn"], "s"),
        "turn_spread": figure(given["turn_spread"], "s"),
        "identification": figure(given["look"], "s"),
        "gun_shots": figure(0, "count"),
        "loss_probability": figure(given["loss"], "fraction"),
        "reserve_loads": figure(given["loads"], "count") | {"low": 0.0},
        "fuel_reserve": figure(given["reserve"], "fraction"),
        "effectors": ["dart"],
    }
    return entry | ({"sensor": given["sensor"]} if given["sensor"] else {})


def sky(
    group: Fields, *, jet: Fields | None = None, drones: int = 1, kill: float = 1.0, most: int = 1, **changes: Any
) -> Fields:
    """Return a laboratory without batteries: drones of 50 m/s from 300 km in the east, always seen, and fighters."""
    catalogue = {
        "threats": [threat(speed=50.0)],
        "effectors": [effector("dart", kill, changes.pop("reach_km", 10.0), speed=1_000.0)],
        "sensors": [
            radar("wide", range_km=2_000.0, mast=29_000.0),
            radar("nose", range_km=100.0, mast=9_000.0) | {"kind": "airborne_radar"},
        ],
        "assets": [town()],
        "aircraft": [jet or aircraft()],
    }
    entry = {"id": "wing", "type": "jet", "count": 1, "base": place(0.0, 0.0), "scramble": 1}
    fields = scenario(
        [
            raid(
                drones,
                **{"axis": {"toward": "town", "bearing": "90 deg", "distance": "300 km"}} | changes.pop("raid", {}),
            )
        ],
        integration="alliance",
        doctrine=shots(1, most),
        fire_units=[],
        sensors=changes.pop("sensors", [{"id": "eye", "type": "wide", "position": place(0.0, 0.0)}]),
        fighters=[entry | group],
        areas=[NOWHERE, *changes.pop("areas", [])],
        **changes,
        catalogue=catalogue,
    )
    del fields["catalogue"]["fire_units"]
    return fields


def when(results: Results, kind: str) -> NDArray[np.float64]:
    """Return when an event of a kind happened first in each replication, NaN for never."""
    first = np.full(results.manifest.replications, np.nan)
    rows = results.query(
        f"select replication, min(time_s) as t from events where kind = '{kind}' group by 1"
    ).to_pylist()
    for row in rows:
        first[row["replication"]] = row["t"]
    return first


def counted(results: Results, name: str) -> NDArray[np.float64]:
    """Return a count of the only group, one a replication."""
    return np.asarray(column(results, name, "fighters"), float).ravel()


def patrol(distance_km: float, bearing_deg: float = 0.0, **times: Any) -> Fields:
    """Return a patrol at one point north of the town, which may shoot nowhere near."""
    point = place(bearing_deg, distance_km)
    return {"patrol": {"orbit": [point, point], "aircraft": 1, **times}, "border": "nowhere"}


@case(FIGHTERS, "order to take-off is uniform on readiness +- spread (Kolmogorov-Smirnov)")
def test_scramble_delay(tmp_path: Path) -> None:
    run = play(tmp_path, sky({"alert": "200 km"} | patrol(50.0), jet=aircraft(spread=120.0)), 2_000, events=True)
    delay_s = when(run, "taken_off") - when(run, "scrambled")
    assert stats.kstest(delay_s, stats.uniform(180.0, 240.0).cdf).pvalue > FAIR


@case(FIGHTERS, "a scramble begins when the threat comes within the alert distance of the orbit: (D - A) / u")
def test_alert_distance(tmp_path: Path) -> None:
    run = play(tmp_path, sky({"alert": "100 km"} | patrol(50.0, 90.0)), 2, events=True)
    assert when(run, "scrambled") == pytest.approx((300.0 - 150.0) * KM / 50.0, rel=1e-3)


@case(FIGHTERS, "take-off to station takes d / v")
@pytest.mark.parametrize("distance_km", [40.0, 250.0])
def test_way_to_the_orbit(tmp_path: Path, distance_km: float) -> None:
    run = play(tmp_path, sky({"alert": "290 km"} | patrol(distance_km)), 2, events=True)
    assert when(run, "on_station") - when(run, "taken_off") == pytest.approx(distance_km * KM / SPEED, rel=1e-3)


@case(FIGHTERS, "time on station E (1 - 2 d / L - r) of a tank of L metres or E seconds")
@pytest.mark.parametrize("distance_km", [50.0, 400.0])
def test_time_on_station(tmp_path: Path, distance_km: float) -> None:
    times = {"from": "+05:00", "to": "+30:00"}
    run = play(tmp_path, sky(patrol(distance_km, **times), jet=aircraft(reserve=0.1, turn=2e5)), 2)
    expected_h = TANK_H * (1.0 - 2.0 * distance_km / TANK_KM - 0.1)
    assert counted(run, "station_h") == pytest.approx(expected_h, rel=2e-3)


@case(FIGHTERS, "each refuelling adds E (1 - (d + k) / L - r) on station, k from the tanker")
def test_tanker(tmp_path: Path) -> None:
    tanker = {"id": "tank", "type": "lift", "position": place(0.0, 100.0), "from": "+00:00", "to": "+40:00"}
    group = patrol(200.0, **{"from": "+05:00", "to": "+35:00"}) | {"tanker": "tank"}
    fields = sky(group, jet=aircraft(turn=2e5), tankers=[tanker | {"refuellings": 3}])
    fields["catalogue"]["aircraft"].append(
        {**{k: v for k, v in aircraft().items() if k in ("speed", "combat_radius", "endurance", "readiness")}}
        | {"id": "lift", "name": "lift", "role": "tanker", "missiles": figure(0, "count")}
        | {"availability": figure(1.0, "fraction"), "unit_cost": figure(1, "USD"), "hour_cost": figure(1, "USD")}
        | {"refuel_time": figure(600, "s"), "refuellings": figure(3, "count")}
    )
    run = play(tmp_path, fields, 2, events=True)
    first_h, later_h = TANK_H * (1.0 - 400.0 / TANK_KM), TANK_H * (1.0 - 300.0 / TANK_KM)
    assert counted(run, "refuelled") == pytest.approx(3.0)
    assert counted(run, "station_h") == pytest.approx(first_h + 3.0 * later_h, rel=2e-3)
    away_s = when(run, "refuelled") - when(run, "on_station") - first_h * 3_600.0
    assert away_s == pytest.approx(2.0 * 100.0 * KM / SPEED + 600.0, rel=5e-3)


def fired_after_take_off(tmp_path: Path, base: list[float], reach_km: float) -> float:
    """Return how long an aircraft, ready at once and called at once, flies until it fires."""
    jet = aircraft(readiness=0.001)
    run = play(tmp_path, sky({"base": base}, jet=jet, reach_km=reach_km, raid={"launch": "+00:00"}), 1, events=True)
    return float((when(run, "fired") - when(run, "taken_off"))[0])


@case(FIGHTERS, "head-on: (D - R) / (v + u)", COLLISION)
def test_head_on(tmp_path: Path) -> None:
    took_s = fired_after_take_off(tmp_path, place(0.0, 0.0), 10.0)
    assert took_s == pytest.approx(290.0 * KM / (SPEED + 50.0), rel=1e-3)


@case(FIGHTERS, "tail chase: (D - R) / (v - u)", COLLISION)
def test_tail_chase(tmp_path: Path) -> None:
    took_s = fired_after_take_off(tmp_path, place(90.0, 420.0), 10.0)
    assert took_s == pytest.approx(110.0 * KM / (SPEED - 50.0), rel=3e-3)


@case(FIGHTERS, "collision course: |P0 + u t - F| = R + v t, the root of a quadratic", COLLISION)
@pytest.mark.parametrize(("bearing_deg", "distance_km"), [(0.0, 200.0), (60.0, 300.0), (150.0, 120.0)])
def test_collision_course(tmp_path: Path, bearing_deg: float, distance_km: float) -> None:
    base = place(bearing_deg, distance_km)
    took_s = fired_after_take_off(tmp_path, base, 20.0)
    geod, start = Geod(ellps="WGS84"), place(90.0, 300.0)
    to_town, _, _ = geod.inv(start[1], start[0], 30.0, 50.0)
    to_base, _, gap_m = geod.inv(start[1], start[0], base[1], base[0])
    closing = 50.0 * np.cos(np.radians(to_base - to_town))
    # the law of cosines in the plane that touches the Earth at the threat
    a, b, c = SPEED**2 - 50.0**2, 2.0 * (20.0 * KM * SPEED + gap_m * closing), (20.0 * KM) ** 2 - gap_m**2
    expected_s = (-b + np.sqrt(b * b - 4.0 * a * c)) / (2.0 * a)
    assert took_s == pytest.approx(expected_s, rel=4e-3)


@case(FIGHTERS, "identification is exponential with its mean")
def test_identification(tmp_path: Path) -> None:
    command = {"identification": "0 s", "command": "0.001 s", "delay": "exponential"}
    fields = sky({}, jet=aircraft(look=60.0, readiness=0.001), command=command)
    run = play(tmp_path, fields, 2_000, events=True)
    met_s = 300.0 * KM / (SPEED + 50.0)
    look_s = when(run, "fired") - when(run, "taken_off") - met_s
    has_mean(look_s, 60.0, error=2.0)
    assert abs(look_s.std() / 60.0 - 1.0) < 0.1


@case(FIGHTERS, "n missiles, one after another: killed with 1 - (1 - p)^n, shots geometric cut at n")
@pytest.mark.parametrize("missiles", [1, 3])
def test_kill_probability(tmp_path: Path, missiles: int) -> None:
    run = play(tmp_path, sky({}, jet=aircraft(missiles=missiles), kill=0.4, most=9), 4_000)
    has_share(column(run, "fate") == "shot_down", 1.0 - 0.6**missiles, error=0.01)
    cut = [0.4 * 0.6**k for k in range(missiles - 1)] + [0.6 ** (missiles - 1)]
    has_distribution(column(run, "fired", "weapons"), [0.0, *cut])


@case(FIGHTERS, "aircraft available are binomial; each has its own threat: kills = min(n, available)")
def test_availability(tmp_path: Path) -> None:
    run = play(tmp_path, sky({"count": 5}, jet=aircraft(available=0.7, missiles=1), drones=5), 3_000)
    has_distribution(counted(run, "unavailable"), stats.binom(5, 0.3).pmf(np.arange(6)))
    assert np.array_equal(counted(run, "kills"), 5.0 - counted(run, "unavailable"))


@case(FIGHTERS, "an attack costs the aircraft with its probability; what is aboard is lost with it")
def test_loss(tmp_path: Path) -> None:
    run = play(tmp_path, sky({}, jet=aircraft(loss=0.25)), 3_000)
    lost = counted(run, "lost_in_flight")
    has_share(lost == 1.0, 0.25, error=0.01)
    assert np.array_equal(column(run, "lost", "weapons").ravel(), 3.0 * lost)


@case(FIGHTERS, "inside its border alone: the first shot falls when the path crosses it, D / u")
def test_border(tmp_path: Path) -> None:
    west, east, half = place(270.0, 60.0)[1], place(90.0, 120.0)[1], 2.0
    corners = [[50.0 - half, west], [50.0 + half, west], [50.0 + half, east], [50.0 - half, east]]
    group = {"alert": "250 km"} | patrol(110.0, 90.0) | {"border": "home"}
    run = play(tmp_path, sky(group, reach_km=40.0, areas=[{"id": "home", "polygon": corners}]), 2, events=True)
    assert when(run, "fired") == pytest.approx(180.0 * KM / 50.0, rel=2e-3)
    outside = sky(group | {"border": "nowhere"})
    (tmp_path / "outside").mkdir()
    idle = play(tmp_path / "outside", outside, 2, events=True)
    assert np.isnan(when(idle, "fired")).all()
    assert (counted(idle, "sorties") > 0).all()


@case(FIGHTERS, "cyclic queue of n aircraft and c crews: sorties a second min(n / (flight + turn), c / turn)", CYCLIC)
@pytest.mark.parametrize(("count", "crews"), [(1, 1), (2, 2), (6, 1)])
def test_sortie_generation(tmp_path: Path, count: int, crews: int) -> None:
    spell_h, turn_s = 600.0, 9_000.0
    group = patrol(100.0, **{"from": "+01:00", "to": f"+{int(spell_h)}:00"}) | {"count": count, "crews": crews}
    group["patrol"]["aircraft"] = count
    run = play(tmp_path, sky(group, jet=aircraft(turn=turn_s, missiles=1, loads=0)), 1)
    flight_s = 2.0 * 100.0 * KM / SPEED + TANK_H * 3_600.0 * (1.0 - 200.0 / TANK_KM)
    rate = min(count / (flight_s + turn_s), crews / turn_s)
    assert counted(run, "sorties")[0] == pytest.approx(rate * (spell_h - 1.0) * 3_600.0, rel=0.02)


@case(FIGHTERS, "one aircraft covers its station for the share (station time) / (cycle); enough aircraft, all the time")
@pytest.mark.parametrize("count", [1, 3])
def test_patrol_coverage(tmp_path: Path, count: int) -> None:
    group = patrol(150.0, **{"from": "+01:00", "to": "+301:00"}) | {"count": count}
    run = play(tmp_path, sky(group, jet=aircraft(turn=3_600.0)), 1)
    station_s, way_s = TANK_H * 3_600.0 * (1.0 - 300.0 / TANK_KM), 150.0 * KM / SPEED
    share = station_s / (station_s + 2.0 * way_s + 3_600.0) if count == 1 else 1.0
    assert counted(run, "station_h")[0] == pytest.approx(share * 300.0, rel=0.02)


@case(FIGHTERS, "a hit on its base takes each aircraft on the ground with the share of the base that it takes")
def test_base(tmp_path: Path) -> None:
    group = {"count": 4, "base": "town", "hold": True}
    run = play(tmp_path, sky(group), 2_000)
    share = 1.0 - 2.0 ** (-100.0 / 100.0)  # 100 kg on a town of 100 kg
    has_distribution(counted(run, "lost_on_ground"), stats.binom(4, share).pmf(np.arange(5)))


@case(FIGHTERS, "the radar of an aircraft on station tracks at its range: (D - R) / u, to a scan")
def test_radar_on_station(tmp_path: Path) -> None:
    group = {"alert": "290 km"} | patrol(0.001, **{"from": "+00:10", "to": "+08:00"})
    run = play(tmp_path, sky(group, jet=aircraft(sensor="nose"), sensors=[], kill=0.0), 50, events=True)
    tracked_s = when(run, "tracked")
    expected_s = (300.0 - np.sqrt(100.0**2 - 8.0**2)) * KM / 50.0
    assert np.all(np.abs(tracked_s - expected_s) < 0.01 * expected_s)
