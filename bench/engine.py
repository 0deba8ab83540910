"""How fast the engine is, beside the same rules in SimPy and in C++, how it grows, and how fast it starts.

    python -m bench.engine [speed] [growth] [large] [start]      all four if none is named

Speeds are process CPU seconds of one thread, peers and kernel by turns, medians of the turns, so that other work on the
machine weighs on all of them alike. `thread_speedup`, `large_raid_s` and the start-up times are wall seconds: they mean
something only on a quiet machine, whose load is printed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench import native
from bench.peers import simpy_raid

import shieldwall
from shieldwall.engine.simulate import play_blocks, play_one_block, prepare
from shieldwall.results.row import Block, Fate, Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Tables

NIGHT = "night-2025-06-09"
TURNS = 7
RAIDS_A_TURN = 1_024
SIMPY_RAIDS_A_TURN = 100
BLOCK = 256
SHELLS = Path(sys.executable).with_name("shieldwall")

# name: (bar, aim, more is better)
BARS = {
    "simpy_ratio": (50.0, 100.0, True),
    "native_ratio": (2.0, 1.2, False),
    "thread_speedup": (1.8, 1.95, True),
    "growth_threats": (2.3, 2.0, False),
    "growth_fire_units": (2.3, 2.0, False),
    "large_raid_s": (60.0, 15.0, False),
    "large_raid_gib": (4.0, 4.0, False),
    "help_s": (0.3, 0.15, False),
    "first_run_s": (15.0, 8.0, False),
    "second_run_s": (1.5, 0.8, False),
}


def speed() -> dict[str, float]:
    """Time our kernel, the C++ twin and SimPy by turns on the night; check that they agree."""
    tables, roster = prepare(shieldwall.load(NIGHT))
    play_one_block(tables, 1, 0, 2, events=False)
    plan = simpy_raid.plan_of(tables)
    ours_s: list[float] = []
    simpy_s: list[float] = []
    native_s: list[float] = []
    blocks: list[Block] = []
    simpy_raids: list[tuple[list[int], int]] = []
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "tables"
        native.dump_tables(tables, dump)
        twin = native.compile_twin(Path(folder))
        for turn in range(TURNS):
            started = time.process_time()
            blocks += [_play(tables, turn * RAIDS_A_TURN + k) for k in range(0, RAIDS_A_TURN, BLOCK)]
            ours_s.append((time.process_time() - started) / RAIDS_A_TURN)
            started = time.process_time()
            seeds = range(turn * SIMPY_RAIDS_A_TURN, (turn + 1) * SIMPY_RAIDS_A_TURN)
            simpy_raids += [simpy_raid.play(plan, seed) for seed in seeds]
            simpy_s.append((time.process_time() - started) / SIMPY_RAIDS_A_TURN)
            if twin is not None:
                took_s, _ = native.play(twin, dump, seed=1, first=turn * RAIDS_A_TURN, count=RAIDS_A_TURN)
                native_s.append(took_s[0] / RAIDS_A_TURN)
        _print_speed("shieldwall, one thread", ours_s)
        _print_speed("SimPy, one process a threat", simpy_s)
        figures = {"raids_per_second": 1.0 / statistics.median(ours_s), "simpy_ratio": _ratio(simpy_s, ours_s)}
        if twin is None:
            print("  no g++ here: no native_ratio")
        else:
            _print_speed(f"C++ ({' '.join(native.COMMAND)})", native_s)
            figures["native_ratio"] = _ratio(ours_s, native_s)
            _compare_bytes(twin, dump, tables)
    _compare_means(blocks, simpy_raids, roster)
    figures["thread_speedup"] = _thread_speedup(tables)
    return figures


def _play(tables: Tables, first: int) -> Block:
    return play_one_block(tables, 1, first, BLOCK, events=False)


def _ratio(slower_s: list[float], faster_s: list[float]) -> float:
    """Return the median over the turns of the ratio within a turn."""
    return statistics.median(a / b for a, b in zip(slower_s, faster_s, strict=True))


def _print_speed(name: str, took_s: list[float]) -> None:
    low, middle, high = min(took_s), statistics.median(took_s), max(took_s)
    print(
        f"  {name}: {1.0 / middle:,.1f} raids per second ({1.0 / high:,.1f} to {1.0 / low:,.1f} in {len(took_s)} turns)"
    )


def _compare_bytes(twin: Path, dump: Path, tables: Tables) -> None:
    """Stop unless the twin's outcome is ours, byte for byte."""
    _, out = native.play(twin, dump, seed=1, first=0, count=BLOCK)
    theirs = native.read_outcome(out, tables, BLOCK)
    ours = native.our_outcome(tables, seed=1, first=0, count=BLOCK)
    wrong = native.differing(ours, theirs)
    if wrong:
        sys.exit(f"the C++ twin differs from the kernel in {', '.join(wrong)}")
    print(f"  C++ and kernel: the same bytes in all {BLOCK * (tables.threats.shape[0] - 1):,} rows of {BLOCK} raids")


