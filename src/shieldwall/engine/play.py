"""Play one block of consecutive replications, with arrays as long as it takes."""

from __future__ import annotations

import numpy as np

from shieldwall.core.errors import CapacityError
from shieldwall.engine.accounts import check_accounts
from shieldwall.engine.block import empty_block, finish_block, play_block
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
    room = usual_room(tables, size if events else 0)
    for _ in range(_ENLARGEMENTS):
        arrays = empty_block(tables, size, room[LOG_FULL])
        state = state_with(tables, room)
        status = play_block(tables, state, arrays, np.uint64(seed), np.uint64(first), opening)
        if status == OK:
            block = finish_block(arrays, first)
            check_accounts(block, tables, opening)
            return block
        room[status] *= 2
    raise CapacityError(f"a raid needs more room than {room}")


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
