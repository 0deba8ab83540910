# ruff: noqa: E501  (messages stand here as the user sees them)
"""What a user is told for the most likely mistakes, word for word, with its line and column."""

from __future__ import annotations

import pytest

from shieldwall.catalogue.load import load_catalogue
from shieldwall.core.errors import InputError
from shieldwall.scenario.load import load

BASE = """\
shieldwall: 1
name: two-towns
time_zone: Europe/Warsaw
start: 2026-01-15 20:00
integration: sector
assets:
  - id: north
    kind: city
    position: [54.35, 18.65]
    radius: 8 km
fire_units:
  - id: patriot
    type: patriot-battery
    position: [54.36, 18.60]
    magazine: {pac-3-mse: 12}
raids:
  - id: drones
    type: shahed-136
    count: 20
    from: [[54.7, 20.5]]
    aim: [north]
    arrive: "02:00"
    spread: 60 min
    decoy_share: 30 %
"""

# (text, instead of it, what is told)
MISTAKES = [
    ("count: 20", "cuont: 20", "17:5: raids.drones: key 'count' is missing; add count: 12"),
    ("count: 20", "cuont: 20", "19:5: raids.drones: unknown key 'cuont'; did you mean 'count'?"),
    ("count: 20", "count: -3", "19:12: raids.drones.count: -3 is less than 0; write a whole number, 0 or more"),
    ("count: 20", "count: 2.5", "19:12: raids.drones.count: 2.5 is not a whole number; write a whole number, 0 or more"),
    ("count: 20", "count: .nan", "19:12: raids.drones.count: nan is not a whole number; write a whole number, 0 or more"),
    ("count: 20", "count: 1000000", "19:12: raids.drones.count: 1,000,000 is more than 200,000; write at most 200000"),
    ("count: 20", "count: 0", "16:1: raids: no raid has a threat; give one a count of 1 or more"),
    ("shahed-136", "shahed", "18:11: raids.drones.type: 'shahed' is not in the catalogue's threats; did you mean 'shahed-136'?"),
    ("60 min", "60", "23:13: raids.drones.spread: 60 has no unit; write one of: s, min, h, d, day, days, year"),
    (
        "60 min",
        "60 km",
        "23:13: raids.drones.spread: 'km' is a length; a time is needed here: s, min, h, d, day, days, year",
    ),
    ("60 min", "60 mins", "23:13: raids.drones.spread: unknown unit 'mins'; use one of: s, min, h, d, day, days, year"),
    ("8 km", "-8 km", "10:13: assets.north.radius: '-8 km' is below 0 m; write for example '40 km'"),
    ("30 %", "130 %", "24:18: raids.drones.decoy_share: '130 %' is above 1; write for example '40 %'"),
    (
        "[54.35, 18.65]",
        "[118.65, 54.35]",
        "9:15: assets.north.position: the latitude 118.65 is not between -90 and 90; write the latitude first",
    ),
    (
        "[54.35, 18.65]",
        "{lat: 54}",
        "9:15: assets.north.position: a mapping is not a position; "
        "write [latitude, longitude] in degrees, as [50.45, 30.52]",
    ),
    (
        '"02:00"',
        '"25:00"',
        "22:13: raids.drones.arrive: there is no time '25:00'; write hours up to 23, minutes and seconds up to 59",
    ),
    (
        '"02:00"',
        "2026-01-14 02:00",
        "22:13: raids.drones.arrive: 2026-01-14 02:00 lies before the start; write a later time, or an earlier start",
    ),
    (
        "    spread",
        '    launch: "21:00"\n    spread',
        '17:5: raids.drones: both launch and arrive are given; give one of them, as launch: "21:30"',
    ),
    (
        "Europe/Warsaw",
        "Europe/Warschau",
        "3:12: time_zone: there is no time zone 'Europe/Warschau'; did you mean 'Europe/Warsaw'?",
    ),
    ("2026-01-15 20:00", "2026-02-30 20:00", "4:8: start: there is no day '2026-02-30'; write YYYY-MM-DD HH:MM"),
    (
        "2026-01-15 20:00",
        "2026-03-29 02:30",
        "4:8: start: there is no 2026-03-29 02:30 in Europe/Warsaw: clocks are put forward; write 03:30",
    ),
    ("integration: sector", "integration: NATO", "5:14: integration: 'NATO' is not valid here; use one of: alliance, autonomous, sector"),
    ("aim: [north]", "aim: [norht]", "21:10: raids.drones.aim.norht: there is no asset, sensor or fire unit 'norht'; did you mean 'north'?"),
    ("aim: [north]", "aim: {north: 0}", "21:10: raids.drones.aim: all weights are 0; give one aim point a weight above 0"),
    (
        "from: [[54.7, 20.5]]",
        "from: {area: coast}",
        "20:18: raids.drones.from.area: there is no area 'coast'; define it first",
    ),
    (
        "    from: [[54.7, 20.5]]\n",
        "",
        "17:5: raids.drones: none of from, origin and axis is given; give one of them, as from: [[51.7, 36.2]]",
    ),
    ("shieldwall: 1", "shieldwall: 2", "1:13: shieldwall: 2 is not valid here; use one of: 1"),
    ("name: two-towns\n", "", "1:1: key 'name' is missing; add name: my-night"),
    ("two-towns", "two towns", "2:7: name: 'two towns' is no id; use letters, digits, '-' and '_', beginning with a letter or digit"),
    ("raids:", "raid:", "16:1: unknown key 'raid'; did you mean 'raids'?"),
    ("assets:", "assets: 3\nx:", "6:9: assets: 3 stands where a list is wanted; write [a, b] or lines that begin with '- '"),
    (
        "pac-3-mse: 12",
        "pac-3: 12",
        "15:16: fire_units.patriot.magazine.pac-3: a patriot-battery fires no 'pac-3'; did you mean 'pac-3-mse'?",
    ),
    ("    spread", "    count: 3\n    spread", "23:5: key 'count' is written twice (first at line 19); keep one"),
    ("time_zone:", "\ttime_zone:", "3:1: not YAML: while scanning for the next token found character '\\t' that cannot start any token; indent with spaces, not tabs"),
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def told(tmp_path, text, catalogue, *settings):
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path, overrides=settings, catalogue=catalogue)
    return [str(mistake).removeprefix(f"{path}:") for mistake in caught.value.mistakes]


