"""Find the elevation model that a scenario names, beside its file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from shieldwall.core.errors import Mistake
from shieldwall.scenario.draft import Draft
from shieldwall.surveillance.ground import Terrain
from shieldwall.surveillance.relief import NAME

_CHUNK = 1 << 20


def terrain_of(draft: Draft) -> tuple[Terrain | None, list[Mistake]]:
    """Return the files of the scenario's elevation model and a hash of what they hold, or what is wrong with them.

    A file lies in the folder of the scenario file that names it, or below; a link there may lead elsewhere.
    """
    entry = draft.document.terrain
    if entry is None:
        return None, []
    if entry.coarse == bool(entry.files):
        what = "both files and coarse are given" if entry.coarse else "neither files nor coarse is given"
        return None, [draft.mistake(("terrain",), what, "write files: [ground.tif], or coarse: true")]
    if entry.coarse:
        return Terrain((), NAME, entry.missing == "sea"), []
    folder = Path(draft.value_at("terrain", "files").file).parent
    found: list[Path] = []
    mistakes: list[Mistake] = []
    digest = hashlib.sha256()
    for name in entry.files:
        if os.path.isabs(name) or os.path.normpath(name).startswith(".."):
            what, cure = (
                f"'{name}' lies outside the scenario's own folder",
                "put it, or a link to it, beside the scenario",
            )
            mistakes.append(draft.mistake(("terrain", "files"), what, cure))
            continue
        path = Path(os.path.abspath(folder / name))
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
        except (OSError, ValueError):
            what = f"there is no elevation model '{name}' beside the scenario"
            mistakes.append(draft.mistake(("terrain", "files"), what, "copy or link it there, or leave out terrain"))
            continue
        found.append(path)
    if mistakes:
        return None, mistakes
    return Terrain(tuple(found), digest.hexdigest(), entry.missing == "sea"), []
