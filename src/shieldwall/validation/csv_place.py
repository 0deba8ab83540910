"""Find the line and column of a cell, or of a byte that is not UTF-8, in a CSV file that was found wrong."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path


def cell_places(file: Path, cells: Iterable[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the line and column, counted from 1, where each cell starts.

    Parameters
    ----------
    file : CSV in UTF-8
    cells : (row, column name); row 0 is the first row below the header

    Returns
    -------
    (row, column name) -> (line, column); a row that spans several lines is placed at its first line, column 1
    """
    wanted: dict[int, list[str]] = {}
    for row, name in cells:
        wanted.setdefault(row, []).append(name)
    places: dict[tuple[int, str], tuple[int, int]] = {}
    lines: list[str] = []

    def remembered(stream: Iterable[str]) -> Iterator[str]:
        for text in stream:
            lines.append(text)
            yield text

    with file.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(remembered(stream))
        header = [name.strip() for name in next(reader)]
        row = 0
        lines.clear()
        for found in reader:
            if found:
                for name in wanted.pop(row, ()):
                    column = _field_start(lines[0], header.index(name)) if len(lines) == 1 else 1
                    places[row, name] = (reader.line_num - len(lines) + 1, column)
                row += 1
            lines.clear()
            if not wanted:
                break
    return places


def _field_start(line: str, index: int) -> int:
    """Return the column, from 1, at which field `index` of a one-line row starts."""
    quoted, field = False, 0
    for position, letter in enumerate(line):
        if field == index:
            return position + 1
        if letter == '"':
            quoted = not quoted
        elif letter == "," and not quoted:
            field += 1
    return len(line.rstrip("\r\n")) + 1


def undecodable_place(file: Path) -> tuple[int, int] | None:
    """Return the line and the byte within it, from 1, of the first byte that is not UTF-8, or None if all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            try:
                decoder.decode(raw)
            except UnicodeDecodeError as error:
                return number, error.start + 1
    return None
