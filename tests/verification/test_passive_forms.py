"""Passive defence and readiness, function by function, against closed forms, brute force and networkx."""

from __future__ import annotations

import math
from itertools import pairwise

import networkx
import numpy as np
import pytest
from scipy import integrate, stats

from shieldwall.battle_management.intelligence import (
    IntelligenceSource,
    chance_of_a_raid,
    lead_times_s,
    notice_probability,
)
from shieldwall.battle_management.readiness import raised_hours_a_year
from shieldwall.core.draws import draw_each
from shieldwall.core.random import actor_hash, draw
from shieldwall.passive_defence.casualties import draw_casualties, expected_casualties
from shieldwall.passive_defence.damage import Hits, broken
from shieldwall.passive_defence.dispersal import ring
from shieldwall.passive_defence.network import Link, Part, Service, delivered, flow_table
from shieldwall.passive_defence.outage import service_lost
from shieldwall.passive_defence.relocation import at_work_share, moved_share
from shieldwall.passive_defence.repair import repair_durations_s, repaired_s, spares_ready_s, work
from shieldwall.passive_defence.shelter import Sheltering, arrived_share, relative_risk
from shieldwall.passive_defence.warning import warning_times_s
from verification.lab import has_mean, has_share

HABITS = Sheltering(
    id="habits", to_shelter=0.4, to_inner_room=0.3, time_to_shelter_s=120.0, time_to_inner_room_s=30.0, time_spread=0.6,
    outdoors={"night": 0.02, "morning": 0.1, "day": 0.25, "evening": 0.15}, risk_outdoors=3.0, risk_inner_room=0.5,
    risk_shelter=0.05, places=0.3,
)  # fmt: skip
WATCH = IntelligenceSource("watch", {"ballistic": 0.2, "drone": 0.5}, 6 * 3_600.0, 12.0, 24 * 3_600.0, 1.0)


def test_draws_for_many_are_those_of_the_kernel() -> None:
    actor = np.array([actor_hash(f"t/{i}") for i in range(20)], np.uint64)
    replication = np.arange(20) * 1_000_003 % 2**32
    found = draw_each(2**63 + 5, replication, np.uint64(81), actor, 3)
    for row, r, a in zip(found, replication, actor, strict=True):
        assert tuple(row) == tuple(draw(np.uint64(2**63 + 5), np.uint64(r), np.uint64(81), a, np.uint64(3)))


# ---- warning and shelter


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_warning_times_against_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, places, hold_s = 400, 7, 25.0
    group, alert_s = rng.integers(0, places, n), rng.uniform(0, 500, n).round(1)
    end_s = alert_s + rng.uniform(-20, 60, n).round(1)
    where, when = rng.integers(0, places + 1, 100), rng.uniform(0, 600, 100).round(1)
    expected = np.zeros(100)
    for i in range(100):
        own = sorted((a, e + hold_s) for g, a, e in zip(group, alert_s, end_s, strict=True) if g == where[i] and a < e)
        since = until = -np.inf
        for begin, end in own:
            if begin > when[i]:
                break
            since, until = (begin, end) if begin > until else (since, max(until, end))
        expected[i] = when[i] - since if until >= when[i] else 0.0
    assert warning_times_s(group, alert_s, end_s, hold_s, where, when) == pytest.approx(expected)


def test_shelter_curve_is_log_normal() -> None:
    time_s = np.array([-1.0, 0.0, 10.0, 120.0, 400.0])
    found = arrived_share(time_s, 120.0, 0.6)
    assert found == pytest.approx(stats.lognorm(s=0.6, scale=120.0).cdf(time_s))
    assert found[3] == pytest.approx(0.5)
    walked = 120.0 * np.exp(0.6 * np.random.default_rng(5).standard_normal(40_000))
    has_share(walked <= 200.0, float(arrived_share(np.array([200.0]), 120.0, 0.6)[0]), error=0.003)


