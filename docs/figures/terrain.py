"""How high a target must be behind a ridge."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from shieldwall.core.position import Position
from shieldwall.surveillance.elevation import Elevation
from shieldwall.surveillance.horizon import HORIZON_ROOT
from shieldwall.surveillance.terrain import horizon_mask, minimum_visible_altitude_m


def draw() -> Figure:
    """Draw ground, least visible altitude and smooth horizon east of a radar, over two invented ridges."""
    east = np.arange(721) / 600.0
    ridges = 300.0 * np.exp(-(((east - 0.35) / 0.05) ** 2)) + 700.0 * np.exp(-(((east - 0.8) / 0.06) ** 2))
    model = Elevation(
        np.tile((50.0 + ridges).astype(np.float32), (61, 1)), 0.05, 0.0, 1.0 / 600.0, 1.0 / 600.0, "ridges"
    )
    mask = horizon_mask(model, Position(0.0, 0.02, 20.0), range_m=125e3, missing_is_sea=True)
    range_m = np.linspace(1e3, 125e3, 500)
    least_m = minimum_visible_altitude_m(mask, 90.0, range_m)
    figure = Figure(figsize=(8.0, 2.8))
    axes = figure.subplots()
    axes.fill_between(
        range_m / 1e3, np.interp(0.02 + range_m / 111_195.0, east, 50.0 + ridges), color="tan", label="ground"
    )
    axes.plot(range_m / 1e3, least_m, label="least altitude that is seen")
    smooth = np.maximum(range_m - HORIZON_ROOT * 70.0**0.5, 0.0) / HORIZON_ROOT
    axes.plot(range_m / 1e3, smooth**2, linestyle=":", color="grey", label="smooth Earth")
    axes.set(xlabel="distance, km", ylabel="altitude, m", ylim=(0.0, 2_500.0))
    axes.legend(fontsize=7)
    return figure
