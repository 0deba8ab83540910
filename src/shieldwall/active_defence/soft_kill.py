"""Soft kill: jamming and spoofing as a hazard over the time that a threat spends in a zone."""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.core.random import SOFT_KILL, draw, pair_actor
from shieldwall.tables import Zones


@njit(cache=True)
def suppression(
    first: int, last: int, start_s: float, actor: np.uint64, zones: Zones, seed: np.uint64, replication: np.uint64
) -> tuple[float, int]:
    """Return when, and in which zone, a threat is first suppressed on its stays first..last-1; (inf, -1) if never.

    In a zone with hazard r a threat survives a stay of t seconds with probability exp(-r t); zones act independently.
    """
    best_s = np.inf
    best = -1
    for stay in range(first, last):
        enter_s = start_s + zones.enter_s[stay]
        if enter_s >= best_s:
            continue
        u = draw(seed, replication, SOFT_KILL, pair_actor(actor, zones.actor[stay]), np.uint64(zones.stay[stay]))
        when_s = enter_s - np.log(u.a) / zones.hazard_per_s[stay]
        if when_s < best_s and when_s <= start_s + zones.leave_s[stay]:
            best_s = when_s
            best = zones.zone[stay]
    return best_s, best
