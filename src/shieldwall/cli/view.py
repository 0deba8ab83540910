"""`shieldwall view`: the page of a run in the browser, or in one file."""

from __future__ import annotations

import secrets
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import shieldwall
from shieldwall.cli.run import default_folder, play
from shieldwall.cli.terminal import remark
from shieldwall.cli.written import written
from shieldwall.core.errors import InputError, Mistake
from shieldwall.results.store import held_by
from shieldwall.scenario.load import scenario_path
from shieldwall.web.built import refuse_unbuilt
from shieldwall.web.desk import Desk
from shieldwall.web.refusal import RefusalError
from shieldwall.web.shelf import NAME, Shelf, named_scenario
from shieldwall.web.single import single


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for, as typed."""

    run: str
    settings: tuple[str, ...]
    scenario: str | None
    replications: int
    seed: int
    host: str
    port: int
    token: str | None
    browser: bool
    export: Path | None


def view(asked: Asked) -> None:
    """Open the page of a run; a scenario is played first."""
    if asked.export is None:
        refuse_without_server()
    refuse_unbuilt()
    desk, start = _desk(asked)
    if asked.export is not None:
        write_page(desk, start, asked.export, None)
        return
    _serve(asked, desk, start)


def write_page(desk: Desk, run: str, target: Path, replication: int | None) -> None:
    """Write the page of a run into one file and print the file's name."""
    try:
        page = single(desk, run, replication)
    except RefusalError as error:
        raise InputError(Mistake("", 0, 0, str(error))) from None
    with written(target, "choose another file"):
        target.write_text(page, encoding="utf-8")
    print(target)


def desk_of(folder: Path, scenario: str | None, settings: Sequence[str]) -> tuple[Desk, str]:
    """Return the desk of a run's folder, and the run's name."""
    folder = folder.resolve()
    if not NAME.fullmatch(folder.name):
        what = f"'{folder.name}' cannot stand in an address"
        raise InputError(Mistake("", 0, 0, what, "rename the folder: letters, digits, '-', '_', '.'"))
    named = {}
    if scenario is not None:
        path = scenario_path(scenario)
        named = named_scenario(path, shieldwall.load(str(path), overrides=settings).name)
    return Desk(Shelf(folder.parent, named, tuple(settings))), folder.name


def refuse_without_server() -> None:
    """Raise InputError with the cure if what the server needs is not installed."""
    try:
        import fastapi  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        what = f"the page needs {error.name}, which is not installed"
        raise InputError(Mistake("", 0, 0, what, "pip install 'shieldwall[web]'")) from None


def _desk(asked: Asked) -> tuple[Desk, str]:
    folder = Path(asked.run)
    if held_by(folder) is not None:
        return desk_of(folder, asked.scenario, asked.settings)
    if asked.scenario is not None:
        what = f"{asked.run} holds no results"
        raise InputError(Mistake("", 0, 0, what, "--scenario goes with the folder of a run"))
    scenario = shieldwall.load(asked.run, overrides=asked.settings)
    folder = default_folder(scenario, asked.replications, asked.seed)
    play(scenario, asked.replications, asked.seed, folder, threads=None)
    return desk_of(folder, str(scenario_path(asked.run)), asked.settings)


def _serve(asked: Asked, desk: Desk, start: str) -> None:
    """Serve until Ctrl-C. What the page asks for first is made before the address is printed."""
    from shieldwall.web.serve import is_loopback, listen, serve  # noqa: PLC0415  needs the extra `web`

    token = asked.token or ("" if is_loopback(asked.host) else secrets.token_urlsafe(24))
    bound = listen(asked.host, asked.port)
    try:
        desk.warm(start)
    except RefusalError as error:
        bound.close()
        raise InputError(Mistake("", 0, 0, str(error))) from None
    shown = f"[{asked.host}]" if ":" in asked.host else asked.host
    address = f"http://{shown}:{bound.getsockname()[1]}/" + (f"?token={token}" if token else "")

    def ready() -> None:
        print(address, flush=True)
        remark("Ctrl-C ends it.")
        if asked.browser:
            webbrowser.open(address)

    serve(desk, bound, start=start, token=token, ready=ready)
