"""Turn settings of several values ("scale.defence=1,4,5") into the runs they mean."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from shieldwall.core.errors import InputError, Mistake


def variants(settings: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return every combination of settings "PATH=V1,V2,...", the first values together first.

    Commas inside brackets, braces and quotes do not part values: "a.b=[1,2],[3]" has two.

    Raises
    ------
    InputError
        If a setting has no "=", no path, no value or an empty one.
    """
    choices = []
    for setting in settings:
        path, equals, values = setting.partition("=")
        parts = split_values(values)
        if not equals or not path.strip() or not all(part.strip() for part in parts):
            raise InputError(Mistake("", 0, 0, f"--set '{setting}' is not PATH=VALUE", "write, say, scale.defence=1,4"))
        choices.append([f"{path.strip()}={part.strip()}" for part in parts])
    return tuple(itertools.product(*choices))


def split_values(text: str) -> list[str]:
    """Return the parts of text between commas that stand outside brackets, braces and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for i, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{(":
            depth += 1
        elif letter in "]})":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]
