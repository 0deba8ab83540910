"""`shieldwall siting SCENARIO`: place its fire units anew, and say how good the placement provably is."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import answers, table
from shieldwall.core.errors import InputError, Mistake
from shieldwall.planner.siting import Ground, ground_of
from shieldwall.results.numbers import mean
from shieldwall.scenario.load import load, scenario_path
from shieldwall.solvers.expected_covering import NotGuardedError, Placed, place

_LEAST = 1


def siting_scenario(
    name: str, settings: Sequence[str], *, sites: int | None, limit_s: float, start_s: float, as_json: bool
) -> None:
    """Place a scenario's units and print where, with value and bound.

    Raises
    ------
    InputError
        If some city cannot be guarded by one unit; names it.
    """
    scenario = load(name, overrides=settings)
    ground = ground_of(scenario, sites=sites, least=_LEAST)
    try:
        found = place(ground.placing, seconds=max(1.0, limit_s - (time.perf_counter() - start_s)))
    except NotGuardedError as error:
        names = ", ".join(ground.guarded[g] for g in error.places)
        what = f"not every city can have a fire unit in reach: {names}"
        cure = "add fire units, or allow more --sites"
        raise InputError(Mistake(str(scenario_path(name)), 1, 1, what, cure)) from None
    wall_s = time.perf_counter() - start_s
    if as_json:
        print(json.dumps(_json(ground, found, wall_s)), flush=True)
    else:
        _print(ground, found, wall_s)
    if found.interrupted:
        raise Interrupted(f"interrupted; the best placement so far is printed, its gap is {found.gap:.3%}")


def _rows(ground: Ground, found: Placed) -> list[tuple[str, str, int]]:
    return [
        (site, kind, int(found.units[t, s]))
        for s, site in enumerate(ground.sites)
        for t, kind in enumerate(ground.types)
        if found.units[t, s]
    ]


def _json(ground: Ground, found: Placed, wall_s: float) -> dict[str, object]:
    places = dict(zip(ground.sites, ground.positions, strict=True))
    return {
        "value": found.value,
        "upper_bound": found.upper_bound,
        "gap": found.gap,
        "wall_s": wall_s,
        "greedy_value": found.greedy_value,
        "sites": [
            {
                "site": site,
                "position": [places[site].latitude_deg, places[site].longitude_deg],
                "type": kind,
                "count": count,
            }
            for site, kind, count in _rows(ground, found)
        ],
    }


def _print(ground: Ground, found: Placed, wall_s: float) -> None:
    console = answers()
    shown = table("Where to stand", "site", "type", "count", left=2)
    for site, kind, count in _rows(ground, found):
        shown.add_row(site, kind, str(count))
    console.print(shown)
    whole = float(ground.placing.values.sum())
    console.print(f"\nexpected to be met  {mean(found.value)} of {mean(whole)} (value of assets by what comes at them)")
    console.print(f"upper bound         {mean(found.upper_bound)} (gap {found.gap:.3%})")
    console.print(f"greedy              {mean(found.greedy_value)}")
    console.print(f"time                {wall_s:.1f} s")
