"""Geometry once: paths, stays in sight and in zones, engagement windows, for a scenario in canonical order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from shieldwall.active_defence.reach import Reaches, Windows, engagement_windows
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.engine.airspace import cut_windows, rules_along
from shieldwall.engine.looks import Looks, looks_by_look, looks_of, stretch
from shieldwall.engine.networks import network_of
from shieldwall.engine.roster import goals_of
from shieldwall.engine.shadows import farthest_sight_m, read_ground, without_shadows
from shieldwall.engine.stays import Places, Stays, stays
from shieldwall.engine.views import within_view
from shieldwall.raid.paths import SPACING_M, build_paths
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.conditions import Conditions
from shieldwall.surveillance.elevation import Elevation
from shieldwall.surveillance.horizon import HORIZON_ROOT
from shieldwall.surveillance.reach import detection_range_m, is_hidden_by_the_earth
from shieldwall.surveillance.sensor import Sensor
from shieldwall.surveillance.weather import height_max_in_weather_m, range_in_weather_m
from shieldwall.tables import Float, Int, Paths

_Chunk = TypeVar("_Chunk", Stays, Windows)
# Paths handed to a thread at a time; a fixed number, so the rows come out the same for any number of threads.
_PATHS_A_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Geometry:
    """Everything that does not depend on luck: paths, stays in sight of sensors and in zones, engagement windows.

    `looks` take the place of `sight` for detection where a scenario asks for it; windows go by `sight`. `control` says
    of each window what airspace control lets be shot at in it (FREE, TIGHT, HOLD); None where no zone binds any.
    """

    paths: Paths
    sight: Stays
    zones: Stays
    windows: Windows
    looks: Looks | None = None
    control: Int | None = None


def compute_geometry(
    scenario: Scenario, *, threads: int = 1, spacing_m: float = SPACING_M, alike_deg: float = 0.0
) -> Geometry:
    """Compute all windows of a scenario that is in canonical order; `spacing_m`, `alike_deg` as in `build_paths`."""
    targets = [(target.id, target.position) for target in goals_of(scenario)]
    paths = build_paths(scenario.salvos, targets, spacing_m=spacing_m, threads=threads, alike_deg=alike_deg)
    stride_m = longest_leg_m(paths)
    n_paths = paths.salvo.shape[0]
    ground = read_ground(scenario)
    sensors, zones, reaches = _sensor_places(scenario, ground), _zone_places(scenario), _reaches(scenario)

    def in_sight(places: Places) -> Stays:
        seen = _in_chunks(lambda a, b: stays(a, b, paths, stride_m, places), n_paths, threads)
        if ground is not None:
            seen = without_shadows(scenario, ground, paths, seen, threads=threads)
        return within_view(scenario, paths, while_burning(scenario, paths, seen))

    sight = in_sight(sensors)
    looks = None
    if looks_by_look(scenario):
        far = np.array([stretch(sensor, scenario.conditions) for sensor in scenario.sensors])
        ahead = sensors._replace(distance_max_m=sensors.distance_max_m * far[:, None])
        seen = sight if np.all(far == 1.0) else in_sight(ahead)
        looks = looks_of(scenario, paths, seen, _reach_m(scenario))
    in_zones = _in_chunks(lambda a, b: stays(a, b, paths, stride_m, zones), n_paths, threads)
    first = np.searchsorted(sight.path, np.arange(n_paths + 1))
    windows = _in_chunks(
        lambda a, b: engagement_windows(
            a, b, paths, stride_m, reaches, first, sight.place, sight.enter_s, sight.leave_s
        ),
        n_paths,
        threads,
    )
    if not scenario.airspace:
        return Geometry(paths, sight, in_zones, windows, looks)
    windows, control = cut_windows(windows, rules_along(paths, scenario.airspace, "ground"))
    return Geometry(paths, sight, in_zones, windows, looks, control)


def while_burning(scenario: Scenario, paths: Paths, sight: Stays) -> Stays:
    """Return stays in sight without those of sensors in space of rockets that have burned out.

    A type without a burning time is seen all the way, as far as the sensor's greatest height goes.
    """
    burn_s = np.array([salvo.type.burn_s for salvo in scenario.salvos])
    from_space = np.array([sensor.type.kind == "space_infrared" for sensor in scenario.sensors], bool)
    if not (np.any(burn_s > 0.0) and np.any(from_space)):
        return sight
    out_s = np.where(burn_s > 0.0, burn_s, np.inf)[paths.salvo[sight.path]]
    last_s = np.where(from_space[sight.place], np.minimum(sight.leave_s, out_s), sight.leave_s)
    kept = last_s > sight.enter_s
    return Stays(sight.path[kept], sight.place[kept], sight.enter_s[kept], last_s[kept])


def longest_leg_m(paths: Paths) -> Float:
    """Return the length of the longest leg of each path, float64 (P,), metres."""
    step_m = np.zeros(paths.xyz_m.shape[0])
    step_m[:-1] = np.linalg.norm(np.diff(paths.xyz_m, axis=0), axis=1)
    step_m[paths.ptr[1:] - 1] = 0.0
    return np.maximum(np.maximum.reduceat(step_m, paths.ptr[:-1]), 1.0)


def _in_chunks(compute: Callable[[int, int], _Chunk], n_paths: int, threads: int) -> _Chunk:
    """Compute rows for chunks of paths on several threads and join them in order."""
    edges = [*range(0, n_paths, _PATHS_A_CHUNK), n_paths] if n_paths else [0, 0]
    pairs = list(pairwise(edges))
    if threads == 1 or len(pairs) == 1:
        parts = [compute(a, b) for a, b in pairs]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(lambda pair: compute(*pair), pairs))
    return type(parts[0])(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _places(positions: list[Position]) -> tuple[Float, Float]:
    """Return earth-centred centres and feet, each (B, 3)."""
    latitude = np.array([p.latitude_deg for p in positions])
    longitude = np.array([p.longitude_deg for p in positions])
    height = np.array([p.height_m for p in positions])
    if not positions:
        return np.zeros((0, 3)), np.zeros((0, 3))
    return ecef_m(latitude, longitude, height), ecef_m(latitude, longitude)


def _sensor_places(scenario: Scenario, ground: Elevation | None) -> Places:
    """Return where sensors stand and how far each sees the threats of each salvo.

    Over an elevation model the horizon is taken so far that it hides nothing that the ground does not.
    """
    positions = [
        Position(q.position.latitude_deg, q.position.longitude_deg, q.position.height_m + q.type.antenna_height_m)
        for q in scenario.sensors
    ]
    xyz_m, ground_m = _places(positions)
    hidden = np.array([is_hidden_by_the_earth(q.type.kind) for q in scenario.sensors], bool)
    heights = [p.height_m for p in positions]
    curve_m = [HORIZON_ROOT * h**0.5 if ground is None else farthest_sight_m(h, ground) for h in heights]
    return Places(
        xyz_m,
        ground_m,
        np.where(np.array([q.orbit is not None for q in scenario.sensors], bool)[:, None], 0.0, _reach_m(scenario)),
        np.array([height_max_in_weather_m(q.type, scenario.conditions or Conditions()) for q in scenario.sensors]),
        np.where(hidden, curve_m, np.inf) if positions else np.zeros(0),
        HORIZON_ROOT,
        np.zeros(len(positions), np.int64),
    )


def _reach_m(scenario: Scenario) -> Float:
    """Return how far each sensor sees the threats of each salvo, (Q, S) metres, in the scenario's weather."""
    reach = {
        (kind.id, salvo.id): detection_range_m(kind, salvo.type.threat_class, salvo.type.radar_cross_section_m2)
        if kind.detection_probability > 0.0
        else 0.0
        for kind in {q.type.id: q.type for q in scenario.sensors}.values()
        for salvo in scenario.salvos
    }
    weather = scenario.conditions

    def seen_m(sensor: Sensor, salvo: Salvo) -> float:
        clear_m = sensor.range_left * reach[sensor.type.id, salvo.id]
        return clear_m if weather is None else range_in_weather_m(sensor.type, clear_m, weather)

    return np.array([[seen_m(q, s) for s in scenario.salvos] for q in scenario.sensors], np.float64).reshape(
        len(scenario.sensors), len(scenario.salvos)
    )


