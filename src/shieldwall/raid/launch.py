"""Launch: what one replication decides about a threat before anyone sees it."""

from __future__ import annotations

import numpy as np

from shieldwall.core.compiled import kernel
from shieldwall.core.random import FAILURE, LAUNCH, draw
from shieldwall.state import ABORTED, ARRIVES, FAILED
from shieldwall.tables import EQUAL, NORMAL, POISSON, UNIFORM, Records

_TWO_PI = 2.0 * np.pi


@kernel
def launch_salvo(
    s: int,
    flying: int,
    threats: Records,
    salvos: Records,
    flights: Records,
    state: Records,
    seed: np.uint64,
    replication: np.uint64,
) -> None:
    """Draw path, start, decoy and mechanical failure of every threat of salvo s, and so its end if nobody acts.

    A threat that fails does so at a uniformly drawn moment of its flight; one that aborts never leaves. A decoy
    that is not stopped ends as `failed` at the end of its path: it carries nothing, and reports count it as lost by
    itself.

    Parameters
    ----------
    flying : how many of the salvo take part, the first of them; the others abort before they leave
    threats, salvos, flights : records of tables.THREAT, SALVO, FLIGHT
    state : records of state.THREAT_STATE, written
    """
    salvo = salvos[s]
    first = salvo.threat_first
    arrival_s = salvo.time_s
    for number in range(salvos[s + 1].threat_first - first):
        t = first + number
        threat = state[t]
        u = draw(seed, replication, LAUNCH, threats[t].actor, np.uint64(0))
        path = _path(u.a, salvo.path_first, salvos[s + 1].path_first - 1, flights)
        duration_s = flights[path].duration_s
        arrival_s = _moment_s(salvo, number, max(flying, 1), arrival_s, u.b, u.c)
        start_s = arrival_s - duration_s if salvo.time_on_target else arrival_s
        threat.path = path
        threat.start_s = start_s
        threat.decoy = 1 if u.d < salvo.decoy_share else 0
        f = draw(seed, replication, FAILURE, threats[t].actor, np.uint64(0))
        if number >= flying or f.a < salvo.abort_share:
            threat.end = ABORTED
            threat.end_s = start_s
        elif f.b < salvo.failure_probability:
            threat.end = FAILED
            threat.end_s = start_s + f.c * duration_s
        else:
            threat.end = FAILED if threat.decoy else ARRIVES
            threat.end_s = start_s + duration_s


@kernel
def _path(u: float, low: int, high: int, flights: Records) -> int:
    """Return the path from low to high that a uniform number picks."""
    while low < high:
        middle = (low + high) >> 1
        if u < flights[middle].cumulative:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def _moment_s(salvo: Records, number: int, count: int, before_s: float, u: float, v: float) -> float:
    """Return when the number-th of `count` threats starts (or arrives), given the one before it."""
    timing = salvo.timing
    if timing == UNIFORM:
        return salvo.time_s + salvo.spread_s * u
    if timing == NORMAL:
        return salvo.time_s + salvo.spread_s * np.sqrt(-2.0 * np.log(u)) * np.cos(_TWO_PI * v)
    if timing == POISSON:
        return before_s - np.log(u) * salvo.spread_s / count
    return salvo.time_s + salvo.spread_s * (number + 0.5) / count if timing == EQUAL else salvo.time_s
