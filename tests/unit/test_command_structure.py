# ruff: noqa: E501  (messages stand here as the user sees them)
"""The command structure: who leads whom when, and what a user is told who writes it wrong."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

import shieldwall
from shieldwall.battle_management.structure import FOR_GOOD_S, Link, Node, Pace, Structure, common, spells_of
from shieldwall.core.errors import InputError

PACE = Pace(10.0, 20.0)

BASE = """\
shieldwall: 1
name: two-towns
time_zone: UTC
start: 2026-01-15 20:00
assets: [{id: town, kind: city, position: [54.35, 18.65]}]
sensors: [{id: eye, type: p-18-class, position: town, sector: north}]
fire_units: [{id: battery, type: nasams-battery, position: town, sector: north, count: 2}]
raids: [{id: drones, type: shahed-136, count: 2, from: [[54.7, 20.5]], aim: [town], arrive: "02:00"}]
structure:
  nodes:
    - {id: top, level: alliance}
    - {id: north, level: sector, parent: top, operators: 2, queue: 5}
  members:
    top: [eye]
  links:
    - {from: battery, to: north, latency: 2 s, outages: [{from: "01:00", to: "02:00"}]}
  losses:
    - {node: north, at: "01:30", repair: 90 min}
"""

MISTAKES = [
    ("parent: top", "parent: tip", "12:42: structure.nodes.north.parent: there is no node 'tip'; did you mean 'top'?"),
    ("alliance}", "alliance, parent: north}", "11:42: structure.nodes.top.parent: 'north' is of level sector, below alliance; give it a parent of level alliance or above"),
    ("alliance}", "alliance, parent: north}", "11:42: structure.nodes.top.parent: a circle: top under north under top; leave out one parent; the highest node has none"),
    ("parent: top", "parent: [top, eye]", "12:42: structure.nodes.north.parent: a list is not text; write a word"),
    ("id: top", "id: north", "12:12: structure.nodes.north.id: the id 'north' is given twice; give the node another id"),
    ("id: top", "id: battery", "11:12: structure.nodes.battery.id: 'battery' is a fire unit or sensor; give the node another id"),
    ("operators: 2", "operators: -2", "12:58: structure.nodes.north.operators: -2 is less than 1; write a whole number, 1 or more"),
    ("operators: 2, ", "", "12:54: structure.nodes.north.queue: there is nobody to wait for; add operators: 1, or leave out queue"),
    ("level: sector", "level: corps", "12:26: structure.nodes.north.level: 'corps' is not valid here; did you mean 'sector'?"),
    ("top: [eye]", "top: [eyes]", "14:11: structure.members.top.0: there is no fire unit, sensor or sector 'eyes'; did you mean 'eye'?"),
    ("top: [eye]", "top: [eye]\n    north: [eye]", "15:13: structure.members.north.0: 'eye' hangs on 'top' already; name it under one node only"),
    ("top: [eye]", "tip: [eye]", "14:5: structure.members.tip: there is no node 'tip'; did you mean 'top'?"),
    ("from: battery", "from: batery", "16:14: structure.links.0.from: there is no node, fire unit or sensor 'batery'; did you mean 'battery'?"),
    ("to: north", "to: top", "16:27: structure.links.0.to: 'top' is not the node above 'battery'; write to: north"),
    ("2 s", "-2 s", "16:43: structure.links.0.latency: '-2 s' is below 0 s; write for example '15 min'"),
    ("latency: 2 s", "capacity: 0 1/s", "16:44: structure.links.0.capacity: '0 1/s' is below 1e-06 1/s; write for example '0.5 1/s'"),
    ("latency: 2 s", "capacity: 2 s", "16:44: structure.links.0.capacity: 's' is a time; a rate is needed here: 1/s, 1/min, 1/h, rounds/min"),
    ("latency: 2 s", "capacity: many", "16:44: structure.links.0.capacity: 'many' is not a quantity; write a number and a unit: 1/s, 1/min, 1/h, rounds/min"),
    ("latency: 2 s", "capacity: [2]", "16:44: structure.links.0.capacity: a list is not a quantity; write a number and a unit, as '0.5 1/s'"),
    ('repair: 90 min}', 'repair: 90 min}\n  cut_off: fee', "19:12: structure.cut_off: 'fee' is not valid here; did you mean 'free'?"),
    ('to: "02:00"', 'to: "00:30"', "16:78: structure.links.0.outages.0.to: the outage ends before it begins; write a later time, with its date if need be"),
    ("node: north", "node: nord", "18:14: structure.losses.0.node: there is no node 'nord'; did you mean 'north'?"),
    ('at: "01:30"', "at: 2026-01-15 19:00", "18:25: structure.losses.0.at: 2026-01-15 19:00 lies before the start; write a later time, or an earlier start"),
    ("repair", "repairs", "18:34: structure.losses.0: unknown key 'repairs'; did you mean 'repair'?"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "instead", "message"), MISTAKES)
def test_mistake_is_told_with_place_and_cure(text: str, instead: str, message: str, tmp_path: Path) -> None:
    assert text in BASE
    path = tmp_path / "scenario.yaml"
    path.write_text(BASE.replace(text, instead, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        shieldwall.load(path)
    assert message in [str(mistake).removeprefix(f"{path}:") for mistake in caught.value.mistakes]


def test_what_is_written_is_what_is_frozen(tmp_path: Path) -> None:
    """Copies hang where the original hangs; the unit without a word about it on the node of its sector."""
    path = tmp_path / "scenario.yaml"
    path.write_text(BASE, encoding="utf-8")
    scenario = shieldwall.load(path)
    structure = scenario.structure
    assert structure is not None
    assert structure.parent == {"battery": "north", "battery~2": "north", "eye": "top"}
    assert structure.links["battery~2"] == Link(2.0, ((18_000.0, 21_600.0),))
    north, top = structure.nodes
    assert (north.parent, north.operators, north.queue, north.lost) == ("top", 2, 5, ((19_800.0, 25_200.0),))
    assert top.operators == -1
    path.write_text(BASE.replace("latency: 2 s", "capacity: 30 1/min"), encoding="utf-8")
    narrow = shieldwall.load(path).structure
    assert narrow is not None
    assert narrow.links["battery"].report_s == narrow.links["battery~2"].report_s == 2.0
    path.write_text(BASE.partition("structure:")[0], encoding="utf-8")
    assert shieldwall.load(path).structure is None
    assert shieldwall.load(path).hash != scenario.hash


def test_levels_of_integration_give_their_nodes() -> None:
    """A node that a level does not have cannot be lost there."""
    lost = "structure={losses: [{node: pl, at: '02:00'}, {node: alliance, at: '03:00'}]}"
    for level, count in (("autonomous", 0), ("sector", 6), ("alliance", 7)):
        structure = shieldwall.load("fourfold", overrides=[f"integration={level}", lost]).structure
        assert structure is not None
        assert len(structure.nodes) == count
        assert {node.id for node in structure.nodes if node.lost} == ({"pl", "alliance"} if count == 7 else {"pl"}) - (
            {"pl"} if count == 0 else set()
        )


def _structure(**links: Link) -> Structure:
    nodes = (
        Node("top", "alliance", "", PACE, -1, -1, False, ((50.0, 60.0),)),
        Node("sector", "sector", "top", PACE, -1, -1, False, ((20.0, 30.0), (90.0, FOR_GOOD_S))),
    )
    return Structure(nodes, {"unit": "sector"}, links, PACE, False)


def test_the_highest_node_reached_leads() -> None:
    structure = _structure(unit=Link(1.0, ((25.0, 40.0),)), sector=Link(4.0, ((55.0, 70.0),)))
    found = [(s.from_s, s.until_s, s.root, s.latency_s) for s in spells_of(structure, "unit")]
    assert found == [
        (-inf, 20.0, "top", 5.0),
        (20.0, 40.0, "unit", 0.0),
        (40.0, 50.0, "top", 5.0),
        (50.0, 70.0, "sector", 1.0),
        (70.0, 90.0, "top", 5.0),
        (90.0, inf, "unit", 0.0),
    ]
    assert [s.root for s in spells_of(structure, "stranger")] == ["stranger"]


def test_common_intervals() -> None:
    assert common(((0.0, 10.0), (20.0, 30.0)), ((5.0, 25.0),)) == ((5.0, 10.0), (20.0, 25.0))
    assert common(((0.0, 10.0),), ((10.0, 20.0),)) == ()
