"""Pack a scenario and its geometry into the tables that the kernel reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shieldwall.battle_management.airspace import HOLD
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.air_picture import AirPicture, air_picture, concerns
from shieldwall.engine.links import pack_links
from shieldwall.engine.looks import Looks
from shieldwall.engine.networks import (
    Networks,
    Shooters,
    Spread,
    networks_by_member,
    networks_of,
    pack_changes,
    pack_members,
    pack_networks,
    shooters,
    spread,
)
from shieldwall.engine.pack_defence import (
    pack_command,
    pack_fire_units,
    pack_preferences,
    pack_rules,
    pack_sensors,
    pack_targets,
    pack_weapons,
)
from shieldwall.engine.pack_fighters import pack_air
from shieldwall.engine.pack_identity import pack_identity
from shieldwall.engine.pack_policy import pack_policy, pack_rolling
from shieldwall.engine.pack_raid import pack_flights, pack_salvos, pack_threats, pack_zone_stays
from shieldwall.engine.pack_watch import pack_watch
from shieldwall.engine.roster import goals_of, roster_of
from shieldwall.engine.rows import row_starts, starts, stay_numbers
from shieldwall.engine.shot_shares import pack_shares
from shieldwall.engine.stays import Stays
from shieldwall.engine.windows import Geometry
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import (
    DETECTION,
    ENGAGEMENT,
    FORBIDDEN_RANK,
    GROUP,
    Float,
    Int,
    Memberships,
    Records,
    Tables,
    filled,
)

_GroupOf = Callable[[Int, Int], Int]


def pack(scenario: Scenario, geometry: Geometry) -> tuple[Tables, Roster]:
    """Return the kernel's tables and the roster of a scenario in canonical order."""
    roster = roster_of(scenario, _path_labels(scenario, geometry))
    networks = networks_of(scenario)
    n_units, n_sensors = len(scenario.fire_units), len(scenario.sensors)
    unit = np.array([i for i, u in enumerate(scenario.fire_units) for _ in u.weapons], np.int64)
    seen = geometry.sight if geometry.looks is None else geometry.looks
    watching = spread(seen.place, networks.sensors, n_sensors)
    shooting = shooters(networks, unit[geometry.windows.weapon], geometry.windows.radar, n_units)
    figures = pack_networks(scenario, networks)
    picture = air_picture(scenario, geometry)
    flying = _flying_networks(scenario, geometry, picture, networks)
    links = pack_links(scenario, networks)
    busy = set(np.flatnonzero(figures.operators > 0).tolist())
    busy |= set() if links is None else set(np.flatnonzero(links.narrow).tolist())
    acting = _acting_networks(flying, geometry, networks, watching, shooting, busy)
    group_first = starts(np.array([len(own) for own in acting], np.int64)[geometry.paths.salvo])
    group_of = _group_finder(geometry, acting, group_first, len(networks.names))

    detections, detection_member, detection_group, source = _detections(seen, networks, watching, group_of)
    rank, keep = pack_preferences(scenario)
    latency_s = np.array([m.latency_s for m in networks.units], np.float64)[shooting.unit_member]
    shooter_group = group_of(
        geometry.windows.path[shooting.row], networks_by_member(networks.units)[shooting.unit_member]
    )
    kept, engagements, delay_s = _engagements(scenario, geometry, shooting.row, latency_s, shooter_group, rank)
    engagement_group = shooter_group[kept]
    reached = np.concatenate([shooter_group, _held_in_the_air(picture, networks, group_of)])
    structure = None
    if scenario.structure is not None:
        members, spells = pack_members(networks, shooting, figures)
        engagement_member = len(networks.sensors) + shooting.member[kept]
        row = shooting.row[kept]
        weapon = geometry.windows.weapon[row]
        reach = geometry.windows.path[row], unit[weapon]
        structure = Memberships(
            members,
            spells,
            detection_member,
            engagement_member,
            *pack_changes(scenario, scenario.structure, networks),
            *pack_shares(scenario, scenario.structure, networks, _places(geometry, acting, group_first), reach),
        )
    threats, pair_threat = pack_threats(roster, scenario, acting)
    air = pack_air(scenario, geometry, picture, networks)
    tables = Tables(
        threats=threats,
        pair_threat=pair_threat,
        salvos=pack_salvos(scenario, geometry, acting),
        network=np.array([network for own in acting for network in own], np.int64),
        networks=figures,
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
        structure=structure,
        links=links,
        policy=pack_policy(scenario),
        rolling=pack_rolling(scenario, networks),
        air=air,
        watch=None if geometry.looks is None else pack_watch(scenario, geometry.looks, source, detection_group),
        identity=pack_identity(scenario, geometry.control, shooting.row[kept], picture, air),
    )
    return tables, roster


def _path_labels(scenario: Scenario, geometry: Geometry) -> tuple[str, ...]:
    """Return "SALVO to TARGET, way k of n" for every path."""
    targets = goals_of(scenario)
    first = row_starts(geometry.paths.salvo, len(scenario.salvos))
    return tuple(
        f"{scenario.salvos[s].id} to {targets[m].id}, way {p - first[s] + 1} of {first[s + 1] - first[s]}"
        for p, (s, m) in enumerate(zip(geometry.paths.salvo, geometry.paths.target, strict=True))
    )


