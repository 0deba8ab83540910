"""The queue of tracks before a command node with a limited number of operators."""

from __future__ import annotations

from shieldwall.core.compiled import kernel
from shieldwall.state import State
from shieldwall.tables import Tables


@kernel
def join(pair: int, n: int, tables: Tables, state: State) -> bool:
    """Put a track at the end of the queue of network n; False if there is no place in it."""
    network, desk = tables.networks[n], state.desks[n]
    if network.room >= 0 and desk.busy + desk.waiting >= network.operators + network.room:
        return False
    state.liaison[pair].next = -1
    if desk.waiting == 0:
        desk.first = pair
    else:
        state.liaison[desk.last].next = pair
    desk.last = pair
    desk.waiting += 1
    return True


@kernel
def take(n: int, now_s: float, tables: Tables, state: State) -> int:
    """Take the next track from the queue of network n: -1 if there is none. Threats that have ended are dropped.

    The first to come, or by value: the one with the most value at risk, ties to the first to come.
    """
    best, best_before, best_value = -1, -1, -1.0
    before, pair = -1, state.desks[n].first
    while pair >= 0:
        after, threat = state.liaison[pair].next, state.threats[tables.pair_threat[pair]]
        if threat.end_s <= now_s:
            _remove(n, before, pair, state)
            pair = after
            continue
        value = tables.flights[threat.path].value_at_risk
        if value > best_value:
            best, best_before, best_value = pair, before, value
        if not tables.networks[n].by_value:
            break
        before, pair = pair, after
    if best >= 0:
        _remove(n, best_before, best, state)
    return best


@kernel
def _remove(n: int, before: int, pair: int, state: State) -> None:
    """Take `pair`, which stands behind `before` (-1: first), out of the queue of network n."""
    desk, after = state.desks[n], state.liaison[pair].next
    if before < 0:
        desk.first = after
    else:
        state.liaison[before].next = after
    if desk.last == pair:
        desk.last = before
    desk.waiting -= 1