@pytest.mark.parametrize(("text", "instead", "message"), MISTAKES)
def test_mistake_is_told_with_place_and_cure(text, instead, message, tmp_path, catalogue):
    assert text in BASE
    assert message in told(tmp_path, BASE.replace(text, instead, 1), catalogue)


def test_too_full_magazine_names_what_launchers_hold(tmp_path, catalogue):
    weapon = next(w for w in catalogue.fire_units["patriot-battery"].weapons if w.effector == "pac-3-mse")
    room = int(weapon.launchers.si * weapon.rounds_per_launcher.si)
    found = told(tmp_path, BASE.replace("pac-3-mse: 12", "pac-3-mse: 999"), catalogue)
    assert found == [
        f"15:27: fire_units.patriot.magazine.pac-3-mse: 999 rounds; its launchers hold {room}; put the rest under reserve"
    ]


def test_same_id_twice_names_both_places(tmp_path, catalogue):
    path = tmp_path / "scenario.yaml"
    assert told(tmp_path, BASE.replace("id: drones", "id: north"), catalogue) == [
        f"17:9: raids: the id 'north' is given twice (first to one of assets at {path}:7:9); give one of them another id"
    ]


def test_aircraft_are_refused_clearly(tmp_path, catalogue):
    found = told(tmp_path, BASE.replace("patriot-battery", "f-35"), catalogue)
    assert any(
        "13:11: fire_units.patriot.type: 'f-35' is an aircraft; put it under fighters or tankers" in m for m in found
    )


def test_target_out_of_range_is_refused(tmp_path, catalogue):
    found = told(tmp_path, BASE.replace("[[54.7, 20.5]]", "[[-54.7, 20.5]]"), catalogue)
    assert len(found) == 1
    assert found[0].startswith("21:10: raids.drones.aim: the way to 'north' is 12,")


def test_broken_list_causes_no_further_mistakes(tmp_path, catalogue):
    found = told(tmp_path, BASE.replace("assets:", "assets: 3\nx:"), catalogue)
    assert [m.partition(" ")[0] for m in found] == ["6:9:", "7:1:"]


def test_null_figure_that_is_needed_is_located_at_its_user(tmp_path, catalogue):
    own = """\
catalogue:
  assets:
    - id: secret
      name: Secret
      hardness: {value: null, unit: t, confidence: assumed, reason: nobody says}
      radius: {value: 3, unit: km, low: 1, high: 5, confidence: assumed, reason: a guess}
      value: {value: 100, unit: count, low: 50, high: 200, confidence: assumed, reason: a guess}
"""
    found = told(tmp_path, BASE.replace("kind: city", "kind: secret") + own, catalogue)
    assert found == [
        "8:11: assets.north.kind: the catalogue does not know assets.secret.hardness: nobody says; "
        "add it to overrides: {assets.secret.hardness: ...}"
    ]
    path = tmp_path / "scenario.yaml"
    path.write_text(BASE.replace("kind: city", "kind: secret\n    hardness: 2 t") + own, encoding="utf-8")
    assert load(path, catalogue=catalogue).assets[0].hardness_kg == 2000.0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("raids.drone.count=5", "--set:1:1: there is no entry 'drone' (in --set 'raids.drone.count=5'); did you mean 'drones'?"),
        (
            "raids.drones.count=-5",
            "--set:1:20: raids.drones.count: -5 is less than 0 (in --set 'raids.drones.count=-5'); "
            "write a whole number, 0 or more",
        ),
        ("scale.defense=2", "--set:1:1: scale: unknown key 'defense' (in --set 'scale.defense=2'); did you mean 'defence'?"),
        ("scale", "--set:1:1: 'scale' is not PATH=VALUE (in --set 'scale'); write for example --set scale.defence=4"),
        ("name.x=1", "--set:1:1: 'x' lies below a single value, two-towns (in --set 'name.x=1'); set the value itself"),
        (
            "threats.shahed.speed=200 km/h",
            "--set:1:1: there is no 'shahed' in threats (in --set 'threats.shahed.speed=200 km/h'); "
            "did you mean 'shahed-136'?",
        ),
    ],
)  # fmt: skip
def test_mistake_in_a_setting_names_the_argument(setting, message, tmp_path, catalogue):
    assert told(tmp_path, BASE, catalogue, setting) == [message]


def test_unknown_name_proposes_a_shipped_scenario():
    with pytest.raises(InputError) as caught:
        load("one-batery")
    assert str(caught.value) == "one-batery:1:1: there is no such scenario; did you mean 'one-battery'?"
