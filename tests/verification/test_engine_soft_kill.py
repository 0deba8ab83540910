"""Soft kill: a hazard over the time in a zone."""

from __future__ import annotations

from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from verification.lab import (
    FAIR,
    Fields,
    case,
    column,
    effector,
    has_mean,
    has_share,
    is_fate,
    leaked,
    place,
    play,
    raid,
    scenario,
    shots,
    threat,
    zone,
)

SOFT = "soft-kill hazard"
SURVIVAL = "exponential survival; Cox & Oakes 1984, Analysis of Survival Data"


def jammer(
    zone_id: str, bearing_deg: float, distance_km: float, radius_km: float, rate_per_h: float, **more: object
) -> Fields:
    """Return a zone as seen from the town."""
    return {
        "id": zone_id,
        "type": "jammer",
        "position": place(bearing_deg, distance_km),
        "radius": f"{radius_km} km",
        "hazard": {"drone": f"{rate_per_h} 1/h"},
    } | more


def jammed(*zones: Fields, **changes: object) -> Fields:
    """Return the laboratory without rounds that reach anything before 5 km and with these zones."""
    catalogue = {"effectors": [effector(kill=0.5, reach_km=5.0)], "soft_kill": [zone(drone=1.0)]}
    raids = changes.pop("raids", [raid(10)])
    return scenario(raids, soft_kill_zones=list(zones), catalogue=catalogue | changes.pop("catalogue", {}), **changes)  # type: ignore[arg-type]


@case(SOFT, "through the middle of a circle: P(suppressed) = 1 - exp(-r 2R/v)", SURVIVAL)
@pytest.mark.parametrize("rate_per_h", [2.0, 9.0, 40.0])
def test_through_the_middle(tmp_path: Path, rate_per_h: float) -> None:
    results = play(tmp_path, jammed(jammer("jam", 90, 50, 15, rate_per_h)), 2_000)
    stay_s = 2 * 15_000 / 100
    has_share(is_fate(results, "suppressed"), 1 - exp(-rate_per_h / 3_600 * stay_s), error=0.004)


@case(SOFT, "past the middle at distance b: the stay is a chord, 2 sqrt(R^2 - b^2) / v", SURVIVAL)
@pytest.mark.parametrize("aside_km", [5.0, 12.0, 14.5])
def test_along_a_chord(tmp_path: Path, aside_km: float) -> None:
    aside = sqrt(50.0**2 + aside_km**2), 90 + np.degrees(np.arctan2(aside_km, 50.0))
    results = play(tmp_path, jammed(jammer("jam", aside[1], aside[0], 15, 12.0)), 3_000)
    stay_s = 2 * sqrt(15.0**2 - aside_km**2) * 1_000 / 100
    has_share(is_fate(results, "suppressed"), 1 - exp(-12.0 / 3_600 * stay_s), error=0.004)


@case(SOFT, "outside the circle nobody is suppressed, by hand")
def test_past_the_circle(tmp_path: Path) -> None:
    results = play(tmp_path, jammed(jammer("jam", 107, 52.5, 15, 900.0)), 200)
    assert not is_fate(results, "suppressed").any()


@case(SOFT, "two zones, apart or one over the other: P(through) = exp(-(r1 t1 + r2 t2))", SURVIVAL)
@pytest.mark.parametrize("second_km", [20.0, 45.0])
def test_zones_add_up(tmp_path: Path, second_km: float) -> None:
    zones = jammer("one", 90, 60, 10, 10.0), jammer("two", 90, second_km, 12, 5.0)
    results = play(tmp_path, jammed(*zones), 3_000)
    through = exp(-(10.0 * 200 + 5.0 * 240) / 3_600)
    has_share(is_fate(results, "suppressed"), 1 - through, error=0.004)


@case(SOFT, "competing zones: share that the first of two stacked zones takes r1/(r1+r2) of the suppressed", SURVIVAL)
def test_stacked_zones_share(tmp_path: Path) -> None:
    zones = jammer("one", 90, 60, 10, 20.0), jammer("two", 90, 60, 10, 5.0)
    results = play(tmp_path, jammed(*zones), 2_000, events=True)
    rows = results.query("select value from events where kind = 'suppressed'").to_pylist()
    has_share([row["value"] == 0.0 for row in rows], 0.8, error=0.004)


