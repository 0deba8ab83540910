"""Write a file whole or not at all: under another name, synced, then renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write in, which takes the place of `path` at the end and vanishes where writing fails.

    Its name until then is one that no other process takes: two may write the same file, to the same bytes. A process
    that is killed leaves it behind, with the suffix `UNFINISHED`.

    Raises
    ------
    OSError
        If the file cannot be written, synced or renamed.
    """
    part = path.with_name(f"{path.name}.{secrets.token_hex(6)}{UNFINISHED}")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
