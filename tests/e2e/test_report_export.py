"""The commands report and export: files, remarks, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the extra 'report' is not installed")
COMMAND = [sys.executable, "-c", "from shieldwall.cli.main import main; main()"]


def shieldwall(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a run of a shipped scenario and a run of the user's own."""
    folder = tmp_path_factory.mktemp("reports")
    assert shieldwall("init", "mine/small", folder=folder).returncode == 0
    assert shieldwall("run", "one-battery", "-n", "30", "--out", "shipped", folder=folder).returncode == 0
    assert shieldwall("run", "mine/small", "-n", "30", "--out", "own", "--events", folder=folder).returncode == 0
    return folder


def test_report_of_a_shipped_scenario(folder):
    done = shieldwall("report", "shipped", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "shipped/report.html\n", "")
    text = (folder / "shipped" / "report.html").read_text(encoding="utf-8")
    assert "One battery against ten drones" in text
    assert text.count("<svg") == 5  # no events: no rounds over time


def test_report_of_an_own_scenario_needs_its_file_for_the_map(folder):
    done = shieldwall("report", "own", "-o", "own.html", folder=folder)
    assert done.returncode == 0
    assert "name its file with --scenario" in done.stderr
    whole = shieldwall("report", "own", "-o", "whole.html", "--scenario", "mine/small", folder=folder)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert (folder / "whole.html").read_text().count("<svg") == (folder / "own.html").read_text().count("<svg") + 1


def test_report_as_pdf(folder):
    pytest.importorskip("typst", reason="typst is not installed")
    assert shieldwall("report", "shipped", "-o", "r.pdf", folder=folder).returncode == 0
    assert (folder / "r.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("form", ["geojson", "kml", "czml", "acmi", "dis"])
def test_export_writes_one_file(folder, form):
    done = shieldwall("export", "shipped", "--to", form, "-r", "7", folder=folder)
    assert done.returncode == 0, done.stderr
    written = folder / done.stdout.strip()
    assert written.name.startswith("replication-7.")
    assert written.stat().st_size > 5_000
    if form in ("geojson", "czml"):
        json.loads(written.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("report", "shipped", "-o", "x.doc"), "neither .html nor .pdf"),
        (("report", "mine/small"), "holds no results"),
        (("report", "shipped", "-o", "no/such/x.html"), "cannot be written"),
        (("report", "shipped", "--scenario", "mine/small"), "is not the scenario of the run"),
        (("report", "shipped", "--uncertainty", "none.json"), "cannot be read"),
        (("export", "shipped", "--to", "kmz"), "did you mean 'kml'"),
        (("export", "shipped", "--to", "kml", "-r", "30"), "from 0 to 29"),
        (("export", "own", "--to", "kml"), "name its file with --scenario"),
        (("export", "shipped", "--to", "kml", "-o", "no/such/x.kml"), "cannot be written"),
    ],
)
def test_mistakes_get_a_line_and_exit_code_2(folder, arguments, says):
    done = shieldwall(*arguments, folder=folder)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
