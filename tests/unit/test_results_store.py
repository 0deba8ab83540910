"""Results folders: what is written comes back to the bit, resumes, and is refused where it must be."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from shieldwall.core.errors import StoreError
from shieldwall.results.manifest import manifest_from_json
from shieldwall.results.results import Recorder, Results
from shieldwall.results.row import ROW_COLUMNS
from shieldwall.results.store import FolderStore, create, held_by, open_store


def assert_same_block(one, other) -> None:
    for field in dataclasses.fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if field.name == "first" or mine is None:
            assert mine == theirs
        else:
            assert mine.dtype == theirs.dtype, field.name
            np.testing.assert_array_equal(mine, theirs, err_msg=field.name)


def play(stand_in, folder: Path | None, replications: int = 70, *, events: bool = True, order=sorted) -> Results:
    recorder = Recorder(stand_in.manifest(replications, events=events), stand_in.ROSTER, folder)
    for first, size in order(recorder.missing):
        recorder.add(stand_in.block(first, size, events=events))
    return recorder.finish(1.0, 1)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


@pytest.mark.parametrize("events", [False, True])
@pytest.mark.parametrize("in_folder", [False, True])
def test_blocks_come_back_to_the_bit(stand_in, tmp_path, in_folder, events):
    results = play(stand_in, tmp_path / "r" if in_folder else None, events=events)
    blocks = list(results.blocks())
    assert [block.first for block in blocks] == [0, 32, 64]
    for block in blocks:
        assert_same_block(stand_in.block(block.first, block.fate.shape[0], events=events), block)


def test_bytes_do_not_depend_on_the_order_of_blocks(stand_in, tmp_path):
    play(stand_in, tmp_path / "a")
    play(stand_in, tmp_path / "b", order=lambda blocks: sorted(blocks, reverse=True))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 3 * 5


def test_an_interrupted_run_resumes_to_the_same_bytes_and_answer(stand_in, tmp_path):
    whole = play(stand_in, tmp_path / "whole")
    manifest = stand_in.manifest(70, events=True)
    first_go = Recorder(manifest, stand_in.ROSTER, tmp_path / "broken")
    first_go.add(stand_in.block(32, 32, events=True))
    second_go = Recorder(manifest, stand_in.ROSTER, tmp_path / "broken")
    assert second_go.missing == ((0, 32), (64, 6))
    for first, size in second_go.missing:
        second_go.add(stand_in.block(first, size, events=True))
    resumed = second_go.finish(2.0, 1)
    assert contents(tmp_path / "whole") == contents(tmp_path / "broken")
    one, other = whole.to_json(), resumed.to_json()
    for answer in (one, other):
        del answer["wall_s"], answer["manifest"]["run"]
    assert json.dumps(one) == json.dumps(other)


def test_a_block_counts_only_with_all_its_tables(stand_in, tmp_path):
    play(stand_in, tmp_path / "r")
    (tmp_path / "r/weapons/000000032.parquet").unlink()
    assert open_store(tmp_path / "r").finished() == {0, 64}


def test_a_truncated_file_does_not_count_and_is_played_again(stand_in, tmp_path):
    play(stand_in, tmp_path / "r")
    before = contents(tmp_path / "r")
    path = tmp_path / "r/rows/000000032.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    recorder = Recorder(stand_in.manifest(70, events=True), stand_in.ROSTER, tmp_path / "r")
    assert recorder.missing == ((32, 32),)
    recorder.add(stand_in.block(32, 32, events=True))
    assert contents(tmp_path / "r") == before


def test_a_damaged_page_is_named_with_its_cure(stand_in, tmp_path):
    play(stand_in, tmp_path / "r")
    path = tmp_path / "r/rows/000000000.parquet"
    content = bytearray(path.read_bytes())
    content[4:400] = bytes(396)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"rows/000000000.parquet (is damaged|does not fit).*delete"):
        Results.open(tmp_path / "r")


def test_an_unfinished_folder_is_not_opened_as_results(stand_in, tmp_path):
    create(tmp_path / "r", stand_in.manifest(70), stand_in.ROSTER).write(stand_in.block(0, 32))
    with pytest.raises(StoreError, match="holds 1 of 3 blocks; give the same command again"):
        Results.open(tmp_path / "r")


def test_more_replications_keep_those_there(stand_in, tmp_path):
    play(stand_in, tmp_path / "r", 64)
    recorder = Recorder(stand_in.manifest(96, events=True), stand_in.ROSTER, tmp_path / "r")
    assert recorder.missing == ((64, 32),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seed": 2}, "its seed is 1, not 2"),
        ({"scenario_hash": "6" * 64}, "its scenario hash is 555"),
        ({"catalogue_hash": "d" * 64}, "its catalogue hash is ccc"),
        ({"version": "9.9"}, "its version is 0.1.0, not 9.9"),
        ({"events": True}, "its events is False, not True"),
        ({"block_size": 16}, "its block size is 32, not 16"),
        ({"replications": 50}, "holds 70 replications, more than the 50 asked for"),
    ],
)
def test_another_run_is_refused(stand_in, tmp_path, change, said):
    play(stand_in, tmp_path / "r", events=False)
    other = dataclasses.replace(stand_in.manifest(70), **change)
    with pytest.raises(StoreError, match=said):
        create(tmp_path / "r", other, stand_in.ROSTER)


def test_a_folder_with_something_else_is_refused(stand_in, tmp_path):
    (tmp_path / "thesis.docx").write_text("do not lose me")
    with pytest.raises(StoreError, match="is not empty and holds no results"):
        create(tmp_path, stand_in.manifest(), stand_in.ROSTER)


def test_a_file_in_the_way_is_refused(stand_in, tmp_path):
    (tmp_path / "r").write_text("")
    with pytest.raises(StoreError, match="choose another folder with --out"):
        create(tmp_path / "r", stand_in.manifest(), stand_in.ROSTER)


def test_a_folder_below_a_file_is_refused(stand_in, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        create(tmp_path / "file" / "r", stand_in.manifest(), stand_in.ROSTER)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, r"the disk of .* is full \(\d+ MB free\); make room, finished replications are kept"),
        (errno.EROFS, r"cannot be written \(Read-only file system\); choose another folder"),
        (errno.EACCES, r"cannot be written \(Permission denied\)"),
    ],
)
def test_what_the_system_refuses_is_said_with_a_cure(stand_in, tmp_path, monkeypatch, number, said):
    store = create(tmp_path / "r", stand_in.manifest(70), stand_in.ROSTER)
    store.write(stand_in.block(0, 32))

    def refuse(_number: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("shieldwall.core.whole_file.os.fsync", refuse)
    with pytest.raises(StoreError, match=said):
        store.write(stand_in.block(32, 32))
    assert store.finished() == {0}


def test_left_overs_of_a_killed_run_are_swept(stand_in, tmp_path):
    create(tmp_path / "r", stand_in.manifest(70), stand_in.ROSTER)
    left_over = tmp_path / "r/rows/000000000.parquet.part"
    left_over.write_bytes(b"half")
    create(tmp_path / "r", stand_in.manifest(70), stand_in.ROSTER)
    assert not left_over.exists()


def test_manifest_round_trip(stand_in):
    manifest = stand_in.manifest()
    assert manifest_from_json(json.loads(json.dumps(manifest.to_json()))) == manifest


def test_a_foreign_manifest_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text('{"version": "0.0.1"}')
    with pytest.raises(StoreError, match="not one of this version"):
        held_by(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        held_by(tmp_path)


def test_row_columns_follow_the_ten_stops(stand_in, tmp_path):
    store: FolderStore = play(stand_in, tmp_path / "r").store
    names = pq.read_schema(tmp_path / "r/rows/000000000.parquet").names
    assert names == ["replication", "threat", "type", *ROW_COLUMNS]
    assert store.table("rows").schema.names == names


def test_a_run_killed_before_its_manifest_is_begun_again(stand_in, tmp_path):
    (tmp_path / "r/rows").mkdir(parents=True)
    (tmp_path / "r/roster.json").write_text("{")
    create(tmp_path / "r", stand_in.manifest(70), stand_in.ROSTER)
    assert open_store(tmp_path / "r").roster == stand_in.ROSTER
