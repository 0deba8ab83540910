"""Identification: shares of verdicts, numbers of looks, what weapons control lets happen, fratricide and duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shieldwall import Results
from verification.lab import (
    CENTRE,
    Fields,
    battery,
    case,
    column,
    effector,
    figure,
    has_distribution,
    has_mean,
    has_share,
    is_fate,
    leaked,
    moments,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
)
from verification.test_engine_fighters import aircraft, patrol, sky

FAMILY = "identification"
GEOMETRIC = "Feller 1968, An Introduction to Probability Theory, VI.8 (geometric distribution)"
SURE = {"verdict": 1.0, "hostile_let_go": {"drone": 0.0}}
# An airliner of the laboratory is first seen at 80 km and first within reach at 30 km: 500 s later.
SEEN_BEFORE_REACH_S = 500.0


def liner(called_hostile: float, people: int = 100) -> Fields:
    """Return a kind of civil aircraft that flies and is fired at as the laboratory's drones are."""
    return {
        "id": "liner",
        "name": "liner",
        "side": "civil",
        "engaged_as": "drone",
        "speed": figure(100, "m/s"),
        "height": figure(1_000, "m"),
        "radar_cross_section": figure(1, "m2"),
        "called_hostile": figure(called_hostile, "fraction"),
        "people": figure(people, "count") | {"low": 0.0},
    }


def flights(count: int, **changes: Any) -> Fields:
    """Return airliners on a straight course over the town, from 100 km in the east to 100 km in the west."""
    start, end = place(90.0, 100.0), place(270.0, 100.0)
    return {"id": "line", "type": "liner", "count": count, "from": start, "to": end, "launch": "+00:00"} | changes


def sky_with_liners(
    drones: int, liners: int, control: str, *, called_hostile: float = 0.0, kill: float = 1.0, **changes: Any
) -> Fields:
    """Return the laboratory with airliners among the drones."""
    catalogue = {"traffic": [liner(called_hostile)], "effectors": [effector(kill=kill)]}
    return scenario(
        [raid(drones)],
        doctrine=shots() | {"weapons_control": control},
        traffic=[flights(liners)],
        catalogue=catalogue | changes.pop("catalogue", {}),
        **changes,
    )


def down(results: Results) -> NDArray[np.bool_]:
    """Return which airliners were shot down, (R, F)."""
    return np.asarray(column(results, "shot_down", "traffic"), bool)


@case(FAMILY, "share of hostiles let go = stated chance; their cause is held_by_rules")
def test_hostiles_let_go(tmp_path: Path) -> None:
    """Of drones that any shot kills, those leak that are taken for civil aircraft."""
    results = play(
        tmp_path, sky_with_liners(50, 1, "tight", identification=SURE | {"hostile_let_go": {"drone": 0.3}}), 400
    )
    has_share(leaked(results), 0.3, error=0.005)
    assert set(column(results, "cause")[leaked(results)]) == {"held_by_rules"}


@case(FAMILY, "share of airliners shot down = chance to be called hostile, x chance of a kill")
@pytest.mark.parametrize("control", ["tight", "free"])
def test_airliners_called_hostile(tmp_path: Path, control: str) -> None:
    """Where the verdict comes long before the first window, free and tight are the same."""
    fields = sky_with_liners(1, 50, control, called_hostile=0.2, kill=0.6, identification=SURE)
    results = play(tmp_path, fields, 400)
    has_share(down(results), 0.2 * 0.6, error=0.005)
    assert set(column(results, "mistaken", "traffic")[down(results)]) == {"taken_for_hostile"}
    summary = results.summary().traffic["liner"]
    assert summary.people_lost == pytest.approx(100 * summary.shot_down.mean)
    assert summary.mistaken["taken_for_hostile"] == pytest.approx(summary.shot_down.mean)


