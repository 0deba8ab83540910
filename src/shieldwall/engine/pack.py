"""Pack a scenario and its geometry into the tables that the kernel reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.pack_defence import (
    pack_command,
    pack_fire_units,
    pack_preferences,
    pack_rules,
    pack_sensors,
    pack_targets,
    pack_weapons,
)
from shieldwall.engine.pack_raid import pack_flights, pack_salvos, pack_threats, pack_zone_stays
from shieldwall.engine.pack_watch import pack_watch
from shieldwall.engine.roster import roster_of, targets_of
from shieldwall.engine.rows import row_starts, starts, stay_numbers, words
from shieldwall.engine.windows import Geometry, network_of
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import DETECTION, ENGAGEMENT, FORBIDDEN_RANK, GROUP, Float, Int, Records, Tables, filled

_GroupOf = Callable[[Int, Int], Int]


def pack(scenario: Scenario, geometry: Geometry) -> tuple[Tables, Roster]:
    """Return the kernel's tables and the roster of a scenario in canonical order."""
    roster = roster_of(scenario, _path_labels(scenario, geometry))
    networks = sorted({network_of(scenario, u.sector, u.id) for u in scenario.fire_units})
    sensor_network = _indices([network_of(scenario, q.sector, q.fire_unit) for q in scenario.sensors], networks)
    weapon_network = _indices(
        [network_of(scenario, u.sector, u.id) for u in scenario.fire_units for _ in u.weapons], networks
    )
    acting = _acting_networks(len(scenario.salvos), geometry, weapon_network, sensor_network)
    group_first = starts(np.array([len(own) for own in acting], np.int64)[geometry.paths.salvo])
    group_of = _group_finder(geometry, acting, group_first, len(networks))

    detections, detection_group, order = _detections(geometry, sensor_network, group_of)
    rank, keep = pack_preferences(scenario)
    engagements, delay_s, engagement_group, reached = _engagements(scenario, geometry, weapon_network, group_of, rank)
    threats, pair_threat = pack_threats(roster, scenario, acting)
    tables = Tables(
        threats=threats,
        pair_threat=pair_threat,
        salvos=pack_salvos(scenario, geometry, acting),
        network=np.array([network for own in acting for network in own], np.int64),
        network_actor=words(tuple(f"network/{name}" for name in networks)),
        flights=pack_flights(scenario, geometry, group_first),
        groups=_groups(int(group_first[-1]), detection_group, engagement_group, engagements.close_s, reached),
        zone_stays=pack_zone_stays(scenario, geometry),
        detections=detections,
        engagements=engagements,
        delay_s=delay_s,
        sensors=pack_sensors(scenario),
        fire_units=pack_fire_units(scenario),
        weapons=pack_weapons(scenario),
        rank=rank,
        keep=keep,
        rules=pack_rules(scenario),
        command=pack_command(scenario),
        targets=pack_targets(scenario),
        watch=None if geometry.looks is None else pack_watch(scenario, geometry.looks, order, detection_group),
    )
    return tables, roster


def _path_labels(scenario: Scenario, geometry: Geometry) -> tuple[str, ...]:
    """Return "SALVO to TARGET, way k of n" for every path."""
    targets = targets_of(scenario)
    first = row_starts(geometry.paths.salvo, len(scenario.salvos))
    return tuple(
        f"{scenario.salvos[s].id} to {targets[m].id}, way {p - first[s] + 1} of {first[s + 1] - first[s]}"
        for p, (s, m) in enumerate(zip(geometry.paths.salvo, geometry.paths.target, strict=True))
    )


def _indices(names: list[str], networks: list[str]) -> Int:
    """Return the index of each name among the networks that have fire units, -1 for any other."""
    index = {name: i for i, name in enumerate(networks)}
    return np.array([index.get(name, -1) for name in names], np.int64)


