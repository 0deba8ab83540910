"""Launch: what one replication decides about a threat before anyone sees it."""

from __future__ import annotations

import numpy as np
from numba import njit

from shieldwall.core.random import FAILURE, LAUNCH, draw
from shieldwall.state import ABORTED, ARRIVES, FAILED, ThreatState
from shieldwall.tables import EQUAL, NORMAL, POISSON, UNIFORM, Flights, Salvos, Threats

_TWO_PI = 2.0 * np.pi


@njit(cache=True)
def launch_salvo(
    s: int,
    threats: Threats,
    salvos: Salvos,
    flights: Flights,
    state: ThreatState,
    seed: np.uint64,
    replication: np.uint64,
) -> None:
    """Draw path, start, decoy and mechanical failure of every threat of salvo s, and so its end if nobody acts.

    A threat that fails does so at a uniformly drawn moment of its flight; one that aborts never leaves. A decoy that is not
    stopped ends as `failed` at the end of its path: it carries nothing, and reports count it as lost by itself.
    """
    first, last = salvos.threat_first[s], salvos.threat_first[s + 1]
    arrival_s = salvos.time_s[s]
    for t in range(first, last):
        u = draw(seed, replication, LAUNCH, threats.actor[t], np.uint64(0))
        path = _path(u.a, s, salvos, flights)
        duration_s = flights.duration_s[path]
        arrival_s = _moment_s(s, t - first, last - first, arrival_s, u.b, u.c, salvos)
        start_s = arrival_s - duration_s if salvos.time_on_target[s] else arrival_s
        state.path[t] = path
        state.start_s[t] = start_s
        state.decoy[t] = 1 if u.d < salvos.decoy_share[s] else 0
        f = draw(seed, replication, FAILURE, threats.actor[t], np.uint64(0))
        if f.a < salvos.abort_share[s]:
            state.end[t] = ABORTED
            state.end_s[t] = start_s
        elif f.b < salvos.failure_probability[s]:
            state.end[t] = FAILED
            state.end_s[t] = start_s + f.c * duration_s
        else:
            state.end[t] = FAILED if state.decoy[t] else ARRIVES
            state.end_s[t] = start_s + duration_s


@njit(cache=True)
def _path(u: float, s: int, salvos: Salvos, flights: Flights) -> int:
    """Return the path that a uniform number picks."""
    low, high = salvos.path_first[s], salvos.path_first[s + 1] - 1
    while low < high:
        middle = (low + high) >> 1
        if u < flights.cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True)
def _moment_s(s: int, number: int, count: int, before_s: float, u: float, v: float, salvos: Salvos) -> float:
    """Return when the number-th of `count` threats starts (or arrives), given the one before it."""
    time_s, spread_s = salvos.time_s[s], salvos.spread_s[s]
    timing = salvos.timing[s]
    if timing == UNIFORM:
        return time_s + spread_s * u
    if timing == NORMAL:
        return time_s + spread_s * np.sqrt(-2.0 * np.log(u)) * np.cos(_TWO_PI * v)
    if timing == POISSON:
        return before_s - np.log(u) * spread_s / count
    return time_s + spread_s * (number + 0.5) / count if timing == EQUAL else time_s
