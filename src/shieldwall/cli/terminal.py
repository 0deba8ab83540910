"""Where words go: answers to standard output, progress and remarks to standard error."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

PIPED_WIDTH = 100


class _Trimmed:
    """A stream that writes no blanks at the ends of lines: for output that goes into a file or another program."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(re.sub(r" +(?=\n)", "", text))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def answers() -> Console:
    """Return the console of standard output: as wide as the terminal, plain and 100 columns wide when piped."""
    return _console(sys.stdout if sys.stdout.isatty() else _Trimmed(sys.stdout))


def _console(stream: IO[str] | _Trimmed) -> Console:
    width = shutil.get_terminal_size((PIPED_WIDTH, 40)).columns
    return Console(
        file=cast("IO[str]", stream), width=width, highlight=False, soft_wrap=False, emoji=False, markup=False
    )


def called_as() -> str:
    """Return what to type to call this program again: its name, or its path where the name alone is not found."""
    own = sys.argv[0]
    known = shutil.which("shieldwall")
    elsewhere = Path(own).name == "shieldwall" and (known is None or not Path(known).samefile(own))
    return own if elsewhere and Path(own).exists() else "shieldwall"


def remark(text: str) -> None:
    """Say something beside the answer."""
    print(text, file=sys.stderr)


def print_json(value: Any) -> None:
    """Print one JSON object, in one write, to standard output."""
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def table(title: str, *columns: str, left: int = 1) -> Table:
    """Return an empty table; the first `left` columns are words, the others numbers to the right."""
    empty = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=title or None, title_justify="left", title_style="bold"
    )
    for place, name in enumerate(columns):
        empty.add_column(name, justify="left" if place < left else "right", no_wrap=place >= left, overflow="fold")
    return empty


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what a run calls with (done, of all); None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(sys.stderr), transient=True) as shown:
        task = shown.add_task(label, total=None)
        yield lambda done, whole: shown.update(task, completed=done, total=whole)
