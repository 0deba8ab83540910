"""Exercises: left alone they are the raid of the run; orders do what they say; the review sets both side by side."""

from __future__ import annotations

import json

import numpy as np
import pytest
import requests

import shieldwall
from shieldwall.engine.step import begin_raid
from shieldwall.results.row import Cause, Fate
from shieldwall.web import exercise as exercise_module
from shieldwall.web.app import create_app
from shieldwall.web.desk import made_ready
from shieldwall.web.exercise import Exercises
from shieldwall.web.laydown import laydown
from shieldwall.web.refusal import Absent, Conflict, Full
from web_server import desk_on, run_in, serving

SEED, R = 3, 2
RESERVES = "doctrine.reserves=[{effector: lab-missile, keep: 20, for: [cruise]}]"
FOREVER = 1e9


@pytest.fixture(scope="module")
def ready():
    """Return a battery that keeps back 20 of its 24 rounds from drones, with a command that takes its time."""
    settings = [RESERVES, "command={identification: 2 min, command: 20 s, delay: exponential}", "raids.drones.count=30"]
    return made_ready(shieldwall.load("one-battery", overrides=[*settings, "doctrine.weapons_control=tight"]))


DOUBT = "identification={verdict: 0.6, hostile_let_go: {drone: 0.3}}"


@pytest.fixture(scope="module")
def in_doubt():
    """Return a function that makes the battery ready under a weapons control status; verdicts may be wrong."""
    pace = "command={identification: 2 min, command: 20 s, delay: exponential}"

    def under(status):
        settings = [RESERVES, pace, "raids.drones.count=30", DOUBT, f"doctrine.weapons_control={status}"]
        return made_ready(shieldwall.load("one-battery", overrides=settings))

    return under


@pytest.fixture
def session(ready):
    return Exercises().begin(ready, SEED, R)


def control(status):
    return {"kind": "control", "class": "drone", "status": status}


@pytest.mark.parametrize("pieces", [1, 40])
def test_left_alone_it_is_the_raid_of_the_run(ready, session, pieces):
    for until_s in np.linspace(session.now_s, session.end_s, pieces + 1)[1:]:
        session.advance(float(until_s), [])
        columns = session.to_json(whole=False)["replay"]
        json.dumps(columns, allow_nan=False)
    review = session.review()
    assert session.over is not None
    assert review["replay"]["yours"] == review["replay"]["automatic"]
    assert review["yours"] == review["automatic"]
    block = ready.play(SEED, R)
    assert np.array_equal(block.fate, session.over.fate)
    assert block.fired.sum() == sum(review["yours"]["rounds"].values()) == 4  # of 24, the rest is kept back


def test_as_it_stands_tells_only_what_has_happened(ready, session):
    block = ready.play(SEED, R)
    middle_s = float(np.median(block.end_s))
    session.advance(middle_s, [])
    told = session.to_json(whole=True)
    threats = told["replay"]["threats"]
    for t, (start_s, end_s) in enumerate(zip(block.start_s[0], block.end_s[0], strict=True)):
        assert (threats["start"][t] is None) == (start_s > middle_s)
        assert (threats["end"][t] is None) == (end_s > middle_s)
        ended = block.fate[0, t] if block.fate[0, t] != Fate.LEAKED_MISSED else Fate.LEAKED_HIT
        assert threats["fate"][t] == (ended if end_s <= middle_s else -1)
        track_s = block.first_track_s[0, t]
        assert (threats["track"][t] is not None) == (track_s <= middle_s)
    times = np.cumsum(told["replay"]["events"]["t"]) / 1000
    assert (times <= middle_s + 0.001).all()
    happened = block.event_time_s <= middle_s
    settled = np.isin(block.event_kind, (10, 11))  # impacts on assets are settled at the end
    kinds = block.event_kind[happened & ~settled].tolist()
    assert sorted(told["replay"]["events"]["kind"]) == sorted(kinds)
    assert told["counts"]["launched"] == int((block.start_s <= middle_s).sum())
    assert len(told["paths"]["n"]) == ready.paths.salvo.shape[0]
    assert told["laydown"]["units"][0]["id"] == "battery"


def test_hold_holds_and_is_the_cause(session):
    session.advance(FOREVER, [control("hold")])
    review = session.review()
    assert sum(review["yours"]["rounds"].values()) == 0
    assert review["yours"]["counts"]["leaked"] > review["automatic"]["counts"]["leaked"]
    causes = set(review["replay"]["yours"]["threats"]["cause"])
    assert Cause.HELD_BY_RULES in causes
    assert review["log"] == [{"t": session.log[0][0] * 1000, "order": control("hold")}]


