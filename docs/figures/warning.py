"""Warning of what flies low, from the horizon alone."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from shieldwall.core.orbit import Racetrack, on_racetrack
from shieldwall.core.position import Position
from shieldwall.surveillance.horizon import radar_horizon_m


def draw() -> Figure:
    """Draw minutes from the horizon to a radar by height flown, and the racetrack of an airborne radar."""
    figure = Figure(figsize=(8.0, 3.0))
    minutes, orbit = figure.subplots(1, 2)
    height_m = np.geomspace(20.0, 3_000.0, 200)
    for name, antenna_m in (("mast of 30 m", 30.0), ("hill of 300 m", 300.0), ("airborne, 9 km", 9_000.0)):
        minutes.semilogx(height_m, np.asarray(radar_horizon_m(antenna_m, height_m)) / 240.0 / 60.0, label=name)
    minutes.set(xlabel="height flown, m", ylabel="minutes at 240 m/s", title="from the horizon to the radar")
    minutes.legend(fontsize=7)
    track = Racetrack(Position(53.6, 23.0), 0.0, 120e3, 12e3, 200.0)
    there = on_racetrack(track, np.linspace(0.0, 1.0, 400))
    orbit.plot(there.longitude_deg, there.latitude_deg)
    at = on_racetrack(track, np.arange(32) / 32)
    orbit.plot(at.longitude_deg, at.latitude_deg, ".", label="phase variants")
    orbit.set(xlabel="degrees east", ylabel="degrees north", title="racetrack with its phase variants", aspect=1.7)
    orbit.set_xlim(22.5, 23.5)
    return figure
