"""The hash of a resolved scenario, and which figures and sources it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.scenario.types import Scenario

# Words about the scenario, not of it.
_NOT_HASHED = ("hash", "catalogue_hash", "title", "notes", "overrides", "assumed_figures", "sources", "reported")


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical JSON of a scenario: entities in order of id, keys sorted, floats exact.

    It does not depend on the order, comments or spelling of the file, nor on its title, notes, `reported`, or the
    way a figure was arrived at; `catalogue_hash` has that.
    """
    content = {
        f.name: _plain(getattr(scenario, f.name))
        for f in fields(scenario)
        if f.name not in _NOT_HASHED and _is_hashed(f, scenario)
    }
    for name, value in content.items():
        if isinstance(value, list):
            content[name] = sorted(value, key=lambda entity: str(entity["id"]))
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def assumed_and_sources(
    catalogue: Catalogue, used: Iterable[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the paths of the assumed figures and the keys of the sources of the records used, both sorted."""
    assumed: set[str] = set()
    sources: set[str] = set()
    for group, key in used:
        for path, figure in catalogue.entries(group)[key].figures():
            if figure.confidence == "assumed" and figure.value is not None:
                assumed.add(f"{group}.{key}.{path}")
            sources.update(figure.source)
    return tuple(sorted(assumed)), tuple(sorted(sources))


def _is_hashed(one: Field[Any], owner: Any) -> bool:
    """Return whether a field counts: by its metadata always (the default), never, or only where it is changed."""
    hashed = one.metadata.get("hashed", True)
    return bool(hashed) if hashed != "changed" else getattr(owner, one.name) != one.default


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _is_hashed(f, value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value
