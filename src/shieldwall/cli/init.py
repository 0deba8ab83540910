"""`shieldwall init`: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path


def init(folder: Path) -> None:
    """Write the template into a folder and say what to do next."""
    raise NotImplementedError
