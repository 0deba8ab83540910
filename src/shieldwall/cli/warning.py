"""`shieldwall warning`: how much warning there is, by asset, threat type, layer of sensors and level of integration."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

import shieldwall
from shieldwall.cli.terminal import answers, print_json, table
from shieldwall.scenario.types import Scenario
from shieldwall.study.warning import LEVELS, QUANTILES, Spread, WarningTime, warning_times
from shieldwall.study.warning_grid import warning_map

_MOST_ASSETS = 12


def warning(
    name: str, settings: Sequence[str], *, draws: int, seed: int, threads: int, grid: str, as_json: bool
) -> None:
    """Compute warning times; print them, with the map of one threat type if asked for."""
    scenario = shieldwall.load(name, overrides=settings)
    found = warning_times(scenario, draws=draws, seed=seed, threads=threads)
    mapped = warning_map(scenario, grid, seed=seed, threads=threads) if grid else None
    if as_json:
        print_json(
            {
                "shieldwall": shieldwall.__version__,
                "scenario": scenario.name,
                "seed": seed,
                "draws": draws,
                "warning": [one.to_json() for one in found],
                "map": mapped.to_json() if mapped else None,
            }
        )
        return
    console = answers()
    print_warning(scenario, found, console)
    if mapped is not None:
        console.print("The map goes into --json only.", style="dim")


def print_warning(scenario: Scenario, found: Sequence[WarningTime], console: Console) -> None:
    """Print what assets are told at the scenario's level, then what each level and layer of sensors changes."""
    level = scenario.command.integration
    own = [one for one in found if one.integration == level and one.layers == "all"]
    shown = table(
        f"Minutes of warning, {level}", "asset", "threat", "flight", "first", "5-95 %", "track", "identified",
        "impact point", "none", left=2,
    )  # fmt: skip
    some = {one.asset for one in own[: _MOST_ASSETS * len({o.threat_type for o in own})]}
    for one in own:
        if one.asset in some:
            shown.add_row(
                one.asset, one.threat_type, _minutes(one.flight_s), _minutes(_median(one.first)), _band(one.first),
                _minutes(_median(one.track)), _minutes(_median(one.identified)), _minutes(_median(one.impact_point)),
                f"{one.first.none:.0%}",
            )  # fmt: skip
    console.print("", shown)
    layers = list(dict.fromkeys(one.layers for one in found))
    kinds = sorted({one.threat_type for one in found})
    for kind in kinds:
        by_layer = table(f"Minutes of warning (mean), {kind}, mean of the assets", "sensors", *LEVELS)
        for layer in layers:
            means = [
                [o.first.mean_s for o in found if (o.threat_type, o.layers, o.integration) == (kind, layer, each)]
                for each in LEVELS
            ]
            by_layer.add_row(layer, *(_minutes(sum(own) / len(own)) for own in means))
        console.print("", by_layer)
    console.print(
        "From the first warning (intelligence or track), first track, identification and predicted impact point to "
        "impact, if nothing is shot down; medians over origins, routes and detections, no warning counts as 0. "
        f"{len({o.asset for o in found})} assets.",
        style="dim",
    )


def _median(spread: Spread) -> float:
    return spread.quantile_s[QUANTILES.index(0.5)]


def _minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.1f}"


def _band(spread: Spread) -> str:
    return f"{_minutes(spread.quantile_s[0])}-{_minutes(spread.quantile_s[-1])}"
