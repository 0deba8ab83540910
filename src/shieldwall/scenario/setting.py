"""Change a scenario's tree by "PATH=VALUE", as `--set` gives them.

PATH has dots; entries of lists go by id or by index from 0. `threats.shahed-136.speed` is short for the catalogue
override `overrides.threats.shahed-136.speed`. Mistakes are located as --set:NUMBER:COLUMN.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from shieldwall.catalogue.records import GROUPS
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.scenario.node import MappingNode, Mark, Node, ScalarNode, SequenceNode
from shieldwall.scenario.reader import MAX_DEPTH, parse

FILE = "--set"
MAX_SETTINGS = 1000


def apply_settings(
    tree: MappingNode,
    settings: Sequence[str],
    catalogue_ids: Callable[[str], Sequence[str]],
    *,
    applies: Callable[[str], bool] = lambda path: True,
) -> tuple[MappingNode, dict[str, str]]:
    """Return the changed tree, and what was changed: path -> value as given.

    Parameters
    ----------
    tree : the joined tree; it is not changed
    settings : "PATH=VALUE" strings; the last word counts
    catalogue_ids : the ids of a catalogue group
    applies : which paths to change now; the others are left for another time

    Raises
    ------
    InputError
        With every setting whose path leads nowhere or whose value cannot be read.
    """
    mistakes: list[Mistake] = []
    changed: dict[str, str] = {}
    if len(settings) > MAX_SETTINGS:
        raise InputError(Mistake(FILE, 1, 1, f"more than {MAX_SETTINGS} settings", "write them into a file"))
    for number, setting in enumerate(settings, 1):
        path, equals, text = setting.partition("=")
        mark = Mark(FILE, number, 1)
        if not applies(path.strip()):
            continue
        if not equals or not path.strip() or any(not step for step in path.strip().split(".")):
            what = f"'{setting[:60]}' is not PATH=VALUE"
            mistakes.append(mark.mistake(what, "write for example --set scale.defence=4"))
            continue
        try:
            value = _value(text, number, len(path) + 2)
            tree = _set_top(tree, path.strip(), value, mark, catalogue_ids)
        except InputError as error:
            mistakes += error.mistakes
        else:
            changed[path.strip()] = text
    if mistakes:
        raise InputError(mistakes)
    return tree, changed


def named(mistake: Mistake, settings: Sequence[str]) -> Mistake:
    """Return the mistake with the argument it is about in its text, if it is about a setting."""
    if mistake.file != FILE or not 1 <= mistake.line <= len(settings):
        return mistake
    setting = settings[mistake.line - 1]
    return replace(mistake, what=f"{mistake.what} (in --set '{setting[:80]}')")


def _value(text: str, number: int, column: int) -> Node:
    mark = Mark(FILE, number, column)
    if not text.strip():
        return ScalarNode(mark, None, text)
    if "\n" in text:
        raise InputError(mark.mistake("the value has more than one line", "write lists as [a, b]"))
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise InputError(mark.mistake("the value is not text", "write a number, a word or [a, b]")) from None
    return parse(content, FILE, line=number, column=column)


def _set_top(
    tree: MappingNode, path: str, value: Node, mark: Mark, catalogue_ids: Callable[[str], Sequence[str]]
) -> MappingNode:
    head, _, rest = path.partition(".")
    if head == "overrides" and rest:
        return _set(tree, ["overrides", rest], value, mark)
    if head in GROUPS and rest:
        entry, _, _ = rest.partition(".")
        own = tree.get(head)
        ids = _ids(own) if isinstance(own, SequenceNode) else []
        in_scenario = entry in ids or (isinstance(own, SequenceNode) and entry.isdecimal())
        if head in ("command", "doctrine", "identification"):
            in_scenario = "." not in rest or entry not in catalogue_ids(head)
        if not in_scenario and entry in catalogue_ids(head):
            return _set(tree, ["overrides", path], value, mark)
        if not in_scenario and head != "doctrine":
            known = [*ids, *catalogue_ids(head)]
            raise InputError(mark.mistake(f"there is no '{entry}' in {head}", nearest(entry, known)))
    return _set(tree, path.split("."), value, mark)


def _set(tree: MappingNode, steps: Sequence[str], value: Node, mark: Mark) -> MappingNode:
    changed = _changed(tree, steps, value, mark)
    assert isinstance(changed, MappingNode)
    return changed


def _changed(node: Node, steps: Sequence[str], value: Node, mark: Mark) -> Node:
    """Return a copy of `node` with `value` at `steps`; nodes that aliases share are not changed."""
    if not steps:
        return value
    if len(steps) > MAX_DEPTH:
        raise InputError(mark.mistake("the path is too long", "write for example --set scale.defence=4"))
    step, rest = steps[0], steps[1:]
    if isinstance(node, SequenceNode):
        place = _place(node, step, mark)
        items = list(node.items)
        items[place] = _changed(items[place], rest, value, mark)
        return SequenceNode(node.mark, items)
    if isinstance(node, ScalarNode) and node.value is not None:
        raise InputError(mark.mistake(f"'{step}' lies below a single value, {node.text}", "set the value itself"))
    found = dict(node.items) if isinstance(node, MappingNode) else {}
    inner = found[step][1] if step in found else MappingNode(mark)
    found[step] = (mark, _changed(inner, rest, value, mark))
    return MappingNode(node.mark, found)


def _place(node: SequenceNode, step: str, mark: Mark) -> int:
    ids = _ids(node)
    if step in ids:
        return ids.index(step)
    if step.isdecimal() and len(step) < 9 and int(step) < len(node.items):
        return int(step)
    raise InputError(mark.mistake(f"there is no entry '{step}'", nearest(step, filter(None, ids))))


def _ids(node: SequenceNode) -> list[str]:
    """Return the id of each entry of a list, "" where it has none."""
    ids = []
    for item in node.items:
        found = item.get("id") if isinstance(item, MappingNode) else None
        ids.append(found.value if isinstance(found, ScalarNode) and isinstance(found.value, str) else "")
    return ids
