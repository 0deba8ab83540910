"""Impacts: accuracy, damage after many hits, and what becomes of radars and batteries that are hit."""

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
    is_fate,
    leaked,
    place,
    play,
    radar,
    raid,
    scenario,
    shots,
    threat,
    town,
    weapon,
)

ACCURACY = "accuracy and damage"
RADARS = "loss of radars and units"
CIRCULAR = "circular normal error; Przemieniecki, Mathematical Methods in Defense Analyses"
TOWN = [50.0, 30.0]


@case(ACCURACY, "P(hit) = 1 - 2^-(R/CEP)^2", CIRCULAR)
@pytest.mark.parametrize("error_m", [500.0, 1_000.0, 3_000.0])
def test_circular_error(tmp_path: Path, error_m: float) -> None:
    fields = scenario([raid(8)], fire_units=[], catalogue={"threats": [threat(circular_error=error_m)]})
    hit = is_fate(play(tmp_path, fields, 3_000), "leaked_hit")
    has_share(hit, 1 - 2 ** -((1_000.0 / error_m) ** 2), error=0.004)


@case(
    ACCURACY,
    "share left after k hits: 2^(-k w/h); its mean over Binomial(N, P) hits (1 - P d)^N",
    "generating function",
)
def test_damage_after_many_hits(tmp_path: Path) -> None:
    kinds = {"threats": [threat(circular_error=1_200.0, warhead=50.0)], "assets": [town(200.0)]}
    results = play(tmp_path, scenario([raid(8)], fire_units=[], catalogue=kinds), 4_000)
    hits = is_fate(results, "leaked_hit").sum(axis=1)
    left = column(results, "remaining", "targets")[:, 0]
    assert left == pytest.approx(2.0 ** (-hits * 50.0 / 200.0))
    chance, taken = 1 - 2 ** -((1_000 / 1_200) ** 2), 1 - 2 ** (-0.25)
    has_mean(left, (1 - chance * taken) ** 8, error=0.003)


@case(ACCURACY, "value lost to each hit: V d (1-d)^(k-1), in the order of the impacts, by hand")
def test_damage_in_order(tmp_path: Path) -> None:
    coming = raid(4, timing="equal", spread="400 s")
    results = play(tmp_path, scenario([coming], fire_units=[], catalogue={"assets": [town(300.0)]}), 3)
    taken = 1 - 2 ** (-1 / 3)
    damage = column(results, "damage")
    assert damage == pytest.approx(np.tile(100 * taken * (1 - taken) ** np.arange(4), (3, 1)))


@case(ACCURACY, "defended: mean share left (1 - q P d)^N for leakers with chance q each", "generating function")
def test_damage_behind_a_defence(tmp_path: Path) -> None:
    kinds = {"threats": [threat(circular_error=1_000.0)], "effectors": [effector(kill=0.6)]}
    left = column(play(tmp_path, scenario([raid(6)], catalogue=kinds), 4_000), "remaining", "targets")[:, 0]
    has_mean(left, (1 - 0.4 * 0.5 * 0.5) ** 6, error=0.006)


def hunted(count: int = 1, *, backup: bool = False, integration: str = "autonomous", **hunter: float) -> Fields:
    """Return a scenario in which fast missiles go for the radar of `unit` before 6 drones come within reach."""
    hunters = raid(count, "hunter", type="hunter", aim=["unit/radar"])
    drones = raid(6, launch="+00:04")
    units = [{"id": "unit", "type": "battery", "position": TOWN}]
    spare = {"id": "spare", "type": "blind", "position": place(0, 1)}
    given = {"speed": 500.0, "circular_error": 0.0} | hunter
    return scenario(
        [hunters, drones],
        integration=integration,
        fire_units=[units[0] | ({"backup_radars": ["spare"]} if backup else {}), *([spare] if backup else [])],
        catalogue={
            "threats": [threat(), threat("hunter", "anti_radiation", **given)],
            "effectors": [effector(kill=0.5), effector("none", {"cruise": 0.5})],
            "fire_units": [battery(backup=True), battery("blind", [weapon("none")], backup=True)],
        },
    )


def drones(values: np.ndarray) -> np.ndarray:
    """Return the columns of the 6 drones, behind those of the hunters."""
    return values[:, -6:]


@case(RADARS, "radar killed with chance q: P(leak) = q + (1-q)(1-p), and without the radar nothing is fired")
@pytest.mark.parametrize("error_m", [60.0, 150.0])
def test_radar_lost_unit_silent(tmp_path: Path, error_m: float) -> None:
    results = play(tmp_path, hunted(circular_error=error_m), 5_000)
    lost = 1 - 2 ** -((100.0 / error_m) ** 2)
    silent = column(results, "fired", "weapons")[:, 0] == 0
    has_share(silent, lost, error=0.008)
    has_share(drones(leaked(results))[:, 0], lost + (1 - lost) * 0.5, error=0.008)
    assert drones(leaked(results))[silent].all()


