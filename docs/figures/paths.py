"""Heights along the ways of ballistic and gliding missiles."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from shieldwall.raid.boosted import Boost, fly_boosted
from shieldwall.raid.flight import FlightFigures
from shieldwall.raid.glide import profile, timing
from shieldwall.raid.shape import full_energy_apogee_m


def draw() -> Figure:
    """Draw three arcs over 6,500 km, and a glide over the same distance."""
    figure = Figure(figsize=(8.0, 3.0))
    arcs, glide = figure.subplots(1, 2)
    boost = Boost(300.0, 5_000.0)
    lofted = float(full_energy_apogee_m(6.5e6, 9e6, lofted=True))
    for name, apogee_m in (("lofted", lofted), ("least energy", 0.0), ("depressed", 700e3)):
        flight = fly_boosted(6.5e6, apogee_m, boost, latitude_deg=52.0, azimuth_deg=310.0)
        label = f"{name}, {flight.time_s[-1] / 60.0:.0f} min"
        arcs.plot(flight.ground_m / 1e6, flight.height_m / 1e3, label=label)
    arcs.set(xlabel="over the ground, 1,000 km", ylabel="height, km", title="boosted arcs")
    arcs.legend(fontsize=7)
    one = np.ones(1)
    figures = FlightFigures(
        5e6 * one, 6e3 * one, 50e3 * one, 0 * one, 80e3 * one, 0 * one, 200 * one, 6_800 * one, 2.6 * one
    )
    share = np.linspace(0.0, 1.0, 600)
    where = profile(figures, np.zeros(600, np.int64), share)
    time_s = share * timing(figures).duration_s[0]
    glide.plot(where.ground_m / 1e6, where.height_m / 1e3, color="C3", label="height, km")
    glide.plot(
        where.ground_m[1:] / 1e6,
        np.diff(where.ground_m) / np.diff(time_s) / 100.0,
        color="C4",
        label="ground speed, 100 m/s",
    )
    glide.set(xlabel="over the ground, 1,000 km", title="boost and equilibrium glide")
    glide.legend(fontsize=7)
    return figure
