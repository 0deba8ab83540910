"""The map of footprints: the ground that each fire unit protects against each type of threat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from shieldwall.core.geodesy import direct
from shieldwall.report.drawing import canvas
from shieldwall.report.outlines import draw_land
from shieldwall.report.palette import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILION
from shieldwall.scenario.types import Scenario
from shieldwall.study.footprint import Footprint

Float = NDArray[np.float64]
_WIDTH_IN, _HEIGHT_MOST_IN = 6.6, 6.2
_MARGIN_DEG = 1.0
_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)


def footprint_map(scenario: Scenario, found: Sequence[Footprint]) -> Figure:
    """Return a map with coasts, borders, assets, and the outline of every footprint, coloured by threat type.

    Parameters
    ----------
    scenario : of the footprints
    found : those that protect nothing are left out; over the antimeridian longitudes go on beyond 180

    Limits
    ------
    A footprint with gaps is drawn from its first to its last protected radius. Plate carree: not to scale far north.
    """
    middle = scenario.assets[0].position.longitude_deg
    kinds = sorted({one.threat_type for one in found})
    colour = {kind: _COLOURS[i % len(_COLOURS)] for i, kind in enumerate(kinds)}
    rings = [(one, _ring(one, middle)) for one in found if np.any(one.outer_m > 0.0)]
    places = np.array([(_east(a.position.longitude_deg, middle), a.position.latitude_deg) for a in scenario.assets])
    points = np.concatenate([places, *(ring for _, ring in rings)])
    (west, south), (east, north) = points.min(axis=0) - _MARGIN_DEG, points.max(axis=0) + _MARGIN_DEG
    stretch = 1.0 / np.cos(np.radians(0.5 * (south + north)))
    height_in = float(min(_HEIGHT_MOST_IN, _WIDTH_IN * stretch * (north - south) / (east - west) + 0.6))
    drawing, axes = canvas(height_in, width_in=_WIDTH_IN)
    draw_land(axes, west, south, east, north)
    for one, ring in rings:
        axes.fill(ring[:, 0], ring[:, 1], color=colour[one.threat_type], alpha=0.12, linewidth=0.0)
        axes.plot(ring[:, 0], ring[:, 1], color=colour[one.threat_type], linewidth=1.0)
    axes.plot(places[:, 0], places[:, 1], "s", color=INK, markersize=3.5)
    for (x, y), asset in zip(places, scenario.assets, strict=True):
        axes.annotate(asset.name, (x, y), xytext=(4, 3), textcoords="offset points", fontsize=6.8, color=INK)
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    axes.set_aspect(stretch, adjustable="box")
    handles = [Line2D([], [], color=colour[kind], label=kind) for kind in kinds]
    drawing.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=7.5, labelcolor=INK)
    return drawing


def _east(longitude_deg: float | Float, middle: float) -> Float:
    return np.asarray(middle + (longitude_deg - middle + 180.0) % 360.0 - 180.0)


def _ring(one: Footprint, middle: float) -> Float:
    """Return the outer line of a footprint as longitudes and latitudes, closed, (N + 1, 2)."""
    there = direct(one.position.latitude_deg, one.position.longitude_deg, one.bearing_deg, one.outer_m)
    ring = np.stack((_east(there.longitude_deg, middle), there.latitude_deg), axis=1)
    return np.concatenate((ring, ring[:1]))
