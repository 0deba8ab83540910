"""Find the calibration that a scenario names, and set its figures into the catalogue that the scenario sees.

A calibration is a JSON file NAME.calibration.json that `shieldwall calibrate` wrote: catalogue figures with posterior
ranges, and where they come from. It is looked for beside the scenario file, then in the user's own folder
(`user_folder`). None is shipped: the table that they are fitted to has no settled licence (docs/decisions).
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.units import UnitError
from shieldwall.scenario.draft import Draft

SUFFIX = ".calibration.json"
VERSION = 1
_NUMBERS = ("value", "low", "high")
_MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a file says: its name, its figures (path -> value, low, high, unit, provenance), and in words whence."""

    name: str
    figures: Mapping[str, Mapping[str, Any]]
    words: str


def user_folder() -> Path:
    """Return the folder of this user's calibrations; it may not exist."""
    if "XDG_DATA_HOME" in os.environ:
        base = Path(os.environ["XDG_DATA_HOME"])
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path.home() / ".local" / "share"
    return base / "shieldwall" / "calibrations"


def read_calibration(path: Path) -> Calibration:
    """Return what a calibration file says.

    Raises
    ------
    InputError
        If it cannot be read or has not the form that `shieldwall calibrate` writes.
    """
    cure = "write it again with 'shieldwall calibrate FILE'"
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        data = json.loads(content[:_MOST_BYTES])
    except OSError as error:
        raise InputError(Mistake(str(path), 0, 0, f"cannot be read ({error.strerror})", cure)) from None
    except ValueError as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        raise InputError(Mistake(str(path), line, column, "this is not JSON in UTF-8", cure)) from None
    if not isinstance(data, dict) or data.get("shieldwall_calibration") != VERSION:
        raise InputError(Mistake(str(path), 1, 1, f"this is not a calibration of version {VERSION}", cure))
    figures = data.get("figures")
    if not isinstance(figures, dict) or not figures:
        raise InputError(Mistake(str(path), 1, 1, "it holds no figures", cure))
    wrong = [f"figures.{p}: {w}" for p, f in figures.items() if (w := _wrong(f))]
    if wrong:
        raise InputError([Mistake(str(path), 1, 1, what, cure) for what in wrong])
    words = data.get("words")
    return Calibration(path.name.removesuffix(SUFFIX), figures, words if isinstance(words, str) else "")


def _wrong(figure: Any) -> str:
    """Return what is wrong with the form of one figure, "" if nothing is."""
    if not isinstance(figure, dict) or not isinstance(figure.get("unit"), str):
        return "not a figure {value, low, high, unit, provenance}"
    if not all(type(figure.get(name)) in (int, float) and math.isfinite(figure[name]) for name in _NUMBERS):
        return "value, low and high must be numbers"
    value, low, high = (float(figure[name]) for name in _NUMBERS)
    if not low <= value <= high:
        return f"low {low:g}, value {value:g}, high {high:g} are out of order"
    return ""


def with_calibration(
    draft: Draft, catalogue: Catalogue, folders: Sequence[Path] = ()
) -> tuple[Catalogue, str, list[Mistake]]:
    """Return the catalogue with the figures of the scenario's calibration, what to say of it, and the mistakes.

    `folders` are looked through first.
    """
    name = draft.document.calibration
    if name is None:
        return catalogue, "", []
    places = (*folders, Path(draft.tree.mark.file).parent, user_folder())
    found = next((path for folder in places if (path := folder / f"{name}{SUFFIX}").is_file()), None)
    if found is None:
        what = f"there is no calibration '{name}' beside the scenario or in {user_folder()}"
        cure = f"make it: shieldwall calibrate FILE --name {name}"
        return catalogue, "", [draft.mistake(("calibration",), what, cure)]
    try:
        calibration = read_calibration(found)
        catalogue = catalogue.with_calibrated(calibration.figures)
    except (InputError, UnitError) as error:
        told = error.mistakes if isinstance(error, InputError) else (Mistake(str(found), 1, 1, str(error)),)
        return catalogue, "", [draft.mistake(("calibration",), str(m)) for m in told]
    return catalogue, f"Calibration {name}: {len(calibration.figures)} figures. {calibration.words}".strip(), []
