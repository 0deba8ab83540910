"""Simulate: geometry once, then raids in blocks, on as many threads as asked for, with the same bytes on any number."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

import shieldwall
from shieldwall.core.errors import InputError, Mistake
from shieldwall.engine.ahead import compiling
from shieldwall.engine.manifest import manifest_of
from shieldwall.engine.night import Night, play_night, prepare_night
from shieldwall.engine.pack import pack
from shieldwall.engine.play import play_one_block
from shieldwall.engine.roster import aloft, in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.results.results import Recorder, Results
from shieldwall.results.row import Block, Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Tables

# Rows that a block holds at most; its size depends on the scenario alone, never on threads.
_ROWS_A_BLOCK = 131_072
_REPLICATIONS_A_BLOCK = 256
_REPLICATIONS_AT_MOST = 2**32

Progress = Callable[[int, int], None]


def simulate(
    scenario: Scenario,
    replications: int = 10_000,
    seed: int = 1,
    *,
    threads: int | None = None,
    out: Path | None = None,
    events: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Play a scenario many times and return what came of it.

    Parameters
    ----------
    scenario : from `shieldwall.load`
    replications : how many raids, 1 to 2**32 - 1
    seed : 0 to 2**64 - 1; the same seed gives the same bytes on any number of threads
    threads : how many to use (default: all processors)
    out : a folder for the rows; a run broken off there goes on where it stopped
    events : keep every launch, track, shot and impact too
    progress : called with (replications done, replications in all)

    Raises
    ------
    InputError
        If replications, seed or threads are out of range.
    StoreError
        If `out` holds another run or cannot be written.
    """
    started = time.perf_counter()
    count = checked("threads", threads if threads is not None else os.cpu_count() or 1, 1, 1_024)
    checked("replications", replications, 1, _REPLICATIONS_AT_MOST - 1)
    checked("seed", seed, 0, 2**64 - 1)
    with compiling(scenario):
        night = prepare_night(scenario, threads=count)
    manifest = manifest_of(
        scenario, replications, seed, block_size=block_size(night.roster), events=events, version=shieldwall.__version__
    )
    recorder = Recorder(manifest, night.roster, out)
    done = replications - sum(size for _, size in recorder.missing)
    for block in play_blocks(night, seed, recorder.missing, threads=count, events=events):
        recorder.add(block)
        done += block.fate.shape[0]
        if progress is not None:
            progress(done, replications)
    return recorder.finish(time.perf_counter() - started, count)


def replay(scenario: Scenario, replication: int, seed: int) -> tuple[Block, Roster]:
    """Play one replication alone, with its events: the same to the bit as within a run.

    Raises
    ------
    InputError
        If replication or seed are out of range.
    """
    checked("replication", replication, 0, _REPLICATIONS_AT_MOST - 2)
    checked("seed", seed, 0, 2**64 - 1)
    night = prepare_night(scenario)
    return play_night(night, seed, replication, 1, events=True), night.roster


def prepare(scenario: Scenario, *, threads: int = 1) -> tuple[Tables, Roster]:
    """Return everything about a scenario that does not depend on luck, and the ids behind its indices."""
    ordered = aloft(in_order(scenario))
    return pack(ordered, compute_geometry(ordered, threads=threads))


def block_size(roster: Roster) -> int:
    """Return how many replications are played, written and resumed together."""
    return max(1, min(_REPLICATIONS_A_BLOCK, _ROWS_A_BLOCK // max(len(roster.threat), 1)))


def play_blocks(
    night: Night | Tables, seed: int, blocks: tuple[tuple[int, int], ...], *, threads: int, events: bool
) -> Iterator[Block]:
    """Yield blocks (first replication, size) as they are finished, in any order; the queue is kept short.

    Of bare tables only the raid is played: always at work as the tables say, nothing told of people and services.
    """
    play = partial(play_night, night) if isinstance(night, Night) else partial(play_one_block, night)
    workers = max(1, min(threads, len(blocks)))
    waiting = list(reversed(blocks))
    with ThreadPoolExecutor(workers) as pool:
        running: set[Future[Block]] = set()
        try:
            while waiting or running:
                while waiting and len(running) < workers + 1:
                    running.add(pool.submit(play, seed, *waiting.pop(), events=events))
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
        finally:
            waiting.clear()
            for future in running:
                future.cancel()


def checked(name: str, value: int, low: int, high: int) -> int:
    """Return a number that is within its range; raise InputError if it is not."""
    if not low <= value <= high:
        raise InputError(Mistake("", 0, 0, f"{name} is {value}", f"give a whole number from {low} to {high}"))
    return value
