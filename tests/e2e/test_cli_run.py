"""The commands that play raids: answers, resuming, refusals, traces, comparisons."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lingering import LINGERING

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]


def shieldwall(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the scenario `small`, as init writes it."""
    folder = tmp_path_factory.mktemp("runs")
    assert shieldwall("init", "small", folder=folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def answered(folder: Path) -> dict[str, object]:
    """Return the JSON answer of a first run of `small`."""
    done = shieldwall("run", "small", "-n", "300", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def without_run(answer: dict) -> dict:
    manifest = {key: value for key, value in answer["manifest"].items() if key != "run"}
    return {**{key: value for key, value in answer.items() if key != "wall_s"}, "manifest": manifest}


def test_json_answer_is_one_object_that_adds_up(folder, answered):
    assert (answered["scenario"], answered["seed"], answered["replications"]) == ("small", 1, 300)
    total = answered["total"]
    ends = ("failed", "suppressed", "shot_down", "leaked_hit", "leaked_missed", "aborted")
    assert sum(total[end] for end in ends) == pytest.approx(26)
    assert sum(answered["leak_causes"].values()) == pytest.approx(total["leaked"])
    assert (folder / "runs" / "small-seed1-n300" / "manifest.json").exists()
    assert answered["manifest"]["run"]["folder"] == "runs/small-seed1-n300"


def test_printed_answer_is_plain_when_piped(folder, answered):
    done = shieldwall("run", "small", "-n", "300", folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for part in ("shahed-136", "kh-101", "Rounds", "Why leakers leaked", "raid, USD", "Results: runs/small-seed1-n300"):
        assert part in done.stdout
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_the_same_command_again_plays_nothing_anew(folder, answered):
    before = contents(folder / "runs" / "small-seed1-n300")
    stamps = {path: path.stat().st_mtime_ns for path in (folder / "runs").rglob("*.parquet")}
    again = json.loads(shieldwall("run", "small", "-n", "300", "--json", folder=folder).stdout)
    assert without_run(again) == without_run(answered)
    assert contents(folder / "runs" / "small-seed1-n300") == before
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_threads_change_no_byte(folder, answered):
    one = shieldwall("run", "small", "-n", "300", "--threads", "1", "--out", "one", "--json", folder=folder)
    assert one.returncode == 0, one.stderr
    assert contents(folder / "one") == contents(folder / "runs" / "small-seed1-n300")
    assert without_run(json.loads(one.stdout)) == without_run(answered)


def test_another_run_in_the_folder_is_refused(folder, answered):
    done = shieldwall("run", "small", "-n", "300", "--seed", "2", "--out", "runs/small-seed1-n300", folder=folder)
    assert done.returncode == 2
    assert "its seed is 1, not 2; choose another folder with --out" in done.stderr


def test_a_changed_scenario_goes_to_a_folder_of_its_own(folder, answered):
    done = shieldwall("run", "small", "-n", "300", "--set", "integration=autonomous", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    changed = json.loads(done.stdout)
    assert re.fullmatch(r"runs/small-seed1-n300-[0-9a-f]{8}", changed["manifest"]["run"]["folder"])
    assert changed["manifest"]["scenario_hash"] != answered["manifest"]["scenario_hash"]


def test_a_folder_that_cannot_be_is_refused(folder, answered):
    (folder / "a-file").write_text("")
    done = shieldwall("run", "small", "-n", "10", "--out", "a-file/results", folder=folder)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupt_keeps_blocks_and_resumes_to_the_same_bytes(folder, answered):
    count = "60000"
    broken = ["run", "small", "-n", count, "--out", "broken", "--json", "--threads", "1"]
    running = subprocess.Popen(
        [*LINGERING, *broken], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while len(list((folder / "broken" / "rows").glob("*.parquet"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGINT)
    out, said = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert out == ""
    assert re.search(r"interrupted; [\d,]+ of 60,000 replications are kept in broken; give the same", said)
    kept = contents(folder / "broken")
    resumed = shieldwall("run", "small", "-n", count, "--out", "broken", "--json", folder=folder)
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["manifest"]["run"]["resumed_blocks"] > 0
    after = contents(folder / "broken")
    assert kept.items() <= after.items()
    straight = contents(folder / "runs" / "small-seed1-n300")
    whole_blocks = {name for name in straight if "000000000" in name}
    assert {name: after[name] for name in whole_blocks} == {name: straight[name] for name in whole_blocks}


def test_trace_tells_the_ten_stops_as_the_rows_have_them(folder, answered):
    done = shieldwall("trace", "small", "--threat", "drones/1", "--replication", "3", folder=folder)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^ ?(\d+)  ", done.stdout, re.MULTILINE) == [str(i) for i in range(1, 11)]
    sql = "select fate, path from rows where threat = 'drones/1' and replication = 3"
    script = (
        "import shieldwall, json\n"
        f"r = shieldwall.Results.open('runs/small-seed1-n300').query({sql!r})\n"
        "print(json.dumps(r.to_pylist()[0]))\n"
    )
    read = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    row = json.loads(read.stdout)
    assert f"fate {row['fate']}." in done.stdout
    assert row["path"] in " ".join(done.stdout.split())


def test_trace_of_a_threat_that_is_not_there(folder):
    done = shieldwall("trace", "small", "--threat", "drone/1", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'drones'?; write SALVO/NUMBER" in done.stderr
    done = shieldwall("trace", "small", "--threat", "drones/21", folder=folder)
    assert done.returncode == 2
    assert "'drones' has numbers 1 to 20" in done.stderr


def test_compare_of_a_scenario_with_itself_changed(folder):
    done = shieldwall(
        "compare", "small", "--set", "doctrine.weapons_control=free,hold", "-n", "200", "--json", folder=folder
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["base"] == "doctrine.weapons_control=free"
    held = answer["differences"]["doctrine.weapons_control=hold"]
    assert held["leaked"]["mean"] > 0
    assert held["rounds"]["mean"] < 0
    printed = shieldwall("compare", "small", "--set", "doctrine.weapons_control=free,hold", "-n", "200", folder=folder)
    assert "doctrine.weapons_control=hold less doctrine.weapons_control=free" in printed.stdout
    assert max(len(line) for line in printed.stdout.splitlines()) <= 100


def test_compare_needs_something_to_compare(folder):
    done = shieldwall("compare", "small", "-n", "10", folder=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "a comparison needs two runs or more" in done.stderr
