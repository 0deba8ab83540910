"""Play one block of consecutive replications, with arrays as long as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import CapacityError
from shieldwall.engine.accounts import check_accounts
from shieldwall.engine.block import BlockArrays, empty_block, finish_block, play_block
from shieldwall.results.row import Block
from shieldwall.state import LOG_FULL, OK, QUEUE_FULL, WAITING_FULL, State, new_state
from shieldwall.tables import Opening, Tables

_ENLARGEMENTS = 12


def play_one_block(
    tables: Tables, seed: int, first: int, size: int, *, events: bool, opening: Opening | None = None
) -> Block:
    """Play replications first..first+size-1; enlarge the kernel's arrays and play again while one is too small.

    With an opening of `size` rows each begins as its row says, else as the scenario says.

    Raises
    ------
    CapacityError
        If they are still too small at thousands of times the usual size: a fault of ours.
    """
    return play_in_turn((tables,), np.zeros(size, np.int64), seed, first, events=events, opening=opening)


def play_in_turn(
    choices: Sequence[Tables],
    chosen: NDArray[np.int64],
    seed: int,
    first: int,
    *,
    events: bool,
    opening: Opening | None = None,
) -> Block:
    """Play consecutive replications from `first`, each with the tables `choices[chosen[r]]`, int64 (R,).

    The choices differ in figures only: they have the same threats, paths, windows and weapons. Raises as
    `play_one_block`.
    """
    size = chosen.shape[0]
    room = usual_room(choices[0], size if events else 0)
    for _ in range(_ENLARGEMENTS):
        arrays = empty_block(choices[0], size, room[LOG_FULL])
        states = [state_with(tables, room) for tables in choices]
        status = _play_runs(choices, states, chosen, arrays, seed, first, opening)
        if status == OK:
            block = finish_block(arrays, first, choices[0])
            check_accounts(block, choices[0], opening)
            return block
        room[status] *= 2
    raise CapacityError(f"a raid needs more room than {room}")


def _play_runs(
    choices: Sequence[Tables],
    states: Sequence[State],
    chosen: NDArray[np.int64],
    arrays: BlockArrays,
    seed: int,
    first: int,
    opening: Opening | None,
) -> int:
    """Play each run of replications with the same tables into its rows; return OK or the array that was too small."""
    edges = [0, *(np.flatnonzero(np.diff(chosen)) + 1).tolist(), chosen.shape[0]]
    for begin, end in pairwise(edges):
        which = int(chosen[begin])
        logged = int(arrays.log_used[0])
        status = play_block(
            choices[which],
            states[which],
            _rows(arrays, begin, end),
            np.uint64(seed),
            np.uint64(first + begin),
            opening if opening is None else Opening(*(rows[begin:end] for rows in opening)),  # type: ignore[arg-type]
        )
        if status != OK:
            return int(status)
        arrays.log_replication[logged : int(arrays.log_used[0])] += begin
    return OK


def _rows(arrays: BlockArrays, begin: int, end: int) -> BlockArrays:
    """Return the rows of some replications; all of them share the log."""
    shared = {name for name in arrays._fields if name.startswith("log_")}
    whole: dict[str, Any] = arrays._asdict()
    return BlockArrays(**{name: array if name in shared else array[begin:end] for name, array in whole.items()})


def usual_room(tables: Tables, logged: int) -> dict[int, int]:
    """Return how long the kernel's arrays are at first, by the status that says one is full; `logged` replications."""
    n_threats, n_pairs, n_weapons = tables.threats.shape[0] - 1, tables.pair_threat.shape[0], tables.weapons.shape[0]
    return {
        QUEUE_FULL: 256 + 2 * n_threats + 2 * n_pairs + 4 * n_weapons,
        WAITING_FULL: 256 + 4 * n_pairs,
        LOG_FULL: (256 + 16 * n_threats + 4 * n_pairs) * logged,
    }


def state_with(tables: Tables, room: dict[int, int]) -> State:
    """Return a state with that much room."""
    log = 1 if room[LOG_FULL] else 0
    return new_state(
        tables, queue_room=room[QUEUE_FULL], waiting_room=room[WAITING_FULL], log_room=log * room[LOG_FULL]
    )
