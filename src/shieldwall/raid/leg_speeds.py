"""Fly each leg between way-points at its own speed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shieldwall.raid.flight import Float, Int, Timing
from shieldwall.raid.plan import Plan
from shieldwall.raid.salvo import Salvo


class LegSpeeds:
    """When each path with leg speeds passes its way-points: seconds and metres along the ground, by path."""

    def __init__(self, salvos: Sequence[Salvo], plan: Plan) -> None:
        self.time_s: dict[int, Float] = {}
        self.ground_m: dict[int, Float] = {}
        self.fastest_m_s: dict[int, float] = {}
        length_m = plan.legs.course_length_m()
        for p in np.flatnonzero(np.array([bool(salvo.leg_speed_m_s) for salvo in salvos], bool)[plan.salvo]).tolist():
            speed = np.array(salvos[plan.salvo[p]].leg_speed_m_s)
            legs = plan.straight.length_m[plan.straight.ptr[p] : plan.straight.ptr[p + 1]]
            flown = legs * (length_m[p] / legs.sum())  # a bow lengthens all legs alike
            self.time_s[p] = np.concatenate(([0.0], np.cumsum(flown / speed)))
            self.ground_m[p] = np.concatenate(([0.0], np.cumsum(flown)))
            self.fastest_m_s[p] = float(speed.max())

    def set_timing(self, timing: Timing) -> None:
        """Write durations and greatest speeds of the paths that have leg speeds."""
        for p, time_s in self.time_s.items():
            timing.duration_s[p], timing.top_speed_m_s[p] = time_s[-1], self.fastest_m_s[p]

    def share_flown(self, path: Int, fraction: Float) -> Float:
        """Return the share of the way flown at a share of the duration, (N,); `path` in rising order."""
        share = fraction.copy()
        for p, time_s in self.time_s.items():
            own = slice(*np.searchsorted(path, (p, p + 1)))
            share[own] = np.interp(fraction[own] * time_s[-1], time_s, self.ground_m[p]) / self.ground_m[p][-1]
        return share
