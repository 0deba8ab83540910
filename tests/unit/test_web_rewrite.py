"""A changed value in YAML text: nothing else moves, comments stay, and the file then means what was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.scenario.load import shipped_folder
from shieldwall.web.edit import Change, changed, diffs, settings_of
from shieldwall.web.refusal import Conflict, TooLarge
from shieldwall.web.rewrite import diff, flow, set_value

NIGHT = shipped_folder() / "night-2025-06-09" / "scenario.yaml"
TEXT = """\
# head
name: small  # the name
units:   # a list
  - {id: a, at: [50.0, 30.5], load: &full {x: 4, y: 2}}   # first
  - {id: b, at: kyiv, load: *full}
  - id: c
    at: [1, 2]  # a comment behind
    load: *full
    # a comment below

rules:
  shots:
    drone: {salvo: 1}
  # the end of the rules
last: "quoted: text"
"""


def plain(text):
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        (["units", "a", "at"], [50.1, 30.25]),
        (["units", "b", "at"], [1, 2]),
        (["units", "c", "at"], "kyiv"),
        (["units", "a", "load", "x"], 9),
        (["units", "b", "load", "x"], 9),
        (["units", "c", "load", "z"], 9),
        (["units", "a", "load"], {"x": 0}),
        (["units", "c", "load"], {"x": 0}),
        (["units", "c", "count"], 3),
        (["units", "a", "count"], 3),
        (["units", "1", "id"], "d"),
        (["rules", "shots", "drone", "salvo"], 2),
        (["rules", "shots", "cruise", "salvo"], 2),
        (["rules", "control"], "hold"),
        (["last"], "no"),
        (["name"], None),
        (["new", "a.b.c"], 0.25),
        (["new", "deep", "er"], True),
    ],
)
def test_one_value_changes_and_nothing_else(steps, value):
    after = set_value(TEXT, steps, value)
    wanted = plain(TEXT)
    place = wanted
    for step in steps[:-1]:
        ids = [one["id"] for one in place] if isinstance(place, list) else []
        if isinstance(place, list):
            index = ids.index(step) if step in ids else int(step)
            place[index] = dict(place[index])
            place = place[index]
        else:
            place[step] = dict(place[step]) if isinstance(place.get(step), dict) else place.get(step, {})
            place = place[step]
    place[steps[-1]] = value
    assert plain(after) == wanted
    assert after.count("#") == TEXT.count("#")
    assert sum(line not in TEXT.splitlines() for line in after.splitlines()) <= 2


def test_a_step_that_is_not_there_is_refused():
    with pytest.raises(Conflict, match="no 'z'"):
        set_value(TEXT, ["units", "z", "at"], 1)
    with pytest.raises(Conflict, match="no 'deeper'"):
        set_value(TEXT, ["name", "deeper"], 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    )
)
@settings(max_examples=60)
def test_values_on_one_line_are_read_back(value):
    assert plain(f"a: {flow(value)}\n")["a"] == value


def test_diff_is_one_that_patch_takes():
    after = set_value(TEXT, ["name"], "large")
    found = diff("small.yaml", TEXT, after)
    assert found.startswith("--- a/small.yaml\n+++ b/small.yaml\n@@ -1,5 +1,5 @@\n # head\n-name: small  # the name\n")
    assert diff("x", TEXT, TEXT) == ""


@pytest.mark.parametrize(
    ("path", "value", "file"),
    [
        ("fire_units.patriot-odesa.position", [46.5, 30.6], "laydown.yaml"),
        ("fire_units.patriot-kyiv-east.magazine.pac-3-mse", 12, "laydown.yaml"),
        ("fire_units.hawk-ternopil.count", 3, "laydown.yaml"),
        ("doctrine.shots.drone.salvo", 2, "scenario.yaml"),
        ("integration", "alliance", "scenario.yaml"),
        ("effectors.pac-3-mse.kill_probability.ballistic", 0.5, "scenario.yaml"),
    ],
)
def test_a_scenarios_diff_means_the_same_as_the_setting(path, value, file):
    found = diffs(NIGHT, settings_of([Change(path, value)]))
    assert [one["name"] for one in found] == [file]
    lines = found[0]["diff"].splitlines()
    assert 0 < sum(line.startswith(("+", "-")) for line in lines) <= 6
    before = (NIGHT.parent / file).read_text(encoding="utf-8")
    assert found[0]["text"].count("#") == before.count("#")


def test_two_changes_of_one_unit_stand_in_one_diff():
    odesa = "fire_units.patriot-odesa"
    found = diffs(NIGHT, settings_of([Change(f"{odesa}.position", [46, 30]), Change(f"{odesa}.count", 2)]))
    assert found[0]["diff"].count("\n+") == 2  # the head and the unit's line


@pytest.mark.parametrize("path", ["terrain.files", "include", "name", "catalogue.threats", "start", "time_zone", "x=y"])
def test_only_what_a_page_edits_can_be_changed(path):
    with pytest.raises(InputError, match="cannot be changed from here"):
        settings_of([Change(path, "/etc/passwd")])


def test_wrong_values_are_told_as_in_the_command():
    with pytest.raises(InputError, match="patriot-odesa"):
        diffs(NIGHT, settings_of([Change("fire_units.patriot-odessa.position", [46, 30])]))
    with pytest.raises(TooLarge, match="20,000"):
        changed(NIGHT, [f"raids.{_salvo()}.count=30000"])


def _salvo() -> str:
    return shieldwall.load(str(NIGHT)).salvos[0].id


def test_settings_are_those_of_the_command_line():
    wanted = settings_of([Change("fire_units.patriot-odesa.position", [46.5, 30.6]), Change("integration", "sector")])
    assert wanted == ("fire_units.patriot-odesa.position=[46.5, 30.6]", 'integration="sector"')
    scenario = shieldwall.load(str(NIGHT), overrides=wanted)
    unit = next(one for one in scenario.fire_units if one.id == "patriot-odesa")
    assert (unit.position.latitude_deg, unit.position.longitude_deg) == (46.5, 30.6)
