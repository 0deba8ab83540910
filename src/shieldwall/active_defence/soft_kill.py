"""Soft kill: jamming and spoofing as a hazard over the time that a threat spends in a zone."""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel
from shieldwall.core.random import SOFT_KILL, draw, pair_actor
from shieldwall.tables import Records


@kernel
def suppression(
    first: int,
    last: int,
    start_s: float,
    actor: np.uint64,
    zone_stays: Records,
    seed: np.uint64,
    replication: np.uint64,
) -> tuple[float, int]:
    """Return when, and in which zone, a threat is first suppressed on its stays first..last-1; (inf, -1) if never.

    In a zone with hazard r a threat survives a stay of t seconds with probability exp(-r t); zones act independently.
    """
    best_s = np.inf
    best = -1
    for k in range(first, last):
        stay = zone_stays[k]
        enter_s = start_s + stay.enter_s
        if enter_s >= best_s:
            continue
        u = draw(seed, replication, SOFT_KILL, pair_actor(actor, stay.actor), np.uint64(stay.number))
        when_s = enter_s - np.log(u.a) / stay.hazard_per_s
        if when_s < best_s and when_s <= start_s + stay.leave_s:
            best_s = when_s
            best = stay.zone
    return best_s, best
