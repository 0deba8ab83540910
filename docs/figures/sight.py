"""The chance of a look by range, and what m of n makes of it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from shieldwall.surveillance.detection import at_least, detection_at_range
from shieldwall.surveillance.horizon import radar_horizon_m


def draw() -> Figure:
    """Draw chances for a radar published as 100 km at 0.8, and the horizon of three antennas."""
    figure = Figure(figsize=(8.0, 3.0))
    chance, horizon = figure.subplots(1, 2)
    range_km = np.linspace(20.0, 220.0, 300)
    look = detection_at_range(range_km * 1e3, 100e3, 0.8, 1e-6)
    chance.plot(range_km, look, label="one look (Swerling 1)")
    chance.plot(range_km, at_least(3, 5, look), label="3 of 5 looks")
    chance.axvline(100.0, color="grey", linestyle=":", label="published range")
    chance.set(xlabel="range, km", ylabel="chance", title="radar published as 0.8 at 100 km")
    chance.legend(fontsize=7)
    height_m = np.linspace(10.0, 1_000.0, 200)
    for antenna_m in (10.0, 30.0, 9_000.0):
        horizon.plot(
            np.asarray(radar_horizon_m(antenna_m, height_m)) / 1e3, height_m, label=f"antenna {antenna_m:,.0f} m"
        )
    horizon.set(xlabel="horizon, km", ylabel="target's height, m", title="4/3 Earth")
    horizon.legend(fontsize=7)
    return figure
