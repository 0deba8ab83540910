"""The page's own unit tests run with the others."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIEWER = ROOT / "viewer"


def test_the_pages_own_tests_pass():
    path = f"{ROOT / '.venv' / 'node'}{os.pathsep}{os.environ['PATH']}"
    npx = shutil.which("npx", path=path)
    if npx is None or not (VIEWER / "node_modules").is_dir():
        pytest.skip("Node or the page's packages are missing: make viewer")
    done = subprocess.run(
        [npx, "vitest", "run", "--reporter=dot"], cwd=VIEWER, env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
