"""Changes that the page asks for: as settings for a run, and as a diff of the scenario's files."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from shieldwall.catalogue.records import GROUPS
from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.include import files_of
from shieldwall.scenario.load import load, shipped_folder
from shieldwall.scenario.types import Scenario
from shieldwall.web.refusal import Conflict, TooLarge
from shieldwall.web.rewrite import diff, has, set_value

PATH = r"[A-Za-z0-9_][A-Za-z0-9_.~/-]{0,199}"
_PATH = re.compile(PATH)
# What the page may change. Not where files lie, what the scenario is called or what the catalogue says it knows.
HEADS = frozenset(
    {"assets", "sensors", "fire_units", "soft_kill_zones", "raids", "doctrine", "command", "integration", "overrides",
     "scale", "fighters", *GROUPS}
)  # fmt: skip
LISTS = ("assets", "sensors", "fire_units", "soft_kill_zones", "raids", "fighters")
THREATS_AT_MOST, UNITS_AT_MOST = 20_000, 5_000


class Change(NamedTuple):
    """One value of a scenario, by the path that `--set` takes; the value as JSON."""

    path: str
    value: Any


def settings_of(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return changes as "PATH=VALUE".

    Raises
    ------
    InputError
        If a path may not be changed from the page.
    """
    mistakes = [
        Mistake("", 0, 0, f"'{change.path[:80]}' cannot be changed from here", "edit the scenario file")
        for change in changes
        if not _PATH.fullmatch(change.path) or change.path.partition(".")[0] not in HEADS
    ]
    if mistakes:
        raise InputError(mistakes)
    return tuple(f"{change.path}={json.dumps(change.value, allow_nan=False)}" for change in changes)


def changed(path: Path, settings: Sequence[str]) -> Scenario:
    """Return a scenario with settings; raise TooLarge if it is more than a page plays."""
    scenario = load(str(path), overrides=settings)
    threats, units = sum(salvo.count for salvo in scenario.salvos), len(scenario.fire_units)
    if threats > THREATS_AT_MOST or units > UNITS_AT_MOST:
        what = f"{threats:,} threats and {units:,} fire units"
        raise TooLarge(f"{what}; {THREATS_AT_MOST:,} and {UNITS_AT_MOST:,} at most")
    return scenario


def diffs(path: Path, settings: Sequence[str]) -> list[dict[str, str]]:
    """Return for each file that settings change: its name, a unified diff and its new text.

    Raises
    ------
    InputError
        If the changed scenario is wrong.
    Conflict
        If the changes cannot be written into the files, or what is written does not mean the same.
    """
    wanted = changed(path, settings)
    before = files_of(path, shipped_folder())
    after = dict(before)
    for setting in settings:
        _write(after, *_steps(after, setting))
    _refuse_otherwise(path, before, after, wanted)
    return [
        {"name": shown, "diff": diff(shown, before[file], after[file]), "text": after[file]}
        for file in before
        if after[file] != before[file]
        for shown in [os.path.relpath(file, path.resolve().parent)]
    ]


def _steps(files: dict[Path, str], setting: str) -> tuple[list[str], Any]:
    """Return where a setting is written and its value; a figure of the catalogue becomes an override."""
    path, _, text = setting.partition("=")
    try:
        value = json.loads(text)
    except ValueError:
        value = text.strip()  # a setting of the run, written by hand
        if value.startswith(("[", "{")):
            raise Conflict(f"the run's own --set '{path}' cannot be written into the file from here") from None
    head, _, rest = path.partition(".")
    if head == "overrides":
        return [head, rest], value
    steps = path.split(".")
    in_scenario = any(has(content, steps[:2]) for content in files.values())
    if head in GROUPS and head not in ("doctrine", "command") and not in_scenario:
        return ["overrides", path], value
    return steps, value


def _write(files: dict[Path, str], steps: list[str], value: Any) -> None:
    """Write a value into the file that has its entry, else into the scenario's own."""
    depth = 2 if steps[0] in LISTS else 1
    own = next((file for file, text in files.items() if has(text, steps[:depth])), next(iter(files)))
    files[own] = set_value(files[own], steps, value)


def _refuse_otherwise(path: Path, before: dict[Path, str], after: dict[Path, str], wanted: Scenario) -> None:
    """Raise Conflict unless the written files give the scenario that was wanted."""
    home = path.resolve().parent
    with tempfile.TemporaryDirectory() as folder:
        for file, text in after.items():
            place = Path(folder) / (file.relative_to(home) if file.is_relative_to(home) else file.name)
            if not file.is_relative_to(home):
                if text != before[file]:
                    raise Conflict(f"the change would be written into {file.name}, which other scenarios share")
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        for other in home.iterdir():
            if not (Path(folder) / other.name).exists():
                (Path(folder) / other.name).symlink_to(other)
        try:
            written = load(str(Path(folder) / path.name))
        except InputError as error:
            raise Conflict(f"the change cannot be written as a diff: {error.mistakes[0].what}") from None
    if _meant(written) != _meant(wanted):
        raise Conflict("the change cannot be written as a diff that means the same")


def _meant(scenario: Scenario) -> Scenario:
    return dataclasses.replace(scenario, hash="", overrides={}, catalogue_hash="")
