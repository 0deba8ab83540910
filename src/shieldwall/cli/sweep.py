"""`shieldwall sweep`: many changes of one scenario, on threads, processes or a cluster."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import answers, print_json, progress, table
from shieldwall.core.errors import InputError, Mistake
from shieldwall.results.answer import finite
from shieldwall.results.numbers import mean, money
from shieldwall.scenario.load import read
from shieldwall.study.sweep import Plan, Sweep, open_sweep, plan
from shieldwall.study.sweep import sweep as play_sweep
from shieldwall.study.sweep_points import Point, grid_points, latin_points, listed_points
from shieldwall.study.sweep_task import Played, Task
from shieldwall.study.workers import on_cluster, on_processes, on_threads

_MOST_ROWS = 60


def sweep(
    scenario: str,
    settings: Sequence[str],
    *,
    grid: bool,
    points_in: Path | None,
    latin: int | None,
    replications: int,
    seed: int,
    out: Path | None,
    workers: int | None,
    processes: bool,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Play every point into a folder and print the index."""
    if grid + (points_in is not None) + (latin is not None) > 1:
        raise InputError(Mistake("", 0, 0, "--grid, --list and --latin exclude one another", "give one of them"))
    points = _points(settings, points_in, latin, seed)
    wanted = plan(read(scenario), scenario, points, replications=replications, seed=seed)
    folder = out or _default_folder(wanted)
    count = workers or os.cpu_count() or 1
    done = _play(wanted, folder, count, processes=processes, cluster=cluster)
    if as_json:
        rows = done.index.to_pylist()
        print_json(finite({"folder": str(folder), "points": len(points), "index": rows}))
    else:
        _print(done, answers())


def _points(settings: Sequence[str], points_in: Path | None, latin: int | None, seed: int) -> tuple[Point, ...]:
    if points_in is not None:
        return listed_points(points_in, settings)
    return grid_points(settings) if latin is None else latin_points(settings, latin, seed)


def _play(wanted: Plan, folder: Path, workers: int, *, processes: bool, cluster: str | None) -> Sweep:
    def play(tasks: Sequence[Task]) -> Iterator[Played]:
        if cluster is not None:
            return on_cluster(tasks, cluster)
        return (on_processes if processes else on_threads)(tasks, workers)

    try:
        with progress(wanted.scenario) as tick:
            return play_sweep(wanted, folder, play, workers=workers, progress=tick)
    except KeyboardInterrupt:
        raise Interrupted(_kept_in(folder)) from None


def _kept_in(folder: Path) -> str:
    if not (folder / "sweep.json").exists():
        return "interrupted before the first raid; nothing is kept"
    kept = open_sweep(folder)
    return (
        f"interrupted; {kept.index.num_rows:,} of {len(kept.plan.points):,} points are whole in {folder}, and the "
        "finished blocks of others; give the same command again to go on"
    )


def _default_folder(wanted: Plan) -> Path:
    text = "\n".join("\t".join(point) for point in wanted.points)
    digest = hashlib.sha256(f"{wanted.scenario_hash}{wanted.catalogue_hash}{text}".encode()).hexdigest()[:8]
    return Path("runs") / f"sweep-{Path(wanted.scenario).stem}-seed{wanted.seed}-n{wanted.replications}-{digest}"


def _print(done: Sweep, console: Console) -> None:
    names = [name for name in done.index.column_names if name.startswith("set ")]
    shown = table("", "point", *(name.removeprefix("set ") for name in names), "leaked", "damage", "defence", left=0)
    for row in done.index.slice(0, _MOST_ROWS).to_pylist():
        shown.add_row(
            str(row["point"]),
            *(row[name] or "-" for name in names),
            f"{mean(row['mean leaked'])} ± {mean(1.645 * row['se leaked'])}",
            mean(row["mean damage"]),
            money(row["mean cost/defence"]),
        )
    plan = done.plan
    console.print(
        f"\n{plan.scenario}: {len(plan.points):,} points x {plan.replications:,} replications, seed {plan.seed}.\n"
    )
    console.print(shown)
    if done.index.num_rows > _MOST_ROWS:
        console.print(f"... and {done.index.num_rows - _MOST_ROWS:,} more")
    console.print(f"± is the half-width of a 90 % interval. All of it: {done.folder / 'index.parquet'}\n", style="dim")
