"""`shieldwall run`: play a scenario and print its answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import shieldwall
from shieldwall.cli.answer import print_answer
from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import answers, print_json, progress
from shieldwall.results.manifest import digest_of
from shieldwall.results.results import Results
from shieldwall.results.store import held_by, open_store
from shieldwall.scenario.types import Scenario


def run(
    name: str,
    settings: Sequence[str],
    *,
    replications: int,
    seed: int,
    threads: int | None,
    out: Path | None,
    as_json: bool,
    events: bool,
) -> None:
    """Play a scenario, keep its results in a folder, print the answer."""
    scenario = shieldwall.load(name, overrides=settings)
    folder = out or default_folder(scenario, replications, seed, events=events)
    results = play(scenario, replications, seed, folder, threads=threads, events=events)
    if as_json:
        print_json(results.to_json())
    else:
        print_answer(results, answers())


def play(
    scenario: Scenario, replications: int, seed: int, folder: Path, *, threads: int | None, events: bool = False
) -> Results:
    """Play a scenario into a folder, with a bar on a terminal; an interrupt says what is kept."""
    try:
        with progress(scenario.name) as tick:
            return shieldwall.simulate(
                scenario, replications, seed, threads=threads, out=folder, events=events, progress=tick
            )
    except KeyboardInterrupt:
        raise Interrupted(kept_in(folder)) from None


def kept_in(folder: Path) -> str:
    """Return what an interrupted run has left in its folder and how to go on."""
    if held_by(folder) is None:
        return "interrupted before the first raid; nothing is kept"
    store = open_store(folder)
    sizes = dict(store.manifest.blocks())
    kept = sum(sizes[first] for first in store.finished())
    return (
        f"interrupted; {kept:,} of {store.manifest.replications:,} replications are kept in {folder}; "
        "give the same command again to go on"
    )


def default_folder(scenario: Scenario, replications: int, seed: int, *, events: bool = False) -> Path:
    """Return runs/NAME-seedS-nN, with a hash behind it where that folder holds another run.

    Another scenario, another catalogue or another version makes another run.
    """
    name = f"{scenario.name}-seed{seed}-n{replications}" + ("-events" if events else "")
    plain = Path("runs") / name
    before = held_by(plain)
    same = (scenario.hash, scenario.catalogue_hash, shieldwall.__version__)
    if before is None or (before.scenario_hash, before.catalogue_hash, before.version) == same:
        return plain
    return Path("runs") / f"{name}-{digest_of(*same)}"
