"""Read the user's own copy of the public table of reported attacks, in a stream, and say what was left out and why.

Cleaning rules (each row they touch is listed in `AttackTable.treated`):

- dropped: no model, no end of window or no `launched`; a model that is not a strike weapon (kills only are reported);
- capped: `destroyed + not_reach_goal` above `launched` counts as `launched`;
- bundled: several models in one row cannot be split, so the row stays whole under its joint name;
- blank: no `destroyed` is read as none;
- backwards: a window that starts after it ends is dated by its end, like every other.

A night belongs to the date of `time_end`. A cell that cannot be read at all is refused with its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.validation.attack_block import COLUMNS, PLACE_COLUMN, Block
from shieldwall.validation.csv_place import cell_places, undecodable_place
from shieldwall.validation.launch_place import shares

REASONS = (
    "dropped: no model",
    "dropped: no time_end",
    "dropped: no launched",
    "dropped: not a strike weapon, kills only are reported",
    "capped: destroyed + not_reach_goal above launched",
    "bundled: several models in one row, kept whole",
    "blank: no destroyed, read as 0",
    "backwards: time_start after time_end, dated by its end",
)
_BLANKS = ["", "nan", "NaN", "NA", "None", "null"]
_BLOCK_BYTES = 4 << 20
_MOST_MISTAKES = 50
_MOST_MODELS = 10_000


@dataclass(frozen=True, slots=True)
class Tally:
    """What one night reports of one model: counts of weapons."""

    launched: int
    destroyed: int
    suppressed: int
    neutralised: int

    @property
    def leaked(self) -> int:
        """Return launched - neutralised."""
        return self.launched - self.neutralised


@dataclass(frozen=True, slots=True)
class Night:
    """All strike weapons reported for one date (of `time_end`), by model name; launch places where they are told.

    places : model -> place -> share of what was launched
    """

    date: dt.date
    tallies: Mapping[str, Tally]
    places: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def launched(self) -> int:
        """Return the number launched, all models."""
        return sum(t.launched for t in self.tallies.values())

    @property
    def leaked(self) -> int:
        """Return the number not neutralised, all models."""
        return sum(t.leaked for t in self.tallies.values())


@dataclass(frozen=True, slots=True)
class Treated:
    """Rows dropped or kept in another form: row (n,) from 1 below the header; reason (n,) index into REASONS."""

    row: NDArray[np.int64]
    reason: NDArray[np.uint8]

    def counts(self) -> dict[str, int]:
        """Return how many rows each reason touched, in the order of REASONS."""
        found = np.bincount(self.reason, minlength=len(REASONS))
        return {text: int(n) for text, n in zip(REASONS, found, strict=True) if n}

    def lines(self) -> Iterator[str]:
        """Yield "row N: reason" for every touched row, in the order of the file."""
        for row, reason in zip(self.row, self.reason, strict=True):
            yield f"row {row}: {REASONS[reason]}"


@dataclass(frozen=True, slots=True)
class AttackTable:
    """A cleaned table: nights in order of date, how many rows were read, and what cleaning did."""

    file: str
    rows: int
    nights: tuple[Night, ...]
    treated: Treated


def read_attack_table(file: Path) -> AttackTable:
    """Read and clean a table of reported attacks.

    Parameters
    ----------
    file : CSV, UTF-8, with a header that has at least COLUMNS

    Returns
    -------
    AttackTable

    Raises
    ------
    InputError
        File absent, empty or not UTF-8, column missing, or cells that cannot be read: each with line and column.

    Limits
    ------
    Read in blocks of 4 MiB: memory grows with nights x models and by 9 bytes a treated row, not with the file.
    """
    file = Path(file)
    columns = _checked_columns(file)
    sums: dict[tuple[int, str], NDArray[np.int64]] = {}
    cells: dict[tuple[int, str], dict[str, int]] = {}
    rows, rows_treated, reasons, bad = 0, [], [], []
    for batch in _batches(file, columns):
        block = Block(batch, rows)
        bad += block.bad
        if not bad:
            block.add_to(sums)
            block.add_places_to(cells)
            rows_treated.append(block.treated_row)
            reasons.append(block.treated_reason)
        rows += len(batch)
        if len(bad) >= _MOST_MISTAKES:
            break
        if len(sums) > _MOST_MODELS * 100 or len({model for _, model in sums}) > _MOST_MODELS:
            raise InputError(
                Mistake(str(file), 1, 1, f"more than {_MOST_MODELS:,} models", "is `model` the right column?")
            )
    if bad:
        raise InputError(_mistakes(file, sorted(bad)[:_MOST_MISTAKES]))
    empty_row, empty_reason = np.empty(0, np.int64), np.empty(0, np.uint8)
    treated = Treated(np.concatenate([empty_row, *rows_treated]), np.concatenate([empty_reason, *reasons]))
    return AttackTable(str(file), rows, _nights(sums, cells), treated)


def _checked_columns(file: Path) -> tuple[str, ...]:
    """Return the columns to read; refuse an absent or empty file, another encoding, a header without the columns."""
    name = str(file)
    try:
        with file.open("rb") as stream:
            start = stream.read(1 << 16)
    except OSError as error:
        raise InputError(
            Mistake(name, 0, 0, f"cannot be read ({error.strerror})", "give the path of the CSV file")
        ) from None
    if not start.strip():
        raise InputError(Mistake(name, 1, 1, "the file is empty", "download the table again"))
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start:
        raise InputError(Mistake(name, 1, 1, "not UTF-8 text (UTF-16, or not text at all)", "save it as CSV in UTF-8"))
    header = start.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip()
    found = [cell.strip().strip('"') for cell in header.split(",")]
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise InputError([Mistake(name, 1, 1, f"column '{c}' is missing", nearest(c, found)) for c in missing])
    twice = [column for column in COLUMNS if found.count(column) > 1]
    if twice:
        raise InputError(Mistake(name, 1, 1, f"column '{twice[0]}' stands twice", "keep one of them"))
    return (*COLUMNS, PLACE_COLUMN) if found.count(PLACE_COLUMN) == 1 else COLUMNS


def _batches(file: Path, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    """Yield blocks of the needed columns as text; reader's errors become InputError with a place."""
    try:
        reader = pa_csv.open_csv(
            file,
            read_options=pa_csv.ReadOptions(block_size=_BLOCK_BYTES, use_threads=False),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                null_values=_BLANKS,
                strings_can_be_null=True,
            ),
        )
        yield from reader
    except pa.ArrowInvalid as error:
        place = undecodable_place(file)
        if place:
            cure = "save it as CSV in UTF-8"
            raise InputError(Mistake(str(file), *place, "a byte that is not UTF-8", cure)) from None
        what = str(error).split("\n", 1)[0]
        raise InputError(
            Mistake(str(file), 0, 0, f"not a readable CSV file ({what})", "check quotes and commas")
        ) from None