@case(FAMILY, "looks until a verdict: geometric; constant times", GEOMETRIC)
def test_number_of_looks(tmp_path: Path) -> None:
    """First look 20 s, each later one 30 s, each brings a verdict with 0.4."""
    fields = sky_with_liners(
        40,
        1,
        "tight",
        command={"identification": "20 s", "command": "0 s", "delay": "constant"},
        identification=SURE | {"verdict": 0.4, "recheck": "30 s"},
    )
    results = play(tmp_path, fields, 250)
    later = (column(results, "engageable_s") - column(results, "first_track_s") - 20.0) / 30.0
    assert np.all(np.abs(later - np.rint(later)) < 1e-6)
    looks = np.minimum(np.rint(later), 8).astype(int)
    weights = [0.4 * 0.6**k for k in range(8)]
    has_distribution(looks, [*weights, 1.0 - sum(weights)])


@case(FAMILY, "mean time to a verdict = first look + (1 - p) / p x time to the next", GEOMETRIC)
def test_mean_time_to_a_verdict(tmp_path: Path) -> None:
    fields = sky_with_liners(
        40,
        1,
        "tight",
        command={"identification": "20 s", "command": "10 s", "delay": "exponential"},
        identification=SURE | {"verdict": 0.5, "recheck": "5 s"},
    )
    results = play(tmp_path, fields, 250)
    has_mean(column(results, "engageable_s") - column(results, "first_track_s"), 20.0 + 5.0 + 10.0, error=0.3)


@case(FAMILY, "free fires at what is not yet identified; tight and hold do not")
@pytest.mark.parametrize(("control", "lost", "hostile"), [("free", 1.0, 1.0), ("tight", 0.0, 0.0), ("hold", 0.0, 0.0)])
def test_before_the_verdict(tmp_path: Path, control: str, lost: float, hostile: float) -> None:
    """The look takes so long that everybody is over the town before it ends."""
    fields = sky_with_liners(
        5,
        5,
        control,
        command={"identification": f"{4 * SEEN_BEFORE_REACH_S} s", "command": "0 s", "delay": "constant"},
        identification=SURE,
    )
    results = play(tmp_path, fields, 3)
    assert down(results).mean() == lost
    assert is_fate(results, "shot_down").mean() == hostile
    if lost:
        assert set(column(results, "mistaken", "traffic").ravel()) == {"not_identified"}
    else:
        assert set(column(results, "cause").ravel()) == {"command_delay"}


@case(FAMILY, "under free a track is let go once its verdict is in, though it could have been fired at before")
def test_a_verdict_between_order_and_window(tmp_path: Path) -> None:
    fields = sky_with_liners(
        5,
        5,
        "free",
        command={"identification": f"{SEEN_BEFORE_REACH_S - 100.0} s", "command": "0 s", "delay": "constant"},
        identification=SURE,
    )
    results = play(tmp_path, fields, 3)
    assert not down(results).any()
    assert is_fate(results, "shot_down").all()


@case(FAMILY, "who waits for a channel and is found to be no enemy meanwhile is not fired at")
def test_a_verdict_while_waiting_for_a_channel(tmp_path: Path) -> None:
    """One channel: the first of six airliners takes it for 30 s, and the verdicts come 20 s into that."""
    fields = sky_with_liners(
        1,
        6,
        "free",
        command={"identification": f"{SEEN_BEFORE_REACH_S - 10.0} s", "command": "0 s", "delay": "constant"},
        identification=SURE,
        catalogue={"sensors": [radar(scan=0.001)], "fire_units": [battery(channels=1)]},
    )
    fields["raids"][0]["launch"] = "+02:00"
    results = play(tmp_path, fields, 3)
    assert np.all(down(results).sum(axis=1) == 1)
    assert is_fate(results, "shot_down").all()


def box(bearing_deg: float, near_km: float, far_km: float) -> list[list[float]]:
    """Return an area 100 km wide across a bearing, between two distances from the town."""
    middle = [place(bearing_deg, far_km), place(bearing_deg, near_km)]
    return [[middle[0][0] + d, middle[i][1]] for d, i in ((-0.5, 0), (0.5, 0), (0.5, 1), (-0.5, 1))]


