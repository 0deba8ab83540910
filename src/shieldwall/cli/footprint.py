"""`shieldwall footprint`: the ground that fire units protect, as a table, JSON or GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

import shieldwall
from shieldwall.cli.terminal import answers, print_json, remark, table
from shieldwall.core.errors import InputError, Mistake
from shieldwall.scenario.types import Scenario
from shieldwall.study.footprint import Footprint, footprints


def footprint(
    name: str, settings: Sequence[str], *, unit: str, against: str, direction_deg: float | None, threads: int,
    out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Compute footprints; print them, and write GeoJSON if asked to."""
    scenario = shieldwall.load(name, overrides=settings)
    found = footprints(scenario, unit=unit, against=against, direction_deg=direction_deg, threads=threads)
    if out is not None:
        try:
            _write(scenario, found, out)
        except OSError as error:
            raise InputError(Mistake(str(out), 0, 0, f"cannot be written: {error.strerror}", "name another")) from None
        remark(f"{len(found)} footprints written to {out}")
    if as_json:
        print_json(
            {
                "shieldwall": shieldwall.__version__,
                "scenario": scenario.name,
                "footprints": [one.to_json() for one in found],
            }
        )
    else:
        print_footprints(scenario, found, answers())


def _write(scenario: Scenario, found: Sequence[Footprint], out: Path) -> None:
    """Write a map (.svg, .png) or GeoJSON."""
    if out.suffix.lower() not in (".svg", ".png"):
        collection = {"type": "FeatureCollection", "features": [one.to_feature() for one in found]}
        out.write_text(json.dumps(collection, allow_nan=False) + "\n", encoding="utf-8")
        return
    try:
        from shieldwall.report.drawing import svg  # noqa: PLC0415  optional, and slow to start
        from shieldwall.report.footprint_map import footprint_map  # noqa: PLC0415
    except ImportError:
        what = "drawing needs matplotlib"
        raise InputError(Mistake(str(out), 0, 0, what, "pip install 'shieldwall[report]', or write .geojson")) from None
    figure = footprint_map(scenario, found)
    figure.set_facecolor("white")
    if out.suffix.lower() == ".svg":
        out.write_text(svg(figure, "footprints") + "\n", encoding="utf-8")
    else:
        figure.savefig(out, dpi=150)


def print_footprints(scenario: Scenario, found: Sequence[Footprint], console: Console) -> None:
    """Print one row for each unit and threat type."""
    shown = table("Protected ground", "fire unit", "against", "area, km2", "radius, km", "least", "most", left=2)
    for one in found:
        figures = (one.outer_m.mean(), one.outer_m.min(), one.outer_m.max())
        shown.add_row(
            one.unit, one.threat_type, f"{one.area_km2:,.0f}", *(f"{figure / 1e3:,.1f}" for figure in figures)
        )
    console.print("", shown)
    if not found:
        console.print("No fire unit can engage any of these threats.")
        return
    first = found[0]
    way = "any of 8 directions" if len(first.direction_deg) > 1 else f"{first.direction_deg[0]:g} degrees"
    out_to = "the reach" if len(first.direction_deg) > 1 else "twice the reach"
    console.print(
        f"Ground on which a threat from {way} can be met at least once, {first.delay_s:.0f} s after its first track; "
        f"looked at out to {out_to}. By geometry: chance, magazines and channels are left out. {scenario.name}.",
        style="dim",
    )
