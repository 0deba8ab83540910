"""Dispersal: one asset as several aim points, so that a hit takes only what stands there."""

from __future__ import annotations

import numpy as np

from shieldwall.core.position import Position

_METRES_A_DEGREE = 111_195.0  # of latitude on a sphere of the Earth's mean radius; places are kilometres apart


def ring(centre: Position, number: int, apart_m: float, *, phase: float = 0.0) -> tuple[Position, ...]:
    """Return places evenly on a circle of radius `apart_m` around a centre, the first in the north (phase 0).

    Parameters
    ----------
    phase : share of the step between two places by which all are turned, so that two rings do not coincide
    """
    turn = 2.0 * np.pi * (np.arange(number) + phase) / max(number, 1)
    north = apart_m * np.cos(turn) / _METRES_A_DEGREE
    east = apart_m * np.sin(turn) / (_METRES_A_DEGREE * np.cos(np.radians(centre.latitude_deg)))
    return tuple(
        Position(centre.latitude_deg + float(n), centre.longitude_deg + float(e), centre.height_m)
        for n, e in zip(north, east, strict=True)
    )
