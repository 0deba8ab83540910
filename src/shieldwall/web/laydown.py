"""What stands and what comes, as the page reads it: the part of a run's document that no raid changes."""

from __future__ import annotations

from typing import Any

import numpy as np

from shieldwall.active_defence.fire_unit import EffectorType, Weapon
from shieldwall.battle_management.airspace import NO_CEILING_M, outline_deg
from shieldwall.core.position import Position
from shieldwall.engine.pack_defence import magazine
from shieldwall.engine.roster import in_order, targets_of
from shieldwall.replay.salvos import OUTCOMES
from shieldwall.results.event import EventKind
from shieldwall.results.row import Cause, Fate
from shieldwall.results.schema import words
from shieldwall.results.traffic import Mistaken
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.horizon import radar_horizon_m
from shieldwall.surveillance.reach import detection_range_m, is_hidden_by_the_earth
from shieldwall.surveillance.sensor import Sensor
from shieldwall.web.columns import Int, millisecond

HEIGHTS_M = (50, 100, 300, 1_000, 3_000, 10_000, 20_000)
_HUNDRED_M = 100.0
Plain = dict[str, Any]


def laydown(scenario: Scenario) -> Plain:
    """Return the page's lists of everything in a scenario, in the order of the indices that raids use."""
    ordered = in_order(scenario)
    types = {salvo.type.id: salvo.type for salvo in ordered.salvos}
    rounds = effectors_of(ordered)
    return {
        "fates": list(words(Fate)),
        "causes": list(words(Cause)),
        "event_kinds": list(words(EventKind)),
        "outcomes": list(OUTCOMES),
        "types": [
            {
                "id": kind.id,
                "name": kind.name,
                "class": kind.threat_class,
                "path_kind": kind.path_kind,
                "speed_m_s": kind.speed_m_s,
                "height_m": max(kind.height_m, kind.apogee_m),
                "unit_cost_usd": kind.unit_cost_usd,
            }
            for _, kind in sorted(types.items())
        ],
        "effectors": [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind,
                "rounds_per_shot": one.rounds_per_shot,
                "unit_cost_usd": one.unit_cost_usd,
            }
            for _, one in sorted(rounds.items())
        ],
        "assets": _assets(ordered),
        "units": _units(ordered),
        "sensors": _sensors(ordered),
        "weapons": _weapons(ordered, sorted(rounds)),
        "zones": _zones(ordered),
        "airspace": _airspace(ordered),
        "salvos": _salvos(ordered, sorted(types)),
        **({"flights": _flights(ordered), "mistakes": list(words(Mistaken))} if ordered.traffic else {}),
        "doctrine": _doctrine(ordered),
        "command": {
            "integration": ordered.command.integration,
            "identification_s": ordered.command.identification_s,
            "command_s": ordered.command.command_s,
            "delay": ordered.command.delay,
        },
        "coverage": _coverage(ordered),
    }


def magazines_of(ordered: Scenario) -> list[tuple[Weapon, ...]]:
    """Return what each fire unit has to shoot with, and behind them each group of aircraft: the order of a roster."""
    return [*(unit.weapons for unit in ordered.fire_units), *(magazine(group) for group in ordered.fighters)]


def effectors_of(ordered: Scenario) -> dict[str, EffectorType]:
    """Return every kind of round of a scenario by its id."""
    return {weapon.effector.id: weapon.effector for weapons in magazines_of(ordered) for weapon in weapons}


def entry_of(name: str) -> str:
    """Return the entry of the scenario file that a copy ("x~3") or a unit's radar ("x/radar") comes from."""
    return name.partition("/")[0].partition("~")[0]


def _where(position: Position) -> Plain:
    longitude = (position.longitude_deg + 180.0) % 360.0 - 180.0
    return {"lon": round(longitude, 6), "lat": round(position.latitude_deg, 6)}


