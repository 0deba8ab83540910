"""Plans as `shieldwall plan --json` printed them, made into scenarios again: for `compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.planner.purchases import ground_of, scenario_with
from shieldwall.scenario.load import read
from shieldwall.scenario.types import Scenario


def is_plan(name: str) -> bool:
    """Return whether a name means a stored plan: FILE.json, or FILE.json:YEAR."""
    return name.partition(".json")[1] == ".json" and Path(name.partition(".json")[0] + ".json").is_file()


def scenario_of(name: str, settings: list[str]) -> tuple[str, Scenario]:
    """Return (label, scenario) in which what a plan bought stands, in a year (the last if none is named).

    Raises
    ------
    InputError
        If the file holds no plan, or no such year or option.
    """
    file, _, year = name.partition(".json")
    path = f"{file}.json"
    stored = _stored(path)
    years = stored["plan"]["stands"]
    chosen = year.lstrip(":") or max(years)
    if chosen not in years:
        raise InputError(Mistake(path, 0, 0, f"the plan has no year '{chosen}'", nearest(chosen, years)))
    of = stored["scenario_file"]
    ground = ground_of(read(of), [*stored["settings"], *settings], of)
    ids = [option.id for option in ground.plan.options]
    unknown = [option for option in years[chosen] if option not in ids]
    if unknown:
        what = f"the plan buys '{unknown[0]}', which the scenario '{of}' no longer offers"
        raise InputError(Mistake(path, 0, 0, what, "make the plan again"))
    scenario = scenario_with(ground, [years[chosen].get(option, 0) for option in ids])
    return f"{Path(path).name} in {chosen}", scenario


def _stored(path: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        assert isinstance(found["plan"]["stands"], dict)
        assert isinstance(found["scenario_file"], str)
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        cure = "give what 'shieldwall plan SCENARIO --json' printed"
        raise InputError(Mistake(path, 0, 0, "this file holds no plan", cure)) from None
    return found
