"""Shots: independent, one after another with a look between, in salvos, and Wilkening's formula."""

from __future__ import annotations

from math import ceil, log
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import (
    battery,
    case,
    column,
    effector,
    has_distribution,
    has_mean,
    has_share,
    leaked,
    place,
    play,
    raid,
    scenario,
    shots,
    threat,
    weapon,
)

BINOMIAL = "independent shots"
LOOKS = "shoot, look, shoot"
SALVO = "salvo of n"
WILKENING = "Wilkening's formula"
WILKENING_SOURCE = "Wilkening 1999, Science & Global Security 8:183-215"


@case(BINOMIAL, "leakers of N, one shot each: Binomial(N, 1-p)")
@pytest.mark.parametrize("kill", [0.2, 0.5, 0.9])
def test_leakers_are_binomial(tmp_path: Path, kill: float) -> None:
    fields = scenario([raid(8)], catalogue={"effectors": [effector(kill=kill)]})
    leakers = leaked(play(tmp_path, fields, 6_000)).sum(axis=1)
    has_distribution(leakers, stats.binom(8, 1 - kill).pmf(np.arange(9)))


@case(BINOMIAL, "leakers of two kinds: sum of Binomial(N1, q1) and Binomial(N2, q2), by convolution")
def test_leakers_of_two_kinds_add_up(tmp_path: Path) -> None:
    fields = scenario(
        [raid(4), raid(3, "second", type="plane")],
        doctrine=shots(1, 1, 0.0, "drone", "cruise"),
        catalogue={
            "threats": [threat(), threat("plane", "cruise", speed=200.0)],
            "effectors": [effector(kill={"drone": 0.8, "cruise": 0.3})],
        },
    )
    leakers = leaked(play(tmp_path, fields, 6_000)).sum(axis=1)
    both = np.convolve(stats.binom(4, 0.2).pmf(np.arange(5)), stats.binom(3, 0.7).pmf(np.arange(4)))
    has_distribution(leakers, both)


@case(BINOMIAL, "P(two given threats both leak) = q^2: the luck of threats is independent")
def test_threats_share_no_luck(tmp_path: Path) -> None:
    fate = leaked(play(tmp_path, scenario([raid(12)], catalogue={"effectors": [effector(kill=0.4)]}), 8_000))
    for other in (1, 5, 11):
        has_share(fate[:, 0] & fate[:, other], 0.36, error=0.006)


@case(BINOMIAL, "P(a threat leaks in replications r and r+1) = q^2: the luck of replications is independent")
def test_replications_share_no_luck(tmp_path: Path) -> None:
    fate = leaked(play(tmp_path, scenario([raid(10)], catalogue={"effectors": [effector(kill=0.4)]}), 4_000))
    for lag in (1, 2, 256):
        pairs = fate[:-lag:2] if lag == 1 else fate[:-lag]
        both = pairs & (fate[1::2][: pairs.shape[0]] if lag == 1 else fate[lag:])
        has_share(both, 0.36, error=0.004)


@case(BINOMIAL, "other seeds, same law: chi-square of the leakers of 20 seeds against the binomial")
def test_seeds_agree(tmp_path: Path) -> None:
    fields = scenario([raid(5)])
    leakers = np.concatenate([leaked(play(tmp_path, fields, 300, seed=s)).sum(axis=1) for s in range(1, 21)])
    has_distribution(leakers, stats.binom(5, 0.5).pmf(np.arange(6)))


@case(LOOKS, "P(leak) = (1-p)^m")
@pytest.mark.parametrize(("kill", "most"), [(0.5, 2), (0.3, 5), (0.7, 3)])
def test_every_look_has_its_chance(tmp_path: Path, kill: float, most: int) -> None:
    fields = scenario([raid(10)], doctrine=shots(1, most, 2.0), catalogue={"effectors": [effector(kill=kill)]})
    has_share(leaked(play(tmp_path, fields, 2_000)), (1 - kill) ** most, error=0.004)


@case(LOOKS, "expected rounds at one threat: (1-(1-p)^m)/p", "Przemieniecki, Mathematical Methods in Defense Analyses")
@pytest.mark.parametrize(("kill", "most"), [(0.5, 2), (0.3, 5), (0.7, 3)])
def test_expected_rounds_of_looks(tmp_path: Path, kill: float, most: int) -> None:
    fields = scenario([raid(10)], doctrine=shots(1, most, 2.0), catalogue={"effectors": [effector(kill=kill)]})
    rounds = column(play(tmp_path, fields, 2_000), "rounds")
    has_mean(rounds, (1 - (1 - kill) ** most) / kill, error=0.012)