@case(FAMILY, "in a joint zone nobody is fired at before the verdict, under free too; behind it all are")
def test_joint_zone_waits_for_the_verdict(tmp_path: Path) -> None:
    """The verdict comes 100 s after the first window opens; the zone covers all of the battery's reach."""
    fields = sky_with_liners(
        5,
        5,
        "free",
        command={"identification": f"{SEEN_BEFORE_REACH_S + 100.0} s", "command": "0 s", "delay": "constant"},
        identification=SURE,
        catalogue={"sensors": [radar(scan=0.001)]},
    )
    zone = {"areas": [{"id": "reach", "polygon": box(90.0, -40.0, 40.0)}]}
    joint = fields | zone | {"airspace": [{"id": "jez", "kind": "joint", "area": "reach"}]}
    without, within = play(tmp_path, fields, 3, events=True), play(tmp_path, joint, 3, events=True)
    assert down(without).all()
    assert not down(within).any()
    assert is_fate(within, "shot_down").all()
    waited = moments(within, "fired") - column(within, "first_track_s")
    assert np.allclose(waited, SEEN_BEFORE_REACH_S + 100.0, atol=0.01)
    assert np.all(column(without, "end_s") < column(within, "end_s") - 60.0)


@case(FAMILY, "in a corridor under hold an airliner that everybody calls hostile passes")
def test_corridor_saves_who_keeps_to_it(tmp_path: Path) -> None:
    fields = sky_with_liners(1, 10, "tight", called_hostile=1.0, identification=SURE)
    fields |= {"areas": [{"id": "lane", "polygon": box(90.0, -110.0, 110.0)}]}
    lane = {"id": "lane-high", "kind": "corridor", "area": "lane", "height_min": "900 m", "height_max": "1100 m"}
    assert down(play(tmp_path, fields, 3)).all()
    assert not down(play(tmp_path, fields | {"airspace": [lane]}, 3)).any()
    assert down(play(tmp_path, fields | {"airspace": [lane | {"control": "tight"}]}, 3)).all()


@case(FAMILY, "n networks err independently: 1 - (1 - p)^n")
def test_networks_err_each_for_itself(tmp_path: Path) -> None:
    units = [{"id": f"unit-{k}", "type": "battery", "position": CENTRE} for k in range(3)]
    fields = sky_with_liners(1, 50, "tight", called_hostile=0.2, identification=SURE, fire_units=units)
    has_share(down(play(tmp_path, fields, 400)), 1.0 - 0.8**3, error=0.005)
    together = play(tmp_path, fields | {"integration": "alliance"}, 400)
    has_share(down(together), 0.2, error=0.005)


@case(
    FAMILY, "duplicate engagements of n lone batteries that fire at once: n - 1 a threat; 0 where they share a picture"
)
def test_duplicate_engagements(tmp_path: Path) -> None:
    units = [{"id": f"unit-{k}", "type": "battery", "position": CENTRE} for k in range(3)]
    fields = scenario([raid(20)], fire_units=units, catalogue={"effectors": [effector(kill=0.3)]})
    alone = play(tmp_path, fields, 20)
    assert np.all(column(alone, "duplicates") == 2)
    assert alone.summary().duplicates.mean == 40.0
    assert np.all(column(play(tmp_path, fields | {"integration": "alliance"}, 20), "duplicates") == 0)


@case(FAMILY, "sure identification under tight is the plain engine, byte for byte; traffic draws nothing from the raid")
@pytest.mark.parametrize("delay", ["constant", "exponential"])
def test_sure_identification_changes_nothing(tmp_path: Path, delay: str) -> None:
    command = {"identification": "15 s", "command": "20 s", "delay": delay}
    plain = scenario([raid(30)], command=command, doctrine=shots(2, 4, 5.0) | {"weapons_control": "tight"})
    bare = play(tmp_path, plain, 50)
    sure = play(tmp_path, plain | {"identification": SURE}, 50)
    busy = plain | {"identification": SURE, "traffic": [flights(5)]}
    busy["catalogue"] = plain["catalogue"] | {"traffic": [liner(0.0)]}
    among = play(tmp_path, busy, 50)
    for name in ("rows", "weapons", "targets", "losses"):
        if name == "rows":  # names of paths are kept for all that fly
            columns = [c for c in bare.to_arrow(name).column_names if c != "path"]
            assert bare.to_arrow(name).select(columns).to_pylist() == among.to_arrow(name).select(columns).to_pylist()
        else:
            assert bare.to_arrow(name).equals(among.to_arrow(name))
        assert bare.to_arrow(name).equals(sure.to_arrow(name))


