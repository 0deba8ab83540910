"""Boosted arcs, equilibrium glides, arcs chosen by a raid, speeds by leg, intelligence: as scenarios fly them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import EARTH_RADIUS_M, ground_distance_m, inverse
from shieldwall.engine.roster import in_order, targets_of
from shieldwall.engine.windows import compute_geometry
from shieldwall.raid.ballistic import EARTH_GM_M3_S2, kepler_arc, minimum_energy_apogee_m
from shieldwall.raid.boosted import Boost, fly_boosted
from shieldwall.raid.glide import glide_range_m
from shieldwall.raid.paths import build_paths
from shieldwall.raid.shape import full_energy_apogee_m
from shieldwall.study.warning import warning_times

HEAD = """shieldwall: 1
name: arcs
time_zone: UTC
start: 2026-01-01 00:00
assets: [{{id: town, kind: city, position: {town}}}]
sensors: [{{id: eye, type: space-infrared, position: [0.0, 80.0]}}]
raids: [{{id: raid, type: {kind}, count: 1, from: [{start}], aim: [town], launch: "+00:10", decoy_share: 0{more}}}]
"""


def paths_of(
    folder: Path, kind: str = "yars", start: str = "[52.3, 104.3]", town: str = "[52.5, 13.4]", more: str = ""
):
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(HEAD.format(kind=kind, start=start, town=town, more=more))
    ordered = in_order(shieldwall.load(folder))
    return ordered, build_paths(ordered.salvos, [(t.id, t.position) for t in targets_of(ordered)])


@pytest.mark.parametrize(
    ("start", "town"),
    [
        ("[52.3, 104.3]", "[52.5, 13.4]"),
        ("[62.0, 175.0]", "[64.0, -150.0]"),  # across the antimeridian
        ("[70.0, 60.0]", "[65.0, -120.0]"),  # over the pole
    ],
)
def test_a_boosted_path_is_the_flight_of_its_module(tmp_path: Path, start: str, town: str) -> None:
    ordered, paths = paths_of(tmp_path, start=start, town=town, more=", arc: least_energy")
    kind = ordered.salvos[0].type
    (a, b), (c, d) = (map(float, text.strip("[]").split(",")) for text in (start, town))
    way = inverse(a, b, c, d)
    flight = fly_boosted(
        float(way.distance_m), 0.0, Boost(kind.burn_s, kind.ballistic_coefficient_kg_m2), latitude_deg=a,
        azimuth_deg=float(way.start_azimuth_deg),
    )  # fmt: skip
    assert paths.duration_s[0] == pytest.approx(flight.time_s[-1], rel=1e-9)
    assert paths.height_m.max() == pytest.approx(flight.apogee_m, abs=2_000.0)
    ends = [
        ground_distance_m(paths.latitude_deg[k], paths.longitude_deg[k], *p) for k, p in ((0, (a, b)), (-1, (c, d)))
    ]
    assert max(map(float, ends)) < 0.01
    steps = np.linalg.norm(np.diff(paths.xyz_m, axis=0), axis=1)
    assert steps.max() < 3.0 * np.median(steps)  # no jump anywhere
    burn = int(kind.burn_s / paths.step_s[0])
    speeds = steps / paths.step_s[0]
    assert np.all(np.diff(speeds[5 : burn - 5]) > 0.0)  # it gathers speed while it burns


def test_arcs_chosen_by_the_raid(tmp_path: Path) -> None:
    """Lofted and depressed arcs take the launch speed of the longest range as far as the boost can turn so flat."""
    tops = {}
    for arc in ("least_energy", "lofted", "depressed"):
        ordered, paths = paths_of(tmp_path / arc, more=f", arc: {arc}")
        tops[arc] = paths.height_m.max()
    reach_m = ordered.salvos[0].type.range_m
    distance_m = float(ground_distance_m(52.3, 104.3, 52.5, 13.4))
    assert tops["least_energy"] == pytest.approx(minimum_energy_apogee_m(distance_m), rel=1e-2)
    most = kepler_arc(reach_m, minimum_energy_apogee_m(reach_m)).speed_m_s
    assert kepler_arc(distance_m, tops["lofted"]).speed_m_s == pytest.approx(float(most), rel=5e-3)
    flat = full_energy_apogee_m([distance_m, 0.98 * reach_m], reach_m, lofted=False)
    np.testing.assert_allclose(kepler_arc([distance_m, 0.98 * reach_m], flat).speed_m_s, most, rtol=1e-9)
    assert flat[0] < tops["depressed"] < 0.8 * tops["least_energy"] < tops["least_energy"] < 0.6 * tops["lofted"]
    _, given = paths_of(tmp_path / "given", more=", apogee: 2000 km")
    assert given.height_m.max() == pytest.approx(2e6, abs=3e3)
    assert full_energy_apogee_m(2e6, 1e6, lofted=True) == minimum_energy_apogee_m(2e6)  # beyond its range


def test_what_cannot_be_flown_is_told_with_line_and_cure(tmp_path: Path) -> None:
    cases = [
        ("yars", ", apogee: 20 km", "no boost of 300 s flies", "higher apogee"),
        ("avangard", "", "comes down before 'town'", "nearer origin"),
        ("kalibr", ", arc: lofted", "flies no ballistic arc", "leave out arc"),
        ("yars", ", arc: lofted, apogee: 900 km", "both arc and apogee", "one of them"),
        ("yars", ", via: [[55.0, 60.0]]", "has no way-points", "leave out via"),
        ("kalibr", ", leg_speeds: [200 m/s, 250 m/s]", "2 speeds for 1 legs", "one for each leg"),
        ("yars", ", leg_speeds: [200 m/s]", "does not choose its speed", "leave out"),
    ]
    for n, (kind, more, what, cure) in enumerate(cases):
        start = "[-60.0, 104.3]" if kind == "avangard" else "[52.3, 60.0]" if kind == "yars" else "[52.0, 20.0]"
        end = "" if kind != "avangard" else "}]\noverrides: {threats.avangard.range: 18000 km}\n#"
        with pytest.raises(InputError) as caught:
            paths_of(tmp_path / str(n), kind=kind, start=start, more=more + end)
        told = str(caught.value)
        assert what in told, told
        assert cure in told, told
        assert "scenario.yaml:7:" in told, told


def test_a_glide_obeys_the_equations_of_motion(tmp_path: Path) -> None:
    """Speed, time and height against dv/dt = -(g - v^2/r)/E integrated, within the published bands."""
    ordered, paths = paths_of(tmp_path, kind="avangard", start="[51.1, 59.8]", town="[52.5, 13.4]")
    kind = ordered.salvos[0].type
    radius = EARTH_RADIUS_M + kind.height_m
    pull = EARTH_GM_M3_S2 / radius**2
    found = solve_ivp(
        lambda _, s: [s[1] * EARTH_RADIUS_M / radius, -(pull - s[1] ** 2 / radius) / kind.lift_to_drag],
        (0.0, 400.0), [0.0, kind.glide_speed_m_s], dense_output=True, rtol=1e-10,
    )  # fmt: skip
    time_s = np.arange(paths.ptr[1]) * paths.step_s[0]
    own = (time_s > kind.burn_s + 5.0) & (time_s < kind.burn_s + 330.0)
    begin_m = 0.5 * kind.glide_speed_m_s * kind.burn_s
    ground_m = ground_distance_m(paths.latitude_deg[0], paths.longitude_deg[0], paths.latitude_deg, paths.longitude_deg)
    expected = begin_m + found.sol(time_s[own] - kind.burn_s)[0]
    np.testing.assert_allclose(ground_m[own], expected, rtol=2e-4)
    assert np.all(np.diff(paths.height_m[own]) < 0.0)
    # the published bands of the class: 30 to 100 km, Mach 10 to 27
    speeds = np.diff(ground_m[own]) / paths.step_s[0] / 340.294
    assert 30e3 < paths.height_m[own].min() < paths.height_m[own].max() < 100e3
    assert 10.0 < speeds.min() < speeds.max() < 27.0


def test_glide_range_against_the_integrated_glide() -> None:
    speed, ratio, height = 6_000.0, 2.5, 50e3
    radius = EARTH_RADIUS_M + height
    pull = EARTH_GM_M3_S2 / radius**2

    def spent(_, s: np.ndarray) -> float:
        return s[1] ** 2 * radius / EARTH_GM_M3_S2 - 0.02

    spent.terminal = True
    found = solve_ivp(
        lambda _, s: [s[1] * EARTH_RADIUS_M / radius, -(pull - s[1] ** 2 / radius) / ratio],
        (0.0, 5_000.0), [0.0, speed], events=spent, rtol=1e-10,
    )  # fmt: skip
    assert glide_range_m(speed, ratio, height) == pytest.approx(found.y[0, -1], rel=1e-6)


def test_each_leg_at_its_own_speed(tmp_path: Path) -> None:
    more = ", via: [[50.0, 25.0], [51.0, 22.0]], leg_speeds: [200 m/s, 100 m/s, 250 m/s]"
    _, paths = paths_of(tmp_path, kind="kalibr", start="[49.0, 30.0]", town="[52.2, 21.0]", more=more)
    legs = ground_distance_m([49.0, 50.0, 51.0], [30.0, 25.0, 22.0], [50.0, 51.0, 52.2], [25.0, 22.0, 21.0])
    assert paths.duration_s[0] == pytest.approx(np.sum(legs / np.array([200.0, 100.0, 250.0])), rel=1e-12)
    ends_s = np.cumsum(legs / np.array([200.0, 100.0, 250.0]))
    speed = ground_distance_m(
        paths.latitude_deg[:-1], paths.longitude_deg[:-1], paths.latitude_deg[1:], paths.longitude_deg[1:]
    ) / paths.step_s[0]  # fmt: skip
    middle_s = (np.arange(speed.size) + 0.5) * paths.step_s[0]
    for k, wanted in enumerate((200.0, 100.0, 250.0)):
        inside = (middle_s < ends_s[k] - 60.0) & (middle_s > (ends_s[k - 1] if k else 0.0) + 60.0)
        np.testing.assert_allclose(speed[inside], wanted, rtol=1e-6)


def test_leg_speeds_with_routes_lengthen_all_legs_alike(tmp_path: Path) -> None:
    more = ", via: [[50.0, 25.0]], routes: 3, route_spread: 30 km"
    speeds = ", leg_speeds: [200 m/s, 100 m/s]"
    _, paths = paths_of(tmp_path / "own", kind="kalibr", start="[49.0, 30.0]", town="[52.2, 21.0]", more=more + speeds)
    ordered, even = paths_of(tmp_path / "one", kind="kalibr", start="[49.0, 30.0]", town="[52.2, 21.0]", more=more)
    legs = ground_distance_m([49.0, 50.0], [30.0, 25.0], [50.0, 52.2], [25.0, 21.0])
    pace = np.sum(legs / np.array([200.0, 100.0])) / legs.sum()
    np.testing.assert_allclose(paths.duration_s, even.duration_s * ordered.salvos[0].type.speed_m_s * pace, rtol=1e-9)
    assert np.ptp(paths.duration_s) > 10.0


def test_satellites_see_rockets_only_while_they_burn(tmp_path: Path) -> None:
    ordered, _ = paths_of(tmp_path, more=", arc: least_energy")
    sight = compute_geometry(ordered).sight
    assert sight.leave_s.max() == pytest.approx(ordered.salvos[0].type.burn_s)
    salvo = replace(ordered.salvos[0], type=replace(ordered.salvos[0].type, burn_s=0.0))
    assert compute_geometry(replace(ordered, salvos=(salvo,))).sight.leave_s.max() > 900.0


def test_intelligence_warns_before_launch(tmp_path: Path) -> None:
    """A chance p of an exponential lead: mean first warning = flight + p lead against flight alone, by level."""
    more = ", arc: least_energy, intelligence: {chance: 40 %, lead: 30 min, told_to: alliance}"
    ordered, paths = paths_of(tmp_path, more=more)
    draws = 4_000
    found = warning_times(ordered, draws=draws)

    def mean_s(level: str, layers: str) -> float:
        (one,) = [w for w in found if (w.integration, w.layers) == (level, layers)]
        return one.first.mean_s

    alone = mean_s("alliance", "without intelligence")
    only = mean_s("alliance", "only intelligence")
    error = 4.0 * 1_800.0 / np.sqrt(draws)
    assert only == pytest.approx(
        0.4 * (paths.duration_s[0] + 1_800.0), abs=error + 4.0 * 0.5 * paths.duration_s[0] / 63
    )
    assert mean_s("alliance", "all") - alone == pytest.approx(0.4 * 1_800.0, abs=error + 30.0)
    assert mean_s("sector", "all") == mean_s("sector", "without intelligence") == alone
    assert warning_times(ordered, draws=50, seed=3) == warning_times(ordered, draws=50, seed=3)


def test_without_intelligence_no_layer_of_that_name(tmp_path: Path) -> None:
    ordered, _ = paths_of(tmp_path)
    assert not any("intelligence" in w.layers for w in warning_times(ordered, draws=5))


def test_a_path_over_the_pole_keeps_its_pace(tmp_path: Path) -> None:
    _, paths = paths_of(tmp_path, kind="kalibr", start="[86.0, 10.0]", town="[84.0, -170.0]")
    steps = np.linalg.norm(np.diff(paths.ground_m, axis=0), axis=1)
    assert steps.sum() == pytest.approx(float(ground_distance_m(86.0, 10.0, 84.0, -170.0)), rel=1e-3)
    assert steps.max() < 1.01 * steps.min()
    assert paths.latitude_deg.max() > 89.9
