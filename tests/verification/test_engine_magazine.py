"""Magazines: what happens when there are fewer rounds than shots wanted, reloads, and rounds held back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import (
    Fields,
    battery,
    case,
    column,
    effector,
    has_distribution,
    has_mean,
    has_share,
    leaked,
    moments,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
    weapon,
)

EMPTY = "magazine exhaustion"
RELOAD = "reloads"
RESERVE = "reserve rule"
NEGATIVE_BINOMIAL = "Feller 1968, An Introduction to Probability Theory, vol. 1, VI.8"


def stock(rounds: int, kill: float = 0.5, **changes: float) -> Fields:
    """Return a catalogue whose battery has this many rounds and fast ones."""
    return {
        "effectors": [effector(kill=kill, speed=10_000.0, **changes)],
        "fire_units": [battery(weapons=[weapon(each=rounds)])],
    }


@case(EMPTY, "R rounds, one shot at each of N > R: kills Binomial(R, p), the others leak for an empty magazine")
def test_one_shot_each_until_empty(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(9)], catalogue=stock(4, 0.6)), 4_000)
    kills = 9 - leaked(results).sum(axis=1)
    has_distribution(kills, [*stats.binom(4, 0.6).pmf(np.arange(5))])
    assert ((column(results, "cause") == "magazine_empty").sum(axis=1) == 5).all()
    assert (column(results, "left", "weapons") == 0).all()


@case(EMPTY, "R rounds, shots until kill at N: kills min(N, Binomial(R, p))", NEGATIVE_BINOMIAL)
@pytest.mark.parametrize("rounds", [4, 7, 12])
def test_shots_until_kill_until_empty(tmp_path: Path, rounds: int) -> None:
    results = play(tmp_path, scenario([raid(5)], doctrine=shots(1, 60, 1.0), catalogue=stock(rounds, 0.4)), 4_000)
    most = stats.binom(rounds, 0.4)
    law = [5 - k for k in range(6)]
    leak_law = [most.sf(4) if kills == 5 else most.pmf(kills) for kills in law]
    has_distribution(leaked(results).sum(axis=1), leak_law)


@case(EMPTY, "rounds needed for N kills: negative binomial; left max(0, R - needed)", NEGATIVE_BINOMIAL)
def test_rounds_left_follow_the_negative_binomial(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(3)], doctrine=shots(1, 60, 1.0), catalogue=stock(12, 0.5)), 4_000)
    left = column(results, "left", "weapons")
    needed = stats.nbinom(3, 0.5).pmf(np.arange(10))  # rounds beyond the three that kill
    law = np.zeros(10)
    law[9 - np.arange(9)] = needed[:9]  # 12 - 3 - extra left
    law[0] = 1.0 - law[1:].sum()
    has_distribution(left, law)


@case(EMPTY, "recursion f(n, r) = p f(n-1, r-1) + (1-p) f(n, r-1) for the mean leakers of N under R rounds")
def test_mean_leakers_by_recursion(tmp_path: Path) -> None:
    def mean_leakers(threats: int, rounds: int, kill: float) -> float:
        if threats == 0 or rounds == 0:
            return float(threats)
        hit = mean_leakers(threats - 1, rounds - 1, kill)
        return kill * hit + (1 - kill) * mean_leakers(threats, rounds - 1, kill)

    results = play(tmp_path, scenario([raid(6)], doctrine=shots(1, 60, 1.0), catalogue=stock(9, 0.55)), 4_000)
    has_mean(leaked(results).sum(axis=1), mean_leakers(6, 9, 0.55), error=0.03)


@case(EMPTY, "salvos of 2 from 5 rounds: two pairs and one single; mean kills 2(1-q^2) + p")
def test_last_salvo_is_cut_to_the_magazine(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(6)], doctrine=shots(2, 2), catalogue=stock(5, 0.4)), 6_000)
    assert (np.sort(column(results, "rounds"), axis=1) == [0, 0, 0, 1, 2, 2]).all()
    has_mean(6 - leaked(results).sum(axis=1), 2 * (1 - 0.6**2) + 0.4, error=0.012)


@case(EMPTY, "bursts of 4 from 10 rounds: two bursts, two rounds left over, by hand")
def test_a_burst_needs_all_its_rounds(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(4)], catalogue=stock(10, 0.5, rounds_per_shot=4)), 2_000)
    assert (column(results, "left", "weapons") == 2).all()
    has_share(leaked(results), 1 - 2 * 0.5 / 4, error=0.006)


@case(EMPTY, "the magazine runs out with the order at the R-th of equally spaced threats, by hand")
def test_moment_of_the_last_round(tmp_path: Path) -> None:
    coming = raid(10, timing="equal", spread="1000 s")
    results = play(tmp_path, scenario([coming], catalogue=stock(4, 0.5)), 5, events=True)
    fired = np.sort(moments(results, "fired"), axis=1)[:, :4]
    assert np.diff(fired, axis=1) == pytest.approx(100.0, abs=1e-6)
    assert column(results, "empty_s", "weapons")[:, 0] == pytest.approx(fired[:, 3])


@case(EMPTY, "Hughes with sure shots: leakers max(0, aA - b3B)", "Hughes 1995, Naval Research Logistics 42:267-289")
@pytest.mark.parametrize(("missiles", "interceptors"), [(12, 5), (7, 7), (4, 9)])
def test_sure_shots_subtract(tmp_path: Path, missiles: int, interceptors: int) -> None:
    results = play(tmp_path, scenario([raid(missiles)], catalogue=stock(interceptors, 1.0)), 50)
    assert (leaked(results).sum(axis=1) == max(0, missiles - interceptors)).all()


def reloading(launchers: int, each: int, reserve: int, reload_s: float) -> Fields:
    """Return a catalogue of a battery that reloads and whose rounds kill for sure after 2 s and a flight of 3 s."""
    load = weapon(launchers=launchers, each=each, reserve=reserve, reload_s=reload_s)
    return {
        "threats": [threat(height=100.0)],
        "sensors": [radar(scan=0.01)],
        "effectors": [effector(kill=1.0, speed=10_000.0, reaction=2.0)],
        "fire_units": [battery(weapons=[load])],
    }


@case(RELOAD, "threats in reach all at once, one launcher of one round: orders one reload time apart, by hand")
def test_orders_come_with_the_reloads(tmp_path: Path) -> None:
    """Reach 30 km at 100 m/s: orders for 300 s from the first; at 0, 80, 160, 240 s."""
    results = play(tmp_path, scenario([raid(8)], catalogue=reloading(1, 1, 50, 80.0)), 20, events=True)
    fired = np.sort(moments(results, "fired"), axis=1)[:, :4]
    assert fired - fired[:, :1] == pytest.approx(np.tile([0.0, 80.0, 160.0, 240.0], (20, 1)), abs=1e-6)
    assert (leaked(results).sum(axis=1) == 4).all()
    assert (column(results, "fired", "weapons") == 4).all()


@case(RELOAD, "reserve S behind R on launchers: with time enough, R + S rounds in all; kills Binomial(R+S, p)")
def test_reserve_counts_when_there_is_time(tmp_path: Path) -> None:
    kinds = reloading(2, 1, 3, 20.0) | {"effectors": [effector(kill=0.5, speed=10_000.0)]}
    results = play(tmp_path, scenario([raid(9)], catalogue=kinds), 4_000)
    assert (column(results, "fired", "weapons") == 5).all()
    has_distribution(9 - leaked(results).sum(axis=1), stats.binom(5, 0.5).pmf(np.arange(6)))


@case(RELOAD, "no time to reload: R rounds of R + S, by hand")
def test_reserve_is_no_use_without_time(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(9)], catalogue=reloading(2, 1, 3, 400.0)), 50)
    assert (column(results, "fired", "weapons") == 2).all()
    assert (column(results, "left", "weapons") == 3).all()
    assert (leaked(results).sum(axis=1) == 7).all()


@case(RELOAD, "a launcher reloads when its own rounds are gone, not before: moments and loads by hand")
def test_each_launcher_reloads_when_it_is_empty(tmp_path: Path) -> None:
    """Two launchers of 4; a salvo of 6 empties the first, one of 2 the second: two loads, each at its own time."""
    fields = scenario(
        [raid(1), raid(1, "second", type="plane", launch="+00:02")],
        doctrine={
            "shots": {
                "drone": {"salvo": 6, "max_shots": 6, "assess": "0 s"},
                "cruise": {"salvo": 2, "max_shots": 2, "assess": "0 s"},
            }
        },
        catalogue=reloading(2, 4, 20, 500.0)
        | {
            "threats": [threat(height=100.0), threat("plane", "cruise", height=100.0)],
            "effectors": [effector(kill={"drone": 1.0, "cruise": 1.0}, speed=10_000.0)],
        },
    )
    results = play(tmp_path, fields, 3, events=True)
    fired = moments(results, "fired")
    events = results.query("select replication, time_s, value from events where kind = 'reloaded' order by 1, 2")
    for r in range(3):
        times = [(row["time_s"], row["value"]) for row in events.to_pylist() if row["replication"] == r]
        assert times == [(pytest.approx(fired[r, 0] + 500.0), 4.0), (pytest.approx(fired[r, 1] + 500.0), 4.0)]


@case(RELOAD, "a salvo that empties several launchers sends each to reload, by hand")
def test_a_salvo_may_empty_several_launchers(tmp_path: Path) -> None:
    fields = scenario([raid(1)], doctrine=shots(2, 2), catalogue=reloading(2, 1, 5, 60.0))
    events = play(tmp_path, fields, 1, events=True).query("select value from events where kind = 'reloaded'")
    assert events.to_pylist() == [{"value": 1.0}, {"value": 1.0}]


@case(
    RELOAD, "bursts of 4 from a launcher of 10 with 10 behind it: two bursts, topped up by 8, two, by 2, one; by hand"
)
def test_a_launcher_with_too_few_for_a_burst_is_topped_up(tmp_path: Path) -> None:
    kinds = reloading(1, 10, 10, 40.0) | {"effectors": [effector(kill=1.0, speed=10_000.0, rounds_per_shot=4)]}
    results = play(tmp_path, scenario([raid(8)], catalogue=kinds), 3, events=True)
    fired = np.sort(moments(results, "fired"), axis=1)
    assert fired[:, :5] - fired[:, :1] == pytest.approx(np.tile([0.0, 0.0, 40.0, 40.0, 80.0], (3, 1)), abs=0.02)
    assert (column(results, "fired", "weapons") == 20).all()
    assert column(results, "empty_s", "weapons")[:, 0] == pytest.approx(fired[:, 4])


@case(RELOAD, "window of a threat shorter than the reload: every k-th of equally spaced threats is shot at, by hand")
def test_every_third_threat_finds_a_round(tmp_path: Path) -> None:
    """Orders for one threat last 40 s; threats 100 s apart, reload 250 s: the rounds go to threats 1, 4, 7, 10."""
    kinds = reloading(1, 1, 3, 250.0)
    kinds["effectors"] = [effector(kill=1.0, speed=10_000.0, reaction=2.0, range_min=26_000.0)]
    coming = raid(10, timing="equal", spread="1000 s")
    results = play(tmp_path, scenario([coming], catalogue=kinds), 5)
    stopped = ["raid/1", "raid/10", "raid/4", "raid/7"]
    rows = results.query("select distinct threat::varchar as threat from rows where fate = 'shot_down' order by 1")
    assert [row["threat"] for row in rows.to_pylist()] == stopped


@case(RESERVE, "rounds kept back from a class: exactly that many are left, kills Binomial(R - keep, p)")
@pytest.mark.parametrize("keep", [1, 3])
def test_reserve_keeps_exactly_its_rounds(tmp_path: Path, keep: int) -> None:
    doctrine = shots() | {"reserves": [{"effector": "round", "keep": keep, "for": ["ballistic"]}]}
    results = play(tmp_path, scenario([raid(9)], doctrine=doctrine, catalogue=stock(6, 0.5)), 3_000)
    assert (column(results, "left", "weapons") == keep).all()
    assert ((column(results, "cause") == "held_by_rules").sum(axis=1) == 9 - 6 + keep).all()
    has_distribution(9 - leaked(results).sum(axis=1), stats.binom(6 - keep, 0.5).pmf(np.arange(7 - keep)))


@case(RESERVE, "the class the rounds are kept for finds them: its P(leak) = (1-p)^2 under a raid of others before it")
def test_reserve_serves_its_class(tmp_path: Path) -> None:
    doctrine = shots(2, 2, 0.0, "drone", "cruise") | {"reserves": [{"effector": "round", "keep": 2, "for": ["cruise"]}]}
    kinds = stock(6) | {
        "threats": [threat(), threat("plane", "cruise")],
        "effectors": [effector(kill={"drone": 0.5, "cruise": 0.4}, speed=10_000.0)],
    }
    late = raid(1, "late", type="plane", launch="+00:02")
    results = play(tmp_path, scenario([raid(9), late], doctrine=doctrine, catalogue=kinds), 3_000)
    has_share(leaked(results)[:, 0], 0.6**2, error=0.01)
    assert (column(results, "left", "weapons") == 0).all()


@case(RESERVE, "a salvo never breaks into the rounds kept: 5 rounds, 2 kept, salvo 2: 2 + 1 fired, by hand")
def test_reserve_cuts_the_salvo(tmp_path: Path) -> None:
    doctrine = shots(2, 2) | {"reserves": [{"effector": "round", "keep": 2, "for": ["ballistic"]}]}
    results = play(tmp_path, scenario([raid(4)], doctrine=doctrine, catalogue=stock(5)), 50)
    assert (np.sort(column(results, "rounds"), axis=1) == [0, 0, 1, 2]).all()


@case(RESERVE, "rounds kept while a launcher reloads: the reload is waited for, by hand")
def test_reserve_waits_for_a_reload(tmp_path: Path) -> None:
    """Two on launchers, one kept, three behind: one is fired at once, and one with each reload after it."""
    doctrine = shots() | {"reserves": [{"effector": "round", "keep": 1, "for": ["ballistic"]}]}
    results = play(tmp_path, scenario([raid(8)], doctrine=doctrine, catalogue=reloading(2, 1, 3, 40.0)), 20)
    assert (column(results, "fired", "weapons") == 4).all()
    assert (column(results, "left", "weapons") == 1).all()
