"""Airspace control: orders cut off by a zone, heights, who is held, what overlaps, fighters, who shares a picture."""

from __future__ import annotations

from math import asin, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import shieldwall
from shieldwall import Results
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import compute_geometry
from verification.lab import (
    CENTRE,
    Fields,
    case,
    column,
    effector,
    figure,
    leaked,
    moments,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
    town,
    write,
)

AIRSPACE = "airspace control"
KINEMATICS = "straight courses at constant speed"
EARTH_M = 6_371_000.0
KM = 1e3


def strip(name: str, near_km: float, far_km: float) -> Fields:
    """Return an area between two meridians, as far east of the town; one degree high on both sides of the path."""
    west, east = place(90.0, near_km)[1], place(90.0, far_km)[1]
    return {"id": name, "polygon": [[49.0, west], [51.0, west], [51.0, east], [49.0, east]]}


def zone(kind: str, area: str = "strip", **heights: str) -> Fields:
    """Return a zone of a kind."""
    return {"id": f"{kind}-{area}", "kind": kind, "area": area, **heights}


def slant_m(ground_m: float, up_m: float) -> float:
    """Return the straight distance to a point at a height and a way along the ground: the law of cosines."""
    return sqrt(up_m**2 + 4.0 * EARTH_M * (EARTH_M + up_m) * np.sin(ground_m / (2.0 * EARTH_M)) ** 2)


def ground_m(slant: float, up_m: float) -> float:
    """Return the way along the ground, the other way round."""
    return 2.0 * EARTH_M * asin(sqrt((slant**2 - up_m**2) / (4.0 * EARTH_M * (EARTH_M + up_m))))


def single(delay_s: float, *zones: Fields, near_km: float = 12.0, far_km: float = 20.0, **changes: Any) -> Fields:
    """Return one threat at 2 km and 100 m/s, seen all the time, whose order falls due after a delay."""
    catalogue = {
        "threats": [threat(height=2_000.0)],
        "effectors": [effector(kill=1.0, speed=500.0)],
        "sensors": [radar(range_km=150.0, mast=20_000.0, scan=1e-6)],
    }
    fields = scenario([raid(1)], catalogue=catalogue, areas=[strip("strip", near_km, far_km)], airspace=list(zones))
    fields["command"] = {"identification": "0 s", "command": f"{delay_s} s", "delay": "constant"}
    return fields | changes


def order_s(met_km: float) -> float:
    """Return when to order so that the meeting is so far along the ground: 500 m/s, no reaction."""
    return (100.0 - met_km) * KM / 100.0 - slant_m(met_km * KM, 2_000.0) / 500.0


@case(AIRSPACE, "no battery meets anything in a fighter zone: orders wait, t(far) - r(far)/v to t(near) - r(near)/v",
      KINEMATICS)  # fmt: skip
@pytest.mark.parametrize("inside", [0.02, 0.5, 0.98])
def test_orders_cut_off(tmp_path: Path, inside: float) -> None:
    first, last = order_s(20.0), order_s(12.0)
    due_s = first + inside * (last - first)
    results = play(tmp_path, single(due_s, zone("fighter")), 1, events=True)
    assert moments(results, "fired")[0, 0] == pytest.approx(last, abs=0.05)
    assert moments(results, "shot_down")[0, 0] == pytest.approx(880.0, abs=0.02)


@case(AIRSPACE, "before the cut and behind it an order falls as without a zone; by hand")
@pytest.mark.parametrize("due_km", [20.4, 11.6])
def test_orders_left_alone(tmp_path: Path, due_km: float) -> None:
    due_s = order_s(due_km)
    results = play(tmp_path, single(due_s, zone("fighter")), 1, events=True)
    assert moments(results, "fired")[0, 0] == pytest.approx(due_s, abs=0.05)
    assert moments(results, "shot_down")[0, 0] == pytest.approx((100.0 - due_km) * 10.0, abs=0.1)


