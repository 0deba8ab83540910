"""What must hold in any scenario: random small ones are written as YAML, loaded and played."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shieldwall import Results
from verification.lab import (
    Fields,
    battery,
    column,
    effector,
    is_fate,
    leaked,
    moments,
    place,
    play,
    radar,
    raid,
    scenario,
    threat,
    town,
    weapon,
    zone,
)

DETERMINISTIC = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "phases": [Phase.explicit, Phase.generate],  # examples are small as they are, and each is played many times
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
LIMIT = 4.0
LEAKED = ("leaked_hit", "leaked_missed")

minutes = st.integers(0, 20).map(lambda m: f"{m} min")
chances = st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0])


@st.composite
def positions(draw: st.DrawFn) -> list[float]:
    """Draw a position within 25 km of the town."""
    return place(draw(st.integers(0, 359)), draw(st.integers(0, 25)))


@st.composite
def raids(draw: st.DrawFn, number: int) -> Fields:
    """Draw a raid of drones or cruise missiles at one or more of the towns."""
    aims = draw(st.sampled_from([["town"], ["plant"], ["town", "plant"]]))
    return raid(
        draw(st.integers(1, 5)),
        f"raid-{number}",
        type=draw(st.sampled_from(["drone", "cruise"])),
        aim=aims,
        launch=f"+00:{draw(st.integers(0, 30)):02}",
        timing=draw(st.sampled_from(["uniform", "normal", "poisson", "equal"])),
        spread=draw(st.integers(1, 20).map(lambda m: f"{m} min")),
        decoy_share=draw(st.sampled_from([0.0, 0.3])),
        abort_share=draw(st.sampled_from([0.0, 0.1])),
        routes=draw(st.integers(1, 3)),
        route_spread="5 km",
        axis={"toward": aims[0], "bearing": f"{draw(st.integers(0, 359))} deg", "distance": "90 km"},
    )


@st.composite
def hunters(draw: st.DrawFn) -> Fields:
    """Draw anti-radiation missiles at all radars."""
    return raid(draw(st.integers(1, 3)), "hunter", type="hunter", aim="radars", spread=draw(minutes))


@st.composite
def scenarios(draw: st.DrawFn) -> Fields:
    """Draw a small scenario with any mixture of features."""
    kinds = st.sampled_from(["first", "second"])
    rules = {
        "salvo": draw(st.integers(1, 3)),
        "max_shots": draw(st.integers(1, 5)),
        "assess": f"{draw(st.integers(0, 20))} s",
    }
    units = [
        {
            "id": f"unit-{i}",
            "type": draw(kinds),
            "position": draw(positions()),
            "sector": draw(st.sampled_from(["east", "west"])),
            "availability": draw(st.sampled_from([1.0, 0.7])),
        }
        for i in range(draw(st.integers(1, 3)))
    ]
    coming = [draw(raids(i)) for i in range(draw(st.integers(1, 3)))]
    coming += [draw(hunters())] if draw(st.booleans()) else []
    return scenario(
        coming,
        integration=draw(st.sampled_from(["autonomous", "sector", "alliance"])),
        command={
            "identification": f"{draw(st.integers(0, 60))} s",
            "command": f"{draw(st.integers(0, 60))} s",
            "delay": draw(st.sampled_from(["constant", "exponential"])),
        },
        doctrine={
            "weapons_control": draw(st.sampled_from(["free", "tight", "free", "hold"])),
            "assignment": draw(st.sampled_from(["greedy", "nearest"])),
            "shots": {"drone": rules, "cruise": rules, "anti_radiation": rules},
            "reserves": [{"effector": "long", "keep": draw(st.integers(0, 2)), "for": ["cruise"]}],
        },
        assets=[
            {"id": "town", "kind": "lab-town", "position": place(0, 0)},
            {"id": "plant", "kind": "lab-town", "position": draw(positions()), "value": 300},
        ],
        sensors=[
            {"id": f"early-{i}", "type": "wide", "position": draw(positions()), "sector": "east", "availability": 0.8}
            for i in range(draw(st.integers(0, 2)))
        ],
        fire_units=units,
        soft_kill_zones=[
            {"id": f"jam-{i}", "type": "jammer", "position": draw(positions())} for i in range(draw(st.integers(0, 2)))
        ],
        catalogue={
            "threats": [
                threat(failure=0.05, circular_error=800.0),
                threat("cruise", "cruise", speed=230.0, height=100.0, circular_error=300.0),
                threat("hunter", "anti_radiation", speed=800.0, height=8_000.0, circular_error=60.0),
            ],
            "effectors": [
                effector(
                    "long", {"drone": draw(chances), "cruise": draw(chances), "anti_radiation": 0.4}, 35.0, interval=2.0
                ),
                effector("burst", {"drone": draw(chances)}, 6.0, rounds_per_shot=3, speed=700.0),
            ],
            "sensors": [radar(detection=0.7, hits=2, scan=3.0), radar("wide", range_km=140.0, scan=9.0)],
            "fire_units": [
                battery(
                    "first",
                    [
                        weapon("long", launchers=draw(st.integers(1, 3)), each=draw(st.integers(1, 4)))
                        | {"reserve_rounds": weapon(reserve=draw(st.integers(0, 4)))["reserve_rounds"]}
                    ],
                    channels=draw(st.integers(1, 3)),
                    backup=True,
                ),
                battery(
                    "second",
                    [
                        weapon("burst", each=draw(st.integers(3, 14)), reserve=draw(st.integers(0, 9))),
                        weapon("long", each=3),
                    ],
                    channels=draw(st.integers(1, 3)),
                    hardness=100.0,
                ),
            ],
            "assets": [town()],
            "soft_kill": [zone(radius_km=8.0, drone=15.0, cruise=4.0)],
        },
    )


def played(fields: Fields, replications: int, **how: Any) -> Results:
    """Write, load and play a scenario in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return play(Path(folder), fields, replications, **how)


