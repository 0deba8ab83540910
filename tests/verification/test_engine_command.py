"""The command structure: queues against Erlang, latency exactly, losses of nodes and links by hand."""

from __future__ import annotations

from itertools import pairwise
from math import exp, factorial
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall import Results
from verification.lab import (
    CENTRE,
    Fields,
    battery,
    case,
    column,
    effector,
    has_mean,
    is_fate,
    leaked,
    moments,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
)

COMMAND = "command structure"
ERLANG_C = "Erlang 1917; Gross et al. 2008, Fundamentals of Queueing Theory, 2.4"
LOSS_QUEUE = "Gross et al. 2008, Fundamentals of Queueing Theory, 2.5"
SERVICE_S = 100.0
WARM_UP = 80
TABLES = ("rows", "weapons", "targets", "losses", "events")


def erlang_c(operators: int, load: float) -> float:
    """Return the share of tracks that wait, by the sum itself."""
    last = load**operators / factorial(operators) * operators / (operators - load)
    return last / (sum(load**k / factorial(k) for k in range(operators)) + last)


def full(operators: int, places: int, load: float) -> float:
    """Return the share that finds all places of M/M/c/K taken, K `places` in all."""
    weights = [load**k / factorial(min(k, operators)) / operators ** max(k - operators, 0) for k in range(places + 1)]
    return weights[-1] / sum(weights)


def at_node(load: float, delay: str = "exponential", count: int = 400, **node: object) -> Fields:
    """Return a Poisson stream of tracks before one node; each threat flies 3,000 s after it is seen."""
    coming = raid(count, type="slow-drone", timing="poisson", spread=f"{count * SERVICE_S / load} s")
    return scenario(
        [coming],
        integration="alliance",
        command={"delay": delay},
        structure={"nodes": [{"id": "post", "level": "sector", "service": f"{SERVICE_S} s", **node}]},
        catalogue={
            "threats": [threat("slow-drone", speed=20.0)],
            "effectors": [effector(kill=1.0, reach_km=60.0, speed=12_000.0)],
            "sensors": [radar(range_km=60.0, scan=0.001)],
            "fire_units": [battery()],
        },
    )


def steady(results: Results, values: np.ndarray) -> np.ndarray:
    """Return values (R, T) in the order of the tracks, without the first."""
    order = np.argsort(column(results, "start_s"), axis=1)
    return np.take_along_axis(values, order, axis=1)[:, WARM_UP:]


def sojourns(results: Results) -> np.ndarray:
    """Return wait and service of each track, NaN for those never worked on."""
    return steady(results, column(results, "engageable_s") - column(results, "first_track_s"))


@case(COMMAND, "M/M/c: mean wait C(c, a) S / (c - a), with Erlang's C", ERLANG_C)
@pytest.mark.parametrize(("operators", "load"), [(1, 0.5), (2, 1.2), (4, 3.0)])
def test_mean_wait_at_a_node(tmp_path: Path, operators: int, load: float) -> None:
    results = play(tmp_path, at_node(load, operators=operators), 300)
    wait_s = erlang_c(operators, load) * SERVICE_S / (operators - load)
    has_mean(np.nanmean(sojourns(results), axis=1), wait_s + SERVICE_S, error=2.5)


@case(
    COMMAND, "M/M/c: P(wait + service > t) = e^-mt (1 + C (1 - e^-mt(c-1-a)) / (c-1-a)), which holds P(wait)", ERLANG_C
)
@pytest.mark.parametrize(("operators", "load"), [(1, 0.5), (3, 1.5), (4, 2.8)])
def test_distribution_of_the_wait_at_a_node(tmp_path: Path, operators: int, load: float) -> None:
    results = play(tmp_path, at_node(load, operators=operators), 300, seed=5)
    spare = operators - 1 - load
    for t in (0.5, 1.5):
        longer = exp(-t) * (1 + erlang_c(operators, load) * (1 - exp(-t * spare)) / spare)
        has_mean((sojourns(results) > t * SERVICE_S).mean(axis=1), longer, error=0.006)


