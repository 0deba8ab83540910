"""`shieldwall init`: a commented scenario to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from shieldwall.cli.written import written
from shieldwall.core.errors import InputError, Mistake

FILES = ("scenario.yaml", "README.md")


def init(folder: Path) -> None:
    """Write the template into a folder and say what to do next.

    Raises
    ------
    InputError
        If the folder has one of the files already, or cannot be written.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.resolve().name).strip("-_") or "scenario"
    for file in FILES:
        if (folder / file).exists():
            raise InputError(Mistake("", 0, 0, f"{folder / file} is there already", "name another folder"))
    with written(folder, "name a folder you may write to"):
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            text = files("shieldwall.cli").joinpath("template", file).read_text(encoding="utf-8")
            (folder / file).write_text(text.replace("NAME", name.lower()), encoding="utf-8")
    print(f"Wrote {folder / FILES[0]} and {folder / FILES[1]}. Next: shieldwall run {folder}")
