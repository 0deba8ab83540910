"""How fast the page of `shieldwall view` is, in Debian's Chromium without a graphics card: `make bench-view`.

Ready: from the request for the page to the map drawn, the server being up; median of several fresh contexts, night.
Frame: what the page's own script works for a frame with 2,000 threats in the air, as the page measures it: filling
arrays, handing layers over, issuing draw calls. Drawing itself is the graphics card's, here software, work.
Script: all .js and .mjs of the built page, gzip. 10,000 threats: the page's start with that raid, and the memory of the
browser's page and graphics processes at their highest.
"""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "src" / "shieldwall" / "web" / "page"
NIGHT = "night-2025-06-09"
CODE = "from shieldwall.cli.main import main; main()"
CHROMIUM = (
    "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
SIZE = {"width": 1440, "height": 900}
LOADS, LOADS_10K, FRAMES = 5, 3, 80
THREATS, IN_THE_AIR, DEFENCE = 10_000, 2_000, 4


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    figures: dict[str, float] = {"js_gzip_mb": script_mb()}
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        shieldwall(folder, "run", NIGHT, "-n", "300", "--out", "runs/night")
        shieldwall(folder, "run", NIGHT, "-n", "4", "--out", "runs/large", *large())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        with serving(folder, "runs/night") as address:
            figures["page_ready_s"] = statistics.median(ready_s(browser, address) for _ in range(LOADS))
        with serving(folder, "runs/large") as address:
            figures["replay_10k_s"] = statistics.median(ready_s(browser, address) for _ in range(LOADS_10K))
            figures |= played(browser, address)
        browser.close()
    for figure, value in sorted(figures.items()):
        print(f"bench {figure} {value:.3f}")


def script_mb() -> float:
    """Return the compressed size of all script of the page."""
    files = [file for file in (PAGE / "assets").iterdir() if file.suffix in {".js", ".mjs"}]
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1e6


def large() -> list[str]:
    """Return the settings that make of the night a raid of 10,000 threats on a thousand fire units."""
    from shieldwall.scenario.load import load

    salvos = load(NIGHT).salvos
    launched = sum(salvo.count for salvo in salvos)
    counts = {salvo.id: salvo.count * THREATS // launched for salvo in salvos}
    counts[salvos[0].id] += THREATS - sum(counts.values())
    settings = [f"raids.{salvo}.count={count}" for salvo, count in counts.items()]
    return [part for setting in [*settings, f"scale.defence={DEFENCE}"] for part in ("--set", setting)]


def shieldwall(folder: Path, *arguments: str) -> None:
    """Run a command."""
    subprocess.run([sys.executable, "-c", CODE, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def serving(folder: Path, run: str) -> Iterator[str]:
    """Serve a run and yield the address."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, "view", run, "--no-browser", "--port", "0"],
        cwd=folder, stdout=subprocess.PIPE, text=True, env={**os.environ, "SHIELDWALL_PAGE": str(PAGE)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def opened(browser: Any, address: str) -> Any:
    """Return the page in a fresh context, its map drawn."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.set_default_timeout(300_000)
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return page


def ready_s(browser: Any, address: str) -> float:
    """Return the seconds from the request to the map drawn, by the browser's own clock."""
    page = opened(browser, address)
    seconds = page.evaluate("window.__shieldwall.readyAt") / 1000
    page.context.close()
    return float(seconds)


def played(browser: Any, address: str) -> dict[str, float]:
    """Play with 2,000 threats in the air; return script work a frame, and the memory it all took."""
    page = opened(browser, address)
    most = page.evaluate(f"window.__shieldwall.seekToFlying({IN_THE_AIR})")
    page.select_option("#speed", "10")
    page.evaluate("window.__shieldwall.scenes[0].meter.clear()")
    page.click("#play")
    while page.evaluate("window.__shieldwall.scenes[0].meter.read().frames") < FRAMES:
        page.wait_for_timeout(500)
    read = page.evaluate("window.__shieldwall.scenes[0].meter.read()")
    gigabytes = memory_gb(browser)
    page.context.close()
    return {
        "frame_script_ms": read["median_ms"],
        "frame_script_p95_ms": read["p95_ms"],
        "frame_objects": float(most),
        "replay_10k_gb": gigabytes,
    }


def memory_gb(browser: Any) -> float:
    """Return the highest resident memory of the page's and the graphics processes, added up."""
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    wanted = [one["id"] for one in found if one["type"] in {"renderer", "GPU"}]
    return sum(_highest_kb(process) for process in wanted) / 2**20


def _highest_kb(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
