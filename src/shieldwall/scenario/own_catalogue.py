"""The catalogue as one scenario sees it: with the user's own entries and with single figures overridden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.checks import check_record
from shieldwall.catalogue.read import read_record, read_sources
from shieldwall.catalogue.records import GROUPS
from shieldwall.catalogue.sourced import Source
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.scenario.draft import Draft
from shieldwall.scenario.node import MappingNode, Node, ScalarNode, SequenceNode, find, find_value, plain

_SOURCES = "sources"


def with_own_entries(tree: MappingNode, catalogue: Catalogue) -> tuple[Catalogue, list[Mistake]]:
    """Return the catalogue with the entries under `catalogue:` that are right, and the mistakes of the others."""
    section = tree.get("catalogue")
    if section is None or (isinstance(section, ScalarNode) and section.value is None):
        return catalogue, []
    if not isinstance(section, MappingNode):
        return catalogue, [section.mark.mistake("catalogue: a mapping is wanted", "write catalogue: {threats: [...]}")]
    added, sources, mistakes = _own_sources(section.get(_SOURCES), catalogue)
    ids = known_ids(tree, catalogue)
    for group, (mark, node) in section.items.items():
        if group == _SOURCES:
            continue
        if group not in GROUPS:
            mistakes.append(mark.mistake(f"catalogue: there is no group '{group}'", nearest(group, GROUPS)))
        elif not isinstance(node, SequenceNode):
            mistakes.append(node.mark.mistake(f"catalogue.{group}: a list is wanted", "write - id: ..."))
        else:
            right, wrong = _entries(group, node, sources, ids)
            mistakes += wrong
            if right:
                added[group] = right
    if mistakes:
        added = _whole(added, catalogue, sources)
    return (catalogue.with_entries(added) if added else catalogue), mistakes


def _own_sources(node: Node | None, catalogue: Catalogue) -> tuple[dict[str, Any], dict[str, Source], list[Mistake]]:
    """Return ({"sources": the right ones as written}, all sources, mistakes)."""
    if node is None:
        return {}, dict(catalogue.sources), []
    written = plain(node, lists=True)
    found, complaints = read_sources(written)
    mistakes = [find(node, c.place).mistake(f"catalogue.sources: {c.what}", c.cure) for c in complaints]
    right = {key: written[key] for key in found} if isinstance(written, dict) else {}
    return ({_SOURCES: right} if right else {}), {**catalogue.sources, **found}, mistakes


def _whole(added: dict[str, Any], catalogue: Catalogue, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return the entries that do not rest on one that is broken."""
    while True:
        ids = {group: frozenset(catalogue.entries(group)) for group in GROUPS}
        ids = {group: ids[group] | {entry["id"] for entry in added.get(group, [])} for group in GROUPS}
        left = {
            group: [entry for entry in entries if _is_right(group, entry, sources, ids)]
            for group, entries in added.items()
            if group != _SOURCES
        }
        if all(len(left[group]) == len(added[group]) for group in left):
            return added
        added = {**added, **left}


def _is_right(group: str, entry: Any, sources: Mapping[str, Source], ids: Mapping[str, frozenset[str]]) -> bool:
    return not check_record(GROUPS[group].model_validate(entry), sources, keys=frozenset(sources), ids=ids)


def known_ids(tree: MappingNode, catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Return the ids of every group, those of the user's entries that could not be read among them."""
    ids = {group: frozenset(catalogue.entries(group)) for group in GROUPS}
    section = tree.get("catalogue")
    for group in GROUPS:
        node = section.get(group) if isinstance(section, MappingNode) else None
        if isinstance(node, SequenceNode):
            ids[group] |= {str(found) for entry in node.items if (found := _id(entry))}
    return ids


def _entries(
    group: str, node: SequenceNode, sources: Mapping[str, Source], ids: Mapping[str, frozenset[str]]
) -> tuple[list[Any], list[Mistake]]:
    right, mistakes = [], []
    seen: dict[str, Node] = {}
    for entry in node.items:
        data = plain(entry, lists=True)
        record, complaints = read_record(group, data)
        if record is not None:
            complaints = check_record(record, sources, keys=frozenset(sources), ids=ids)
        where = f"catalogue.{group}.{_id(entry) or node.items.index(entry)}"
        mistakes += [find(entry, c.place).mistake(f"{where}: {c.what}", c.cure) for c in complaints]
        if record is not None and record.id in seen:
            first = seen[record.id].mark
            mistakes.append(entry.mark.mistake(f"{where} is written twice (first at {first})", "give one another id"))
        elif record is not None:
            seen[record.id] = entry
            if not complaints:
                right.append(data)
    return right, mistakes


def _id(entry: Node) -> str:
    found = entry.get("id") if isinstance(entry, MappingNode) else None
    return found.value if isinstance(found, ScalarNode) and isinstance(found.value, str) else ""


def with_overrides(draft: Draft, catalogue: Catalogue) -> tuple[Catalogue, list[Mistake]]:
    """Return the catalogue with the figures under `overrides:` that are right, and the mistakes of the others."""
    wanted = draft.document.overrides
    if not wanted:
        return catalogue, []
    try:
        return catalogue.with_overrides(wanted), []
    except InputError:
        mistakes = []
    for path, value in wanted.items():
        try:
            catalogue = catalogue.with_overrides({path: value})
        except InputError as error:
            mark = find_value(draft.tree, ("overrides", path))
            mistakes += [mark.mistake(f"overrides.{m.what}", m.cure) for m in error.mistakes]
    return catalogue, mistakes
