"""A file is there whole or not at all, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shieldwall.core.whole_file import UNFINISHED, whole_file


def test_until_the_end_the_old_file_stands_and_then_the_new(tmp_path: Path) -> None:
    path = tmp_path / "rows.bin"
    path.write_bytes(b"before")
    with whole_file(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
        (beside,) = (other for other in tmp_path.iterdir() if other != path)
        assert beside.suffix == UNFINISHED
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rows.bin"
    path.write_bytes(b"before")

    def write(failure: Exception) -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise failure

    with pytest.raises(RuntimeError, match="no more"):
        write(RuntimeError("no more"))
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_two_may_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.bin"
    with whole_file(path) as first, whole_file(path) as second:
        first.write(b"same")
        second.write(b"same")
    assert path.read_bytes() == b"same"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "none" / "rows.bin"):
        pass
