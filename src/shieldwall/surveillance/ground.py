"""Which ground a scenario stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Terrain:
    """Which elevation model a scenario uses: its files, their content as a hash, and what unknown ground counts as.

    Without files it is the coarse relief that the package carries.
    """

    files: tuple[Path, ...] = field(metadata={"hashed": False})
    content: str
    missing_is_sea: bool = False
