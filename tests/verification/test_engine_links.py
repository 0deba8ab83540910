"""Links of limited capacity: the mean wait against Pollaczek and Khinchine, every wait against queues kept by hand."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from pathlib import Path

import numpy as np
import pytest

from shieldwall import Results
from verification.lab import (
    CENTRE,
    Fields,
    battery,
    case,
    column,
    effector,
    has_mean,
    leaked,
    moments,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
)

LINKS = "links of limited capacity"
M_D_1 = "Pollaczek 1930, Khinchine 1932; Gross et al. 2008, Fundamentals of Queueing Theory, 5.1"
REPORT_S = 100.0
WARM_UP = 80
TABLES = ("rows", "weapons", "targets", "losses", "events")
AT_ONCE = {"identification": "0 s", "command": "0 s", "delay": "constant"}


def on_one_link(load: float, count: int = 400) -> Fields:
    """Return a Poisson stream of tracks before one link; each threat flies 3,000 s after it is seen."""
    return scenario(
        [raid(count, type="slow-drone", timing="poisson", spread=f"{count * REPORT_S / load} s")],
        integration="alliance",
        command=AT_ONCE,
        structure={
            "nodes": [{"id": "post", "level": "sector"}],
            "links": [{"from": "unit", "to": "post", "capacity": f"{1.0 / REPORT_S} 1/s"}],
        },
        catalogue={
            "threats": [threat("slow-drone", speed=20.0)],
            "effectors": [effector(kill=1.0, reach_km=60.0, speed=12_000.0)],
            "sensors": [radar(range_km=60.0, scan=0.001)],
            "fire_units": [battery()],
        },
    )


def waits_s(results: Results) -> np.ndarray:
    """Return how long each report waited for the link, in the order of the tracks, without the first."""
    sent_s = moments(results, "reported")
    wait_s = column(results, "first_track_s") - sent_s - REPORT_S
    return np.take_along_axis(wait_s, np.argsort(sent_s, axis=1), axis=1)[:, WARM_UP:]


@case(LINKS, "M/D/1: mean wait rho D / (2 (1 - rho))", M_D_1)
@pytest.mark.parametrize(("load", "error_s"), [(0.3, 1.0), (0.6, 2.0), (0.8, 5.0)])
def test_mean_wait_before_a_link(tmp_path: Path, load: float, error_s: float) -> None:
    results = play(tmp_path, on_one_link(load), 300, events=True)
    has_mean(waits_s(results).mean(axis=1), load * REPORT_S / (2.0 * (1.0 - load)), error=error_s)


@case(LINKS, "M/D/1: a share 1 - rho of the reports waits for nothing", M_D_1)
@pytest.mark.parametrize("load", [0.3, 0.6])
def test_share_that_does_not_wait(tmp_path: Path, load: float) -> None:
    results = play(tmp_path, on_one_link(load), 300, events=True)
    has_mean((waits_s(results) < 1e-6).mean(axis=1), 1.0 - load, error=0.01)


def two_levels(**changes: object) -> Fields:
    """Return bursts before three sensors: two under one node, one under another, both under the node that leads."""
    links = [
        {"from": "a", "to": "left", "capacity": "0.05 1/s", "latency": "2 s"},
        {"from": "b", "to": "left", "latency": "3 s"},
        {"from": "c", "to": "right", "capacity": "0.1 1/s"},
        {"from": "left", "to": "top", "capacity": "4 1/min", "latency": "5 s", **changes},
        {"from": "right", "to": "top", "latency": "1 s"},
    ]
    nodes = [{"id": "top", "level": "alliance"}]
    nodes += [{"id": name, "level": "sector", "parent": "top"} for name in ("left", "right")]
    places = {"a": (0.3, 0.0), "b": (0.0, 0.4), "c": (-0.3, 0.0)}
    return scenario(
        [
            raid(12, "first", timing="equal", spread="60 s"),
            raid(30, "second", launch="+00:10", timing="uniform", spread="20 min"),
            raid(12, "third", launch="+00:25"),
        ],
        integration="alliance",
        command=AT_ONCE,
        doctrine=shots(1, 1),
        sensors=[
            {"id": name, "type": "eye", "position": [CENTRE[0] + dy, CENTRE[1] + dx]}
            for name, (dy, dx) in places.items()
        ],
        structure={"nodes": nodes, "links": links, "members": {"left": ["a", "b"], "right": ["c"], "top": ["unit"]}},
        catalogue={
            "effectors": [effector(kill=1e-9, reach_km=15.0)],
            "sensors": [radar(range_km=80.0, scan=10.0, detection=0.5), radar("near", range_km=5.0)],
            "fire_units": [battery(radar="near")],
        },
    )


# Of each link: seconds a report takes it, latency, the next one; "" is the node that leads.
WAY = {"a": (20.0, 2.0, "left"), "b": (0.0, 3.0, "left"), "c": (10.0, 0.0, "right")}
WAY |= {"left": (15.0, 5.0, ""), "right": (0.0, 1.0, "")}
FIRST = {"a": "a", "b": "left", "c": "c"}  # the first link of limited capacity


def heard_by_hand(reports: Sequence[tuple[float, str, str]], down: tuple[float, float]) -> dict[str, float]:
    """Return when the node hears of each threat: queues with a server each, moved on from one moment to the next.

    A report of a threat that the node has heard of by then is not taken up. `left` begins none while it is down.

    Parameters
    ----------
    reports : when a report comes to its first link of limited capacity, sensor, threat
    """
    agenda = [(time, i, FIRST[sensor], threat) for i, (time, sensor, threat) in enumerate(sorted(reports))]
    heapify(agenda)
    waiting: dict[str, deque[str]] = defaultdict(deque)
    busy: set[str] = set()
    heard: dict[str, float] = {}
    number = len(agenda)

    def push(time: float, where: str, threat: str) -> None:
        nonlocal number
        number += 1
        heappush(agenda, (time, number, where, threat))

    def begin(time: float, link: str) -> None:
        if link == "left" and down[0] <= time < down[1]:
            push(down[1], "up", "")
        elif waiting[link] and link not in busy:
            busy.add(link)
            push(time + WAY[link][0], f"done {link}", waiting[link].popleft())

    while agenda:
        time, _, where, threat = heappop(agenda)
        if where == "up":
            begin(time, "left")
        elif where.startswith("done "):
            link = where.removeprefix("done ")
            busy.discard(link)
            push(time + WAY[link][1], WAY[link][2], threat)
            begin(time, link)
        elif threat not in heard:
            if where == "":
                heard[threat] = time
            elif WAY[where][0] == 0.0:
                push(time + WAY[where][1], WAY[where][2], threat)
            else:
                waiting[where].append(threat)
                begin(time, where)
    return heard


@case(LINKS, "bursts over two levels of links, each report against queues kept by hand, first come first served")
def test_bursts_over_two_levels(tmp_path: Path) -> None:
    results = play(tmp_path, two_levels(), 25, events=True)
    compare_with_queues_by_hand(results, (-1.0, -1.0), least=25 * 40)


@case(LINKS, "a link that is down begins no report; those that wait go on in their order, by hand")
def test_bursts_over_a_link_that_is_down(tmp_path: Path) -> None:
    """Its outage begins after every track has been made, so that nobody leads for himself or reports anew."""
    fields = two_levels(outages=[{"from": "+00:40", "to": "+00:44"}])
    compare_with_queues_by_hand(play(tmp_path, fields, 25, events=True), (2_400.0, 2_640.0), least=25 * 40)


def compare_with_queues_by_hand(results: Results, down: tuple[float, float], least: int) -> None:
    """Compare when every threat came on the picture; one that fell or hit before that never does."""
    query = "select replication, threat, sensor, time_s from events where kind = 'reported'"
    sent: dict[int, list[tuple[float, str, str]]] = defaultdict(list)
    for row in results.query(query).to_pylist():
        sent[row["replication"]].append((row["time_s"], row["sensor"], row["threat"]))
    tracked_s, end_s = moments(results, "tracked"), column(results, "end_s")
    compared, waits = 0, []
    for r, reports in sent.items():
        expected = heard_by_hand(reports, down)
        for t, name in enumerate(results.roster.threat):
            if np.isnan(tracked_s[r, t]):
                assert name not in expected or expected[name] >= end_s[r, t] - 1e-6
            else:
                assert abs(expected[name] - tracked_s[r, t]) < 1e-6
                compared += 1
                waits.append(tracked_s[r, t] - min(time for time, _, what in reports if what == name))
    assert compared >= least
    assert max(waits) > 120.0


@case(LINKS, "a report that comes after the last window is `command_delay`, by hand")
def test_a_report_too_late_is_command_delay(tmp_path: Path) -> None:
    """Sixty tracks 3,000 s before impact, one report each 100 s: the thirtieth comes as its threat does."""
    fields = on_one_link(0.5, 60)
    fields["raids"] = [raid(60, type="slow-drone")]
    results = play(tmp_path, fields, 5)
    causes = column(results, "cause")
    assert set(causes[leaked(results)]) == {"command_delay"}
    assert (leaked(results).sum(axis=1) == 60 - 29).all()


def wide(fields: Fields) -> None:
    """Let the link carry more than there is."""
    fields["structure"]["links"][0]["capacity"] = "10000 1/s"


@case(LINKS, "a wide link changes nothing that a threat meets, by definition")
def test_a_wide_link_changes_nothing(tmp_path: Path) -> None:
    plain, with_link = on_one_link(0.5), on_one_link(0.5)
    del plain["structure"]["links"]
    wide(with_link)
    one, other = play(tmp_path, plain, 20), play(tmp_path, with_link, 20)
    for name in ("fate", "cause", "rounds"):
        assert (column(one, name) == column(other, name)).all()
    late_s = column(other, "first_track_s") - column(one, "first_track_s")
    assert (late_s > 0.9e-4).all()
    assert (late_s < 1e-2).all()


@case(LINKS, "queues on links: the same bytes on any number of threads, by definition")
def test_same_bytes_on_any_number_of_threads(tmp_path: Path) -> None:
    one, two = (play(tmp_path, two_levels(), 40, events=True, threads=threads) for threads in (1, 2))
    for table in TABLES:
        assert one.to_arrow(table).equals(two.to_arrow(table))