@case(COMMAND, "M/M/c/K: share that finds every place taken, p_K; those are never worked on", LOSS_QUEUE)
@pytest.mark.parametrize(("operators", "queue", "load"), [(1, 0, 0.5), (1, 2, 0.9), (2, 3, 1.8), (3, 0, 2.0)])
def test_share_that_finds_the_queue_full(tmp_path: Path, operators: int, queue: int, load: float) -> None:
    results = play(tmp_path, at_node(load, operators=operators, queue=queue), 300)
    turned_away = np.isnan(column(results, "engageable_s"))
    has_mean(steady(results, turned_away).mean(axis=1), full(operators, operators + queue, load), error=0.004)
    assert (turned_away == leaked(results)).all()
    assert set(column(results, "cause")[turned_away]) == {"command_delay"}


@case(COMMAND, "M/D/c/c: constant service without a queue: Erlang B whatever the distribution", LOSS_QUEUE)
def test_loss_is_insensitive_to_service(tmp_path: Path) -> None:
    results = play(tmp_path, at_node(2.0, "constant", operators=3, queue=0), 300)
    turned_away = np.isnan(column(results, "engageable_s"))
    has_mean(steady(results, turned_away).mean(axis=1), full(3, 3, 2.0), error=0.004)


@case(COMMAND, "without operators delays are independent, M/M/inf: mean S", ERLANG_C)
def test_unlimited_operators(tmp_path: Path) -> None:
    results = play(tmp_path, at_node(5.0), 200)
    has_mean(sojourns(results).mean(axis=1), SERVICE_S, error=0.6)


@case(COMMAND, "order: value takes the track with the most value at risk first, by hand")
def test_most_value_first(tmp_path: Path) -> None:
    """One operator at 100 s: the first to come, then the two at the rich town, then the others."""
    fields = at_node(1.0, "constant", operators=1, order="value")
    fields["raids"] = [
        raid(1, "a-first", type="slow-drone"),
        raid(3, "b-poor", type="slow-drone", launch="+00:01"),
        raid(2, "c-rich", type="slow-drone", aim=["rich"], launch="+00:01"),
    ]
    towns = [{"id": n, "kind": "lab-town", "position": CENTRE, "value": v} for n, v in (("town", 100), ("rich", 500))]
    results = play(tmp_path, fields | {"assets": towns}, 20)
    order = np.argsort(column(results, "engageable_s"), axis=1)
    assert (order[:, 0] == 0).all()
    assert (np.sort(order[:, 1:3], axis=1) == [4, 5]).all()


@case(
    COMMAND, "one node, unlimited operators and links, no delay: the tables of `alliance` byte for byte, by definition"
)
@pytest.mark.parametrize("settings", [[], ["command={identification: 5 s, command: 9 s}"]])
def test_one_node_is_the_plain_engine(settings: list[str]) -> None:
    """With the node named as the plain network the delays draw the same luck too."""
    none = ["command={identification: 0 s, command: 0 s}"]
    for name, more in (("one-battery", none), ("fourfold", none), ("fourfold", settings)):
        node = "post" if more is none else "alliance"
        extra = [*more, f"structure={{nodes: [{{id: {node}, level: alliance}}]}}"]
        plain, structured = (
            shieldwall.simulate(shieldwall.load(name, overrides=given), 40, 3, events=True) for given in (more, extra)
        )
        for table in TABLES:
            assert plain.to_arrow(table).equals(structured.to_arrow(table)), (name, table)


def posts(**changes: object) -> Fields:
    """Return the laboratory's unit and a far-seeing sensor under one node, constant delays of 30 s."""
    structure = {"nodes": [{"id": "post", "level": "sector"}], **changes}
    return scenario(
        [raid(60, timing="equal", spread="1800 s")],
        integration="alliance",
        command={"identification": "0 s", "command": "30 s", "delay": "constant"},
        doctrine=shots(1, 4),
        sensors=[{"id": "far", "type": "eye", "position": CENTRE}],
        structure=structure,
        catalogue={
            "effectors": [effector(kill=0.7, reach_km=15.0)],
            "sensors": [radar(range_km=80.0, scan=0.001), radar("near", range_km=20.0, scan=0.001)],
            "fire_units": [battery(radar="near")],
        },
    )


