"""`shieldwall catalogue`: what it knows, from where, how sure."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from shieldwall.catalogue.load import check_catalogue, load_catalogue
from shieldwall.catalogue.records import GROUPS
from shieldwall.catalogue.show import find_entry, list_entries, show_entry
from shieldwall.cli.terminal import answers, print_json, table
from shieldwall.core.errors import InputError, Mistake, nearest


def list_groups(group: str | None, *, as_json: bool) -> None:
    """Print the entries of one group or of all, with how many of their figures are how sure."""
    if group is not None and group not in GROUPS:
        raise InputError(Mistake("", 0, 0, f"the catalogue has no group '{group}'", nearest(group, GROUPS)))
    rows = [row for row in list_entries(load_catalogue()) if group in (None, row.group)]
    if as_json:
        print_json({"entries": [dataclasses.asdict(row) for row in rows]})
        return
    shown = table("", "group", "id", "name", "published", "derived", "assumed", "unknown", left=3)
    for row in rows:
        counts = (row.published, row.derived, row.assumed, row.unknown)
        shown.add_row(row.group, row.id, row.name, *(str(count) if count else "-" for count in counts))
    answers().print(shown)


def show(name: str, *, as_json: bool) -> None:
    """Print every figure of one entry, then its sources."""
    catalogue = load_catalogue()
    group, record = find_entry(catalogue, name)
    rows = show_entry(catalogue, name)
    if as_json:
        print_json(
            {"group": group, "id": record.id, "name": record.name, "figures": [dataclasses.asdict(r) for r in rows]}
        )
        return
    console = answers()
    shown = table(
        f"{record.name} ({group}.{record.id})", "figure", "value", "low", "high", "unit", "confidence", "source"
    )
    for place in (4, 5, 6):
        shown.columns[place].justify = "left"
        shown.columns[place].no_wrap = False
    for row in rows:
        shown.add_row(
            row.figure,
            _cell(row.value),
            _cell(row.low),
            _cell(row.high),
            row.unit,
            row.confidence,
            ", ".join(row.sources),
        )
    console.print(shown)
    for row in rows:
        if row.reason:
            console.print(f"{row.figure}: {row.reason}")
    console.print()
    for key in sorted({key for row in rows for key in row.sources}):
        source = catalogue.sources[key]
        console.print(f"[{key}] {source.title}. {source.publisher}, {source.date}. {source.address}")


def check(folder: Path | None) -> None:
    """Check a catalogue; its mistakes leave as an InputError."""
    mistakes = check_catalogue(folder)
    if mistakes:
        raise InputError(mistakes)
    catalogue = load_catalogue(folder)
    entries = list_entries(catalogue)
    figures = sum(row.published + row.derived + row.assumed + row.unknown for row in entries)
    sources = len(catalogue.sources)
    print(f"right: {len(entries)} entries, {figures} figures, {sources} sources; hash {catalogue.hash[:12]}.")


def _cell(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
