"""`shieldwall export`: one replication of a run as a file that other tools read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shieldwall.cli.written import written
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.replay.replay import replay_of_run
from shieldwall.replay.writers import WRITERS
from shieldwall.results.results import Results
from shieldwall.results.store import open_store
from shieldwall.study.scenario_of_run import scenario_of_run

_PAGE = "html"


def export(
    run: Path, to: str, out: Path | None, replication: int | None, scenario: str | None, settings: Sequence[str]
) -> None:
    """Write one replication, the first if not said which, and print the file's name; as a page, the median one."""
    if to == _PAGE:
        _page(run, out, replication, scenario, settings)
        return
    if to not in WRITERS:
        raise InputError(Mistake("", 0, 0, f"--to {to}: there is no such format", nearest(to, (*WRITERS, _PAGE))))
    replication = replication or 0
    suffix, write = WRITERS[to]
    results = Results.open(run)
    played = scenario_of_run(results.manifest, scenario, settings)
    target = out or run / f"replication-{replication}{suffix}"
    content = write(replay_of_run(results, played.scenario, replication))
    with written(target, "choose another file with -o"):
        target.write_bytes(content)
    print(target)


def _page(run: Path, out: Path | None, replication: int | None, scenario: str | None, settings: Sequence[str]) -> None:
    """Write the page of a run, with its raids inside, as one HTML file that opens offline."""
    from shieldwall.cli.view import desk_of, write_page  # noqa: PLC0415  the other formats need none of it

    open_store(run)
    desk, name = desk_of(run, scenario, settings)
    write_page(desk, name, out or run / "page.html", replication)
