"""Paths: order, probabilities, spacing, ends, edges of the map, refusals, time to build."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shieldwall.catalogue.classes import PATH_KINDS, PathKind
from shieldwall.core.errors import InputError
from shieldwall.core.geodesy import ground_distance_m
from shieldwall.core.position import Position
from shieldwall.raid.course import BOW_LEGS, Nodes, bow, lay_legs
from shieldwall.raid.paths import STEPS_LEAST, STEPS_MOST, build_paths
from shieldwall.raid.reach import check_reach
from shieldwall.raid.salvo import Salvo, ThreatType
from shieldwall.tables import Paths

TARGETS = [("north", Position(52.0, 31.0)), ("east", Position(50.0, 36.0)), ("west", Position(49.8, 24.0))]
FIGURES: dict[PathKind, dict[str, float]] = {
    "low": {"speed_m_s": 50.0, "height_m": 1_000.0, "dive_m": 12_000.0},
    "high_dive": {"speed_m_s": 1_000.0, "height_m": 20_000.0, "dive_m": 60_000.0},
    "quasi_ballistic": {"speed_m_s": 2_000.0, "height_m": 0.0, "apogee_m": 50_000.0},
    "ballistic": {"speed_m_s": 2_000.0, "height_m": 0.0},
    "glide": {"speed_m_s": 5_000.0, "height_m": 45_000.0, "dive_m": 90_000.0},
}


def threat(kind: PathKind = "low", **figures: float) -> ThreatType:
    basis = {"apogee_m": 0.0, "dive_m": 0.0, **FIGURES[kind], **figures}
    return ThreatType(
        id="kind",
        name="Kind",
        threat_class="drone",
        path_kind=kind,
        radar_cross_section_m2=0.1,
        failure_probability=0.0,
        circular_error_m=10.0,
        warhead_kg=50.0,
        unit_cost_usd=1.0,
        decoy_unit_cost_usd=1.0,
        **{"range_m": 20e6, **basis},
    )


def salvo(kind: PathKind = "low", **changes: object) -> Salvo:
    figures = {
        name: changes.pop(name)
        for name in ("speed_m_s", "height_m", "dive_m", "apogee_m", "range_m")
        if name in changes
    }
    basis = Salvo(
        "s", threat(kind, **figures), 1, 0.0, 0.0, (Position(47.0, 32.0),), ("north",), (1.0,), (), 1, 0.0, 0.0, 0.0,
        "uniform", False,
    )  # fmt: skip
    return replace(basis, **changes)


def steps_m(paths: Paths, p: int, places: str = "xyz_m") -> np.ndarray:
    points = getattr(paths, places)[paths.ptr[p] : paths.ptr[p + 1]]
    return np.linalg.norm(np.diff(points, axis=0), axis=1)


def ground_steps_m(paths: Paths, p: int) -> np.ndarray:
    rows = slice(paths.ptr[p], paths.ptr[p + 1])
    lat, lon = paths.latitude_deg[rows], paths.longitude_deg[rows]
    return ground_distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])


def test_one_path_for_each_origin_aim_and_route() -> None:
    origins = (Position(47.0, 32.0), Position(46.0, 33.0))
    one = salvo(origins=origins, aim_points=("west", "north"), aim_weights=(3.0, 1.0), routes=3, route_spread_m=20e3)
    paths = build_paths([one, replace(salvo(), id="t")], TARGETS)
    np.testing.assert_array_equal(paths.salvo, [0] * 12 + [1])
    np.testing.assert_array_equal(paths.target, [2, 2, 2, 0, 0, 0] * 2 + [0])
    np.testing.assert_allclose(paths.probability, [0.125] * 3 + [1 / 24] * 3 + [0.125] * 3 + [1 / 24] * 3 + [1.0])
    starts = paths.latitude_deg[paths.ptr[:-1]]
    np.testing.assert_allclose(starts, [47.0] * 6 + [46.0] * 6 + [47.0], atol=1e-12)


@pytest.mark.parametrize("kind", PATH_KINDS)
def test_every_kind_starts_at_the_origin_and_ends_at_the_aim(kind: PathKind) -> None:
    paths = build_paths([salvo(kind, aim_points=("west",))], TARGETS)
    ends = paths.ptr[1] - 1
    np.testing.assert_allclose([paths.latitude_deg[0], paths.longitude_deg[0]], [47.0, 32.0], atol=1e-10)
    np.testing.assert_allclose([paths.latitude_deg[ends], paths.longitude_deg[ends]], [49.8, 24.0], atol=1e-10)
    assert paths.height_m[ends] == 0.0
    assert paths.height_m.min() >= 0.0
    assert paths.step_s[0] * (paths.ptr[1] - 1) == pytest.approx(paths.duration_s[0], rel=1e-14)
    np.testing.assert_allclose(np.linalg.norm(paths.xyz_m - paths.ground_m, axis=1), paths.height_m, atol=1e-6)


@pytest.mark.parametrize("kind", PATH_KINDS)
@pytest.mark.parametrize("spacing_m", [1_000.0, 4_000.0, 20_000.0])
def test_points_are_no_further_apart_than_asked(kind: PathKind, spacing_m: float) -> None:
    paths = build_paths([salvo(kind)], TARGETS, spacing_m=spacing_m)
    limit = 1.35 if kind in ("high_dive", "glide") else 1.02  # the dive's slope is on top of the ground step
    assert steps_m(paths, 0).max() <= spacing_m * limit
    assert np.diff(paths.ptr)[0] - 1 >= min(STEPS_LEAST, 560e3 / spacing_m)


def test_number_of_points_has_bounds() -> None:
    near = salvo(origins=(Position(52.0, 31.001),))
    far = salvo("ballistic", origins=(Position(-50.0, -150.0),))
    counts = np.diff(build_paths([near, replace(far, id="far")], TARGETS).ptr)
    np.testing.assert_array_equal(counts, [STEPS_LEAST + 1, STEPS_MOST + 1])


def test_low_path_keeps_height_speed_and_dive() -> None:
    paths = build_paths([salvo(dive_m=40_000.0)], TARGETS)
    length = ground_distance_m(47.0, 32.0, 52.0, 31.0)
    assert paths.duration_s[0] == pytest.approx(length / 50.0, rel=1e-12)
    np.testing.assert_allclose(ground_steps_m(paths, 0), 50.0 * paths.step_s[0], rtol=1e-6)
    left = length - np.arange(paths.ptr[1]) * 50.0 * paths.step_s[0]
    np.testing.assert_allclose(paths.height_m, np.clip(1_000.0 * left / 40_000.0, 0.0, 1_000.0), atol=1e-6)


def test_way_points_are_flown_over_and_lengthen_the_way() -> None:
    via = (Position(48.0, 34.0), Position(50.5, 34.5))
    paths = build_paths([salvo(waypoints=via)], TARGETS, spacing_m=500.0)
    legs = ground_distance_m([47.0, 48.0, 50.5], [32.0, 34.0, 34.5], [48.0, 50.5, 52.0], [34.0, 34.5, 31.0])
    assert paths.duration_s[0] * 50.0 == pytest.approx(legs.sum(), rel=1e-12)
    for place in via:
        nearest = ground_distance_m(paths.latitude_deg, paths.longitude_deg, place.latitude_deg, place.longitude_deg)
        assert nearest.min() < 260.0


def test_route_variants_bow_out_by_the_spread_and_keep_their_ends() -> None:
    paths = build_paths([salvo(routes=5, route_spread_m=30e3)], TARGETS)
    first, last = paths.ptr[:-1], paths.ptr[1:] - 1
    for name in ("latitude_deg", "longitude_deg"):
        column = getattr(paths, name)
        np.testing.assert_allclose(column[first], column[first[2]], atol=1e-9)
        np.testing.assert_allclose(column[last], column[last[2]], atol=1e-9)
    for p, offset_m in enumerate((-30e3, -15e3, 0.0, 15e3, 30e3)):
        rows = slice(paths.ptr[p], paths.ptr[p + 1])
        middle = slice(paths.ptr[2], paths.ptr[3])
        line = ground_distance_m(
            paths.latitude_deg[rows, None],
            paths.longitude_deg[rows, None],
            paths.latitude_deg[middle],
            paths.longitude_deg[middle],
        ).min(axis=1)
        assert line.max() == pytest.approx(abs(offset_m), rel=5e-3, abs=1.0)
    # the half sine's length: the course plus (pi A)^2 / (4 L)
    length = paths.duration_s * 50.0
    assert length[4] - length[2] == pytest.approx((np.pi * 30e3) ** 2 / (4 * length[2]), rel=0.03)
    east = paths.longitude_deg[(paths.ptr[:-1] + paths.ptr[1:]) // 2]
    assert np.all(np.diff(east) > 0)  # positive offsets lie to the right of a course to the north


def test_bow_has_no_jump_at_a_way_point() -> None:
    """The pieces of a bowed course with a sharp turn stay even; a jump of the normal would make a long one."""
    nodes = Nodes(np.array([0, 3]), np.array([47.0, 48.0, 52.0]), np.array([32.0, 36.0, 31.0]))
    legs = lay_legs(nodes)
    for offset_m in (-30e3, 30e3):
        bowed = lay_legs(bow(legs, np.array([offset_m])))
        assert bowed.length_m.max() < 1.35 * legs.length_m.sum() / BOW_LEGS


def test_a_climb_from_the_aircraft_that_launches() -> None:
    paths = build_paths([salvo("high_dive", origins=(Position(47.0, 32.0, 10_000.0),))], TARGETS)
    assert paths.height_m[0] == 10_000.0
    assert paths.height_m.max() == 20_000.0
    flat = build_paths([salvo("high_dive")], TARGETS)
    assert flat.height_m[0] == 20_000.0


@pytest.mark.parametrize("start_m", [0.0, 15_000.0])
def test_near_quasi_ballistic_path_is_one_parabola(start_m: float) -> None:
    one = salvo("quasi_ballistic", origins=(Position(49.5, 32.0, start_m),))
    paths = build_paths([one], TARGETS, spacing_m=500.0)
    assert paths.height_m[0] == pytest.approx(start_m, abs=1e-6)
    assert paths.height_m.max() == pytest.approx(50_000.0, rel=1e-5)
    assert paths.duration_s[0] == pytest.approx(ground_distance_m(49.5, 32.0, 52.0, 31.0) / 2_000.0, rel=1e-12)
    share = np.linspace(0.0, 1.0, paths.height_m.size)
    fit = np.polynomial.Polynomial.fit(share, paths.height_m, 2)
    np.testing.assert_allclose(paths.height_m, fit(share), atol=1e-3)


def test_far_quasi_ballistic_path_rises_and_falls_freely_and_is_level_between() -> None:
    paths = build_paths([salvo("quasi_ballistic", speed_m_s=1_500.0)], TARGETS, spacing_m=500.0)
    second = np.diff(paths.height_m, 2) / paths.step_s[0] ** 2
    np.testing.assert_allclose(second[[0, 1, -2, -1]], -9.80665, rtol=1e-4)
    middle = second[second.size // 2 - 50 : second.size // 2 + 50]
    np.testing.assert_allclose(middle, 0.0, atol=1e-9)
    assert paths.height_m.max() == 50_000.0
    falling_s = paths.duration_s[0] - paths.step_s[0] * np.flatnonzero(paths.height_m == 50_000.0)[-1]
    assert falling_s == pytest.approx(np.sqrt(2 * 50_000.0 / 9.80665), abs=2 * paths.step_s[0])


def test_short_way_squeezes_climb_and_dive() -> None:
    paths = build_paths([salvo("glide", origins=(Position(51.5, 31.0),))], TARGETS)
    assert paths.height_m[0] == 0.0
    assert paths.height_m.max() == pytest.approx(45_000.0, rel=0.1)


@pytest.mark.parametrize("kind", PATH_KINDS)
@pytest.mark.parametrize(
    ("origin", "aim"),
    [
        (Position(20.0, 175.0), Position(24.0, -176.0)),
        (Position(24.0, -176.0), Position(20.0, 175.0)),
        (Position(85.0, 30.0), Position(84.0, -150.0)),
        (Position(90.0, 0.0), Position(86.0, 10.0)),
        (Position(-86.0, 10.0), Position(-90.0, 0.0)),
    ],
)
def test_antimeridian_and_poles(kind: PathKind, origin: Position, aim: Position) -> None:
    variants = {"routes": 3, "route_spread_m": 20e3}
    paths = build_paths([salvo(kind, origins=(origin,), aim_points=("aim",), **variants)], [("aim", aim)])
    assert np.all(np.isfinite(paths.xyz_m))
    assert np.all((paths.longitude_deg >= -180.0) & (paths.longitude_deg < 180.0))
    for p in range(3):
        assert steps_m(paths, p, "ground_m").max() < 4_100.0


def test_shifting_all_longitudes_changes_nothing_else() -> None:
    def shifted(degrees: float) -> Paths:
        targets = [(name, replace(at, longitude_deg=at.longitude_deg + degrees)) for name, at in TARGETS]
        origin, via = Position(47.0, 32.0 + degrees), Position(49.0, 33.0 + degrees)
        return build_paths([salvo(origins=(origin,), waypoints=(via,), routes=2, route_spread_m=10e3)], targets)

    here, there = shifted(0.0), shifted(150.0)
    np.testing.assert_array_equal(here.ptr, there.ptr)
    np.testing.assert_allclose(here.duration_s, there.duration_s, rtol=1e-12)
    np.testing.assert_allclose(here.latitude_deg, there.latitude_deg, atol=1e-9)


def test_a_path_does_not_depend_on_its_neighbours() -> None:
    one = salvo(waypoints=(Position(48.0, 34.0),), routes=2, route_spread_m=20e3)
    others = [replace(salvo(kind), id=kind) for kind in PATH_KINDS]
    alone, among = build_paths([one], TARGETS), build_paths([*others, one], TARGETS)
    for p in range(2):
        q = len(others) + p
        np.testing.assert_array_equal(
            alone.xyz_m[alone.ptr[p] : alone.ptr[p + 1]], among.xyz_m[among.ptr[q] : among.ptr[q + 1]]
        )


def test_no_salvos_give_no_paths() -> None:
    paths = build_paths([], TARGETS)
    assert paths.ptr.tolist() == [0]
    assert paths.xyz_m.shape == (0, 3)
    assert check_reach([], TARGETS) == []


def test_reach_names_every_salvo_that_cannot_fly() -> None:
    two = (Position(47.0, 32.0), Position(47.5, 32.0))  # the longer way is named
    salvos = [
        replace(salvo(range_m=1e6), id="fine"),
        replace(salvo(range_m=400e3, aim_points=("north", "west"), aim_weights=(1.0, 1.0), origins=two), id="far"),
        replace(salvo(origins=(Position(52.0, 31.0),)), id="there"),
        replace(salvo(aim_points=("noth",)), id="typo"),
        replace(salvo(range_m=580e3, routes=3, route_spread_m=150e3), id="detour"),
    ]
    wrong = check_reach(salvos, TARGETS)
    assert [(w.salvo, w.aim_point) for w in wrong] == [
        ("far", "north"),
        ("far", "west"),
        ("there", "north"),
        ("typo", "noth"),
        ("detour", "north"),
    ]
    assert wrong[0].what == "the way to 'north' is 560.8 km long, the range of 'kind' is 400.0 km"
    assert wrong[2].what == "it is launched at its aim point 'north', so its path has no length"
    assert wrong[3].cure == "did you mean 'north'?"


def test_paths_without_length_or_aim_are_refused() -> None:
    with pytest.raises(InputError, match="there: it is launched at its aim point 'north'"):
        build_paths([replace(salvo(origins=(Position(52.0, 31.0),)), id="there")], TARGETS)
    with pytest.raises(InputError, match=r"s: aim point 'noth' is not among the targets; did you mean 'north'\?"):
        build_paths([salvo(aim_points=("noth",))], TARGETS)


def test_ten_thousand_paths_are_built() -> None:
    origins = tuple(Position(47.0 + 1e-4 * k, 32.0) for k in range(100))
    many = [replace(salvo(origins=origins), id=str(k)) for k in range(100)]
    paths = build_paths(many, TARGETS)
    assert np.array_equal(np.bincount(paths.salvo), np.full(100, 100))
