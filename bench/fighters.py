"""How many raids a second the night keeps with 24 fighters in it.

    python -m bench.fighters

Two nights beside the plain one: 24 fighters of the neighbours on their own side of the border, who are scrambled and
hardly ever shoot, and 24 fighters of the defender in four sectors, who take on what comes. Process CPU seconds of one
thread, the three by turns. `fighters_ratio`, which has a bar, is of the shipped night with the neighbours' fighters;
`fighters_fighting_ratio` is that of the other, where some 170 drones fall to aircraft.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import shieldwall
from shieldwall.engine.play import play_one_block
from shieldwall.engine.simulate import prepare

NIGHT = "night-2025-06-09"
NEIGHBOURS = "night-with-neighbours"
DEFENDERS = Path(__file__).parent / "night_with_defenders.yaml"
TURNS, BLOCK = 7, 256
BAR = 0.5


def main() -> None:
    """Time the three nights by turns and print the ratio."""
    packed = {name: prepare(shieldwall.load(path))[0] for name, path in (
        ("plain", NIGHT), ("neighbours", NEIGHBOURS), ("defenders", DEFENDERS),
    )}  # fmt: skip
    took_s: dict[str, list[float]] = {name: [] for name in packed}
    for name, tables in packed.items():
        started = time.process_time()
        play_one_block(tables, 1, 0, 2, events=False)
        print(f"  {name}: {time.process_time() - started:.1f} s of processor before the first raid")
    kills, sorties = {}, {}
    for turn in range(TURNS):
        for name, tables in packed.items():
            started = time.process_time()
            block = play_one_block(tables, 1, turn * BLOCK, BLOCK, events=False)
            took_s[name].append((time.process_time() - started) / BLOCK)
            if block.air is not None:
                sorties[name], kills[name] = (
                    block.air[:, :, 1].sum(axis=1).mean(),
                    block.air[:, :, 8].sum(axis=1).mean(),
                )
    ratios = {}
    for name, times in took_s.items():
        ratios[name] = statistics.median(a / b for a, b in zip(took_s["plain"], times, strict=True))
        flown = f", {sorties[name]:.1f} sorties and {kills[name]:.1f} kills a raid" if name in sorties else ""
        print(f"  {name}: {1.0 / statistics.median(times):,.0f} raids a second, ratio {ratios[name]:.2f}{flown}")
    for name, figure in (("defenders", "fighters_fighting_ratio"), ("neighbours", "fighters_ratio")):
        verdict = "bar met" if ratios[name] >= BAR else "NOT MET"
        print(f"  {figure} {ratios[name]:.2f}, bar {BAR}: {verdict}")
    print(f"bench fighters_fighting_ratio {ratios['defenders']:.4g}")
    print(f"bench fighters_ratio {ratios['neighbours']:.4g}")


if __name__ == "__main__":
    main()
