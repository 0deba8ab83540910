# ruff: noqa: E501  (messages stand here as the user sees them)
"""What a scenario may say of passive defence, readiness and packages, and what a user is told who errs."""

from __future__ import annotations

from pathlib import Path

import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.passive_defence.network import delivered

BASE = """\
shieldwall: 1
name: two-towns
time_zone: Europe/Warsaw
start: 2026-01-15 20:00
assets:
  - {id: north, kind: city, position: [54.35, 18.65], population: 1001}
  - {id: plant, kind: power-plant, position: [54.20, 18.60]}
sensors:
  - {id: eye, type: gap-filler-radar, position: [54.3, 18.6]}
fire_units:
  - {id: patriot, type: patriot-battery, position: [54.36, 18.60]}
raids:
  - {id: drones, type: shahed-136, count: 20, from: [[54.7, 20.5]], aim: {north: 3, plant: 1}, arrive: "02:00"}
"""
PEOPLE = "people: {shelter: as-in-ukraine-2023, warning: sirens}\n"
SERVICE = "services:\n  - {id: power, kind: power, parts: [{of: plant, capacity: 5}]}\n"

MISTAKES = [
    (
        "people: {shelter: as-in-ukraine}\n",
        "people.shelter: 'as-in-ukraine' is not in the catalogue's sheltering; did you mean 'as-in-ukraine-2023'?",
    ),
    (
        "people: {shelter: basement-programme, warning: siren}\n",
        "people.warning: 'siren' is not in the catalogue's alert_systems; did you mean 'sirens'?",
    ),
    ("people: {warning: sirens}\n", "people: key 'shelter' is missing; add shelter: as-in-ukraine-2023"),
    (
        "passive: [{measure: decoy-sit, of: [plant]}]\n",
        "passive.0.measure: 'decoy-sit' is not in the catalogue's measures; did you mean 'decoy-site'?",
    ),
    (
        "passive: [{measure: decoy-site, of: [plont]}]\n",
        "passive.0.of.0: there is no object 'plont' for decoy; did you mean 'plant'?",
    ),
    (
        "passive: [{measure: dispersal, of: [patriot], count: 2}]\n",
        "passive.0.of.0: there is no asset 'patriot' for dispersal",
    ),
    (
        "passive: [{measure: relocation, of: [plant]}]\n",
        "passive.0.of.0: there is no fire unit or sensor 'plant' for relocation",
    ),
    ("passive: [{measure: decoy-site, of: [plant], count: 0}]\n", "passive.0.count: 0 is less than 1"),
    (
        "passive: [{measure: decoy-site, of: [plant], count: 999}]\n",
        "passive.0.count: 999 is more than 200; write at most 200",
    ),
    (
        "services: [{id: s, parts: [{of: plont}]}]\n",
        "there is no asset, fire unit or sensor 'plont'; did you mean 'plant'?",
    ),
    (
        "services: [{id: s, parts: [{of: plant}, {of: plant}]}]\n",
        "the part 'plant' is given twice; give one of them an id",
    ),
    ("services: [{id: s, parts: [{of: plant}], needed: 2}]\n", "2 of 1 parts; write at most 1"),
    (
        "services: [{id: s, parts: [{of: plant}], links: [{from: a, to: b, capacity: 1}]}]\n",
        "a flow network has no demand; add demand: 900",
    ),
    (
        "services: [{id: s, parts: [{of: plant}], demand: 1, links: [{from: source, to: sink, capacity: 1, part: x}]}]\n",
        "there is no part 'x'; use one of: plant",
    ),
    ("services: [{id: s, parts: radars, kind: rador}]\n", "'rador' is not valid here; did you mean 'radar'?"),
    ("repair: {spares: {substations: 1}}\n", "there is no kind of repair 'substations'; did you mean 'substation'?"),
    (
        "readiness: {state: peace}\n",
        "readiness.state: 'peace' is not in the catalogue's readiness_states; did you mean 'peacetime'?",
    ),
    (
        "readiness: {state: peacetime, raised: alert}\n",
        "readiness.raised: nobody watches who could raise it; add intelligence: national-means",
    ),
    (
        "agreements: [{id: pact, types: [9m7], cap: 1}]\n",
        "agreements.pact.types.0: '9m7' is not in the catalogue's threats; did you mean '9m729'?",
    ),
    (
        "launch_reductions: [{kind: strike, types: [shahed-136]}]\n",
        "launch_reductions.0.kind: 'strike' is not in the catalogue's diplomacy; did you mean 'strike-capacity'?",
    ),
    ("package: more\n", "package: there is no package 'more'; write packages: {NAME: {...}}"),
    ("package: mare\npackages: {more: {}}\n", "package: there is no package 'mare'; did you mean 'more'?"),
    (
        "packages: {more: {fire_unit: []}}\n",
        "packages.more: a package cannot hold 'fire_unit'; did you mean 'fire_units'?",
    ),
    ("packages: {more: {start: 2026-01-01 00:00}}\n", "packages.more: a package cannot hold 'start'"),
    ("packages: {more: 3}\n", "packages.more: a mapping is wanted; write what it adds, as {fire_units: [...]}"),
]


