"""The reader on crafted traps: each is one that the public table holds or could hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shieldwall.core.errors import InputError
from shieldwall.validation.attack_table import AttackTable, read_attack_table
from shieldwall.validation.weapon_model import is_strike, parts, sharing_group, threat_class

HEADER = "time_start,time_end,model,target,launched,destroyed,not_reach_goal,affected region"


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    file = folder / "attacks.csv"
    file.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return file


def read(folder: Path, *rows: str) -> AttackTable:
    return read_attack_table(write(folder, *rows))


def test_bare_dates_and_clock_times_are_both_read_and_a_night_belongs_to_its_end(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "2024-12-30 20:30,2024-12-31 12:00,Shahed-136/131,Ukraine,40.0,16.0,23.0,",
        "2024-12-30,2024-12-31,Kalibr,Ukraine,4,3,,",
        "2024-12-29,2024-12-29 08:00:00,Kalibr,Ukraine,2,2,,",
    )
    assert [n.date for n in table.nights] == [dt.date(2024, 12, 29), dt.date(2024, 12, 31)]
    assert table.nights[1].launched == 44
    assert table.nights[1].leaked == 2
    assert table.treated.counts() == {}


def test_rows_of_one_model_and_night_are_added(tmp_path: Path) -> None:
    row = "2024-05-01,2024-05-01,Kalibr,Ukraine,4,3,,"
    tally = read(tmp_path, row, row).nights[0].tallies["Kalibr"]
    assert (tally.launched, tally.destroyed, tally.suppressed, tally.neutralised, tally.leaked) == (8, 6, 0, 6, 2)


def test_every_dropped_or_changed_row_is_listed_with_its_reason(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "2024-05-01,2024-05-01,Orlan-10,Ukraine,3,3,,",
        "2024-05-01,2024-05-01,C-300,Ukraine,,0,,",
        "2024-05-01,,Kalibr,Ukraine,2,0,,",
        "2024-05-01,2024-05-01,,Ukraine,2,0,,",
        "2024-05-01,2024-05-01,Shahed-136/131,Ukraine,16,15,11,",
        "2024-05-01,2024-05-01,X-101/X-555 and Kalibr,Ukraine,30,25,,",
        "2024-05-01,2024-05-01,Kinzhal,Ukraine,5,,,",
        "2024-05-03,2024-05-02,Kalibr,Ukraine,5,5,,",
        "2024-05-03,2024-05-04,Kalibr,Ukraine,5,5,,",
    )
    assert list(table.treated.lines()) == [
        "row 1: dropped: not a strike weapon, kills only are reported",
        "row 2: dropped: no launched",
        "row 3: dropped: no time_end",
        "row 4: dropped: no model",
        "row 5: capped: destroyed + not_reach_goal above launched",
        "row 6: bundled: several models in one row, kept whole",
        "row 7: blank: no destroyed, read as 0",
        "row 8: backwards: time_start after time_end, dated by its end",
    ]
    night = table.nights[0]
    assert night.tallies["Shahed-136/131"].leaked == 0
    assert night.tallies["X-101/X-555 and Kalibr"].leaked == 5
    assert night.tallies["Kinzhal"].leaked == 5


@pytest.mark.parametrize(
    ("row", "line", "column", "what"),
    [
        ("2024-05-01,2024-05-01,Kalibr,Ukraine,four,3,,", 3, 38, "launched: 'four' is not a count"),
        ("2024-05-01,2024-05-01,Kalibr,Ukraine,4,-1,,", 3, 40, "destroyed: '-1' is not a count"),
        ("2024-05-01,2024-05-01,Kalibr,Ukraine,4,1.5,,", 3, 40, "destroyed: '1.5' is not a count"),
        ("2024-05-01,2024-05-01,Kalibr,Ukraine,4,inf,,", 3, 40, "destroyed: 'inf' is not a count"),
        ("2024-05-01,2024-05-01,Kalibr,Ukraine,1e12,1,,", 3, 38, "launched: '1e12' is not a count"),
        ("2024-05-01,2024-13-01,Kalibr,Ukraine,4,1,,", 3, 12, "time_end: '2024-13-01' is not a date"),
        ("2024-05-01,2024-02-30 08:00,Kalibr,Ukraine,4,1,,", 3, 12, "time_end: '2024-02-30 08:00' is not a date"),
        ("1 May 2024,2024-05-01,Kalibr,Ukraine,4,1,,", 3, 1, "time_start: '1 May 2024' is not a date"),
        ('2024-05-01,2024-05-01,"Kalibr, sea",Ukraine,x,1,,', 3, 45, "launched: 'x' is not a count"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_line_and_column(
    tmp_path: Path, row: str, line: int, column: int, what: str
) -> None:
    file = write(tmp_path, "2024-05-01,2024-05-01,Kalibr,Ukraine,4,1,,", row)
    with pytest.raises(InputError) as caught:
        read_attack_table(file)
    mistake = caught.value.mistakes[0]
    assert (mistake.line, mistake.column) == (line, column)
    assert what in mistake.what
    assert str(mistake).startswith(f"{file}:{line}:{column}: ")


def test_all_bad_cells_are_reported_at_once_and_lines_count_broken_ones(tmp_path: Path) -> None:
    good = '2024-05-01,2024-05-01,Kalibr,"Kyiv\noblast",4,1,,'
    file = write(tmp_path, good, "2024-05-01,2024-05-01,Kalibr,Ukraine,a,b,,")
    with pytest.raises(InputError) as caught:
        read_attack_table(file)
    assert [(m.line, m.column) for m in caught.value.mistakes] == [(4, 38), (4, 40)]


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    file = write(tmp_path, "2024-05-01,2024-05-01,Kalibr,4,1,", header="time_start,time_end,model,lanched,destroyed,x")
    with pytest.raises(InputError, match="column 'launched' is missing; did you mean 'lanched'") as caught:
        read_attack_table(file)
    assert [m.what for m in caught.value.mistakes][1] == "column 'not_reach_goal' is missing"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "attacks.csv"
    file.write_bytes((HEADER + "\n2024-05-01,2024-05-01,Kalibr,Ukraine,4,1,,\n").encode(encoding))
    with pytest.raises(InputError, match="not UTF-8 text"):
        read_attack_table(file)


def test_a_single_byte_encoding_is_refused_at_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "attacks.csv"
    file.write_bytes(HEADER.encode() + b"\n" + "2024-05-01,2024-05-01,Привет-82,Ukraine,4,1,,\n".encode("cp1251"))
    with pytest.raises(InputError, match="a byte that is not UTF-8; save it as CSV in UTF-8") as caught:
        read_attack_table(file)
    assert (caught.value.mistakes[0].line, caught.value.mistakes[0].column) == (2, 23)


def test_a_byte_order_mark_and_another_order_of_columns_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "attacks.csv"
    header = "model,launched,destroyed,not_reach_goal,time_end,time_start"
    file.write_text(f"{header}\r\nKalibr,4,1,,2024-05-01,2024-05-01\r\n", encoding="utf-8-sig")
    assert read_attack_table(file).nights[0].leaked == 3


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "attacks.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the file is empty"):
        read_attack_table(file)


def test_an_absent_file_and_a_ragged_row_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_attack_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="not a readable CSV file"):
        read_attack_table(write(tmp_path, "2024-05-01,2024-05-01,Kalibr"))


def test_a_header_alone_gives_no_nights(tmp_path: Path) -> None:
    table = read(tmp_path)
    assert (table.rows, table.nights) == (0, ())


def test_a_long_file_is_read_in_blocks(tmp_path: Path) -> None:
    rows = 120_000  # about 6 MB: more than one block
    file = write(tmp_path, *["2024-05-01,2024-05-01,Kalibr,Ukraine,4,1,,"] * rows, "2024-05-01,2024-05-01,ZALA,,1,1,,")
    table = read_attack_table(file)
    assert table.rows == rows + 1
    assert table.nights[0].launched == 4 * rows
    assert list(table.treated.lines()) == [f"row {rows + 1}: dropped: not a strike weapon, kills only are reported"]


@pytest.mark.parametrize(
    ("model", "strike", "kind", "group"),
    [
        ("Shahed-136/131", True, "drone", "drone"),
        ("Geran-3", True, "drone", "drone"),
        ("X-101/X-555", True, "cruise", "cruise"),
        ("Х-101/Х-555", True, "cruise", "cruise"),  # noqa: RUF001  Cyrillic letters
        ("Kh-59MK2", True, "cruise", "cruise"),
        ("Iskander-K", True, "cruise", "cruise"),
        ("Iskander-M/KN-23", True, "ballistic", "fast"),
        ("C-300/C-400", True, "ballistic", "fast"),
        ("X-31PD", True, "anti_radiation", "fast"),
        ("X-22 and X-32", True, "supersonic", "fast"),
        ("X-22 and X-31P", True, "unclassified", "fast"),
        ("X-47 Kinzhal", True, "hypersonic", "fast"),
        ("Intercontinental Ballistic Missile", True, "intercontinental", "fast"),
        ("Iskander-M and Iskander-K", True, "unclassified", "unclassified"),
        ("Unknown Missile", True, "unclassified", "unclassified"),
        ("Unknown UAV", False, "unclassified", "unclassified"),
        ("Orlan-10 and ZALA", False, "unclassified", "unclassified"),
        ("Shahed-136/131 and Lancet", False, "unclassified", "unclassified"),
        ("GBU", False, "unclassified", "unclassified"),
        ("Kub", False, "unclassified", "unclassified"),
    ],
)
def test_names_are_sorted_as_the_table_spells_them(model: str, strike: bool, kind: str, group: str) -> None:
    assert is_strike(model) is strike
    assert threat_class(model) == kind
    assert sharing_group(model) == group


def test_a_bundle_names_its_parts() -> None:
    assert parts("X-101/X-555 and Kalibr and Iskander-K") == ("X-101/X-555", "Kalibr", "Iskander-K")