def _zone_places(scenario: Scenario) -> Places:
    """Return where soft-kill zones lie; one without a hazard for a salvo's class has no reach against it."""
    zones = scenario.soft_kill_zones
    xyz_m, ground_m = _places([z.position for z in zones])
    return Places(
        xyz_m,
        ground_m,
        np.array(
            [
                [
                    z.radius_m if s.side == "hostile" and z.hazard_per_s.get(s.type.threat_class, 0.0) > 0.0 else 0.0
                    for s in scenario.salvos
                ]
                for z in zones
            ]
        ).reshape(len(zones), len(scenario.salvos)),
        np.array([z.height_max_m for z in zones]),
        np.full(len(zones), np.inf),
        HORIZON_ROOT,
        np.ones(len(zones), np.int64),
    )


def _reaches(scenario: Scenario) -> Reaches:
    """Return the reach of every weapon and the radars that may serve it, its own first."""
    index = {q.id: i for i, q in enumerate(scenario.sensors)}
    sector = {q.id: network_of(scenario, q.sector, q.fire_unit) for q in scenario.sensors}
    listed = scenario.structure is not None  # then it is the network that says when they are together
    weapons = [(u, w.effector) for u in scenario.fire_units for w in u.weapons]
    xyz_m, ground_m = _places([u.position for u, _ in weapons])
    classes = [s.type.threat_class for s in scenario.salvos]
    shape = (len(weapons), len(classes))
    serving = [
        [index[u.radar]]
        + [index[b] for b in u.backup_radars if listed or sector[b] == network_of(scenario, u.sector, u.id)]
        for u, _ in weapons
    ]
    return Reaches(
        xyz_m,
        ground_m,
        np.array([[e.range_m.get(c, 0.0) for c in classes] for _, e in weapons]).reshape(shape),
        np.array([[e.kill_probability.get(c, 0.0) for c in classes] for _, e in weapons]).reshape(shape),
        np.array([e.range_min_m for _, e in weapons]),
        np.array([e.height_min_m for _, e in weapons]),
        np.array([e.height_max_m for _, e in weapons]),
        np.array([e.speed_m_s for _, e in weapons]),
        np.array([e.reaction_s for _, e in weapons]),
        np.concatenate([[0], np.cumsum([len(r) for r in serving])]).astype(np.int64),
        np.array([q for r in serving for q in r], np.int64),
    )
