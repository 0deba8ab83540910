"""The coarse relief that the package carries: ETOPO5 from 30 to 75 degrees north, 15 west to 60 east.

Values every 5 arcminutes (9 km north to south), metres; the sea is 0. They are point values smoothed over a cell, so
ridges are cut down by hundreds of metres: good for coarse horizons, for nothing finer.

References
----------
National Geophysical Data Center 1988, "Data Announcement 88-MGG-02, Digital relief of the Surface of the Earth",
NOAA, Boulder (ETOPO5): a work of the United States' government, in the public domain.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np

from shieldwall.surveillance.elevation import Elevation, checked

NAME = "coarse relief (ETOPO5, 5 arcminutes)"
NOTE = "Ground: coarse relief (ETOPO5, 5 arcminutes), for coarse horizons only; it hides too little behind ridges."


@lru_cache(maxsize=1)
def coarse_relief() -> Elevation:
    """Return the relief of Europe and the lands around it."""
    with files("shieldwall.surveillance").joinpath("data/relief_5min.npz").open("rb") as file, np.load(file) as data:
        step = float(data["step_deg"])
        height_m = data["height_m"].astype(np.float32)
        return checked(Elevation(height_m, float(data["north_deg"]), float(data["west_deg"]), step, step, NAME))
