"""Read a tree into a `Document`; on mistakes, into what is left of it, so that later checks can still run."""

from __future__ import annotations

import re
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from shieldwall.core.errors import Mistake, nearest
from shieldwall.scenario.document import Document
from shieldwall.scenario.node import (
    MappingNode,
    Mark,
    Node,
    ScalarNode,
    SequenceNode,
    find,
    find_value,
    name_of,
    plain,
)  # fmt: skip
from shieldwall.scenario.quantity import shown

Location = tuple[int | str, ...]

# Stands where a required key is wrong or missing, so that the rest can be checked; never part of a scenario.
_STAND_IN: Mapping[str, Any] = {
    "shieldwall": 1,
    "name": "unnamed",
    "time_zone": "UTC",
    "start": "2000-01-01 00:00",
    "assets": (),
    "raids": (),
}
_MAX_MISTAKES = 200
_MANY_NAMES = 1000  # of more, only those are looked through that begin alike
_LONG = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """A document, the tree it came from, and where each entry of its lists stands in the tree.

    `places[list]` are indices in the tree of the entries that could be read; `broken` are the top-level keys whose
    own value could not be read.
    """

    document: Document
    tree: MappingNode
    places: Mapping[str, tuple[int, ...]]
    broken: frozenset[str]

    def at(self, *location: int | str) -> Mark:
        """Return where a thing stands; the second step of a list is its index in the document."""
        return find(self.tree, self._in_tree(location))

    def value_at(self, *location: int | str) -> Mark:
        """Return where the value of a key stands."""
        return find_value(self.tree, self._in_tree(location))

    def name(self, *location: int | str) -> str:
        """Return what people call a thing, for example raids.drones-ne.aim."""
        return name_of(self.tree, self._in_tree(location))

    def mistake(self, location: Location, what: str, cure: str = "") -> Mistake:
        """Return a mistake about the value at `location`, which it names."""
        return self.value_at(*location).mistake(f"{self.name(*location)}: {what}", cure)

    def key_mistake(self, location: Location, what: str, cure: str = "") -> Mistake:
        """Return a mistake about the key at `location`, which it names."""
        return self.at(*location).mistake(f"{self.name(*location)}: {what}", cure)

    def unknown(
        self, location: Location, name: str, what: str, valid: Collection[str], *, at_key: bool = False
    ) -> Mistake:
        """Return the mistake of a name that means nothing here, with the nearest that does."""
        if len(valid) > _MANY_NAMES:
            valid = [other for other in valid if other[:1] == name[:1]][:_MANY_NAMES]
        cure = nearest(name, set(valid)) if valid else "define it first"
        tell = self.key_mistake if at_key else self.mistake
        return tell(location, f"there is no {what} '{name[:_LONG]}'", cure)

    def repeated(self, location: Location, ids: Sequence[str], cure: str = "give it another id") -> Iterator[Mistake]:
        """Yield a mistake for each id of the list at `location` that stood in it before."""
        for i, name in enumerate(ids):
            if name in ids[:i]:
                yield self.mistake((*location, i, "id"), f"the id '{name}' is given twice", cure)

    def written(self, key: str, field: str = "id") -> list[str]:
        """Return the ids written in a list of the tree, in entries that could not be read too."""
        node = self.tree.get(key)
        found = (
            [item.get(field) for item in node.items if isinstance(item, MappingNode)]
            if isinstance(node, SequenceNode)
            else []
        )
        return [n.value for n in found if isinstance(n, ScalarNode) and isinstance(n.value, str)]

    def _in_tree(self, location: Sequence[int | str]) -> Location:
        if len(location) > 1 and isinstance(location[1], int):
            return (location[0], self.places[str(location[0])][location[1]], *location[2:])
        return tuple(location)


def draft_of(tree: MappingNode) -> tuple[Draft | None, list[Mistake]]:
    """Return what could be read of the tree, and every mistake in the form of its keys and values."""
    data = plain(tree)
    assert isinstance(data, dict)
    counts = {key: tuple(range(len(value))) for key, value in data.items() if isinstance(value, tuple)}
    try:
        return Draft(Document.model_validate(data), tree, counts, frozenset()), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
    mistakes = _mistakes(tree, details)
    wrong: set[Location] = {tuple(detail["loc"]) for detail in details}
    entries = {(loc[0], loc[1]) for loc in wrong if len(loc) > 1 and isinstance(loc[1], int)}
    broken = {str(loc[0]) for loc in wrong if loc[0] and (len(loc) == 1 or not isinstance(loc[1], int))}
    places: dict[str, tuple[int, ...]] = {}
    for key in [key for key in data if key not in broken]:
        value = data[key]
        if isinstance(value, tuple):
            places[key] = tuple(i for i in range(len(value)) if (key, i) not in entries)
            data[key] = tuple(value[i] for i in places[key])
    for key in broken:
        data.pop(key, None)
    data = {**_STAND_IN, **data}
    try:
        left = Document.model_validate(data)
    except ValidationError:
        return None, mistakes
    return Draft(left, tree, places, frozenset(broken)), mistakes


