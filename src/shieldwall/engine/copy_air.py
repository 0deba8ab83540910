"""Copy what a replication leaves of the groups of aircraft."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import where_given
from shieldwall.state import State
from shieldwall.state_air import LOST
from shieldwall.tables import Tables

_HOUR_S = 3_600.0


def _copies_nothing(
    r: int, tables: Tables, state: State, left: NDArray[np.int64], lost: NDArray[np.int64], air: NDArray[np.float64]
) -> None:
    """Nothing flies for the defence."""


@where_given("air", _copies_nothing)
def copy_air(
    r: int, tables: Tables, state: State, left: NDArray[np.int64], lost: NDArray[np.int64], air: NDArray[np.float64]
) -> None:
    """Fill row r: rounds lost with aircraft (R, W), and what `results.row.AIR_COUNTS` names (R, J, AIR_COUNTS)."""
    for e in range(tables.air.armament.shape[0]):
        lost[r, tables.air.armament[e].weapon] += state.air.lost_rounds[e]
    for j in range(state.air.groups.shape[0]):
        count = state.air.groups[j]
        standing, fuel = 0, 0.0
        for b in range(tables.air.groups[j].aircraft_first, tables.air.groups[j + 1].aircraft_first):
            if state.air.aircraft[b].phase != LOST:
                standing += 1
                fuel += state.air.aircraft[b].fuel
        row = air[r, j]
        row[0] = count.scrambles
        row[1] = count.sorties
        row[2] = count.recovered
        row[3] = count.diverted
        row[4] = count.refuelled
        row[5] = count.lost_in_flight
        row[6] = count.lost_on_ground
        row[7] = count.unavailable
        row[8] = count.kills
        row[9] = standing
        row[10] = count.flying_s / _HOUR_S
        row[11] = count.station_s / _HOUR_S
        row[12] = count.burned
        row[13] = count.loaded
        row[14] = count.fuel_lost
        row[15] = fuel
