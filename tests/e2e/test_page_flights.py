"""Friendly and civil aircraft on the page in a browser, and in the commands trace, report and compare."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shieldwall.results.results import Results

CODE = "from shieldwall.cli.main import main; main()"
PAGE = Path(__file__).resolve().parents[2] / "src" / "shieldwall" / "web" / "page"
SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "integration"
TRAFFIC = """
traffic:
  - {id: airline, type: airliner, count: 6, from: [54.5, 15.0], to: [51.0, 26.0], launch: "00:30", spread: 3 h}
  - {id: homecoming, type: returning-fighter, count: 4, from: [53.0, 26.0], to: [52.9, 19.0], launch: "02:30",
     spread: 30 min}
identification: {verdict: 0.6, called_hostile: {airliner: 0.4, returning-fighter: 0.4}}
"""


def shieldwall(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a scenario in which others fly too, and a run of it."""
    folder = tmp_path_factory.mktemp("flights")
    shutil.copytree(SCENARIO, folder / "air")
    file = folder / "air" / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8") + TRAFFIC, encoding="utf-8")
    shieldwall(folder, "run", "air", "-n", "20", "--out", "runs/air")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    if not (PAGE / "index.html").exists():
        pytest.skip("the page is not built: make viewer")
    arguments = ["view", "runs/air", "--scenario", "air/scenario.yaml", "--no-browser", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said, process.communicate(timeout=60)[1]
    yield said
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def flights(folder: Path, raid: int) -> list[dict]:
    rows = Results.open(folder / "runs" / "air").to_arrow("traffic").to_pylist()
    return [row for row in rows if row["replication"] == raid]


def raid_with_mistakes(folder: Path) -> int:
    return next(r for r in range(20) if sum(row["shot_down"] for row in flights(folder, r)) >= 2)


def test_the_page_shows_flights_and_who_shot_them_down(folder, address, open_page):
    page = open_page(address)
    raid = raid_with_mistakes(folder)
    page.select_option("#raid", "any")
    page.fill('input[name="number"]', str(raid))
    page.press('input[name="number"]', "Enter")
    page.wait_for_selector("#raid:not([disabled])")
    page.wait_for_function(f"() => window.__shieldwall.scenes[0].replay.replication === {raid}")
    page.locator("#scrub").press("End")
    down = sorted((row for row in flights(folder, raid) if row["shot_down"]), key=lambda row: row["end_s"])
    assert page.get_attribute(".counter-flights", "data-flights") == "10"
    assert page.get_attribute(".counter-flights", "data-mistakes") == str(len(down))
    assert page.inner_text('[data-count="launched"] b') == "90"
    shown = page.locator("[data-mistake]")
    assert [one.get_attribute("data-mistake") for one in shown.all()] == [row["flight"] for row in down]
    for one, row in zip(shown.all_inner_texts(), down, strict=True):
        assert f"by {row['weapon'].rpartition('/')[0]}: {row['mistaken'].replace('_', ' ')}" in " ".join(one.split())
    shown.first.click()
    page.wait_for_selector(".stops li >> nth=9")
    assert page.get_attribute("[data-threat]", "data-threat") == down[0]["flight"]
    assert "shot down by mistake" in page.inner_text(".verdict")
    assert "by the network that fired" in page.inner_text(".stops")


def test_the_switch_hides_flights(folder, address, open_page):
    page = open_page(address)
    page.click('[data-layer="flights"]')
    hidden = "() => window.__shieldwall.scenes[0].shownThreats.slice(90).every((one) => one === 0)"
    page.wait_for_function(hidden)
    assert page.evaluate("() => window.__shieldwall.scenes[0].shownThreats.slice(0, 90).every((one) => one === 1)")
    page.click('[data-layer="flights"]')
    page.wait_for_function("() => window.__shieldwall.scenes[0].shownThreats.slice(90).every((one) => one === 1)")
    page.click("#tab-across")
    assert page.locator("#traffic tbody tr").count() == 2


def test_one_file_holds_the_stops_of_flights(folder, open_page):
    shieldwall(
        folder, "export", "runs/air", "--to", "html", "--scenario", "air/scenario.yaml",
        "-r", str(raid_with_mistakes(folder)), "-o", "air.html",
    )  # fmt: skip
    page = open_page((folder / "air.html").as_uri())
    page.locator("#scrub").press("End")
    page.locator("[data-mistake]").first.click()
    page.wait_for_selector(".stops li >> nth=9")


def test_trace_report_and_compare_tell_of_flights(folder):
    raid = raid_with_mistakes(folder)
    row = next(row for row in flights(folder, raid) if row["shot_down"])
    told = json.loads(shieldwall(folder, "trace", "air", "--threat", row["flight"], "-r", str(raid), "--json"))
    assert any("shot down by mistake" in said for said in told["stops"][9]["sentences"])
    pytest.importorskip("matplotlib", reason="the extra 'report' is not installed")
    shieldwall(folder, "report", "runs/air", "--scenario", "air/scenario.yaml", "-o", "air-report.html")
    assert "Friendly and civil aircraft" in (folder / "air-report.html").read_text(encoding="utf-8")
    said = shieldwall(folder, "compare", "air", "-n", "10", "--set", "doctrine.weapons_control=free,hold")
    assert "down by mistake" in said
    assert "engaged twice" in said