def _mistakes(tree: Node, details: Sequence[Any]) -> list[Mistake]:
    """Return pydantic's errors as mistakes: one for each place, those of union tags and of emptied lists left out."""
    found: dict[Mark, Mistake] = {}
    for detail in details[:_MAX_MISTAKES]:
        mistake = _mistake(tree, detail)
        mark = Mark(mistake.file, mistake.line, mistake.column)
        if detail["type"] in ("missing", "extra_forbidden"):
            found[Mark(mistake.what, mark.line, mark.column)] = mistake
        else:
            found.setdefault(mark, mistake)
    if len(details) > _MAX_MISTAKES:
        mark = tree.mark
        found[Mark("", 0, 0)] = mark.mistake(f"{len(details)} mistakes; the first {_MAX_MISTAKES} are shown", "")
    return list(found.values())


def _mistake(tree: Node, detail: Any) -> Mistake:
    location: Location = tuple(detail["loc"])
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = name_of(tree, tuple(step for step in location if step != "[key]"))
    if kind == "missing":
        where = name_of(tree, location[:-1])
        what = f"{where}: key '{location[-1]}' is missing" if where else f"key '{location[-1]}' is missing"
        return find(tree, location[:-1]).mistake(what, _example(location))
    if kind == "extra_forbidden":
        where = name_of(tree, location[:-1])
        valid = _keys(location[:-1])
        what = f"{where}: unknown key '{location[-1]}'" if where else f"unknown key '{location[-1]}'"
        return find(tree, location).mistake(what, nearest(str(location[-1]), valid))
    at_key = bool(location) and location[-1] == "[key]"
    mark = find(tree, location) if at_key else find_value(tree, location)
    what, cure = _said(kind, value, context, detail["msg"])
    return mark.mistake(f"{name}: {what}" if name else what, cure)


def _said(kind: str, value: Any, context: Mapping[str, Any], message: str) -> tuple[str, str]:
    """Return what is wrong and the cure of one of pydantic's errors."""
    match kind:
        case "shieldwall":
            said = str(context["what"]), str(context["cure"])
        case "literal_error":
            valid = re.findall(r"'([^']*)'", str(context["expected"])) or [str(context["expected"])]
            said = f"{shown(value)} is not valid here", nearest(str(value)[:_LONG], valid)
        case "string_type":
            said = (
                f"{shown(value)} is not text",
                "put it in quotes" if isinstance(value, int | float) else "write a word",
            )
        case "string_pattern_mismatch":
            said = f"{shown(value)} is no id", "use letters, digits, '-' and '_', beginning with a letter or digit"
        case "string_too_long" | "string_too_short":
            said = f"the text is too {kind.rpartition('_')[2]}", f"write {_limit(context)} characters"
        case "too_short" | "too_long":
            said = f"the list is too {kind.rpartition('_')[2]}", f"write {_limit(context)} entries"
        case "model_type" | "dict_type" | "mapping_type":
            said = f"{shown(value)} stands where a mapping is wanted", "write key: value"
        case "tuple_type":
            said = f"{shown(value)} stands where a list is wanted", "write [a, b] or lines that begin with '- '"
        case _:
            said = message, "see docs/reference/scenario.md"
    return said


def _limit(context: Mapping[str, Any]) -> str:
    if "max_length" in context:
        return f"at most {context['max_length']:,}"
    return f"at least {context.get('min_length', 1)}"


def _keys(location: Location) -> list[str]:
    """Return the keys that the mapping at `location` may have."""
    model = _model(location)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _example(location: Location) -> str:
    model = _model(location[:-1])
    fields = {field.alias or name: field for name, field in model.model_fields.items()} if model else {}
    field = fields.get(str(location[-1]))
    example = field.examples[0] if field is not None and field.examples else "..."
    return f"add {location[-1]}: {example}"


def _model(location: Location) -> type[BaseModel] | None:
    """Return the model of the mapping at `location`."""
    model: type[BaseModel] | None = Document
    for step in location:
        if isinstance(step, int) or model is None:
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields:
            model = _inner(fields[step].annotation)
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the first model inside an annotation: of list entries, of values of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (tuple, Mapping, Annotated, Union, types.UnionType) or get_args(annotation):
        return next((found for found in map(_inner, get_args(annotation)) if found), None)
    return None
