"""What a profile of flight is given and gives: the arrays that every kind of path shares.

Letters: P flights, N points of all flights together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


class FlightFigures(NamedTuple):
    """The figures of P flights of one kind, each (P,); lengths in metres, speed in metres a second.

    `distance_m` along the ground from launch to impact, `start_height_m` of the launcher (0 on the ground, an
    aircraft's height in the air); the others are those of `ThreatType`, `apogee_m` that of the arc chosen.
    """

    distance_m: Float
    speed_m_s: Float
    height_m: Float
    apogee_m: Float
    dive_m: Float
    start_height_m: Float
    burn_s: Float
    glide_speed_m_s: Float
    lift_to_drag: Float


class Timing(NamedTuple):
    """How long each flight lasts, (P,) seconds, and the greatest speed that spaces its points, (P,) metres a second."""

    duration_s: Float
    top_speed_m_s: Float


class Profile(NamedTuple):
    """Where flights are: (N,) metres along the ground from launch, (N,) metres above the ground."""

    ground_m: Float
    height_m: Float
