"""`shieldwall report`: the document of a run, as one HTML page or a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shieldwall.cli.terminal import remark
from shieldwall.cli.written import written
from shieldwall.core.errors import InputError, Mistake
from shieldwall.report.ignorance import read_study
from shieldwall.results.results import Results
from shieldwall.study.scenario_of_run import Played, scenario_of_run


def report(
    run: Path, out: Path | None, scenario: str | None, settings: Sequence[str], uncertainty: Path | None
) -> None:
    """Write the document of a run; without its scenario, without a map."""
    target = out or run / "report.html"
    if target.suffix.lower() not in (".html", ".pdf"):
        raise InputError(
            Mistake("", 0, 0, f"'{target.name}' is neither .html nor .pdf", "end its name with one of them")
        )
    try:
        from shieldwall.report.report import report as lay_out  # noqa: PLC0415  after the file's name is known to be right
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        cure = "pip install 'shieldwall[report]'"
        raise InputError(Mistake("", 0, 0, "a report needs matplotlib, which is not installed", cure)) from None
    results = Results.open(run)
    study = read_study(uncertainty, results.manifest) if uncertainty else None
    document = lay_out(results, _played(results, scenario, settings), study)
    with written(target, "choose another file with -o"):
        if target.suffix.lower() == ".pdf":
            from shieldwall.report.pdf import write_pdf  # noqa: PLC0415

            write_pdf(document, target)
        else:
            from shieldwall.report.page import page  # noqa: PLC0415

            target.write_text(page(document), encoding="utf-8")
    print(target)


def _played(results: Results, scenario: str | None, settings: Sequence[str]) -> Played | None:
    """Return the run's scenario; None, and a remark, if it is not at hand and was not named."""
    try:
        return scenario_of_run(results.manifest, scenario, settings)
    except InputError as error:
        if scenario is not None or settings:
            raise
        for mistake in error.mistakes:
            remark(f"no map: {mistake}")
        return None
