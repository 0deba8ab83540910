"""A laboratory for campaigns: two nations with a few batteries, and nights whose demand and losses the test decides.

`nights` drives the campaign's own recursion (deliveries, orders, supply, repair, accounts) and puts the test's raid in
the place of the engine's, so that what comes out can be held against a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import shieldwall
from shieldwall.campaign.adversary import arsenal_of
from shieldwall.campaign.layout import Layout, layout_of
from shieldwall.campaign.night import Record, play_night, reserve_of
from shieldwall.campaign.standing import Standing, first_evening
from shieldwall.engine.simulate import prepare
from shieldwall.results.row import Block, Cause, Fate
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Opening

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
# Of a night and its opening: rounds wanted (R, W), units (R, U) and sensors (R, Q) lost, what is left of places (R, M).
Raid = Callable[[int, Opening], tuple[NDArray[np.generic], ...]]

HEAD = """
shieldwall: 1
name: lab
time_zone: UTC
start: 2030-01-15 20:00
assets: [{id: town, kind: town, position: [50.0, 30.0]}, {id: port, kind: port, position: [50.2, 30.2]}]
fire_units:
  - {id: a-hawk, type: hawk-battery, position: town, sector: a, count: 2, magazine: {hawk: 18}, reserve: {hawk: 82}}
  - {id: b-hawk, type: hawk-battery, position: port, sector: b, count: 1, magazine: {hawk: 18}, reserve: {hawk: 82}}
raids:
  - {id: cruise, type: kh-101, count: 40, from: [[51.5, 32.0]], aim: [town, port], arrive: "02:00", spread: 30 min}
"""
PLAIN = """
campaign:
  nights: 100
  mixes: [{id: raid, raids: {cruise: [2, 6]}}]
  schedule: [{mix: raid, from: 1}]
"""


class Lab(NamedTuple):
    """A campaign ready to be driven."""

    scenario: Scenario
    plan: Campaign
    layout: Layout
    standing: Standing


def write(folder: Path, campaign: str, head: str = HEAD) -> Path:
    """Write a scenario and return its file."""
    file = folder / "scenario.yaml"
    file.write_text(head + campaign, encoding="utf-8")
    return file


def lab(folder: Path, campaign: str, replications: int, *, head: str = HEAD, seed: int = 1) -> Lab:
    """Return the campaign of a text, on its first evening."""
    scenario = shieldwall.load(write(folder, campaign, head))
    plan = scenario.campaign
    assert plan is not None
    layout = layout_of(scenario, plan, *prepare(scenario))
    return Lab(
        scenario, plan, layout, first_evening(layout, plan, replications, *arsenal_of(layout, plan, seed, replications))
    )


def nights(ready: Lab, count: int, raid: Raid, *, first: int = 1, seed: int = 1) -> list[Record]:
    """Drive a campaign night after night; return what was kept of each."""
    found = []
    for night in range(first, first + count):

        def play(_: int, opening: Opening, night: int = night) -> Sequence[Block]:
            return [_block(ready.layout, opening, *raid(night, opening))]

        reserve = reserve_of(ready.layout, ready.plan)
        found.append(play_night(night, ready.layout, ready.plan, ready.standing, seed, play, reserve))
    return found


def quiet(opening: Opening) -> tuple[Int, Bool, Bool]:
    """Return a raid that wants nothing and takes nothing."""
    return np.zeros_like(opening.ready), np.zeros_like(opening.unit_out), np.zeros_like(opening.sensor_out)


def _block(
    layout: Layout,
    opening: Opening,
    wanted: Int,
    units: Bool,
    sensors: Bool,
    remaining: NDArray[np.float64] | None = None,
) -> Block:
    held = opening.ready + opening.reserve
    works = ~opening.unit_out[:, layout.weapon_unit]
    fired = np.minimum(np.asarray(wanted), held) * works
    left = held - fired
    down = units[:, layout.weapon_unit]
    shape = (held.shape[0], layout.threat_kind.shape[0])
    rows = {name: np.zeros(shape) for name in ("start_s", "first_track_s", "engageable_s", "end_s", "damage")}
    counts = ("path", "first_sensor", "duplicates", "rounds", "weapon", "target")
    whole = {name: np.zeros(shape, np.int64) for name in counts}
    return Block(
        first=0,
        decoy=np.zeros(shape, np.bool_),
        fate=np.full(shape, int(Fate.SHOT_DOWN), np.int8),
        cause=np.full(shape, int(Cause.NONE), np.int8),
        fired=fired,
        left=np.where(down, 0, left),
        lost=np.where(down, left, 0),
        empty_s=np.full(held.shape, np.nan),
        remaining=opening.remaining.copy() if remaining is None else remaining,
        sensor_lost_s=np.where(sensors, 1.0, np.nan),
        unit_lost_s=np.where(units, 1.0, np.where(opening.unit_out, -np.inf, np.nan)),
        **rows,
        **whole,
        **_no_events(),
    )


def _no_events() -> dict[str, NDArray[np.generic]]:
    names = ("replication", "time_s", "kind", "threat", "weapon", "sensor", "value")
    return {f"event_{name}": np.zeros(0) for name in names}
