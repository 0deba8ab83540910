"""Timetables: spells in which something is at work, and the next moment at which it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel


@kernel
def next_at_work_s(spells: NDArray[np.float64], first: int, last: int, time_s: float) -> float:
    """Return the first moment from `time_s` on that lies in one of the spells first..last-1; inf if none does.

    Parameters
    ----------
    spells : float64, shape (spells, 2): begin, and the end that no longer counts; in order of time
    """
    for i in range(first, last):
        if time_s < spells[i, 1]:
            return max(time_s, float(spells[i, 0]))
    return np.inf
