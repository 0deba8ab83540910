"""What a command raises when the user stops it."""

from __future__ import annotations


class Interrupted(Exception):  # noqa: N818  it is no error
    """The user stopped a run; the text says what is kept.

    The parser takes a KeyboardInterrupt for itself and drops its text.
    """
