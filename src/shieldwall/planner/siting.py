"""Place a scenario's fire units anew: which type at which site, so that the raid's weight is expected to meet most.

A unit reaches an asset against a class of threats where the asset lies within the range of a round that can kill the
class, and a threat of the class in level flight over the asset is in sight of the unit's radar: above the smooth
horizon, or above the terrain where the scenario has one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.core.geodesy import inverse
from shieldwall.core.position import Position
from shieldwall.engine.shadows import read_ground
from shieldwall.scenario.types import Scenario
from shieldwall.solvers.expected_covering import Placing
from shieldwall.surveillance.horizon import radar_horizon_m
from shieldwall.surveillance.terrain import horizon_mask, minimum_visible_height_m

Float = NDArray[np.float64]

_RAYS, _STEP_M = 720, 500.0


@dataclass(frozen=True, slots=True)
class Ground:
    """The placing problem of a scenario and the names of its types, sites, guarded places and demands."""

    placing: Placing
    types: tuple[str, ...]
    sites: tuple[str, ...]
    positions: tuple[Position, ...]
    guarded: tuple[str, ...]
    demands: tuple[tuple[str, str], ...]


def ground_of(scenario: Scenario, *, sites: int | None, least: int) -> Ground:
    """Return the placing problem: types and numbers as in the scenario; sites are its assets and where units stand.

    Parameters
    ----------
    sites : at most so many sites are used
    least : how many units must reach every city
    """
    kinds = {unit.type: unit for unit in sorted(scenario.fire_units, key=lambda unit: unit.id)}
    units = np.array([sum(u.type == name for u in scenario.fire_units) for name in kinds], np.int64)
    places = _sites(scenario)
    weight, heights = _raid(scenario)
    classes = sorted(weight)
    demands = tuple((asset.id, kind) for asset in scenario.assets for kind in classes)
    values = np.array([asset.value * weight[kind] for asset in scenario.assets for kind in classes])
    cities = tuple(asset.id for asset in scenario.assets if asset.kind == "city")
    guard = np.array([cities.index(asset) if asset in cities else -1 for asset, _ in demands], np.int64)
    distance, azimuth = _apart(list(places.values()), [asset.position for asset in scenario.assets])
    chance = np.zeros((len(kinds), len(places), len(demands)))
    for t, unit in enumerate(kinds.values()):
        seen = _seen(scenario, unit, list(places.values()), distance, azimuth, [heights[kind] for kind in classes])
        for c, kind in enumerate(classes):
            for weapon in unit.weapons:
                p = weapon.effector.kill_probability.get(kind, 0.0)
                salvo = scenario.doctrine.shots[kind].salvo if kind in scenario.doctrine.shots else 1
                near = distance <= weapon.effector.range_m.get(kind, 0.0)
                stops = (1.0 - (1.0 - p) ** salvo) * unit.availability * (near & seen[:, :, c])
                chance[t, :, c :: len(classes)] = np.maximum(chance[t, :, c :: len(classes)], stops)
    placing = Placing(values, chance, units, guard, least, sites)
    return Ground(placing, tuple(kinds), tuple(places), tuple(places.values()), cities, demands)


def _sites(scenario: Scenario) -> dict[str, Position]:
    """Return candidate sites by name: every asset, and every other place where a unit stands."""
    found = {asset.id: asset.position for asset in scenario.assets}
    known = {(p.latitude_deg, p.longitude_deg) for p in found.values()}
    for unit in sorted(scenario.fire_units, key=lambda unit: unit.id):
        at = (unit.position.latitude_deg, unit.position.longitude_deg)
        if at not in known:
            known.add(at)
            found[unit.id] = unit.position
    return found


def _raid(scenario: Scenario) -> tuple[dict[str, float], dict[str, float]]:
    """Return each class's share of the raid, and the lowest height of its level flight or arc, metres."""
    count: dict[str, float] = {}
    height: dict[str, float] = {}
    for salvo in scenario.salvos:
        kind = str(salvo.type.threat_class)
        count[kind] = count.get(kind, 0.0) + salvo.count
        high = max(salvo.type.height_m, salvo.type.apogee_m)
        height[kind] = min(height.get(kind, np.inf), high)
    whole = sum(count.values())
    return {kind: n / whole for kind, n in count.items()}, height


def _apart(sites: list[Position], assets: list[Position]) -> tuple[Float, Float]:
    """Return distance (metres) and azimuth (degrees) from every site to every asset, (S, A)."""
    first = np.array([(p.latitude_deg, p.longitude_deg) for p in sites]).repeat(len(assets), axis=0)
    second = np.tile(np.array([(p.latitude_deg, p.longitude_deg) for p in assets]), (len(sites), 1))
    between = inverse(first[:, 0], first[:, 1], second[:, 0], second[:, 1])
    shape = (len(sites), len(assets))
    return between.distance_m.reshape(shape), between.start_azimuth_deg.reshape(shape)


def _seen(
    scenario: Scenario, unit: FireUnit, sites: list[Position], distance: Float, azimuth: Float, heights: list[float]
) -> NDArray[np.bool_]:
    """Return whether a threat over an asset is in sight of the unit's radar at a site, bool (S, A, C)."""
    radar = next((sensor for sensor in scenario.sensors if sensor.id == unit.radar), None)
    if radar is None:
        return np.ones((*distance.shape, len(heights)), np.bool_)
    antenna_m = radar.type.antenna_height_m
    model = read_ground(scenario)
    if model is None:
        reach = np.array([float(radar_horizon_m(antenna_m, height)) for height in heights])
        return np.asarray(distance[:, :, None] <= reach)
    seen = np.zeros((*distance.shape, len(heights)), np.bool_)
    sea = scenario.terrain is not None and scenario.terrain.missing_is_sea
    for s, site in enumerate(sites):
        stands = Position(site.latitude_deg, site.longitude_deg, antenna_m)
        range_m = float(max(distance[s].max(), 1_000.0))
        mask = horizon_mask(model, stands, range_m=range_m, azimuths=_RAYS, step_m=_STEP_M, missing_is_sea=sea)
        least_m = minimum_visible_height_m(mask, azimuth[s], distance[s])
        seen[s] = least_m[:, None] <= np.array(heights)[None, :]
    return seen
