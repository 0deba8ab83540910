"""The page in one file: the built page with a run's answers inside, which opens from disk and asks nobody."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any
from urllib.parse import quote

import shieldwall
from shieldwall.web.built import PAGE, SINGLE, refuse_unbuilt
from shieldwall.web.desk import STOPS_AT_MOST, Desk, encoded

_PLACE = re.compile(r'(<script\b[^>]*\bid="?shieldwall-data"?[^>]*>)\s*(</script>)')


def single(desk: Desk, run: str, replication: int | None = None) -> str:
    """Return the page of one run as HTML.

    Parameters
    ----------
    desk : where the run lies
    run : its name
    replication : the raid that it begins with; the median one if None

    Raises
    ------
    InputError
        If the page was not built.
    """
    refuse_unbuilt()
    desk.refuse_replication(desk.results(run).manifest, replication or 0)
    template = (PAGE / SINGLE).read_text(encoding="utf-8")
    data = base64.b64encode(gzip.compress(encoded(answers(desk, run, replication)), 9, mtime=0)).decode()
    page, count = _PLACE.subn(lambda found: found[1] + data + found[2], template)
    if count != 1:
        raise RuntimeError(f"the built page has {count} places for its data")
    return page


def answers(desk: Desk, run: str, replication: int | None = None) -> dict[str, Any]:
    """Return what the page would ask a server for: the run, four raids at most, and their stops where these are few."""
    document = json.loads(desk.run_document(run))
    chosen = document["across"]["chosen"]
    begin = chosen["median"] if replication is None else replication
    base = f"/api/runs/{quote(run, safe='~')}"
    document["editable"] = False
    found: dict[str, Any] = {
        "/api/health": {"shieldwall": shieldwall.__version__, "start": run, "exercise": False},
        base: document,
    }
    threats = sum(entry["count"] for entry in (*document["salvos"], *document.get("flights", ())))
    for one in dict.fromkeys((begin, *chosen.values())):
        found[f"{base}/replays/{one}"] = json.loads(desk.replay(run, one))
        if threats <= STOPS_AT_MOST:
            found[f"{base}/replays/{one}/stops"] = {"threats": desk.all_stops(run, one)}
    return {"start": run, "replication": begin, "answers": found}
