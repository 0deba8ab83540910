"""Reading instances: both formats, and every way to get them wrong, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.errors import InputError
from shieldwall.solvers.wta_instance import make_instance, read_instance

TEXT = "2 3 4\n10\n20\n30\n0 0 0.5\n0 1 0.25\n0 2 1\n1 0 0\n1 1 0.75\n1 2 0.125\n"


def write(folder: Path, text: str, name: str = "case.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_public_format(tmp_path: Path) -> None:
    instance = read_instance(write(tmp_path, TEXT))
    assert instance.values.tolist() == [10, 20, 30]
    assert instance.rounds.tolist() == [4, 4]
    assert instance.kill_probability.tolist() == [[0.5, 0.25, 1.0], [0.0, 0.75, 0.125]]


def test_json_with_windows(tmp_path: Path) -> None:
    data = {
        "values": [1, 2],
        "kill_probability": [[0.5, 0.5], [0.9, 0.9]],
        "rounds": [1, 2],
        "windows": [[[0, 10], None], [None, [5.5, 5.5]]],
    }
    instance = read_instance(write(tmp_path, json.dumps(data), "case.json"))
    assert instance.kill_probability.tolist() == [[0.5, 0.0], [0.0, 0.9]]
    assert instance.rounds.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("", ":1:1:", "first line must hold three numbers"),
        ("2 3", ":1:1:", "first line must hold three numbers"),
        ("2 3.5 1\n", ":1:3:", "'3.5' is not a whole number"),
        ("2 3 -1\n", ":1:5:", "'-1' is not a whole number"),
        ("2 3 4\n10\n20\n", ":3:1:", "3 target values announced, 2 found"),
        (TEXT.replace("20\n", "-20\n"), ":3:1:", "value '-20'"),
        (TEXT.replace("20\n", "inf\n"), ":3:1:", "value 'inf'"),
        (TEXT.replace("0.75", "nan"), ":9:5:", "kill probability nan"),
        (TEXT.replace("0.75", "1.01"), ":9:5:", "kill probability 1.01"),
        (TEXT.replace("0.75", "x"), ":9:5:", "'x' is not a number"),
        (TEXT.replace("1 1 0.75", "2 1 0.75"), ":9:1:", "weapon 2 is not one of 0..1"),
        (TEXT.replace("1 1 0.75", "1 7 0.75"), ":9:3:", "target 7 is not one of 0..2"),
        (TEXT.replace("1 1 0.75", "1 0 0.75"), ":9:1:", "weapon 1 and target 0 are given twice"),
        (TEXT.rsplit("\n", 2)[0], ":9:1:", "18 numbers of triples expected, 15 found"),
        (TEXT + "1 2 0.5\n", ":11:1:", "3 numbers more"),
    ],
)
def test_bad_text_is_refused_with_its_place(tmp_path: Path, text: str, place: str, what: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as refused:
        read_instance(path)
    assert str(path) + place in str(refused.value)
    assert what in str(refused.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not valid JSON"),
        ("[1]", "must hold one JSON object"),
        ('{"values": [1]}', "'kill_probability' is missing"),
        ('{"values": [1], "kill_probability": [[0.5]], "round": [1]}', "unknown key 'round'"),
        ('{"values": [1, 2], "kill_probability": [[0.5], [0.5]]}', "2 weapons x 1 targets"),
        ('{"values": [1], "kill_probability": [[0.5], [0.5, 1]]}', "rows of equal length"),
        ('{"values": [1], "kill_probability": [[1.5]]}', "kill_probability[0][0] is 1.5"),
        ('{"values": [1], "kill_probability": [[NaN]]}', "kill_probability[0][0] is nan"),
        ('{"values": [-1], "kill_probability": [[0.5]]}', "values[0] is -1.0"),
        ('{"values": [1], "kill_probability": [[0.5]], "rounds": [1.5]}', "rounds[0] is 1.5, not a whole number"),
        ('{"values": [1], "kill_probability": [[0.5]], "rounds": [-1]}', "rounds[0] is -1, below 0"),
        ('{"values": [1], "kill_probability": [[0.5]], "rounds": [1, 2]}', "2 rounds entries"),
        ('{"values": [1], "kill_probability": [[0.5]], "windows": [[[9, 5]]]}', "closes at 5 s before it opens"),
        ('{"values": [1], "kill_probability": [[0.5]], "windows": [[3]]}', "windows[0][0] must be null or"),
        ('{"values": [1], "kill_probability": [[0.5]], "windows": [[]]}', "windows[0] must have one entry"),
        ('{"values": [1], "kill_probability": [[0.5]], "rounds": [1e9]}', "more than the"),
    ],
)
def test_bad_json_is_refused(tmp_path: Path, text: str, what: str) -> None:
    path = write(tmp_path, text, "case.json")
    with pytest.raises(InputError) as refused:
        read_instance(path)
    assert str(path) in str(refused.value)
    assert what in str(refused.value)


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_instance(tmp_path / "nowhere.txt")
    (tmp_path / "noise.txt").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="cannot be read as text"):
        read_instance(tmp_path / "noise.txt")


def test_a_transposed_view_is_not_copied() -> None:
    by_target = np.full((3, 2), 0.5)
    instance = make_instance([1, 2, 3], by_target.T)
    assert np.shares_memory(instance.kill_probability, by_target)
