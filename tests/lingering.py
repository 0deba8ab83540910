"""The command line as a command whose run lingers behind every block, so that a signal always finds it between two.

It hears an interrupt even where the shell that started the tests in the background has it ignored.
"""

from __future__ import annotations

import sys

_PROGRAM = """
import signal
import time
from shieldwall.cli.main import main
from shieldwall.results.results import Recorder

add = Recorder.add
signal.signal(signal.SIGINT, signal.default_int_handler)

def add_and_linger(self, block):
    add(self, block)
    time.sleep(0.2)

Recorder.add = add_and_linger
main()
"""
LINGERING = [sys.executable, "-c", _PROGRAM]
