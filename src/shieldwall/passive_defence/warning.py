"""Warning: from a track to an alert, and how long before each impact the people under it were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Scope = Literal["asset", "all"]


@dataclass(frozen=True, slots=True)
class AlertSystem:
    """How people are told. An alert is on from its broadcast until `hold_s` after the last threat it was for has ended.

    latency_s : mean time from the first track to the decision, exponential
    broadcast_s : time from the decision until it is heard, constant
    reached_day, reached_night : share of the people who hear it, by day and in the band `night` of shelter.BANDS
    scope : an alert is for the asset that the threat flies at ("asset"), or for every asset ("all")
    """

    id: str
    latency_s: float
    broadcast_s: float
    hold_s: float
    reached_day: float
    reached_night: float
    scope: Scope


def alert_times_s(track_s: Float, u: Float, system: AlertSystem) -> Float:
    """Return when an alert for each track is heard, float64 (N,): track + exponential latency + broadcast.

    Parameters
    ----------
    track_s : float64 (N,), first tracks, NaN for never
    u : float64 (N,), uniforms
    """
    return track_s - system.latency_s * np.log(u) + system.broadcast_s


def warning_times_s(
    group: Int, alert_s: Float, end_s: Float, hold_s: float, impact_group: Int, impact_s: Float
) -> Float:
    """Return how long before each impact an alert had been on without a break, float64 (I,), 0 for none.

    Parameters
    ----------
    group : int64 (N,), who is told by each alert: one number for each replication and place
    alert_s, end_s : float64 (N,), from when the alert of each threat is heard, and when that threat has ended; alerts
        that would come later than the end are not given, NaN ones neither
    impact_group, impact_s : (I,), where and when the impacts are

    Notes
    -----
    Alerts [alert, end + hold] of one group that overlap are one alert. Sorting and one running maximum; ranks in place
    of times keep the maximum exact within a group.
    """
    given = alert_s < end_s
    group, alert_s, until_s = group[given], alert_s[given], end_s[given] + hold_s
    if group.size == 0 or impact_group.size == 0:
        return np.zeros(impact_group.size)
    order = np.lexsort((alert_s, group))
    group, alert_s, until_s = group[order], alert_s[order], until_s[order]
    by_end = np.argsort(until_s, kind="stable")
    rank = np.empty_like(by_end)
    rank[by_end] = np.arange(by_end.size)
    latest_s = until_s[by_end[np.maximum.accumulate(group * by_end.size + rank) % by_end.size]]
    begins = np.ones(group.size, bool)
    begins[1:] = (group[1:] != group[:-1]) | (alert_s[1:] > latest_s[:-1])
    since_s = alert_s[np.maximum.accumulate(np.where(begins, np.arange(group.size), 0))]
    last = _last_before(group, alert_s, impact_group, impact_s)
    found = np.maximum(last, 0)
    warned = (last >= 0) & (group[found] == impact_group) & (latest_s[found] >= impact_s)
    return np.where(warned, impact_s - since_s[found], 0.0)


def _last_before(group: Int, time_s: Float, of_group: Int, at_s: Float) -> Int:
    """Return the last of the sorted rows (group, time) that is not behind each (of_group, at), -1 for none."""
    n = group.size
    order = np.lexsort((np.concatenate([np.zeros(n), np.ones(at_s.size)]), np.concatenate([time_s, at_s]),
                        np.concatenate([group, of_group])))  # fmt: skip
    seen = np.maximum.accumulate(np.where(order < n, order, -1))
    last = np.empty(at_s.size, np.int64)
    asked = order >= n
    last[order[asked] - n] = seen[asked]
    return last
