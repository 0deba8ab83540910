"""Calibrated on nights to the end of 2024, the night of June 2025 out of sample; by the command, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shieldwall
from shieldwall.cli.main import call
from shieldwall.results.answer import reported
from shieldwall.scenario.calibration import user_folder

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "attacks" / "reported_attacks_to_2024-12.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the table of reported attacks is not shipped with the code")
NIGHT = "night-2025-06-09"


@pytest.fixture(scope="module")
def calibration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the user's data folder, with a small calibration made by the command."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        assert call(["calibrate", str(FILE), "--points", "32", "-n", "16", "--until", "2024-12-31"]) == 0
    return folder


def test_drones_of_the_night_come_nearer_to_the_report(
    calibration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(calibration))
    found = {}
    for label, settings in (("catalogue", []), ("calibrated", ["calibration=reported-to-2024-12"])):
        results = shieldwall.simulate(shieldwall.load(NIGHT, overrides=settings), 300, 1)
        found[label] = reported(results.summary(), results.manifest)["shahed-136"]
    print("\nresiduals, simulated less reported, of 479 drones")
    for end in ("shot_down", "suppressed", "leaked"):
        before, after = (found[label][end]["residual"] for label in ("catalogue", "calibrated"))
        print(f"{end:12s} catalogue {before:+6.1f}  calibrated {after:+6.1f}")
        if end != "leaked":
            assert abs(after) < 0.9 * abs(before)
    assert "Calibration reported-to-2024-12: " in results.manifest.notes[-1]
    assert "nights of reported attacks to 2024-12-31" in results.manifest.notes[-1]


def test_the_file_says_what_it_is(calibration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(calibration))
    data = json.loads((user_folder() / "reported-to-2024-12.calibration.json").read_text(encoding="utf-8"))
    assert data["until"] == "2024-12-31"
    assert data["table"]["nights"] == 562
    assert "licence is not settled" in data["licence"]
    assert set(data["fits"]) == {"anti_radiation", "cruise", "drone", "hypersonic", "supersonic"}
    for path, figure in data["figures"].items():
        assert figure["catalogue"]["low"] <= figure["low"] <= figure["value"] <= figure["high"], path
        assert figure["high"] <= figure["catalogue"]["high"], path
        assert "fitted with night-2025-06-09" in figure["provenance"]
    assert data["fits"]["drone"]["unknowns"]["kill"]["mean"] < 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "2020-01-01"], "no night up to 2020-01-01; the first is 2022-09-28"),
        (["--out", "x.json"], "x.json:0:0: a scenario finds the calibration 'reported-to-2024-12' in a file of that"),
        (["--scenario", "one-bat"], "there is no such scenario; did you mean 'one-battery'?"),
        (["--points", "48"], "48 is no power of two"),
        (["--name", "../x"], "'../x' is no name for a calibration"),
    ],
)
def test_wrong_questions_are_refused(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["calibrate", str(FILE), *arguments]) == 2
    assert said in capsys.readouterr().err
