"""What a worker of a sweep does: play some blocks of one point, write each as it is finished, hand back its moments.

A worker needs the scenario's file and the sweep's folder under the same paths as the driver, and nothing else. Blocks
that are whole already are read instead of played. What is handed back is a few kilobytes; rows never leave the worker
but to the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

import shieldwall
from shieldwall.core.errors import ShieldwallError, StoreError
from shieldwall.engine.manifest import manifest_of
from shieldwall.engine.night import Night, play_night, prepare_night
from shieldwall.engine.simulate import block_size
from shieldwall.results.results import Results
from shieldwall.results.store import FolderStore, create
from shieldwall.results.tally import tally
from shieldwall.scenario.load import ScenarioFile, read
from shieldwall.study.compare import quantities

Moments = Mapping[str, tuple[int, float, float]]  # quantity -> (count, mean, sum of squared deviations)


@dataclass(frozen=True, slots=True)
class Task:
    """Blocks number part, part + parts, ... of one point. `base_hash` is that of the scenario as the driver read it."""

    folder: str
    scenario: str
    base_hash: str
    point: int
    settings: tuple[str, ...]
    seed: int
    replications: int
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a task: moments by block, or, if `failed`, why ("input" or "store") in words."""

    task: Task
    scenario_hash: str = ""
    blocks: Mapping[int, Moments] | None = None
    failed: str = ""
    words: str = ""


def point_folder(folder: Path, point: int) -> Path:
    """Return where a point's results lie."""
    return folder / "points" / f"{point:06d}"


def play_task(task: Task) -> Played:
    """Play a task's blocks; what goes wrong with input or folder comes back as words, whatever process this is."""
    try:
        with _PREPARING:
            tables, store = _prepared(
                task.folder, task.scenario, task.base_hash, task.point, task.settings, task.seed, task.replications
            )
        blocks = store.manifest.blocks()[task.part :: task.parts]
        found = {first: _block(tables, store, first, size) for first, size in blocks}
        return Played(task, store.manifest.scenario_hash, found)
    except StoreError as error:
        _forget()
        return Played(task, failed="store", words=str(error))
    except ShieldwallError as error:
        return Played(task, failed="input", words=str(error))


_PREPARING = Lock()


@lru_cache(maxsize=2)
def _prepared(
    folder: str, scenario: str, base_hash: str, point: int, settings: tuple[str, ...], seed: int, replications: int
) -> tuple[Night, FolderStore]:
    """Return the night of a point and its results folder; a worker keeps those of its last points."""
    place = Path(folder)
    if not (place / "sweep.json").is_file():
        raise StoreError(f"a worker does not see {folder}; give a folder with --out that every worker can write")
    loaded = _base(scenario, base_hash).load(settings)
    night = prepare_night(loaded)
    manifest = manifest_of(
        loaded, replications, seed, block_size=block_size(night.roster), events=False, version=shieldwall.__version__
    )
    return night, create(point_folder(place, point), manifest, night.roster, sweep_parts=False)


@lru_cache(maxsize=1)
def _base(scenario: str, base_hash: str) -> ScenarioFile:
    file = read(scenario)
    if file.load().hash != base_hash:
        raise StoreError(f"{scenario} has changed since the sweep began; begin another with --out")
    return file


def _forget() -> None:
    _prepared.cache_clear()
    _base.cache_clear()


def _block(night: Night, store: FolderStore, first: int, size: int) -> Moments:
    if store.is_whole(first, size):
        block = store.read(first)
    else:
        block = play_night(night, store.manifest.seed, first, size, events=False)
        store.write(block)
    counted = quantities(Results(store.manifest, store.roster, store, tally(block, store.roster)))
    return {name: (size, float(v.mean()), float(((v - v.mean()) ** 2).sum())) for name, v in counted.items()}


def merged(parts: Mapping[int, Moments]) -> dict[str, tuple[int, float, float]]:
    """Return the moments of all blocks together, summed in the order of the blocks so that their bits are settled.

    References
    ----------
    Chan, Golub & LeVeque 1983, The American Statistician 37(3), 242-247.
    """
    whole: dict[str, tuple[int, float, float]] = {}
    for first in sorted(parts):
        for name, (count, mean, squares) in parts[first].items():
            before, old, sums = whole.get(name, (0, 0.0, 0.0))
            gap, n = mean - old, before + count
            whole[name] = (n, old + gap * count / n, sums + squares + gap * gap * before * count / n)
    return whole


def standard_error(count: int, squares: float) -> float:
    """Return the standard error of a mean from its count and sum of squared deviations; NaN for one."""
    return float(np.sqrt(squares / (count - 1) / count)) if count > 1 else float("nan")