def _compare_means(blocks: list[Block], simpy_raids: list[tuple[list[int], int]], roster: Roster) -> None:
    """Stop unless the means agree within 3 standard errors, as often as chance allows."""
    ours = np.concatenate([block.fate for block in blocks])
    theirs = np.array([fates for fates, _ in simpy_raids])
    ends = {
        "shot down": (Fate.SHOT_DOWN,),
        "suppressed": (Fate.SUPPRESSED,),
        "failed": (Fate.FAILED, Fate.ABORTED),
        "leaked": (Fate.LEAKED_HIT, Fate.LEAKED_MISSED),
    }
    print(f"  means of {ours.shape[0]:,} raids here, {theirs.shape[0]:,} in SimPy, difference in standard errors:")
    worst = 0.0
    for kind in sorted(set(roster.threat_type)):
        own = np.array([name == kind for name in roster.threat_type])
        for name, fates in ends.items():
            a, b = np.isin(ours[:, own], fates).sum(1), np.isin(theirs[:, own], fates).sum(1)
            worst = max(worst, abs(_print_difference(f"{kind} {name}", a, b)))
    rounds = np.concatenate([block.fired.sum(axis=1) for block in blocks])
    worst = max(worst, abs(_print_difference("rounds fired", rounds, np.array([fired for _, fired in simpy_raids]))))
    if worst > 3.0:
        sys.exit(f"SimPy and kernel disagree by {worst:.1f} standard errors")


def _print_difference(name: str, ours: np.ndarray, theirs: np.ndarray) -> float:
    """Print both means; return their difference in standard errors of one common distribution."""
    both = np.concatenate([ours, theirs])
    error = float(both.std(ddof=1)) * (1.0 / ours.size + 1.0 / theirs.size) ** 0.5
    z = (float(ours.mean()) - float(theirs.mean())) / error if error > 0.0 else 0.0
    print(f"    {name:28}{ours.mean():12.3f}{theirs.mean():12.3f}{z:8.2f}")
    return z


