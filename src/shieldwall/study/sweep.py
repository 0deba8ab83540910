"""Play many changes of one scenario into one folder, which can be left at any moment and taken up again.

A folder holds `sweep.json` (what is played), `points/NNNNNN/` (a results folder for each point, block by block) and
`index.parquet`: one row for each finished point with its settings, means and standard errors. Nothing in it depends on
where or in which order the points were played.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import shieldwall
from shieldwall.core.errors import InputError, Mistake, StoreError
from shieldwall.core.whole_file import UNFINISHED
from shieldwall.results.results import Results
from shieldwall.results.store import open_store, told, write_json, write_parquet
from shieldwall.scenario.load import ScenarioFile
from shieldwall.study.sweep_points import Point
from shieldwall.study.sweep_task import Moments, Played, Task, merged, point_folder, standard_error

Progress = Callable[[int, int], None]
Play = Callable[[Sequence[Task]], Iterator[Played]]
Row = dict[str, Any]
_INDEX_EVERY_S = 5.0
_REPLICATIONS_A_TASK = 4096
_IDENTITY = ("version", "scenario", "scenario_hash", "catalogue_hash", "seed", "points")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: the scenario as named, its hashes, seed, replications of each point, settings of each point."""

    version: str
    scenario: str
    scenario_hash: str
    catalogue_hash: str
    seed: int
    replications: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep's folder: `index` has a row for each finished point."""

    folder: Path
    plan: Plan
    index: pa.Table

    def results(self, point: int) -> Results:
        """Return the whole results of one point; raise StoreError if it is not finished."""
        return Results.open(point_folder(self.folder, point))


def plan(file: ScenarioFile, scenario: str, points: Sequence[Point], *, replications: int, seed: int) -> Plan:
    """Return the plan of a sweep, after loading one point for each setting that is not yet known to be right.

    Raises
    ------
    InputError
        If a point is refused; names it.
    """
    base = file.load()
    known: set[str] = set()
    for number, point in enumerate(points):
        if not known.issuperset(point):
            try:
                file.load(point)
            except InputError as error:
                raise InputError(
                    [dataclasses.replace(m, what=f"point {number}: {m.what}") for m in error.mistakes]
                ) from None
            known.update(point)
    return Plan(
        shieldwall.__version__, scenario, base.hash, base.catalogue_hash, seed, replications, tuple(map(tuple, points))
    )


