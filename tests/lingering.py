"""The command line as a command whose run lingers behind every block, so that a signal always finds it between two."""

from __future__ import annotations

import sys

_PROGRAM = """
import time
from shieldwall.cli.main import main
from shieldwall.results.results import Recorder

add = Recorder.add

def add_and_linger(self, block):
    add(self, block)
    time.sleep(0.2)

Recorder.add = add_and_linger
main()
"""
LINGERING = [sys.executable, "-c", _PROGRAM]
