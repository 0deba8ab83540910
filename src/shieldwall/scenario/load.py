"""Load a scenario by name or path: read, join, set, check everything, resolve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.load import load_catalogue
from shieldwall.catalogue.sourced import Figure
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.scenario.calibration import with_calibration
from shieldwall.scenario.checks import CHECKS, Subject, check
from shieldwall.scenario.checks_air import AIR_CHECKS
from shieldwall.scenario.draft import draft_of
from shieldwall.scenario.include import read_files, shown_path
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.node import MappingNode
from shieldwall.scenario.own_catalogue import known_ids, with_overrides, with_own_entries
from shieldwall.scenario.package import is_not_of_packages, with_package
from shieldwall.scenario.resolve import resolve
from shieldwall.scenario.setting import apply_settings, named
from shieldwall.scenario.traffic_checks import TRAFFIC_CHECKS
from shieldwall.scenario.types import Scenario

FILE_NAME = "scenario.yaml"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path | None:
    """Return the folder of the shipped scenarios: of the installed package, else of the checkout."""
    for folder in (_PACKAGE / "_scenarios", _PACKAGE.parents[1] / "scenarios"):
        if folder.is_dir():
            return folder
    return None


def shipped() -> list[str]:
    """Return the names of the shipped scenarios, sorted."""
    folder = shipped_folder()
    return sorted(path.parent.name for path in folder.glob(f"*/{FILE_NAME}")) if folder else []


def load(name_or_path: str | Path, *, overrides: Sequence[str] = (), catalogue: Catalogue | None = None) -> Scenario:
    """Return the scenario of a file, of a folder with a scenario.yaml, or of a shipped name.

    Parameters
    ----------
    name_or_path : a path, or the name of a shipped scenario
    overrides : "PATH=VALUE" strings, as `--set` takes them; see docs/reference/scenario.md
    catalogue : the shipped one by default

    Raises
    ------
    InputError
        With every mistake found, each with its file, line, column and cure.
    """
    return read(name_or_path, catalogue=catalogue).load(overrides)


def read(name_or_path: str | Path, *, catalogue: Catalogue | None = None) -> ScenarioFile:
    """Return a scenario's file, read but not yet checked; raise InputError if it cannot be read."""
    tree = read_files(scenario_path(name_or_path), shipped_folder())
    return ScenarioFile(tree, load_catalogue() if catalogue is None else catalogue)


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario's file with its includes, read once, so that many changes of it can be loaded."""

    tree: MappingNode
    catalogue: Catalogue

    def load(self, overrides: Sequence[str] = (), *, calibrations: Sequence[Path] = ()) -> Scenario:
        """Return the scenario with these changes; raise InputError as `load` does.

        A calibration is looked for in the folders `calibrations` too, before the usual places.
        """
        return self._resolved(overrides, calibrations)[0]

    def known(self, overrides: Sequence[str] = ()) -> Catalogue:
        """Return the catalogue as the scenario knows it: with its own entries, overrides and calibration."""
        return self._resolved(overrides)[1].catalogue

    def figures(self, overrides: Sequence[str] = ()) -> dict[str, Figure]:
        """Return every catalogue figure that the scenario uses and that is known, by its path, sorted."""
        _, kinds = self._resolved(overrides)
        return {
            f"{group}.{key}.{path}": figure
            for group, key in sorted(kinds.used)
            for path, figure in sorted(kinds.catalogue.entries(group)[key].figures())
            if figure.value is not None
        }

    def _resolved(self, overrides: Sequence[str], calibrations: Sequence[Path] = ()) -> tuple[Scenario, Kinds]:
        try:
            return _scenario(self.tree, overrides, self.catalogue, calibrations)
        except InputError as error:
            raise InputError({named(mistake, overrides) for mistake in error.mistakes}) from None


def scenario_path(name_or_path: str | Path) -> Path:
    """Return the file that a name or path means; raise InputError if there is none."""
    text = str(name_or_path)
    path = Path(text)
    try:
        if path.is_dir():
            path = path / FILE_NAME
        if path.is_file():
            return path
        if path.exists():
            raise InputError(Mistake(shown_path(path), 1, 1, "this is not a file", "name a scenario file"))
    except (OSError, ValueError):
        raise InputError(Mistake(text[:100], 1, 1, "this is not a path", "name a scenario file")) from None
    folder = shipped_folder()
    if folder is not None and text in shipped():
        return folder / text / FILE_NAME
    is_name = isinstance(name_or_path, str) and not {"/", "\\"} & set(text) and not text.endswith((".yaml", ".yml"))
    what = "there is no such scenario" if is_name else "there is no such file"
    cure = nearest(text, shipped()) if is_name else "check the path"
    raise InputError(Mistake(text or "(no name)", 1, 1, what, cure))


def _scenario(
    tree: MappingNode, overrides: Sequence[str], catalogue: Catalogue, calibrations: Sequence[Path]
) -> tuple[Scenario, Kinds]:
    tree, chosen = with_package(tree, overrides)
    ids = known_ids(tree, catalogue)
    tree, changed = apply_settings(tree, overrides, lambda group: tuple(ids[group]), applies=is_not_of_packages)
    changed |= chosen
    catalogue, mistakes = with_own_entries(tree, catalogue)
    draft, wrong = draft_of(tree)
    mistakes += wrong
    if draft is None:
        raise InputError(mistakes)
    catalogue, calibrated, wrong = with_calibration(draft, catalogue, calibrations)
    mistakes += wrong
    catalogue, wrong = with_overrides(draft, catalogue)
    mistakes += wrong
    kinds = Kinds(catalogue)
    subject = Subject(draft, kinds, known_ids(tree, catalogue))
    mistakes += check(subject, (*CHECKS, *AIR_CHECKS, *TRAFFIC_CHECKS))
    if mistakes:
        raise InputError(mistakes)
    figures = {path: str(value) for path, value in draft.document.overrides.items()}
    others = {path: text for path, text in changed.items() if path.removeprefix("overrides.") not in figures}
    scenario, wrong = resolve(draft, kinds, figures | others)
    if scenario is None:
        raise InputError(wrong)
    return (replace(scenario, notes=(*scenario.notes, calibrated)) if calibrated else scenario), kinds
