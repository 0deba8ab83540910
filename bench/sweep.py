"""What a second worker brings to a sweep, and what streaming its blocks to disk costs.

`two_worker_speedup`: the time in which warm spawned workers, one against two, play the same points, start-up taken off
(each number of workers is timed at two sizes; the difference is what the larger has more).
`block_overhead`: processor time of everything that is done with a block but playing it (tables, Parquet, sync, moments)
as a share of a second of playing. Blocks hold so many rows at most, so this time does not grow where playing takes
longer; where a block is played faster than in a second, `block_handling_seconds` over `block_play_seconds` says more.

    python -m bench.sweep [--folder DIR]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import shieldwall
from shieldwall.engine.manifest import manifest_of
from shieldwall.engine.simulate import block_size, play_one_block, prepare
from shieldwall.results.results import Results
from shieldwall.results.store import create
from shieldwall.results.tally import tally
from shieldwall.scenario.load import read
from shieldwall.study.compare import quantities
from shieldwall.study.sweep import plan, sweep
from shieldwall.study.workers import on_processes

NAME = "night-2025-06-09"


def seconds(folder: Path, workers: int, points: int, replications: int) -> float:
    """Return the wall time of a sweep of `points` points with so many spawned workers."""
    settings = [(f"scale.rounds={1 + number}",) for number in range(points)]
    wanted = plan(read(NAME), NAME, settings, replications=replications, seed=1)
    started = time.perf_counter()
    sweep(wanted, folder, lambda tasks: on_processes(tasks, workers), workers=workers)
    took = time.perf_counter() - started
    shutil.rmtree(folder)
    return took


def speedup(folder: Path, small: int = 256, large: int = 2_048) -> tuple[float, float, float]:
    """Return the speed-up and the seconds that the larger sweep takes more, with one worker and with two."""
    one, two = (
        seconds(folder / "w", workers, 4, large) - seconds(folder / "w", workers, 4, small) for workers in (1, 2)
    )
    return one / two, one, two


def overhead(folder: Path, tries: int = 5) -> tuple[float, float, int]:
    """Return processor seconds to play a block and to do all else with it, the least of some tries, and its bytes."""
    scenario = read(NAME).load()
    tables, roster = prepare(scenario)
    size = block_size(roster)
    manifest = manifest_of(scenario, size, 1, block_size=size, events=False, version=shieldwall.__version__)
    store = create(folder / "o", manifest, roster)
    play_one_block(tables, 1, 0, size, events=False)
    played, handled = [], []
    for _ in range(tries):
        started = time.process_time()
        block = play_one_block(tables, 1, 0, size, events=False)
        between = time.process_time()
        store.write(block)
        quantities(Results(manifest, roster, store, tally(block, roster)))
        played.append(between - started)
        handled.append(time.process_time() - between)
    return min(played), min(handled), sum(path.stat().st_size for path in (folder / "o").rglob("*.parquet"))


def main() -> None:
    """Print a table and the bench lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where to write (default: a temporary folder)")
    folder = parser.parse_args().folder or Path(tempfile.mkdtemp(prefix="bench-sweep-"))
    play_s, handle_s, block_bytes = overhead(folder)
    print(f"{NAME}, one block: played in {play_s:.3f} s, handled in {handle_s:.3f} s, {block_bytes:,} bytes on disk")
    print(f"bench block_play_seconds {play_s:.4f}")
    print(f"bench block_handling_seconds {handle_s:.4f}")
    print(f"bench block_bytes {block_bytes}")
    print(f"bench block_overhead {handle_s / max(play_s, 1.0):.4f}", flush=True)
    gain, one, two = speedup(folder)
    print(f"{NAME}: the larger sweep takes {one:.1f} s more with one worker, {two:.1f} s more with two")
    print(f"bench two_worker_speedup {gain:.2f}")


if __name__ == "__main__":
    main()
