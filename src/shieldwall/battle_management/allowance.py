"""How many shots a network may fire at a threat: doctrine's, and its share of them while some are cut off."""

from __future__ import annotations

from shieldwall.core.compiled import kernel, where_given
from shieldwall.state import State
from shieldwall.tables import Tables


@kernel
def _of_doctrine(pair: int, threat_class: int, now_s: float, tables: Tables, state: State) -> int:
    return int(tables.rules[threat_class].max_shots)


@where_given("structure", _of_doctrine)
def allowed_shots(pair: int, threat_class: int, now_s: float, tables: Tables, state: State) -> int:
    """Return how many shots there may be at a pair's threat, those that its network knows of included.

    While fire units in reach of the threat are led by different networks that belong under one node, each network has
    as large a share of the shots that were left at the cut as it has of those units, rounded down; at least a salvo.
    """
    rule, t = tables.rules[threat_class], tables.pair_threat[pair]
    g = tables.flights[state.threats[t].path].group_first + pair - tables.threats[t].pair_first
    own, everyone = 1, 1
    for i in range(tables.structure.share_first[g], tables.structure.share_first[g + 1]):
        share = tables.structure.shares[i]
        if share.from_s > now_s:
            break
        own, everyone = share.own, share.everyone
    if own >= everyone:
        return int(rule.max_shots)
    known = state.liaison[pair].shared
    left = max(rule.max_shots - known, 0)
    return int(known + min(max(left * own // everyone, rule.salvo), left))
