"""A sweep's points, its folder, the same bytes from any workers, and what goes wrong with disks."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from shieldwall.core.errors import InputError, StoreError
from shieldwall.scenario.load import read
from shieldwall.study.sweep import open_sweep, plan, sweep
from shieldwall.study.sweep_points import grid_points, latin_points, listed_points
from shieldwall.study.sweep_task import Task, merged, play_task
from shieldwall.study.workers import on_cluster, on_processes, on_threads

NAME = "one-battery"
KILL = "effectors.lab-missile.kill_probability.drone"


def planned(*settings: str, replications: int = 600, seed: int = 1):
    return plan(read(NAME), NAME, grid_points(settings), replications=replications, seed=seed)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def threads(count):
    return lambda tasks: on_threads(tasks, count)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a finished sweep of three points."""
    return sweep(planned(f"{KILL}=0.2,0.5,0.8"), tmp_path_factory.mktemp("sweep") / "s", threads(1))


def test_points_of_a_grid_a_list_and_a_hypercube(tmp_path):
    assert grid_points(["a=1,2", "b=x"]) == (("a=1", "b=x"), ("a=2", "b=x"))
    (tmp_path / "list").write_text("# three\na=1 'b=2 km'\n\na=4 # last\n")
    assert listed_points(tmp_path / "list", ["c=0"]) == (("c=0", "a=1", "b=2 km"), ("c=0", "a=4"))
    points = latin_points(["a=1..4", "b=0.0..8.0 km", "c=x,y"], 8, seed=5)
    columns = [sorted(setting.partition("=")[2] for setting in column) for column in zip(*points, strict=True)]
    assert columns[0] == sorted("11223344")
    assert sorted(int(float(text.removesuffix(" km"))) for text in columns[1]) == list(range(8))
    assert columns[2] == ["x"] * 4 + ["y"] * 4


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: grid_points(["a"]), "is not PATH=VALUE"),
        (lambda _: latin_points(["a=5..1"], 4, 1), "is no range"),
        (lambda _: latin_points(["a"], 4, 1), "is not PATH=LOW..HIGH"),
        (lambda folder: listed_points(folder / "none"), "cannot be read"),
        (lambda folder: listed_points(folder / "bad"), "bad:2:1: 'b' is not PATH=VALUE"),
        (lambda folder: listed_points(folder / "empty"), "a sweep needs a point"),
    ],
)
def test_points_that_cannot_be_read(tmp_path, make, said):
    (tmp_path / "bad").write_text("a=1\nb\n")
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(InputError, match=said):
        make(tmp_path)


def test_a_wrong_point_is_refused_before_anything_is_played():
    with pytest.raises(InputError, match="point 1: "):
        planned(f"{KILL}=0.5,1.5")


def test_the_index_has_the_means_of_each_points_own_results(whole):
    rows = whole.index.to_pylist()
    assert [row[f"set {KILL}"] for row in rows] == ["0.2", "0.5", "0.8"]
    for number, row in enumerate(rows):
        leaked = whole.results(number).summary().total["leaked"]
        assert row["mean leaked"] == pytest.approx(leaked.mean, rel=1e-12)
        assert row["se leaked"] == pytest.approx(leaked.se, rel=1e-9)
    assert rows[0]["mean leaked"] > rows[1]["mean leaked"] > rows[2]["mean leaked"]


def test_moments_of_blocks_add_up_to_those_of_the_whole():
    values = np.random.default_rng(1).normal(5, 2, 1000)
    parts = {}
    for first in range(0, 1000, 300):
        block = values[first : first + 300]
        parts[first] = {"x": (block.size, float(block.mean()), float(((block - block.mean()) ** 2).sum()))}
    assert merged(parts)["x"] == pytest.approx((1000, values.mean(), values.var() * 1000), rel=1e-12)
    assert merged(dict(reversed(parts.items()))) == merged(parts)


def test_threads_and_cuts_do_not_change_a_byte(whole, tmp_path):
    sweep(whole.plan, tmp_path / "s", threads(3), workers=3)
    assert contents(tmp_path / "s") == contents(whole.folder)


