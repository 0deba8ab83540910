"""Run `shieldwall backcast`: forecast reported nights from the nights before them, and print the scores."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path


def backcast(
    file: Path,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    min_launched: int = 50,
    as_json: bool = False,
) -> None:
    """Print the scores of model and baselines on a table of reported attacks.

    Parameters
    ----------
    file : the user's own copy of the public table, CSV
    date_from, date_to : first and last predicted date (inclusive); with neither, half-years
    min_launched : nights with fewer strike weapons launched are not scored
    as_json : one JSON object instead of a table
    """
    from shieldwall.validation.attack_table import read_attack_table  # noqa: PLC0415  keeps --help fast
    from shieldwall.validation.backcast import backcast as predict  # noqa: PLC0415
    from shieldwall.validation.backcast_report import as_json as json_form  # noqa: PLC0415
    from shieldwall.validation.backcast_report import as_lines  # noqa: PLC0415

    table = read_attack_table(file)
    splits = predict(table, date_from, date_to, min_launched)
    if as_json:
        print(json.dumps(json_form(table, splits), allow_nan=False))
    else:
        print("\n".join(as_lines(table, splits)))