def _assets(scenario: Scenario) -> list[Plain]:
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            **_where(one.position),
            "radius_m": one.radius_m,
            "value": one.value,
            "population": one.population,
        }
        for one in scenario.assets
    ]


def _units(scenario: Scenario) -> list[Plain]:
    """Return the fire units, and behind them the groups of aircraft at their bases."""
    radar = {sensor.id: i for i, sensor in enumerate(scenario.sensors)}
    found: list[Plain] = [
        {
            "id": unit.id,
            "kind": "ground",
            "type": unit.type,
            "name": unit.name,
            **_where(unit.position),
            "sector": unit.sector,
            "channels": unit.channels,
            "radar": radar.get(unit.radar, -1),
            "entry": entry_of(unit.id),
        }
        for unit in scenario.fire_units
    ]
    found += [
        {
            "id": group.id,
            "kind": "aircraft",
            "type": group.type.id,
            "name": f"{group.count} x {group.type.name}",
            **_where(group.base),
            "sector": group.sector,
            "channels": 0,
            "radar": -1,
            "entry": group.id,
            "patrol": [[at.longitude_deg, at.latitude_deg] for at in (group.patrol.begin, group.patrol.end)]
            if group.patrol
            else [],
        }
        for group in scenario.fighters
    ]
    first = 0
    for unit, weapons in zip(found, magazines_of(scenario), strict=True):
        unit["weapons"] = list(range(first, first + len(weapons)))
        first += len(weapons)
    return found


def _sensors(scenario: Scenario) -> list[Plain]:
    names = [*(one.id for one in scenario.fire_units), *(one.id for one in scenario.fighters)]
    unit = {name: i for i, name in enumerate(names)}
    sensors = (*scenario.sensors, *scenario.airborne)
    kinds = list(dict.fromkeys(_coverage_key(sensor) for sensor in sensors))
    return [
        {
            "id": one.id,
            "type": one.type.id,
            "name": one.type.name,
            "kind": one.type.kind,
            **_where(one.position),
            "sector": one.sector,
            "unit": unit.get(one.fire_unit or one.id.removesuffix("/radar"), -1),
            "coverage": kinds.index(_coverage_key(one)),
            "entry": entry_of(one.id),
        }
        for one in sensors
    ]


def _weapons(scenario: Scenario, rounds: list[str]) -> list[Plain]:
    return [
        {
            "unit": u,
            "effector": rounds.index(weapon.effector.id),
            "ready": weapon.ready_rounds,
            "reserve": weapon.reserve_rounds,
            "launchers": weapon.launchers,
            "rounds_per_launcher": weapon.rounds_per_launcher,
        }
        for u, weapons in enumerate(magazines_of(scenario))
        for weapon in weapons
    ]


def _zones(scenario: Scenario) -> list[Plain]:
    return [
        {
            "id": one.id,
            "type": one.type,
            **_where(one.position),
            "radius_m": one.radius_m,
            "height_max_m": one.height_max_m,
            "sector": one.sector,
            "hazard_per_h": {name: hazard * 3600.0 for name, hazard in one.hazard_per_s.items()},
            "entry": entry_of(one.id),
        }
        for one in scenario.soft_kill_zones
    ]


