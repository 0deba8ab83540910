"""Draw the ground that a fire unit protects against a type of threat: its footprint, by geometry alone.

A place is protected if a threat flying at it from any of the directions asked for can be met at least once: some order
to fire, given after a sensor of the unit's network has tracked the threat and the mean delays have passed, leads to a
meeting within the round's reach and in sight of the radar that serves it. Chance, magazines and channels are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.battle_management.airspace import HOLD
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.geodesy import direct, ground_distance_m
from shieldwall.core.position import Position
from shieldwall.engine.networks import network_of
from shieldwall.engine.roster import in_order
from shieldwall.engine.windows import Geometry, compute_geometry
from shieldwall.passive_defence.asset import Asset
from shieldwall.raid.salvo import Salvo, ThreatType
from shieldwall.scenario.types import Scenario
from shieldwall.study.polygon import area_km2, geometry_of
from shieldwall.surveillance.reach import detection_range_m

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

DIRECTIONS = tuple(45.0 * k for k in range(8))
_BEARINGS = 36
_RINGS = 12
_REFINEMENTS = 5
# From one direction a unit also protects what lies behind it; from all, nothing beyond its reach.
_REACHES_FROM_ONE, _REACHES_FROM_ALL = 2.0, 1.0
# Threats start at this share of their range; low ones only so far before they may be seen.
_SHARE_OF_RANGE = 0.8
_LOW_EARLIER_M = 20_000.0
# Points of a path are so many to a path, within these distances; boosted arcs this much alike are flown once.
_POINTS_A_PATH = 250
_SPACING_LEAST_M, _SPACING_MOST_M = 4_000.0, 16_000.0
_ALIKE_DEG = 2.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """The ground that one unit protects against one type, from `inner_m` to `outer_m` on each bearing from the unit.

    direction_deg: where threats come from; a place counts if it is protected from all of them. distance_m: how far off
    they start; delay_s: from track to order; limit_m: how far places were looked at; gaps: bearings on which
    unprotected ground lies between protected.
    """

    unit: str
    unit_type: str
    position: Position
    threat_type: str
    threat_class: str
    direction_deg: tuple[float, ...]
    distance_m: float
    delay_s: float
    limit_m: float
    bearing_deg: Float
    inner_m: Float
    outer_m: Float
    gaps: int

    @property
    def area_km2(self) -> float:
        """Return the protected area, square kilometres."""
        return area_km2(self.inner_m, self.outer_m)

    def to_feature(self) -> dict[str, Any]:
        """Return a GeoJSON feature; its geometry is null if nothing is protected."""
        geometry = geometry_of(self.position, self.bearing_deg, self.inner_m, self.outer_m)
        return {"type": "Feature", "geometry": geometry, "properties": self.to_json()}

    def to_json(self) -> dict[str, Any]:
        """Return the figures without the line."""
        return {
            "unit": self.unit,
            "unit_type": self.unit_type,
            "threat_type": self.threat_type,
            "threat_class": self.threat_class,
            "direction_deg": list(self.direction_deg),
            "distance_m": self.distance_m,
            "delay_s": self.delay_s,
            "limit_m": self.limit_m,
            "area_km2": self.area_km2,
            "outer_min_m": float(self.outer_m.min()),
            "outer_mean_m": float(self.outer_m.mean()),
            "outer_max_m": float(self.outer_m.max()),
            "gaps": self.gaps,
        }


def footprints(
    scenario: Scenario, *, unit: str = "", against: str = "", direction_deg: float | None = None, threads: int = 1
) -> tuple[Footprint, ...]:
    """Return the footprint of each fire unit against each threat type that it can engage.

    Parameters
    ----------
    scenario : the units, sensors, command and threat types
    unit, against : one unit, one threat type of the scenario; all if empty
    direction_deg : where threats come from, degrees east of north as seen from the aim point; 8 directions if None

    Raises
    ------
    InputError
        If the scenario has no such unit or threat type.

    Limits
    ------
    One round that meets the threat counts, however unlikely its kill; from one direction ground is looked at out to
    twice the reach.
    """
    ordered = in_order(scenario)
    types = {salvo.type.id: salvo.type for salvo in ordered.salvos}
    units = {one.id: one for one in ordered.fire_units}
    for name, known, what in ((unit, units, "fire unit"), (against, types, "threat type")):
        if name and name not in known:
            raise InputError(Mistake("", 0, 0, f"there is no {what} '{name}' in {scenario.name}", nearest(name, known)))
    directions = DIRECTIONS if direction_deg is None else (direction_deg % 360.0,)
    pairs = [
        (units[u], types[t])
        for u in ([unit] if unit else sorted(units))
        for t in ([against] if against else sorted(types))
        if _reach_m(units[u], types[t]) > 0.0
    ]
    with ThreadPoolExecutor(threads) as pool:
        return tuple(pool.map(lambda pair: _footprint(ordered, pair[0], pair[1], directions), pairs))


def _reach_m(unit: FireUnit, threat: ThreatType) -> float:
    """Return how far the unit's rounds reach against a type, metres; 0 if none can engage it."""
    return max(
        (
            weapon.effector.range_m.get(threat.threat_class, 0.0)
            for weapon in unit.weapons
            if weapon.effector.kill_probability.get(threat.threat_class, 0.0) > 0.0
        ),
        default=0.0,
    )


