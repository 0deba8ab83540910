"""Every rule of the catalogue refuses what breaks it, at its line and column, and says the cure."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from shieldwall.catalogue.load import DATA_FOLDER, check_catalogue, load_catalogue
from shieldwall.core.errors import InputError

THREAT = "threats/kh-101.yaml"
REASON = '"No delay is published."'
COMMAND = """\
id: sector
name: Sector command
identification: {value: 15, unit: s, low: 5, high: 60, confidence: assumed, reason: "No delay is published."}
command: {value: 20, unit: s, low: 5, high: 60, confidence: published, source: [known]}
delay: exponential
"""
SOURCES = """\
known:
  title: "A known page"
  publisher: "A publisher"
  date: 2024-05-30
  address: https://example.org/known
  accessed: 2024-06-01
book:
  title: "A book"
  publisher: "A publisher"
  date: 1999
  address: null
  accessed: null
  reason: "printed only"
"""


def _folder(tmp_path: Path, command: str = COMMAND, sources: str = SOURCES, name: str = "sector") -> Path:
    (tmp_path / "command").mkdir()
    (tmp_path / "command" / f"{name}.yaml").write_text(command, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(sources, encoding="utf-8")
    return tmp_path


def test_the_base_of_these_tests_is_right(tmp_path: Path) -> None:
    assert check_catalogue(_folder(tmp_path)) == []


# what is replaced, by what, line and column, what is wrong, the cure
CASES = {
    "no unit": ("unit: s, low: 5, high: 60, confidence: a", "low: 5, high: 60, confidence: a", 3, 1,
                "identification: the figure 15 has no unit", "add unit:"),
    "bare number": ("{value: 15, unit: s, low: 5, high: 60, confidence: assumed, reason: \"No delay is published.\"}",
                    "15", 3, 1, "identification: 15 is not a figure", "write {value:"),
    "unknown unit": ("value: 15, unit: s,", "value: 15, unit: parsec,", 3, 1, "unknown unit 'parsec'", "use one of"),
    "other dimension": ("value: 15, unit: s,", "value: 15, unit: km,", 3, 1, "'km' is a length; a time is needed",
                        "use one of: s, min, h"),
    "no source": ("published, source: [known]", "published", 4, 1, "a published figure names no source", "add source:"),
    "no address": ("[known]", "[book]", 4, 1, "a published figure names no source with an address", "add the address"),
    "unknown source": ("[known]", "[knovn]", 4, 72, "the source 'knovn' is unknown", "did you mean 'known'?"),
    "derived without reason": ("published,", "derived,", 4, 1, "a derived figure has no reason", "say in reason:"),
    "assumed without reason": (', reason: "No delay is published."', "", 3, 1, "an assumed figure has no reason",
                               "say in reason:"),
    "assumed without range": ("value: 15, unit: s, low: 5, high: 60", "value: 15, unit: s, low: 15, high: 15", 3, 1,
                              "an assumed figure has no range", "give low: below high:"),
    "range left out": ("low: 5, high: 60, confidence: p", "confidence: p", 4, 1, "the figure has no range",
                       "give low:"),
    "value under low": ("value: 15,", "value: 4,", 3, 1, "low 5, value 4, high 60 are out of order",
                        "write low <= value <= high"),
    "value over high": ("value: 15,", "value: 61,", 3, 1, "low 5, value 61, high 60 are out of order", "write low"),
    "null without reason": (f"value: 15, unit: s, low: 5, high: 60, confidence: assumed, reason: {REASON}",
                            "value: null, unit: s, confidence: assumed", 3, 1, "the value is null without a reason",
                            "say in reason:"),
    "text for a number": ("value: 15,", "value: fast,", 3, 18, "identification.value: Input should be a valid number",
                          "got 'fast'"),
    "not a number": ("value: 15,", "value: .nan,", 3, 18, "finite number", "got"),
    "boolean": ("value: 15,", "value: true,", 3, 18, "valid number", "got"),
    "negative": ("low: 5, high: 60, confidence: a", "low: -5, high: 60, confidence: a", 3, 1,
                 "-5 s is out of physical bounds", "write between 0"),
    "unknown confidence": ("confidence: published", "confidence: publishd", 4, 49, "cannot be 'publishd'",
                           "did you mean 'published'?"),
    "unknown key in a figure": ("low: 5, high: 60, confidence: a", "lov: 5, high: 60, confidence: a", 3, 38,
                                "unknown key 'identification.lov'", "did you mean 'low'?"),
    "unknown key": ("delay:", "comand: x\ndelay:", 5, 1, "unknown key 'comand'", "did you mean 'command'?"),
    "missing key": ("delay: exponential\n", "", 1, 1, "'delay' is missing", "add delay:"),
    "unknown word": ("delay: exponential", "delay: exponental", 5, 1, "cannot be 'exponental'", "'exponential'?"),
    "id is not the name": ("id: sector", "id: sektor", 1, 1, "the id 'sektor' is not the file's name", "write sector"),
    "syntax": ("delay: exponential", "delay: [exponential", 6, 1, "this is not YAML", "mend the syntax"),
    "duplicate key": ("delay: exponential", "name: Again\ndelay: exponential", 5, 1, "this is not YAML", "mend"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_broken_entry_is_refused_where_it_is_broken(case: str, tmp_path: Path) -> None:
    old, new, line, column, what, cure = CASES[case]
    assert COMMAND.count(old) == 1
    mistakes = check_catalogue(_folder(tmp_path, COMMAND.replace(old, new)))
    assert [(m.file, m.line, m.column) for m in mistakes] == [("command/sector.yaml", line, column)]
    assert what in mistakes[0].what
    assert cure in mistakes[0].cure


def test_all_mistakes_come_at_once_and_stop_the_load(tmp_path: Path) -> None:
    broken = COMMAND.replace("unit: s, low: 5, high: 60, confidence: a", "low: 5, high: 60, confidence: a")
    folder = _folder(tmp_path, broken.replace("[known]", "[]"), SOURCES.replace('  reason: "printed only"\n', ""))
    with pytest.raises(InputError) as raised:
        load_catalogue(folder)
    assert [(m.file, m.line) for m in raised.value.mistakes] == [
        ("command/sector.yaml", 3),
        ("command/sector.yaml", 4),
        ("sources.yaml", 7),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("address: https://example.org/known", "address: example.org", 5, "address cannot be 'example.org'"),
        ("date: 2024-05-30", "date: May 2024", 4, "date cannot be 'May 2024'"),
        ('  title: "A known page"\n', "", 1, "'title' is missing"),
    ],
)
def test_a_broken_source_is_refused(old: str, new: str, line: int, what: str, tmp_path: Path) -> None:
    mistakes = check_catalogue(_folder(tmp_path, sources=SOURCES.replace(old, new)))
    assert (mistakes[0].file, mistakes[0].line) == ("sources.yaml", line)
    assert what in mistakes[0].what


def test_a_file_in_no_group_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "threat").mkdir()
    (folder / "threat" / "x.yaml").write_text("id: x\n", encoding="utf-8")
    mistakes = check_catalogue(folder)
    assert [str(m) for m in mistakes] == ["threat/x.yaml:0:0: there is no group 'threat'; did you mean 'threats'?"]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such folder"):
        load_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("fire_units/nasams-battery.yaml", "effector: amraam", "effector: amram", "'amram' is not among the effectors"),
        ("fire_units/nasams-battery.yaml", "radar: nasams-radar", "radar: nasam-radar", "not among the sensors"),
        ("doctrine/standard.yaml", "[gun, ", "[gum, ", "'gum' is not among the effectors and their kinds"),
        ("nations/DE.yaml", "patriot-battery:", "patriot:", "'patriot' is not among the fire_units"),
        ("aircraft/f-16.yaml", "[amraam-air,", "[amraam-airs,", "'amraam-airs' is not among the effectors"),
        ("effectors/stinger.yaml", "range:\n  cruise:", "range:\n  ballistic:", "do not name the same classes"),
        ("effectors/stinger.yaml", "range:\n  cruise:", "range:\n  cruse:", "cannot be 'cruse'"),
        ("threats/iskander-m.yaml", "apogee:", "apoge:", "unknown key 'apoge'"),
        ("sensors/nasams-radar.yaml", "range:", "rnge:", "unknown key 'rnge'"),
        ("fire_units/gepard.yaml", "channels: {value: 1,", "channels: {value: 1.5,", "1.5 is not a whole number"),
        ("threats/kh-101.yaml", "speed: {value: 750, unit: km/h", "speed: {value: 750, unit: km/s", "physical bounds"),
    ],
)
def test_the_shipped_catalogue_broken_in_one_place(file: str, old: str, new: str, what: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA_FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    mistakes = check_catalogue(folder)
    assert {m.file for m in mistakes} == {file}
    assert any(what in m.what for m in mistakes), mistakes
    assert all(m.line > 0 and m.column > 0 and m.cure for m in mistakes)


def test_a_mistake_prints_file_line_column_what_and_cure(tmp_path: Path) -> None:
    mistakes = check_catalogue(_folder(tmp_path, COMMAND.replace("[known]", "[knovn]")))
    assert re.fullmatch(
        r"command/sector\.yaml:4:72: command: the source 'knovn' is unknown; did you mean 'known'\?", str(mistakes[0])
    )
