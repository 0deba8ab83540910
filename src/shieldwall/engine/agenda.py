"""The raid's agenda: the kinds of events, and how they get on the queue."""

from __future__ import annotations

from shieldwall.core.compiled import kernel
from shieldwall.core.event_queue import push
from shieldwall.state import QUEUE_FULL, STATUS, State
from shieldwall.state_air import Wing

# Kinds of events; at the same moment the lower comes first.
MEETING, IMPACT, RELOAD, HANDOVER, SERVED, ARRIVAL, DECISION, REPORT = range(8)
# Those of what flies for the defence; state_air.AIRCRAFT is 21.
ROUND_MEETS, ALERT, COMMIT, SEEN, PATROL, REVIEW = 20, 22, 23, 24, 25, 26


@kernel
def decide_at(pair: int, time_s: float, state: State) -> None:
    """Let the pair's network decide at a moment, instead of at any other that it had in mind."""
    state.pairs[pair].due_s = time_s
    schedule(state, time_s, DECISION, pair, 0)


@kernel
def schedule(state: State | Wing, time_s: float, kind: int, first: int, second: int) -> None:
    """Put an event on the queue; a full queue ends the replication."""
    if not push(state.queue, time_s, kind, first, second):
        state.used[STATUS] = QUEUE_FULL
