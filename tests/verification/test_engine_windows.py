"""Engagement windows: first and last order, time of flight, against straight-line kinematics solved on paper."""

from __future__ import annotations

from math import asin, sqrt
from pathlib import Path

import numpy as np
import pytest

from verification.lab import (
    Fields,
    case,
    column,
    effector,
    leaked,
    moments,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
)

WINDOWS = "engagement windows"
KINEMATICS = "straight courses at constant speed: a quadratic equation"
EARTH_M = 6_371_000.0


def meeting(ahead_m: float, aside_m: float, up_m: float, speed: float, round_speed: float) -> float:
    """Return after how long a round fired now meets a target `ahead_m` before its nearest point: |x(t)| = u t."""
    a, b = round_speed**2 - speed**2, ahead_m * speed
    c = -(ahead_m**2 + aside_m**2 + up_m**2)
    return (-b + sqrt(b * b - a * c)) / a


def ground(slant_m: float, up_m: float) -> float:
    """Return the way along the ground to a point at a height and a slant distance: the law of cosines on a sphere."""
    return 2 * EARTH_M * asin(sqrt((slant_m**2 - up_m**2) / (4 * EARTH_M * (EARTH_M + up_m))))


def single(**changes: object) -> Fields:
    """Return one threat at 2 km before one unit with sure rounds and a radar that looks all the time."""
    catalogue = {
        "threats": [threat(height=2_000.0)],
        "effectors": [effector(kill=1.0)],
        "sensors": [radar(scan=1e-6)],
    } | changes.pop("catalogue", {})  # type: ignore[arg-type]
    return scenario([raid(1)], catalogue=catalogue, **changes)


def times(folder: Path, fields: Fields) -> tuple[float, float]:
    """Return when the round was ordered and when it met its target."""
    results = play(folder, fields, 1, events=True)
    return float(moments(results, "fired")[0, 0]), float(moments(results, "shot_down")[0, 0])


@case(WINDOWS, "first order: meets at the range R, so R/u and the reaction before the target is there", KINEMATICS)
@pytest.mark.parametrize(
    ("reach_km", "round_speed", "reaction_s"), [(30.0, 1_000.0, 0.0), (45.0, 600.0, 8.0), (12.0, 300.0, 3.0)]
)
def test_first_order(tmp_path: Path, reach_km: float, round_speed: float, reaction_s: float) -> None:
    rounds = effector(kill=1.0, reach_km=reach_km, speed=round_speed, reaction=reaction_s)
    order_s, met_s = times(tmp_path, single(catalogue={"effectors": [rounds]}))
    reach_m = reach_km * 1e3
    at_reach_s = (100_000.0 - ground(reach_m, 2_000.0)) / 100.0
    assert met_s == pytest.approx(at_reach_s, abs=0.02)
    assert order_s == pytest.approx(at_reach_s - reach_m / round_speed - reaction_s, abs=0.02)


@case(WINDOWS, "time of flight from an order in the window: the root of |x(t)| = u t", KINEMATICS)
@pytest.mark.parametrize(("delay_s", "round_speed"), [(250.0, 1_000.0), (400.0, 500.0), (550.0, 2_000.0)])
def test_time_of_flight(tmp_path: Path, delay_s: float, round_speed: float) -> None:
    fields = single(catalogue={"effectors": [effector(kill=1.0, reach_km=75.0, speed=round_speed)]})
    fields["command"] = {"identification": "0 s", "command": f"{delay_s} s", "delay": "constant"}
    order_s, met_s = times(tmp_path, fields)
    ahead_m = 100_000.0 - 100.0 * order_s
    up_m = 2_000.0 - ahead_m**2 / (2 * EARTH_M)
    assert met_s - order_s == pytest.approx(meeting(ahead_m, 0.0, up_m, 100.0, round_speed), abs=0.05)


