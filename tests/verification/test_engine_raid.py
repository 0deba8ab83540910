"""The raid itself: failures, decoys, turning back, aim points, routes, origins, timings, flight times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod
from scipy import stats

from verification.lab import (
    CENTRE,
    FAIR,
    Fields,
    case,
    column,
    has_distribution,
    has_mean,
    has_share,
    is_fate,
    leaked,
    place,
    play,
    raid,
    scenario,
    threat,
)

RELIABILITY = "failures, decoys, aborts"
CHOICE = "aim points, routes, origins"
TIMING = "timings"


def unopposed(raids: list[Fields], **changes: object) -> Fields:
    """Return the laboratory without a defence."""
    return scenario(raids, fire_units=[], **changes)


@case(RELIABILITY, "failed: Binomial(N, f)")
@pytest.mark.parametrize("failure", [0.05, 0.4])
def test_mechanical_failure(tmp_path: Path, failure: float) -> None:
    fields = unopposed([raid(8)], catalogue={"threats": [threat(failure=failure)]})
    failed = is_fate(play(tmp_path, fields, 4_000), "failed").sum(axis=1)
    has_distribution(failed, stats.binom(8, failure).pmf(np.arange(9)))


@case(RELIABILITY, "place of a failure: even over the path (Kolmogorov-Smirnov)")
def test_place_of_failure(tmp_path: Path) -> None:
    results = play(tmp_path, unopposed([raid(5)], catalogue={"threats": [threat(failure=0.6)]}), 500)
    share = (column(results, "end_s") - column(results, "start_s"))[is_fate(results, "failed")] / 1_000
    assert stats.kstest(share, "uniform").pvalue > FAIR


@case(RELIABILITY, "decoys: Binomial(N, d); all that are not stopped end as failed")
def test_decoys(tmp_path: Path) -> None:
    results = play(tmp_path, unopposed([raid(8, decoy_share=0.3)]), 3_000)
    decoy = column(results, "decoy")
    has_distribution(decoy.sum(axis=1), stats.binom(8, 0.3).pmf(np.arange(9)))
    assert (is_fate(results, "failed") == decoy).all()


@case(RELIABILITY, "aborts: Binomial(N, a)")
def test_aborts(tmp_path: Path) -> None:
    aborted = is_fate(play(tmp_path, unopposed([raid(8, abort_share=0.2)]), 3_000), "aborted")
    has_distribution(aborted.sum(axis=1), stats.binom(8, 0.2).pmf(np.arange(9)))


@case(RELIABILITY, "all at once: aborted a; failed (1-a)(f + (1-f) d); leaked (1-a)(1-f)(1-d)")
def test_all_at_once(tmp_path: Path) -> None:
    coming = raid(10, abort_share=0.1, decoy_share=0.25)
    results = play(tmp_path, unopposed([coming], catalogue={"threats": [threat(failure=0.2)]}), 2_000)
    has_share(is_fate(results, "aborted"), 0.1, error=0.003)
    has_share(is_fate(results, "failed"), 0.9 * (0.2 + 0.8 * 0.25), error=0.004)
    has_share(leaked(results), 0.9 * 0.8 * 0.75, error=0.004)


@case(RELIABILITY, "decoys draw fire as others do: P(shot down | decoy) = P(shot down | not)")
def test_decoys_draw_fire(tmp_path: Path) -> None:
    results = play(tmp_path, scenario([raid(10, decoy_share=0.5)]), 2_000)
    decoy, down = column(results, "decoy"), is_fate(results, "shot_down")
    has_share(down[decoy], 0.5, error=0.006)
    has_share(down[~decoy], 0.5, error=0.006)


@case(CHOICE, "aim points by weight: multinomial (chi-square)")
def test_aim_weights(tmp_path: Path) -> None:
    towns = [{"id": name, "kind": "lab-town", "position": CENTRE} for name in ("town", "b", "c", "d")]
    weights = {"town": 5, "b": 1, "c": 3, "d": 0.5}
    results = play(tmp_path, unopposed([raid(10, aim=weights)], assets=towns), 1_000)
    target = column(results, "target")
    counts = [int((target == name).sum()) for name in weights]
    share = np.array(list(weights.values())) / 9.5
    assert stats.chisquare(counts, share * target.size).pvalue > FAIR


@case(CHOICE, "routes and origins: each as likely as the next (chi-square)")
def test_routes_and_origins(tmp_path: Path) -> None:
    coming = raid(10, routes=3, route_spread="10 km")
    del coming["axis"]
    coming["from"] = [place(90, 100), place(60, 120)]
    results = play(tmp_path, unopposed([coming]), 1_000)
    way = column(results, "path").ravel()
    _, counts = np.unique(way, return_counts=True)
    assert counts.size == 6
    assert stats.chisquare(counts).pvalue > FAIR


@case(CHOICE, "draws of one threat are independent of another's: P(both go to the same of 4) = 1/4")
def test_choices_are_independent(tmp_path: Path) -> None:
    towns = [{"id": name, "kind": "lab-town", "position": CENTRE} for name in ("town", "b", "c", "d")]
    results = play(tmp_path, unopposed([raid(2, aim=["town", "b", "c", "d"])], assets=towns), 10_000)
    target = column(results, "target")
    has_share(target[:, 0] == target[:, 1], 0.25, error=0.005)


@case(TIMING, "uniform: even over the spread (Kolmogorov-Smirnov)")
def test_uniform(tmp_path: Path) -> None:
    start_s = column(play(tmp_path, unopposed([raid(5, spread="2 h", launch="+01:00")]), 600), "start_s")
    assert stats.kstest(start_s.ravel(), stats.uniform(3_600, 7_200).cdf).pvalue > FAIR


@case(TIMING, "normal: mean and standard deviation as written (Kolmogorov-Smirnov)")
def test_normal(tmp_path: Path) -> None:
    coming = raid(5, spread="20 min", timing="normal", launch="+05:00")
    start_s = column(play(tmp_path, unopposed([coming]), 600), "start_s")
    assert stats.kstest(start_s.ravel(), stats.norm(18_000, 1_200).cdf).pvalue > FAIR


@case(TIMING, "poisson: gaps exponential with mean spread / N, the first after the begin (Kolmogorov-Smirnov)")
def test_poisson(tmp_path: Path) -> None:
    coming = raid(12, spread="1 h", timing="poisson", launch="+01:00")
    start_s = column(play(tmp_path, unopposed([coming]), 400), "start_s")
    in_turn = np.sort(start_s, axis=1)
    gaps_s = np.diff(np.concatenate([np.full((400, 1), 3_600.0), in_turn], axis=1), axis=1)
    assert stats.kstest(gaps_s.ravel(), stats.expon(scale=300).cdf).pvalue > FAIR
    has_mean(in_turn[:, -1], 3_600 + 12 * 300, error=60.0)


@case(TIMING, "equal: the middle of N equal parts of the spread, exactly")
def test_equal(tmp_path: Path) -> None:
    coming = raid(4, spread="1 h", timing="equal", launch="+01:00")
    start_s = column(play(tmp_path, unopposed([coming]), 3), "start_s")
    assert np.sort(start_s, axis=1) == pytest.approx(np.tile(3_600 + 900 * (np.arange(4) + 0.5), (3, 1)))


@case(TIMING, "arrivals, not launches, are spread if `arrive` is given (Kolmogorov-Smirnov)")
def test_time_on_target(tmp_path: Path) -> None:
    coming = raid(5, spread="30 min", arrive="+02:00")
    del coming["launch"]
    results = play(tmp_path, unopposed([coming]), 600)
    end_s = column(results, "end_s")
    assert stats.kstest(end_s.ravel(), stats.uniform(7_200, 1_800).cdf).pvalue > FAIR
    assert end_s - column(results, "start_s") == pytest.approx(1_000.0)


@case(TIMING, "flight time: geodesic length through the way-points / speed", "Karney 2013, J. Geodesy 87:43-55")
def test_flight_time(tmp_path: Path) -> None:
    coming = raid(1, via=[place(40, 150), place(60, 80)])
    del coming["axis"]
    coming["from"] = [place(90, 300)]
    results = play(tmp_path, unopposed([coming]), 2)
    points = [place(90, 300), place(40, 150), place(60, 80), CENTRE]
    length_m = Geod(ellps="WGS84").line_length([p[1] for p in points], [p[0] for p in points])
    assert column(results, "end_s") - column(results, "start_s") == pytest.approx(length_m / 100.0, rel=1e-9)
