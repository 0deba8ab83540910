"""Say what the user did wrong, where, and how to mend it.

Exceptions
----------
ShieldwallError
    x. InputError        the user's input is wrong (exit code 2); carries one or more Mistakes
    x. CapacityError     a kernel array was too small; the caller enlarges it and plays again
    x. StoreError        a results folder cannot be read or written
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One wrong thing in one place of one file.

    `line` and `column` count from 1; 0 means "the file as a whole".
    `what` says what is wrong, `cure` what to write instead.
    """

    file: str
    line: int
    column: int
    what: str
    cure: str = ""

    def __str__(self) -> str:
        """Return FILE:LINE:COLUMN: what is wrong; the cure."""
        where = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        return where + self.what + (f"; {self.cure}" if self.cure else "")


class ShieldwallError(Exception):
    """Root of every error that shieldwall raises on purpose."""


class InputError(ShieldwallError):
    """The input is wrong; every mistake found is listed, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake] | Mistake) -> None:
        self.mistakes = (mistakes,) if isinstance(mistakes, Mistake) else tuple(sorted(mistakes))
        super().__init__("\n".join(str(m) for m in self.mistakes))


class CapacityError(ShieldwallError):
    """A kernel ran out of room for events; play the block again with more."""


class StoreError(ShieldwallError):
    """A results folder cannot be read or written; the message says which and what to do."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a cure that names the nearest valid name, or lists what is valid.

    Parameters
    ----------
    name : what the user wrote
    valid : the names that would have been accepted

    Returns
    -------
    str, for example "did you mean 'nasams'?" or "use one of: a, b, c"
    """
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"use one of: {shown}" if names else "nothing is valid here"