def _mistakes(file: Path, bad: list[tuple[int, str, str]]) -> list[Mistake]:
    """Return the unreadable cells (row, column, what) as mistakes with line and column."""
    places = cell_places(file, [(row, column) for row, column, _ in bad])
    return [
        Mistake(str(file), *places[row, column], f"{column}: {what}", "correct the cell") for row, column, what in bad
    ]


def _nights(
    sums: Mapping[tuple[int, str], NDArray[np.int64]], cells: Mapping[tuple[int, str], Mapping[str, int]]
) -> tuple[Night, ...]:
    """Sort the sums into nights; models in order of name, those with none launched left out."""
    by_day: dict[int, dict[str, Tally]] = {}
    placed: dict[int, dict[str, Mapping[str, float]]] = {}
    for (day, model), counts in sorted(sums.items()):
        if counts[0] > 0:
            by_day.setdefault(day, {})[model] = Tally(*(int(c) for c in counts))
            if any(cells.get((day, model), {}).values()):
                placed.setdefault(day, {})[model] = shares(sorted(cells[day, model].items()))
    epoch = dt.date(1970, 1, 1)
    return tuple(
        Night(epoch + dt.timedelta(days=day), tallies, placed.get(day, {})) for day, tallies in sorted(by_day.items())
    )