@case(LOOKS, "rounds at one threat: geometric, cut off at m")
def test_rounds_of_looks_are_geometric(tmp_path: Path) -> None:
    fields = scenario([raid(10)], doctrine=shots(1, 5, 2.0), catalogue={"effectors": [effector(kill=0.35)]})
    rounds = column(play(tmp_path, fields, 2_000), "rounds")
    law = 0.35 * 0.65 ** np.arange(5)
    law[4] = 0.65**4
    has_distribution(rounds, [0.0, *law])


@case(LOOKS, "salvos of s in k looks: P(leak) = Q^k, rounds s(1-Q^k)/(1-Q), Q = (1-p)^s")
def test_looks_between_salvos(tmp_path: Path) -> None:
    fields = scenario([raid(10)], doctrine=shots(2, 6, 2.0), catalogue={"effectors": [effector(kill=0.3)]})
    results = play(tmp_path, fields, 2_000)
    miss = 0.7**2
    has_share(leaked(results), miss**3, error=0.003)
    has_mean(column(results, "rounds"), 2 * (1 - miss**3) / (1 - miss), error=0.02)


@case(LOOKS, "salvo 3, at most 4 shots: rounds 3 + (1-p)^3, P(leak) = (1-p)^4")
def test_last_salvo_is_cut_to_the_shots_allowed(tmp_path: Path) -> None:
    fields = scenario([raid(10)], doctrine=shots(3, 4, 2.0), catalogue={"effectors": [effector(kill=0.3)]})
    results = play(tmp_path, fields, 2_000)
    has_share(leaked(results), 0.7**4, error=0.004)
    has_mean(column(results, "rounds"), 3 + 0.7**3, error=0.005)


@case(LOOKS, "looks in a window of L seconds, each taking the time of flight and the look: as many as fit, by hand")
@pytest.mark.parametrize(("look_s", "fit"), [(0.0, 5), (40.0, 3), (100.0, 2), (250.0, 1)])
def test_as_many_looks_as_the_window_holds(tmp_path: Path, look_s: float, fit: int) -> None:
    """Seen at 36 km, 360 s out; reach 30 km; meetings 60 s after orders, so orders from 0 to just under 300 s count."""
    kinds = {
        "threats": [threat(height=100.0)],
        "effectors": [effector(kill=0.5, speed=10_000.0, reaction=57.0, range_min=1_000.0)],
        "sensors": [radar_at(36.0)],
    }
    fields = scenario([raid(10)], doctrine=shots(1, 20, look_s), catalogue=kinds)
    results = play(tmp_path, fields, 2_000)
    seen_s = (100_000 - 36_000) / 100
    order_s, count = max(seen_s, (100_000 - 30_000) / 100 - 60), 0
    while True:  # meeting m = order + 57 + d(m) / 10,000 with d(m) = 100,000 - 100 m
        meeting_s = (order_s + 57 + 10.0) / 1.01
        if meeting_s > (100_000 - 1_000) / 100:
            break
        count, order_s = count + 1, meeting_s + look_s
    assert count == fit
    has_share(leaked(results), 0.5**fit, error=0.004)


@case(LOOKS, "last_chance: shoot: where no look can come in time, all the shots left: 1 - (1 - p)^most, by hand")
@pytest.mark.parametrize(("look_s", "most"), [(0.0, 7), (40.0, 5), (250.0, 2), (250.0, 6)])
def test_where_no_look_comes_in_time_every_shot_is_fired(tmp_path: Path, look_s: float, most: int) -> None:
    """As above, where fewer looks fit than shots are allowed: the last salvo takes with it what is left."""
    kinds = {
        "threats": [threat(height=100.0)],
        "effectors": [effector(kill=0.5, speed=10_000.0, reaction=57.0, range_min=1_000.0)],
        "sensors": [radar_at(36.0)],
    }
    doctrine = shots(1, most, look_s) | {"last_chance": "shoot"}
    results = play(tmp_path, scenario([raid(10)], doctrine=doctrine, catalogue=kinds), 2_000)
    has_share(leaked(results), 0.5**most, error=0.004)
    fit = {0.0: 5, 40.0: 3, 250.0: 1}[look_s]
    one_by_one = sum(0.5**k for k in range(fit - 1))
    has_mean(column(results, "rounds"), one_by_one + 0.5 ** (fit - 1) * (most - fit + 1), error=0.02)


def radar_at(range_km: float) -> dict[str, object]:
    """Return a radar of another range that looks a hundred times a second."""
    from verification.lab import radar

    return radar(range_km=range_km, scan=0.01, mast=200.0)


