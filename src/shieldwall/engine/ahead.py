"""Compile the raid's kernel in a process of its own while this one compiles and computes geometry.

Only a first run has anything to compile, and only one without the parts that change the kernel (`tables.Part`) would
find what is compiled here: others compile theirs. Nothing depends on it but the time that a first run takes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from shieldwall.core.compiled import is_kept
from shieldwall.engine.block import empty_block, play_block
from shieldwall.engine.looks import looks_by_look
from shieldwall.engine.pack_policy import pack_policy
from shieldwall.engine.play import state_with, usual_room
from shieldwall.scenario.types import Scenario
from shieldwall.tables import (
    COMMAND,
    DETECTION,
    ENGAGEMENT,
    FIRE_UNIT_RECORD,
    FLIGHT,
    GROUP,
    NETWORK,
    RULE,
    SALVO,
    SENSOR_RECORD,
    TARGET,
    THREAT,
    WEAPON,
    ZONE_STAY,
    Tables,
    records,
)

_TASK = "from shieldwall.engine.ahead import compile_kernel; compile_kernel()"


@contextmanager
def compiling(scenario: Scenario) -> Iterator[None]:
    """Compile the kernel beside what is done within, where that helps; wait for it at the end, stop it on an error."""
    if not _helps(scenario):
        yield
        return
    silent = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-c", _TASK], stdin=silent, stdout=silent, stderr=silent) as task:
        try:
            yield
        except BaseException:
            task.kill()
            raise


def _helps(scenario: Scenario) -> bool:
    """Return whether nothing is kept, there is a processor to spare, and no part asks for a kernel of its own."""
    named = scenario.structure or scenario.fighters or scenario.identification
    parts = named or pack_policy(scenario) or looks_by_look(scenario)
    spare = (os.cpu_count() or 1) > 1 and bool(sys.executable) and not os.environ.get("NUMBA_DISABLE_JIT")
    return spare and not parts and not is_kept(play_block)


def compile_kernel() -> None:
    """Play an empty raid, so that the kernel for scenarios without parts is compiled and kept."""
    tables = no_raid()
    room = usual_room(tables, 0)
    play_block(tables, state_with(tables, room), empty_block(tables, 1, 0), np.uint64(1), np.uint64(0), None)


def no_raid() -> Tables:
    """Return the tables of a raid of nothing against nothing, each of the type that `engine.pack` gives it."""
    none = np.zeros(0, np.int64)
    return Tables(
        threats=records(THREAT, 1),
        pair_threat=none,
        salvos=records(SALVO, 1),
        network=none,
        networks=records(NETWORK, 0),
        flights=records(FLIGHT, 1),
        groups=records(GROUP, 1),
        zone_stays=records(ZONE_STAY, 0),
        detections=records(DETECTION, 0),
        engagements=records(ENGAGEMENT, 0),
        delay_s=np.zeros((0, 2)),
        sensors=records(SENSOR_RECORD, 0),
        fire_units=records(FIRE_UNIT_RECORD, 1),
        weapons=records(WEAPON, 0),
        rank=np.zeros((0, 1), np.int64),
        keep=np.zeros((0, 1), np.int64),
        rules=records(RULE, 1),
        command=records(COMMAND, 1),
        targets=records(TARGET, 0),
    )