@case(
    AIRSPACE,
    "a window falls into three pieces at those two orders, whose meetings are at the edges of the zone",
    KINEMATICS,
)
def test_pieces(tmp_path: Path) -> None:
    """The window is cut at the two closed forms, and each piece carries its own meetings."""
    geometry = compute_geometry(in_order(shieldwall.load(write(tmp_path, single(0.0, zone("fighter"))))))
    windows = geometry.windows
    assert geometry.control is not None
    assert geometry.control.tolist() == [0, 2, 0]
    reach = order_s(ground_m(30 * KM, 2_000.0) / KM)
    assert windows.open_s == pytest.approx([reach, order_s(20.0), order_s(12.0)], abs=0.05)
    assert windows.close_s[:2] == pytest.approx([order_s(20.0), order_s(12.0)], abs=0.05)
    assert (windows.open_s + windows.delay_s[:, 0])[1:] == pytest.approx([800.0, 880.0], abs=0.02)
    assert (windows.close_s + windows.delay_s[:, -1])[:2] == pytest.approx([800.0, 880.0], abs=0.02)


@case(AIRSPACE, "heights: a zone that begins above the path or ends below it binds nothing; by hand")
@pytest.mark.parametrize(
    ("heights", "bound"),
    [({}, True), ({"height_min": "2.1 km"}, False), ({"height_max": "1.9 km"}, False),
     ({"height_min": "1.9 km", "height_max": "2.1 km"}, True)],
)  # fmt: skip
def test_heights(tmp_path: Path, heights: dict[str, str], bound: bool) -> None:
    due_s = 0.5 * (order_s(20.0) + order_s(12.0))
    results = play(tmp_path, single(due_s, zone("fighter", **heights)), 1, events=True)
    assert moments(results, "fired")[0, 0] == pytest.approx(order_s(12.0) if bound else due_s, abs=0.05)


@case(
    AIRSPACE, "a dive leaves a zone where its height h(s) = H passes the floor: the meeting is at that height; by hand"
)
def test_dive(tmp_path: Path) -> None:
    """It comes down from 2 km over the last 4 km: half of that way under a floor of 1 km, so 2 km off."""
    fields = single(0.0, zone("fighter", height_min="1 km"), near_km=-1.0, far_km=200.0)
    results = play(tmp_path, fields, 1, events=True)
    assert moments(results, "shot_down")[0, 0] == pytest.approx((100.0 - 2.0) * KM / 100.0, abs=1.0)


@case(AIRSPACE, "all cut away: nothing is fired, and a tracked leaker is held by rules; by hand")
@pytest.mark.parametrize("zones", [["fighter"], ["corridor"], ["missile", "fighter"], ["joint", "fighter"]])
def test_all_cut_away(tmp_path: Path, zones: list[str]) -> None:
    fields = single(0.0, *(zone(kind) for kind in zones), near_km=-1.0, far_km=60.0)
    results = play(tmp_path, fields, 20)
    assert (column(results, "fired", "weapons") == 0).all()
    assert (column(results, "cause") == "held_by_rules").all()


@case(AIRSPACE, "never tracked: the zone is not to blame; by hand")
def test_never_tracked(tmp_path: Path) -> None:
    fields = single(0.0, zone("fighter"), near_km=-1.0, far_km=60.0)
    fields["catalogue"]["sensors"][0]["detection_probability"] = figure(1e-9, "fraction") | {"high": 1.0}
    fields["catalogue"]["sensors"][0]["scan"] = figure(10, "s")
    assert set(column(play(tmp_path, fields, 20), "cause").ravel()) == {"never_detected"}


