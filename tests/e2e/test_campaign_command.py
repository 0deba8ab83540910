"""`shieldwall campaign` and `budget` as people type them: answers, refusals, Ctrl-C and kill -9."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shieldwall.cli.main import call
from verification.campaign_lab import HEAD, write

COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()", "campaign"]
CAMPAIGN = """
campaign:
  nights: 30
  mixes: [{id: raid, raids: {cruise: [5, 40]}}]
  process: {chance: 80 %, weights: {raid: 1}}
  stocks: {depots: {a: {hawk: 30}, b: {hawk: 50}}}
  lines: [{id: line, makes: hawk, rate: 900 count/year}]
  orders: [{id: o, nation: a, line: line, placed: -900}]
"""


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, CAMPAIGN, HEAD.replace("reserve: {hawk: 82}", "reserve: {hawk: 6}"))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert call(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def test_the_answer_has_what_was_asked(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "campaign", str(scenario), "-n", "60", "--one-more", "line", "--json")
    hawk = found["effectors"]["hawk"]
    assert set(hawk["runs_out"]) == {"share", "q05", "q25", "q50", "q75", "q95", "mean_of_those"}
    assert set(hawk["by_nation"]) == {"a", "b"}
    assert hawk["runs_out"]["share"] > 0.5
    assert len(found["by_night"]) == 30
    assert len(hawk["depot"]) == 30
    launched = sum(night["launched"] for night in found["by_night"])
    assert launched == pytest.approx(found["total"]["launched"])
    spent = sum(night["cost_usd"][key] for night in found["by_night"] for key in
                ("rounds_fired", "rounds_lost", "equipment", "operating"))  # fmt: skip
    assert spent == pytest.approx(found["exchange"]["defence_usd"])
    assert 0.0 < found["exchange"]["value_protected"] <= 1.0
    assert found["binding"][0]["first"] == 1
    assert found["binding"][-1]["last"] == 30
    more = found["one_more"]["line"]
    assert more["procured_usd"]["mean"] > 0
    assert more["leaked"]["mean"] < 0
    stock = found["adversary"]["kh-101"]
    assert stock["first"] + stock["built"] == pytest.approx(stock["launched"] + stock["left"])


def test_the_same_in_words(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["campaign", str(scenario), "-n", "30", "--one-more", "line"]) == 0
    text = capsys.readouterr().out
    for words in ("First night on which fire units begin nearly empty", "What binds, by date", "The adversary's stock",
                  "of all value", "One more line like line"):  # fmt: skip
        assert words.lower() in text.lower()


def test_wrong_input_is_refused_with_a_cure(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["campaign", "one-battery", "-n", "5"]) == 2
    assert "has no campaign; add campaign:" in capsys.readouterr().err
    assert call(["campaign", str(scenario), "--one-more", "lime"]) == 2
    assert "the campaign has no line 'lime'; did you mean 'line'?" in capsys.readouterr().err
    assert call(["campaign", str(scenario), "--set", "campaign.stocks.rule=shared"]) == 2
    assert "--set:1:" in capsys.readouterr().err
    assert call(["campaign", str(scenario), "-n", "2000000"]) == 2
    assert "replications is 2000000" in capsys.readouterr().err
    assert call(["budget", "PX"]) == 2


def test_budgets_in_words_and_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "budget", "PL", "ro", "--json")
    assert list(found["nations"]) == ["PL", "RO"]
    for y, total in enumerate(found["total"]["iamd_usd"]):
        assert total == sum(nation["iamd_usd"][y] for nation in found["nations"].values())
    assert all(check["holds"] for check in found["checks"])
    assert call(["budget"]) == 0
    text = capsys.readouterr().out
    assert "Poland" in text
    assert "all of these" in text


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _begin(scenario: Path, out: Path) -> subprocess.Popen[str]:
    command = [*COMMAND, str(scenario), "-n", "500", "--threads", "1", "--out", str(out)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _wait_for_a_night(out: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the process has written a night that was not there."""
    before, deadline = len(list(out.glob("nights/*.npz"))), time.monotonic() + 120
    while len(list(out.glob("nights/*.npz"))) <= before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def _finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, text = process.communicate(timeout=300)
    return process.returncode, text


def test_killed_or_interrupted_it_goes_on_to_the_same_bytes(scenario: Path, tmp_path: Path) -> None:
    assert _finish(_begin(scenario, tmp_path / "whole")) == (0, "")
    expected = _contents(tmp_path / "whole")
    assert len(expected) == 32
    chance, out = random.Random(20_250_609), tmp_path / "out"
    for how in (signal.SIGINT, signal.SIGKILL):
        process = _begin(scenario, out)
        _wait_for_a_night(out, process)
        process.send_signal(how)
        code, text = _finish(process)
        if code == 130:
            assert f"finished nights are kept in {out}; give the same command again to go on" in text
        assert code in (0, 130, -9)
        time.sleep(chance.uniform(0.0, 0.1))
    assert _finish(_begin(scenario, out)) == (0, "")
    assert _contents(out) == expected
