"""Write a calibration: what the reports tell by class, what was fitted, and the figures that a scenario may name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shieldwall
from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.whole_file import whole_file
from shieldwall.results.answer import finite
from shieldwall.scenario.calibration import VERSION
from shieldwall.scenario.types import Scenario
from shieldwall.validation.attack_table import AttackTable
from shieldwall.validation.calibration import OverlayFigure, overlay_as_json
from shieldwall.validation.figure_fit import ClassFit, FittedFigure

LICENCE = (
    "Fitted to the user's own copy of the table of reported attacks, whose licence is not settled (CC BY-NC-SA 4.0 or "
    "ODC-BY 1.0, by mirror): for your own use until you have settled it; not part of shieldwall."
)


def calibration_as_json(
    name: str,
    table: AttackTable,
    last: dt.date,
    scenario: Scenario,
    reported: Mapping[str, OverlayFigure],
    fits: Mapping[str, ClassFit],
    figures: Mapping[str, FittedFigure],
) -> dict[str, Any]:
    """Return a calibration as the plain values of its file.

    Parameters
    ----------
    name : what a scenario calls it
    last : the last night that was used
    scenario : whose defence it was fitted with
    """
    nights = sum(night.date <= last for night in table.nights)
    words = (
        f"Fitted to {nights} nights of reported attacks to {last} with {scenario.name}, catalogue "
        f"{scenario.catalogue_hash[:12]}."
    )
    whole: dict[str, Any] = finite(
        {
            "shieldwall_calibration": VERSION,
            "name": name,
            "words": words,
            "shieldwall": shieldwall.__version__,
            "until": last.isoformat(),
            "table": {"sha256": _hash(Path(table.file)), "rows": table.rows, "nights": nights},
            "scenario": {"name": scenario.name, "hash": scenario.hash, "catalogue": scenario.catalogue_hash},
            "licence": LICENCE,
            "reported": overlay_as_json(reported),
            "fits": {kind: _fit(fit) for kind, fit in fits.items()},
            "figures": {path: _figure(figure) for path, figure in figures.items()},
        }
    )
    return whole


def write_calibration(path: Path, content: Mapping[str, Any]) -> None:
    """Write a calibration whole or not at all; raise InputError if it cannot be written."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(f"{text}\n".encode())
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise InputError(Mistake(str(path), 0, 0, what, "name another file with --out")) from None


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fit(fit: ClassFit) -> dict[str, Any]:
    return {
        "launched": fit.launched,
        "provenance": fit.provenance,
        "logits": {
            output: {
                "reported": fit.told[output][0],
                "sd": fit.told[output][1],
                "catalogue": fit.simulated[output][0],
                "calibrated": fit.simulated[output][1],
            }
            for output in fit.simulated
        },
        "unknowns": {knob: {"mean": e.mean, "low": e.low, "high": e.high} for knob, e in fit.estimates.items()},
    }


def _figure(figure: FittedFigure) -> dict[str, Any]:
    value, low, high = figure.catalogue
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "catalogue": {"value": value, "low": low, "high": high},
        "provenance": figure.provenance,
    }