def _airspace(scenario: Scenario) -> list[Plain]:
    """Return zones of airspace control; longitudes of a border do not jump at the antimeridian."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "control": one.control,
            "height_min_m": one.height_min_m,
            "height_max_m": one.height_max_m if one.height_max_m < NO_CEILING_M else None,
            "border": [[round(x, 5), round(y, 5)] for x, y in outline_deg(one.border)],
        }
        for one in scenario.airspace
    ]


def _salvos(scenario: Scenario, types: list[str]) -> list[Plain]:
    places = shifted(np.arange(len(targets_of(scenario))), scenario).tolist()
    target = {one.id: i for one, i in zip(targets_of(scenario), places, strict=True)}
    return [
        {
            "id": one.id,
            "type": types.index(one.type.id),
            "count": one.count,
            "time": millisecond(one.time_s),
            "spread": millisecond(one.spread_s),
            "timing": one.timing,
            "time_on_target": one.time_on_target,
            "origins": [[round(at.longitude_deg, 5), round(at.latitude_deg, 5)] for at in one.origins],
            "aim": [target[name] for name in one.aim_points],
        }
        for one in scenario.salvos
    ]


def _flights(scenario: Scenario) -> list[Plain]:
    """Return the friendly and civil aircraft, entry by entry."""
    return [
        {
            "id": one.id,
            "type": one.type.id,
            "name": one.type.name,
            "side": one.side,
            "class": one.type.threat_class,
            "count": one.count,
            "people": one.people,
            "speed_m_s": one.type.speed_m_s,
            "height_m": one.type.height_m,
        }
        for one in scenario.traffic
    ]


def shifted(targets: Int, ordered: Scenario) -> Int:
    """Return the page's indices of an engine's targets: sensors stand behind all units, aircraft among them."""
    ground = len(ordered.assets) + len(ordered.fire_units)
    return targets + np.where(targets >= ground, len(ordered.fighters), 0)


def _doctrine(scenario: Scenario) -> Plain:
    rule = scenario.doctrine
    return {
        "assignment": rule.assignment,
        "weapons_control": rule.weapons_control,
        "shots": {
            name: {"salvo": shot.salvo, "max_shots": shot.max_shots, "assess_s": shot.assess_s}
            for name, shot in rule.shots.items()
        },
        "prefer": {name: list(first) for name, first in rule.prefer.items()},
        "forbid": {name: list(never) for name, never in rule.forbid.items()},
        "reserves": [
            {"effector": one.effector, "keep": one.keep, "classes": list(one.classes)} for one in rule.reserves
        ],
    }


def _coverage_key(sensor: Sensor) -> tuple[str, float, float]:
    return sensor.type.id, sensor.position.height_m + sensor.type.antenna_height_m, sensor.range_left


def _coverage(scenario: Scenario) -> Plain:
    """Return ground radii by height and type of threat: of kinds of sensor, and of effectors. 0 where none."""
    types = {salvo.type.id: salvo.type for salvo in scenario.salvos}
    threats = [types[name] for name in sorted(types)]
    heights_m = np.array(HEIGHTS_M, dtype=np.float64)
    sensors: dict[tuple[str, float, float], list[list[int]]] = {}
    for sensor in (*scenario.sensors, *scenario.airborne):
        key = _coverage_key(sensor)
        if key in sensors:
            continue
        kind, antenna_m = sensor.type, key[1]
        horizon_m = np.asarray(radar_horizon_m(antenna_m, heights_m))
        limit_m = horizon_m if is_hidden_by_the_earth(kind.kind) else np.full_like(heights_m, np.inf)
        limit_m = np.where(heights_m > kind.height_max_m, 0.0, limit_m)
        sensors[key] = []
        for threat in threats:
            range_m = sensor.range_left * detection_range_m(kind, threat.threat_class, threat.radar_cross_section_m2)
            sensors[key].append(_ground(range_m, heights_m - antenna_m, limit_m))
    rounds = effectors_of(scenario)
    reached = []
    for _, one in sorted(rounds.items()):
        within = (heights_m >= one.height_min_m) & (heights_m <= one.height_max_m)
        limit_m = np.where(within, np.inf, 0.0)
        reached.append([_ground(one.range_m.get(threat.threat_class, 0.0), heights_m, limit_m) for threat in threats])
    return {"heights_m": list(HEIGHTS_M), "sensors": list(sensors.values()), "effectors": reached}


def _ground(slant_m: float, above_m: Any, limit_m: Any) -> list[int]:
    """Return how far over the ground a slant range carries at each height above it, in hundreds of metres."""
    flat_m = np.sqrt(np.maximum(slant_m**2 - above_m**2, 0.0))
    return [int(value) for value in np.rint(np.minimum(flat_m, limit_m) / _HUNDRED_M)]
