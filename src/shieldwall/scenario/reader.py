"""Read YAML 1.2 into a tree that remembers lines and columns, within stated limits, without recursion.

ruamel.yaml scans and parses; the tree is built here from its events, so that a repeated key, a bomb of aliases or a
thousand nested lists is met before it costs anything, and every mistake has its place.
Values follow the core schema of YAML 1.2: `no` and `12:30:00` stay text, `010` is ten, `1_000` is a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.node import MappingNode, Mark, Node, Scalar, ScalarNode, SequenceNode

MAX_BYTES = 2_000_000
MAX_NODES = 250_000
MAX_DEPTH = 40
_MAX_KEY = 200

_INT = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Scalar] = {"": None, "~": None}
_WORDS |= {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False), (".nan", float("nan")))
    for spelling in (word, word.capitalize(), word.upper())
}
_WORDS |= {".NaN": float("nan")}
_WORDS |= {sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_MAX_DIGITS = 40


def read_bytes(path: Path, shown: str) -> bytes:
    """Return the content of a file; refuse one that is absent, too large or not a file."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(Mistake(shown, 1, 1, f"cannot be read: {reason}", "name a scenario file")) from None
    if len(content) > MAX_BYTES:
        raise InputError(
            Mistake(
                shown, 1, 1, f"larger than {MAX_BYTES // 1_000_000} MB, the limit for one file",
                "give salvos a count, and split the laydown with include",
            )
        )  # fmt: skip
    return content


def parse(content: bytes, file: str, *, line: int = 1, column: int = 1) -> Node:
    """Return the tree of one YAML document.

    Parameters
    ----------
    content : the bytes of the file
    file : its name, as mistakes show it
    line, column : what the first character counts as (for a value given on the command line)

    Raises
    ------
    InputError
        If it is not UTF-8, not YAML, empty, more than one document, has repeated keys, or passes a limit above.
    """
    text = _decode(content, file)
    tree = _Tree(file, line, column)
    for event in _events(text, tree):
        tree.take(event)
    if tree.root is None:
        raise InputError(Mistake(file, line, column, "nothing is written here", "begin with 'shieldwall: 1'"))
    if tree.mistakes:
        raise InputError(tree.mistakes)
    return tree.root


