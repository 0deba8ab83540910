"""Commands that look for the best: where to stand, what to buy, what money can do."""

# Commands import inside themselves, and their parameters are what people type: never positional in code.
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from shieldwall.cli.options import AsJson, ScenarioName, Seed, Settings, Threads


def register_planning(app: typer.Typer) -> None:
    """Add the commands to the application, in the order in which help lists them."""
    for command in (plan, frontier, siting):
        app.command()(command)


Cases = Annotated[int, typer.Option("-n", "--replications", min=8, help="Raids that each case is played.")]


def plan(
    scenario: ScenarioName,
    replications: Cases = 200,
    seed: Seed = 1,
    threads: Threads = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="S", min=0.01, help="Seconds that the program may take each time.")
    ] = 60.0,
    gap: Annotated[float, typer.Option("--gap", min=0, help="Stop the program at this gap.")] = 0.001,
    scaled: Annotated[int, typer.Option("--scaled", min=1, help="Times of everything to set beside.")] = 4,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Say what to buy, when, by whom, and prove it: by a bound, and by simulation on fresh luck."""
    from shieldwall.cli.plan import plan as do
    from shieldwall.planner.planning import Wanted

    do(scenario, settings or [], Wanted(replications, seed, threads, time_limit, gap, scaled), as_json=as_json)


def frontier(
    scenario: ScenarioName,
    replications: Cases = 200,
    seed: Seed = 1,
    threads: Threads = None,
    money: Annotated[
        float | None, typer.Option("--money", metavar="USD", min=0, help="Where tipping points are looked for.")
    ] = None,
    tips: Annotated[bool, typer.Option("--tips/--no-tips", help="Look for tipping points.")] = True,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Say what each sum of money could do, beside so many times of everything, and where choices tip."""
    from shieldwall.cli.frontier import frontier as do
    from shieldwall.planner.planning import Wanted

    wanted = Wanted(replications, seed, threads, 20.0)
    do(scenario, settings or [], wanted, money_usd=money, tips=tips, as_json=as_json)


def siting(
    name: Annotated[str, typer.Argument(metavar="FILE|SCENARIO", help="Places in the public format, or a scenario.")],
    sites: Annotated[int | None, typer.Option("--sites", metavar="P", min=0, help="How many sites to choose.")] = None,
    radius: Annotated[
        float | None, typer.Option("--radius", metavar="METRES", help="How far a site of FILE covers.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", help="Stop about then; 50 s if not given.")
    ] = None,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Choose the sites that cover most, with an upper bound and the gap to it."""
    from shieldwall.cli.siting import siting as do

    do(name, settings or [], sites=sites, radius_m=radius, time_limit_s=time_limit, as_json=as_json)
