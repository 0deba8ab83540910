"""The tree of a read file: plain values that remember the file, line and column they were written at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shieldwall.core.errors import Mistake

Scalar = str | int | float | bool | None
Plain = Scalar | dict[str, "Plain"] | tuple["Plain", ...] | list["Plain"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def mistake(self, what: str, cure: str = "") -> Mistake:
        """Return the mistake that `what` is wrong here and `cure` mends it."""
        return Mistake(self.file, self.line, self.column, what, cure)

    def __str__(self) -> str:
        """Return FILE:LINE:COLUMN."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(slots=True)
class ScalarNode:
    """One value, `text` as it was written."""

    mark: Mark
    value: Scalar
    text: str


@dataclass(slots=True)
class SequenceNode:
    """A list of nodes."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MappingNode:
    """A mapping: key -> (where the key stands, its value)."""

    mark: Mark
    items: dict[str, tuple[Mark, Node]] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None."""
        found = self.items.get(key)
        return found[1] if found else None


Node = ScalarNode | SequenceNode | MappingNode


def plain(node: Node, *, lists: bool = False) -> Plain:
    """Return the values of a tree without their places: sequences as tuples, or as lists if `lists`."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {key: plain(value, lists=lists) for key, (_, value) in node.items.items()}
    items = [plain(item, lists=lists) for item in node.items]
    return items if lists else tuple(items)


def steps(node: Node, location: Sequence[int | str]) -> Iterator[tuple[int | str, Mark, Node]]:
    """Yield (step, its mark, the node it leads to) along `location` as far as the tree goes.

    A step that does not exist (a missing key, the tag of a union) is passed over.
    """
    for step in location:
        if isinstance(node, MappingNode) and str(step) in node.items:
            mark, node = node.items[str(step)]
            yield step, mark, node
        elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
            yield step, node.mark, node


def find(node: Node, location: Sequence[int | str]) -> Mark:
    """Return the last mark found along `location`: of the key for mappings, of the entry for lists."""
    mark = node.mark
    for _, found, _ in steps(node, location):
        mark = found
    return mark


def find_value(node: Node, location: Sequence[int | str]) -> Mark:
    """Return the mark of the value (not of its key) that `location` leads to, as far as the tree goes."""
    for _, _, found in steps(node, location):
        node = found
    return node.mark


def name_of(node: Node, location: Sequence[int | str]) -> str:
    """Return `location` as people say it: raids.drones-ne.count, list entries by id where they have one."""
    words: list[str] = []
    for step in location:
        if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
            words.append(_id_of(node) or str(step))
        else:
            words.append(str(step))
            if isinstance(node, MappingNode) and str(step) in node.items:
                node = node.items[str(step)][1]
    return ".".join(words)


def _id_of(node: Node) -> str:
    found = node.get("id") if isinstance(node, MappingNode) else None
    return found.value if isinstance(found, ScalarNode) and isinstance(found.value, str) else ""
