"""The commands `shieldwall catalogue ...`."""

# Commands import inside themselves, and their parameters are what people type: never positional in code.
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shieldwall.cli.options import AsJson

catalogue_app = typer.Typer(
    help="What the catalogue knows, from where, how sure.", no_args_is_help=True, rich_markup_mode=None
)


@catalogue_app.command("list")
def catalogue_list(
    group: Annotated[str | None, typer.Argument(metavar="[GROUP]", help="threats, effectors, sensors, ...")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is in the catalogue and how sure its figures are."""
    from shieldwall.cli.catalogue import list_groups as do

    do(group, as_json=as_json)


@catalogue_app.command("show")
def catalogue_show(name: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Show every figure of one entry with its range, confidence and source."""
    from shieldwall.cli.catalogue import show as do

    do(name, as_json=as_json)


@catalogue_app.command("check")
def catalogue_check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="The shipped catalogue if not given.")
    ] = None,
) -> None:
    """Check every file of a catalogue."""
    from shieldwall.cli.catalogue import check as do

    do(folder)