@case(AIRSPACE, "a zone beside, above or of the other kind: the same bytes as without", "identity")
@pytest.mark.parametrize(
    "zones",
    [[zone("corridor", "far")], [zone("fighter", height_min="15 km")], [zone("missile")]],
    ids=["beside", "above", "of no concern"],
)  # fmt: skip
def test_same_bytes(tmp_path: Path, zones: list[Fields]) -> None:
    """A zone that binds no shot changes nothing but the scenario's hash."""
    far = {"id": "far", "polygon": [[10.0, 10.0], [11.0, 10.0], [11.0, 11.0]]}
    fields = scenario([raid(20)], areas=[far, strip("strip", 5.0, 25.0)])
    plain = play(tmp_path, fields, 100, events=True)
    (tmp_path / "zoned").mkdir()
    zoned = play(tmp_path / "zoned", fields | {"airspace": zones}, 100, events=True)
    assert plain.manifest.scenario_hash != zoned.manifest.scenario_hash
    for table in ("rows", "weapons", "targets", "events"):
        assert plain.to_arrow(table).equals(zoned.to_arrow(table)), table


@case(
    AIRSPACE,
    "two batteries on the way, the outer in a fighter zone: only the inner fires, under any integration; by hand",
)
@pytest.mark.parametrize("integration", ["autonomous", "alliance"])
def test_integration(tmp_path: Path, integration: str) -> None:
    units = [
        {"id": "inner", "type": "battery", "position": CENTRE},
        {"id": "outer", "type": "battery", "position": place(90.0, 65.0)},
    ]
    fields = scenario(
        [raid(5)], areas=[strip("strip", 34.0, 99.0)], airspace=[zone("fighter")], fire_units=units,
        integration=integration,
    )  # fmt: skip
    fired = column(play(tmp_path, fields, 100), "fired", "weapons")
    assert (fired[:, 0] == 5).all()
    assert (fired[:, 1] == 0).all()
    (tmp_path / "alone").mkdir()
    alone = play(tmp_path / "alone", fields | {"fire_units": units[1:]}, 20)
    assert (column(alone, "cause") == "held_by_rules").all()


def fighters(
    zones: list[Fields], readiness_s: float = 300.0, *, near_km: float, far_km: float, **changes: Any
) -> Fields:
    """Return one drone of 50 m/s from 300 km in the east, always seen, and one aircraft of 200 m/s at the town."""
    jet = {
        "id": "jet", "name": "jet", "role": "fighter", "speed": figure(200, "m/s"),
        "combat_radius": figure(1_000, "km"), "endurance": figure(2, "h"),
        "missiles": figure(4, "count"), "readiness": figure(readiness_s, "s"),
        "availability": figure(1, "fraction"), "unit_cost": figure(1e8, "USD"), "hour_cost": figure(2e4, "USD"),
        "readiness_spread": figure(0, "s"), "turn_round": figure(1_000, "s"), "turn_spread": figure(0, "s"),
        "identification": figure(0, "s"), "gun_shots": figure(0, "count"), "loss_probability": figure(0, "fraction"),
        "reserve_loads": figure(0, "count") | {"low": 0.0}, "fuel_reserve": figure(0, "fraction"),
        "effectors": ["dart"],
    }  # fmt: skip
    catalogue = {
        "threats": [threat(speed=50.0)],
        "effectors": [effector("dart", 1.0, 10.0, speed=1_000.0), effector("round", 1.0)],
        "sensors": [radar("wide", range_km=2_000.0, mast=29_000.0), radar()],
        "assets": [town()],
        "aircraft": [jet],
    }
    group = {"id": "wing", "type": "jet", "count": 1, "base": CENTRE, "scramble": 1}
    far = raid(1, axis={"toward": "town", "bearing": "90 deg", "distance": "300 km"})
    fields = scenario(
        [far], catalogue=catalogue, integration="alliance", doctrine=shots(1, 1), fighters=[group], fire_units=[],
        sensors=[{"id": "eye", "type": "wide", "position": CENTRE}], areas=[strip("strip", near_km, far_km)],
        airspace=zones,
    )  # fmt: skip
    return fields | changes


