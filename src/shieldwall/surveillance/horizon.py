"""See as far as the Earth allows: the radio horizon over a smooth Earth with standard refraction.

The same functions serve numpy arrays and compiled kernels: `radar_horizon_m` takes floats or arrays that broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import njit

# Standard refraction bends radio waves as if the Earth were 4/3 as large (Recommendation ITU-R P.310, "effective
# Earth radius"); mean radius 6,371 km.
EFFECTIVE_EARTH = 4.0 / 3.0
EARTH_RADIUS_M = 6_371_000.0
HORIZON_ROOT = (2.0 * EFFECTIVE_EARTH * EARTH_RADIUS_M) ** 0.5


@njit(cache=True)
def radar_horizon_m(
    sensor_height_m: float | NDArray[np.float64], target_height_m: float | NDArray[np.float64]
) -> float | NDArray[np.float64]:
    """Return the ground range at which the 4/3 Earth hides a target, 4.12 km (sqrt h1 + sqrt h2) with h in metres.

    Parameters
    ----------
    sensor_height_m, target_height_m : float64, scalars or arrays that broadcast, metres above the ground (below 0: 0)

    Returns
    -------
    float64, broadcast shape, metres

    Limits
    ------
    Smooth Earth, no terrain, standard refraction; ducts over warm sea carry much further.

    References
    ----------
    ATIS Telecom Glossary, "radio horizon": 2.23 nautical miles a square root of a metre.
    """
    distance_m: float | NDArray[np.float64] = HORIZON_ROOT * (
        np.sqrt(np.maximum(sensor_height_m, 0.0)) + np.sqrt(np.maximum(target_height_m, 0.0))
    )
    return distance_m