@case(WINDOWS, "time of flight to a target that passes aside, coming and going", KINEMATICS)
@pytest.mark.parametrize("delay_s", [60.0, 200.0, 320.0])
def test_time_of_flight_to_a_crossing_target(tmp_path: Path, delay_s: float) -> None:
    """The unit stands 10 km beside the course, half-way, and sees 30 km. Delays are linear between 9 orders: 3 %."""
    aside = 90 + np.degrees(np.arctan2(10.0, 50.0))
    fields = single(
        fire_units=[{"id": "unit", "type": "battery", "position": place(aside, sqrt(50.0**2 + 10.0**2))}],
        catalogue={"sensors": [radar(scan=1e-6, range_km=30.0)], "effectors": [effector(kill=1.0, speed=800.0)]},
    )
    fields["command"] = {"identification": "0 s", "command": f"{delay_s} s", "delay": "constant"}
    order_s, met_s = times(tmp_path, fields)
    ahead_m = 50_000.0 - 100.0 * order_s
    assert met_s - order_s == pytest.approx(meeting(ahead_m, 10_000.0, 2_000.0, 100.0, 800.0), rel=0.03)


@case(WINDOWS, "last order: meets at the least range, by hand")
@pytest.mark.parametrize(("early_s", "fires"), [(0.5, True), (-0.5, False)])
def test_last_order(tmp_path: Path, early_s: float, fires: bool) -> None:
    """Least range 10 km: met 100 s less 2 % before the end, ordered 10 s before that; sight begins at 80 km."""
    sight_s = (100_000 - sqrt(80_000**2 - 1_500**2)) / 100
    last_s = (100_000 - sqrt(10_000**2 - 2_000**2)) / 100 - 10.0
    fields = single(catalogue={"effectors": [effector(kill=1.0, range_min=10_000.0)]})
    fields["command"] = {"identification": "0 s", "command": f"{last_s - sight_s - early_s} s", "delay": "constant"}
    assert (not leaked(play(tmp_path, fields, 1)).any()) is fires


@case(WINDOWS, "heights: a target above or below the round's heights is out of reach until its last leg, by hand")
@pytest.mark.parametrize(
    ("least_m", "most_m", "reached"), [(0.0, 1_900.0, False), (2_100.0, 9_000.0, False), (1_900.0, 2_100.0, True)]
)
def test_heights(tmp_path: Path, least_m: float, most_m: float, reached: bool) -> None:
    rounds = effector(kill=1.0, height_min=least_m, height_max=most_m, range_min=5_000.0)
    results = play(tmp_path, single(catalogue={"effectors": [rounds]}), 1)
    assert leaked(results).any() == (not reached)
    if not reached:
        assert column(results, "cause")[0, 0] == "no_shooter_in_reach"


@case(WINDOWS, "a target that outruns the round is met only while it comes: no order after it has passed, by hand")
def test_a_target_that_runs_away(tmp_path: Path) -> None:
    """Passing at 600 m/s beside a unit with rounds of 400 m/s, ordered 10 s after the nearest point: no meeting."""
    fields = single(
        fire_units=[{"id": "unit", "type": "battery", "position": place(90, 50.0)}],
        catalogue={"threats": [threat(height=2_000.0, speed=600.0)], "effectors": [effector(kill=1.0, speed=400.0)]},
    )
    sight_s = (100_000 - 50_000 - sqrt(80_000**2)) / 600  # it is in sight from the launch on
    assert sight_s < 0
    fields["command"] = {"identification": "0 s", "command": f"{50_000 / 600 + 10} s", "delay": "constant"}
    assert leaked(play(tmp_path, fields, 1)).all()
    fields["command"]["command"] = "20 s"
    assert not leaked(play(tmp_path, fields, 1)).any()


@case(WINDOWS, "shots in a window by hand: with look a and flight t(order) each, the recursion order -> meeting + a")
def test_recursion_of_orders(tmp_path: Path) -> None:
    fields = single(
        doctrine=shots(1, 30, 12.0),
        catalogue={"effectors": [effector(kill=0.001, speed=500.0, range_min=4_000.0)]},
    )
    results = play(tmp_path, fields, 1, events=True)
    orders = [
        r["time_s"] for r in results.query("select time_s from events where kind = 'fired' order by 1").to_pylist()
    ]
    up_m = 2_000.0
    at_reach_s = (100_000.0 - sqrt(30_000.0**2 - (up_m - 70.6) ** 2)) / 100.0
    expected, order_s = [], at_reach_s - 60.0
    while True:
        flight_s = meeting(100_000.0 - 100.0 * order_s, 0.0, up_m, 100.0, 500.0)
        if order_s + flight_s > (100_000.0 - sqrt(4_000.0**2 - up_m**2)) / 100.0:
            break
        expected.append(order_s)
        order_s += flight_s + 12.0
    assert len(orders) == len(expected) >= 6
    assert orders == pytest.approx(expected, abs=1.0)
