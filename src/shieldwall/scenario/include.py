"""Join the files of a scenario into one tree: `include` lists files beside it or in a shipped folder.

Lists at the top level are joined, the included entries first. Of anything else the including file's word counts:
mappings are joined key by key, single values replaced.
"""

from __future__ import annotations

import os
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.node import MappingNode, Node, ScalarNode, SequenceNode
from shieldwall.scenario.reader import MAX_BYTES, parse, read_bytes

MAX_FILES = 50
MAX_TOTAL_BYTES = 3 * MAX_BYTES


def read_files(path: Path, shipped_folder: Path | None) -> MappingNode:
    """Return the joined tree of a scenario file and all it includes.

    Parameters
    ----------
    path : the scenario file
    shipped_folder : a folder whose files any scenario may include, by their path below it

    Raises
    ------
    InputError
        If a file is absent, too large, not YAML, outside the allowed folders, or includes itself.
    """
    folders = [path.resolve().parent] + ([shipped_folder.resolve()] if shipped_folder else [])
    return _Files(folders).read(path.resolve(), shown_path(path), ())


def files_of(path: Path, shipped_folder: Path | None) -> dict[Path, str]:
    """Return the text of a scenario file and of every file it includes, itself first; raise as `read_files` does."""
    folders = [path.resolve().parent] + ([shipped_folder.resolve()] if shipped_folder else [])
    files = _Files(folders)
    files.read(path.resolve(), shown_path(path), ())
    others = sorted(files.seen - {path.resolve()})
    return {one: read_bytes(one, shown_path(one)).decode("utf-8-sig") for one in (path.resolve(), *others)}


def shown_path(path: Path) -> str:
    """Return a path as mistakes show it: relative to the working folder where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return str(path)
    return relative if len(relative) < len(str(path)) else str(path)


class _Files:
    """The files read so far."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.seen: set[Path] = set()
        self.bytes = 0

    def read(self, path: Path, shown: str, chain: tuple[Path, ...]) -> MappingNode:
        """Return the tree of one file with its includes joined in."""
        content = read_bytes(path, shown)
        self.seen.add(path)
        self.bytes += len(content)
        if self.bytes > MAX_TOTAL_BYTES or len(self.seen) > MAX_FILES:
            limit = f"{MAX_FILES} files or {MAX_TOTAL_BYTES // 1_000_000} MB"
            raise InputError(Mistake(shown, 1, 1, f"the scenario has more than {limit}", "include fewer files"))
        tree = parse(content, shown)
        if not isinstance(tree, MappingNode):
            kind = "a list" if isinstance(tree, SequenceNode) else "a single value"
            raise InputError(
                tree.mark.mistake(f"{kind} stands where 'key: value' is wanted", "begin with 'shieldwall: 1'")
            )
        joined = MappingNode(tree.mark)
        for entry in _entries(tree):
            target = self._target(entry, path)
            if target in (*chain, path):
                names = " -> ".join(p.name for p in (*chain, path, target))
                raise InputError(entry.mark.mistake(f"files include each other: {names}", "delete one include"))
            if target not in self.seen:
                joined = join(joined, self.read(target, shown_path(target), (*chain, path)), top=True)
        return join(joined, tree, top=True)

    def _target(self, entry: Node, path: Path) -> Path:
        if not isinstance(entry, ScalarNode) or not isinstance(entry.value, str) or not entry.value.strip():
            raise InputError(entry.mark.mistake("include lists the names of files", "write include: [laydown.yaml]"))
        name = entry.value
        if "\0" in name or len(name) > 500:
            raise InputError(entry.mark.mistake("this is not the name of a file", "write include: [laydown.yaml]"))
        beside = (path.parent / name).resolve()
        for base in (path.parent, *self.folders[1:]):
            target = (base / name).resolve()
            if self._is_allowed(target) and target.is_file():
                return target
        if self._is_allowed(beside):
            raise InputError(entry.mark.mistake(f"there is no file '{name}'", f"looked for {shown_path(beside)}"))
        what = f"'{name}' lies outside the scenario's own folder"
        raise InputError(entry.mark.mistake(what, "copy the file beside the scenario"))

    def _is_allowed(self, target: Path) -> bool:
        return any(target.is_relative_to(folder) for folder in self.folders)


def _entries(tree: MappingNode) -> list[Node]:
    include = tree.get("include")
    if include is None:
        return []
    if isinstance(include, SequenceNode):
        return include.items
    return [include]


def join(under: MappingNode, over: MappingNode, *, top: bool) -> MappingNode:
    """Return both mappings as one; where both have a key, lists (at the top) are joined and `over` wins the rest."""
    joined = MappingNode(over.mark, dict(under.items))
    for key, (mark, node) in over.items.items():
        below = joined.get(key)
        if isinstance(below, MappingNode) and isinstance(node, MappingNode):
            joined.items[key] = (mark, join(below, node, top=key == "catalogue"))
        elif top and key != "include" and isinstance(below, SequenceNode) and isinstance(node, SequenceNode):
            joined.items[key] = (mark, SequenceNode(node.mark, [*below.items, *node.items]))
        else:
            joined.items[key] = (mark, node)
    return joined