def copied(fields: Fields) -> Fields:
    """Return a copy that may be changed."""
    return json.loads(json.dumps(fields))  # type: ignore[no-any-return]


@settings(max_examples=15, **DETERMINISTIC)
@given(scenarios())
def test_accounts(fields: Fields) -> None:
    """Every threat has one fate, every leaker one cause, every round one place, every loss of value one hit."""
    results = played(fields, 12, events=True)
    threats = sum(entry["count"] for entry in fields["raids"])
    fate = column(results, "fate")
    assert fate.shape == (12, threats)
    told = results.to_json()
    ends = ("failed", "suppressed", "shot_down", "leaked_hit", "leaked_missed", "aborted")
    assert abs(sum(told["total"][end] for end in ends) - threats) < 1e-9
    assert ((column(results, "cause") != None) == leaked(results)).all()  # noqa: E711  (elementwise)
    held = {}
    for unit in fields["fire_units"]:
        kind = next(k for k in fields["catalogue"]["fire_units"] if k["id"] == unit["type"])
        for w in kind["weapons"]:
            on_launchers = w["launchers"]["value"] * w["rounds_per_launcher"]["value"]
            held[f"{unit['id']}/{w['effector']}"] = on_launchers + w["reserve_rounds"]["value"]
    fired, left, lost = (column(results, name, "weapons") for name in ("fired", "left", "lost"))
    assert min(fired.min(), left.min(), lost.min()) >= 0
    assert (fired + left + lost == [held[w] for w in results.roster.weapon]).all()
    assert (column(results, "rounds").sum(axis=1) == fired.sum(axis=1)).all()
    damage = column(results, "damage")
    assert (damage[~is_fate(results, "leaked_hit")] == 0).all()
    worth = {"town": 100.0, "plant": 300.0}
    lost_value = sum(
        worth[name] * (1 - column(results, "remaining", "targets")[:, m])
        for m, name in enumerate(results.roster.target)
        if name in worth
    )
    assert np.allclose(damage.sum(axis=1), lost_value)


@settings(max_examples=15, **DETERMINISTIC)
@given(scenarios())
def test_order_of_events(fields: Fields) -> None:
    """Launch, track, order, shot, end come in this order; nothing is fired at what has ended; ends are logged once."""
    results = played(fields, 12, events=True)
    start_s, end_s = column(results, "start_s"), column(results, "end_s")
    track_s, order_s = column(results, "first_track_s"), column(results, "engageable_s")
    assert (start_s <= end_s).all()
    assert not (track_s < start_s).any()
    assert not (track_s >= end_s).any()
    assert not (order_s < track_s).any()
    fired_s = moments(results, "fired")
    assert not (fired_s < order_s).any()
    assert (np.isfinite(fired_s) == (column(results, "rounds") > 0)).all()
    late = results.query(
        "select count(*) as n from events e join rows r on e.replication = r.replication and e.threat = r.threat "
        "where e.kind in ('fired', 'tracked', 'engageable') and e.time_s > r.end_s"
    )
    assert late.to_pylist() == [{"n": 0}]
    ends = results.query(
        "select count(*) as n, count(distinct (replication, threat::varchar)) as threats from events "
        "where kind in ('hit', 'missed', 'shot_down', 'suppressed', 'failed', 'aborted') "
    ).to_pylist()[0]
    decoys = int((column(results, "decoy") & is_fate(results, "failed")).sum())
    assert ends["threats"] + decoys >= end_s.size
    if fields["doctrine"]["weapons_control"] == "hold":
        assert not np.isfinite(fired_s).any()


