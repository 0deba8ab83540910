"""Play many changes of a scenario into one folder, break it off, take it up again.

Run it with `python docs/tutorials/05_sweep_and_resume.py`. On the command line: `shieldwall sweep one-battery
--set effectors.lab-missile.kill_probability.drone=0.5,0.7,0.9 --set scale.rounds=1,2 -n 1000`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from shieldwall.scenario.load import read
from shieldwall.study.sweep import open_sweep, plan, sweep
from shieldwall.study.sweep_task import Played, Task
from shieldwall.study.variants import variants
from shieldwall.study.workers import on_threads

KILL = "effectors.lab-missile.kill_probability.drone"

# 1. A plan: every combination of values, each point with its own results, all on the same luck.
points = variants([f"{KILL}=0.5,0.7,0.9", "raids.drones.count=10,20"])
wanted = plan(read("one-battery"), "one-battery", points, replications=1_000, seed=1)
print(f"{len(points)} points of {wanted.replications:,} raids")


def with_an_accident(tasks: Sequence[Task]) -> Iterator[Played]:
    """Play, and break down after three points."""
    for done, played in enumerate(on_threads(tasks, workers=1)):
        yield played
        if done == 2:
            raise KeyboardInterrupt


with TemporaryDirectory() as folder:
    # 2. It breaks down. What was finished is there, and the folder opens.
    try:
        sweep(wanted, Path(folder), with_an_accident)
    except KeyboardInterrupt:
        print(f"broken off; {open_sweep(Path(folder)).index.num_rows} points are in the index")

    # 3. The same again goes on where it stopped.
    done = sweep(wanted, Path(folder), lambda tasks: on_threads(tasks, workers=2))

    # 4. The index: one row a point, with settings, means and standard errors. The closed form takes two shots at each
    #    drone for granted: twenty drones empty the battery, and more leak.
    for row in done.index.to_pylist():
        settings = {name.removeprefix("set "): value for name, value in row.items() if name.startswith("set ")}
        p, n = float(settings[KILL]), int(settings["raids.drones.count"])
        leaked, error = row["mean leaked"], row["se leaked"]
        print(f"p {p}, {n:>2} drones: {leaked:6.3f} +- {error:.3f}   two shots each, by hand: {n * (1 - p) ** 2:6.3f}")
