"""Play 100 raids of 10,000 threats on 1,000 fire units, built from the night, on two threads; print what it took.

python -m bench.large      one JSON object
"""

from __future__ import annotations

import json
import resource
import time
from dataclasses import replace

import shieldwall
from shieldwall.engine.simulate import block_size, play_blocks, prepare
from shieldwall.scenario.types import Scenario

THREATS, FIRE_UNITS, RAIDS, THREADS = 10_000, 1_000, 100, 2


def large_raid() -> Scenario:
    """Return the night with 1,000 of its fire units times four and 10,000 threats in the salvos' proportions."""
    scenario = shieldwall.load("night-2025-06-09", overrides=["scale.fire_units=4"])
    aimed_at = {aim for salvo in scenario.salvos for aim in salvo.aim_points}
    first = sorted(scenario.fire_units, key=lambda unit: unit.radar not in aimed_at and unit.id not in aimed_at)
    units = tuple(first[:FIRE_UNITS])
    kept = {"", *(unit.id for unit in units)}
    before = sum(salvo.count for salvo in scenario.salvos)
    salvos = [replace(salvo, count=salvo.count * THREATS // before) for salvo in scenario.salvos]
    missing = THREATS - sum(salvo.count for salvo in salvos)
    salvos[0] = replace(salvos[0], count=salvos[0].count + missing)
    sensors = tuple(sensor for sensor in scenario.sensors if sensor.fire_unit in kept)
    return replace(scenario, fire_units=units, sensors=sensors, salvos=tuple(salvos))


def main() -> None:
    """Measure."""
    scenario = large_raid()
    started = time.perf_counter()
    tables, roster = prepare(scenario, threads=THREADS)
    prepared = time.perf_counter()
    size = min(block_size(roster), RAIDS // THREADS)
    blocks = tuple((first, min(size, RAIDS - first)) for first in range(0, RAIDS, size))
    played = sum(block.fate.shape[0] for block in play_blocks(tables, 1, blocks, threads=THREADS, events=False))
    print(
        json.dumps(
            {
                "threats": len(roster.threat),
                "fire_units": len(roster.fire_unit),
                "windows": int(tables.engagements.shape[0]),
                "raids": played,
                "geometry_s": prepared - started,
                "raids_s": time.perf_counter() - prepared,
                "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
            }
        )
    )


if __name__ == "__main__":
    main()
