"""Play one raid that stops wherever its rule asks what to fire: for rule `exact`, whose answers come from Python."""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.plan_search import solve_plan
from shieldwall.core.compiled import entry
from shieldwall.engine.loop import begin, go_on
from shieldwall.engine.shooting import carry_out
from shieldwall.state import OK, PLAN_NOW, STATUS, State
from shieldwall.tables import Tables


@entry
def start(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> int:
    """Play until the first question; return the status: ASKED, OK at the end, or the array that was too small."""
    begin(tables, state, seed, replication, None, 0)
    go_on(tables, state, seed, replication)
    return int(state.used[STATUS])


@entry
def propose(tables: Tables, state: State) -> None:
    """Let rule `rolling` fill in the plan that was asked for."""
    solve_plan(tables, state.plan)


@entry
def proceed(tables: Tables, state: State, seed: np.uint64, replication: np.uint64) -> int:
    """Carry out the plan that stands in the state and play until the next question; return the status."""
    state.used[STATUS] = OK
    carry_out(state.plan.moment[PLAN_NOW], tables, state)
    go_on(tables, state, seed, replication)
    return int(state.used[STATUS])
