"""What a run left: rows, summary, questions in SQL, JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from shieldwall.core.errors import InputError, Mistake, StoreError
from shieldwall.results.answer import answer
from shieldwall.results.manifest import Manifest
from shieldwall.results.row import Block, Roster
from shieldwall.results.schema import SCHEMAS
from shieldwall.results.store import FolderStore, MemoryStore, create, open_store, write_json
from shieldwall.results.summary import Summary, summarise
from shieldwall.results.tally import Tally, join, tally


@dataclass(frozen=True)
class Results:
    """A finished run. Rows stay in `store` (a folder, or memory); counts of every replication are at hand in `counts`.

    `run` says on what machine, with how many threads and where to; it and `wall_s` are all that may differ between two
    runs of the same manifest.
    """

    manifest: Manifest
    roster: Roster
    store: FolderStore | MemoryStore
    counts: Tally
    wall_s: float = 0.0
    run: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | str) -> Results:
        """Return the results that a run wrote to a folder.

        Raises
        ------
        StoreError
            If there are none, some block is missing, or a file is damaged.
        """
        store = open_store(Path(folder))
        whole, blocks = store.finished(), store.manifest.blocks()
        if len(whole) < len(blocks):
            raise StoreError(
                f"{folder} holds {len(whole)} of {len(blocks)} blocks; give the same command again to finish it"
            )
        counts = join(tally(store.read(first), store.roster) for first, _ in blocks)
        return cls(store.manifest, store.roster, store, counts, run={"folder": str(folder)})

    @property
    def folder(self) -> Path | None:
        """Return where the tables lie, None if only in memory."""
        return self.store.folder if isinstance(self.store, FolderStore) else None

    @cached_property
    def _summary(self) -> Summary:
        return summarise(self.counts, self.manifest, self.roster)

    def summary(self) -> Summary:
        """Return means, standard errors and quantiles by type, cause, effector, cost and target."""
        return self._summary

    def to_arrow(self, table: str = "rows") -> pa.Table:
        """Return a table of the whole run, by default one row for each (replication, threat).

        Raises
        ------
        InputError
            If there is no table of that name.
        """
        if table not in SCHEMAS:
            raise InputError(Mistake("", 0, 0, f"there is no table '{table}'", f"use one of: {', '.join(SCHEMAS)}"))
        return self.store.table(table)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the run, in replication order."""
        for first, _ in self.manifest.blocks():
            yield self.store.read(first)

    def query(self, sql: str) -> pa.Table:
        """Return what DuckDB answers to SQL over the tables rows, weapons, targets, losses and events.

        Raises
        ------
        InputError
            If DuckDB refuses the statement; its first line says why.
        """
        import duckdb  # noqa: PLC0415  only questions need it

        with duckdb.connect(":memory:") as connection:
            for name in SCHEMAS:
                _offer(connection, self.store, name)
            try:
                table: pa.Table = connection.sql(sql).to_arrow_table()
            except duckdb.Error as error:
                raise InputError(Mistake("", 0, 0, f"SQL: {str(error).splitlines()[0]}")) from error
        return table

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain JSON values; see `answer.answer`."""
        return answer(self.summary(), self.manifest, self.wall_s, self.run)


class Recorder:
    """Takes a run's blocks as they are finished and hands over its `Results`.

    With a folder, blocks go to disk and only counts stay in memory; `missing` names what an earlier run has not
    finished.
    """

    def __init__(self, manifest: Manifest, roster: Roster, folder: Path | None = None) -> None:
        self.manifest, self.roster = manifest, roster
        self.store: FolderStore | MemoryStore = (
            MemoryStore(manifest, roster) if folder is None else create(Path(folder), manifest, roster)
        )
        whole = self.store.finished()
        self.missing = tuple(block for block in manifest.blocks() if block[0] not in whole)
        self._kept = sorted(whole)
        self._counts: dict[int, Tally] = {}

    def add(self, block: Block) -> None:
        """Keep a finished block; blocks may come in any order."""
        self.store.write(block)
        self._counts[block.first] = tally(block, self.roster)

    def finish(self, wall_s: float, threads: int) -> Results:
        """Return the results, and leave `summary.json` in the folder.

        Raises
        ------
        StoreError
            If a block kept by an earlier run is damaged.
        """
        for first in self._kept:
            self._counts[first] = tally(self.store.read(first), self.roster)
        counts = join(self._counts[first] for first in sorted(self._counts))
        folder = self.store.folder if isinstance(self.store, FolderStore) else None
        run = {
            "host": platform.node(),
            "platform": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "threads": threads,
            "resumed_blocks": len(self._kept),
            "folder": str(folder) if folder else None,
        }
        results = Results(self.manifest, self.roster, self.store, counts, wall_s, run)
        if folder is not None:
            write_json(folder / "summary.json", results.to_json())
        return results


def _offer(connection: Any, store: FolderStore | MemoryStore, name: str) -> None:
    """Give DuckDB one table, straight from its files where there are files."""
    files = store.files(name) if isinstance(store, FolderStore) else []
    if files:
        connection.from_parquet([str(path) for path in files]).create_view(name)
    else:
        connection.register(name, store.table(name))