def load(folder: Path, more: str, *settings: str):
    (folder / "scenario.yaml").write_text(BASE + more, encoding="utf-8")
    return shieldwall.load(folder, overrides=settings)


@pytest.mark.parametrize(("more", "told"), MISTAKES, ids=[told[:60] for _, told in MISTAKES])
def test_what_is_told(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, more)
    said = [str(mistake) for mistake in error.value.mistakes]
    assert any(told in one for one in said), said
    assert all(mistake.line >= 14 for mistake in error.value.mistakes), said


def test_shelter_of_an_asset_needs_people(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(
        BASE.replace("population: 1001", "shelter: basement-programme"), encoding="utf-8"
    )
    with pytest.raises(InputError, match="shelter is given, but the scenario tells of no people"):
        shieldwall.load(tmp_path)


def test_nothing_said_nothing_there(tmp_path: Path) -> None:
    scenario = load(tmp_path, "")
    assert (scenario.passive, scenario.readiness, scenario.package) == (None, None, None)
    told = load(tmp_path, PEOPLE)
    assert told.hash != scenario.hash
    assert {"sheltering.as-in-ukraine-2023.places", "alert_systems.sirens.latency"} <= set(told.assumed_figures)
    assert "newsweek-alerts-2023" in told.sources


def test_dispersal_shares_value_people_and_aim(tmp_path: Path) -> None:
    more = (
        PEOPLE
        + "passive:\n  - {measure: dispersal, of: [north], count: 3, apart: 2 km}\n  - {measure: decoy-site, of: [north], count: 2}\n"
    )
    scenario = load(tmp_path, more, "measures.decoy-site.attraction=0.5")
    points = {asset.id: asset for asset in scenario.assets if asset.id.startswith("north") and asset.kind == "city"}
    assert sum(point.value for point in points.values()) == pytest.approx(100.0)
    assert sorted(point.population for point in points.values()) == [333, 334, 334]
    assert scenario.passive.decoys == {"north~decoy-1": "north", "north~decoy-2": "north"}
    aims = dict(zip(scenario.salvos[0].aim_points, scenario.salvos[0].aim_weights, strict=True))
    assert aims["plant"] == 1.0
    assert [aims[name] for name in sorted(points)] == pytest.approx([0.5] * 3)
    assert aims["north~decoy-1"] == aims["north~decoy-2"] == pytest.approx(0.75)


def test_a_key_left_out_is_the_catalogues_planning_factor_and_a_written_one_is_not(tmp_path: Path) -> None:
    plain = "passive: [{measure: decoy-site, of: [north]}]\n" + SERVICE
    said = (
        "passive: [{measure: decoy-site, of: [north], apart: 3 km}]\nrepair: {crews: 5}\n"
        "services:\n  - {id: power, kind: power, parts: [{of: plant, capacity: 5, works_at: 0.7}]}\n"
    )
    moved = (
        "planning_factors.standard.apart=4 km",
        "planning_factors.standard.repair_crews=3",
        "planning_factors.standard.works_at=0.25",
    )

    def found(*what: str) -> tuple[float, int, float]:
        scenario = load(tmp_path, *what)
        stands = {asset.id: asset.position for asset in scenario.assets}
        km = abs(stands["north~decoy-1"].latitude_deg - stands["north"].latitude_deg) * 111.195
        return km, scenario.passive.repairs.crews, scenario.passive.services[0].parts[0].works_at

    assert found(plain) == (pytest.approx(2.0, abs=1e-3), 2, 0.5)
    assert found(plain, *moved) == (pytest.approx(4.0, abs=1e-3), 3, 0.25)
    assert found(said) == (pytest.approx(3.0, abs=1e-3), 5, 0.7)
    assert "planning_factors.standard.works_at" in load(tmp_path, plain).assumed_figures
    assert not [path for path in load(tmp_path, said).assumed_figures if path.startswith("planning_factors.")]


def test_measures_of_equipment(tmp_path: Path) -> None:
    plain = load(tmp_path, "")
    more = "passive:\n  - {measure: radar-silence, of: [patriot, eye]}\n  - {measure: relocation, of: [patriot]}\n"
    scenario = load(tmp_path, more)
    radar = {sensor.id: sensor.type.detection_probability for sensor in scenario.sensors}
    before = {sensor.id: sensor.type.detection_probability for sensor in plain.sensors}
    assert radar == {name: pytest.approx(0.4 * chance) for name, chance in before.items()}
    assert scenario.fire_units[0].availability == pytest.approx(plain.fire_units[0].availability * 24 / 27)
    wide = scenario.passive.misdirected
    assert wide["patriot/radar"]["anti_radiation"] > wide["patriot"]["drone"] > 0.0
    assert "drone" not in wide["eye"]


def test_packages_join_and_can_be_changed(tmp_path: Path) -> None:
    more = "packages:\n  none: {}\n  more:\n    fire_units: [{id: gun, type: gepard, position: [54.3, 18.6]}]\n    readiness: {state: peacetime}\n    doctrine: {weapons_control: free}\n"
    assert load(tmp_path, more).package.name == "none"
    none, bigger = load(tmp_path, more), load(tmp_path, more, "package=more", "fire_units.gun.count=2")
    assert [unit.id for unit in bigger.fire_units] == ["patriot", "gun", "gun~2"]
    assert bigger.readiness.routine.id == "peacetime"
    assert bigger.overrides == {"package": "more", "fire_units.gun.count": "2"}
    assert bigger.package.cost_usd["fire_units"] > none.package.cost_usd["fire_units"]
    changed = load(tmp_path, more, "package=more", "packages.more.readiness.state=alert")
    assert changed.readiness.routine.id == "alert"


def test_a_service_of_all_radars_and_one_of_a_dispersed_asset(tmp_path: Path) -> None:
    more = "passive: [{measure: dispersal, of: [plant], count: 2}]\nservices:\n  - {id: eyes, kind: radar, parts: radars}\n  - {id: power, kind: power, demand: 3, parts: [{of: plant, capacity: 5}]}\n"
    scenario = load(tmp_path, more)
    power, eyes = sorted(scenario.passive.services, key=lambda service: service.id, reverse=True)
    assert power.parts[0].of == ("plant", "plant~2")
    assert (power.unit, eyes.unit, eyes.demand) == ("MWh", "radar-hours", 2.0)
    import numpy as np

    assert delivered(power, np.array([[True], [False]])).tolist() == [3.0, 0.0]


def test_fighters_take_their_readiness_from_the_state() -> None:
    import numpy as np

    from shieldwall.engine.night import prepare_night

    chosen = ["package=fighters", "readiness.raised=alert"]
    night = prepare_night(shieldwall.load("balanced-package", overrides=chosen))
    own = prepare_night(
        shieldwall.load("balanced-package", overrides=[*chosen, "fighters.f16-siauliai.readiness=7 min"])
    )
    routine, raised = night.tables.air, night.raised.air
    assert (routine.groups.ready_s[0], raised.groups.ready_s[0]) == (15 * 60.0, 5 * 60.0)
    assert raised.groups.availability[0] / routine.groups.availability[0] == pytest.approx(0.97 / 0.6)
    shooting = np.isfinite(routine.reaches.enter_s)
    assert shooting.any()
    assert routine.reaches.lead_s[shooting] - raised.reaches.lead_s[shooting] == pytest.approx(600.0)
    assert own.tables.air.groups.ready_s[0] == own.raised.air.groups.ready_s[0] == 7 * 60.0


def test_a_hit_among_people_is_told_in_words(tmp_path: Path) -> None:
    from shieldwall.study.trace import trace

    scenario = load(
        tmp_path,
        PEOPLE + "readiness: {state: peacetime, raised: alert, intelligence: national-means}\n",
        "fire_units=[]",
    )
    results = shieldwall.simulate(scenario, 1, 3)
    impact = results.to_arrow("impacts").to_pylist()[0]
    told = " ".join(sentence for stop in trace(scenario, impact["threat"], 0, 3) for sentence in stop.sentences)
    assert (
        f"Killed and gravely hurt: {impact['casualties']}; without any warning it would have been {impact['unwarned']}."
        in told
    )
    assert "before its first launch" in told


def test_the_report_tells_of_people_and_services(tmp_path: Path) -> None:
    from shieldwall.report.page import page
    from shieldwall.report.report import report

    results = shieldwall.simulate(load(tmp_path, PEOPLE + SERVICE), 20, 3)
    text = page(report(results))
    assert "People and services" in text
    assert "without any warning" in text
    assert "MWh" in text
    plain = shieldwall.simulate(load(tmp_path, ""), 2, 3)
    assert "People and services" not in page(report(plain))
