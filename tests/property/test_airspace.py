"""Cut windows and spans inside areas, against dense sampling."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path as Outline

from shieldwall.active_defence.reach import ORDERS, Windows
from shieldwall.battle_management.airspace import FREE, HOLD, NO_CEILING_M, TIGHT, AirspaceZone
from shieldwall.core.position import Position
from shieldwall.engine.airspace import Rules, cut_stays, cut_windows, rules_along
from shieldwall.engine.borders import spans_inside
from shieldwall.engine.stays import Stays
from shieldwall.tables import Paths

SEEDS = st.integers(0, 2**32 - 1)
SHARES = np.arange(ORDERS) / (ORDERS - 1)


def random_paths(rng: np.random.Generator, turn_deg: float = 0.0) -> Paths:
    """Return some crooked paths near (50, 20 + turn), heights crooked too."""
    counts = rng.integers(2, 12, 5)
    ptr = np.concatenate([[0], np.cumsum(counts)])
    step_s = rng.uniform(5.0, 40.0, counts.size)
    total = int(counts.sum())
    longitude = 20.0 + turn_deg + rng.uniform(-2.0, 2.0, total)
    return Paths(
        salvo=np.arange(counts.size), target=np.zeros(counts.size, np.int64), probability=np.ones(counts.size),
        ptr=ptr, step_s=step_s, duration_s=step_s * (counts - 1), xyz_m=np.zeros((total, 3)),
        ground_m=np.zeros((total, 3)), height_m=rng.uniform(0.0, 10_000.0, total),
        latitude_deg=50.0 + rng.uniform(-2.0, 2.0, total), longitude_deg=(longitude + 180.0) % 360.0 - 180.0,
    )  # fmt: skip


def star(rng: np.random.Generator, turn_deg: float = 0.0) -> tuple[Position, ...]:
    """Return a crooked polygon round (50, 20 + turn) that does not cross itself."""
    around = np.sort(rng.uniform(0.0, 2.0 * np.pi, rng.integers(3, 9)))
    away = rng.uniform(0.3, 2.0, around.size)
    return tuple(
        Position(50.0 + r * np.cos(a), (20.0 + turn_deg + r * np.sin(a) + 180.0) % 360.0 - 180.0)
        for a, r in zip(around, away, strict=True)
    )


def sampled(paths: Paths, p: int, at_s: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return what is linear between the points of a path, some seconds after launch."""
    own = slice(paths.ptr[p], paths.ptr[p + 1])
    return np.interp(at_s, np.arange(paths.ptr[p + 1] - paths.ptr[p]) * paths.step_s[p], values[own])


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_spans_against_sampling(seed: int) -> None:
    """A moment lies in a span where the place lies in the polygon (by matplotlib) and between the heights."""
    rng = np.random.default_rng(seed)
    paths, border = random_paths(rng), star(rng)
    low, high = np.sort(rng.uniform(0.0, 10_000.0, 2))
    spans = spans_inside(paths, border, height_min_m=low, height_max_m=high)
    outline = Outline([(c.latitude_deg, c.longitude_deg) for c in border])
    for p in range(paths.salvo.size):
        at_s = np.linspace(0.0, paths.duration_s[p], 4_001)[1:-1] + 1e-4
        at_s = at_s[at_s < paths.duration_s[p]]
        where = [sampled(paths, p, at_s, v) for v in (paths.latitude_deg, paths.longitude_deg, paths.height_m)]
        expected = outline.contains_points(np.column_stack(where[:2])) & (where[2] >= low) & (where[2] <= high)
        found = np.zeros(at_s.size, bool)
        for begin_s, end_s in spans.get(p, []):
            found |= (at_s >= begin_s) & (at_s <= end_s)
        assert np.array_equal(found, expected)
        edges = [edge for span in spans.get(p, []) for edge in span]
        assert edges == sorted(edges)
        assert len(set(edges)) == len(edges)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_longitude_180_is_no_edge(seed: int) -> None:
    """Turning everything to the antimeridian moves no span."""
    here, there = np.random.default_rng(seed), np.random.default_rng(seed)
    plain = spans_inside(random_paths(here), star(here))
    turned = spans_inside(random_paths(there, 160.0), star(there, 160.0))
    assert plain.keys() == turned.keys()
    for p, spans in plain.items():
        np.testing.assert_allclose(np.array(spans), np.array(turned[p]), atol=1e-6)


def test_along_the_side() -> None:
    """A path along a meridian that is a side of the area, through two of its corners, is not inside behind them."""
    latitude = np.array([49.0, 52.0])
    paths = Paths(
        *(np.zeros(1, np.int64) for _ in range(2)), np.ones(1), np.array([0, 2]), np.array([300.0]), np.array([300.0]),
        np.zeros((2, 3)), np.zeros((2, 3)), np.zeros(2), latitude, np.full(2, 24.0),
    )  # fmt: skip
    for order in (1, -1):
        for east in (23.0, 25.0):
            box = tuple(Position(*c) for c in [(50.0, 24.0), (50.0, east), (51.0, east), (51.0, 24.0)][::order])
            assert spans_inside(paths, box) in ({}, {0: [(100.0, 200.0)]})