@case(COMMAND, "the latency of a sensor's link moves track and order by just that, by hand")
def test_latency_of_a_report(tmp_path: Path) -> None:
    plain = play(tmp_path, posts(), 20)
    late = play(tmp_path, posts(links=[{"from": "far", "to": "post", "latency": "7 s"}]), 20)
    for name in ("first_track_s", "engageable_s"):
        assert np.allclose(column(late, name) - column(plain, name), 7.0, rtol=0, atol=1e-6)


@case(COMMAND, "an order that takes L is an order given L later, by hand")
def test_latency_of_an_order(tmp_path: Path) -> None:
    """Seen 800 s before impact, ordered 100 s before: within reach. One shot, for each order takes its time again."""
    slow = {"identification": "0 s", "delay": "constant"}
    late = posts(links=[{"from": "unit", "to": "post", "latency": "11 s"}]) | {"command": slow | {"command": "700 s"}}
    later = posts() | {"command": slow | {"command": "711 s"}}
    late["doctrine"] = later["doctrine"] = shots(1, 1)
    one, other = play(tmp_path, late, 20), play(tmp_path, later, 20)
    assert is_fate(one, "shot_down").any()
    assert (column(one, "fate") == column(other, "fate")).all()
    assert np.allclose(column(one, "end_s"), column(other, "end_s"), rtol=0, atol=1e-6)
    assert np.allclose(column(other, "engageable_s") - column(one, "engageable_s"), 11.0, rtol=0, atol=1e-6)


LOST_S, REPAIRED_S = 1_500.0, 2_100.0


@case(COMMAND, "a lost node: nobody is ordered to fire meanwhile, all as before its loss, by hand")
@pytest.mark.parametrize("what", ["node", "link"])
def test_loss_of_a_node(tmp_path: Path, what: str) -> None:
    """The unit alone sees threats 200 s before impact and needs 300 s: what falls due meanwhile gets through."""
    lost: Fields = {
        "node": {"losses": [{"node": "post", "at": "+00:25", "repair": "10 min"}]},
        "link": {"links": [{"from": "unit", "to": "post", "outages": [{"from": "+00:25", "to": "+00:35"}]}]},
    }[what]
    slow = {"command": {"identification": "0 s", "command": "300 s", "delay": "constant"}, "doctrine": shots(1, 1)}
    sure = {"effectors": [effector(kill=1.0, reach_km=15.0)]}
    fields = [posts(**given) | slow for given in ({}, lost)]
    for each in fields:
        each["catalogue"] |= sure
    plain, broken = (play(tmp_path, each, 3, events=True) for each in fields)
    assert is_fate(plain, "shot_down").all()
    fired_s = moments(plain, "fired")
    impact_s = column(plain, "start_s") + 1_000.0
    alone = (fired_s >= LOST_S) & (fired_s < REPAIRED_S)
    # Repaired before impact: the node orders at once what it had tracked 300 s before, or sees again.
    tracked_s = column(plain, "first_track_s")
    heard_s = np.where((what == "node") & (tracked_s >= LOST_S) & (tracked_s < REPAIRED_S), REPAIRED_S, tracked_s)
    told_s = np.maximum(heard_s + 300.0, np.where(alone, REPAIRED_S, fired_s))
    sure_to_leak, sure_to_fall = told_s > impact_s + 5.0, told_s < impact_s - 5.0
    assert sure_to_leak.sum() > 10
    assert sure_to_fall.sum() > 100
    assert leaked(broken)[sure_to_leak].all()
    assert is_fate(broken, "shot_down")[sure_to_fall].all()
    kinds = [row["kind"] for row in broken.query("select kind from events where kind like 'node%'").to_pylist()]
    assert kinds == (["node_lost", "node_repaired"] * 3 if what == "node" else [])


