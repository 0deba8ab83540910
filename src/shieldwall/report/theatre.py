"""The map of a run: where threats came from, what defended, where they got through."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from shieldwall.battle_management.airspace import outline_deg
from shieldwall.core.position import Position
from shieldwall.engine.roster import in_order, targets_of
from shieldwall.raid.paths import build_paths
from shieldwall.report.drawing import canvas
from shieldwall.report.outlines import draw_land
from shieldwall.report.palette import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION
from shieldwall.results.results import Results
from shieldwall.scenario.types import Scenario

Float = NDArray[np.float64]
_WIDTH_IN, _HEIGHT_MOST_IN = 6.6, 6.2
_NAMES_AT_MOST = 12
_NAME_PT = 6.8
_PATHS_A_TYPE = 120
_DASHES = (0, (5, 3))
_ZONES = {"fighter": "FEZ", "missile": "MEZ", "joint": "JEZ", "corridor": "corridor"}
_PATH_COLOURS = (ORANGE, PURPLE, GREY, SKY, GREEN, BLUE)


def theatre(results: Results, scenario: Scenario) -> Figure:
    """Return a map with coasts and borders, paths by type, assets, fire units, sensors, and hits by place.

    Parameters
    ----------
    results : of the run
    scenario : the run's, as `shieldwall.load` gives it; a results folder does not hold positions
    """
    ordered = in_order(scenario)
    lines = _paths(ordered)
    places = _middle(np.array([_lon_lat(target.position) for target in targets_of(ordered)]).reshape(-1, 2))
    west, south, east, north = _box([places, *(line for group in lines.values() for line in group)])
    stretch = 1.0 / np.cos(np.radians((south + north) / 2))
    height_in = min(_HEIGHT_MOST_IN, _WIDTH_IN * (north - south) * stretch / (east - west)) + 0.55
    drawing, axes = canvas(height_in, width_in=_WIDTH_IN)
    draw_land(axes, west, south, east, north)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    handles = _draw_airspace(axes, ordered)
    handles += _draw_paths(axes, lines)
    handles += _draw_defence(axes, ordered)
    handles += _draw_assets(axes, results, ordered)
    axes.set_aspect(stretch, adjustable="box")
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(True)
    drawing.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=7.5, labelcolor=INK,
                   handlelength=1.4, columnspacing=1.2, handletextpad=0.5)  # fmt: skip
    return drawing


def _lon_lat(position: Position) -> tuple[float, float]:
    return position.longitude_deg, position.latitude_deg


def _middle(points: Float) -> Float:
    """Return points with longitudes that do not jump at the antimeridian."""
    if points.shape[0] == 0:
        return points
    x = points[:, 0]
    if x.max() - x.min() > 180.0:
        x = np.where(x < 0.0, x + 360.0, x)
    return np.column_stack((x, points[:, 1]))


def _paths(ordered: Scenario) -> dict[str, list[Float]]:
    """Return some paths of each threat type as lines of (longitude, latitude), spread evenly over all of its."""
    paths = build_paths(ordered.salvos, [(target.id, target.position) for target in targets_of(ordered)])
    kinds = np.array([salvo.type.name for salvo in ordered.salvos])[paths.salvo]
    found: dict[str, list[Float]] = {}
    for name in dict.fromkeys(kinds.tolist()):
        own = np.flatnonzero(kinds == name)
        chosen = own[np.unique(np.linspace(0, own.size - 1, min(own.size, _PATHS_A_TYPE)).astype(int))]
        found[name] = [_middle(_thin(paths.longitude_deg, paths.latitude_deg, paths.ptr, p)) for p in chosen]
    return found


def _thin(longitude: Float, latitude: Float, ptr: NDArray[np.int64], path: int) -> Float:
    points = np.arange(ptr[path], ptr[path + 1])
    few = points[np.unique(np.linspace(0, points.size - 1, 24).astype(int))]
    return np.column_stack((longitude[few], latitude[few]))


def _box(lines: Iterable[Float]) -> tuple[float, float, float, float]:
    """Return west, south, east, north around all points with a margin, from 1.45 to 2 times as wide as high."""
    points = np.concatenate([line for line in lines if line.size])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    stretch = 1.0 / np.cos(np.radians((south + north) / 2))
    wide, high = max(east - west, 0.4), max(north - south, 0.2)
    wide, high = max(wide, 1.45 * high * stretch), max(high, 0.5 * wide / stretch)
    x, y = (west + east) / 2, (south + north) / 2
    return x - 0.54 * wide, max(-89.0, y - 0.54 * high), x + 0.54 * wide, min(89.0, y + 0.54 * high)


def _draw_airspace(axes: Axes, ordered: Scenario) -> list[Line2D]:
    """Draw engagement zones and corridors as dashed outlines, each with its kind."""
    west, east = axes.get_xlim()
    for zone in ordered.airspace:
        corners = np.array(outline_deg(zone.border))
        corners[:, 0] += 360.0 * np.round(((west + east) / 2 - corners[:, 0].mean()) / 360.0)
        axes.fill(*corners.T, facecolor=INK, alpha=0.05 if zone.kind == "corridor" else 0.02, linewidth=0)
        axes.plot(*np.vstack((corners, corners[:1])).T, color=MUTED, linewidth=0.8, linestyle=_DASHES)
        x, y = max(corners.tolist(), key=lambda corner: (corner[1], -corner[0]))
        axes.annotate(_ZONES[zone.kind], (x, y), xytext=(1, 2), textcoords="offset points", fontsize=_NAME_PT,
                      color=MUTED, annotation_clip=True)  # fmt: skip
    dashes = Line2D([], [], color=MUTED, linewidth=0.8, linestyle=_DASHES, label="airspace control")
    return [dashes] if ordered.airspace else []


def _draw_paths(axes: Axes, lines: dict[str, list[Float]]) -> list[Line2D]:
    handles = []
    for (name, own), colour in zip(lines.items(), (c for _ in range(9) for c in _PATH_COLOURS), strict=False):
        faint = max(0.18, min(0.8, 12 / len(own)))
        axes.add_collection(LineCollection(own, colors=colour, linewidths=0.7, alpha=faint))
        handles.append(Line2D([], [], color=colour, linewidth=1.6, label=f"paths, {name}"))
    return handles


def _draw_defence(axes: Axes, ordered: Scenario) -> list[Line2D]:
    own = [_lon_lat(sensor.position) for sensor in ordered.sensors if not sensor.fire_unit]
    units = [_lon_lat(unit.position) for unit in ordered.fire_units]
    handles = []
    for points, marker, size, colour, label in (
        (own, "^", 3.0, GREEN, "sensors"),
        (units, "s", 2.8, BLUE, "fire units"),
    ):
        if points:
            x, y = np.array(sorted(set(points))).T
            handles += axes.plot(
                x, y, marker, markersize=size, color=colour, markeredgewidth=0, linestyle="none", label=label
            )
    return handles


def _draw_assets(axes: Axes, results: Results, ordered: Scenario) -> list[Line2D]:
    """Draw assets as dots, with a ring as large as the hits per raid; name the most hit."""
    known = results.summary().targets
    for asset in ordered.assets:
        x, y = _lon_lat(asset.position)
        hits = known[asset.id].hits.mean
        axes.plot(x, y, "o", markersize=2.4, color=INK, markeredgewidth=0)
        if hits > 0:
            axes.plot(x, y, "o", markersize=3 + 8 * np.sqrt(hits), markerfacecolor="none", markeredgecolor=VERMILION,
                      markeredgewidth=1.3)  # fmt: skip
    by_weight = sorted(ordered.assets, key=lambda asset: (-known[asset.id].hits.mean, -asset.value))
    _name_places(axes, [(asset.name, _lon_lat(asset.position)) for asset in by_weight])
    dot = Line2D([], [], marker="o", markersize=3, color=INK, linestyle="none", label="assets")
    ring = Line2D([], [], marker="o", markersize=8, markerfacecolor="none", markeredgecolor=VERMILION,
                  linestyle="none", label="hits, area by number")  # fmt: skip
    return [dot, ring] if any(known[asset.id].hits.mean > 0 for asset in ordered.assets) else [dot]


def _name_places(axes: Axes, names: list[tuple[str, tuple[float, float]]]) -> None:
    """Write the first names that do not lie over one another, twelve at most."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    letter_deg = 0.55 * _NAME_PT * (east - west) / (_WIDTH_IN * 72)
    line_deg = 1.3 * _NAME_PT * (east - west) / (_WIDTH_IN * 72) * np.cos(np.radians((south + north) / 2))
    taken: list[tuple[float, float, float, float]] = []
    for name, (x, y) in names:
        right, top = x + letter_deg * (len(name) + 2), y + line_deg
        if right > east or any(x < r and right > left and y < t and top > low for left, low, r, t in taken):
            continue
        taken.append((x, y, right, top))
        axes.annotate(name, (x, y), xytext=(4, 3), textcoords="offset points", fontsize=_NAME_PT, color=INK)
        if len(taken) == _NAMES_AT_MOST:
            return
