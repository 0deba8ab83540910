"""Call fighters: what a track that may be acted on puts on the agenda of the groups of its network."""

from __future__ import annotations

from shieldwall.core.compiled import where_given
from shieldwall.engine.agenda import ALERT, COMMIT, schedule
from shieldwall.state import State
from shieldwall.tables import Tables


def _calls_nobody(pair: int, network: int, t: int, tables: Tables, state: State) -> None:
    """Nobody flies."""


@where_given("air", _calls_nobody)
def call_fighters(pair: int, network: int, t: int, tables: Tables, state: State) -> None:
    """Put on the agenda when a track alerts the fighters of its network and when they should be sent against it."""
    threat, known = state.threats[t], state.pairs[pair]
    for row in range(tables.air.reach_first[threat.path], tables.air.reach_first[threat.path + 1]):
        reach = tables.air.reaches[row]
        if reach.network != network:
            continue
        alert_s = max(known.engageable_s, threat.start_s + reach.alert_s)
        if alert_s < min(threat.start_s + reach.calm_s, threat.end_s):
            schedule(state, alert_s, ALERT, pair, row)
        call_s = max(known.engageable_s, threat.start_s + reach.enter_s - reach.lead_s)
        if call_s < min(threat.start_s + reach.leave_s, threat.end_s):
            schedule(state, call_s, COMMIT, pair, row)
