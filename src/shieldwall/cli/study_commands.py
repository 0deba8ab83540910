"""Commands that study a scenario beyond one run: chance and ignorance, sweeps, geometry alone, assignment, history."""

# Commands import inside themselves, and their parameters are what people type: never positional in code.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from shieldwall.cli.options import AsJson, Replications, ScenarioName, Seed, Settings, Threads


def register(app: typer.Typer) -> None:
    """Add the commands to the application, in the order in which help lists them."""
    for command in (assign, backcast, calibrate, uncertainty, footprint, warning, sweep, campaign, budget):
        app.command()(command)


def assign(
    instance: Annotated[Path, typer.Argument(metavar="INSTANCE", help="The public text format, or our JSON.")],
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", help="Stop about then; else when it is proven.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Assign weapons to targets, with the value, a lower bound and the gap between them."""
    from shieldwall.cli.assign import assign as do

    do(instance, time_limit, as_json)


def backcast(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your own copy of the table of reported attacks, CSV.")],
    date_from: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First night predicted.")
    ] = None,
    date_to: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last night predicted.")
    ] = None,
    min_launched: Annotated[int, typer.Option("--min-launched", min=1, help="Leave smaller nights unscored.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Forecast reported nights from the nights before them, and score it beside simple rules."""
    from shieldwall.cli.backcast import backcast as do

    do(file, date_from and date_from.date(), date_to and date_to.date(), min_launched, as_json)


def calibrate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your own copy of the table of reported attacks, CSV.")],
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="Last night used; else the table's last."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="ID", help="What scenarios call it; else reported-to-YYYY-MM.")
    ] = None,
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="SCENARIO", help="Whose defence the figures are fitted with.")
    ] = "night-2025-06-09",
    points: Annotated[int, typer.Option("--points", min=32, help="Points played; a power of two.")] = 128,
    replications: Annotated[int, typer.Option("-n", "--replications", min=8, help="Raids at each point.")] = 64,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="NAME.calibration.json; else in your own folder.")
    ] = None,
    night: Annotated[
        str | None, typer.Option("--night", metavar="SCENARIO", help="Play this one with it and without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit catalogue figures to reported nights, for scenarios to name: `calibration: NAME`."""
    from shieldwall.cli.calibrate import Asked
    from shieldwall.cli.calibrate import calibrate as do

    asked = Asked(file, until and until.date(), name, scenario, points, replications, seed, threads, out, night)
    do(asked, as_json=as_json)


def uncertainty(
    scenario: ScenarioName,
    points: Annotated[int, typer.Option("--points", min=4, help="Outer points; a power of two for Sobol.")] = 64,
    replications: Annotated[int, typer.Option("-n", "--replications", min=4, help="Raids at each point.")] = 64,
    seed: Seed = 1,
    threads: Threads = None,
    settings: Settings = None,
    figures: Annotated[
        list[str] | None,
        typer.Option("--figures", metavar="GLOB", help="Only these figures, such as 'effectors.*.kill_probability.*'."),
    ] = None,
    without: Annotated[list[str] | None, typer.Option("--without", metavar="GLOB", help="All but these.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Published and derived figures too, not the assumed only.")
    ] = False,
    design: Annotated[str, typer.Option("--design", help="sobol or latin.")] = "sobol",
    distribution: Annotated[str, typer.Option("--distribution", help="triangular or uniform.")] = "triangular",
    linked: Annotated[bool, typer.Option("--linked", help="Figures of a group err together.")] = False,
    each: Annotated[bool, typer.Option("--each", help="Every figure is a group by itself.")] = False,
    indices: Annotated[int, typer.Option("--indices", min=0, help="Base points for Sobol indices; 0: none.")] = 0,
    half_width: Annotated[
        float | None, typer.Option("--half-width", min=0, help="Play until the mean of --output is known so well.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", help="leaked, leaked/TYPE, damage, cost/defence, cost/raid.")
    ] = "leaked",
    tip: Annotated[
        str | None, typer.Option("--tip", metavar="FIGURE", help="Look for a tipping point along it.")
    ] = None,
    threshold: Annotated[float | None, typer.Option("--threshold", help="Where --output passes this.")] = None,
    against: Annotated[
        list[str] | None, typer.Option("--against", metavar="PATH=VALUE", help="Where this variant becomes the better.")
    ] = None,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Keep points, answer and figures.")] = None,
) -> None:
    """Say how far what is not known moves the answer: chance and ignorance apart, what matters most."""
    from shieldwall.cli.uncertainty import Asked
    from shieldwall.cli.uncertainty import uncertainty as do

    do(
        Asked(
            scenario=scenario,
            settings=tuple(settings or ()),
            points=points,
            replications=replications,
            seed=seed,
            threads=threads,
            figures=tuple(figures or ()),
            without=tuple(without or ()),
            every=every,
            design=design,
            distribution=distribution,
            linked=linked,
            each=each,
            indices=indices,
            half_width=half_width,
            output=output,
            tip=tip,
            threshold=threshold,
            against=tuple(against or ()),
            out=out,
        ),
        as_json=as_json,
    )


def footprint(
    scenario: ScenarioName,
    unit: Annotated[str, typer.Option("--unit", metavar="ID", help="One fire unit; all if not given.")] = "",
    against: Annotated[str, typer.Option("--against", metavar="TYPE", help="One threat type; all if not given.")] = "",
    direction: Annotated[
        float | None,
        typer.Option("--from", metavar="DEGREES", help="Where threats come from, east of north; any way if not given."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write a map (.svg, .png) or GeoJSON.")
    ] = None,
    threads: Threads = None,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Draw the ground that fire units protect against threat types."""
    from shieldwall.cli.footprint import footprint as do

    do(
        scenario,
        settings or [],
        unit=unit,
        against=against,
        direction_deg=direction,
        threads=threads or os.cpu_count() or 1,
        out=out,
        as_json=as_json,
    )


def warning(
    scenario: ScenarioName,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Of the detections on each path.")] = 200,
    seed: Seed = 1,
    grid: Annotated[str, typer.Option("--map", metavar="TYPE", help="Add the map of one threat type to --json.")] = "",
    threads: Threads = None,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Tell how much warning there is, with and without each layer of sensors."""
    from shieldwall.cli.warning import warning as do

    do(
        scenario,
        settings or [],
        draws=draws,
        seed=seed,
        threads=threads or os.cpu_count() or 1,
        grid=grid,
        as_json=as_json,
    )


def sweep(
    scenario: ScenarioName,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=V1,V2,...", help="Values; with --latin also LOW..HIGH UNIT."),
    ] = None,
    grid: Annotated[bool, typer.Option("--grid", help="Every combination of values (the default).")] = False,
    points_in: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="One point a line: PATH=VALUE PATH=VALUE ...")
    ] = None,
    latin: Annotated[
        int | None, typer.Option("--latin", metavar="N", min=1, help="N points of a Latin hypercube.")
    ] = None,
    replications: Replications = 1_000,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the results go.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="As many as processors if not given.")] = None,
    processes: Annotated[bool, typer.Option("--processes", help="Spawned processes instead of threads.")] = False,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="tcp://HOST:PORT", help="The scheduler of a Dask cluster.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play many changes of one scenario into one folder.

    The same command again goes on where an interrupted one stopped.
    """
    from shieldwall.cli.sweep import sweep as do

    do(
        scenario,
        settings or [],
        grid=grid,
        points_in=points_in,
        latin=latin,
        replications=replications,
        seed=seed,
        out=out,
        workers=workers,
        processes=processes,
        cluster=cluster,
        as_json=as_json,
    )


def campaign(
    scenario: ScenarioName,
    replications: Annotated[
        int, typer.Option("-n", "--replications", min=1, help="How many campaigns to play.")
    ] = 1_000,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the nights are kept.")] = None,
    more: Annotated[
        list[str] | None,
        typer.Option("--one-more", metavar="LINE", help="Play it again with one more line like this, same luck."),
    ] = None,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Play night after night: what runs out when, what gets through, what it costs, what binds.

    The same command again goes on where an interrupted one stopped.
    """
    from shieldwall.cli.campaign import campaign as do

    do(
        scenario,
        settings or [],
        replications=replications,
        seed=seed,
        threads=threads,
        out=out,
        more=more or [],
        as_json=as_json,
    )


def budget(
    nations: Annotated[
        list[str] | None, typer.Argument(metavar="[NATION ...]", help="Two letters each; all members if none is given.")
    ] = None,
    share: Annotated[
        float | None, typer.Option("--share", min=0, max=1, help="Of core spending for air and missile defence.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what 3.5 + 1.5 % of gross domestic product pays for by 2035, by nation and year."""
    from shieldwall.cli.budget import budget as do

    do(nations or [], share, as_json=as_json)
