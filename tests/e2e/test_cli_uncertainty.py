"""`shieldwall uncertainty`: its answer, its folder, its refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()", "uncertainty", "one-battery"]
KILL = "effectors.lab-missile.kill_probability.drone"


def uncertainty(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    small = ["-n", "8", "--points", "8", "--threads", "1"]
    command = [*COMMAND, *small, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def test_the_answer_is_one_object_and_stays_in_the_folder(tmp_path):
    pytest.importorskip("SALib", reason="the extra `uncertainty` is not installed")
    chosen = ("--figures", "effectors.*", "--indices", "4", "--tip", KILL, "--threshold", "2")
    done = uncertainty(*chosen, "--json", "--out", "study", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["points"], answer["replications"], answer["seed"]) == (8, 8, 1)
    leaked = answer["outputs"]["leaked"]
    assert 0 <= leaked["share"]["value"] <= 1
    assert leaked["chance"]["low"] <= leaked["chance"]["value"] <= leaked["chance"]["high"]
    assert set(answer["indices"]["leaked"]["first"]) == set(answer["tornado"]["ends"]["leaked"])
    assert answer["tipping"]["looked"][0]["at"] == 0.5
    assert json.loads((tmp_path / "study/uncertainty.json").read_text()) == answer
    table = pq.read_table(tmp_path / "study/points.parquet")
    assert table.num_rows == 8
    assert table.column(KILL).type == "string"
    again = uncertainty(*chosen, "--json", "--threads", "3", folder=tmp_path)
    assert json.loads(again.stdout) == answer


def test_printed_answer_says_what_matters(tmp_path):
    done = uncertainty("--figures", "effectors.*", "--linked", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "each group errs as one" in done.stdout
    assert done.stdout.index("kill probability") < done.stdout.index("prices")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--points", "12"), "12 is no power of two, which a Sobol design needs; give 8 or 16"),
        (("--figures", "nothing.*"), "no figure with a range matches 'nothing.*'"),
        (("--design", "sobel"), "'sobel' is not known; did you mean 'sobol'?"),
        (("--tip", KILL), "--tip needs --threshold or --against"),
        (("--threshold", "3"), "--threshold and --against need --tip"),
        (("--tip", "effectors.x", "--threshold", "3"), "no figure in play is called 'effectors.x'"),
        (("--half-width", "1", "--output", "leeked"), "there is no output 'leeked'; did you mean 'leaked'?"),
        (("--set", "effectors.lab-missile.speed=fast"), "effectors.lab-missile.speed"),
    ],
)
def test_refusals_name_the_cure_and_exit_with_2(tmp_path, arguments, said):
    done = uncertainty(*arguments, folder=tmp_path)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    done = uncertainty("--out", "mine", folder=tmp_path)
    assert done.returncode == 2
    assert "choose another folder with --out" in done.stderr