def level_at(paths: Paths, zones: tuple[AirspaceZone, ...], shooter: str, p: int, at_s: np.ndarray) -> np.ndarray:
    """Return what may be shot at, moment by moment, by the words of the rules."""
    words = {("fighter", "ground"): HOLD, ("missile", "air"): HOLD, ("joint", "ground"): TIGHT, ("joint", "air"): TIGHT}
    found = np.zeros(at_s.size, np.int64)
    for zone in zones:
        level = words.get((zone.kind, shooter), FREE)
        if zone.kind == "corridor":
            level = TIGHT if zone.control == "tight" else HOLD
        outline = Outline([(c.latitude_deg, c.longitude_deg) for c in zone.border])
        where = [sampled(paths, p, at_s, v) for v in (paths.latitude_deg, paths.longitude_deg, paths.height_m)]
        inside = outline.contains_points(np.column_stack(where[:2]))
        inside &= (where[2] >= zone.height_min_m) & (where[2] <= zone.height_max_m)
        found[inside] = np.maximum(found[inside], level)
    return found


def random_zones(rng: np.random.Generator) -> tuple[AirspaceZone, ...]:
    """Return up to four zones of any kind, heights given or not."""
    zones = []
    for n in range(rng.integers(1, 5)):
        kind = ("fighter", "missile", "joint", "corridor")[rng.integers(4)]
        control = {"joint": "tight", "corridor": ("hold", "tight")[rng.integers(2)]}.get(kind, "free")
        low, high = np.sort(rng.uniform(0.0, 10_000.0, 2)) if rng.random() < 0.5 else (0.0, NO_CEILING_M)
        zones.append(AirspaceZone(f"z{n}", kind, star(rng), float(low), float(high), control))  # type: ignore[arg-type]
    return tuple(zones)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_windows_against_sampling(seed: int) -> None:
    """Pieces join up to the window, and the level of each is that of every meeting in it."""
    rng = np.random.default_rng(seed)
    paths, zones = random_paths(rng), random_zones(rng)
    path = np.sort(rng.integers(0, paths.salvo.size, 12))
    share = np.sort(rng.uniform(0.0, 1.0, (path.size, ORDERS)), axis=1)
    met_s = share * paths.duration_s[path][:, None]
    open_s = met_s[:, 0] - rng.uniform(1.0, 30.0, path.size)
    close_s = open_s + rng.uniform(1.0, 60.0, path.size)
    order_s = open_s[:, None] + (close_s - open_s)[:, None] * SHARES
    windows = Windows(path, np.arange(path.size), np.arange(path.size), open_s, close_s, met_s - order_s)
    cut, level = cut_windows(windows, rules_along(paths, zones, "ground"))
    level = np.zeros(path.size, np.int64) if level is None else level
    assert np.array_equal(np.unique(cut.weapon), windows.weapon)
    assert (np.diff(cut.weapon) >= 0).all()
    for row in range(path.size):
        own = np.flatnonzero(cut.weapon == row)
        assert (cut.path[own] == path[row]).all()
        np.testing.assert_allclose(cut.open_s[own], np.append(open_s[row], cut.close_s[own[:-1]]), atol=1e-9)
        np.testing.assert_allclose(cut.close_s[own[-1]], close_s[row], atol=1e-9)
        for k in own.tolist():
            orders = cut.open_s[k] + (cut.close_s[k] - cut.open_s[k]) * SHARES
            expected = np.interp(orders, order_s[row], met_s[row])
            np.testing.assert_allclose(orders + cut.delay_s[k], expected, atol=1e-6)
            inner = np.linspace(expected[0], expected[-1], 203)[1:-1]
            if inner[-1] - inner[0] > 1e-3:
                assert set(level_at(paths, zones, "ground", int(path[row]), inner)) == {level[k]}


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_stays_against_sampling(seed: int) -> None:
    """The same for fighters: pieces join up to the stay, each of one level."""
    rng = np.random.default_rng(seed)
    paths, zones = random_paths(rng), random_zones(rng)
    path = np.sort(rng.integers(0, paths.salvo.size, 12))
    ends = np.sort(rng.uniform(0.0, 1.0, (path.size, 2)), axis=1) * paths.duration_s[path][:, None]
    whole = Stays(path, np.arange(path.size), ends[:, 0], ends[:, 1])
    cut, level = cut_stays(whole, rules_along(paths, zones, "air"))
    level = np.zeros(path.size, np.int64) if level is None else level
    for row in range(path.size):
        own = np.flatnonzero(cut.place == row)
        assert cut.enter_s[own].tolist() == [ends[row, 0], *cut.leave_s[own[:-1]].tolist()]
        assert cut.leave_s[own[-1]] == ends[row, 1]
        for k in own.tolist():
            inner = np.linspace(cut.enter_s[k], cut.leave_s[k], 203)[1:-1]
            if inner[-1] - inner[0] > 1e-3:
                assert set(level_at(paths, zones, "air", int(path[row]), inner)) == {level[k]}


def test_nothing_bound_is_left_as_it_is() -> None:
    """Without a zone on any path the very same arrays come back."""
    windows = Windows(*(np.zeros(3, np.int64) for _ in range(3)), np.zeros(3), np.ones(3), np.zeros((3, ORDERS)))
    rules = Rules(np.array([0, 1]), np.array([-np.inf]), np.array([np.inf]), np.array([FREE]))
    cut, level = cut_windows(windows, rules)
    assert cut is windows
    assert level is None