def _flying_networks(scenario: Scenario, geometry: Geometry, picture: AirPicture, networks: Networks) -> list[set[int]]:
    """Return, for each salvo, the networks whose fighters any of its paths concerns."""
    found: list[set[int]] = [set() for _ in scenario.salvos]
    path, group = concerns(picture)
    for s, j in zip(geometry.paths.salvo[path].tolist(), group.tolist(), strict=True):
        found[s].add(networks.fighters[j])
    return found


def _acting_networks(
    flying: list[set[int]],
    geometry: Geometry,
    networks: Networks,
    watching: Spread,
    shooting: Shooters,
    busy: set[int],
) -> list[list[int]]:
    """Return, for each salvo, the networks that have a window on any of its paths, or else those that see it.

    Those of `flying` act too, and of `busy` those that see it: few operators and narrow links are taken by every track.
    """

    def by_salvo(path: Int, network: Int) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in flying]
        for s, number in np.unique(np.stack([geometry.paths.salvo[path], network], axis=1), axis=0).tolist():
            found[s].add(number)
        return found

    unit_network, sensor_network = networks_by_member(networks.units), networks_by_member(networks.sensors)
    shooters_of = by_salvo(geometry.windows.path[shooting.row], unit_network[shooting.unit_member])
    seen = geometry.sight if geometry.looks is None else geometry.looks
    watchers_of = by_salvo(seen.path[watching.row], sensor_network[watching.member])
    return [sorted((a or b) | (b & busy) | c) for a, b, c in zip(shooters_of, watchers_of, flying, strict=True)]


def _places(geometry: Geometry, acting: list[list[int]], group_first: Int) -> tuple[Int, Int]:
    """Return the path and the network of each group."""
    path = np.repeat(np.arange(geometry.paths.salvo.shape[0]), np.diff(group_first))
    return path, np.array([n for s in geometry.paths.salvo.tolist() for n in acting[s]], np.int64)


def _group_finder(geometry: Geometry, acting: list[list[int]], group_first: Int, n_networks: int) -> _GroupOf:
    """Return a function (path, network) -> group, -1 where the network does not act on the path's salvo."""
    place = np.full((len(acting), n_networks), -1, np.int64)
    for s, own in enumerate(acting):
        place[s, own] = np.arange(len(own))

    def group_of(path: Int, network: Int) -> Int:
        k = place[geometry.paths.salvo[path], network]
        return np.where(k >= 0, group_first[path] + k, -1)

    return group_of


def _detections(
    sight: Stays | Looks, networks: Networks, watching: Spread, group_of: _GroupOf
) -> tuple[Records, Int, Int, Int]:
    """Return the stays in sight by group, the earliest first, and the member, group and number of each."""
    row = watching.row
    group = group_of(sight.path[row], networks_by_member(networks.sensors)[watching.member])
    number = stay_numbers(sight.path, sight.place)
    order = np.lexsort((sight.place[row], sight.enter_s[row], group))
    order = order[group[order] >= 0]
    sorted_row = row[order]
    rows = filled(
        DETECTION,
        {
            "sensor": sight.place[sorted_row],
            "number": number[sorted_row],
            "enter_s": sight.enter_s[sorted_row],
            "leave_s": sight.leave_s[sorted_row],
        },
    )
    return rows, watching.member[order], group[order], sorted_row


def _engagements(
    scenario: Scenario, geometry: Geometry, row: Int, latency_s: Float, group: Int, rank: Int
) -> tuple[Int, Records, Float]:
    """Return which windows no rule forbids, by group, the earliest first; them; and their delays.

    A window counts from the network's order, which reaches the fire unit `latency_s` later.

    Parameters
    ----------
    row, latency_s, group : of each window in each of its networks
    """
    windows = geometry.windows
    classes = [s.type.threat_class for s in scenario.salvos]
    column = np.array([THREAT_CLASSES.index(c) for c in classes], np.int64)
    allowed = rank[windows.weapon, column[geometry.paths.salvo[windows.path]]] < FORBIDDEN_RANK
    if geometry.control is not None:
        allowed &= geometry.control < HOLD
    open_s = windows.open_s[row] - latency_s
    order = np.lexsort((windows.radar[row], windows.weapon[row], open_s, group))
    order = order[allowed[row[order]]]
    source = row[order]
    weapon, salvo = windows.weapon[source], geometry.paths.salvo[windows.path[source]]
    effectors = [w.effector for u in scenario.fire_units for w in u.weapons]
    kill = np.array([[e.kill_probability.get(c, 0.0) for c in classes] for e in effectors])
    unit = np.array([i for i, u in enumerate(scenario.fire_units) for _ in u.weapons], np.int64)
    rows = filled(
        ENGAGEMENT,
        {
            "weapon": weapon,
            "fire_unit": unit[weapon],
            "radar": windows.radar[source],
            "open_s": open_s[order],
            "close_s": windows.close_s[source] - latency_s[order],
            "kill_probability": kill.reshape(len(effectors), len(classes))[weapon, salvo],
        },
    )
    return order, rows, np.ascontiguousarray(windows.delay_s[source] + latency_s[order][:, None])


def _held_in_the_air(picture: AirPicture, networks: Networks, group_of: _GroupOf) -> Int:
    """Return the groups (of paths and networks) whose fighters reach a path where airspace control holds fire."""
    if picture.control is None:
        return np.zeros(0, np.int64)
    held = picture.control == HOLD
    return group_of(picture.open.path[held], np.array(networks.fighters, np.int64)[picture.open.place[held]])


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
