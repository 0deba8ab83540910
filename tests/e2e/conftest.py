"""The built page in a real browser: a server of a small run of the night, and Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CODE = "from shieldwall.cli.main import main; main()"
PAGE = Path(__file__).resolve().parents[2] / "src" / "shieldwall" / "web" / "page"
NIGHT = "night-2025-06-09"
REPLICATIONS = 40
# Software drawing, and no talk with anybody.
CHROMIUM = (
    "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A server of runs: its address, the folder of the runs, its process."""

    address: str
    folder: Path
    process: subprocess.Popen[str]


def shieldwall(folder: Path, *arguments: str) -> None:
    """Run a command, which must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the built page with the night, and the night with one picture for all, on the same luck."""
    if not (PAGE / "index.html").exists():
        pytest.skip("the page is not built: make viewer")
    folder = tmp_path_factory.mktemp("page")
    size = ("-n", str(REPLICATIONS), "--seed", "1")
    shieldwall(folder, "run", NIGHT, *size, "--out", "runs/night")
    shieldwall(folder, "run", NIGHT, *size, "--set", "integration=alliance", "--out", "runs/alliance")
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, "view", "runs/night", "--no-browser", "--port", "0"],
        cwd=folder, env={**os.environ, "SHIELDWALL_PAGE": str(PAGE)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address, process.communicate(timeout=60)[1]
    yield Served(address, folder, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def browser():
    """Start Debian's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Return how to open the page: waits until the map is drawn; at the end no error may stand in the console."""
    opened = []

    def open_at(address: str, width: int = 1280, height: int = 800, scheme: str = "dark"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if _is_outside(request.url) else None)
        opened.append((context, said))
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_at
    for context, said in opened:
        context.close()
        assert said == []


def _is_outside(address: str) -> bool:
    return not address.startswith(("http://127.0.0.1:", "file://", "blob:", "data:"))
