"""Named packages: parts of a scenario under `packages:`, of which `package:` (or --set package=NAME) joins one in.

A package is joined as an including file is: its lists are put behind the scenario's, of anything else its word counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.scenario.document import Document
from shieldwall.scenario.include import join
from shieldwall.scenario.node import MappingNode, ScalarNode
from shieldwall.scenario.setting import apply_settings

_NOT_INSIDE = ("shieldwall", "name", "include", "package", "packages", "time_zone", "start")


def is_not_of_packages(path: str) -> bool:
    """Return whether a setting is one that is applied once the package is joined in."""
    return path.partition(".")[0] not in ("package", "packages")


def with_package(tree: MappingNode, settings: Sequence[str]) -> tuple[MappingNode, dict[str, str]]:
    """Return the tree with the chosen package joined in, and the settings that chose or changed it.

    Raises
    ------
    InputError
        If there is no package of that name, or a package is no mapping or holds a key that it may not.
    """
    tree, changed = apply_settings(tree, settings, lambda group: (), applies=lambda path: not is_not_of_packages(path))
    packages = tree.get("packages")
    if packages is not None and not isinstance(packages, MappingNode):
        return tree, changed  # told where the document is read
    known = packages.items if packages is not None else {}
    mistakes = [mistake for name in known for mistake in _mistakes(name, known[name][1])]
    if mistakes:
        raise InputError(mistakes)
    chosen = tree.get("package")
    if not isinstance(chosen, ScalarNode) or chosen.value is None:
        return tree, changed
    if chosen.value not in known:
        cure = nearest(str(chosen.value), known) if known else "write packages: {NAME: {...}}"
        raise InputError(chosen.mark.mistake(f"package: there is no package '{str(chosen.value)[:60]}'", cure))
    body = known[str(chosen.value)][1]
    return (join(tree, body, top=True) if isinstance(body, MappingNode) else tree), changed


def _mistakes(name: str, body: object) -> list[Mistake]:
    """Return what is wrong with the keys of one package; one that is empty is fine."""
    if isinstance(body, ScalarNode) and body.value is None:
        return []
    if not isinstance(body, MappingNode):
        mark = getattr(body, "mark")  # noqa: B009  every node has one
        return [mark.mistake(f"packages.{name}: a mapping is wanted", "write what it adds, as {fire_units: [...]}")]
    valid = [key for key in Document.model_fields if key not in _NOT_INSIDE]
    return [
        mark.mistake(f"packages.{name}: a package cannot hold '{key}'", nearest(key, valid))
        for key, (mark, _) in body.items.items()
        if key not in valid
    ]
