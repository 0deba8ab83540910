"""What befell friendly and civil aircraft: they pass, or they are shot down by mistake.

Letters as in `row`; F flights.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Mistaken(IntEnum):
    """Why an aircraft of our own or a civil one was shot down. NONE for those that pass."""

    NONE = 0
    TAKEN_FOR_HOSTILE = 1
    NOT_IDENTIFIED = 2


@dataclass(frozen=True, slots=True)
class Traffic:
    """Rows (R, F), times in seconds after the scenario's start.

    start_s float64; path int64; first_track_s float64 (NaN = never), first_sensor int64 (-1 = none); rounds int64 fired
    at it; weapon int64 that shot last (-1 = none); shot_down bool; mistaken int8; end_s float64.
    """

    start_s: NDArray[np.float64]
    path: NDArray[np.int64]
    first_track_s: NDArray[np.float64]
    first_sensor: NDArray[np.int64]
    rounds: NDArray[np.int64]
    weapon: NDArray[np.int64]
    shot_down: NDArray[np.bool_]
    mistaken: NDArray[np.int8]
    end_s: NDArray[np.float64]