@settings(max_examples=12, **DETERMINISTIC)
@given(scenarios(), st.randoms(use_true_random=False))
def test_order_in_the_file(fields: Fields, random: Any) -> None:
    """Entities in another order: the same hash, the same rows (they are by id)."""
    other = copied(fields)
    for key in ("assets", "sensors", "fire_units", "soft_kill_zones", "raids"):
        random.shuffle(other[key])
    for entries in other["catalogue"].values():
        random.shuffle(entries)
    one, two = played(fields, 12, events=True), played(other, 12, events=True)
    for table in ("rows", "weapons", "targets", "losses", "events"):
        first, second = one.to_arrow(table), two.to_arrow(table)
        unlike = [
            name for name in first.column_names if first.column(name).to_pylist() != second.column(name).to_pylist()
        ]
        assert not unlike, (table, unlike)
    assert one.manifest.scenario_hash == two.manifest.scenario_hash


@settings(max_examples=15, **DETERMINISTIC)
@given(scenarios())
def test_names(fields: Fields) -> None:
    """Other names are other luck: no mean moves by more than its standard error allows."""
    other = copied(fields)
    new = {entry["id"]: f"{'az'[i % 2]}{len(entry['id'])}-{entry['id']}" for i, entry in enumerate(other["raids"])}
    new |= {unit["id"]: f"{'za'[i % 2]}x-{unit['id']}" for i, unit in enumerate(other["fire_units"])}
    new |= {entity["id"]: f"k-{entity['id']}" for key in ("sensors", "soft_kill_zones") for entity in other[key]}
    for key in ("raids", "fire_units", "sensors", "soft_kill_zones"):
        for entity in other[key]:
            entity["id"] = new[entity["id"]]
    one, two = played(fields, 500), played(other, 500)
    for kind in {entry["type"] for entry in fields["raids"]}:
        for fate in ("shot_down", "suppressed", "leaked_hit"):
            counts = [(is_fate(r, fate) & (column(r, "type") == kind)).sum(axis=1) for r in (one, two)]
            error = np.sqrt(sum(c.var(ddof=1) / c.size for c in counts))
            assert abs(counts[0].mean() - counts[1].mean()) <= LIMIT * error + 1e-12, (kind, fate)


@settings(max_examples=15, **DETERMINISTIC)
@given(scenarios(), st.sampled_from(["a-far", "z-far"]))
def test_a_battery_far_away(fields: Fields, name: str) -> None:
    """A battery, a radar and a jammer 2,500 km away change nothing of any threat."""
    fields = copied(fields)
    fields["raids"] = [entry for entry in fields["raids"] if entry["type"] != "hunter"] or [raid(2)]
    other = copied(fields)
    other["fire_units"].append({"id": name, "type": "first", "position": place(270, 2_500), "sector": "east"})
    other["sensors"] += [{"id": f"{name}-eye", "type": "wide", "position": place(270, 2_500), "sector": "east"}]
    other["soft_kill_zones"] += [{"id": f"{name}-jam", "type": "jammer", "position": place(270, 2_500)}]
    one, two = played(fields, 12), played(other, 12)
    assert one.to_arrow("rows").to_pydict() == two.to_arrow("rows").to_pydict()
    fired = dict(zip(two.roster.weapon, column(two, "fired", "weapons").sum(axis=0), strict=True))
    assert fired[f"{name}/long"] == 0


@settings(max_examples=15, **DETERMINISTIC)
@given(scenarios(), st.booleans())
def test_sure_and_useless_rounds(fields: Fields, sure: bool) -> None:
    """Kill probability 1: no shot that meets its target misses. 0: nothing is shot down."""
    fields = copied(fields)
    for rounds in fields["catalogue"]["effectors"]:
        for figure in rounds["kill_probability"].values():
            figure |= {"value": float(sure), "low": 0.0, "high": 1.0}
    results = played(fields, 12, events=True)
    missed = results.query("select count(*) as n from events where kind = 'intercept_missed'").to_pylist()[0]["n"]
    if sure:
        assert missed == 0
    else:
        assert not is_fate(results, "shot_down").any()


