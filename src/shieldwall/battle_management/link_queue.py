"""The queue of reports before a link of limited capacity: first come, first served, each for the same time."""

from __future__ import annotations

from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.timetable import next_at_work_s
from shieldwall.state import State
from shieldwall.tables import Tables


@kernel
def carried_s(link: int, now_s: float, tables: Tables, state: State) -> float:
    """Return when a report that comes to a link now has been carried (inf: never), behind all that came before it.

    Reports come in the order of events, so that a link need only know until when it is taken. Nothing begins while it
    is down; what has begun gets through.
    """
    links = tables.links.links
    free_s = max(now_s, float(state.reports.free_s[link]))
    begun_s = next_at_work_s(tables.links.at_work, links[link].at_work_first, links[link + 1].at_work_first, free_s)
    done_s = begun_s + links[link].report_s
    state.reports.free_s[link] = done_s
    return float(done_s)


def _as_heard_s(pair: int, tables: Tables, state: State) -> float:
    return float(state.pairs[pair].track_s)


@where_given("links", _as_heard_s)
def reported_s(pair: int, tables: Tables, state: State) -> float:
    """Return when a pair's track was made and sent, latency included, whatever waits on links (inf: never)."""
    return float(state.reports.made_s[pair])