def test_risk_by_posture_person_by_person() -> None:
    rng = np.random.default_rng(11)
    n, warning_s, reached = 200_000, 90.0, 0.8
    base = np.where(rng.random(n) < HABITS.outdoors["day"], HABITS.risk_outdoors, 1.0)
    choice, hears = rng.random(n), rng.random(n) < reached
    walk = HABITS.time_to_shelter_s * np.exp(HABITS.time_spread * rng.standard_normal(n))
    room = HABITS.time_to_inner_room_s * np.exp(HABITS.time_spread * rng.standard_normal(n))
    sheltered = hears & (choice < 0.3) & (walk <= warning_s)
    inside = hears & (choice >= 0.3) & (choice < 0.6) & (room <= warning_s)
    risk = np.where(sheltered, HABITS.risk_shelter, np.where(inside, HABITS.risk_inner_room, base))
    one = np.ones(1)
    has_mean(risk, float(relative_risk(warning_s * one, 12.0 * one, reached * one, HABITS)[0]), error=0.002)


def test_risk_at_the_ends_of_warning_and_by_the_hour() -> None:
    hours = np.array([0.0, 5.9, 6.0, 9.0, 18.0, 23.0])
    outdoors = np.array([0.02, 0.02, 0.1, 0.25, 0.15, 0.02])
    nothing, ever = np.zeros(6), np.full(6, 1e12)
    assert relative_risk(nothing, hours, np.ones(6), HABITS) == pytest.approx(1.0 + 2.0 * outdoors)
    base = 1.0 + 2.0 * outdoors
    assert relative_risk(ever, hours, np.ones(6), HABITS) == pytest.approx(0.3 * 0.05 + 0.3 * 0.5 + 0.4 * base)
    assert relative_risk(ever, hours, np.zeros(6), HABITS) == pytest.approx(base)


# ---- casualties


def test_casualties_are_negative_binomial() -> None:
    rng = np.random.default_rng(3)
    n, mean, shape = 60_000, 3.0, 0.8
    found = draw_casualties(np.full(n, mean), shape, rng.random(n), rng.random(n))
    law = stats.nbinom(shape, shape / (shape + mean))
    has_mean(found, mean, error=0.02)
    for most in (0, 1, 4, 12):
        has_share(found <= most, float(law.cdf(most)), error=0.0025)


def test_casualties_of_an_even_place_are_poisson_and_never_more_from_a_smaller_mean() -> None:
    rng = np.random.default_rng(4)
    u, v = rng.random(5_000), rng.random(5_000)
    assert (draw_casualties(np.full(5_000, 7.0), 1e7, u, v) == stats.poisson(7.0).ppf(v)).mean() > 0.99
    small, large = draw_casualties(np.full(5_000, 2.0), 1.0, u, v), draw_casualties(np.full(5_000, 2.5), 1.0, u, v)
    assert (small <= large).all()
    assert draw_casualties(np.zeros(5_000), 1.0, u, v).sum() == 0


def test_expected_casualties_by_cube_root_scaling() -> None:
    one = np.ones(1)
    few = expected_casualties(1e6 * one, 5_000.0 * one, 100.0 * one, 1.5 * one, 20.0)[0]
    assert few == pytest.approx(1e6 * 1.5 * 20.0 * 100 ** (2 / 3) / (math.pi * 5_000**2))
    assert expected_casualties(1e6 * one, 5_000.0 * one, 800.0 * one, 1.5 * one, 20.0)[0] == pytest.approx(4 * few)
    assert expected_casualties(80 * one, 10.0 * one, 1e4 * one, one, 20.0)[0] == pytest.approx(80.0)


def test_casualties_of_the_v_1_are_within_the_range_of_their_figures() -> None:
    """2,419 on London: 23,000 killed and gravely hurt, 9.5 each, at 4,000 to 6,000 people a square kilometre."""
    for density, area in ((4_000, 27.0), (6_000, 18.0)):
        one = np.ones(1)
        found = expected_casualties(density * 100.0 * one, math.sqrt(1e8 / math.pi) * one, 850.0 * one, one, area)[0]
        assert found == pytest.approx(23_000 / 2_419, rel=0.05)


# ---- damage, networks, repair


