"""The house: public names, files without paths of a machine, documentation that the nav and the code agree on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import shieldwall

ROOT = Path(__file__).resolve().parents[2]


def test_public_names_are_the_documented_ones() -> None:
    assert shieldwall.__all__ == ["Results", "__version__", "load", "plot", "simulate"]
    for name in shieldwall.__all__:
        assert getattr(shieldwall, name) is not None


def test_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert shieldwall.__version__ == project["version"]


def test_every_shipped_scenario_says_what_is_known_and_assumed() -> None:
    for folder in (ROOT / "scenarios").iterdir():
        text = (folder / "README.md").read_text(encoding="utf-8").lower()
        assert "known" in text, folder
        assert "assumed" in text, folder


def test_no_file_names_a_path_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    pattern = re.compile(r"/(?:work|root|home|tmp)/[a-z]")
    wrong = []
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".cpp", ".txt", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            if path != Path(__file__).resolve() and pattern.search(text):
                wrong.append(name)
    assert not wrong
