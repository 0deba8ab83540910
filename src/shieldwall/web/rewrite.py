"""Change values in YAML text and nothing else: comments, order and layout stay as they were.

The text is parsed for the places of its nodes only; a change replaces the characters of one value, or adds one key. A
value that others share by an anchor is first handed on to the next that names it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any

from shieldwall.web.refusal import Conflict

Node = Any  # ruamel's node: start_mark, end_mark, value, anchor, flow_style
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.+/-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_UNPRINTED = re.compile(r"[^\x20-\x7e\xa1-\u1fff\u2030-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")


def set_value(text: str, steps: Sequence[str], value: Any) -> str:
    """Return the text of a YAML file with `value` at `steps`; entries of lists go by their id or their index.

    Raises
    ------
    Conflict
        If the steps lead through a single value, or to an entry of a list that is not there.
    """
    root = _composed(text)
    if root is None or not _is_mapping(root):
        raise Conflict("the scenario file is no mapping")
    node, key_end = root, 0
    for depth, step in enumerate(steps):
        if _is_alias(node, key_end):
            return _replace_alias(text, key_end, node, steps[depth:], value)
        if node.anchor and _aliases(text, node.anchor):
            return _hand_on(text, node, steps[depth:], value)
        found = _child(node, step)
        if found is None:
            if not _is_mapping(node):
                raise Conflict(f"there is no '{step}' in the file")
            return _insert(text, node, root, step, nested(steps[depth + 1 :], value))
        node, key_end = found
    if _is_alias(node, key_end):
        return _replace_alias(text, key_end, node, (), value)
    if node.anchor and _aliases(text, node.anchor):
        return _hand_on(text, node, (), value)
    return text[: _start(text, node)] + flow(value) + text[_end(node) :]


def has(text: str, steps: Sequence[str]) -> bool:
    """Say whether a file has something at `steps`."""
    node = _composed(text)
    for step in steps:
        found = None if node is None else _child(node, step)
        if found is None:
            return False
        node = found[0]
    return True


def diff(name: str, before: str, after: str) -> str:
    """Return a unified diff of one file, "" if nothing changed."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return _UNPRINTED.sub(lambda found: f"\\U{ord(found[0]):08x}", json.dumps(value, ensure_ascii=False))


def nested(steps: Sequence[str], value: Any) -> Any:
    """Return {step: {step: value}}."""
    for step in reversed(steps):
        value = {step: value}
    return value


def _composed(text: str) -> Node:
    from ruamel.yaml import YAML  # noqa: PLC0415  (only diffs need it)

    yaml: Any = YAML(typ="safe", pure=True)
    return yaml.compose(text)


def _is_mapping(node: Node) -> bool:
    return str(node.id) == "mapping"


def _child(node: Node, step: str) -> tuple[Node, int] | None:
    """Return the node under a step and where its key ends (for an entry of a list: where the one before ends)."""
    if _is_mapping(node):
        for key, inner in node.value:
            if key.value == step:
                return inner, int(key.end_mark.index)
    elif node.id == "sequence":
        before = int(node.start_mark.index)
        for number, inner in enumerate(node.value):
            if (_is_mapping(inner) and _id_of(inner) == step) or step == str(number):
                return inner, before
            before = max(before, _end(inner))
    return None


def _id_of(node: Node) -> str:
    return next((str(inner.value) for key, inner in node.value if key.value == "id"), "")


def _is_alias(node: Node, key_end: int) -> bool:
    """Say whether what stands behind a key is an alias: its node then begins before the key."""
    return int(node.start_mark.index) < key_end


def _start(text: str, node: Node) -> int:
    """Return where a node's own characters begin, its anchor apart."""
    start = int(node.start_mark.index)
    anchor = _ANCHOR.match(text, start)
    if anchor:
        start = anchor.end()
        while text[start].isspace():
            start += 1
    return start


def _end(node: Node) -> int:
    """Return where a node ends; a block collection ends with its last child, not with the comments behind it."""
    if node.id == "scalar" or node.flow_style:
        return int(node.end_mark.index)
    children = [inner for pair in node.value for inner in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_end(child) for child in children), default=int(node.end_mark.index))


def _aliases(text: str, anchor: str) -> list[tuple[int, int]]:
    """Return where an anchor's aliases stand."""
    return [(at.start(), at.end()) for at in _ALIAS.finditer(text) if at.group() == f"*{anchor}"]


def _replace_alias(text: str, key_end: int, node: Node, steps: Sequence[str], value: Any) -> str:
    """Write out what an alias stood for, changed."""
    found = _ALIAS.search(text, key_end)
    if found is None:
        raise Conflict("an alias of the file was not found")
    return text[: found.start()] + flow(_with(_plain(node), steps, value)) + text[found.end() :]


def _hand_on(text: str, node: Node, steps: Sequence[str], value: Any) -> str:
    """Change a node that others name: the first of these takes over its anchor and its text."""
    begin, own, end = int(node.start_mark.index), _start(text, node), _end(node)
    first, last = _aliases(text, node.anchor)[0]
    changed = flow(_with(_plain(node), steps, value))
    kept = f"&{node.anchor} " + (text[own:end] if node.flow_style else flow(_plain(node)))
    return text[:begin] + changed + text[end:first] + kept + text[last:]


def _plain(node: Node) -> Any:
    from shieldwall.scenario.reader import scalar  # noqa: PLC0415

    if node.id == "scalar":
        return scalar(node.value) if node.style is None else node.value
    if _is_mapping(node):
        return {key.value: _plain(inner) for key, inner in node.value}
    return [_plain(inner) for inner in node.value]


def _with(whole: Any, steps: Sequence[str], value: Any) -> Any:
    """Return plain values with one of them changed."""
    if not steps:
        return value
    if isinstance(whole, list):
        ids = [item.get("id") if isinstance(item, dict) else None for item in whole]
        place = ids.index(steps[0]) if steps[0] in ids else int(steps[0])
        return [*whole[:place], _with(whole[place], steps[1:], value), *whole[place + 1 :]]
    inner = whole if isinstance(whole, dict) else {}
    return {**inner, steps[0]: _with(inner.get(steps[0], {}), steps[1:], value)}


def _insert(text: str, node: Node, root: Node, key: str, value: Any) -> str:
    """Add a key to a mapping: before its brace, or on a line of its own behind its last."""
    written = f"{flow(key)}: {flow(value)}"
    if node.flow_style:
        brace = int(node.end_mark.index) - 1
        body = text[:brace].rstrip()
        comma = "" if not node.value else " " if body.endswith(",") else ", "
        return body + comma + written + text[brace:]
    if node is root:
        return text.rstrip("\n") + f"\n{written}\n"
    column = int(node.value[0][0].start_mark.column)
    at = text.find("\n", _end(node))
    at = len(text) if at < 0 else at
    return text[:at] + "\n" + " " * column + written + text[at:]
