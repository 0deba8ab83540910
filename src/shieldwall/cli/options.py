"""What several commands take: their arguments and options, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A file, a folder, or a shipped scenario's name.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change the scenario; may be given again.")
]
Replications = Annotated[int, typer.Option("-n", "--replications", min=1, help="How many raids to play.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same raids.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads; as many as processors if not given.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder that a run named.")]
ScenarioOfRun = Annotated[
    str | None, typer.Option("--scenario", metavar="FILE", help="The run's scenario, if it is not a shipped one.")
]
SettingsOfRun = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="What --set changed in the run.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
