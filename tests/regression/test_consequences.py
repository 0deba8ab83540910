"""People, services and readiness keep the rules of randomness: threads, resumption, compiler, shared luck, order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall import Results
from shieldwall.results.results import Results as Opened
from shieldwall.scenario.load import scenario_path
from shieldwall.scenario.types import Scenario

TESTS = Path(__file__).resolve().parents[1]
TABLES = ("rows", "weapons", "targets", "losses", "impacts", "outages", "alarms")
NAME, SETTINGS, SEED = "balanced-package", ["package=mix"], 20_250_609


def load(*more: str) -> Scenario:
    return shieldwall.load(NAME, overrides=[*SETTINGS, *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "run"
    shieldwall.simulate(load(), 520, SEED, threads=1, out=folder)
    return folder


def test_on_two_threads_and_after_an_interruption(whole: Path, tmp_path: Path) -> None:
    shieldwall.simulate(load(), 520, SEED, threads=2, out=tmp_path / "two")
    assert contents(tmp_path / "two") == contents(whole)
    assert {path.split("/")[0] for path in contents(whole)} == set(TABLES)
    shieldwall.simulate(load(), 260, SEED, threads=1, out=tmp_path / "parts")
    parts = shieldwall.simulate(load(), 520, SEED, threads=2, out=tmp_path / "parts")
    assert contents(tmp_path / "parts") == contents(whole)
    opened = Opened.open(whole)
    assert {k: v for k, v in parts.to_json().items() if k not in ("wall_s", "manifest")} == {
        k: v for k, v in opened.to_json().items() if k not in ("wall_s", "manifest")
    }


def test_each_replication_is_its_own_whatever_the_block(whole: Path) -> None:
    few = shieldwall.simulate(load(), 30, SEED)
    many = Opened.open(whole)
    for name in ("impacts", "outages", "alarms"):
        cut = many.query(f"select * from {name} where replication < 30").to_pylist()
        assert few.to_arrow(name).to_pylist() == cut, name


def test_with_the_compiler_off() -> None:
    script = (
        "import shieldwall;"
        f"r = shieldwall.simulate(shieldwall.load({NAME!r}, overrides={SETTINGS!r}), 3, {SEED}, threads=1);"
        f"print([r.to_arrow(n).to_pylist() for n in {TABLES!r}])"
    )
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert plain.returncode == 0, plain.stderr
    compiled = shieldwall.simulate(load(), 3, SEED)
    assert plain.stdout.strip() == str([compiled.to_arrow(name).to_pylist() for name in TABLES])


def fates(results: Results) -> list[str]:
    return results.to_arrow("rows").column("fate").to_pylist()


def test_people_change_nothing_of_the_raid() -> None:
    told = load()
    bare = shieldwall.load(NAME, overrides=[*SETTINGS, "people=", "services=[]"])
    with_people, without = shieldwall.simulate(told, 60, SEED), shieldwall.simulate(bare, 60, SEED)
    assert fates(with_people) == fates(without)
    assert without.to_json()["casualties"] == {}
    assert without.to_json()["service_lost"] == {}
    assert with_people.counts.casualties.sum() > 0


def test_the_same_hit_hurts_no_fewer_without_warning(whole: Path) -> None:
    table = Opened.open(whole).query("select casualties, unwarned, warning_s from impacts")
    casualties, unwarned = (np.asarray(table.column(name)) for name in ("casualties", "unwarned"))
    assert (casualties <= unwarned).all()
    assert (casualties < unwarned).any()
    cold = np.asarray(table.column("warning_s")) == 0.0
    assert (casualties[cold] == unwarned[cold]).all()


def test_a_better_alarm_never_hurts_more_on_the_same_luck() -> None:
    sirens = shieldwall.simulate(load("people.warning=sirens"), 200, SEED).counts
    phones = shieldwall.simulate(
        load("people.warning=sirens", "alert_systems.sirens.reached_night=1"), 200, SEED
    ).counts
    assert (phones.casualties <= sirens.casualties).all()
    assert phones.casualties.sum() < sirens.casualties.sum()
    assert (phones.unwarned == sirens.unwarned).all()


def test_more_crews_and_spares_never_lose_more_service() -> None:
    few = shieldwall.simulate(load("repair.crews=1"), 200, SEED).counts.service_lost
    many = shieldwall.simulate(load("repair.crews=20"), 200, SEED).counts.service_lost
    assert (many <= few + 1e-9).all()
    assert many.sum() < few.sum()


def test_order_in_the_file_changes_nothing(tmp_path: Path) -> None:
    text = scenario_path(NAME).read_text(encoding="utf-8")
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if "id: runways" in line)
    second = next(i for i, line in enumerate(lines) if "id: radars," in line)
    lines[first], lines[second] = lines[second], lines[first]
    (tmp_path / "scenario.yaml").write_text("\n".join(lines), encoding="utf-8")
    other = shieldwall.simulate(shieldwall.load(tmp_path, overrides=SETTINGS), 40, SEED)
    usual = shieldwall.simulate(load(), 40, SEED)
    assert other.to_arrow("outages").equals(usual.to_arrow("outages"))
    assert other.manifest.scenario_hash == usual.manifest.scenario_hash
