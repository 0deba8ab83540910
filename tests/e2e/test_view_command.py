"""The command view: an address that answers, a token, Ctrl-C, one file; and what it says when something is missing."""

from __future__ import annotations

import base64
import gzip
import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

CODE = "from shieldwall.cli.main import main; main()"
PAGE = '<!doctype html><title>stub</title><script type="application/octet-stream" id="shieldwall-data"></script>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a stub of the built page, a run, and a scenario of the user's own."""
    folder = tmp_path_factory.mktemp("view")
    (folder / "page").mkdir()
    (folder / "page" / "index.html").write_text("<!doctype html><title>stub</title>")
    (folder / "page" / "single.html").write_text(PAGE)
    assert command(folder, "run", "one-battery", "-n", "20", "--out", "runs/one").returncode == 0
    assert command(folder, "init", "mine").returncode == 0
    return folder


def environment(folder: Path, page: str = "page") -> dict[str, str]:
    import os

    return {**os.environ, "SHIELDWALL_PAGE": str(folder / page)}


def command(folder: Path, *arguments: str, page: str = "page", code: str = CODE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=environment(folder, page), capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip


@contextmanager
def viewing(folder: Path, *arguments: str):
    """Yield the process and the address that it prints; end it with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, "view", *arguments, "--no-browser", "--port", "0"], cwd=folder,
        env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, process.communicate(timeout=30)[1]
        yield process, address
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_view_answers_and_ends_with_ctrl_c(folder):
    with viewing(folder, "runs/one") as (process, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert requests.get(address, timeout=30).text == "<!doctype html><title>stub</title>"
        assert requests.get(f"{address}api/health", timeout=30).json()["start"] == "one"
        assert requests.get(f"{address}api/runs/one/replays/3", timeout=30).json()["replication"] == 3
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (0, "")
    assert errors == "Ctrl-C ends it.\n"


def test_view_plays_a_scenario_first(folder):
    with viewing(folder, "mine", "-n", "10", "--set", "doctrine.weapons_control=hold") as (_, address):
        start = requests.get(f"{address}api/health", timeout=30).json()["start"]
        run = requests.get(f"{address}api/runs/{start}", timeout=30).json()
        assert (run["replications"], run["doctrine"]["weapons_control"]) == (10, "hold")
        assert run["across"]["total"]["shot_down"] == 0
        names = {
            one["scenario"]: one["shipped"]
            for one in requests.get(f"{address}api/scenarios", timeout=30).json()["scenarios"]
        }
        assert names[run["scenario"]] is False
    assert (folder / "runs" / start / "manifest.json").exists()
    # the same run again: its scenario is no shipped one and must be named
    again = command(folder, "view", f"runs/{start}", "--no-browser", "--port", "0")
    assert (again.returncode, "--scenario FILE" in again.stderr, again.stdout) == (2, True, "")
    with viewing(folder, f"runs/{start}", "--scenario", "mine") as (_, address):  # its settings stand in the manifest
        assert requests.get(f"{address}api/health", timeout=30).status_code == 200


def test_view_elsewhere_asks_for_a_token(folder):
    with viewing(folder, "runs/one", "--host", "0.0.0.0") as (_, address):
        port, token = re.fullmatch(r"http://0\.0\.0\.0:(\d+)/\?token=([\w-]{20,})", address).groups()
        own = f"http://127.0.0.1:{port}"
        assert requests.get(f"{own}/api/health", timeout=30).status_code == 401
        assert requests.get(f"{own}/?token={token}", timeout=30).text == "<!doctype html><title>stub</title>"


@pytest.mark.parametrize(
    "arguments", [("view", "runs/one", "--export", "a.html"), ("export", "runs/one", "--to", "html", "-o", "a.html")]
)
def test_one_file_holds_what_the_page_asks_for(folder, arguments):
    done = command(folder, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, "a.html\n", "")
    text = (folder / "a.html").read_text()
    found = re.search(r'id="shieldwall-data">([A-Za-z0-9+/=]+)</script>', text)
    assert found
    data = json.loads(gzip.decompress(base64.b64decode(found[1])))
    run = data["answers"]["/api/runs/one"]
    assert (data["start"], run["editable"], run["replications"]) == ("one", False, 20)
    assert data["replication"] == run["across"]["chosen"]["median"]
    for r in {*run["across"]["chosen"].values()}:
        assert data["answers"][f"/api/runs/one/replays/{r}"]["replication"] == r
        assert len(data["answers"][f"/api/runs/one/replays/{r}/stops"]["threats"]["drones/1"]) == 10


def test_export_begins_with_the_raid_that_was_asked_for(folder):
    assert command(folder, "export", "runs/one", "--to", "html", "-r", "5").stdout == "runs/one/page.html\n"
    wrong = command(folder, "export", "runs/one", "--to", "html", "-r", "20")
    assert (wrong.returncode, "replications 0 to 19" in wrong.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("view", "nowhere"), "there is no such scenario"),
        (("view", "runs/one", "--port", "99999"), "65535"),
        (("view", "runs/one", "--host", "no such host"), "cannot be listened on"),
        (("view", "one-battery", "--scenario", "mine"), "holds no results"),
        (("view", "runs/one", "--export", "no/such/folder.html"), "cannot be written"),
        (("export", "nowhere", "--to", "html"), "holds no results"),
        (("export", "runs/one", "--to", "htm"), "html"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(folder, arguments, said):
    done = command(folder, *arguments)
    assert (done.returncode, said in done.stderr, done.stdout) == (2, True, ""), done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_built_page_it_says_how_to_build_it(folder):
    done = command(folder, "view", "runs/one", "--no-browser", page="nothing")
    assert (done.returncode, done.stderr) == (
        2,
        "shieldwall: the page is not built; in a checkout with Node 20 or newer: make viewer\n",
    )


def test_without_the_extra_it_says_what_to_install(folder):
    code = f"import sys; sys.modules['fastapi'] = None; {CODE}"
    done = command(folder, "view", "runs/one", "--no-browser", code=code)
    assert (done.returncode, done.stderr) == (
        2,
        "shieldwall: the page needs fastapi, which is not installed; pip install 'shieldwall[web]'\n",
    )
    exported = command(folder, "export", "runs/one", "--to", "html", "-o", "b.html", code=code)
    assert (exported.returncode, exported.stdout) == (0, "b.html\n")  # a file needs no server
