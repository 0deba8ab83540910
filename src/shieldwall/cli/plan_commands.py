"""Commands that look for the best: where to stand, what to buy, what money can do."""

# Commands import inside themselves, and their parameters are what people type: never positional in code.
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from shieldwall.cli.options import AsJson, Settings


def register_planning(app: typer.Typer) -> None:
    """Add the commands to the application, in the order in which help lists them."""
    for command in (siting,):
        app.command()(command)


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
