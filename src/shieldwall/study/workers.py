"""Where the tasks of a sweep are played: threads, spawned processes, a Dask cluster. The same answers from each.

Every function yields what became of the tasks, in any order; the queue is kept short, so that stopping is quick.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context, parent_process
from typing import Any

import shieldwall
from shieldwall.core.errors import InputError, Mistake, StoreError
from shieldwall.study.sweep_task import Played, Task, play_task

_DEATHS = 3  # workers that may die one after another without anything finished
_CONNECT_S = 5
_GONE_S = 10  # how long a scheduler may be away
_KEPT = "finished blocks are kept; give the same command again to go on"


def on_threads(tasks: Sequence[Task], workers: int) -> Iterator[Played]:
    """Play on threads of this process."""
    with ThreadPoolExecutor(workers) as pool:
        yield from _drain(pool, list(reversed(tasks)), workers)


def on_processes(tasks: Sequence[Task], workers: int) -> Iterator[Played]:
    """Play in spawned processes. One that dies is replaced and its tasks are played again.

    Raises
    ------
    StoreError
        If they die again and again without finishing anything.
    """
    waiting = dict.fromkeys(tasks)
    deaths = 0
    while waiting:
        with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_end_with_parent) as pool:
            try:
                for played in _drain(pool, list(reversed(waiting)), workers):
                    del waiting[played.task]
                    deaths = 0
                    yield played
            except BrokenProcessPool:
                deaths += 1
        if deaths > _DEATHS:
            raise StoreError(f"worker processes die again and again (too little memory?); {_KEPT}")


def on_cluster(tasks: Sequence[Task], address: str) -> Iterator[Played]:
    """Play on the Dask cluster of a scheduler, "tcp://host:port".

    Raises
    ------
    InputError
        If Dask is not there, nobody answers at the address, or a worker has another version of shieldwall.
    StoreError
        If the scheduler goes away, or workers die again and again.
    """
    client = _connected(address)
    try:
        yield from _drain_cluster(client, list(reversed(tasks)), address)
    finally:
        client.close(timeout=2)


def _drain(pool: Executor, waiting: list[Task], workers: int) -> Iterator[Played]:
    running: set[Future[Played]] = set()
    try:
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                running.add(pool.submit(play_task, waiting.pop()))
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        waiting.clear()
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """End this worker when the driver ends, however it ends: an orphan would write into a folder taken up again."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _connected(address: str) -> Any:
    """Return a Dask client whose workers are there and have this version of shieldwall."""
    try:
        dask: Any = import_module("distributed")  # an extra, and a second to import
    except ImportError as error:
        raise InputError(Mistake("", 0, 0, "--cluster needs Dask", "pip install 'shieldwall[cluster]'")) from error
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what it would say, we say in a line
    try:
        client = dask.Client(address, timeout=_CONNECT_S)
        found: dict[str, str] = client.run(_version)
    except Exception as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        cure = "start `dask scheduler` and workers, and give its address"
        raise InputError(Mistake("", 0, 0, f"no cluster answers at {address} ({said})", cure)) from error
    others = sorted({version for version in found.values() if version != shieldwall.__version__})
    if others:
        client.close(timeout=2)
        what = f"workers have shieldwall {', '.join(others)}, this is {shieldwall.__version__}"
        raise InputError(Mistake("", 0, 0, what, "install the same on all"))
    return client


def _version() -> str:
    return shieldwall.__version__


def _drain_cluster(client: Any, waiting: list[Task], address: str) -> Iterator[Played]:
    dask: Any = import_module("distributed")
    running: set[Any] = set()
    seen = time.monotonic()
    while waiting or running:
        try:
            room = 2 * max(1, sum(client.ncores().values()))
            while waiting and len(running) < room:
                running.add(client.submit(play_task, waiting.pop(), pure=False))
            finished, running = dask.wait(running, timeout=2, return_when="FIRST_COMPLETED")
            played = [future.result() for future in finished]
            seen = time.monotonic()
        except dask.scheduler.KilledWorker as error:
            raise StoreError(f"workers of {address} die again and again (too little memory?); {_KEPT}") from error
        except TimeoutError:
            played = []
            if client.status == "running":
                seen = time.monotonic()
        except (OSError, dask.CancelledError, dask.comm.core.CommClosedError) as error:
            raise StoreError(f"the scheduler at {address} has gone away; {_KEPT}") from error
        if time.monotonic() - seen > _GONE_S:
            raise StoreError(f"the scheduler at {address} has gone away; {_KEPT}")
        yield from played
