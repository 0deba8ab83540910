"""From a file to the frozen scenario: units, times, places, copies, scale, includes, settings, hash."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from pyproj import Geod

from shieldwall.catalogue.load import load_catalogue
from shieldwall.core.errors import InputError
from shieldwall.scenario.geography import lattice
from shieldwall.scenario.load import load, shipped, shipped_folder
from shieldwall.scenario.schema import schema

BASE = """\
shieldwall: 1
name: two-towns
time_zone: Europe/Warsaw
start: 2026-01-15 20:00
integration: sector
places: {harbour: [54.5, 18.55]}
areas: [{id: square, polygon: [[54.0, 20.0], [54.0, 21.0], [55.0, 21.0], [55.0, 20.0]]}]
assets:
  - {id: north, kind: city, position: [54.35, 18.65], radius: 8 km, value: 10}
  - {id: south, kind: city, position: [50.06, 19.94], radius: 6 km, value: 90}
sensors:
  - {id: eye, type: gap-filler-radar, position: harbour, sector: coast, antenna_height: 33 m, availability: 95 %}
fire_units:
  - {id: coast, type: patriot-battery, position: north, sector: coast, reserve: {pac-3-mse: 7, pac-2-gem-t: 0}}
  - {id: inland, type: patriot-battery, position: [50.1, 20.0], sector: hills}
raids:
  - {id: drones, type: shahed-136, count: 20, from: [[54.7, 20.5]], aim: {north: 3, south: 1}, arrive: "02:00",
     spread: 60 min}
