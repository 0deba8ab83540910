"""Coasts and borders of the whole Earth, for the map of a report."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from shieldwall.report.palette import LAND, LINE, MUTED

Float = NDArray[np.float64]
_FILE = Path(__file__).with_name("outlines.json.gz")


class Outlines(NamedTuple):
    """Closed rings of land and lines of borders, each (N, 2): degrees east, degrees north; and whom to thank."""

    land: tuple[Float, ...]
    borders: tuple[Float, ...]
    attribution: str


@lru_cache(maxsize=1)
def outlines() -> Outlines:
    """Return all of them, to a hundredth of a degree."""
    raw = json.loads(gzip.decompress(_FILE.read_bytes()))
    land, borders = (tuple(_line(flat) for flat in raw[key]) for key in ("land", "borders"))
    return Outlines(land, borders, raw["attribution"])


def within(lines: tuple[Float, ...], west: float, south: float, east: float, north: float) -> list[Float]:
    """Return the lines that touch a box of degrees, shifted by whole turns to where the box lies."""
    found = []
    for line in lines:
        for turn in (-360.0, 0.0, 360.0):
            x = line[:, 0] + turn
            if x.min() < east and x.max() > west and line[:, 1].min() < north and line[:, 1].max() > south:
                found.append(np.column_stack((x, line[:, 1])))
    return found


def draw_land(axes: Axes, west: float, south: float, east: float, north: float) -> None:
    """Draw the land and the borders that touch a box of degrees."""
    known = outlines()
    axes.add_collection(
        PolyCollection(within(known.land, west, south, east, north), facecolor=LAND, edgecolor=LINE, linewidth=0.6)
    )
    axes.add_collection(
        LineCollection(within(known.borders, west, south, east, north), colors=MUTED, linewidths=0.6, linestyles=":")
    )


def _line(flat: list[int]) -> Float:
    steps = np.array(flat, dtype=np.int64).reshape(-1, 2)
    return np.cumsum(steps, axis=0) / 100.0