def _thread_speedup(tables: Tables) -> float:
    """Return how much faster two threads are than one: the best wall seconds of each, by turns."""
    blocks = tuple((k, BLOCK) for k in range(0, 16 * BLOCK, BLOCK))
    took_s: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for _ in range(4):
        for threads, took in took_s.items():
            wall, cpu = time.perf_counter(), time.process_time()
            for _block in play_blocks(tables, 1, blocks, threads=threads, events=False):
                pass
            took.append((time.perf_counter() - wall, time.process_time() - cpu))
    best = {threads: min(wall for wall, _ in took) for threads, took in took_s.items()}
    cpu = {threads: min(used for _, used in took) for threads, took in took_s.items()}
    print(f"  1 thread {best[1]:.2f} s, 2 threads {best[2]:.2f} s wall; {cpu[1]:.2f} s and {cpu[2]:.2f} s of processor")
    print(f"  load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return best[1] / best[2]


def growth() -> dict[str, float]:
    """Double the threats, then the fire units; compare the processor time of a raid.

    Threats double at fixed density when the raid is flown twice in a row and the rounds double with it. With the
    magazines of one raid the second meets a defence out of missiles: another battle, printed but under no bar.
    """
    base = shieldwall.load(NIGHT)
    cases = {
        "base": base,
        "growth_threats": twice_in_a_row(shieldwall.load(NIGHT, overrides=["scale.rounds=2"])),
        "growth_threats_same_magazines": twice_in_a_row(base),
        "growth_fire_units": shieldwall.load(NIGHT, overrides=["scale.fire_units=2"]),
    }
    packed: dict[str, Tables] = {}
    geometry_s: dict[str, float] = {}
    for name, scenario in cases.items():
        prepare(scenario)
        geometry_s[name] = _cpu_s(lambda scenario=scenario: prepare(scenario))
        packed[name] = prepare(scenario)[0]
        _play(packed[name], 0)
    raid_s: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(TURNS):
        for name, tables in packed.items():
            raid_s[name].append(_cpu_s(lambda tables=tables, turn=turn: _play(tables, turn * BLOCK)) / BLOCK)
    figures = {name: _ratio(raid_s[name], raid_s["base"]) for name in cases if name != "base"}
    for name, tables in packed.items():
        threats, units = tables.threats.shape[0] - 1, tables.fire_units.shape[0] - 1
        print(
            f"  {name}: {threats} threats, {units} fire units, {1e6 * statistics.median(raid_s[name]):,.0f} us a raid, "
            f"geometry {geometry_s[name]:.2f} s"
        )
    return figures


def twice_in_a_row(scenario: Scenario) -> Scenario:
    """Return the scenario with its raid flown again a day later: twice the threats at the same density."""
    again = tuple(replace(s, id=f"{s.id}-again", time_s=s.time_s + 86_400.0) for s in scenario.salvos)
    return replace(scenario, salvos=(*scenario.salvos, *again))


def _cpu_s(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def large() -> dict[str, float]:
    """Prepare and play 100 raids of 10,000 threats on 1,000 fire units on two threads, in a fresh process."""
    started = time.perf_counter()
    said = subprocess.run([sys.executable, "-m", "bench.large"], check=True, capture_output=True, text=True).stdout
    took_s = time.perf_counter() - started
    told = json.loads(said)
    print(
        f"  {told['threats']:,} threats, {told['fire_units']:,} fire units, {told['windows']:,} windows: geometry "
        f"{told['geometry_s']:.1f} s, 100 raids {told['raids_s']:.1f} s, load average {os.getloadavg()[0]:.1f}"
    )
    return {"large_raid_s": took_s, "large_raid_gib": told["gib"]}


def start() -> dict[str, float]:
    """Time `--help`, the first run ever (empty caches) and the second."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"XDG_CACHE_HOME": str(Path(folder) / "cache")}

        def wall_s(*words: str) -> float:
            begun, used = time.perf_counter(), os.times()
            subprocess.run([SHELLS, *words], check=True, cwd=folder, env=environment, capture_output=True)
            took, after = time.perf_counter() - begun, os.times()
            cpu = after.children_user - used.children_user + after.children_system - used.children_system
            print(f"  shieldwall {' '.join(words)}: {took:.2f} s wall, {cpu:.2f} s of processor")
            return took

        help_s = statistics.median(wall_s("--help") for _ in range(5))
        first_s = wall_s("run", "one-battery", "-n", "100")
        runs = [wall_s("run", "one-battery", "-n", "100", "--seed", str(seed)) for seed in range(2, 7)]
    return {"help_s": help_s, "first_run_s": first_s, "second_run_s": statistics.median(runs)}


PARTS = {"speed": speed, "growth": growth, "large": large, "start": start}


def main(names: list[str]) -> None:
    """Run the parts that are named, print each figure beside its bar, and last the lines for machines."""
    figures: dict[str, float] = {}
    for name in names or PARTS:
        print(name)
        figures |= PARTS[name]()
    print(f"{'figure':20}{'measured':>12}{'bar':>8}{'aim':>8}")
    for name, value in figures.items():
        if name in BARS:
            bar, aim, more = BARS[name]
            met = value >= bar if more else value <= bar
            reached = value >= aim if more else value <= aim
            verdict = "aim met" if reached else "bar met" if met else "NOT MET"
            print(f"{name:20}{value:12.3f}{bar:8.2f}{aim:8.2f}  {verdict}")
    for name, value in figures.items():
        print(f"bench {name} {value:.4g}")


if __name__ == "__main__":
    main(sys.argv[1:])
