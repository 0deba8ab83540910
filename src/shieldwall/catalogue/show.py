"""Say what the catalogue knows, from where and how sure: rows for tables, no printing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.records import GROUPS, Record
from shieldwall.catalogue.sourced import Source
from shieldwall.core.errors import InputError, Mistake, nearest


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry: how many of its figures are published, derived, assumed, unknown."""

    group: str
    id: str
    name: str
    published: int
    derived: int
    assumed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of an entry; `value`, `low` and `high` in `unit`, None where unknown."""

    figure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    confidence: str
    sources: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source and the figures (full paths) that name it."""

    key: str
    source: Source
    figures: tuple[str, ...]


def list_entries(catalogue: Catalogue) -> list[EntryRow]:
    """Return one row for each entry, in the order of groups and ids."""
    return [_entry_row(group, record) for group in GROUPS for record in catalogue.entries(group).values()]


def show_entry(catalogue: Catalogue, name: str) -> list[FigureRow]:
    """Return one row for each figure of the entry `name`: an id, or GROUP.ID or GROUP/ID.

    Raises
    ------
    InputError
        If no entry has that id; the cure names the nearest.
    """
    return [
        FigureRow(path, f.value, f.low, f.high, f.unit, f.confidence, f.source, f.reason)
        for path, f in find_entry(catalogue, name)[1].figures()
    ]


def find_entry(catalogue: Catalogue, name: str) -> tuple[str, Record]:
    """Return (group, entry) for an id, GROUP.ID or GROUP/ID; raise InputError if there is none or more than one."""
    group, _, entry_id = name.replace("/", ".").rpartition(".")
    groups = [group] if group else list(GROUPS)
    found = [(g, catalogue.entries(g)[entry_id]) for g in groups if g in GROUPS and entry_id in catalogue.entries(g)]
    if len(found) == 1:
        return found[0]
    if found:
        several = " or ".join(f"{g}.{entry_id}" for g, _ in found)
        raise InputError(Mistake("", 0, 0, f"more than one entry is called '{entry_id}'", f"write {several}"))
    known = [key for g in GROUPS for key in catalogue.entries(g)]
    raise InputError(Mistake("", 0, 0, f"'{name}' is not in the catalogue", nearest(entry_id, known)))


def cite(catalogue: Catalogue, names: Iterable[str] = ()) -> list[SourceRow]:
    """Return the sources that the entries `names` (all, if none are given) rest on, by key.

    Raises
    ------
    InputError
        If a name is not in the catalogue.
    """
    chosen = [find_entry(catalogue, name) for name in names] or [
        (group, record) for group in GROUPS for record in catalogue.entries(group).values()
    ]
    used: dict[str, list[str]] = {}
    for group, record in chosen:
        for path, figure in record.figures():
            for key in figure.source:
                used.setdefault(key, []).append(f"{group}.{record.id}.{path}")
    return [SourceRow(key, catalogue.sources[key], tuple(used[key])) for key in sorted(used)]


def _entry_row(group: str, record: Record) -> EntryRow:
    counts = Counter("unknown" if f.value is None else f.confidence for _, f in record.figures())
    return EntryRow(
        group, record.id, record.name, counts["published"], counts["derived"], counts["assumed"], counts["unknown"]
    )