@case(COMMAND, "no two salvos at one threat overlap over a cut, nor are there more than doctrine allows, by hand")
def test_shots_are_known_over_a_cut(tmp_path: Path) -> None:
    """One unit, cut off again and again for a minute: it knows its own shots, and tells of them."""
    outages = [{"from": f"+00:{m}", "to": f"+00:{m + 1}"} for m in range(10, 58, 2)]
    fields = posts(links=[{"from": "unit", "to": "post", "outages": outages}])
    fields |= {
        "doctrine": shots(1, 3, 20.0),
        "command": {"identification": "0 s", "command": "1 s", "delay": "constant"},
    }
    fields["catalogue"] |= {"effectors": [effector(kill=0.1, reach_km=20.0)]}
    results = play(tmp_path, fields, 20, events=True)
    rows = results.query("select replication, threat, kind, time_s from events where weapon is not null").to_pylist()
    shots_at: dict[tuple[int, str], list[tuple[float, str]]] = {}
    for row in rows:
        shots_at.setdefault((row["replication"], row["threat"]), []).append((row["time_s"], row["kind"]))
    assert len(shots_at) == 20 * 60
    counts = []
    for events in shots_at.values():
        in_order = sorted(events)
        counts.append(sum(kind == "fired" for _, kind in in_order))
        assert all((a[1] == "fired") != (b[1] == "fired") for a, b in pairwise(in_order)), in_order
    assert max(counts) == 3


def lost_node(node: str, at: str) -> str:
    return f"{{losses: [{{node: {node}, at: '{at}', repair: 90 min}}]}}"


def cut_link(lower: str, upper: str, more: str = "") -> str:
    return f"{{links: [{{from: {lower}, to: {upper}, outages: [{{from: '22:30', to: '06:00'}}]}}]{more}}}"


NIGHT = "night-2025-06-09"


@case(COMMAND, "a lost node or link improves neither leakers nor value: shipped scenarios, paired luck, 95 % interval")
@pytest.mark.parametrize(
    ("name", "lost"),
    [
        *[(NIGHT, lost_node(node, "00:30")) for node in ("east", "centre", "south", "west")],
        *[("fourfold", lost_node(node, "02:00")) for node in ("pl", "ro", "lt", "alliance")],
        *[("integration", lost_node(node, "02:30")) for node in ("north", "middle", "south")],
        *[(NIGHT, cut_link(unit, "east")) for unit in ("group-myrhorod", "group-zaporizhzhia", "manpads-myrhorod")],
        ("fourfold", cut_link("long-range-pl-east", "pl")),
        ("fourfold", cut_link("ro", "alliance")),
        ("fourfold", cut_link("pl", "alliance", ", cut_off: hold")),
        ("fourfold", "{losses: [{node: ro, at: '20:00'}], cut_off: hold}"),
    ],
)
def test_a_loss_never_helps(name: str, lost: str) -> None:
    runs = [
        shieldwall.simulate(shieldwall.load(name, overrides=[f"structure={given}"]), 400, 11)
        for given in ("{losses: []}", lost)
    ]
    for figure in (leaked, lambda results: column(results, "damage")):
        plain, broken = (figure(results).sum(axis=1) for results in runs)
        more = broken - plain
        assert more.mean() >= -1.96 * more.std(ddof=1) / np.sqrt(more.size), more.mean()


def crowd(units: int, **changes: object) -> Fields:
    """Return so many units at one place under one node; their own radars see as far as they shoot, nothing is hit."""
    fields = posts(**changes)
    fields["doctrine"] = shots(1, 6, 4.0)
    fields["command"] = {"identification": "0 s", "command": "1 s", "delay": "constant"}
    fields["catalogue"] |= {"effectors": [effector(kill=1e-9, reach_km=20.0)]}
    fields["fire_units"] = [fields["fire_units"][0] | {"count": units}]
    return fields