def met_km(results: Results) -> NDArray[np.float64]:
    """Return how far from the town each drone was met, NaN for not at all."""
    return 300.0 - 50.0 * moments(results, "shot_down")[:, 0] / KM


@case(AIRSPACE, "fighters meet nothing in a missile zone or corridor, and all outside, first at the edge",
      KINEMATICS)  # fmt: skip
@pytest.mark.parametrize("kind", ["missile", "corridor"])
def test_fighters_wait(tmp_path: Path, kind: str) -> None:
    """Without the zone it meets the drone at 228 km."""
    free = play(tmp_path, fighters([], near_km=100.0, far_km=250.0), 1, events=True)
    assert met_km(free)[0] == pytest.approx(228.0, abs=4.0)
    (tmp_path / "zone").mkdir()
    bound = play(tmp_path / "zone", fighters([zone(kind)], near_km=100.0, far_km=250.0), 1, events=True)
    assert met_km(bound)[0] == pytest.approx(100.0, abs=0.01)


@case(
    AIRSPACE,
    "no round meets the drone before the zone: it is tried again behind it, whenever the aircraft comes; by hand",
)
def test_again_behind_the_zone(tmp_path: Path) -> None:
    met = []
    for n, readiness_s in enumerate(np.linspace(400.0, 560.0, 17)):
        folder = tmp_path / str(n)
        folder.mkdir()
        results = play(folder, fighters([zone("corridor")], readiness_s, near_km=219.0, far_km=224.0), 1, events=True)
        assert not leaked(results).any(), readiness_s
        met.append(met_km(results)[0])
    inside = (np.array(met) > 219.01) & (np.array(met) < 223.99)
    assert not inside.any()
    assert min(met) < 219.01
    assert max(met) > 223.99


@case(AIRSPACE, "fighters alone reach it, and a zone holds them: held by rules; in a fighter zone they shoot; by hand")
def test_fighters_held(tmp_path: Path) -> None:
    causes = {}
    for kind in ("missile", "corridor", "fighter"):
        folder = tmp_path / kind
        folder.mkdir()
        results = play(folder, fighters([zone(kind)], near_km=-1.0, far_km=301.0), 5)
        causes[kind] = set(column(results, "cause").ravel())
    assert causes == {"missile": {"held_by_rules"}, "corridor": {"held_by_rules"}, "fighter": {None}}


@case(AIRSPACE, "a fighter zone without and a missile zone within: each shoots in its own; by hand")
def test_both(tmp_path: Path) -> None:
    inner, outer = strip("inner", -1.0, 50.0), strip("outer", 50.0, 301.0)
    unit = {
        "id": "unit", "name": "unit", "radar": "eye", "weapons": [], "channels": figure(5, "count"),
        "ready": figure(0, "s"), "availability": figure(1, "fraction"), "hardness": figure(0, "kg"),
        "radius": figure(100, "m"), "unit_cost": figure(1e6, "USD"), "backup_radar": False,
    }  # fmt: skip
    unit["weapons"] = [
        {"effector": "round", "launchers": figure(1, "count"), "rounds_per_launcher": figure(9, "count"),
         "reserve_rounds": figure(0, "count") | {"low": 0.0}, "reload": figure(60, "s")}
    ]  # fmt: skip
    fields = fighters(
        [zone("missile", "inner"), zone("fighter", "outer")], near_km=0.0, far_km=1.0,
        fire_units=[{"id": "unit", "type": "unit", "position": CENTRE}],
    )  # fmt: skip
    fields["areas"] = [inner, outer]
    fields["catalogue"]["fire_units"] = [unit]
    assert met_km(play(tmp_path, fields, 1, events=True))[0] > 50.0
    (tmp_path / "grounded").mkdir()
    fields["fighters"] = [fields["fighters"][0] | {"hold": True}]
    assert met_km(play(tmp_path / "grounded", fields, 1, events=True))[0] == pytest.approx(30.0, abs=0.1)
