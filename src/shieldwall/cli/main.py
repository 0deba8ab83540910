"""The commands and what they exit with: 0 done, 1 our fault, 2 the input is wrong, 130 interrupted.

Every command imports what it needs when it runs, so that `--help` answers at once.
"""

# Commands import inside themselves, and their parameters are what people type: never positional in code.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import shieldwall
from shieldwall.cli.catalogue_commands import catalogue_app
from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.options import (
    AsJson,
    Replications,
    RunFolder,
    ScenarioName,
    ScenarioOfRun,
    Seed,
    Settings,
    SettingsOfRun,
    Threads,
)
from shieldwall.cli.plan_commands import register_planning
from shieldwall.cli.study_commands import register

app = typer.Typer(
    name="shieldwall",
    help="An open simulator of integrated air and missile defence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(catalogue_app, name="catalogue")

DONE, OUR_FAULT, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130


def _version(wanted: bool) -> None:
    if wanted:
        print(f"shieldwall {shieldwall.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that does not exist or is empty.")],
) -> None:
    """Write a commented scenario to start from."""
    from shieldwall.cli.init import init as do

    do(folder)


@app.command()
def check(scenario: ScenarioName, settings: Settings = None) -> None:
    """Say whether a scenario is right; if not, what to mend."""
    from shieldwall.cli.check import check as do

    do(scenario, settings or [])


@app.command()
def run(
    scenario: ScenarioName,
    replications: Replications = 10_000,
    seed: Seed = 1,
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the results go.")] = None,
    as_json: AsJson = False,
    settings: Settings = None,
    events: Annotated[bool, typer.Option("--events", help="Keep every event too (larger results).")] = False,
) -> None:
    """Play the raid many times.

    The same command again goes on where an interrupted one stopped.
    """
    from shieldwall.cli.run import run as do

    do(
        scenario,
        settings or [],
        replications=replications,
        seed=seed,
        threads=threads,
        out=out,
        as_json=as_json,
        events=events,
    )


@app.command()
def trace(
    scenario: ScenarioName,
    threat: Annotated[str, typer.Option("--threat", metavar="SALVO/NUMBER", help="Which threat or flight.")],
    replication: Annotated[int, typer.Option("--replication", "-r", min=0, help="In which replication.")] = 0,
    seed: Seed = 1,
    as_json: AsJson = False,
    settings: Settings = None,
) -> None:
    """Tell one threat's ten stops in words."""
    from shieldwall.cli.trace import trace as do

    do(scenario, settings or [], threat=threat, replication=replication, seed=seed, as_json=as_json)


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="A [B ...]", help="Scenarios; the first is the base.")],
    replications: Replications = 2_000,
    seed: Seed = 1,
    threads: Threads = None,
    as_json: AsJson = False,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=V1,V2,...", help="Play every value; the first is the base."),
    ] = None,
) -> None:
    """Compare scenarios, or changes of one, on the same luck."""
    from shieldwall.cli.compare import compare as do

    do(scenarios, settings or [], replications=replications, seed=seed, threads=threads, as_json=as_json)


register(app)
register_planning(app)


@app.command()
def report(
    run: RunFolder,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="An .html or a .pdf; else RUN/report.html.")
    ] = None,
    uncertainty: Annotated[
        Path | None, typer.Option("--uncertainty", metavar="FILE", help="What 'shieldwall uncertainty --json' printed.")
    ] = None,
    scenario: ScenarioOfRun = None,
    settings: SettingsOfRun = None,
) -> None:
    """Write the document of a run: one HTML page that needs nothing else, or a PDF."""
    from shieldwall.cli.report import report as do

    do(run, out, scenario, settings or [], uncertainty)


@app.command()
def export(
    run: RunFolder,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="geojson, kml, czml, acmi, dis or html.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="RUN/replication-R.SUFFIX if not given.")
    ] = None,
    replication: Annotated[
        int | None,
        typer.Option("--replication", "-r", min=0, help="Which; if not given the first, of html the median."),
    ] = None,
    scenario: ScenarioOfRun = None,
    settings: SettingsOfRun = None,
) -> None:
    """Write one replication, its tracks, shots and ends, for other tools; or the page in one file."""
    from shieldwall.cli.export import export as do

    do(run, to, out, replication, scenario, settings or [])


@app.command()
def view(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's folder; or a scenario, which is played first.")],
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0: any that is free.")] = 8765,
    host: Annotated[str, typer.Option("--host", help="Beside 127.0.0.1 a token is needed.")] = "127.0.0.1",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address only.")] = False,
    export_to: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write the page as one HTML file instead.")
    ] = None,
    token: Annotated[str | None, typer.Option("--token", help="What to ask for; made up if not given.")] = None,
    replications: Annotated[int, typer.Option("-n", "--replications", min=1, help="Of a scenario.")] = 1_000,
    seed: Seed = 1,
    scenario: ScenarioOfRun = None,
    settings: SettingsOfRun = None,
) -> None:
    """Open the page of a run: the raid on a map, what came of it, edits, exercises. Ctrl-C ends it."""
    from shieldwall.cli.view import Asked
    from shieldwall.cli.view import view as do

    do(
        Asked(
            run=run,
            settings=tuple(settings or ()),
            scenario=scenario,
            replications=replications,
            seed=seed,
            host=host,
            port=port,
            token=token,
            browser=not no_browser,
            export=export_to,
        )
    )


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="A file instead of the screen.")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from shieldwall.cli.schema import schema as do

    do(out)


def main() -> None:
    """Run one command and exit; no traceback unless SHIELDWALL_DEBUG is set."""
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = int(app(arguments, prog_name="shieldwall", standalone_mode=False) or DONE)
    except Interrupted as stopped:
        _say(str(stopped))
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _explain(error)
    if code == INTERRUPTED:
        _say("interrupted")
    return code


def _explain(error: Exception) -> int:
    """Say what went wrong in a line or more, and return the exit code."""
    from shieldwall.core.errors import InputError, StoreError

    if isinstance(error, InputError):
        for mistake in error.mistakes:
            _say(str(mistake), mark="" if mistake.file else "shieldwall: ")
        return WRONG_INPUT
    if isinstance(error, StoreError):
        _say(str(error))
        return WRONG_INPUT
    usage = getattr(error, "format_message", None)  # the parser's own errors, whichever parser typer brings
    if usage is not None:
        _say(f"{' '.join(usage().split())} See 'shieldwall --help'.")
        return WRONG_INPUT
    if os.environ.get("SHIELDWALL_DEBUG"):
        import traceback

        traceback.print_exc()
    said = (str(error).splitlines() or [""])[0]
    _say(f"a fault of ours: {type(error).__name__}: {said}. SHIELDWALL_DEBUG=1 shows where; please report it.")
    return OUR_FAULT


def _say(text: str, mark: str = "shieldwall: ") -> None:
    print(f"{mark}{text}", file=sys.stderr)
