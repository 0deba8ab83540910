"""What the page reads says what the run says: a raid decoded again, magazines, coverage, figures over replications."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shieldwall
from shieldwall.replay.replay import replay_of_run
from shieldwall.results.row import Cause, Fate
from shieldwall.results.schema import words
from shieldwall.study.trace import trace
from shieldwall.web.columns import deltas, milliseconds, rounded
from shieldwall.web.refusal import Absent, Conflict, TooLarge
from shieldwall.web.thin import thinned
from web_server import desk_on, run_in

NIGHT, REPLICATIONS, R = "night-2025-06-09", 30, 7


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    run_in(place, NIGHT, REPLICATIONS, "night")
    return place


@pytest.fixture(scope="module")
def desk(folder):
    return desk_on(folder)


@pytest.fixture(scope="module")
def run(desk):
    return json.loads(desk.run_document("night"))


@pytest.fixture(scope="module")
def replay(desk):
    return json.loads(desk.replay("night", R))


@pytest.fixture(scope="module")
def results(folder):
    return shieldwall.Results.open(folder / "night")


@pytest.fixture(scope="module")
def told(results):
    """Return the same raid as the exports have it."""
    return replay_of_run(results, shieldwall.load(NIGHT), R)


def paths(document):
    """Return each path of a document decoded: seconds, longitude, latitude, height."""
    ends = np.cumsum(document["n"])
    columns = [np.array(document[name]) for name in ("t", "lon", "lat", "h")]
    found = []
    for begin, end in zip(np.r_[0, ends[:-1]], ends, strict=True):
        t, lon, lat, h = (np.cumsum(column[begin:end]) for column in columns)
        found.append((t / 1000, lon / 1e5, lat / 1e5, h))
    return found


def test_every_threat_flies_where_the_exports_have_it(run, replay, told):
    flown = paths(replay["paths"])
    columns = replay["threats"]
    worst_m = 0.0
    for i, track in enumerate(told.tracks):
        assert f"{run['salvos'][columns['salvo'][i]]['id']}/{columns['number'][i]}" == track.threat
        assert run["types"][columns["type"][i]]["id"] == track.type
        assert run["fates"][columns["fate"][i]] == track.fate
        assert run["causes"][columns["cause"][i]].replace("none", "") == track.cause
        start_s, end_s = columns["start"][i] / 1000, columns["end"][i] / 1000
        assert (start_s, end_s) == pytest.approx((track.start_s, track.end_s), abs=0.001)
        t, lon, lat, h = flown[columns["path"][i]]
        assert t[-1] >= end_s - start_s - 0.01
        for moment in np.linspace(start_s, end_s, 9):
            at = track.at(moment)
            north = (np.interp(moment - start_s, t, lat) - at.latitude_deg) * 111_195
            east = (np.interp(moment - start_s, t, lon) - at.longitude_deg) * 111_195 * math.cos(math.radians(50))
            up = np.interp(moment - start_s, t, h) - at.height_m
            worst_m = max(worst_m, math.hypot(north, east, up))
    assert worst_m < 2 * 300.0  # two thinned legs of the longest paths, 1,400 km


def test_salvos_are_those_of_the_exports(run, replay, told):
    shots = replay["shots"]
    own = sorted(
        zip(*(shots[name] for name in ("ordered", "met", "threat", "weapon", "shots", "outcome")), strict=True)
    )
    assert len(own) == len(told.shots) > 20
    threats = [track.threat for track in told.tracks]
    theirs = sorted(
        (round(s.ordered_s * 1000), round(s.met_s * 1000), threats.index(s.threat), s.fire_unit, s.effector, s.shots,
         run["outcomes"].index(s.outcome)) for s in told.shots
    )  # fmt: skip
    for (ordered, met, threat, weapon, shots_fired, outcome), expected in zip(own, theirs, strict=True):
        given_weapon = run["weapons"][weapon]
        unit, effector = run["units"][given_weapon["unit"]]["id"], run["effectors"][given_weapon["effector"]]["id"]
        assert (ordered, met, threat, unit, effector, shots_fired, outcome) == expected


def test_magazines_end_with_what_the_run_says_is_left(run, replay, results):
    left = results.query(f'select weapon, "left", fired, lost from weapons where replication = {R}').to_pylist()
    given = {
        f"{run['units'][w['unit']]['id']}/{run['effectors'][w['effector']]['id']}": (i, w)
        for i, w in enumerate(run["weapons"])
    }
    steps, at = {}, 0
    for weapon, count in zip(replay["magazines"]["weapon"], replay["magazines"]["n"], strict=True):
        steps[weapon] = [
            (a, b)
            for a, b in zip(
                replay["magazines"]["ready"][at : at + count],
                replay["magazines"]["reserve"][at : at + count],
                strict=True,
            )
        ]
        times = np.cumsum(replay["magazines"]["t"][at : at + count])
        assert (np.diff(times) >= 0).all()
        at += count
    assert steps
    for row in left:
        i, weapon = given[row["weapon"]]
        whole = [(weapon["ready"], weapon["reserve"]), *steps.get(i, [])]
        assert min(min(pair) for pair in whole) >= 0
        assert sum(whole[-1]) == row["left"]
        assert (row["fired"] > 0) <= (i in steps)


def test_the_communique_counted_from_columns_is_the_runs(run, replay, results):
    rows = results.query(f"select fate, count(*) as n from rows where replication = {R} group by fate").to_pylist()
    counted = np.bincount(replay["threats"]["fate"], minlength=len(run["fates"]))
    assert {row["fate"]: row["n"] for row in rows} == {
        name: int(count) for name, count in zip(run["fates"], counted, strict=True) if count
    }


def test_losses_and_who_was_out_from_the_start(run, replay, results):
    losses = results.query(f"select kind, lost, unavailable, lost_s from losses where replication = {R}").to_pylist()
    for kind, group in (("fire_unit", "units"), ("sensor", "sensors")):
        out = {run[group][i]["id"] for i in replay["out"][group]}
        lost = {run[group][i]["id"]: t for i, t in replay["lost"][group]}
        assert out == {row["lost"] for row in losses if row["kind"] == kind and row["unavailable"]}
        assert lost == {
            row["lost"]: round(row["lost_s"] * 1000) for row in losses if row["kind"] == kind and not row["unavailable"]
        }


def test_figures_over_replications_are_the_summarys(run, results):
    across, summary = run["across"], results.summary()
    leaked = np.array(across["leaked"])
    assert leaked.mean() == pytest.approx(summary.total["leaked"].mean)
    assert np.array(across["leaked_by_type"]).sum(axis=0).tolist() == across["leaked"]
    first, counts = across["histogram"]["first"], across["histogram"]["counts"]
    assert [int((leaked == first + k).sum()) for k in range(len(counts))] == counts
    assert sum(counts) == REPLICATIONS
    assert sum(place["leaked"] for place in across["places"]) == pytest.approx(leaked.mean(), rel=1e-4)
    assert sum(across["causes"].values()) == pytest.approx(leaked.mean(), rel=1e-4)
    rank = sorted(range(REPLICATIONS), key=lambda r: (leaked[r], across["damage"][r], r))
    assert across["chosen"] == {"best": rank[0], "worst": rank[-1], "median": rank[(REPLICATIONS - 1) // 2]}


def test_names_stand_in_the_order_of_the_results(run, results):
    roster = results.roster
    assert [one["id"] for one in (*run["assets"], *run["units"], *run["sensors"])] == list(roster.target)
    assert run["fates"] == list(words(Fate))
    assert run["causes"] == list(words(Cause))
    weapons = [f"{run['units'][w['unit']]['id']}/{run['effectors'][w['effector']]['id']}" for w in run["weapons"]]
    assert weapons == list(roster.weapon)
    assert [i for unit in run["units"] for i in unit["weapons"]] == list(range(len(weapons)))
    assert {one["entry"] for one in run["units"] if "~" in one["id"]} <= {one["id"] for one in run["units"]}


def test_coverage_ends_at_the_horizon_and_at_the_range(run):
    scenario = shieldwall.load(NIGHT)
    radar = next(q for q in scenario.sensors if q.id == "long-range-west")
    row = next(q for q in run["sensors"] if q["id"] == radar.id)
    antenna_m = radar.position.height_m + radar.type.antenna_height_m
    types = [one["id"] for one in run["types"]]
    reach = run["coverage"]["sensors"][row["coverage"]][types.index("shahed-136")]
    for height_m, hundreds in zip(run["coverage"]["heights_m"][:4], reach, strict=False):
        horizon_km = 4.12 * (math.sqrt(antenna_m) + math.sqrt(height_m))
        assert hundreds / 10 <= horizon_km + 0.3
    high = run["coverage"]["sensors"][row["coverage"]][types.index("kh-22")]
    assert max(high) * 100 <= radar.type.range_m * 5
    assert max(high) > max(reach)  # a large missile is seen further than a drone


def test_stops_are_those_of_the_command(desk, results):
    threat = results.roster.threat[100]
    own = desk.stops("night", R, threat)
    expected = trace(shieldwall.load(NIGHT), threat, R, results.manifest.seed)
    assert [stop["sentences"] for stop in own["stops"]] == [list(stop.sentences) for stop in expected]
    assert len(own["stops"]) == 10


def test_what_is_not_there_is_refused(desk, monkeypatch):
    with pytest.raises(Absent, match="replications 0 to 29"):
        desk.replay("night", REPLICATIONS)
    with pytest.raises(Absent, match="no threat 'nobody/1'"):
        desk.stops("night", 0, "nobody/1")
    with pytest.raises(Absent, match="no fire unit"):
        desk.footprints("night", "nobody", "")
    monkeypatch.setattr("shieldwall.web.desk.STOPS_AT_MOST", 100)
    with pytest.raises(TooLarge):
        desk.all_stops("night", 0)


def test_runs_of_unlike_luck_are_not_compared(desk, folder):
    run_in(folder, "one-battery", 20, "one")
    run_in(folder, "one-battery", 30, "longer")
    run_in(folder, "one-battery", 20, "other", seed=4)
    with pytest.raises(Conflict, match="seeds"):
        desk.compare("one", "other")
    found = desk.compare("one", "longer")  # the same raids: cut to the shorter, they do not differ
    assert found["replications"] == 20
    assert found["quantities"]["leaked"]["difference"]["mean"] == 0
    assert found["leaked"]["base"] == found["leaked"]["other"]


@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-170, 170), st.floats(0, 30_000)), min_size=2, max_size=60))
def test_thinning_leaves_no_point_far_from_its_line(points):
    latitude, longitude, height = np.array(points).T
    kept = thinned(latitude, longitude, height)
    assert kept[0] == 0
    assert kept[-1] == len(points) - 1
    index = np.arange(len(points))
    east = np.cos(np.radians(latitude)) * 111_195
    off = np.sqrt(
        ((np.interp(index, kept, latitude[kept]) - latitude) * 111_195) ** 2
        + ((np.interp(index, kept, longitude[kept]) - longitude) * east) ** 2
        + (np.interp(index, kept, height[kept]) - height) ** 2
    )
    span = np.linalg.norm([np.ptp(longitude * east), np.ptp(latitude * 111_195), np.ptp(height)])
    assert off.max() <= max(60.0, 2e-4 * span) + 1e-6


def test_numbers_of_the_page():
    assert milliseconds(np.array([1.2344, np.nan, -0.5, np.inf])) == [1234, None, -500, None]
    assert deltas(np.array([5, 7, 8])) == [5, 2, 1]
    assert deltas(np.array([], dtype=np.int64)) == []
    assert rounded({"a": [1.23456789, float("nan")], "b": 7}) == {"a": [1.23457, None], "b": 7}
