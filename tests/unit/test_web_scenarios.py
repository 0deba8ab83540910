"""Every shipped scenario can be looked at and fought: its documents are whole, an exercise left alone is its raid."""

from __future__ import annotations

import json

import numpy as np
import pytest

import shieldwall
from shieldwall.scenario.load import shipped
from shieldwall.web.exercise import Exercises
from web_server import desk_on, run_in


@pytest.mark.parametrize("scenario", shipped())
def test_every_shipped_scenario_has_a_page(tmp_path, scenario):
    run_in(tmp_path, scenario, 2, "run")
    desk = desk_on(tmp_path)
    run, replay = json.loads(desk.run_document("run")), json.loads(desk.replay("run", 1))
    rows = shieldwall.Results.open(tmp_path / "run").query("select * from rows where replication = 1").to_pylist()
    threats = replay["threats"]
    targets = [one["id"] for one in (*run["assets"], *run["units"], *run["sensors"])]
    assert [run["fates"][fate] for fate in threats["fate"]] == [row["fate"] for row in rows]
    assert [targets[target] for target in threats["target"]] == [row["target"] for row in rows]
    assert len({len(column) for column in threats.values()}) == 1
    assert max(threats["path"]) < len(replay["paths"]["n"])
    assert all(np.isin(replay["events"]["kind"], range(len(run["event_kinds"]))))
    assert len(desk.stops("run", 1, rows[0]["threat"])["stops"]) == 10
    ready = desk.ready(desk.results("run").manifest)
    session = Exercises().begin(ready, 3, 1)
    session.advance(1e9, [])
    review = session.review()
    assert review["replay"]["yours"] == review["replay"]["automatic"]
    assert review["replay"]["yours"]["threats"]["fate"] == threats["fate"]