"""


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.fixture
def read(tmp_path, catalogue):
    def read(text=BASE, *settings):
        path = tmp_path / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides=settings, catalogue=catalogue)

    return read


def rounds(scenario, effector, unit=None):
    return sum(
        w.ready_rounds + w.reserve_rounds
        for u in scenario.fire_units
        for w in u.weapons
        if w.effector.id == effector and unit in (None, u.id)
    )


def test_figures_are_si(read, catalogue):
    scenario = read()
    salvo = scenario.salvos[0]
    assert salvo.spread_s == 3600.0
    assert salvo.type.speed_m_s == pytest.approx(catalogue.threats["shahed-136"].speed.value / 3.6)
    assert scenario.assets[0].radius_m == 8000.0
    assert scenario.assets[0].hardness_kg == catalogue.assets["city"].hardness.si
    eye = scenario.sensors[0]
    assert (eye.type.antenna_height_m, eye.availability, eye.position.latitude_deg) == (33.0, pytest.approx(0.95), 54.5)
    assert scenario.fire_units[0].position == scenario.assets[0].position


def test_fire_control_radars_are_sensors(read):
    scenario = read()
    assert [s.id for s in scenario.sensors] == ["eye", "coast/radar", "inland/radar"]
    assert scenario.fire_units[0].radar == "coast/radar"
    assert scenario.sensors[1].fire_unit == "coast"
    assert scenario.sensors[1].sector == "coast"


def test_euros_become_dollars_at_the_catalogues_rate(read, catalogue):
    rate = catalogue.money["rates"].eur_usd.value
    scenario = read(BASE, "threats.shahed-136.unit_cost=1000 EUR")
    assert scenario.salvos[0].type.unit_cost_usd == pytest.approx(1000 * rate)
    assert "money.rates.eur_usd" in scenario.assumed_figures


@pytest.mark.parametrize(
    ("start", "time", "hours"),
    [
        ("2026-01-15 20:00", "21:30", 1.5),
        ("2026-01-15 20:00", "20:00", 0.0),
        ("2026-01-15 20:00", "02:00", 6.0),
        ("2026-01-15 20:00", "+30:15", 30.25),
        ("2026-01-15 20:00", "2026-01-17 20:00", 48.0),
        # Warsaw: clocks go from 02:00 to 03:00 on 29 March 2026, from 03:00 back to 02:00 on 25 October 2026
        ("2026-03-28 20:00", "04:00", 7.0),
        ("2026-10-24 20:00", "04:00", 9.0),
        ("2026-10-24 20:00", "02:30", 6.5),
    ],
)
def test_times_count_from_the_start_through_clock_changes(start, time, hours, read):
    text = BASE.replace("2026-01-15 20:00", start).replace('arrive: "02:00"', f'launch: "{time}"')
    salvo = read(text).salvos[0]
    assert salvo.time_s == hours * 3600.0
    assert not salvo.time_on_target


def test_start_is_utc(read):
    assert read().start_utc == "2026-01-15T19:00:00Z"
    assert read(BASE.replace("2026-01-15", "2026-07-15")).start_utc == "2026-07-15T18:00:00Z"
    assert datetime.fromisoformat(read().start_local).astimezone(UTC).hour == 19


def test_axis_lies_at_its_distance_and_bearing(read):
    text = BASE.replace("from: [[54.7, 20.5]]", "axis: {toward: north, bearing: 60 deg, distance: 400 km}")
    origin = read(text).salvos[0].origins[0]
    bearing, _, distance = Geod(ellps="WGS84").inv(18.65, 54.35, origin.longitude_deg, origin.latitude_deg)
    assert distance == pytest.approx(400e3, abs=0.01)
    assert bearing == pytest.approx(60.0, abs=1e-7)


def test_area_gives_a_lattice_inside(read):
    origins = read(BASE.replace("from: [[54.7, 20.5]]", "from: {area: square}")).salvos[0].origins
    assert len(origins) == 36
    assert all(54 < p.latitude_deg < 55 and 20 < p.longitude_deg < 21 for p in origins)


def test_lattice_crosses_the_date_line():
    from shieldwall.core.position import Position

    corners = [Position(0, 179), Position(0, -179), Position(2, -179), Position(2, 179)]
    points = lattice(corners)
    assert len(points) == 36
    assert all(abs(p.longitude_deg) > 179 for p in points)


def test_area_thinner_than_the_lattice_is_its_middle():
    from shieldwall.core.position import Position

    chevron = [Position(0, 0), Position(1, 0.5), Position(0, 1), Position(0.95, 0.5)]
    assert lattice(chevron) == (Position(0.4875, 0.5),)


def test_decoy_share_comes_from_the_catalogue_unless_written(read, catalogue):
    share = catalogue.threats["shahed-136"].decoy_share
    assert read().salvos[0].decoy_share == (share.si if share else 0.0)
    assert read(BASE, "raids.drones.decoy_share=25 %").salvos[0].decoy_share == 0.25


def test_copies_have_numbered_ids(read):
    scenario = read(BASE.replace("position: north, sector: coast", "position: north, sector: coast, count: 3"))
    assert [u.id for u in scenario.fire_units] == ["coast", "coast~2", "coast~3", "inland"]
    assert len({s.id for s in scenario.sensors}) == 5


def test_anti_radiation_missiles_go_for_radars_in_range(read):
    raid = '  - {id: hunters, type: kh-31p, count: 2, from: [[54.5, 18.9]], aim: radars, launch: "23:00"}\n'
    aims = read(BASE + raid).salvos[1].aim_points
    assert aims == ("eye", "coast/radar")
    assert read(BASE + raid.replace("radars", "[coast]")).salvos[1].aim_points == ("coast/radar",)
    with pytest.raises(InputError, match="an anti-radiation missile goes for radars"):
        read(BASE + raid.replace("radars", "[north]"))
    with pytest.raises(InputError, match="no radar lies within range"):
        read(BASE + raid.replace("[54.5, 18.9]", "[10.0, 10.0]"))


def test_listed_backup_radars_serve(read):
    text = BASE.replace("sector: hills", "sector: hills, backup_radars: [coast]")
    assert [u.backup_radars for u in read(text).fire_units] == [(), ("coast/radar",)]


def test_catalogue_rule_gives_the_nearest_three_backup_radars_of_the_network(tmp_path, catalogue):
    records = catalogue.raw["fire_units"]["patriot-battery"]
    distance = {"value": 20, "unit": "km", "low": 10, "high": 30, "confidence": "assumed", "reason": "a test"}
    changed = catalogue.with_entries(
        {"fire_units": [{**records, "id": "netted", "backup_radar": True, "backup_distance": distance}]}
    )
    rows = [
        f"  - {{id: n{i}, type: netted, position: [{54 + 0.01 * i}, 18.0], sector: {'a' if i < 6 else 'b'}}}\n"
        for i in range(8)
    ] + ["  - {id: far, type: netted, position: [55.0, 18.0], sector: a}\n"]
    text = BASE.replace("raids:", "".join(rows) + "raids:")
    units = {}
    for level in ("autonomous", "sector", "alliance"):
        path = tmp_path / f"{level}.yaml"
        path.write_text(text.replace("integration: sector", f"integration: {level}"), encoding="utf-8")
        units[level] = {u.id: u.backup_radars for u in load(path, catalogue=changed).fire_units}
    assert units["autonomous"]["n0"] == ()
    assert units["sector"]["n0"] == ("n1/radar", "n2/radar", "n3/radar")
    assert units["sector"]["n5"] == ("n4/radar", "n3/radar", "n2/radar")
    assert units["alliance"]["n5"] == ("n4/radar", "n6/radar", "n3/radar")
    assert units["sector"]["n6"] == ("n7/radar",)
    assert units["alliance"]["far"] == ()
    assert units["alliance"]["coast"] == ()


def test_scale_defence_copies_units_with_magazines_to_assets_by_value(read):
    one, four = read(), read(BASE, "scale.defence=4")
    assert [u.id for u in four.fire_units] == [
        "coast", "inland", "coast~2", "inland~2", "coast~3", "inland~3", "coast~4", "inland~4",
    ]  # fmt: skip
    assert rounds(four, "pac-3-mse") == 4 * rounds(one, "pac-3-mse")
    assert len([s for s in four.sensors if not s.fire_unit]) == 1
    assert len([s for s in four.sensors if s.fire_unit]) == 8
    geod = Geod(ellps="WGS84")
    south = four.assets[1]
    copy = four.fire_units[2]
    bearing, _, distance = geod.inv(
        south.position.longitude_deg,
        south.position.latitude_deg,
        copy.position.longitude_deg,
        copy.position.latitude_deg,
    )
    assert distance == pytest.approx(6000.0, abs=0.01), "the most valued asset comes first, on its own radius"
    assert bearing == pytest.approx(0.0, abs=1e-6)
    assert copy.sector == "hills", "that of the nearest original"
    second = four.fire_units[4]
    bearing, _, _ = geod.inv(
        south.position.longitude_deg,
        south.position.latitude_deg,
        second.position.longitude_deg,
        second.position.latitude_deg,
    )
    assert bearing == pytest.approx(180 * (3 - math.sqrt(5)), abs=1e-6)


def test_copies_of_five_fold_hold_those_of_four_fold(read):
    four, five = read(BASE, "scale.defence=4"), read(BASE, "scale.defence=5")
    placed = {u.id: u.position for u in five.fire_units}
    assert all(placed[u.id] == u.position for u in four.fire_units)


def test_scale_rounds_fills_the_reserve(read):
    one, three = read(), read(BASE, "scale.rounds=3")
    assert rounds(three, "pac-3-mse", "coast") == 3 * rounds(one, "pac-3-mse", "coast")
    for before, after in zip(one.fire_units[0].weapons, three.fire_units[0].weapons, strict=True):
        assert after.ready_rounds == before.ready_rounds
    assert len(three.fire_units) == 2


def test_scale_fire_units_shares_the_rounds(read):
    one, three = read(), read(BASE, "scale.fire_units=3")
    assert len(three.fire_units) == 6
    assert rounds(three, "pac-3-mse") == rounds(one, "pac-3-mse")
    assert rounds(three, "pac-2-gem-t") == rounds(one, "pac-2-gem-t")
    total = rounds(one, "pac-3-mse", "coast")
    assert rounds(three, "pac-3-mse", "coast~2") == total // 3
    assert rounds(three, "pac-3-mse", "coast") == total - 2 * (total // 3)


def test_scale_sensors_copies_stand_alone_sensors(read):
    five = read(BASE, "scale.sensors=5")
    assert len([s for s in five.sensors if not s.fire_unit]) == 5
    assert len(five.fire_units) == 2


def test_settings_reach_lists_by_id_and_index_and_the_catalogue(read):
    scenario = read(
        BASE,
        "raids.drones.count=5",
        "fire_units.1.channels=2",
        "doctrine.assignment=nearest",
        "doctrine.shots.drone.salvo=2",
        "effectors.pac-3-mse.kill_probability.drone=0.123",
        "integration=autonomous",
    )
    assert scenario.salvos[0].count == 5
    assert scenario.fire_units[1].channels == 2
    assert scenario.doctrine.assignment == "nearest"
    assert scenario.doctrine.shots["drone"].salvo == 2
    assert scenario.command.integration == "autonomous"
    missile = next(w.effector for w in scenario.fire_units[0].weapons if w.effector.id == "pac-3-mse")
    assert missile.kill_probability["drone"] == 0.123
    assert scenario.overrides["effectors.pac-3-mse.kill_probability.drone"] == "0.123"
    assert scenario.overrides["raids.drones.count"] == "5"


def test_hash_is_of_the_content_not_of_the_file(read):
    head, _, tail = BASE.partition("assets:\n")
    lines = tail.splitlines(keepends=True)
    swapped = head + "assets: # in another order\n" + lines[1] + lines[0] + "".join(lines[2:])
    assert read(swapped).hash == read().hash
    assert read(BASE.replace("8 km", "8000 m")).hash == read().hash
    assert read(BASE, "raids.drones.count=21").hash != read().hash
    assert read(BASE, "threats.shahed-136.speed=200 km/h").hash != read().hash
    assert len(read().hash) == 64


def test_assumed_figures_and_sources_are_those_used(read, catalogue):
    scenario = read()
    assert "doctrine.standard.shots.drone.salvo" in scenario.assumed_figures
    assert not any(other in path for path in scenario.assumed_figures for other in ("kinzhal", "thaad", "ew-city"))
    speed = catalogue.threats["shahed-136"].speed
    assert ("threats.shahed-136.speed" in scenario.assumed_figures) == (speed.confidence == "assumed")
    assert set(speed.source) <= set(scenario.sources) <= set(catalogue.sources)


def test_include_joins_lists_and_the_includer_wins(tmp_path, catalogue):
    head, _, raids = BASE.partition("raids:\n")
    (tmp_path / "laydown.yaml").write_text(head.replace("name: two-towns", "name: laydown"), encoding="utf-8")
    more = "sensors: [{id: eye-2, type: gap-filler-radar, position: harbour}]\n"
    path = tmp_path / "scenario.yaml"
    path.write_text(f"name: night\ninclude: [laydown.yaml]\n{more}raids:\n{raids}", encoding="utf-8")
    scenario = load(path, catalogue=catalogue)
    assert scenario.name == "night"
    assert [s.id for s in scenario.sensors if not s.fire_unit] == ["eye", "eye-2"]


def test_mistake_in_an_included_file_is_located_there(tmp_path, catalogue):
    head, _, raids = BASE.partition("raids:\n")
    laydown = tmp_path / "laydown.yaml"
    laydown.write_text(head.replace("radius: 8 km", "radius: 8 kg"), encoding="utf-8")
    path = tmp_path / "scenario.yaml"
    path.write_text(
        f"include: [laydown.yaml]\nassets: [{{id: eye, kind: city, position: [1, 1]}}]\nraids:\n{raids}",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load(path, catalogue=catalogue)
    wrong = {(m.file, m.line): m.what for m in caught.value.mistakes}
    assert "'kg' is a mass" in wrong[str(laydown), 9]
    assert f"first to one of assets at {path}:2:15" in wrong[str(laydown), 12]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../outside.yaml", "lies outside the scenario's own folder"),
        ("/etc/passwd", "lies outside the scenario's own folder"),
        ("link.yaml", "lies outside the scenario's own folder"),
        ("absent.yaml", "there is no file 'absent.yaml'"),
        ("scenario.yaml", "files include each other: scenario.yaml -> scenario.yaml"),
        ("loop.yaml", "files include each other: scenario.yaml -> loop.yaml -> scenario.yaml"),
    ],
)
def test_include_is_refused(name, what, tmp_path, catalogue):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("notes: x\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "loop.yaml").write_text("include: [scenario.yaml]\n", encoding="utf-8")
    (folder / "scenario.yaml").write_text(f"include: [{name}]\n{BASE}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(folder, catalogue=catalogue)
    assert what in str(caught.value)
    assert caught.value.mistakes[0].line == 1


def test_shipped_scenarios_load(catalogue):
    folder = shipped_folder()
    assert folder is not None
    assert "one-battery" in shipped()
    for name in shipped():
        assert load(name, catalogue=catalogue).name == name
        assert (folder / name / "README.md").is_file()


def test_schema_knows_keys_and_own_catalogue_entries():
    found = schema()
    assert found["$schema"].endswith("2020-12/schema")
    assert set(found["required"]) == {"shieldwall", "name", "time_zone", "start", "assets", "raids"}
    assert found["additionalProperties"] is False
    assert "from" in found["$defs"]["RaidEntry"]["properties"]
    assert "threats" in found["properties"]["catalogue"]["properties"]