def _footprint(scenario: Scenario, unit: FireUnit, threat: ThreatType, directions: Sequence[float]) -> Footprint:
    network = network_of(scenario, unit.sector, unit.id)
    alone = replace(
        scenario,
        fire_units=tuple(one if one.id == unit.id else replace(one, weapons=()) for one in scenario.fire_units),
        sensors=tuple(s for s in scenario.sensors if network_of(scenario, s.sector, s.fire_unit) == network),
        soft_kill_zones=(),
    )
    limit_m = _reach_m(unit, threat) * (_REACHES_FROM_ONE if len(directions) == 1 else _REACHES_FROM_ALL)
    distance_m = _SHARE_OF_RANGE * threat.range_m
    if threat.path_kind == "low":
        seen_m = [
            s.range_left * detection_range_m(s.type, threat.threat_class, threat.radar_cross_section_m2)
            + float(ground_distance_m(*_place(unit.position), *_place(s.position)))
            for s in alone.sensors
        ]
        distance_m = min(distance_m, max(seen_m, default=0.0) + limit_m + _LOW_EARLIER_M)
    bearings = np.linspace(0.0, 360.0, _BEARINGS, endpoint=False)

    def protected(bearing_deg: Float, radius_m: Float) -> Bool:
        return _protected(alone, unit, threat, directions, distance_m, bearing_deg, radius_m)

    rings = np.linspace(0.0, limit_m, _RINGS, endpoint=False) + 0.5 * limit_m / _RINGS
    inside = protected(np.repeat(bearings, _RINGS), np.tile(rings, _BEARINGS)).reshape(_BEARINGS, _RINGS)
    nothing = np.zeros(_BEARINGS)
    inner_m, outer_m = _edges(inside, rings, bearings, limit_m, protected) if inside.any() else (nothing, nothing)
    changes = np.count_nonzero(np.diff(inside.astype(np.int8), axis=1) == 1, axis=1) + inside[:, 0]
    return Footprint(
        unit.id, unit.type, unit.position, threat.id, threat.threat_class, tuple(directions), distance_m,
        _delay_s(scenario), limit_m, bearings, inner_m, outer_m, int(np.count_nonzero(changes > 1)),
    )  # fmt: skip


def _place(position: Position) -> tuple[float, float]:
    return position.latitude_deg, position.longitude_deg


def _edges(inside: Bool, rings: Float, bearings: Float, limit_m: float, protected: Any) -> tuple[Float, Float]:
    """Return the first and the last protected radius on each bearing, refined by bisection; 0 and 0 without any."""
    some = inside.any(axis=1)
    step = rings[1] - rings[0]
    first = rings[np.argmax(inside, axis=1)]
    last = rings[inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)]
    in_low, in_high = np.maximum(first - step, 0.0), first.copy()
    out_low, out_high = last.copy(), np.minimum(last + step, limit_m)
    for _ in range(_REFINEMENTS):
        middle_in, middle_out = 0.5 * (in_low + in_high), 0.5 * (out_low + out_high)
        both = protected(np.concatenate((bearings, bearings)), np.concatenate((middle_in, middle_out)))
        at_in, at_out = both[: bearings.size], both[bearings.size :]
        in_high, in_low = np.where(at_in, middle_in, in_high), np.where(at_in, in_low, middle_in)
        out_low, out_high = np.where(at_out, middle_out, out_low), np.where(at_out, out_high, middle_out)
    smallest = step / 2**_REFINEMENTS
    inner = np.where(in_high <= smallest, 0.0, in_high)
    return np.where(some, inner, 0.0), np.where(some, np.where(limit_m - out_low <= smallest, limit_m, out_low), 0.0)


