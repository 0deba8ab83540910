"""Read and check one weapon-target assignment instance.

Two file formats: the public text format (`W T rounds`, T values, then triples `weapon target probability`), and our
JSON `{"values": [...], "kill_probability": [[weapon x target]], "rounds": [...], "windows": [[...]]}`. Every mistake
is refused here, with file, line and column.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_ROUNDS = 5_000_000
_JSON_KEYS = ("values", "kill_probability", "rounds", "windows")
_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class Instance:
    """Targets to protect against, weapons to do it with.

    Attributes
    ----------
    values : float64, shape (T,), what each target destroys if no round kills it, >= 0
    kill_probability : float64, shape (W, T), of one round of weapon i at target j; 0 = not eligible
    rounds : int64, shape (W,), rounds that each weapon holds, >= 0
    name : where it came from
    """

    values: FloatArray
    kill_probability: FloatArray
    rounds: IntArray
    name: str = ""

    @property
    def weapons(self) -> int:
        """Return the number of weapons, W."""
        return int(self.rounds.shape[0])

    @property
    def targets(self) -> int:
        """Return the number of targets, T."""
        return int(self.values.shape[0])


def make_instance(values: Any, kill_probability: Any, rounds: Any = None, *, name: str = "") -> Instance:
    """Check arrays and return an instance.

    Parameters
    ----------
    values : array-like, shape (T,)
    kill_probability : array-like, shape (W, T), each within [0, 1]; a transposed view of a (T, W) array is not copied
    rounds : array-like of whole numbers, shape (W,); default one round each
    name : for messages

    Raises
    ------
    InputError
        If a shape does not fit, or a value is not finite, negative, or no probability.
    """
    value = np.asarray(values, dtype=np.float64).reshape(-1)
    chance = np.asarray(kill_probability, dtype=np.float64)
    if chance.size == 0:
        weapons = np.size(rounds) if rounds is not None else (chance.shape[0] if value.size == 0 else 0)
        chance = chance.reshape(weapons, value.size) if weapons * value.size == 0 else chance
    held = np.ones(chance.shape[0], np.int64) if rounds is None else _whole(rounds, name)
    _refuse(name, _shape_mistakes(value, chance, held))
    wrong = np.flatnonzero(~(np.isfinite(value) & (value >= 0.0)))
    _refuse(name, [f"values[{j}] is {value[j]}, not a finite number >= 0" for j in wrong[:5]])
    if chance.size and not (float(chance.min()) >= 0.0 and float(chance.max()) <= 1.0):
        places = np.argwhere(~((chance >= 0.0) & (chance <= 1.0)))[:5]
        _refuse(name, [f"kill_probability[{i}][{j}] is {chance[i, j]}, not within 0..1" for i, j in places])
    _refuse(name, [f"rounds[{i}] is {held[i]}, below 0" for i in np.flatnonzero(held < 0)[:5]])
    if held.sum() > MOST_ROUNDS:
        _refuse(name, [f"{held.sum()} rounds in all, more than the {MOST_ROUNDS} this solver takes"])
    return Instance(value, chance, held, name)


def read_instance(path: Path) -> Instance:
    """Read an instance file; `.json` is our format, anything else the public text format.

    Raises
    ------
    InputError
        If the file is missing, cut short, too long, or holds something that is not a number in its range.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(Mistake(str(path), 0, 0, "no such file", "give the path of an instance file")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Mistake(str(path), 0, 0, f"cannot be read as text: {error}")) from None
    if path.suffix.lower() == ".json" or text.lstrip()[:1] == "{":
        return _from_json(text, str(path))
    return _from_text(text, str(path))


def _refuse(name: str, messages: list[str]) -> None:
    """Raise one InputError that lists all messages, if there are any."""
    if messages:
        raise InputError([Mistake(name, 0, 0, message) for message in messages])


def _whole(rounds: Any, name: str) -> IntArray:
    """Return the rounds as int64, refusing fractions."""
    number = np.asarray(rounds, dtype=np.float64).reshape(-1)
    wrong = np.flatnonzero(~(np.isfinite(number) & (number == np.round(number)) & (np.abs(number) < 2.0**53)))
    _refuse(name, [f"rounds[{i}] is {number[i]}, not a whole number" for i in wrong[:5]])
    return number.astype(np.int64)


def _shape_mistakes(value: FloatArray, chance: FloatArray, held: IntArray) -> list[str]:
    """Return what does not fit among the three shapes."""
    if chance.ndim != 2:
        return ["kill_probability must be a table: one row a weapon, one column a target"]
    if chance.shape != (held.size, value.size):
        return [
            f"kill_probability has {chance.shape[0]} weapons x {chance.shape[1]} targets, but there are "
            f"{held.size} rounds entries and {value.size} values"
        ]
    return []