def test_release_gives_free_what_was_kept_and_keep_takes_it_back(ready):
    sessions = Exercises()
    released = sessions.begin(ready, SEED, R)
    assert released.to_json(whole=False)["reserves"] == [
        {"effector": "lab-missile", "keep": 20, "classes": ["cruise"], "released": False}
    ]
    released.advance(FOREVER, [{"kind": "release", "effector": "lab-missile"}])
    fired = sum(released.review()["yours"]["rounds"].values())
    assert fired > 10
    taken_back = sessions.begin(ready, SEED, R)
    orders = [{"kind": kind, "effector": "lab-missile"} for kind in ("release", "keep")]
    taken_back.advance(FOREVER, orders)
    assert sum(taken_back.review()["yours"]["rounds"].values()) == 4


def test_free_engages_sooner_than_tight(ready):
    sessions = Exercises()

    def engageable(status):
        session = sessions.begin(ready, SEED, R)
        session.advance(FOREVER, [control(status)])
        return session.over.engageable_s[0], session.over.event_time_s[session.over.event_kind == 2]

    tight, _ = engageable("tight")
    free, logged = engageable("free")
    both = np.isfinite(tight) & np.isfinite(free)
    assert both.sum() > 10
    assert (free[both] < tight[both]).all()
    wait = tight[both] - free[both]
    assert 40 < wait.mean() < 300  # the identification that is no longer waited for: 2 minutes on the mean
    assert np.isin(np.round(free[both], 6), np.round(logged, 6)).all()


def test_free_from_the_start_is_the_scenario_that_says_free(ready):
    session = Exercises().begin(ready, SEED, R)
    session.advance(FOREVER, [control("free")])
    settings = [RESERVES, "command={identification: 2 min, command: 20 s, delay: exponential}", "raids.drones.count=30"]
    free = made_ready(shieldwall.load("one-battery", overrides=[*settings, "doctrine.weapons_control=free"]))
    block = free.play(SEED, R)
    assert np.array_equal(block.fate, session.over.fate)
    assert np.array_equal(block.fired, session.over.fired)


def test_back_and_forth_changes_nothing(ready):
    session = Exercises().begin(ready, SEED, R)
    session.advance(FOREVER, [control("free"), control("hold"), control("tight")])
    assert session.review()["yours"] == session.review()["automatic"]


def test_verdicts_stay_what_they_are_whatever_is_ordered(in_doubt):
    session = Exercises().begin(in_doubt("tight"), SEED, R)
    session.advance(FOREVER, [control("free")])
    block = in_doubt("free").play(SEED, R)
    assert np.array_equal(block.fate, session.over.fate)
    assert np.array_equal(block.cause, session.over.cause)
    assert (block.cause == Cause.HELD_BY_RULES).any()
    again = Exercises().begin(in_doubt("tight"), SEED, R)
    again.advance(FOREVER, [control("free"), control("tight")])
    assert again.review()["yours"] == again.review()["automatic"]


def test_orders_that_mean_nothing_are_refused_and_change_nothing(session):
    with pytest.raises(Absent, match="class 'cruise'"):
        session.advance(FOREVER, [control("hold"), {"kind": "control", "class": "cruise", "status": "hold"}])
    with pytest.raises(Absent, match="keeps nothing back"):
        session.advance(FOREVER, [{"kind": "release", "effector": "nothing"}])
    with pytest.raises(Conflict, match="not over"):
        session.review()
    session.advance(FOREVER, [])
    assert session.review()["yours"] == session.review()["automatic"]
    with pytest.raises(Conflict, match="is over"):
        session.advance(FOREVER, [])


def test_only_so_many_sessions_and_orders(ready, monkeypatch):
    sessions = Exercises()
    monkeypatch.setattr(exercise_module, "SESSIONS_AT_MOST", 2)
    monkeypatch.setattr(exercise_module, "ORDERS_AT_MOST", 3)
    one, two = sessions.begin(ready, SEED, 0), sessions.begin(ready, SEED, 1)
    with pytest.raises(Full):
        sessions.begin(ready, SEED, 2)
    with pytest.raises(Full):
        one.advance(0.0, [control("hold")] * 4)
    one.used -= sessions.IDLE_S + 1
    sessions.begin(ready, SEED, 2)  # an idle one makes room
    with pytest.raises(Absent):
        sessions.get(one.id)
    sessions.end(two.id)


def test_a_scenario_on_hold_begins_with_every_class_on_hold():
    ready = made_ready(shieldwall.load("one-battery", overrides=["doctrine.weapons_control=hold"]))
    session = Exercises().begin(ready, SEED, R)
    assert session.controls.status == {"drone": "hold"}
    session.advance(FOREVER, [])
    assert session.review()["yours"] == session.review()["automatic"]
    freed = Exercises().begin(ready, SEED, R)
    freed.advance(FOREVER, [control("free")])
    assert freed.review()["yours"]["counts"]["shot_down"] > 0
    assert begin_raid(ready.tables(SEED, R), SEED, R).tables.command[0].hold == 1  # the scenario's own stays


