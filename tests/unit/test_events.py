"""The event log tells what happened, and nothing that a threat's end came before."""

from __future__ import annotations

import shieldwall


def test_after_its_end_a_threat_has_no_event_but_rounds_that_find_it_gone():
    run = shieldwall.simulate(shieldwall.load("night-2025-06-09"), 3, 1, events=True)
    late = run.query(
        "select distinct kind from events join rows using (replication, threat) where time_s > end_s order by kind"
    )
    assert [row["kind"] for row in late.to_pylist()] in ([], ["wasted"])


def test_every_end_that_the_rows_tell_is_in_the_log_once():
    run = shieldwall.simulate(shieldwall.load("night-2025-06-09"), 3, 1, events=True)
    for fate in ("suppressed", "failed", "shot_down"):
        ends = f"select count(*) as n from rows where fate = '{fate}'"
        told = f"select count(*) as n from events where kind = '{fate}'"
        assert run.query(told).to_pylist() == run.query(ends).to_pylist()