def _from_json(text: str, name: str) -> Instance:
    """Read our JSON."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(Mistake(name, error.lineno, error.colno, f"not valid JSON: {error.msg}")) from None
    if not isinstance(data, dict):
        raise InputError(Mistake(name, 1, 1, "the file must hold one JSON object", f"keys: {', '.join(_JSON_KEYS)}"))
    for key in data:
        if key not in _JSON_KEYS:
            raise InputError(Mistake(name, 0, 0, f"unknown key '{key}'", f"use {', '.join(_JSON_KEYS)}"))
    for key in ("values", "kill_probability"):
        if key not in data:
            raise InputError(Mistake(name, 0, 0, f"key '{key}' is missing"))
    numbers: dict[str, FloatArray] = {}
    for key in ("values", "kill_probability", "rounds"):
        if data.get(key) is not None:
            try:
                numbers[key] = np.asarray(data[key], dtype=np.float64)
            except (TypeError, ValueError):
                raise InputError(Mistake(name, 0, 0, f"'{key}' must hold numbers, in rows of equal length")) from None
    chance = numbers["kill_probability"]
    if data.get("windows") is not None:
        chance = chance * _open_windows(data["windows"], chance.shape, name)
    return make_instance(numbers["values"], chance, numbers.get("rounds"), name=name)


def _open_windows(windows: Any, shape: tuple[int, ...], name: str) -> FloatArray:
    """Return 1 where a weapon has an engagement window on a target, 0 where it has none.

    A window is null (none) or [opens_s, closes_s]; one that closes before it opens is refused.
    """
    if not isinstance(windows, list) or len(windows) != shape[0] or len(shape) != 2:
        raise InputError(Mistake(name, 0, 0, f"windows must have one row for each of the {shape[0]} weapons"))
    is_open = np.zeros(shape)
    for i, row in enumerate(windows):
        if not isinstance(row, list) or len(row) != shape[1]:
            raise InputError(Mistake(name, 0, 0, f"windows[{i}] must have one entry for each of {shape[1]} targets"))
        for j, window in enumerate(row):
            if window is None:
                continue
            where = f"windows[{i}][{j}]"
            if not (isinstance(window, list) and len(window) == 2 and all(isinstance(x, int | float) for x in window)):
                raise InputError(Mistake(name, 0, 0, f"{where} must be null or [opens_s, closes_s]"))
            if not window[0] <= window[1]:
                raise InputError(Mistake(name, 0, 0, f"{where} closes at {window[1]} s before it opens"))
            is_open[i, j] = 1.0
    return is_open


def _place(text: str, index: int) -> tuple[int, int]:
    """Return line and column of the whitespace-separated word with this index, or of the end."""
    seen = 0
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        words = line.split()
        if index < seen + len(words):
            column = 0
            for word in words[: index - seen + 1]:
                column = line.index(word, column) + len(word)
            return number, column - len(words[index - seen]) + 1
        seen += len(words)
    return max(len(lines), 1), 1


def _from_text(text: str, name: str) -> Instance:
    """Read the public format: `W T rounds`, T values, triples of weapon, target and probability."""
    words = text.split()

    def wrong(index: int, what: str, cure: str = "") -> InputError:
        return InputError(Mistake(name, *_place(text, index), what, cure))

    try:
        numbers = np.array(words, dtype=np.float64)
    except ValueError:
        bad = next(k for k, word in enumerate(words) if not _is_number(word))
        raise wrong(bad, f"'{words[bad]}' is not a number") from None
    if numbers.size < _TRIPLE:
        raise wrong(numbers.size, "the first line must hold three numbers", "weapons, targets, rounds of each weapon")
    for k in range(_TRIPLE):
        if not (numbers[k] >= 0 and numbers[k] == np.floor(numbers[k]) and numbers[k] < 2**31):
            raise wrong(k, f"'{words[k]}' is not a whole number >= 0")
    weapons, targets, held = (int(x) for x in numbers[:_TRIPLE])
    first = _TRIPLE + targets
    if numbers.size < first:
        raise wrong(numbers.size, f"{targets} target values announced, {numbers.size - _TRIPLE} found: file cut short?")
    value = numbers[_TRIPLE:first]
    for j in np.flatnonzero(~(np.isfinite(value) & (value >= 0.0)))[:1]:
        raise wrong(_TRIPLE + int(j), f"value '{words[_TRIPLE + j]}' is not a finite number >= 0")
    rest = numbers[first:]
    expected = _TRIPLE * weapons * targets
    if rest.size % _TRIPLE or rest.size < expected:
        raise wrong(numbers.size, f"{expected} numbers of triples expected, {rest.size} found: file cut short?")
    if rest.size > expected:
        raise wrong(first + expected, f"{rest.size - expected} numbers more than {weapons} x {targets} triples need")
    chance = _triples(rest.reshape(-1, _TRIPLE), weapons, targets, lambda k, what: wrong(first + k, what))
    return make_instance(value, chance, np.full(weapons, held), name=name)


def _triples(rows: FloatArray, weapons: int, targets: int, wrong: Any) -> FloatArray:
    """Return the (W, T) table of the triples; each pair must come once."""
    for column, limit, what in ((0, weapons, "weapon"), (1, targets, "target")):
        number = rows[:, column]
        for k in np.flatnonzero(~((number >= 0) & (number < limit) & (number == np.floor(number))))[:1]:
            raise wrong(_TRIPLE * int(k) + column, f"{what} {number[k]:g} is not one of 0..{limit - 1}")
    for k in np.flatnonzero(~((rows[:, 2] >= 0.0) & (rows[:, 2] <= 1.0)))[:1]:
        raise wrong(_TRIPLE * int(k) + 2, f"kill probability {rows[k, 2]:g} is not within 0..1")
    table = np.zeros((targets, weapons))
    seen = np.zeros((targets, weapons), dtype=bool)
    i, j = rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64)
    seen[j, i] = True
    if not seen.all():
        order = np.argsort(i * max(targets, 1) + j, kind="stable")
        again = np.flatnonzero(np.diff((i * max(targets, 1) + j)[order]) == 0)
        k = int(order[again[0] + 1])
        raise wrong(_TRIPLE * k, f"weapon {i[k]} and target {j[k]} are given twice")
    table[j, i] = rows[:, 2]
    return table.T


def _is_number(word: str) -> bool:
    """Return whether Python reads the word as a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True