AIRCRAFT = (
    "fighters=[{id: vipers, type: f-35, base: [49.9, 29.6], count: 4, sector: town, alert: 150 km, hold: true, "
    "patrol: {orbit: [[49.9, 29.9], [50.1, 29.9]]}}]"
)


def test_aircraft_that_are_held_go_up_when_a_person_commits_them():
    settings = [AIRCRAFT, "integration=sector", "raids.drones.count=40"]
    ready = made_ready(shieldwall.load("one-battery", overrides=settings))
    columns = laydown(ready.scenario)
    assert [(unit["id"], unit["kind"], unit["weapons"]) for unit in columns["units"]] == [
        ("battery", "ground", [0]), ("vipers", "aircraft", [1, 2]),
    ]  # fmt: skip
    assert [f"{columns['units'][w['unit']]['id']}" for w in columns["weapons"]] == ["battery", "vipers", "vipers"]
    held = Exercises().begin(ready, SEED, R)
    held.advance(FOREVER, [])
    assert held.review()["yours"] == held.review()["automatic"]
    session = Exercises().begin(ready, SEED, R)
    session.advance(session.now_s + 60.0, [{"kind": "commit", "base": "vipers"}])
    session.advance(session.now_s + 1_800.0, [])
    base = session.to_json(whole=False)["bases"][0]
    assert (base["held"], base["count"], base["up"]) == (False, 4, 2)
    session.advance(FOREVER, [])
    review = session.review()
    more = review["yours"]["counts"]["shot_down"] - review["automatic"]["counts"]["shot_down"]
    assert more > 3
    assert review["yours"]["rounds"]["amraam-air"] > review["automatic"]["rounds"]["amraam-air"] == 0
    with pytest.raises(Absent, match="no aircraft 'eagles'"):
        Exercises().begin(ready, SEED, R).advance(0.0, [{"kind": "commit", "base": "eagles"}])
    down = Exercises().begin(ready, SEED, R)
    down.advance(FOREVER, [{"kind": kind, "base": "vipers"} for kind in ("commit", "stand_down")])
    assert down.review()["yours"]["rounds"]["amraam-air"] == 0


def test_aircraft_without_a_patrol_lend_no_radar(tmp_path):
    fighters = "fighters=[{id: vipers, type: f-16, base: [49.9, 29.6], count: 2, sector: town, alert: 150 km}]"
    results = run_in(tmp_path, "one-battery", 3, "air", overrides=[fighters, "integration=sector"])
    run = json.loads(desk_on(tmp_path).run_document("air"))
    replay = json.loads(desk_on(tmp_path).replay("air", 1))
    assert [unit["id"] for unit in run["units"]] == list(results.roster.fire_unit)
    assert [sensor["id"] for sensor in run["sensors"]] == list(results.roster.sensor)
    by_air = [
        shot for shot in replay["shots"]["weapon"] if run["units"][run["weapons"][shot]["unit"]]["kind"] == "aircraft"
    ]
    assert by_air
    assert min(replay["magazines"]["ready"]) >= 0


def test_over_http(tmp_path):
    run_in(tmp_path, "one-battery", 4, "one")
    with serving(create_app(desk_on(tmp_path))) as address:

        def ask(method, path, value=None):
            return requests.request(method, f"{address}/api/exercises{path}", json=value, timeout=60)

        begun = ask("POST", "", {"base": "one", "replication": 1})
        assert begun.status_code == 201
        session = begun.json()
        assert session["controls"] == {"drone": "free"}
        at = f"/{session['id']}"
        assert ask("GET", f"{at}/review").status_code == 409
        moved = ask("POST", f"{at}/advance", {"until": session["now"] + 60_000, "orders": [control("hold")]}).json()
        assert (moved["now"], moved["controls"]) == (session["now"] + 60_000, {"drone": "hold"})
        assert "paths" not in moved
        assert ask("GET", at).json()["laydown"]["kind"] == "exercise"
        wrong = {"until": 0, "orders": [{"kind": "control", "class": "drone", "status": "loose"}]}
        assert ask("POST", f"{at}/advance", wrong).status_code == 422
        assert ask("POST", f"{at}/advance", {"until": 10**9}).json()["over"] is True
        review = ask("GET", f"{at}/review").json()
        assert review["yours"]["counts"]["shot_down"] == 0 < review["automatic"]["counts"]["shot_down"]
        assert ask("DELETE", at).status_code == 204
        assert ask("GET", at).status_code == 404
        assert ask("POST", "", {"base": "one", "replication": 4}).status_code == 404
        assert ask("POST", "", {"scenario": "one-battery", "seed": 5}).status_code == 201
        assert ask("POST", "", {}).status_code == 400