@case(FAMILY, "a pilot beside an airliner sees what it is: none is shot down; without a look all are")
@pytest.mark.parametrize(("look_s", "lost"), [(30.0, 0.0), (0.0, 1.0)])
def test_pilots_see(tmp_path: Path, look_s: float, lost: float) -> None:
    """Every airliner is called hostile, and only fighters are there to shoot."""
    fields = sky({"identification": f"{look_s} s", "count": 4, "scramble": 1}, drones=1)
    course = {"from": place(90.0, 300.0), "to": place(270.0, 300.0), "speed": "60 m/s"}
    fields |= {"identification": SURE, "traffic": [flights(1, **course)]}
    fields["catalogue"] |= {"traffic": [liner(1.0)]}
    results = play(tmp_path, fields, 20)
    assert down(results).mean() == lost
    assert is_fate(results, "shot_down").mean() == 1.0
    assert results.summary().fighters["wing"].counts["sorties"].mean == 2.0


@case(FAMILY, "a track that a fighter's radar makes is identified like any other: share let go = stated chance")
def test_tracks_of_a_fighters_radar(tmp_path: Path) -> None:
    """Nobody but the patrol's radar sees the drones; half of them are let go, the others come to be shot at."""
    group = {"alert": "290 km", "count": 8, "scramble": 2} | patrol(0.001, **{"from": "+00:10", "to": "+08:00"})
    del group["border"]
    fields = sky(group, jet=aircraft(sensor="nose"), sensors=[], drones=1, kill=1.0)
    fields |= {"identification": SURE | {"hostile_let_go": {"drone": 0.5}}}
    results = play(tmp_path, fields, 400, events=True)
    told = results.query("select value from events where kind = 'identified'").column("value").to_numpy()
    assert told.size == 400
    has_share(told == 0.0, 0.5, error=0.03)
    assert np.array_equal(leaked(results).ravel(), column(results, "rounds").ravel() == 0)
    has_share(leaked(results), 0.5, error=0.03)


@case(FAMILY, "rolling assignment lets go what greedy lets go")
def test_with_rolling_assignment(tmp_path: Path) -> None:
    fields = sky_with_liners(
        10, 10, "free", called_hostile=0.3, identification=SURE | {"hostile_let_go": {"drone": 0.1}}
    )
    greedy = play(tmp_path, fields, 40)
    rolling = play(tmp_path, fields | {"doctrine": fields["doctrine"] | {"assignment": "rolling"}}, 40)
    assert np.array_equal(down(greedy), down(rolling))
    assert np.array_equal(leaked(greedy), leaked(rolling))


@case(
    FAMILY,
    "an operator is busy with a track until the verdict, whatever it is: the k-th of n is ready after k services",
)
def test_operators_identify(tmp_path: Path) -> None:
    """One operator, 1 s a track, 20 tracks at once, half of them airliners that are never fired at."""
    fields = sky_with_liners(
        10,
        10,
        "tight",
        integration="alliance",
        command={"delay": "constant"},
        structure={"nodes": [{"id": "post", "level": "sector", "service": "1 s", "operators": 1}]},
        identification=SURE,
        catalogue={"sensors": [radar(scan=0.001)]},
    )
    results = play(tmp_path, fields, 4)
    waited = np.sort(column(results, "engageable_s") - column(results, "first_track_s"), axis=1)
    assert np.allclose(waited, np.rint(waited), atol=0.02)
    assert np.all(np.diff(waited, axis=1) > 0.9)
    assert waited.max() <= 20.02
    assert waited.max() > 10.5
    assert not down(results).any()