def test_broken_parts_against_hit_by_hit() -> None:
    rng = np.random.default_rng(8)
    n, replications = 500, 40
    hits = Hits(rng.integers(0, replications, n), rng.integers(0, 5, n), rng.uniform(0, 100, n), rng.uniform(0, 1, n))
    targets = [np.array([0]), np.array([1, 2, 3]), np.array([4])]
    works_at = np.array([0.5, 0.7, 0.0])
    down_s, lost = broken(hits, targets, works_at, replications)
    for r in range(replications):
        left, fell = np.ones(5), np.full(3, np.inf)
        for h in sorted(np.flatnonzero(hits.replication == r), key=lambda h: hits.time_s[h]):
            left[hits.target[h]] *= 1.0 - hits.taken[h]
            for p, own in enumerate(targets):
                if hits.target[h] in own and left[own].mean() <= works_at[p]:
                    fell[p] = min(fell[p], hits.time_s[h])
        assert down_s[r] == pytest.approx(fell)
        assert lost[r] == pytest.approx([1.0 - left[own].mean() for own in targets])


def parts_of(n: int) -> tuple[Part, ...]:
    return tuple(Part(f"p{i}", (f"p{i}",), 1.0, 0.5, "general") for i in range(n))


@pytest.mark.parametrize("parts", [5, 9, 20])
def test_flow_in_states_of_damage_against_networkx(parts: int) -> None:
    rng = np.random.default_rng(parts)
    nodes = ["source", "sink", *(f"n{i}" for i in range(5))]
    links = (
        *(
            Link(*(nodes[i] for i in rng.choice(7, 2, replace=False)), float(rng.integers(1, 20)), f"p{k % parts}")
            for k in range(max(parts, 16))
        ),
        Link("source", "n0", 9.0, ""),
        Link("n1", "sink", 9.0, ""),
    )
    service = Service("s", "power", "s", 1e9, parts_of(parts), 0, links, "source", "sink")
    up = rng.random((60, parts)) < 0.7
    found = delivered(service, up)
    for state, flow in zip(up, found, strict=True):
        graph = networkx.DiGraph()
        graph.add_nodes_from(nodes)
        for link in links:
            there = 1.0 if not link.part or state[int(link.part[1:])] else 0.0
            before = graph.edges[link.start, link.end]["capacity"] if graph.has_edge(link.start, link.end) else 0.0
            graph.add_edge(link.start, link.end, capacity=before + there * link.capacity)
        assert flow == pytest.approx(networkx.maximum_flow_value(graph, "source", "sink"))
    if parts <= 12:
        assert flow_table(service).shape == (2**parts,)


def test_a_flow_that_must_be_turned_back() -> None:
    """The shortest way, source-a-b-sink, takes the link that both longer ways must then share: 2, not 1."""
    ways = ["source a", "a b", "b sink", "source c", "c d", "d b", "a e", "e f", "f sink"]
    links = tuple(Link(*way.split(), 1.0, "") for way in ways)
    service = Service("s", "power", "s", 9.0, parts_of(1), 0, links, "source", "sink")
    assert delivered(service, np.array([[True]])).tolist() == [2.0]