@case(RADARS, "k missiles at one radar: it survives with (1 - P d)^k", "product of independent chances")
def test_many_hunters(tmp_path: Path) -> None:
    fields = hunted(3, circular_error=150.0)
    fields["catalogue"]["fire_units"][0] = battery(backup=True, hardness=100.0)
    results = play(tmp_path, fields, 5_000)
    once = (1 - 2 ** -((100 / 150.0) ** 2)) * 0.5
    has_share(column(results, "fired", "weapons")[:, 0] > 0, (1 - once) ** 3, error=0.008)


@case(RADARS, "a backup radar of the same network keeps the unit in the fight: P(leak) = 1-p, as if nothing had come")
def test_backup_radar(tmp_path: Path) -> None:
    results = play(tmp_path, hunted(backup=True, integration="alliance"), 2_500)
    assert is_fate(results, "leaked_hit")[:, 0].all()
    has_share(drones(leaked(results)), 0.5, error=0.005)
    assert results.to_arrow("losses").num_rows == 2_500


@case(RADARS, "without a common picture the other radar is no help: all drones leak, by hand")
def test_backup_radar_of_another_network(tmp_path: Path) -> None:
    results = play(tmp_path, hunted(backup=True), 50)
    assert drones(leaked(results)).all()


@case(RADARS, "a unit hit by a warhead w is lost with chance 1 - 2^(-w/h); with it its rounds", CIRCULAR)
def test_unit_lost(tmp_path: Path) -> None:
    fields = hunted()
    fields["raids"][0]["aim"] = ["unit"]
    fields["catalogue"]["threats"][1] = threat("hunter", "supersonic", speed=500.0, warhead=50.0)
    fields["catalogue"]["fire_units"] = [battery(weapons=[weapon(each=20)], hardness=100.0)]
    results = play(tmp_path, fields, 5_000)
    lost = column(results, "lost", "weapons")[:, 0]
    has_share(lost == 20, 1 - 2**-0.5, error=0.008)
    assert set(lost.tolist()) == {0, 20}
    has_share(drones(leaked(results))[:, 0], 1 - 2**-0.5 * 0.5, error=0.008)


@case(
    RADARS, "rounds in the air when the radar is lost still count: P(leak) = 1-p for orders before the impact, by hand"
)
def test_rounds_in_the_air(tmp_path: Path) -> None:
    """The hunter comes down after the orders, which are given at one moment, and before the meetings 40 s later."""
    fields = hunted()
    fields["raids"][0]["launch"] = "+00:12"
    fields["raids"][1]["launch"] = "+00:00"
    fields["catalogue"]["effectors"][0] = effector(kill=0.5, reaction=40.0)
    fields["catalogue"]["threats"][1] = threat("hunter", "anti_radiation", speed=5_000.0)
    results = play(tmp_path, fields, 2_500)
    assert results.to_arrow("losses").num_rows == 2_500
    has_share(drones(leaked(results)), 0.5, error=0.005)


@case(RADARS, "hunters shot at as any other: P(radar lost) = 1-p, drones then P(leak) = (1-p) + p(1-p)")
def test_hunters_are_shot_at(tmp_path: Path) -> None:
    fields = hunted()
    fields["doctrine"] = shots(1, 1, 0.0, "drone", "anti_radiation")
    fields["catalogue"]["effectors"][0] = effector(kill={"drone": 0.5, "anti_radiation": 0.7})
    results = play(tmp_path, fields, 5_000)
    has_share(leaked(results)[:, 0], 0.3, error=0.008)
    has_share(drones(leaked(results))[:, 0], 0.3 + 0.7 * 0.5, error=0.008)
    left = 6 - drones(leaked(results)).sum(axis=1)
    law = 0.7 * stats.binom(6, 0.5).pmf(np.arange(7))
    law[0] += 0.3
    has_distribution(left, law)


@case(RADARS, "early radar lost before the drones come: a slow radar alone tracks in time with L/scan")
def test_early_radar_lost(tmp_path: Path) -> None:
    """In sight at 80 km, last meeting at 10 km, 700 s later, ordered 10 s before: L = 690 s of a scan of 2,000 s."""
    early = {"id": "early", "type": "far-eye", "position": place(0, 1)}
    fields = hunted(integration="alliance") | {"sensors": [early]}
    fields["catalogue"]["sensors"] = [radar(scan=2_000.0), radar("far-eye", scan=0.01)]
    fields["catalogue"]["effectors"][0] = effector(kill=1.0, range_min=10_000.0)
    safe = play(tmp_path, fields | {"raids": fields["raids"][1:]}, 100)
    assert not leaked(safe).any()
    fields["raids"][0]["aim"] = ["early"]
    fields["catalogue"]["threats"][1] = threat("hunter", "anti_radiation", speed=500.0, warhead=10_000.0)
    results = play(tmp_path, fields, 2_500)
    has_share(drones(leaked(results)), 1 - 690.4 / 2_000, error=0.005)
    early = "select count(*) n from rows where threat like 'drones/%' and first_sensor = 'early'"
    assert results.query(early).to_pylist() == [{"n": 0}]
