"""Step by step: one raid that stops where it is told, so that a person, a learner or a solver may decide in between.

A stepped raid is the raid of `simulate`, event for event: left alone to its end it gives the same bytes. It owns a copy
of what a decision may change: the weapons control status, and for each weapon and threat class the rounds held back and
the order of preference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shieldwall.core.compiled import entry, kernel
from shieldwall.core.errors import CapacityError
from shieldwall.core.event_queue import earliest_s
from shieldwall.engine.accounts import check_accounts
from shieldwall.engine.agenda import decide_at
from shieldwall.engine.air import review_fighters
from shieldwall.engine.block import BlockArrays, copy_outcome, empty_block, finish_block
from shieldwall.engine.loop import begin, happen
from shieldwall.engine.play import state_with, usual_room
from shieldwall.engine.settle import settle
from shieldwall.results.row import Block
from shieldwall.state import HELD_BY_RULES, LOG_FULL, OK, STATUS, State
from shieldwall.tables import Tables

# A stepped raid cannot be played again with longer arrays, so they are long at once.
_ROOM = 16


@dataclass(frozen=True)
class SteppedRaid:
    """One replication under way. `tables` holds its own command, keep, rank and rules: change them between steps."""

    tables: Tables
    state: State
    seed: int
    replication: int


def begin_raid(tables: Tables, seed: int, replication: int, *, events: bool = False) -> SteppedRaid:
    """Return a raid at the moment before its first event, everything launched and searched for."""
    own = tables._replace(
        command=tables.command.copy(), keep=tables.keep.copy(), rank=tables.rank.copy(), rules=tables.rules.copy()
    )
    room = usual_room(tables, 1 if events else 0)
    state = state_with(own, {status: _ROOM * length for status, length in room.items()})
    raid = SteppedRaid(own, state, seed, replication)
    _checked(_start(own, state, np.uint64(seed), np.uint64(replication)))
    return raid


def advance_raid(raid: SteppedRaid, until_s: float, *, look_again_s: float = np.inf) -> float:
    """Let everything happen up to and including `until_s`; return when the next event is due (inf: none).

    `look_again_s` is the moment, not before the last step's end, at which every network looks again at the tracks that
    the rules kept it from: give it after a change of the rules, or what they now allow is missed.
    """
    seed, replication = np.uint64(raid.seed), np.uint64(raid.replication)
    _checked(_advance(raid.tables, raid.state, until_s, look_again_s, seed, replication))
    return float(earliest_s(raid.state.queue))


def finish_raid(raid: SteppedRaid) -> Block:
    """Play what is left, let the leakers come down, and return the block of this one replication."""
    seed, replication = np.uint64(raid.seed), np.uint64(raid.replication)
    advance_raid(raid, np.inf)
    arrays = empty_block(raid.tables, 1, raid.state.log.shape[0])
    _checked(_finish(raid.tables, raid.state, arrays, seed, replication))
    block = finish_block(arrays, raid.replication, raid.tables)
    check_accounts(block, raid.tables)
    return block


@entry
def _start(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> int:
    begin(tables, state, seed, replication, None, 0)
    return int(state.used[STATUS])


@entry
def _advance(
    tables: Tables, state: State, until_s: float, look_again_s: float, seed: np.uint64, replication: np.uint64
) -> int:
    if np.isfinite(look_again_s):
        look_again(look_again_s, tables, state)
    while state.queue.held[0] > 0 and state.used[STATUS] == OK and earliest_s(state.queue) <= until_s:
        happen(tables, state, seed, replication)
    return int(state.used[STATUS])


@entry
def _finish(tables: Tables, state: State, block: BlockArrays, seed: np.uint64, replication: np.uint64) -> int:
    settle(tables, state, seed, replication)
    return OK if copy_outcome(0, tables, state, block) else LOG_FULL


@kernel
def look_again(now_s: float, tables: Tables, state: State) -> None:
    """Let each network decide now on every track that it may shoot at and has nothing in mind for."""
    for pair in range(state.pairs.shape[0]):
        known, threat = state.pairs[pair], state.threats[tables.pair_threat[pair]]
        idle = known.due_s == np.inf or (known.blocked == HELD_BY_RULES and known.shots == 0)
        if known.salvos == 0 and idle and known.engageable_s <= now_s and threat.end_s > now_s:
            decide_at(pair, now_s, state)
    review_fighters(now_s, tables, state)


def _checked(status: int) -> None:
    """Raise CapacityError if an array was too small: a fault of ours."""
    if status != OK:
        raise CapacityError(f"a stepped raid needs more room (status {status})")