def _acting_networks(n_salvos: int, geometry: Geometry, weapon_network: Int, sensor_network: Int) -> list[list[int]]:
    """Return, for each salvo, the networks that have a window on any of its paths, or else those that see it."""

    def by_salvo(path: Int, network: Int) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in range(n_salvos)]
        for s, number in np.unique(np.stack([geometry.paths.salvo[path], network], axis=1), axis=0).tolist():
            found[s].add(number)
        return found

    shooters = by_salvo(geometry.windows.path, weapon_network[geometry.windows.weapon])
    seen = geometry.sight if geometry.looks is None else geometry.looks
    watchers = by_salvo(seen.path, sensor_network[seen.place])
    return [sorted(a or b - {-1}) for a, b in zip(shooters, watchers, strict=True)]


def _group_finder(geometry: Geometry, acting: list[list[int]], group_first: Int, n_networks: int) -> _GroupOf:
    """Return a function (path, network) -> group, -1 where the network does not act on the path's salvo."""
    place = np.full((len(acting), n_networks + 1), -1, np.int64)
    for s, own in enumerate(acting):
        place[s, own] = np.arange(len(own))

    def group_of(path: Int, network: Int) -> Int:
        k = place[geometry.paths.salvo[path], network]  # network -1 reads the last column, which is -1
        return np.where(k >= 0, group_first[path] + k, -1)

    return group_of


def _detections(geometry: Geometry, sensor_network: Int, group_of: _GroupOf) -> tuple[Records, Int, Int]:
    """Return the stays in sight by group, the earliest first, the group of each, and which stay each is."""
    sight = geometry.sight if geometry.looks is None else geometry.looks
    group = group_of(sight.path, sensor_network[sight.place])
    number = stay_numbers(sight.path, sight.place)
    order = np.lexsort((sight.place, sight.enter_s, group))
    order = order[group[order] >= 0]
    rows = filled(
        DETECTION,
        {
            "sensor": sight.place[order],
            "number": number[order],
            "enter_s": sight.enter_s[order],
            "leave_s": sight.leave_s[order],
        },
    )
    return rows, group[order], order


def _engagements(
    scenario: Scenario, geometry: Geometry, weapon_network: Int, group_of: _GroupOf, rank: Int
) -> tuple[Records, Float, Int, Int]:
    """Return the windows that no rule forbids, by group, the earliest first; their delays, groups, all groups."""
    windows = geometry.windows
    group = group_of(windows.path, weapon_network[windows.weapon])
    classes = [s.type.threat_class for s in scenario.salvos]
    column = np.array([THREAT_CLASSES.index(c) for c in classes], np.int64)
    allowed = rank[windows.weapon, column[geometry.paths.salvo[windows.path]]] < FORBIDDEN_RANK
    order = np.lexsort((windows.radar, windows.weapon, windows.open_s, group))
    order = order[allowed[order]]
    weapon, salvo = windows.weapon[order], geometry.paths.salvo[windows.path[order]]
    effectors = [w.effector for u in scenario.fire_units for w in u.weapons]
    kill = np.array([[e.kill_probability.get(c, 0.0) for c in classes] for e in effectors])
    unit = np.array([i for i, u in enumerate(scenario.fire_units) for _ in u.weapons], np.int64)
    rows = filled(
        ENGAGEMENT,
        {
            "weapon": weapon,
            "fire_unit": unit[weapon],
            "radar": windows.radar[order],
            "open_s": windows.open_s[order],
            "close_s": windows.close_s[order],
            "kill_probability": kill.reshape(len(effectors), len(classes))[weapon, salvo],
        },
    )
    return rows, np.ascontiguousarray(windows.delay_s[order]), group[order], np.unique(group)


def _groups(n_groups: int, detection_group: Int, engagement_group: Int, close_s: Float, reached: Int) -> Records:
    """Return where each group's rows begin, the last close of its windows, and whether the rules forbid them all."""
    last_close_s = np.full(n_groups + 1, -np.inf)
    np.maximum.at(last_close_s, engagement_group, close_s)
    held = np.zeros(n_groups + 1, np.int64)
    held[np.setdiff1d(reached, engagement_group)] = 1
    return filled(
        GROUP,
        {
            "detection_first": row_starts(detection_group, n_groups),
            "engagement_first": row_starts(engagement_group, n_groups),
            "last_close_s": last_close_s,
            "held": held,
        },
    )
