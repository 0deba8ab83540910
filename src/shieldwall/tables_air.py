"""What flies for the defence, computed once and only read; None in `Tables` where a scenario names no fighters.

Letters in shapes beside those of `tables`: J groups of aircraft, B aircraft, E armaments (a kind of round in a group),
K tankers, C threat classes, N path points. Positions are earth-centred metres at height zero; a distance is the
straight line between two of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Records = Any  # np.recarray of one of the dtypes below

_PLACE = ("f8", (3,))

# (J + 1,) base_target: the asset it stands on (-1: none that can be hit); sensor, tanker: -1 for none. A full tank
# carries `tank_m` metres in transit and `tank_s` seconds on station; reserve: share kept; landing_m: from the base to
# the alternate, kept too. lead_s: from the order (planned_s: from the planned take-off) to the orbit.
GROUP = np.dtype(
    [
        ("actor", "u8"),
        ("network", "i8"),
        ("fire_unit", "i8"),
        ("aircraft_first", "i8"),
        ("armament_first", "i8"),
        ("sensor", "i8"),
        ("tanker", "i8"),
        ("base_target", "i8"),
        ("home", *_PLACE),
        ("divert", *_PLACE),
        ("has_divert", "i8"),
        ("orbit_a", *_PLACE),
        ("orbit_b", *_PLACE),
        ("has_orbit", "i8"),
        ("speed_m_s", "f8"),
        ("tank_m", "f8"),
        ("tank_s", "f8"),
        ("reserve", "f8"),
        ("landing_m", "f8"),
        ("ready_s", "f8"),
        ("ready_spread_s", "f8"),
        ("turn_s", "f8"),
        ("turn_spread_s", "f8"),
        ("crews", "i8"),
        ("lead_s", "f8"),
        ("planned_s", "f8"),
        ("from_s", "f8"),
        ("to_s", "f8"),
        ("strength", "i8"),
        ("scramble", "i8"),
        ("identification_s", "f8"),
        ("loss_probability", "f8"),
        ("availability", "f8"),
        ("hold", "i8"),
    ]
)

# (B,) number: from 1 within its group.
AIRCRAFT = np.dtype([("actor", "u8"), ("group", "i8"), ("number", "i8")])

# (E,) weapon: its row in Tables.weapons; aboard: rounds of a full load.
ARMAMENT = np.dtype(
    [
        ("weapon", "i8"),
        ("aboard", "i8"),
        ("range_min_m", "f8"),
        ("speed_m_s", "f8"),
        ("reaction_s", "f8"),
        ("interval_s", "f8"),
    ]
)

# By path, then group: when a path may be shot at by a group (enter_s to leave_s after launch; enter_s inf: never, the
# row is only an alert), where it leaves, the network of the group, when it alerts the group (alert_s to calm_s; alert_s
# inf: it does not), and how long before `enter_s` an aircraft on the ground should be called.
REACH = np.dtype(
    [
        ("group", "i8"),
        ("network", "i8"),
        ("enter_s", "f8"),
        ("leave_s", "f8"),
        ("leave", *_PLACE),
        ("alert_s", "f8"),
        ("calm_s", "f8"),
        ("lead_s", "f8"),
    ]
)

# By path: stays in sight of the radar that a group lends to its network from its orbit. number: stays before it.
SIGHT = np.dtype([("group", "i8"), ("number", "i8"), ("enter_s", "f8"), ("leave_s", "f8")])

# (K,)
TANKER = np.dtype([("place", *_PLACE), ("from_s", "f8"), ("to_s", "f8"), ("refuel_s", "f8"), ("refuellings", "i8")])


class Legs(NamedTuple):
    """The paths along the ground: first (P + 1,), step_s (P,), ground_m (N, 3); top_m_s (P,): fastest leg of each."""

    first: NDArray[np.int64]
    step_s: NDArray[np.float64]
    ground_m: NDArray[np.float64]
    top_m_s: NDArray[np.float64]


class AirTables(NamedTuple):
    """All of it, by the dtypes above.

    reach_first, sight_first (P + 1,); kill_probability, range_m (E, C), 0 where a class cannot be shot at.
    """

    groups: Records
    aircraft: Records
    armament: Records
    reaches: Records
    reach_first: NDArray[np.int64]
    sights: Records
    sight_first: NDArray[np.int64]
    tankers: Records
    kill_probability: NDArray[np.float64]
    range_m: NDArray[np.float64]
    legs: Legs