@case(COMMAND, "cut off, each unit fires its share of doctrine's shots, rounded down, at least a salvo: by hand")
@pytest.mark.parametrize(("units", "share"), [(1, 6), (2, 3), (4, 1), (6, 1), (8, 1)])
def test_share_of_shots_when_cut_off(tmp_path: Path, units: int, share: int) -> None:
    lost = {"losses": [{"node": "post", "at": "+00:00"}]}
    for given, fired in (({}, 6), (lost, units * share)):
        results = play(tmp_path, crowd(units, **given), 3)
        assert (column(results, "rounds") == fired).all()


@case(COMMAND, "a link of some units lost: the node too has only its share of the shots, by hand")
def test_share_of_shots_of_the_node(tmp_path: Path) -> None:
    """Of four units one is cut off: a quarter of six shots, rounded down, and three quarters, rounded down."""
    fields = crowd(3, links=[{"from": "cut", "to": "post", "outages": [{"from": "+00:00", "to": "+05:00"}]}])
    fields["fire_units"] += [fields["fire_units"][0] | {"id": "cut", "count": 1}]
    results = play(tmp_path, fields, 3, events=True)
    fired = results.query(
        "select weapon, count(*) as shots from events where kind = 'fired' group by weapon"
    ).to_pylist()
    threats = 3 * column(results, "rounds").shape[1]
    assert sum(row["shots"] for row in fired if row["weapon"].startswith("cut")) == threats
    assert sum(row["shots"] for row in fired) == (1 + 4) * threats


@case(COMMAND, "`cut_off: tight`: who is cut off first identifies, `free`: he does not, by hand")
@pytest.mark.parametrize(("cut_off", "identification_s"), [("tight", 40.0), ("free", 0.0)])
def test_identification_when_cut_off(tmp_path: Path, cut_off: str, identification_s: float) -> None:
    fields = crowd(1, losses=[{"node": "post", "at": "+00:00"}], cut_off=cut_off)
    fields["command"] = {"identification": "40 s", "command": "7 s", "delay": "constant"}
    results = play(tmp_path, fields, 3)
    wait_s = column(results, "engageable_s") - column(results, "first_track_s")
    assert np.allclose(wait_s, 7.0 + identification_s, rtol=0, atol=1e-6)


@case(COMMAND, "in the laboratory every loss costs: a sensor's link, a unit's, the node; paired luck")
@pytest.mark.parametrize(
    "lost",
    [
        {"links": [{"from": "far", "to": "post", "outages": [{"from": "+00:10", "to": "+00:40"}]}]},
        {"links": [{"from": "unit", "to": "post", "outages": [{"from": "+00:10", "to": "+00:40"}]}]},
        {"losses": [{"node": "post", "at": "+00:10", "repair": "30 min"}]},
    ],
)
def test_a_loss_costs_in_the_laboratory(tmp_path: Path, lost: Fields) -> None:
    fields = [posts(**given) for given in ({}, lost)]
    for each in fields:
        each["command"] = {"identification": "0 s", "command": "60 s", "delay": "exponential"}
    plain, broken = (leaked(play(tmp_path, each, 300)).sum(axis=1) for each in fields)
    more = broken - plain
    assert more.mean() > 3 * more.std(ddof=1) / np.sqrt(more.size)


@case(COMMAND, "queue, priority and loss: the same bytes on any number of threads, by definition")
def test_same_luck_on_any_number_of_threads(tmp_path: Path) -> None:
    fields = posts(losses=[{"node": "post", "at": "+00:25", "repair": "10 min"}])
    fields["structure"]["nodes"][0] |= {"operators": 2, "queue": 4, "order": "value"}
    one, two = (play(tmp_path, fields, 60, events=True, threads=threads) for threads in (1, 2))
    for table in TABLES:
        assert one.to_arrow(table).equals(two.to_arrow(table))
