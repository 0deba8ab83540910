"""Which runs and scenarios the server may open: those of one folder of runs, and scenarios that are shipped or named.

Nothing that a request says is ever joined to a path unless it is the name of something that was found there, and
nothing is read whose real place lies outside: not through "..", and not through a symbolic link.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from shieldwall.core.errors import InputError, Mistake, StoreError
from shieldwall.results.manifest import Manifest
from shieldwall.results.results import Results
from shieldwall.results.store import held_by
from shieldwall.scenario.load import FILE_NAME, load, shipped, shipped_folder
from shieldwall.scenario.types import Scenario
from shieldwall.web.refusal import Absent, Conflict

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~+-]{0,159}")
RUNS_LISTED = 500
_FILES_OF_A_RUN = 200_000


class Played(NamedTuple):
    """A run's scenario: its file, what `--set` changed, and what both gave."""

    path: Path
    settings: tuple[str, ...]
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of runs, and scenario files by name beside those that are shipped.

    `settings` are what `--set` changed when the run was made that `view` was called with.
    """

    runs: Path
    named: Mapping[str, Path] = field(default_factory=dict)
    settings: tuple[str, ...] = ()

    def scenarios(self) -> dict[str, Path]:
        """Return every scenario that may be opened: name -> its file."""
        return {**_shipped(), **self.named}

    def scenario_file(self, name: str) -> Path:
        """Return the file of a scenario; raise Absent if there is none of that name."""
        found = self.scenarios().get(name)
        if found is None:
            raise Absent(f"there is no scenario '{name[:80]}'")
        return found

    def run_folder(self, name: str) -> Path:
        """Return the folder of a run, which really lies here; raise Absent if there is none of that name."""
        folder = self.runs / name
        if not NAME.fullmatch(name) or not self._is_here(folder):
            raise Absent(f"there is no run '{name[:80]}'")
        return folder

    def list_runs(self) -> list[dict[str, Any]]:
        """Return what is in the folder, the newest first; what cannot be read is left out."""
        if not self.runs.is_dir():
            return []
        folders = [path for path in self.runs.iterdir() if NAME.fullmatch(path.name) and path.is_dir()]
        folders.sort(key=lambda path: (-path.stat().st_mtime, path.name))
        found = []
        for folder in folders[:RUNS_LISTED]:
            manifest = self._manifest(folder)
            if manifest is not None:
                found.append(
                    {
                        "run": folder.name,
                        "scenario": manifest.scenario,
                        "title": manifest.title,
                        "seed": manifest.seed,
                        "replications": manifest.replications,
                        "finished": (folder / "summary.json").is_file(),
                    }
                )
        return found

    def open(self, name: str) -> Results:
        """Return a finished run; raise Absent if it is none, or if something in its folder leads elsewhere."""
        folder = self.run_folder(name)
        if not self._holds_its_own(folder):
            raise Absent(f"there is no run '{name[:80]}'")
        try:
            return Results.open(folder)
        except StoreError as error:
            raise Absent(str(error).replace(str(self.runs.parent) + "/", "")) from None

    def played(self, manifest: Manifest) -> Played:
        """Return the very scenario of a run, and how it was made; raise Conflict if it is not at hand."""
        name = manifest.scenario
        paths = list(dict.fromkeys(kind[name] for kind in (self.named, _shipped()) if name in kind))
        own = tuple(f"{name}={value}" for name, value in manifest.overrides.items())
        for path, settings in itertools.product(paths, dict.fromkeys(((), self.settings, own))):
            try:
                scenario = load(str(path), overrides=settings)
            except InputError:
                continue
            if scenario.hash == manifest.scenario_hash:
                return Played(path, settings, scenario)
        raise Conflict(
            f"the scenario '{manifest.scenario}' of the run is not at hand, or not as it was played; "
            "name its file: shieldwall view RUN --scenario FILE"
        )

    def _manifest(self, folder: Path) -> Manifest | None:
        try:
            return held_by(folder) if self._is_here(folder) else None
        except StoreError:
            return None

    def _is_here(self, folder: Path) -> bool:
        """Say whether a folder holds a manifest, and both are really there, not elsewhere by a link."""
        manifest = folder / "manifest.json"
        return folder.resolve().parent == self.runs.resolve() and manifest.is_file() and not manifest.is_symlink()

    def _holds_its_own(self, folder: Path) -> bool:
        """Say whether nothing in a folder is a link to elsewhere."""
        root = self.runs.resolve()
        for number, path in enumerate(folder.rglob("*")):
            if number > _FILES_OF_A_RUN or (path.is_symlink() and not path.resolve().is_relative_to(root)):
                return False
        return True


def _shipped() -> dict[str, Path]:
    folder = shipped_folder()
    return {name: folder / name / FILE_NAME for name in shipped()} if folder else {}


def named_scenario(path: Path, name: str) -> dict[str, Path]:
    """Return a scenario file under its name; raise InputError if that is no name that an address can hold."""
    if not NAME.fullmatch(name):
        raise InputError(Mistake(str(path), 1, 1, f"'{name}' cannot stand in an address", "give it a plain name"))
    return {name: path}
