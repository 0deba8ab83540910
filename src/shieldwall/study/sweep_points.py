"""Say which points a sweep plays: a grid, a list, a Latin hypercube. A point is a tuple of "PATH=VALUE" settings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from shieldwall.core.errors import InputError, Mistake
from shieldwall.study.design import unit_points
from shieldwall.study.variants import split_values, variants

Point = tuple[str, ...]
POINTS_AT_MOST = 1_000_000
_RANGE = re.compile(r"^\s*(-?[\d.]+(?:[eE][+-]?\d+)?)\s*\.\.\s*(-?[\d.]+(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")


def grid_points(settings: Sequence[str]) -> tuple[Point, ...]:
    """Return every combination of settings "PATH=V1,V2,..."; raise InputError if one cannot be read."""
    return _checked(variants(settings))


def listed_points(file: Path, settings: Sequence[str] = ()) -> tuple[Point, ...]:
    """Return one point for each line of a file: "PATH=VALUE PATH=VALUE ...", quoted where a value has blanks.

    Empty lines and what follows a # are left out; `settings` stand before each line's own.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no list of settings; names the line.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(Mistake(str(file), 0, 0, f"the list cannot be read ({said})", "name a text file")) from error
    points, mistakes = [], []
    for number, line in enumerate(lines, 1):
        try:
            point = tuple(shlex.split(line, comments=True))
        except ValueError as error:
            mistakes.append(Mistake(str(file), number, 1, f"the line cannot be read ({error})", "close the quotes"))
            continue
        wrong = [word for word in point if not all(word.partition("="))]
        mistakes += [
            Mistake(str(file), number, 1, f"'{word}' is not PATH=VALUE", "write, say, scale.defence=4")
            for word in wrong
        ]
        if point:
            points.append((*settings, *point))
    if mistakes:
        raise InputError(mistakes)
    return _checked(points)


def latin_points(settings: Sequence[str], points: int, seed: int) -> tuple[Point, ...]:
    """Return a Latin hypercube over settings "PATH=LOW..HIGH UNIT" or "PATH=V1,V2,...".

    Ends written without a point and without a unit mean whole numbers: "1..5" against "1.0..5.0".

    Raises
    ------
    InputError
        If a setting is neither, or an end is above the other.
    """
    parsed = []
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path.strip() or not text.strip():
            raise InputError(
                Mistake("", 0, 0, f"--set '{setting}' is not PATH=LOW..HIGH", "write, say, scale.rounds=1..4")
            )
        parsed.append((path.strip(), text))
    cube = unit_points("latin", points, len(parsed), seed)
    return _checked(
        [tuple(f"{p}={_between(p, t, float(x))}" for (p, t), x in zip(parsed, u, strict=True)) for u in cube]
    )


def _between(path: str, text: str, u: float) -> str:
    ends = _RANGE.match(text)
    if ends is None:
        parts = split_values(text)
        return parts[min(int(u * len(parts)), len(parts) - 1)].strip()
    low_text, high_text, unit = ends.groups()
    try:
        low, high = float(low_text), float(high_text)
    except ValueError:
        low, high = 1.0, 0.0
    if low > high:
        raise InputError(Mistake("", 0, 0, f"{path}: '{text}' is no range", "write LOW..HIGH, the lower number first"))
    if not unit and "." not in low_text + high_text:
        return str(min(int(low + u * (high - low + 1)), int(high)))
    return f"{low + u * (high - low):.12g} {unit}".strip()


def _checked(points: Sequence[Point]) -> tuple[Point, ...]:
    if not points:
        raise InputError(Mistake("", 0, 0, "a sweep needs a point", "give --set PATH=V1,V2 or --list FILE"))
    if len(points) > POINTS_AT_MOST:
        raise InputError(Mistake("", 0, 0, f"{len(points):,} points are too many", f"at most {POINTS_AT_MOST:,}"))
    return tuple(points)