def scalar(text: str) -> Scalar:
    """Return the value of unquoted text by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    found: Scalar = text
    if len(text) > _MAX_DIGITS:
        return found
    if _INT.match(text):
        found = int(text.replace("_", ""))
    elif _FLOAT.match(text):
        found = float(text.replace("_", ""))
    elif _HEX.match(text):
        found = int(text, 16)
    elif _OCTAL.match(text):
        found = int(text, 8)
    return found


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        what = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        raise InputError(Mistake(file, line, column, what, "save the file as UTF-8")) from None


def _events(text: str, tree: _Tree) -> Iterator[Any]:
    from ruamel.yaml import YAML  # noqa: PLC0415  (a run from Python without files needs no YAML)
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    from ruamel.yaml.reader import ReaderError  # noqa: PLC0415

    yaml: Any = YAML(typ="safe", pure=True)
    try:
        yield from yaml.parse(text)
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        what = f"character #x{int(error.character):04x} is not allowed in YAML"
        raise InputError(tree.mark(line, column).mistake(what, "delete it, or write the file as plain text")) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = tree.mark(mark.line, mark.column) if mark else tree.mark(0, 0)
        what = " ".join(part for part in (error.context, error.problem) if part) or "this is not YAML"
        raise InputError(where.mistake(f"not YAML: {what}", _cure(what))) from None
    except (YAMLError, ValueError, TypeError, AttributeError, IndexError, KeyError, AssertionError) as error:
        # ruamel's scanner lets a few of its own slips out on torn files (a bad %YAML line, a lone escape).
        what = f"not YAML: {str(error) or type(error).__name__}"
        raise InputError(tree.last.mistake(what, "look for a torn line or a stray character near here")) from None


def _cure(what: str) -> str:
    if "'\\t'" in what or "tab" in what:
        return "indent with spaces, not tabs"
    if "mapping values are not allowed" in what:
        return "check the indentation, and quote text that contains ': '"
    if "end of stream" in what or "stream end" in what:
        return "close the quote or bracket; is the file cut short?"
    if "flow" in what:
        return "check commas and closing brackets"
    return "check indentation, quotes and brackets"


class _Tree:
    """Builds nodes from events; `open` is the stack of collections still being filled."""

    def __init__(self, file: str, line: int, column: int) -> None:
        self.file, self.line, self.column = file, line, column
        self.last = Mark(file, line, column)
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self.open: list[tuple[Node, str]] = []
        self.keys: list[tuple[str, Mark] | None] = []
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.starts: list[int] = []
        self.heights: list[int] = [0]
        self.nodes = 0

    def mark(self, line: int, column: int) -> Mark:
        """Return the place of ruamel's line and column, which count from 0."""
        return Mark(self.file, line + self.line, column + (self.column if line == 0 else 1))

    def take(self, event: Any) -> None:
        """Add one event to the tree."""
        kind = type(event).__name__
        self.last = self.mark(event.start_mark.line, event.start_mark.column)
        if kind == "ScalarEvent":
            self._count(1)
            node = ScalarNode(self.last, self._value(event), event.value)
            self._anchor(event.anchor, node, 1, 0)
            self._place(node)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._begin(event, MappingNode(self.last) if kind[0] == "M" else SequenceNode(self.last))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end()
        elif kind == "AliasEvent":
            self._alias(event.anchor)
        elif kind == "DocumentStartEvent" and self.root is not None:
            raise InputError(self.last.mistake("a second document begins here", "keep one document in a file"))

    def _begin(self, event: Any, node: Node) -> None:
        self._count(1)
        self._deepen(1)
        if event.tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self.mistakes.append(self.last.mistake(f"tag '{event.tag}' is not accepted", "delete the tag"))
        if self.open and isinstance(self.open[-1][0], MappingNode) and self.keys[-1] is None:
            raise InputError(self.last.mistake("a list or mapping stands where a key is wanted", "write a name"))
        self.open.append((node, event.anchor or ""))
        self.keys.append(None)
        self.starts.append(self.nodes)
        self.heights.append(0)

    def _end(self) -> None:
        node, anchor = self.open.pop()
        self.keys.pop()
        height = self.heights.pop() + 1
        self.heights[-1] = max(self.heights[-1], height)
        self._anchor(anchor, node, self.nodes - self.starts.pop() + 1, height)
        self._place(node)

    def _deepen(self, height: int) -> None:
        if len(self.open) + height > MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} deep"
            raise InputError(self.last.mistake(what, "a scenario needs fewer than ten levels"))

    def _anchor(self, anchor: str | None, node: Node, size: int, height: int) -> None:
        if anchor:
            self.anchors[str(anchor)] = (node, size, height)

    def _alias(self, anchor: str) -> None:
        found = self.anchors.get(str(anchor))
        if found is None:
            cure = f"write '&{anchor}' before the value it stands for, or quote the text"
            self.mistakes.append(self.last.mistake(f"'*{anchor}' stands for nothing that ended before it", cure))
            self._place(ScalarNode(self.last, None, ""))
            return
        self._count(found[1])
        self._deepen(found[2])
        self.heights[-1] = max(self.heights[-1], found[2])
        self._place(found[0])

    def _count(self, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            what = f"more than {MAX_NODES:,} values, aliases written out"
            raise InputError(self.last.mistake(what, "give salvos a count, and write fewer aliases"))

    def _value(self, event: Any) -> Scalar:
        tag = event.tag
        if tag in ("tag:yaml.org,2002:str", "!"):
            return str(event.value)
        if tag is not None:
            self.mistakes.append(self.last.mistake(f"tag '{tag}' is not accepted", "delete the tag"))
        if not event.value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in event.value):
            self.mistakes.append(self.last.mistake("half a character (a lone surrogate)", "write the letter itself"))
            return ""
        return scalar(event.value) if event.style in (None, "") else str(event.value)

    def _place(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1][0]
        if isinstance(parent, SequenceNode):
            parent.items.append(node)
            return
        assert isinstance(parent, MappingNode)
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = (self._key(node), self.last)
            return
        self.keys[-1] = None
        if key[0] in parent.items:
            first = parent.items[key[0]][0]
            what = f"key '{key[0]}' is written twice (first at line {first.line})"
            self.mistakes.append(key[1].mistake(what, "keep one"))
        else:
            parent.items[key[0]] = (key[1], node)

    def _key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise InputError(self.last.mistake("a list or mapping stands where a key is wanted", "write a name"))
        if len(node.text) > _MAX_KEY:
            raise InputError(self.last.mistake(f"a key of {len(node.text):,} characters", "is a line break missing?"))
        return node.text
