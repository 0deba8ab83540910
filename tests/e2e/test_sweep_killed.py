"""kill -9 at random moments: no finished block is lost, and what is taken up again ends in the same bytes.

Six kills by default; SHIELDWALL_KILLS=50 for the long version. Half of them hit the driver, half a worker.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

KILLS = int(os.environ.get("SHIELDWALL_KILLS", "6"))
POINTS = ["--set", "effectors.lab-missile.kill_probability.drone=0.3,0.6", "-n", "8000"]
COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()", "sweep", "one-battery", *POINTS]
PROCESSES = ["--workers", "2", "--processes"]


def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [*COMMAND, "--out", str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    """Wait, and return what was said."""
    _, said = process.communicate(timeout=300)
    return said


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def blocks(folder: Path) -> dict[Path, int]:
    """Return the blocks that are finished (their rows are there) and when each was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("rows/*.parquet")}


def workers_of(driver: int) -> list[int]:
    """Return the spawned worker processes of a driver."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == driver and b"spawn_main" in words:
            found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """Return the bytes of a sweep on threads that nobody disturbed, and how long one with processes takes."""
    folder = tmp_path_factory.mktemp("sweeps")
    assert finish(begin(folder / "threads", "--workers", "1")) == ""
    started = time.monotonic()
    assert finish(begin(folder / "processes", *PROCESSES)) == ""
    took = time.monotonic() - started
    assert contents(folder / "threads") == contents(folder / "processes")
    return contents(folder / "threads"), took


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds workers in /proc")
def test_kills_at_random_moments_lose_nothing(undisturbed, tmp_path):
    expected, took = undisturbed
    chance = random.Random(20_250_609)
    number, kept, hit = 0, {}, {"driver": 0, "worker": 0, "nobody": 0}
    for kill in range(KILLS):
        folder = tmp_path / f"s{number}"
        driver = begin(folder, *PROCESSES)
        deadline = time.monotonic() + 30
        while kill % 2 and not workers_of(driver.pid) and driver.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)  # workers can only be hit once they are there
        time.sleep(chance.uniform(0.0, min(took, 10.0) * (0.5 if kill % 2 else 1.0)))
        assert all(path.exists() and path.stat().st_mtime_ns == when for path, when in kept.items())
        victims = workers_of(driver.pid) if kill % 2 else [driver.pid]
        hit["nobody" if driver.poll() is not None or not victims else ("worker" if kill % 2 else "driver")] += 1
        kept = blocks(folder)
        if victims and driver.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
        said = finish(driver)
        assert all(path.exists() and path.stat().st_mtime_ns == when for path, when in kept.items())
        if driver.returncode == -signal.SIGKILL:
            kept = blocks(folder)
            continue
        assert (driver.returncode, said) == (0, "")
        assert contents(folder) == expected
        number, kept = number + 1, {}
    print(f"kills hit {hit}")
    assert finish(begin(tmp_path / f"s{number}", *PROCESSES)) == ""
    assert contents(tmp_path / f"s{number}") == expected


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the address of a Dask cluster of one worker on this machine, and its scheduler."""
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    address = f"tcp://127.0.0.1:{free_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    port = address.rpartition(":")[2]
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = subprocess.Popen([*dask, "--host", "127.0.0.1", "--port", port, "--no-dashboard"], **quiet)
    dask = [sys.executable, "-m", "distributed.cli.dask_worker"]
    worker = subprocess.Popen([*dask, address, "--nthreads", "1", "--no-nanny", "--no-dashboard"], **quiet)
    try:
        yield address, scheduler
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_bytes_and_its_end_loses_nothing(undisturbed, cluster, tmp_path):
    expected, _ = undisturbed
    address, scheduler = cluster
    folder = tmp_path / "s"
    driver = begin(folder, "--cluster", address)
    deadline = time.monotonic() + 60
    while len(blocks(folder)) < 3 and driver.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    scheduler.kill()
    said = finish(driver)
    assert driver.returncode == 2, said
    assert f"the scheduler at {address} has gone away; finished blocks are kept" in said
    assert "Traceback" not in said
    kept = blocks(folder)
    assert finish(begin(folder, "--workers", "1")) == ""
    assert all(path.stat().st_mtime_ns == when for path, when in kept.items())
    assert contents(folder) == expected
