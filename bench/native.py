"""Play raids with the C++ twin of the kernel: dump the tables, compile, run, read its rows back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np

from shieldwall.engine.block import BlockArrays, empty_block, play_block
from shieldwall.state import OK, new_state
from shieldwall.tables import Tables

SOURCE = Path(__file__).parent / "peers" / "raid.cpp"
COMMAND = ("g++", "-std=c++17", "-O3", "-march=native", "-ffp-contract=off")


def compile_twin(folder: Path) -> Path | None:
    """Compile the twin; None where there is no g++."""
    if shutil.which(COMMAND[0]) is None:
        return None
    program = folder / "raid"
    subprocess.run([*COMMAND, "-o", str(program), str(SOURCE)], check=True)
    return program


def dump_tables(tables: Tables, path: Path) -> None:
    """Write every table as its length in bytes (int64) and its bytes, in the order of `Tables`."""
    with path.open("wb") as out:
        for table in (t for t in tables if t is not None):
            data = np.ascontiguousarray(table).tobytes()
            out.write(np.int64(len(data)).tobytes() + data)


def play(
    program: Path, tables: Path, *, seed: int, first: int, count: int, repeats: int = 1
) -> tuple[list[float], Path]:
    """Return the CPU seconds of each repeat and the file of its outcome."""
    out = tables.with_suffix(".out")
    words = [str(program), str(tables), str(out), str(seed), str(first), str(count), str(repeats)]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [float(line) for line in said.split()], out


def read_outcome(path: Path, tables: Tables, count: int) -> BlockArrays:
    """Return the outcome in the arrays that our kernel fills, without a log."""
    block = empty_block(tables, count, 0)
    data = path.read_bytes()
    at = 0
    for array in block[: BlockArrays._fields.index("log_replication")]:
        array.reshape(-1).view(np.uint8)[:] = np.frombuffer(data, np.uint8, array.nbytes, at)
        at += array.nbytes
    if at != len(data):
        raise ValueError(f"{path} holds {len(data)} bytes, not {at}")
    return block


def our_outcome(tables: Tables, *, seed: int, first: int, count: int) -> BlockArrays:
    """Play the same raids with our kernel, with room enough for any raid."""
    pairs, weapons = tables.pair_threat.shape[0], tables.weapons.shape[0]
    room = 100 * (tables.threats.shape[0] + pairs + weapons)
    block = empty_block(tables, count, 0)
    state = new_state(tables, queue_room=room, waiting_room=room, log_room=0)
    if play_block(tables, state, block, np.uint64(seed), np.uint64(first), None) != OK:
        raise ValueError(f"a raid needs more room than {room}")
    return block


def differing(ours: BlockArrays, theirs: BlockArrays) -> list[str]:
    """Return the names of the arrays that differ in any bit."""
    names = BlockArrays._fields[: BlockArrays._fields.index("log_replication")]
    return [name for name in names if getattr(ours, name).tobytes() != getattr(theirs, name).tobytes()]
