"""What keeps a file from being written is the user's to mend, not our fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake


@contextmanager
def written(target: Path, cure: str) -> Iterator[None]:
    """Raise InputError with a cure if what is done meanwhile cannot write a file or a folder."""
    try:
        yield
    except OSError as error:
        what = f"{target} cannot be written ({error.strerror or error})"
        raise InputError(Mistake("", 0, 0, what, cure)) from error
