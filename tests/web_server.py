"""A real server in a thread, on a free port of this machine, for tests that speak HTTP to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import uvicorn

import shieldwall
from shieldwall.web.desk import Desk
from shieldwall.web.guard import Guard
from shieldwall.web.serve import listen
from shieldwall.web.shelf import Shelf


@contextmanager
def serving(app: Any, **guard: Any) -> Iterator[str]:
    """Yield the address, without a slash at its end, at which an application answers behind its guard."""
    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(Guard(app, **guard), log_level="error", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    for _ in range(1_000):
        if server.started:
            break
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()


def run_in(folder: Path, scenario: str, replications: int, name: str, **changes: Any) -> shieldwall.Results:
    """Play a shipped scenario into folder/name."""
    loaded = shieldwall.load(scenario, overrides=changes.pop("overrides", ()))
    return shieldwall.simulate(loaded, replications, changes.pop("seed", 3), threads=1, out=folder / name, **changes)


def desk_on(folder: Path) -> Desk:
    """Return a desk whose runs lie in a folder."""
    return Desk(Shelf(folder))


def finished(address: str, job: str) -> dict[str, Any]:
    """Return a job once it has ended."""
    for _ in range(1_200):
        found: dict[str, Any] = requests.get(f"{address}/api/jobs/{job}", timeout=30).json()
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError("the job does not end")
