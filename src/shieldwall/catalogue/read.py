"""Read YAML entries: fast when they are right, with line and column when they are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from shieldwall.catalogue.records import GROUPS, Record
from shieldwall.catalogue.sourced import Figure, Source
from shieldwall.core.errors import Mistake, nearest

if TYPE_CHECKING:
    from ruamel.yaml.error import YAMLError

_FORMS = {
    "address": "write an address such as https://example.org/page, or null with a reason",
    "date": "write 2024-05-30, 2024-05 or 2024, or null with a reason",
    "accessed": "write 2024-05-30, 2024-05 or 2024, or null with a reason",
    "id": "write lower-case letters and digits joined by hyphens (a nation: its two-letter ISO code)",
}

# ruamel.yaml is imported where it is used: a start from the cache does without it.
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong at a place inside one entry, before file, line and column are known."""

    place: Place
    what: str
    cure: str


def plain(node: Any) -> Any:
    """Return a copy of a YAML node in plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node.isoformat() if hasattr(node, "isoformat") else node


def parse(text: str) -> Any:
    """Return the content of a YAML 1.2 text in plain Python, fast and without positions."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    return plain(YAML(typ="safe").load(text))


def locate(file: str, text: str, complaints: Iterable[Complaint]) -> list[Mistake]:
    """Return the complaints with the line and column of their places in `text`."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    complaints = list(complaints)
    root = YAML(typ="rt").load(text) if complaints else None
    return [at_node(file, root, complaint) for complaint in complaints]


def at_node(file: str, node: Any, complaint: Complaint) -> Mistake:
    """Return the complaint at the deepest key of its place that `node`, a round-trip node, has."""
    line, column = (node.lc.line, node.lc.col) if hasattr(node, "lc") else (-1, -1)
    for step in complaint.place:
        if isinstance(node, Mapping) and step in node and hasattr(node, "lc"):
            line, column = node.lc.key(step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node) and hasattr(node, "lc"):
            line, column = node.lc.item(step)
        else:
            break
        node = node[step]
    return Mistake(file, line + 1, column + 1, complaint.what, complaint.cure)


def yaml_mistake(file: str, error: YAMLError) -> Mistake:
    """Return what the YAML parser could not read."""
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415

    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = (error.problem if isinstance(error, MarkedYAMLError) else None) or str(error).splitlines()[0]
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    return Mistake(file, line, column, f"this is not YAML: {problem}", "mend the syntax here or just above")


def read_record(group: str, data: Any) -> tuple[Record | None, list[Complaint]]:
    """Return the validated entry, or None and everything that is wrong with it.

    Parameters
    ----------
    group : a key of records.GROUPS
    data : plain content of the entry, as `parse` or `plain` return it
    """
    if not isinstance(data, dict):
        return None, [Complaint((), "an entry is a mapping of names to figures", "begin with id: and name:")]
    try:
        return GROUPS[group].model_validate(data), []
    except ValidationError as error:
        return None, _complaints(GROUPS[group], error)


def read_sources(data: Any) -> tuple[dict[str, Source], list[Complaint]]:
    """Return the sources by key, and everything that is wrong with them."""
    if not isinstance(data, dict):
        return {}, [Complaint((), "sources are a mapping of keys to sources", "write key: {title: ..., ...}")]
    sources, complaints = {}, []
    for key, value in data.items():
        try:
            sources[key] = Source.model_validate(value)
        except ValidationError as error:
            complaints += [Complaint((key, *c.place), c.what, c.cure) for c in _complaints(Source, error)]
    return sources, complaints


def _complaints(model: type[BaseModel], error: ValidationError) -> list[Complaint]:
    return [_complaint(model, detail) for detail in error.errors(include_url=False)]


def _complaint(model: type[BaseModel], detail: Any) -> Complaint:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    name = ".".join(str(step) for step in place) or "the entry"
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "shieldwall":
            return Complaint(place, f"{name}: {context['what']}", context["cure"])
        case "missing":
            return Complaint(place, f"'{name}' is missing", f"add {place[-1]}:")
        case "extra_forbidden":
            return Complaint(place, f"unknown key '{name}'", nearest(str(place[-1]), _keys_at(model, place)))
        case "literal_error":
            valid = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
            return Complaint(place, f"{name} cannot be {detail['input']!r}", nearest(str(detail["input"]), valid))
        case "string_pattern_mismatch" if place and place[-1] in _FORMS:
            return Complaint(place, f"{name} cannot be {detail['input']!r}", _FORMS[str(place[-1])])
        case _:
            return Complaint(place, f"{name}: {detail['msg']}", f"got {str(detail['input'])[:60]!r}")


def _keys_at(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """Return the keys that the mapping holding an unknown key may have."""
    if len(place) > 1:
        return list(Figure.model_fields)
    return [field.alias or name for name, field in model.model_fields.items()]
