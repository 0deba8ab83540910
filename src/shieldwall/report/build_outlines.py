"""Make `outlines.json.gz` of the npm package world-atlas: `python -m shieldwall.report.build_outlines FOLDER`.

FOLDER is the unpacked package (`npm pack world-atlas@2.0.2`); its countries-50m.json is Natural Earth's 1:50 million
map, in the public domain, as TopoJSON. Coordinates are kept to a hundredth of a degree.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

OUTLINES = Path(__file__).with_name("outlines.json.gz")
ATTRIBUTION = "Coasts and borders: Natural Earth (public domain), by world-atlas 2.0.2 (ISC)."
_HUNDREDTHS = 100
# Natural Earth draws borders as held. This line, north of Crimea, is not a recognised border (UN General Assembly
# resolution 68/262) and is left out: countries by their ISO numbers, and a box of degrees (west, south, east, north).
_NOT_A_BORDER = (frozenset({"643", "804"}), (32.0, 45.0, 36.7, 46.6))

Line = list[tuple[int, int]]


def build(topology: dict[str, Any]) -> dict[str, Any]:
    """Return land rings and border lines, each a flat list: first point, then steps, in hundredths of a degree."""
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    owners: dict[int, set[str]] = {}
    uses: Counter[int] = Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        for ring in _rings(country):
            for arc in ring:
                place = arc if arc >= 0 else ~arc
                uses[place] += 1
                owners.setdefault(place, set()).add(str(country.get("id")))
    land = topology["objects"]["land"]["geometries"]
    rings = [_joined(ring, arcs) for geometry in land for ring in _rings(geometry)]
    borders = [
        arcs[place] for place, count in uses.items() if count > 1 and not _is_left_out(arcs[place], owners[place])
    ]
    return {
        "attribution": ATTRIBUTION,
        "land": [_flat(ring) for ring in rings if len(ring) > 3],
        "borders": [_flat(line) for line in borders if len(line) > 1],
    }


def _arc(steps: Sequence[Sequence[int]], transform: dict[str, list[float]]) -> Line:
    """Return an arc's points in hundredths of a degree, repeated points left out."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    line: Line = []
    for dx, dy in steps:
        x, y = x + dx, y + dy
        point = (round((x * sx + tx) * _HUNDREDTHS), round((y * sy + ty) * _HUNDREDTHS))
        if not line or line[-1] != point:
            line.append(point)
    return line


def _rings(geometry: dict[str, Any]) -> Iterable[list[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return (ring for polygon in polygons for ring in polygon)


def _joined(ring: Sequence[int], arcs: Sequence[Line]) -> Line:
    line: Line = []
    for arc in ring:
        points = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        line += points if not line else points[1:]
    return line


def _is_left_out(line: Line, owners: set[str]) -> bool:
    countries, (west, south, east, north) = _NOT_A_BORDER
    inside = (west < x / _HUNDREDTHS < east and south < y / _HUNDREDTHS < north for x, y in line)
    return owners == countries and all(inside)


def _flat(line: Line) -> list[int]:
    flat = list(line[0])
    for (x0, y0), (x1, y1) in pairwise(line):
        flat += [x1 - x0, y1 - y0]
    return flat


def main() -> None:
    """Write the file."""
    source = Path(sys.argv[1]) / "countries-50m.json"
    built = build(json.loads(source.read_text(encoding="utf-8")))
    text = json.dumps(built, separators=(",", ":")).encode()
    OUTLINES.write_bytes(gzip.compress(text, 9, mtime=0))
    print(f"{OUTLINES.name}: {len(built['land'])} coasts, {len(built['borders'])} borders")


if __name__ == "__main__":
    main()
