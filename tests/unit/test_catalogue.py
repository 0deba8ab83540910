"""The shipped catalogue loads, is sane, keeps its hash, and can be changed and cited."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from shieldwall.catalogue import load as loading
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.load import DATA_FOLDER, check_catalogue, load_catalogue
from shieldwall.catalogue.records import GROUPS
from shieldwall.catalogue.show import cite, find_entry, list_entries, show_entry
from shieldwall.catalogue.sourced import UnknownFigureError
from shieldwall.core.errors import InputError
from shieldwall.core.units import UNITS, UnitError


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_shipped_catalogue_has_no_mistakes() -> None:
    assert check_catalogue() == []


# The table of systems that the product promises, by group.
PROMISED = {
    "effectors": "pac-2-gem-t pac-3-mse aster-30 amraam iris-t-slm hawk thaad sm-3 arrow-3 gepard-35mm skyranger-30mm "
    "skynex-35mm stinger interceptor-drone",
    "fire_units": "patriot-battery samp-t-battery nasams-battery iris-t-slm-unit hawk-battery thaad-battery "
    "aegis-ashore-site arrow-3-battery gepard skyranger-30 skynex manpads-team mobile-fire-group "
    "interceptor-drone-team",
    "aircraft": "f-35 f-16 eurofighter e-3 e-7 mrtt",
    "sensors": "long-range-radar medium-range-radar gap-filler-radar p-18-class passive-rf acoustic-network "
    "electro-optical crew-eyes airborne-radar space-infrared",
    "threats": "shahed-136 kh-101 kalibr kh-35 kh-31p kh-22 kinzhal iskander-m 9m729 oniks zircon avangard yars",
    "soft_kill": "ew-city ew-mobile emission-control",
    "command": "autonomous sector alliance",
    "doctrine": "standard",
    "identification": "standard",
    "traffic": "airliner light-plane rescue-helicopter military-transport returning-fighter army-helicopter "
    "friendly-drone",
    "money": "rates",
    "alert_systems": "sirens cell-broadcast",
    "sheltering": "as-in-ukraine-2023 basement-programme",
    "consequences": "blast",
    "measures": "concrete-cover dispersal decoy-site camouflage radar-silence relocation",
    "repairs": "general substation power-plant runway radar battery",
    "readiness_states": "peacetime heightened alert",
    "intelligence_sources": "national-means shared-picture",
    "exercise_programmes": "routine quarterly monthly",
    "diplomacy": "strike-capacity",
    "assets": "city power-plant substation airbase port government fuel-depot factory headquarters radar-site airport",
}


@pytest.mark.parametrize("group", PROMISED)
def test_every_promised_system_has_an_entry(group: str, catalogue: Catalogue) -> None:
    assert set(PROMISED[group].split()) <= set(catalogue.entries(group))


def test_every_entry_builds_and_every_figure_is_finite_in_si(catalogue: Catalogue) -> None:
    counted = 0
    for group in GROUPS:
        for key, record in catalogue.entries(group).items():
            assert record.id == key
            for path, figure in record.figures():
                assert figure.path == f"{group}.{key}.{path}"
                if figure.value is not None:
                    assert 0 <= figure.si_low <= figure.si <= figure.si_high < 1e15
                    counted += 1
    assert counted > 1000


def test_threats_are_of_this_earth(catalogue: Catalogue) -> None:
    speeds = {"drone": (30, 120), "cruise": (150, 330), "supersonic": (400, 1800), "anti_radiation": (400, 1300),
              "ballistic": (500, 3500), "hypersonic": (1000, 3500), "glide": (3000, 9500),
              "intercontinental": (4000, 7500)}  # fmt: skip
    for threat in catalogue.threats.values():
        low, high = speeds[threat.threat_class]
        assert low <= threat.speed.si_low <= threat.speed.si_high <= high, threat.id
        assert threat.dive.si <= threat.range.si
        assert 1e-3 <= threat.radar_cross_section.si_low <= threat.radar_cross_section.si_high <= 10
        if threat.path in ("low", "high_dive", "glide"):
            assert 5 <= threat.height.si <= 1e5


def test_effectors_reach_where_they_may_shoot(catalogue: Catalogue) -> None:
    for effector in catalogue.effectors.values():
        assert effector.height_min.si < effector.height_max.si
        for threat_class, reach in effector.range.items():
            assert effector.range_min.si < reach.si, effector.id
            assert effector.kill_probability[threat_class].si_high < 1


def test_what_stops_what(catalogue: Catalogue) -> None:
    def stoppers(threat_class: str) -> set[str]:
        return {e.id for e in catalogue.effectors.values() if threat_class in e.kill_probability}

    assert {"gepard-35mm", "stinger", "zu-23-burst", "interceptor-drone"} <= stoppers("drone")
    assert stoppers("hypersonic") <= {"pac-3-mse", "pac-2-gem-t", "aster-30", "thaad"}
    assert stoppers("intercontinental") <= {"sm-3", "arrow-3", "thaad"}
    assert not {"stinger", "gepard-35mm", "hawk"} & stoppers("ballistic")


def test_each_fire_unit_can_use_its_weapons(catalogue: Catalogue) -> None:
    for unit in catalogue.fire_units.values():
        reach = max(max(e.si for e in catalogue.effectors[w.effector].range.values()) for w in unit.weapons)
        sensor = catalogue.sensors[unit.radar]
        seen = max((f.si for f in sensor.range_by_class.values()), default=0.0) or (sensor.range and sensor.range.si)
        assert seen
        assert seen > 0.2 * reach, unit.id


def test_no_kill_probability_or_hazard_claims_to_be_published(catalogue: Catalogue) -> None:
    for effector in catalogue.effectors.values():
        assert {figure.confidence for figure in effector.kill_probability.values()} == {"assumed"}
    for zone in catalogue.soft_kill.values():
        assert {figure.confidence for figure in zone.hazard.values()} == {"assumed"}


def test_no_is_norway(catalogue: Catalogue) -> None:
    assert catalogue.nations["NO"].name == "Norway"


def test_money_keeps_its_currency_until_the_rate_is_given(catalogue: Catalogue) -> None:
    cost = catalogue.effectors["iris-t-slm"].unit_cost
    assert cost.unit == "EUR"
    assert cost.si == 400_000
    assert cost.usd(1.25) == 500_000
    assert catalogue.effectors["pac-3-mse"].unit_cost.usd(1.25) == 4_000_000
    with pytest.raises(UnitError, match="is not money"):
        catalogue.threats["kh-101"].speed.usd(1.25)


def test_an_unknown_figure_is_refused_by_its_name(catalogue: Catalogue) -> None:
    figure = catalogue.threats["yars"].production
    assert figure is not None
    with pytest.raises(UnknownFigureError, match=r"does not know threats\.yars\.production: no public estimate"):
        _ = figure.si


def test_the_hash_changes_with_any_byte(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    before = load_catalogue(folder).hash
    assert before == load_catalogue().hash
    path = folder / "money" / "rates.yaml"
    text = path.read_bytes()
    path.write_bytes(text + b"\n")
    after = load_catalogue(folder).hash
    assert after != before
    path.write_bytes(text)
    assert load_catalogue(folder).hash == before
    path.rename(folder / "money" / "rate.yaml")
    assert check_catalogue(folder)[0].what == "the id 'rates' is not the file's name"


@pytest.mark.parametrize("kept", ["good", "broken", "unwritable"])
def test_cached_and_parsed_catalogues_are_equal(kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    if kept == "unwritable":
        cache.write_text("a file where the folder should be", encoding="utf-8")
    first = load_catalogue()
    if kept == "broken":
        next((cache / "shieldwall").iterdir()).write_text('{"groups": ', encoding="utf-8")
    if kept == "good":
        monkeypatch.setattr(loading, "_read_files", lambda files: pytest.fail("the cache was not used"))
    second = load_catalogue()
    assert first.hash == second.hash
    assert first.sources == second.sources
    for group in GROUPS:
        assert dict(first.entries(group)) == dict(second.entries(group))


def test_an_override_changes_one_figure_of_a_copy(catalogue: Catalogue) -> None:
    changed = catalogue.with_overrides(
        {
            "threats.shahed-136.speed": "200 km/h",
            "effectors.pac-3-mse.kill_probability.drone": 0.7,
            "fire_units.patriot-battery.weapons.0.launchers": 4,
            "threats.kh-101.speed": "high",
        }
    )
    speed = changed.threats["shahed-136"].speed
    assert speed.si == pytest.approx(200 / 3.6, rel=1e-15)
    assert speed.si_low == speed.si == speed.si_high
    assert "set by the user to 200 km/h" in speed.reason
    assert changed.effectors["pac-3-mse"].kill_probability["drone"].si == 0.7
    assert changed.fire_units["patriot-battery"].weapons[0].launchers.si == 4
    assert changed.threats["kh-101"].speed.si == catalogue.threats["kh-101"].speed.si_high
    assert catalogue.threats["shahed-136"].speed.value == 185
    assert changed.hash != catalogue.hash
    assert changed.hash != catalogue.with_overrides({"threats.shahed-136.speed": "201 km/h"}).hash


@pytest.mark.parametrize(
    ("path", "value", "what", "cure"),
    [
        ("threats.shahed-137.speed", "200 km/h", "no entry 'threats.shahed-137'", "did you mean 'threats.shahed-136'?"),
        ("threat.shahed-136.speed", "200 km/h", "no entry 'threat.shahed-136'", "did you mean 'threats'?"),
        ("threats.shahed-136.sped", "200 km/h", "has no figure 'sped'", "did you mean 'speed'?"),
        ("threats.shahed-136.speed", "200 km", "'km' is a length", "a speed is needed here: m/s"),
        ("threats.shahed-136.speed", 200, "200 has no unit", "write one of"),
        ("threats.shahed-136.speed", "99999 km/h", "out of physical bounds", "write between"),
        ("effectors.pac-3-mse.kill_probability.drone", 1.2, "out of physical bounds", "write between 0 and 1"),
        ("effectors.stinger.kill_probability.ballistic", 0.2, "no figure 'kill_probability.ballistic'", "did you mean"),
        ("fire_units.gepard.channels", 1.5, "not a whole number", "whole number"),
        ("fire_units.gepard.channels", "nan", "is not a quantity", "write a number"),
        ("fire_units.gepard.channels", float("inf"), "finite", ""),
        ("threats.yars.production", "low", "is not a quantity", "write a number"),
    ],
)
def test_a_wrong_override_is_refused(path: str, value: str | float, what: str, cure: str, catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as raised:
        catalogue.with_overrides({path: value})
    (mistake,) = raised.value.mistakes
    assert mistake.what.startswith(path)
    assert what in mistake.what
    assert cure in mistake.cure


OWN = """\
catalogue:
  command:
    - id: slow
      name: Slow command
      identification: {value: 60, unit: s, low: 30, high: 90, confidence: assumed, reason: "a guess"}
      command: {value: 5, unit: min, low: 1, high: 9, confidence: published, source: [mine]}
      delay: constant
  sources:
    mine: {title: T, publisher: P, date: 2024, address: https://example.org/x, accessed: 2024-01-31}
"""


def test_own_entries_obey_the_same_rules(catalogue: Catalogue) -> None:
    added = YAML().load(OWN)["catalogue"]
    changed = catalogue.with_entries(added, file="scenario.yaml")
    assert changed.command["slow"].command.si == 300
    assert changed.command["sector"] == catalogue.command["sector"]
    assert changed.hash != catalogue.hash
    assert "slow" not in catalogue.command


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[mine]", "[yours]", "scenario.yaml:6:78: command: the source 'yours' is unknown"),
        ("value: 60, unit: s", "value: 60", "scenario.yaml:5:7: identification: the figure 60 has no unit"),
        ("  command:\n    - id", "  comand:\n    - id", "scenario.yaml:2:3: there is no group 'comand'"),
        ("    - id: slow\n", "    - name2: x\n", "unknown key 'name2'"),
        ("title: T, ", "", "'title' is missing"),
    ],
)
def test_wrong_own_entries_are_refused_in_place(old: str, new: str, message: str, catalogue: Catalogue) -> None:
    with pytest.raises(InputError) as raised:
        catalogue.with_entries(YAML().load(OWN.replace(old, new))["catalogue"], file="scenario.yaml")
    assert message in str(raised.value)


def test_list_counts_what_show_lists(catalogue: Catalogue) -> None:
    rows = list_entries(catalogue)
    assert len(rows) == sum(len(catalogue.entries(group)) for group in GROUPS)
    row = next(r for r in rows if r.id == "yars")
    shown = show_entry(catalogue, "yars")
    assert row.published + row.derived + row.assumed + row.unknown == len(shown)
    assert row.unknown == 1
    assert show_entry(catalogue, "threats/yars") == show_entry(catalogue, "threats.yars") == shown
    speed = next(r for r in show_entry(catalogue, "shahed-136") if r.figure == "speed")
    assert (speed.value, speed.unit, speed.confidence) == (185, "km/h", "published")
    assert speed.unit in UNITS


def test_a_name_that_is_not_there_or_not_one_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match=r"'kh-102' is not in the catalogue; did you mean 'kh-101'\?"):
        show_entry(catalogue, "kh-102")
    twice = catalogue.with_entries({"command": [{**catalogue.raw["command"]["sector"], "id": "standard"}]})
    with pytest.raises(InputError, match=r"more than one entry is called 'standard'; write command\.standard or"):
        find_entry(twice, "standard")
    assert find_entry(twice, "doctrine.standard")[0] == "doctrine"


def test_cite_gives_the_sources_of_the_figures(catalogue: Catalogue) -> None:
    rows = cite(catalogue, ["shahed-136"])
    assert {r.key for r in rows} == {"euronews-ro-shahed", "sq-kharkiv-shahed", "techrider-shahed-cost"}
    assert all(r.source.address and r.source.title for r in rows)
    assert "threats.shahed-136.speed" in next(r for r in rows if r.key == "euronews-ro-shahed").figures
    assert {r.key for r in cite(catalogue)} == set(catalogue.sources), "a source that no figure names"


def test_the_cache_is_plain_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_catalogue()
    (cache,) = (tmp_path / "shieldwall").iterdir()
    assert set(json.loads(cache.read_text(encoding="utf-8"))) == {"groups", "sources"}
