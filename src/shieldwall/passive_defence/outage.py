"""Outage: what a service did not deliver, from when parts went down and when they were repaired."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.passive_defence.network import Service, delivered

Float = NDArray[np.float64]
_HOUR_S = 3_600.0


def service_lost(service: Service, down_s: Float, up_s: Float, until_s: Float) -> tuple[Float, Float]:
    """Return (lost, short): what was not delivered, in unit-hours, and for how many hours less than all was; (R,) each.

    Parameters
    ----------
    down_s, up_s : float64 (R, parts), when each part went down and was repaired, inf for never
    until_s : float64 (R,), up to when it is counted

    Notes
    -----
    Between two moments nothing changes, so the integral over time is a sum over states.
    """
    replications, parts = down_s.shape
    moment = np.minimum(np.concatenate([down_s, up_s], axis=1), until_s[:, None])
    order = np.argsort(moment, axis=1, kind="stable")
    moment = np.take_along_axis(moment, order, axis=1)
    lasting = np.diff(moment, axis=1, append=until_s[:, None]) / _HOUR_S
    up = np.ones((replications, parts), bool)
    lost, short = np.zeros(replications), np.zeros(replications)
    whole = float(delivered(service, np.ones((1, parts), bool))[0])
    rows = np.arange(replications)
    for place in range(2 * parts):
        changed = order[:, place]
        up[rows, changed % parts] = changed >= parts
        missing = np.where(lasting[:, place] > 0.0, whole - delivered(service, up), 0.0)
        lost += missing * lasting[:, place]
        short += (missing > 0.0) * lasting[:, place]
    return lost, short
