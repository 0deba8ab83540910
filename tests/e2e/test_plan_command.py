"""`shieldwall plan`, `frontier`, `siting` and `compare` of a stored plan, as people type them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from shieldwall.cli.main import call
from verification.plan_lab import PLAN, write

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]
KEYS = {"value", "upper_bound", "gap", "wall_s", "greedy_value", "sites"}


def places(folder: Path, count: int) -> Path:
    random = np.random.default_rng(2)
    at = 50.0 + 0.2 * random.random((count, 2))
    lines = ["NAME : made", "TYPE : MCLP", f"DIMENSION : {count}", "NODE_COORD_SECTION"]
    lines += [f"{a:.6f} {b:.6f}" for a, b in at]
    lines += ["DEMAND_SECTION", *(str(n) for n in random.integers(1, 100, count)), "EOF"]
    file = folder / "places.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert call(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def test_plan_prints_what_was_asked_and_compare_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = str(write(tmp_path))
    found = said(capsys, "plan", scenario, "-n", "24", "--threads", "1", "--json")
    assert {"plan", "objective", "bound", "gap", "wall_s", "simulated", "refinements"} <= set(found)
    assert {"plan", "runner_up", "scaled", "difference_ci90"} <= set(found["simulated"])
    assert found["bound"] <= found["objective"]
    stored = tmp_path / "stored.json"
    stored.write_text(json.dumps(found), encoding="utf-8")
    beside = said(capsys, "compare", scenario, str(stored), "-n", "50", "--json")
    assert beside["differences"]["stored.json in 2029"]["leaked"]["mean"] < 0
    early = said(capsys, "compare", scenario, f"{stored}:2025", "-n", "20", "--json")
    assert early["differences"]["stored.json in 2025"]["leaked"]["mean"] == 0
    assert call(["compare", scenario, f"{stored}:2050"]) == 2
    assert "no year '2050'" in capsys.readouterr().err
    assert call(["plan", scenario, "-n", "8", "--threads", "1"]) == 0
    text = capsys.readouterr().out
    assert "What to order" in text
    assert "Second proof" in text


def test_frontier_marks_one_four_five(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "frontier", str(write(tmp_path)), "-n", "8", "--threads", "1", "--no-tips", "--json")
    assert list(found["marks"]) == ["x1", "x4", "x5"]
    assert all({"as_it_is", "same_money_spent_best"} == set(mark) for mark in found["marks"].values())
    assert {"leaked", "damage", "casualties"} == set(found["frontier"][0]["simulated"])


def test_contradictions_are_located(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, PLAN.replace("floor: 10e6 USD", "floor: 900e6 USD"))
    assert call(["plan", str(file), "-n", "8"]) == 2
    told = capsys.readouterr().err
    assert f"{file}:14:97: plan: the floor of aa" in told
    assert call(["plan", "one-battery"]) == 2
    assert "has no plan" in capsys.readouterr().err


def test_siting_of_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(places(tmp_path, 150))
    found = said(capsys, "siting", file, "--sites", "6", "--radius", "2500", "--json", "--time-limit", "120")
    assert set(found) == KEYS
    assert len(set(found["sites"])) == 6
    assert found["gap"] == 0.0
    assert found["greedy_value"] <= found["value"] <= found["upper_bound"]
    assert call(["siting", file, "--sites", "6"]) == 2
    assert "--radius METRES" in capsys.readouterr().err
    assert call(["siting", file, "--sites", "6", "--radius", "2500"]) == 0
    assert "proven best" in capsys.readouterr().out
    assert call(["siting", str(tmp_path / "none.txt"), "--sites", "6", "--radius", "2500"]) == 2


def test_siting_of_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "siting", "one-battery", "--json")
    assert set(found) == KEYS
    assert found["sites"] == [{"site": "town", "position": [50.0, 30.0], "type": "lab-battery", "count": 1}]
    assert found["value"] == pytest.approx(100 * 0.7, rel=1e-6)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_siting_stopped_by_the_user_prints_the_best(tmp_path: Path) -> None:
    file = places(tmp_path, 2000)
    arguments = ["siting", str(file), "--sites", "60", "--radius", "700", "--json", "--time-limit", "300"]
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(15.0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode in (130, 0), err
    found = json.loads(out)
    assert found["greedy_value"] <= found["value"] <= found["upper_bound"]
    if process.returncode:
        assert "the best choice so far is printed" in err