def _protected(
    scenario: Scenario, unit: FireUnit, threat: ThreatType, directions: Sequence[float], distance_m: float,
    bearing_deg: Float, radius_m: Float,
) -> Bool:  # fmt: skip
    """Say for places at bearings and distances from the unit whether a threat from every direction can be met."""
    spacing_m = float(np.clip(distance_m / _POINTS_A_PATH, _SPACING_LEAST_M, _SPACING_MOST_M))
    there = direct(unit.position.latitude_deg, unit.position.longitude_deg, bearing_deg, np.maximum(radius_m, 1.0))
    left = np.arange(radius_m.size)
    for direction_deg in directions:  # only places that stood up to the directions before
        if left.size:
            lat, lon = there.latitude_deg[left], there.longitude_deg[left]
            start = direct(lat, lon, direction_deg, distance_m)
            case = _attacked(scenario, threat, (start.latitude_deg, start.longitude_deg), (lat, lon))
            left = left[
                met_in_time(
                    scenario, compute_geometry(case, spacing_m=spacing_m, alike_deg=_ALIKE_DEG), _delay_s(scenario)
                )
            ]
    return np.isin(np.arange(radius_m.size), left)


def _attacked(
    scenario: Scenario, threat: ThreatType, start_deg: tuple[Float, Float], place_deg: tuple[Float, Float]
) -> Scenario:
    """Return the scenario with one threat from each start to each place, both (latitudes, longitudes), degrees."""
    height_m = threat.height_m if threat.path_kind == "high_dive" else 0.0
    salvos, assets = [], []
    for n, (lat, lon, from_lat, from_lon) in enumerate(zip(*place_deg, *start_deg, strict=True)):
        name = f"place-{n:06d}"
        assets.append(Asset(name, "", name, Position(float(lat), float(lon)), 0.0, 0.0, 0, 0.0))
        salvos.append(_single(name, threat, Position(float(from_lat), float(from_lon), height_m), name))
    return replace(scenario, assets=tuple(assets), salvos=tuple(salvos))


def _single(name: str, threat: ThreatType, origin: Position, aim: str) -> Salvo:
    return Salvo(
        id=name, type=threat, count=1, decoy_share=0.0, abort_share=0.0, origins=(origin,), aim_points=(aim,),
        aim_weights=(1.0,), waypoints=(), routes=1, route_spread_m=0.0, time_s=0.0, spread_s=0.0, timing="equal",
        time_on_target=False,
    )  # fmt: skip


def _delay_s(scenario: Scenario) -> float:
    """Return the mean time from track to order."""
    command = scenario.command
    return command.command_s + (command.identification_s if scenario.doctrine.weapons_control == "tight" else 0.0)


def met_in_time(scenario: Scenario, geometry: Geometry, delay_s: float) -> Bool:
    """Return for each path whether some window is open after the mean time of the first track and a delay, (P,).

    The mean time of a track is half a scan after entering sight, and as many scans more as detections need on average.
    """
    scan_s = np.array([s.type.scan_s for s in scenario.sensors])
    looks = np.array([s.type.hits_to_track / s.type.detection_probability for s in scenario.sensors])
    sight, windows = geometry.sight, geometry.windows
    track_s = sight.enter_s + scan_s[sight.place] * (looks[sight.place] - 0.5)
    n_paths = geometry.paths.salvo.shape[0]
    first_s = np.full(n_paths, np.inf)
    in_time = track_s <= sight.leave_s
    np.minimum.at(first_s, sight.path[in_time], track_s[in_time])
    met = np.zeros(n_paths, bool)
    good = windows.close_s >= np.maximum(windows.open_s, first_s[windows.path] + delay_s)
    if geometry.control is not None:
        good &= geometry.control < HOLD
    met[windows.path[good]] = True
    return met
