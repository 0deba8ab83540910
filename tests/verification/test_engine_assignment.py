"""Assignment by rule: small cases by hand, never worse than greedy, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.engine.play import play_one_block
from shieldwall.engine.simulate import prepare
from shieldwall.results.statistics import paired_difference
from shieldwall.study.compare import quantities
from shieldwall.study.exact_assignment import exact_assignment
from verification.lab import (
    Fields,
    battery,
    case,
    column,
    effector,
    figure,
    has_share,
    leaked,
    moments,
    place,
    play,
    raid,
    scenario,
    shots,
    threat,
    weapon,
    write,
)

MONEY = "cost-aware rules"
DECOYS = "decoy discrimination"
PLAN = "rolling plans"
SHIPPED = ("one-battery", "night-2025-06-09", "fourfold")


def dear_and_cheap(**doctrine: object) -> Fields:
    """Return one drone that puts 50 at risk before a round of 10 M$ that kills with 0.9 and one of 0.5 M$ with 0.5."""
    dear = effector("dear", 0.9) | {"unit_cost": figure(10e6, "USD")}
    cheap = effector("cheap", 0.5) | {"unit_cost": figure(0.5e6, "USD")}
    kinds = {"effectors": [dear, cheap], "fire_units": [battery(weapons=[weapon("dear"), weapon("cheap")])]}
    return scenario([raid(1)], doctrine=shots() | doctrine, catalogue=kinds)


@case(MONEY, "cost_aware: 45 - 10e6 v against 25 - 0.5e6 v: dear below v = 2.1e-6 a dollar, none above 5e-5, by hand")
@pytest.mark.parametrize(("value", "fired"), [(0.0, (1, 0)), (2e-6, (1, 0)), (2.2e-6, (0, 1)), (6e-5, (0, 0))])
def test_cost_aware(tmp_path: Path, value: float, fired: tuple[int, int]) -> None:
    fields = dear_and_cheap(assignment="cost_aware", value_of_money=value, prefer={"drone": ["cheap", "dear"]})
    results = play(tmp_path, fields, 20)
    by_weapon = column(results, "fired", "weapons").mean(axis=0)[::-1]  # in the order of ids: cheap, dear
    assert tuple(by_weapon) == fired
    if fired == (0, 0):
        assert (column(results, "cause") == "held_by_rules").all()


@case(MONEY, "cost per kill: 11.1 M$ and 1 M$: the limit leaves out what is above it, by hand")
@pytest.mark.parametrize(("limit", "fired"), [("12000000", (1, 0)), ("5000000", (0, 1)), ("900000", (0, 0))])
def test_most_cost_per_kill(tmp_path: Path, limit: str, fired: tuple[int, int]) -> None:
    fields = dear_and_cheap(max_cost_per_kill={"drone": f"{limit} USD"}, prefer={"drone": ["dear", "cheap"]})
    results = play(tmp_path, fields, 20)
    assert tuple(column(results, "fired", "weapons").mean(axis=0)[::-1]) == fired
    if fired == (0, 0):
        assert (column(results, "cause") == "held_by_rules").all()


@case(DECOYS, "decoys seen through with r and never engaged: share r of decoys without a round, no other threat")
def test_recognised_decoys_are_spared(tmp_path: Path) -> None:
    doctrine = shots() | {"decoys": {"recognised": {"drone": "30 %"}, "engage": "never"}}
    results = play(tmp_path, scenario([raid(20, decoy_share="50 %")], doctrine=doctrine), 1_000)
    decoy, spared = column(results, "decoy").astype(bool), column(results, "rounds") == 0
    assert not spared[~decoy].any()
    has_share(spared[decoy], 0.3, error=0.006)


@case(DECOYS, "each network draws for itself: two see through the same decoy with r squared")
def test_networks_recognise_for_themselves(tmp_path: Path) -> None:
    units = [{"id": f"unit-{i}", "type": "battery", "position": place(90, 0.01 * i)} for i in range(2)]
    doctrine = shots() | {"decoys": {"recognised": {"drone": "30 %"}, "engage": "never"}}
    fields = scenario([raid(20, decoy_share="100 %")], doctrine=doctrine, fire_units=units)
    has_share(column(play(tmp_path, fields, 1_000), "rounds") == 0, 0.09, error=0.003)


@case(DECOYS, "decoys seen through are engaged last: one channel fires at every other threat before, by hand")
@pytest.mark.parametrize("rule", ["greedy", "rolling"])
def test_recognised_decoys_come_last(tmp_path: Path, rule: str) -> None:
    doctrine = shots() | {"assignment": rule, "decoys": {"recognised": {"drone": "100 %"}, "engage": "last"}}
    kinds = {"fire_units": [battery(channels=1)], "effectors": [effector(kill=1.0)]}
    results = play(
        tmp_path, scenario([raid(8, decoy_share="50 %")], doctrine=doctrine, catalogue=kinds), 40, events=True
    )
    decoy, fired = column(results, "decoy").astype(bool), moments(results, "fired")
    first = np.nanargmin(fired, axis=1)
    for r in range(fired.shape[0]):
        later = np.arange(fired.shape[1]) != first[r]  # the first decision may fall to a decoy alone
        if decoy[r].any() and (~decoy[r] & later).any():
            assert np.nanmin(fired[r][decoy[r] & later], initial=np.inf) > np.nanmax(fired[r][~decoy[r] & later])


def two_kinds(rule: str, **weapons: float) -> Fields:
    """Return a drone, and a cruise missile a minute behind it, before one round for both and one for drones alone."""
    rounds = [effector("any", {"drone": 1.0, "cruise": 1.0}), effector("drones", {"drone": 0.5})]
    kinds = {
        "threats": [threat(), threat("missile", "cruise")],
        "effectors": rounds,
        "fire_units": [battery(weapons=[weapon("any", each=1), weapon("drones", each=1)])],
    }
    both = [raid(1, "a"), raid(1, "b", type="missile", launch="+00:01")]
    return scenario(both, doctrine=shots(1, 1, 0.0, "drone", "cruise") | {"assignment": rule}, catalogue=kinds)


@case(PLAN, "greedy spends the only round for both on the first: 50 saved; rolling goes elsewhere with it: 75, by hand")
def test_rolling_goes_elsewhere(tmp_path: Path) -> None:
    greedy, rolling = (leaked(play(tmp_path, two_kinds(rule), 2_000)) for rule in ("greedy", "rolling"))
    assert not greedy[:, 0].any()
    assert greedy[:, 1].all()
    assert not rolling[:, 1].any()
    has_share(rolling[:, 0], 0.5, error=0.012)


@case(PLAN, "one round, a light drone a minute before a heavy one: rolling keeps it for the heavy one, by hand")
def test_rolling_keeps_the_last_round(tmp_path: Path) -> None:
    kinds = {
        "threats": [threat("light", warhead=1.0), threat()],
        "effectors": [effector(kill=1.0, range_min=20_000.0)],
        "fire_units": [battery(weapons=[weapon(each=1)])],
    }
    both = [raid(1, "a", type="light"), raid(1, "b", launch="+00:01")]
    for rule, lost in (("greedy", 1), ("rolling", 0)):
        results = play(tmp_path, scenario(both, doctrine=shots() | {"assignment": rule}, catalogue=kinds), 20)
        assert leaked(results)[:, lost].all()
        assert not leaked(results)[:, 1 - lost].any()


@case(PLAN, "two rounds, two threats, salvos of two, p = 0.5: greedy 2 + 0 leaks 1.25, rolling 1 + 1 leaks 1, by hand")
def test_rolling_parts_a_salvo(tmp_path: Path) -> None:
    kinds = {"fire_units": [battery(weapons=[weapon(each=2)])], "effectors": [effector(kill=0.5)]}
    runs = {
        rule: play(tmp_path, scenario([raid(2)], doctrine=shots(2, 2) | {"assignment": rule}, catalogue=kinds), 2_000)
        for rule in ("greedy", "rolling")
    }
    assert (np.sort(column(runs["greedy"], "rounds"), axis=1) == [0, 2]).all()
    assert (column(runs["rolling"], "rounds") == 1).all()
    has_share(leaked(runs["greedy"]), 0.625, error=0.008)
    has_share(leaked(runs["rolling"]), 0.5, error=0.008)


@case(PLAN, "without scarcity preferences hold: the poor round that doctrine puts first is fired, by hand")
def test_rolling_keeps_preferences(tmp_path: Path) -> None:
    fields = dear_and_cheap(assignment="rolling", prefer={"drone": ["cheap", "dear"]})
    assert tuple(column(play(tmp_path, fields, 20), "fired", "weapons").mean(axis=0)) == (1, 0)


@case(
    PLAN, "one channel, 61 to 90 s a shot: after four heavy ones a light one has 16 s left, a heavy one 256 s, by hand"
)
@pytest.mark.parametrize("how", ["value", "urgency"])
def test_urgency(tmp_path: Path, how: str) -> None:
    """By value the heavy one goes first and the light one leaks; by urgency the heavy one waits, and has time."""
    kinds = {
        "threats": [threat("heavy"), threat("light", warhead=80.0)],
        "effectors": [effector(kill=0.99, reaction=60.0)],
        "fire_units": [battery(channels=1)],
    }
    raids = [raid(4, "a", type="heavy"), raid(1, "b", type="heavy", launch="+00:04"), raid(1, "c", type="light")]
    fields = scenario(raids, doctrine=shots() | {"threat_evaluation": how}, catalogue=kinds)
    fired = column(play(tmp_path, fields, 50), "rounds")
    assert (fired[:, :5] == 1).all()
    assert (fired[:, 5] == (how == "urgency")).all()


@case(PLAN, "with room for all rolling is greedy: the same rows on one-battery, byte for byte")
def test_rolling_is_greedy_without_scarcity() -> None:
    runs = [
        shieldwall.simulate(shieldwall.load("one-battery", overrides=rule(r)), 256, 7) for r in ("greedy", "rolling")
    ]
    assert runs[0].to_arrow("rows").equals(runs[1].to_arrow("rows"))


@case(
    PLAN, "on the shipped scenarios rolling loses no more value than greedy, paired, beyond the 90 % interval", "itself"
)
@pytest.mark.parametrize("name", SHIPPED)
def test_rolling_is_never_worse(name: str) -> None:
    runs = [shieldwall.simulate(shieldwall.load(name, overrides=rule(r)), 768, 3) for r in ("greedy", "rolling")]
    gap = paired_difference(quantities(runs[1])["damage"], quantities(runs[0])["damage"])
    assert gap.low <= 0.0, f"{name}: rolling loses {gap.mean:+.3f} ({gap.low:+.3f} to {gap.high:+.3f}) more"


@case(PLAN, "one network that waits for every look has one salvo under way at a threat at a time", "itself")
def test_no_duplicates() -> None:
    results = shieldwall.simulate(
        shieldwall.load("fourfold", overrides=[*rule("rolling"), "doctrine.last_chance=look"]), 8, 5, events=True
    )
    words = "('fired', 'intercept_missed', 'shot_down', 'wasted')"
    under_way: dict[tuple[int, str], int] = {}
    for event in results.query(
        f"select replication, threat, kind from events where kind in {words} order by replication, time_s, "
        "case kind when 'fired' then 1 else 0 end"
    ).to_pylist():
        key = event["replication"], event["threat"]
        under_way[key] = under_way.get(key, 0) + (1 if event["kind"] == "fired" else -1)
        assert 0 <= under_way[key] <= 1, key
    assert under_way


@case(
    PLAN,
    "beside an integer program: rolling misses less than 1 % of the proven optimum, which exact carries out",
    "itself",
)
def test_exact(tmp_path: Path) -> None:
    fields = two_kinds("rolling")
    found = exact_assignment(shieldwall.load(write(tmp_path, fields)), 5)
    assert found.moments
    assert found.gap == pytest.approx(0.0, abs=1e-9)
    scarce = ("fire_units.battery.channels=1", "raids.drones.count=60", "doctrine.shots.drone.salvo=2")
    found = exact_assignment(shieldwall.load("one-battery", overrides=scarce), 5)
    assert 0.0 <= found.gap < 0.01


def rule(name: str) -> list[str]:
    """Return the setting of a rule."""
    return [f"doctrine.assignment={name}"]


def digest(name: str, settings: list[str], replications: int) -> str:
    """Return a hash of the whole numbers of the rows."""
    tables, _ = prepare(shieldwall.load(name, overrides=settings))
    block = play_one_block(tables, 1, 0, replications, events=False)
    parts = (block.fate, block.cause, block.rounds, block.weapon, block.fired, block.left)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[:16]


SCARCE = ["fire_units.battery.channels=1", "raids.drones.count=40", "doctrine.shots.drone.salvo=2"]


@case(PLAN, "the same numbers compiled and not, on one thread and on two", "itself")
@pytest.mark.parametrize("name", ["rolling", "cost_aware"])
def test_bytes(name: str) -> None:
    settings = [*rule(name), *SCARCE, "doctrine.value_of_money=1e-6", "doctrine.threat_evaluation=urgency"]
    scenario_file = shieldwall.load("one-battery", overrides=settings)
    one, two = (shieldwall.simulate(scenario_file, 600, 1, threads=n).to_arrow("rows") for n in (1, 2))
    assert one.equals(two)
    code = f"from verification.test_engine_assignment import digest\nprint(digest('one-battery', {settings!r}, 3))"
    folder = Path(__file__).parents[1]
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert said == digest("one-battery", settings, 3)
