"""The same seed gives the same bytes: on any number of threads, compiled or not, and after an interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import shieldwall
from lingering import LINGERING
from regression.features import SEED, TABLES, answer, digest, write_crowded, write_features, write_structured

TESTS = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]
BLOCKS = 3
REPLICATIONS = 256 * BLOCKS


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scenario of all features, as a file."""
    return write_features(tmp_path_factory.mktemp("features"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return every Parquet file of a results folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


def test_everything_happens(path: Path) -> None:
    """The scenario is worth its name: every kind of event, fate and cause that can come is there."""
    results = shieldwall.simulate(shieldwall.load(path), REPLICATIONS, SEED, events=True)
    kinds = {row["kind"] for row in results.query("select distinct kind::varchar as kind from events").to_pylist()}
    assert kinds == {
        "launched", "tracked", "engageable", "fired", "intercept_missed", "shot_down", "wasted", "suppressed", "failed",
        "aborted", "hit", "missed", "reloaded", "radar_lost", "unit_lost",
    }  # fmt: skip
    causes = {row["c"] for row in results.query("select distinct cause::varchar as c from rows").to_pylist()}
    assert len(causes - {None}) >= 6, causes


def test_on_one_and_two_threads(path: Path, tmp_path: Path) -> None:
    scenario = shieldwall.load(path)
    runs = [
        shieldwall.simulate(scenario, REPLICATIONS, SEED, threads=n, events=True, out=tmp_path / str(n)) for n in (1, 2)
    ]
    for name in TABLES:
        assert runs[0].to_arrow(name).equals(runs[1].to_arrow(name)), name
    assert answer(runs[0]) == answer(runs[1])
    one, two = contents(tmp_path / "1"), contents(tmp_path / "2")
    assert one == two
    assert len(one) == BLOCKS * len(TABLES)


def test_in_memory_and_in_a_folder(path: Path, tmp_path: Path) -> None:
    scenario = shieldwall.load(path)
    kept = shieldwall.simulate(scenario, 300, SEED, events=True, out=tmp_path / "run")
    held = shieldwall.simulate(scenario, 300, SEED, events=True)
    assert digest(kept) == digest(held)
    assert answer(kept) == answer(held)


def test_each_replication_is_its_own(path: Path) -> None:
    """The first 40 of 300 replications are those of a run of 40."""
    scenario = shieldwall.load(path)
    few = shieldwall.simulate(scenario, 40, SEED).to_arrow("rows")
    many = shieldwall.simulate(scenario, 300, SEED).to_arrow("rows").slice(0, few.num_rows)
    assert few.to_pydict() == many.to_pydict()


@pytest.mark.parametrize("writer", [write_features, write_structured, write_crowded])
def test_with_the_compiler_off(writer: Callable[[Path], Path], tmp_path: Path) -> None:
    """Geometry and kernel as plain Python give every bit of what the compiled ones give."""
    path = writer(tmp_path)
    script = (
        "import shieldwall; from regression.features import digest, SEED;"
        f"print(digest(shieldwall.simulate(shieldwall.load({str(path)!r}), 4, SEED, events=True, threads=1)))"
    )
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={
            **os.environ,
            "NUMBA_DISABLE_JIT": "1",
            "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert plain.returncode == 0, plain.stderr
    compiled = shieldwall.simulate(shieldwall.load(path), 4, SEED, events=True)
    assert plain.stdout.strip() == digest(compiled)


ARGUMENTS = ["-n", str(256 * 30), "--seed", str(SEED), "--threads", "1", "--json", "--out"]


@pytest.fixture(scope="module")
def whole(path: Path) -> tuple[dict[str, bytes], dict[str, object]]:
    """Return the files and the answer of a run that nothing disturbs."""
    done = subprocess.run(
        [*COMMAND, "run", str(path), *ARGUMENTS, "whole"], cwd=path.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return contents(path.parent / "whole"), stripped(done.stdout)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_after_an_interruption(
    path: Path, whole: tuple[dict[str, bytes], dict[str, object]], tmp_path: Path, how: signal.Signals
) -> None:
    """A run that is broken off between its blocks goes on to the same bytes, summary and answer."""
    rest = ["run", str(path), *ARGUMENTS, "broken"]
    broken = subprocess.Popen([*LINGERING, *rest], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    rows = tmp_path / "broken" / "rows"
    until = time.monotonic() + 120
    while len(list(rows.glob("*.parquet"))) < 2 and broken.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    broken.send_signal(how)
    broken.communicate(timeout=60)
    assert broken.returncode == (130 if how is signal.SIGINT else -signal.SIGKILL)
    kept = len(list(rows.glob("*.parquet")))
    assert 2 <= kept < 30
    again = subprocess.run([*COMMAND, *rest], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["manifest"]["run"]["resumed_blocks"] >= 2
    assert (contents(tmp_path / "broken"), stripped(again.stdout)) == whole


def stripped(told: str) -> dict[str, object]:
    """Return the JSON answer without wall_s and manifest.run."""
    given = json.loads(told)
    return {key: value for key, value in given.items() if key not in ("wall_s", "manifest")} | {
        "manifest": {key: value for key, value in given["manifest"].items() if key != "run"}
    }
