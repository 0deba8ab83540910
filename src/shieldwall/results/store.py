"""A results folder: Parquet files by block, written so that an interrupted run loses no finished block.

A folder holds `manifest.json`, `roster.json` and, for each block, `rows/NNNNNNNNN.parquet` with its siblings in
`weapons/`, `targets/`, `losses/` and, if asked for, `events/`; the name is the block's first replication. Every file is
written under a temporary name, synced and renamed, `rows` last. Nothing in a file depends on the clock or the machine.
`MemoryStore` keeps the same tables without a folder.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from shieldwall.core.errors import StoreError
from shieldwall.core.whole_file import UNFINISHED, whole_file
from shieldwall.results.manifest import IDENTITY, Manifest, manifest_from_json
from shieldwall.results.row import Block, Roster
from shieldwall.results.schema import SCHEMAS, row_counts
from shieldwall.results.to_block import to_block
from shieldwall.results.to_tables import to_tables

_BATCH_ROWS = 1 << 15
_FOLDERS = ("events", "fighters", "traffic", "impacts", "outages", "alarms", "losses", "targets", "weapons", "rows")


class Store(Protocol):
    """Where the blocks of a run are kept."""

    def finished(self) -> frozenset[int]:
        """Return the first replications of the blocks that are whole."""

    def write(self, block: Block) -> None:
        """Keep a block."""

    def read(self, first: int) -> Block:
        """Return the block that begins at replication `first`."""

    def table(self, name: str) -> pa.Table:
        """Return one table of the whole run, in replication order."""


class MemoryStore:
    """Blocks kept as Arrow tables in memory."""

    def __init__(self, manifest: Manifest, roster: Roster) -> None:
        self.manifest, self.roster = manifest, roster
        self._blocks: dict[int, tuple[int, dict[str, pa.Table]]] = {}

    def finished(self) -> frozenset[int]:
        """Return the first replications of the blocks kept."""
        return frozenset(self._blocks)

    def write(self, block: Block) -> None:
        """Keep a block as tables, in their narrow types."""
        tables = to_tables(block, self.roster, events=self.manifest.events)
        self._blocks[block.first] = (block.fate.shape[0], tables)

    def read(self, first: int) -> Block:
        """Return the block that begins at replication `first`."""
        replications, tables = self._blocks[first]
        return to_block(tables, first, replications, self.roster)

    def table(self, name: str) -> pa.Table:
        """Return one table of the whole run, in replication order."""
        parts = [self._blocks[first][1][name] for first in sorted(self._blocks) if name in self._blocks[first][1]]
        return pa.concat_tables(parts) if parts else SCHEMAS[name].empty_table()


class FolderStore:
    """Blocks kept as Parquet files in a folder; use `create` or `open_store`."""

    def __init__(self, folder: Path, manifest: Manifest, roster: Roster) -> None:
        self.folder, self.manifest, self.roster = folder, manifest, roster
        self.tables = manifest.tables

    def finished(self) -> frozenset[int]:
        """Return the first replications of the blocks whose every table is there and whole.

        A file without its footer, or with another number of rows than the block needs, does not count: that block is
        played again, to the same bytes.
        """
        return frozenset(first for first, size in self.manifest.blocks() if self.is_whole(first, size))

    def write(self, block: Block) -> None:
        """Write a block's tables; the block counts once all of them are there.

        Raises
        ------
        StoreError
            If the disk is full or the folder cannot be written.
        """
        tables = to_tables(block, self.roster, events=self.manifest.events)
        with told(self.folder):
            for name in self.tables:
                write_parquet(self._path(name, block.first), tables[name])

    def read(self, first: int) -> Block:
        """Return the block that begins at replication `first`.

        Raises
        ------
        StoreError
            If a file is missing or damaged; names it.
        """
        size = dict(self.manifest.blocks())[first]
        tables = {name: self._read(self._path(name, first)) for name in self.tables}
        try:
            return to_block(tables, first, size, self.roster)
        except (KeyError, ValueError, IndexError, pa.ArrowException) as error:
            raise StoreError(
                f"{self._path('rows', first)} does not fit its run ({error}); "
                "delete that file and give the same command again"
            ) from error

    def table(self, name: str) -> pa.Table:
        """Return one table of the whole run, in replication order."""
        if name not in self.tables:
            return SCHEMAS[name].empty_table()
        parts = [self._read(self._path(name, first)) for first, _ in self.manifest.blocks()]
        return pa.concat_tables(part.cast(SCHEMAS[name]) for part in parts)

    def files(self, name: str) -> list[Path]:
        """Return the files of one table, in replication order."""
        return [self._path(name, first) for first, _ in self.manifest.blocks()] if name in self.tables else []

    def _path(self, table: str, first: int) -> Path:
        return self.folder / table / f"{first:09d}.parquet"

    def is_whole(self, first: int, size: int) -> bool:
        """Say whether every table of one block is there and whole."""
        expected = row_counts(size, self.roster)
        for name in reversed(self.tables):
            try:
                rows = pq.read_metadata(self._path(name, first)).num_rows
            except (OSError, pa.ArrowException):
                return False
            if rows != expected.get(name, rows):
                return False
        return True

    def _read(self, path: Path) -> pa.Table:
        try:
            return pq.read_table(path, partitioning=None)
        except FileNotFoundError as error:
            raise StoreError(f"{path} is missing; give the same command again and it is played anew") from error
        except (OSError, pa.ArrowException) as error:
            raise StoreError(
                f"{path} is damaged ({_first_line(error)}); delete it and give the same command again"
            ) from error


def create(folder: Path, manifest: Manifest, roster: Roster, *, sweep_parts: bool = True) -> FolderStore:
    """Begin a results folder, or take up one that holds the same run.

    The same run means the same version, scenario, catalogue, seed, block size and choice of events. More replications
    than before are fine: those already there are kept. Half-written files of a killed run are swept away, unless others
    may be writing to the folder now (`sweep_parts` false).

    Raises
    ------
    StoreError
        If the folder holds another run, holds something else, or cannot be written.
    """
    if (folder / "manifest.json").exists():
        before = open_store(folder)
        _refuse_another_run(folder, before.manifest, manifest)
        if before.roster != roster:
            raise StoreError(f"{folder} holds a run of other entities; choose another folder with --out")
    elif folder.exists() and (not folder.is_dir() or any(map(_is_foreign, folder.iterdir()))):
        raise StoreError(f"{folder} is not empty and holds no results; choose another folder with --out")
    store = FolderStore(folder, manifest, roster)
    with told(folder):
        for name in store.tables:
            (folder / name).mkdir(parents=True, exist_ok=True)
            for left_over in (folder / name).glob(f"*{UNFINISHED}") if sweep_parts else ():
                left_over.unlink()
        names = {
            key: ids
            for key, ids in dataclasses.asdict(roster).items()
            if ids or not key.startswith(("fighter", "flight"))
        }
        write_json(folder / "roster.json", names)
        write_json(folder / "manifest.json", manifest.to_json())
    return store


def _is_foreign(path: Path) -> bool:
    """Say whether a path is none of those that stand in a folder before its manifest, which is written last."""
    return path.name not in (*_FOLDERS, "roster.json") and path.suffix != UNFINISHED


def open_store(folder: Path) -> FolderStore:
    """Return the store of a folder that a run has written.

    Raises
    ------
    StoreError
        If there is none, or it cannot be read.
    """
    manifest = held_by(folder)
    if manifest is None:
        raise StoreError(f"{folder} holds no results; give the folder that `shieldwall run` named")
    names = _read_json(folder / "roster.json")
    try:
        roster = Roster(**{key: tuple(ids) for key, ids in names.items()})
    except TypeError as error:
        raise StoreError(f"{folder / 'roster.json'} is not one of this version of shieldwall ({error})") from error
    return FolderStore(folder, manifest, roster)


def held_by(folder: Path) -> Manifest | None:
    """Return the manifest of the run that a folder holds, None if it holds none."""
    path = folder / "manifest.json"
    if not path.exists():
        return None
    try:
        return manifest_from_json(_read_json(path))
    except StoreError as error:
        raise StoreError(f"{path}: {error}; choose another folder with --out, or delete this one") from error


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all; raise StoreError if it cannot be written."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    with told(path.parent), whole_file(path) as file:
        file.write(f"{text}\n".encode())


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table whole or not at all; its bytes depend on the table alone."""
    few = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]  # others gain little, and take longer
    with whole_file(path) as file:
        pq.write_table(
            table, file, compression="lz4", version="2.6", use_dictionary=few, write_batch_size=_BATCH_ROWS,
            write_statistics=[name for name in table.column_names if name == "replication"],
        )  # fmt: skip


def _refuse_another_run(folder: Path, before: Manifest, now: Manifest) -> None:
    for name in IDENTITY:
        if getattr(before, name) != getattr(now, name):
            what = name.replace("_", " ")
            raise StoreError(
                f"{folder} holds another run: its {what} is {getattr(before, name)}, not {getattr(now, name)}; "
                "choose another folder with --out, or delete this one"
            )
    if before.replications > now.replications:
        raise StoreError(
            f"{folder} holds {before.replications} replications, more than the {now.replications} asked for; "
            f"ask for {before.replications} with -n, or choose another folder with --out"
        )


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about a folder into a StoreError that says what the user can do."""
    try:
        yield
    except OSError as error:
        kept = "finished replications are kept; give the same command again to go on"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            free_mb = shutil.disk_usage(folder).free // 1_000_000 if folder.exists() else 0
            raise StoreError(f"the disk of {folder} is full ({free_mb} MB free); make room, {kept}") from error
        raise StoreError(
            f"{folder} cannot be written ({error.strerror or error}); choose another folder with --out"
        ) from error