@case(SOFT, "by class: a zone acts on the classes that it names, each at its own rate", SURVIVAL)
def test_by_class(tmp_path: Path) -> None:
    fields = jammed(
        jammer("jam", 90, 50, 15, 12.0) | {"hazard": {"drone": "12 1/h", "supersonic": "3 1/h"}},
        raids=[raid(6), raid(4, "plane", type="plane"), raid(6, "rocket", type="rocket")],
        doctrine=shots(1, 1, 0.0, "drone", "cruise", "supersonic"),
        catalogue={"threats": [threat(), threat("plane", "cruise"), threat("rocket", "supersonic", speed=50.0)]},
    )
    gone = is_fate(play(tmp_path, fields, 3_000), "suppressed")
    assert not gone[:, :4].any()
    has_share(gone[:, 4:10], 1 - exp(-12.0 / 3_600 * 300), error=0.004)
    has_share(gone[:, 10:], 1 - exp(-3.0 / 3_600 * 600), error=0.004)


@case(SOFT, "moment of suppression: exponential after entry, cut off at the exit (Kolmogorov-Smirnov)", SURVIVAL)
def test_moment_of_suppression(tmp_path: Path) -> None:
    results = play(tmp_path, jammed(jammer("jam", 90, 50, 15, 12.0)), 1_000)
    gone = is_fate(results, "suppressed")
    after_s = column(results, "end_s")[gone] - (100_000 - 65_000) / 100
    law = stats.truncexpon(b=12.0 / 3_600 * 300, scale=300.0)
    assert stats.kstest(after_s, law.cdf).pvalue > FAIR


@case(
    SOFT, "above the zone's height nobody is suppressed; at half of the hazard's life half are: r = ln 2 / t", SURVIVAL
)
@pytest.mark.parametrize(("height_km", "share"), [(0.9, 0.0), (1.1, 0.5)])
def test_height_of_the_zone(tmp_path: Path, height_km: float, share: float) -> None:
    half = jammer("jam", 90, 50, 15, log(2) / 300 * 3_600, height_max=f"{height_km} km")
    gone = is_fate(play(tmp_path, jammed(half), 2_000), "suppressed")
    if share:
        has_share(gone, share, error=0.004)
    else:
        assert not gone.any()


@case(SOFT, "jammed, then shot at: P(leak) = exp(-r t) (1-p)", SURVIVAL)
def test_before_the_battery(tmp_path: Path) -> None:
    results = play(tmp_path, jammed(jammer("jam", 90, 50, 15, 12.0)), 3_000)
    has_share(leaked(results), exp(-1.0) * 0.5, error=0.004)
    assert (column(results, "rounds")[is_fate(results, "suppressed")] == 0).all()


@case(SOFT, "a long way in and a hazard against a failure: P(suppressed) by the integral of both laws", SURVIVAL)
def test_against_failure(tmp_path: Path) -> None:
    """It fails with chance f at a moment even over T; in a zone over the whole path the hazard must come first."""
    fields = jammed(jammer("jam", 90, 50, 60, 3.0), catalogue={"threats": [threat(failure=0.6)]})
    gone = is_fate(play(tmp_path, fields, 3_000), "suppressed")
    flight = 1_000 * 3.0 / 3_600
    sure = 1 - exp(-flight)
    before_failure = 1 - (1 - exp(-flight)) / flight
    hit_first = 0.4 * sure + 0.6 * before_failure
    # rounds take half of what comes within 5 km, but not before: 3 % of the hazard lies behind that
    meeting_s = 950.0
    lost = 0.5 * (0.4 * (exp(-meeting_s * 3 / 3_600) - exp(-flight)) + 0.6 * tail_before_failure(meeting_s, flight))
    has_mean(gone.mean(axis=1), hit_first - lost, error=0.004)


def tail_before_failure(from_s: float, flight: float) -> float:
    """Return P(hazard strikes after `from_s` and before a failure even over 1,000 s); flight = r T."""
    rate = flight / 1_000
    return (exp(-rate * from_s) * (1 - from_s / 1_000)) - (exp(-rate * from_s) - exp(-flight)) / flight