@settings(max_examples=12, **DETERMINISTIC)
@given(scenarios(), st.sampled_from([-170.0, -31.0, 64.0, 150.0]))
def test_another_longitude(fields: Fields, by_deg: float) -> None:
    """The Earth is round: the same scenario elsewhere on its parallel has the same fates, but for last bits."""
    other = copied(fields)
    for key in ("assets", "sensors", "fire_units", "soft_kill_zones"):
        for entity in other[key]:
            latitude, longitude = entity["position"]
            entity["position"] = [latitude, (longitude + by_deg + 180.0) % 360.0 - 180.0]
    one, two = played(fields, 12), played(other, 12)
    assert np.mean(column(one, "fate") != column(two, "fate")) <= 0.01
    assert np.allclose(column(one, "start_s"), column(two, "start_s"), atol=1e-4)


@st.composite
def homogeneous(draw: st.DrawFn) -> Fields:
    """Draw a raid of like threats on one battery with one kind of round, no reserve, nothing that shoots back.

    Here theory says more is better. Threats differ in nothing but their times. Up to the shot that empties the smaller
    magazine both runs are the same, and what is fired after it can only kill more; a better round kills at the same
    draw or an earlier one. More channels start every service no later (lattice argument for first come, first served).
    """
    return scenario(
        [raid(draw(st.integers(3, 9)), spread=draw(st.integers(0, 10).map(lambda m: f"{m} min")))],
        doctrine={
            "shots": {
                "drone": {
                    "salvo": draw(st.integers(1, 3)),
                    "max_shots": draw(st.integers(1, 6)),
                    "assess": f"{draw(st.integers(0, 30))} s",
                }
            }
        },
        command={
            "identification": "0 s",
            "command": "20 s",
            "delay": draw(st.sampled_from(["constant", "exponential"])),
        },
        catalogue={
            "effectors": [
                effector(kill=draw(st.sampled_from([0.3, 0.6, 0.9])), reaction=draw(st.sampled_from([0.0, 30.0])))
            ],
            "fire_units": [
                battery(weapons=[weapon(each=draw(st.integers(1, 12)))], channels=draw(st.sampled_from([1, 2, 4, 500])))
            ],
        },
    )


def leakers(fields: Fields, replications: int = 100) -> np.ndarray:
    """Return the leakers of every replication."""
    return np.asarray(leaked(played(fields, replications)).sum(axis=1))


@settings(max_examples=15, **DETERMINISTIC)
@given(homogeneous())
def test_more_rounds(fields: Fields) -> None:
    """On the same luck one more round never adds a leaker, raid by raid."""
    more = copied(fields)
    more["catalogue"]["fire_units"][0]["weapons"][0]["rounds_per_launcher"] |= {
        "value": fields["catalogue"]["fire_units"][0]["weapons"][0]["rounds_per_launcher"]["value"] + 1,
        "high": 100.0,
    }
    assert (leakers(more) <= leakers(fields)).all()


@settings(max_examples=15, **DETERMINISTIC)
@given(homogeneous())
def test_more_channels(fields: Fields) -> None:
    """On the same luck one more channel does not raise the mean leakers, to 4 standard errors of the change."""
    more = copied(fields)
    more["fire_units"][0]["channels"] = int(fields["catalogue"]["fire_units"][0]["channels"]["value"]) + 1
    change = leakers(more) - leakers(fields)
    assert change.mean() <= LIMIT * change.std(ddof=1) / np.sqrt(change.size)


@settings(max_examples=15, **DETERMINISTIC)
@given(homogeneous())
def test_better_rounds(fields: Fields) -> None:
    """On the same luck a better round does not raise the mean; with rounds and channels for all, no single raid."""
    plenty = copied(fields)
    plenty["catalogue"]["fire_units"] = [battery()]
    for given_fields, every_raid in ((fields, False), (plenty, True)):
        better = copied(given_fields)
        kill = better["catalogue"]["effectors"][0]["kill_probability"]["drone"]
        kill |= {"value": kill["value"] + 0.1, "high": 1.0}
        change = leakers(better) - leakers(given_fields)
        assert change.mean() <= LIMIT * change.std(ddof=1) / np.sqrt(change.size)
        if every_raid:
            assert (change <= 0).all()