def test_a_sweep_goes_on_where_it_stopped(whole, tmp_path):
    def stops_after_two(tasks):
        for number, played in enumerate(on_threads(tasks, 1)):
            if number == 2:
                raise KeyboardInterrupt
            yield played

    with pytest.raises(KeyboardInterrupt):
        sweep(whole.plan, tmp_path / "s", stops_after_two)
    assert open_sweep(tmp_path / "s").index.num_rows == 2
    played = []

    def counted(tasks):
        played.extend(task.point for task in tasks)
        return on_threads(tasks, 1)

    sweep(whole.plan, tmp_path / "s", counted)
    assert set(played) == {2}
    assert contents(tmp_path / "s") == contents(whole.folder)


def test_more_replications_keep_those_that_are_there(whole, tmp_path):
    sweep(planned(f"{KILL}=0.2,0.5,0.8", replications=256), tmp_path / "s", threads(1))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s/points").rglob("000000000.parquet")}
    sweep(whole.plan, tmp_path / "s", threads(1))
    assert before == {path: path.stat().st_mtime_ns for path in before}
    assert contents(tmp_path / "s") == contents(whole.folder)
    with pytest.raises(StoreError, match="more than the 256 asked for"):
        sweep(planned(f"{KILL}=0.2,0.5,0.8", replications=256), tmp_path / "s", threads(1))


def test_folders_that_are_not_ours_are_refused(whole, tmp_path):
    with pytest.raises(StoreError, match="a sweep of another seed"):
        sweep(planned(f"{KILL}=0.2,0.5,0.8", seed=2), whole.folder, threads(1))
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="is not empty and holds no sweep"):
        sweep(whole.plan, tmp_path, threads(1))
    with pytest.raises(StoreError, match="holds no sweep"):
        open_sweep(tmp_path)


def test_a_second_driver_is_kept_out(whole, tmp_path):
    def within(tasks):
        with pytest.raises(StoreError, match="another sweep is writing to"):
            sweep(whole.plan, tmp_path / "s", threads(1))
        return on_threads(tasks, 1)

    sweep(whole.plan, tmp_path / "s", within)


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "the disk of .* is full"), (errno.EROFS, "cannot be written")]
)
@pytest.mark.parametrize("calls", [0, 3, 12])
def test_a_store_that_cannot_be_written_still_opens_and_goes_on(whole, tmp_path, monkeypatch, number, said, calls):
    left = iter(range(calls))
    sync = os.fsync

    def refuse(handle: int) -> None:
        if next(left, None) is None:
            raise OSError(number, os.strerror(number))
        sync(handle)

    monkeypatch.setattr("shieldwall.core.whole_file.os.fsync", refuse)
    with pytest.raises(StoreError, match=said):
        sweep(whole.plan, tmp_path / "s", threads(1))
    monkeypatch.undo()
    if calls:
        assert open_sweep(tmp_path / "s").index.num_rows < 3
    sweep(whole.plan, tmp_path / "s", threads(1))
    assert contents(tmp_path / "s") == contents(whole.folder)


def test_a_damaged_block_is_played_again(whole, tmp_path):
    sweep(whole.plan, tmp_path / "s", threads(1))
    victim = tmp_path / "s/points/000001/rows/000000256.parquet"
    victim.write_bytes(victim.read_bytes()[:-10])
    sweep(whole.plan, tmp_path / "s", threads(1))
    assert contents(tmp_path / "s") == contents(whole.folder)


def test_a_changed_scenario_is_noticed_by_the_worker(whole):
    task = Task(str(whole.folder), NAME, "another hash", 0, (), 1, 600)
    assert "has changed since the sweep began" in play_task(task).words
    away = Task("/nowhere", NAME, whole.plan.scenario_hash, 0, (), 1, 600)
    assert "a worker does not see /nowhere" in play_task(away).words


def test_spawned_processes_give_the_same_bytes(whole, tmp_path):
    sweep(whole.plan, tmp_path / "s", lambda tasks: on_processes(tasks, 2), workers=2)
    assert contents(tmp_path / "s") == contents(whole.folder)


def test_without_a_cluster_the_address_is_refused():
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with pytest.raises(InputError, match=r"no cluster answers at tcp://127.0.0.1:1 .*start `dask scheduler`"):
        next(on_cluster((), "tcp://127.0.0.1:1"))
