"""Attenuation by rain and air over frequency, and the range that is left."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from shieldwall.surveillance.attenuation import gas, rain_db_km, range_through_m


def draw() -> Figure:
    """Draw specific attenuation from 1 to 100 GHz, and the range left of 100 km in rain."""
    figure = Figure(figsize=(8.0, 3.0))
    specific, left = figure.subplots(1, 2)
    hertz = np.geomspace(1e9, 100e9, 300)
    for rate in (2.0, 10.0, 50.0):
        specific.loglog(hertz / 1e9, rain_db_km(rate, hertz), label=f"rain {rate:g} mm/h")
    air = gas(hertz)
    specific.loglog(hertz / 1e9, air.oxygen_db_km + air.water_db_km, color="grey", label="air, 7.5 g/m³")
    specific.set(xlabel="GHz", ylabel="dB/km, one way", ylim=(1e-3, 30.0))
    specific.legend(fontsize=7)
    rain = np.linspace(0.0, 50.0, 100)
    for ghz in (1.3, 3.0, 5.5, 9.5, 15.0):
        left.plot(rain, range_through_m(100e3, rain_db_km(rain, ghz * 1e9), 20e3) / 1e3, label=f"{ghz:g} GHz")
    left.set(xlabel="rain over 20 km, mm/h", ylabel="range left of 100 km", ylim=(0.0, 105.0))
    left.legend(fontsize=7)
    return figure
