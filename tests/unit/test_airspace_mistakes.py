# ruff: noqa: E501  (messages stand here as the user sees them)
"""What a user is told of mistakes in airspace control, with line and column, and what a zone becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

import shieldwall
from shieldwall.battle_management.airspace import FREE, HOLD, NO_CEILING_M, TIGHT, level_for
from shieldwall.core.errors import InputError

BASE = """\
shieldwall: 1
name: zones
time_zone: UTC
start: 2026-01-15 20:00
assets: [{id: town, kind: city, position: [54.35, 18.65]}]
areas:
  - {id: west, polygon: [[54, 18], [54, 19], [55, 19]]}
airspace:
  - {id: fez, kind: fighter, area: west, height_min: 1 km, height_max: 12 km}
  - {id: mez, kind: missile, area: west}
  - {id: jez, kind: joint, area: west}
  - {id: lane, kind: corridor, area: west}
  - {id: road, kind: corridor, area: west, control: tight}
raids:
  - {id: drones, type: shahed-136, count: 1, from: [[54.7, 20.5]], aim: [town], launch: "21:00"}
"""

# (text, instead of it, what is told)
MISTAKES = [
    ("fighter, area: west", "fighter, area: wset", "9:36: airspace.fez.area: there is no area 'wset'; did you mean 'west'?"),
    ("kind: fighter", "kind: figther", "9:21: airspace.fez.kind: 'figther' is not valid here; did you mean 'fighter'?"),
    ("kind: missile,", "", "10:5: airspace.mez: key 'kind' is missing"),
    (
        "height_min: 1 km",
        "height_min: 12 km",
        "9:73: airspace.fez.height_max: nothing lies between 12,000 m and 12,000 m; raise height_max above height_min, or leave it out",
    ),
    ("height_min: 1 km", "height_min: -1 km", "9:54: airspace.fez.height_min: '-1 km' is below 0 m; write for example '40 km'"),
    ("height_max: 12 km", "height_max: 12", "9:72: airspace.fez.height_max: 12 has no unit"),
    (
        "missile, area: west",
        "missile, area: west, control: tight",
        "10:51: airspace.mez.control: a missile zone lets batteries shoot and no fighter; leave out control, or write kind: corridor",
    ),
    (
        "joint, area: west",
        "joint, area: west, control: hold",
        "11:49: airspace.jez.control: a joint zone is under tight control always; leave out control, or write kind: corridor",
    ),
    ("control: tight", "control: free", "13:53: airspace.road.control: 'free' is not valid here; use one of: hold, tight"),
    ("id: jez", "id: mez", "11:10: airspace: the id 'mez' is given twice (first to one of airspace at"),
    ("id: jez", "id: town", "11:10: airspace: the id 'town' is given twice (first to one of assets at"),
    ("kind: joint", "kind: joint, from: '22:00'", "11:28: airspace.jez: unknown key 'from'"),
]  # fmt: skip


def written(folder: Path, text: str) -> Path:
    """Return the file of a scenario."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "instead", "told"), MISTAKES)
def test_mistakes(tmp_path: Path, text: str, instead: str, told: str) -> None:
    assert text in BASE
    with pytest.raises(InputError) as refused:
        shieldwall.load(written(tmp_path, BASE.replace(text, instead, 1)))
    assert told in str(refused.value)


def test_no_areas(tmp_path: Path) -> None:
    lines = [line for line in BASE.splitlines() if "polygon" not in line and line != "areas:"]
    with pytest.raises(InputError) as refused:
        shieldwall.load(written(tmp_path, "\n".join(lines) + "\n"))
    assert "airspace.fez.area: there is no area 'west'; define it first, under areas" in str(refused.value)


def test_zones(tmp_path: Path) -> None:
    scenario = shieldwall.load(written(tmp_path, BASE))
    zones = {zone.id: zone for zone in scenario.airspace}
    assert (zones["fez"].height_min_m, zones["fez"].height_max_m) == (1_000.0, 12_000.0)
    assert (zones["mez"].height_min_m, zones["mez"].height_max_m) == (0.0, NO_CEILING_M)
    assert [z.control for z in scenario.airspace] == ["free", "free", "tight", "hold", "tight"]
    levels = {name: (level_for(zone, "ground"), level_for(zone, "air")) for name, zone in zones.items()}
    assert levels == {
        "fez": (HOLD, FREE),
        "mez": (FREE, HOLD),
        "jez": (TIGHT, TIGHT),
        "lane": (HOLD, HOLD),
        "road": (TIGHT, TIGHT),
    }


def test_only_named_zones_are_hashed(tmp_path: Path) -> None:
    """Without zones the hash is that of before; with other words of the same zone it stays; a height changes it."""
    plain = "\n".join(line for line in BASE.splitlines() if "area: west" not in line and line != "airspace:") + "\n"
    hashes = [
        shieldwall.load(written(tmp_path, text)).hash
        for text in (
            plain, plain + "airspace: []\n", BASE, BASE.replace("12 km", "12000 m"), BASE.replace("12 km", "11 km"),
        )
    ]  # fmt: skip
    assert hashes[0] == hashes[1]
    assert hashes[2] == hashes[3]
    assert len(set(hashes)) == 3
