"""Repair: what is down waits for a crew and a spare, first come, first served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RepairKind:
    """How long one crew works on something that is lost whole: log-normal of mean `mean_s`, spread of the logarithm.

    `spare_lead_s` is how long a part beyond the stock of `spares` takes to come.
    """

    id: str
    mean_s: float
    spread: float
    spare_lead_s: float
    spares: int


@dataclass(frozen=True, slots=True)
class Repairs:
    """Crews and how far ahead service lost is counted; `kinds` by id."""

    crews: int
    horizon_s: float
    kinds: Mapping[str, RepairKind]


def repair_durations_s(mean_s: Float, spread: Float, lost: Float, u: Float) -> Float:
    """Return working times, (...): log-normal of mean `mean_s` x share lost.

    exp(spread z - spread^2 / 2) has mean 1; z is the normal quantile of u.
    """
    from scipy.special import ndtri  # noqa: PLC0415  only where something is repaired

    return np.asarray(mean_s * lost * np.exp(spread * ndtri(u) - 0.5 * spread**2))


def spares_ready_s(down_s: Float, begin_s: Float, kind: Int, spares: Int, lead_s: Float) -> Float:
    """Return from when each part has its spare, float64 (R, P), seconds; inf for parts that are not down.

    The first `spares[k]` parts of a kind that went down take them from stock and can be begun at `begin_s`; each
    further one waits `lead_s[k]` from when it went down.

    Parameters
    ----------
    down_s : float64 (R, P), when each part went down, inf for never
    begin_s : float64 (R,), when work may begin
    kind : int64 (P,), kind of repair of each part
    """
    ready = np.where(np.isinf(down_s), np.inf, np.maximum(down_s, begin_s[:, None]))
    for k in np.unique(kind):
        own = np.flatnonzero(kind == k)
        order = np.argsort(down_s[:, own], axis=1, kind="stable")
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.broadcast_to(np.arange(own.size), order.shape), axis=1)
        late = place >= spares[k]
        ready[:, own] = np.where(late, np.maximum(ready[:, own], down_s[:, own] + lead_s[k]), ready[:, own])
    return ready


def repaired_s(ready_s: Float, duration_s: Float, crews: int) -> Float:
    """Return when each job is done by `crews` equal crews, first come, first served, float64 (R, P); inf for no job.

    Parameters
    ----------
    ready_s : float64 (R, P), when each job may be begun, inf for none; ties go to the lower place
    duration_s : float64 (R, P)
    """
    done = np.full(ready_s.shape, np.inf)
    free_s = np.zeros((ready_s.shape[0], crews))
    order = np.argsort(ready_s, axis=1, kind="stable")
    rows = np.arange(ready_s.shape[0])
    for place in range(ready_s.shape[1]):
        job = order[:, place]
        begin = ready_s[rows, job]
        if not np.isfinite(begin).any():
            break
        done[rows, job] = work(free_s, begin, duration_s[rows, job])
    return done


def work(free_s: Float, begin_s: Float, duration_s: Float) -> Float:
    """Let the crew that is free first take one job in each row; return when it is done, float64 (R,), inf for no job.

    Parameters
    ----------
    free_s : float64 (R, crews), from when each crew is free; changed
    begin_s : float64 (R,), when the job may be begun, inf for none; not before that of an earlier call
    """
    rows = np.arange(free_s.shape[0])
    crew = np.argmin(free_s, axis=1)
    end: Float = np.maximum(begin_s, free_s[rows, crew]) + duration_s
    free_s[rows, crew] = np.where(np.isfinite(begin_s), end, free_s[rows, crew])
    return end