@case(SALVO, "P(kill) = 1-(1-p)^n")
@pytest.mark.parametrize("salvo", [2, 3, 4, 5, 6, 9])
def test_salvo_of_n(tmp_path: Path, salvo: int) -> None:
    fields = scenario([raid(10)], doctrine=shots(salvo, salvo), catalogue={"effectors": [effector(kill=0.25)]})
    results = play(tmp_path, fields, 2_000)
    assert (column(results, "rounds") == salvo).all()
    has_share(leaked(results), 0.75**salvo, error=0.004)


@case(SALVO, "shots of a salvo one interval apart: 1 + floor(time left / interval) of them meet in time, by hand")
@pytest.mark.parametrize(("interval_s", "fit"), [(20.0, 8), (50.0, 6), (100.0, 3), (400.0, 1)])
def test_salvo_ends_with_the_window(tmp_path: Path, interval_s: float, fit: int) -> None:
    """The first shot meets at 30 km, 300 s out; the last may meet at 1 km: 290 s later."""
    kinds = {"effectors": [effector(kill=0.3, speed=5_000.0, interval=interval_s, range_min=1_010.0)]}
    fields = scenario([raid(10)], doctrine=shots(8, 8, 1_000.0), catalogue=kinds | {"threats": [threat(height=100.0)]})
    results = play(tmp_path, fields, 2_000)
    assert min(8, 1 + int((30_000 - 1_010) / 100 / interval_s)) == fit
    assert (column(results, "rounds") == fit).all()
    has_share(leaked(results), 0.7**fit, error=0.004)


@case(SALVO, "a burst of k rounds is one shot: P(kill) = 1-(1-p)^n with k n rounds")
def test_a_burst_is_one_shot(tmp_path: Path) -> None:
    fields = scenario(
        [raid(10)],
        doctrine=shots(2, 2),
        catalogue={"effectors": [effector(kill=0.4, rounds_per_shot=12)], "fire_units": [battery(weapons=[weapon()])]},
    )
    results = play(tmp_path, fields, 2_000)
    assert (column(results, "rounds") == 24).all()
    has_share(leaked(results), 0.6**2, error=0.004)


@case(SALVO, "kill moment of a salvo: its last shot's meeting, (n-1) intervals after the first's")
def test_salvo_is_decided_at_its_last_meeting(tmp_path: Path) -> None:
    ends = []
    for salvo in (1, 4):
        kinds = {"effectors": [effector(kill=1.0, interval=7.0)]}
        ends.append(
            column(play(tmp_path, scenario([raid(1)], doctrine=shots(salvo, salvo), catalogue=kinds), 5), "end_s")
        )
    assert ends[1] - ends[0] == pytest.approx(21.0, abs=1e-9)


@case(WILKENING, "P(no leak) = [1-(1-k)^n]^W", WILKENING_SOURCE)
@pytest.mark.parametrize(
    ("threats", "kill", "goal", "needed"), [(1, 0.5, 0.95, 5), (5, 0.7, 0.9, 4), (10, 0.5, 0.9, 7)]
)
def test_no_leak(tmp_path: Path, threats: int, kill: float, goal: float, needed: int) -> None:
    """The number of interceptors for each warhead that the formula asks for is just enough, and one fewer is not."""
    assert ceil(log(1 - goal ** (1 / threats)) / log(1 - kill)) == needed
    for salvo, enough in ((needed, True), (needed - 1, False)):
        kinds = {"effectors": [effector(kill=kill)]}
        fields = scenario([raid(threats)], doctrine=shots(salvo, salvo), catalogue=kinds)
        none = ~leaked(play(tmp_path, fields, 6_000)).any(axis=1)
        formula = (1 - (1 - kill) ** salvo) ** threats
        has_share(none, formula, error=0.006)
        assert (formula >= goal) is enough


@case(WILKENING, "two layers of n1 and n2 shots: [1-(1-k1)^n1 (1-k2)^n2]^W", WILKENING_SOURCE)
def test_no_leak_through_two_layers(tmp_path: Path) -> None:
    fields = scenario(
        [raid(4)],
        doctrine=shots(2, 2),
        fire_units=[
            {"id": "far", "type": "battery", "position": place(90, 45)},
            {"id": "near", "type": "inner", "position": place(90, 2)},
        ],
        catalogue={
            "effectors": [effector(kill=0.6, reach_km=15.0), effector("short", kill=0.4, reach_km=8.0)],
            "fire_units": [battery(), battery("inner", [weapon("short")])],
        },
    )
    none = ~leaked(play(tmp_path, fields, 4_000)).any(axis=1)
    has_share(none, (1 - 0.4**2 * 0.6**2) ** 4, error=0.008)