def sweep(wanted: Plan, folder: Path, play: Play, *, workers: int = 1, progress: Progress | None = None) -> Sweep:
    """Play what is missing of a plan and return the sweep.

    Parameters
    ----------
    wanted : from `plan`
    folder : new, or one that holds the same plan (with as many replications or fewer)
    play : yields what became of tasks: `workers.on_threads` and its like
    workers : how many, only to cut tasks small enough
    progress : called with (points finished, points in all)

    Raises
    ------
    StoreError
        If the folder holds another sweep, is in use, or cannot be written; finished blocks are kept.
    InputError
        If a point is refused.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        rows = _begun(wanted, folder)
        parts = _parts(len(wanted.points) - len(rows), wanted.replications, workers)
        scenario = str(Path(wanted.scenario).resolve()) if Path(wanted.scenario).exists() else wanted.scenario
        seed, size = wanted.seed, wanted.replications
        tasks = [
            Task(str(folder.resolve()), scenario, wanted.scenario_hash, number, point, seed, size, part, parts)
            for number, point in enumerate(wanted.points)
            if number not in rows
            for part in range(parts)
        ]
        try:
            _record(wanted, folder, rows, play(tasks), parts, progress)
        except BaseException:
            with suppress(StoreError):
                _write_index(wanted, folder, rows)
            raise
        _write_index(wanted, folder, rows)
        _clean(folder)
    return open_sweep(folder)


def open_sweep(folder: Path) -> Sweep:
    """Return what a folder holds of a sweep, finished or not; raise StoreError if it holds none."""
    held = _held(folder)
    if held is None:
        raise StoreError(f"{folder} holds no sweep; give the folder that `shieldwall sweep` named")
    return Sweep(folder, held, _index(folder) if (folder / "index.parquet").exists() else _table(held, {}))


def _parts(points: int, replications: int, workers: int) -> int:
    """Return into how many tasks a point is cut: two at least for each worker, none of very many blocks."""
    return max(1, -(-2 * workers // max(1, points)), -(-replications // _REPLICATIONS_A_TASK))


def _record(
    wanted: Plan, folder: Path, rows: dict[int, Row], played: Iterator[Played], parts: int, progress: Progress | None
) -> None:
    """Take in what workers hand back; a point is finished when all its parts are."""
    blocks: dict[int, dict[int, Moments]] = {}
    left = dict.fromkeys(range(len(wanted.points)), parts)
    written = time.monotonic()
    for one in played:
        number = one.task.point
        if one.failed == "store":
            raise StoreError(one.words)
        if one.failed or one.blocks is None:
            raise InputError(Mistake("", 0, 0, f"point {number} ({' '.join(one.task.settings)}): {one.words}"))
        blocks.setdefault(number, {}).update(one.blocks)
        left[number] -= 1
        if left[number] == 0:
            rows[number] = _row(wanted, one, merged(blocks.pop(number)))
            if progress is not None:
                progress(len(rows), len(wanted.points))
        if time.monotonic() - written > _INDEX_EVERY_S:
            _write_index(wanted, folder, rows)
            written = time.monotonic()


def _row(wanted: Plan, one: Played, moments: Mapping[str, tuple[int, float, float]]) -> Row:
    row: Row = {"scenario_hash": one.scenario_hash, "replications": wanted.replications}
    for name, (count, mean, squares) in moments.items():
        row[f"mean {name}"] = mean
        row[f"se {name}"] = standard_error(count, squares)
    return row


def _write_index(wanted: Plan, folder: Path, rows: Mapping[int, Row]) -> None:
    with told(folder):
        write_parquet(folder / "index.parquet", _table(wanted, rows))


def _table(wanted: Plan, rows: Mapping[int, Row]) -> pa.Table:
    """Return the index: settings as typed, then what was found, a column for each quantity in order of the points."""
    order = sorted(rows)
    settings = [dict(setting.split("=", 1) for setting in wanted.points[n]) for n in order]
    paths = dict.fromkeys(s.partition("=")[0] for point in wanted.points for s in point)
    columns = dict.fromkeys(key for n in order for key in rows[n] if key not in ("scenario_hash", "replications"))
    arrays: dict[str, pa.Array] = {
        "point": pa.array(order, pa.int32()),
        "scenario_hash": pa.array([rows[n]["scenario_hash"] for n in order], pa.string()),
        "replications": pa.array([rows[n]["replications"] for n in order], pa.int64()),
        **{f"set {path}": pa.array([s.get(path) for s in settings], pa.string()) for path in paths},
        **{name: pa.array([rows[n].get(name) for n in order], pa.float64()) for name in columns},
    }
    return pa.table(arrays)


def _index(folder: Path) -> pa.Table:
    try:
        return pq.read_table(folder / "index.parquet")
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{folder / 'index.parquet'} is damaged; delete it and give the same command again") from error


def _begun(wanted: Plan, folder: Path) -> dict[int, Row]:
    """Begin a folder or take it up; return the index rows of points that are whole."""
    before = _held(folder)
    if before is None and any(path.name != ".lock" and path.suffix != UNFINISHED for path in folder.iterdir()):
        raise StoreError(f"{folder} is not empty and holds no sweep; choose another folder with --out")
    if before is not None:
        for name in _IDENTITY:
            if getattr(before, name) != getattr(wanted, name):
                what = name.replace("_", " ")
                raise StoreError(f"{folder} holds a sweep of another {what}; choose another folder with --out")
        if before.replications > wanted.replications:
            raise StoreError(
                f"{folder} holds {before.replications} replications of each point, more than the "
                f"{wanted.replications} asked for; ask for {before.replications} with -n, or choose another folder"
            )
    with told(folder):
        _clean(folder)
        write_json(folder / "sweep.json", dataclasses.asdict(wanted))
        (folder / "points").mkdir(exist_ok=True)
    if before is None or not (folder / "index.parquet").exists():
        return {}
    rows = _index(folder).to_pylist()
    return {
        row["point"]: {key: value for key, value in row.items() if key != "point" and not key.startswith("set ")}
        for row in rows
        if row["replications"] == wanted.replications and _whole(point_folder(folder, row["point"]))
    }


def _whole(folder: Path) -> bool:
    try:
        store = open_store(folder)
        return len(store.finished()) == len(store.manifest.blocks())
    except StoreError:
        return False


def _held(folder: Path) -> Plan | None:
    path = folder / "sweep.json"
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Plan(**{**data, "points": tuple(tuple(point) for point in data["points"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{path} cannot be read ({error}); choose another folder with --out") from error


def _clean(folder: Path) -> None:
    """Sweep away what killed workers left half written."""
    for pattern in (f"{where}*{UNFINISHED}" for where in ("", "points/*/", "points/*/*/")):
        for left_over in folder.glob(pattern):
            left_over.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second driver out of the folder; the lock goes when the process goes, however it goes."""
    try:
        import fcntl  # noqa: PLC0415  not on Windows, where nothing is locked
    except ImportError:
        yield
        return
    with told(folder):
        number = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(f"another sweep is writing to {folder}; wait for it, or choose another --out") from error
        yield
    finally:
        os.close(number)