def states(n: int) -> np.ndarray:
    return (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1


def chance(up: np.ndarray, p: float) -> np.ndarray:
    return np.prod(np.where(up, p, 1.0 - p), axis=1)


@pytest.mark.parametrize("p", [0.3, 0.9])
def test_reliability_of_k_of_n_series_parallel_and_a_bridge(p: float) -> None:
    up5 = states(5)
    k_of_n = Service("s", "runway", "s", 1.0, parts_of(5), 3, (), "source", "sink")
    assert chance(up5, p) @ delivered(k_of_n, up5) == pytest.approx(stats.binom(5, p).sf(2))
    chain = tuple(Link(a, b, 1.0, f"p{i}") for i, (a, b) in enumerate([("source", "a"), ("a", "b"), ("b", "sink")]))
    series = Service("s", "power", "s", 1.0, parts_of(3), 0, chain, "source", "sink")
    assert chance(states(3), p) @ delivered(series, states(3)) == pytest.approx(p**3)
    side = tuple(Link("source", "sink", 1.0, f"p{i}") for i in range(3))
    parallel = Service("s", "power", "s", 1.0, parts_of(3), 0, side, "source", "sink")
    assert chance(states(3), p) @ delivered(parallel, states(3)) == pytest.approx(1 - (1 - p) ** 3)
    ways = [("source", "a"), ("source", "b"), ("a", "sink"), ("b", "sink"), ("a", "b"), ("b", "a")]
    bridge = Service(
        "s", "power", "s", 1.0, parts_of(5), 0,
        tuple(Link(a, b, 1.0, f"p{min(i, 4)}") for i, (a, b) in enumerate(ways)), "source", "sink",
    )  # fmt: skip
    expected = 2 * p**2 + 2 * p**3 - 5 * p**4 + 2 * p**5
    assert chance(up5, p) @ delivered(bridge, up5) == pytest.approx(expected)


def test_added_capacities_up_to_the_demand() -> None:
    service = Service("s", "power", "s", 1.5, parts_of(2), 0, (), "source", "sink")
    assert delivered(service, states(2)).tolist() == [0.0, 1.0, 1.0, 1.5]


def test_service_lost_is_the_integral_of_what_is_missing() -> None:
    rng = np.random.default_rng(2)
    service = Service("s", "power", "s", 2.5, parts_of(4), 0, (), "source", "sink")
    down = np.where(rng.random((30, 4)) < 0.6, rng.uniform(0, 3_600, (30, 4)), np.inf)
    up = np.where(np.isinf(down), np.inf, down + rng.uniform(0, 40_000, (30, 4)))
    until = np.full(30, 20_000.0)
    lost, short = service_lost(service, down, up, until)
    for r in range(30):

        def missing(t: float, r: int = r) -> float:
            working = 4 - np.count_nonzero((down[r] <= t) & (t < up[r]))
            return 2.5 - min(2.5, working)

        edges = np.unique(np.clip(np.concatenate([down[r], up[r], [0.0, until[r]]]), 0, until[r]))
        exact = sum((b - a) * missing((a + b) / 2) for a, b in pairwise(edges)) / 3_600
        assert lost[r] == pytest.approx(exact, abs=1e-9)
        time = sum((b - a) * (missing((a + b) / 2) > 0) for a, b in pairwise(edges)) / 3_600
        assert short[r] == pytest.approx(time, abs=1e-9)


@pytest.mark.parametrize(("crews", "load"), [(1, 0.6), (3, 2.1)])
def test_mean_wait_of_many_jobs_is_erlang_c(crews: int, load: float) -> None:
    """M/M/c: mean wait C(c, a) / (c mu - lambda); 40 rows of 400 jobs, the first 100 left out."""
    rng = np.random.default_rng(crews)
    rows, jobs = 300, 400
    ready = np.cumsum(rng.exponential(1.0 / load, (rows, jobs)), axis=1)
    duration = rng.exponential(1.0, (rows, jobs))
    wait = (repaired_s(ready, duration, crews) - duration - ready)[:, 150:]
    terms = [load**k / math.factorial(k) for k in range(crews)]
    last = load**crews / math.factorial(crews) * crews / (crews - load)
    erlang_c = last / (sum(terms) + last)
    has_mean(wait.mean(axis=1), erlang_c / (crews - load), error=0.05)


def test_machine_repair_model() -> None:
    """M/M/c//n: n machines fail at rate 1, c crews repair at rate 4; the share at work by the balance equations."""
    n, crews, rate, rows, turns = 6, 2, 4.0, 400, 400
    rng = np.random.default_rng(6)
    weight = [1.0]
    for k in range(n):
        weight.append(weight[-1] * (n - k) / (rate * min(k + 1, crews)))
    down = np.array(weight) / sum(weight)
    expected = 1.0 - float(down @ np.arange(n + 1)) / n
    fails, free = rng.exponential(1.0, (rows, n)), np.zeros((rows, crews))
    lost, index = np.zeros(rows), np.arange(rows)
    begin = np.zeros(rows)
    for turn in range(turns):
        machine = np.argmin(fails, axis=1)
        at = fails[index, machine]
        end = work(free, at, rng.exponential(1.0 / rate, rows))
        if turn >= 60:
            lost += end - at
        else:
            begin = at
        fails[index, machine] = end + rng.exponential(1.0, rows)
    at_work = 1.0 - lost / (n * (fails.min(axis=1) - begin))
    has_mean(at_work, expected, error=0.004)


def test_crews_on_jobs_that_all_wait_at_once() -> None:
    """n exponential jobs at 0, c crews: the last is done after 1/c for each of the first n - c and 1/c + ... + 1."""
    n, crews, rows = 7, 3, 8_000
    duration = np.random.default_rng(7).exponential(1.0, (rows, n))
    last = repaired_s(np.zeros((rows, n)), duration, crews).max(axis=1)
    has_mean(last, (n - crews) / crews + sum(1 / k for k in range(1, crews + 1)), error=0.02)


def test_repair_times_have_their_mean_and_spares_their_order() -> None:
    u = np.random.default_rng(9).random(60_000)
    found = repair_durations_s(np.float64(10.0), np.float64(0.7), np.float64(0.5), u)
    has_mean(found, 5.0, error=0.02)
    has_mean(np.log(found), math.log(5.0) - 0.7**2 / 2, error=0.004)
    down = np.array([[30.0, 10.0, 20.0, np.inf], [5.0, np.inf, 6.0, 7.0]])
    ready = spares_ready_s(
        down, np.array([100.0, 0.0]), np.array([0, 0, 0, 1]), np.array([1, 0]), np.array([200.0, 50.0])
    )
    assert ready.tolist() == [[230.0, 100.0, 220.0, np.inf], [5.0, np.inf, 206.0, 57.0]]


# ---- relocation, dispersal, intelligence


def test_a_unit_that_moves() -> None:
    rng = np.random.default_rng(10)
    has_share(rng.exponential(20.0, 40_000) < 15.0, moved_share(20.0, 15.0), error=0.003)
    assert at_work_share(24.0, 3.0) == pytest.approx(24 / 27)


def test_places_on_a_ring_are_even() -> None:
    from pyproj import Geod

    from shieldwall.core.position import Position

    centre = Position(50.0, 30.0)
    places = ring(centre, 4, 3_000.0)
    bearings, _, far = Geod(ellps="WGS84").inv([30.0] * 4, [50.0] * 4, [p.longitude_deg for p in places],
                                               [p.latitude_deg for p in places])  # fmt: skip
    assert np.mod(bearings, 360.0) % 360.0 == pytest.approx([0.0, 90.0, 180.0, 270.0], abs=0.5)
    assert far == pytest.approx([3_000.0] * 4, rel=0.01)
    assert ring(centre, 0, 1.0) == ()


def test_notice_is_the_complement_of_missing_every_class() -> None:
    assert notice_probability(["drone", "ballistic", "drone"], WATCH) == pytest.approx(1 - 0.5 * 0.8)
    assert notice_probability(["cruise"], WATCH) == 0.0
    rng = np.random.default_rng(12)
    u = rng.random((40_000, 2))
    lead = lead_times_s(u[:, 0], u[:, 1], 0.6, WATCH)
    has_share(np.isfinite(lead), 0.6, error=0.003)
    has_share(lead >= 3 * 3_600.0, 0.6 * math.exp(-0.5), error=0.003)
    assert stats.kstest(lead[np.isfinite(lead)], stats.expon(scale=6 * 3_600.0).cdf).pvalue > 6e-5


def test_chance_that_an_alarm_is_true_by_bayes() -> None:
    """Years of raids and false alarms: of all alarms, those that a raid follows."""
    rng = np.random.default_rng(13)
    raids, seen, false = 8.0, 0.6, 12.0
    true = rng.binomial(rng.poisson(raids, 20_000), seen)
    found = true.sum() / (true.sum() + rng.poisson(false, 20_000).sum())
    assert chance_of_a_raid(seen, raids, WATCH) == pytest.approx(raids * seen / (raids * seen + false))
    assert found == pytest.approx(chance_of_a_raid(seen, raids, WATCH), abs=0.003)
    assert chance_of_a_raid(0.0, 1.0, IntelligenceSource("blind", {}, 1.0, 0.0, 1.0, 0.0)) == 0.0


def test_hours_that_false_alarms_keep_the_state_raised() -> None:
    """Poisson alarms that each hold for 24 h: overlapping ones count once, 1 - exp(-rate x hold) of the time."""
    rng = np.random.default_rng(14)
    year_h, hold_h, years = 8_766.0, 24.0, 3_000
    busy = np.zeros(years)
    for y in range(years):
        begins = np.sort(rng.uniform(-hold_h, year_h, rng.poisson(12.0 * (1 + hold_h / year_h))))
        until = 0.0
        for begin in begins:
            busy[y] += max(0.0, min(begin + hold_h, year_h) - max(begin, until))
            until = max(until, begin + hold_h)
    has_mean(busy, raised_hours_a_year(WATCH), error=2.0)
    assert integrate.quad(lambda t: math.exp(-t), 0, 12 * hold_h / year_h)[0] * year_h == pytest.approx(
        raised_hours_a_year(WATCH)
    )
