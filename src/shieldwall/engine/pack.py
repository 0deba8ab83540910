"""Pack a scenario and its geometry into the arrays that the kernel reads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shieldwall.battle_management.doctrine import Doctrine
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.roster import actors_of, roster_of, targets_of
from shieldwall.engine.windows import Geometry, network_of, row_starts
from shieldwall.passive_defence.impact import hit_damage, hit_probability
from shieldwall.raid.salvo import Salvo
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import (
    ASSET,
    EQUAL,
    FIRE_UNIT,
    FORBIDDEN_RANK,
    GREEDY,
    LAST_RANK,
    NEAREST,
    NORMAL,
    POISSON,
    SENSOR,
    UNIFORM,
    Detections,
    Engagements,
    FireUnits,
    Flights,
    Float,
    Int,
    Rules,
    Salvos,
    Sensors,
    Tables,
    Targets,
    Threats,
    Weapons,
    Word,
    Zones,
)

_TIMINGS = {"uniform": UNIFORM, "normal": NORMAL, "poisson": POISSON, "equal": EQUAL}
ASSIGNMENTS = {"greedy": GREEDY, "nearest": NEAREST}


def pack(scenario: Scenario, geometry: Geometry) -> tuple[Tables, Roster]:
    """Return the kernel's tables and the roster of a scenario in canonical order."""
    roster = roster_of(scenario, _path_labels(scenario, geometry))
    networks = sorted({network_of(scenario, u.sector, u.id) for u in scenario.fire_units})
    sensor_network = _network_indices([network_of(scenario, q.sector, q.fire_unit) for q in scenario.sensors], networks)
    unit_network = _network_indices([network_of(scenario, u.sector, u.id) for u in scenario.fire_units], networks)
    weapon_unit = _ints([i for i, u in enumerate(scenario.fire_units) for _ in u.weapons])

    acting = _acting_networks(scenario, geometry, unit_network[weapon_unit], sensor_network)
    salvos = _salvos(scenario, geometry, acting)
    group_first = _starts(np.diff(salvos.network_first)[geometry.paths.salvo])
    group_of = _group_finder(geometry, salvos, group_first, len(networks))
    zones, zone_first = _zones(scenario, geometry)
    targets = _targets(scenario)
    tables = Tables(
        threats=_threats(roster, salvos),
        salvos=salvos,
        flights=_flights(scenario, geometry, targets, group_first, zone_first),
        zones=zones,
        detections=_detections(geometry, sensor_network, group_of, int(group_first[-1])),
        engagements=_engagements(scenario, geometry, unit_network[weapon_unit], group_of, int(group_first[-1])),
        sensors=_sensors(scenario),
        fire_units=_fire_units(scenario),
        weapons=_weapons(scenario, weapon_unit),
        rules=_rules(scenario, networks),
        targets=targets,
    )
    return tables, roster


def _ints(values: list[int]) -> Int:
    return np.array(values, np.int64)


def _words(ids: tuple[str, ...]) -> Word:
    return np.array(actors_of(ids), np.uint64)


def _starts(counts: Int) -> Int:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _path_labels(scenario: Scenario, geometry: Geometry) -> tuple[str, ...]:
    """Return "to TARGET, way k of n" for every path."""
    targets = targets_of(scenario)
    first = np.searchsorted(geometry.paths.salvo, np.arange(len(scenario.salvos) + 1))
    return tuple(
        f"to {targets[m].id}, way {p - first[s] + 1} of {first[s + 1] - first[s]}"
        for p, (s, m) in enumerate(zip(geometry.paths.salvo, geometry.paths.target, strict=True))
    )


def _network_indices(names: list[str], networks: list[str]) -> Int:
    """Return the index of each name among the networks that have fire units, -1 for any other."""
    index = {name: i for i, name in enumerate(networks)}
    return _ints([index.get(name, -1) for name in names])


def _acting_networks(
    scenario: Scenario, geometry: Geometry, weapon_network: Int, sensor_network: Int
) -> list[list[int]]:
    """Return, for each salvo, the networks that have a window on any of its paths, or else those that see it."""
    shooters: list[set[int]] = [set() for _ in scenario.salvos]
    for s, network in set(
        zip(
            geometry.paths.salvo[geometry.windows.path].tolist(),
            weapon_network[geometry.windows.weapon].tolist(),
            strict=True,
        )
    ):
        shooters[s].add(network)
    watchers: list[set[int]] = [set() for _ in scenario.salvos]
    for s, network in set(
        zip(
            geometry.paths.salvo[geometry.sight.path].tolist(),
            sensor_network[geometry.sight.place].tolist(),
            strict=True,
        )
    ):
        if network >= 0:
            watchers[s].add(network)
    return [sorted(a or b) for a, b in zip(shooters, watchers, strict=True)]


def _salvos(scenario: Scenario, geometry: Geometry, acting: list[list[int]]) -> Salvos:
    def column(of: Callable[[Salvo], float]) -> Float:
        return np.array([of(salvo) for salvo in scenario.salvos], np.float64)

    return Salvos(
        threat_first=_starts(_ints([salvo.count for salvo in scenario.salvos])),
        path_first=row_starts(geometry.paths.salvo, len(scenario.salvos)),
        threat_class=_ints([THREAT_CLASSES.index(salvo.type.threat_class) for salvo in scenario.salvos]),
        decoy_share=column(lambda salvo: salvo.decoy_share),
        abort_share=column(lambda salvo: salvo.abort_share),
        failure_probability=column(lambda salvo: salvo.type.failure_probability),
        time_s=column(lambda salvo: salvo.time_s),
        spread_s=column(lambda salvo: salvo.spread_s),
        timing=_ints([_TIMINGS[salvo.timing] for salvo in scenario.salvos]),
        time_on_target=_ints([int(salvo.time_on_target) for salvo in scenario.salvos]),
        network_first=_starts(_ints([len(networks) for networks in acting])),
        network=_ints([network for networks in acting for network in networks]),
    )


def _threats(roster: Roster, salvos: Salvos) -> Threats:
    salvo = np.repeat(np.arange(salvos.threat_class.shape[0]), np.diff(salvos.threat_first))
    pairs = np.diff(salvos.network_first)[salvo]
    return Threats(
        actor=_words(roster.threat),
        salvo=salvo.astype(np.int64),
        pair_first=_starts(pairs),
        pair_threat=np.repeat(np.arange(salvo.shape[0]), pairs).astype(np.int64),
    )


def _group_finder(geometry: Geometry, salvos: Salvos, group_first: Int, n_networks: int) -> Callable[[Int, Int], Int]:
    """Return a function (path, network) -> group, -1 where the network does not act on the path's salvo."""
    place = np.full((salvos.threat_class.shape[0], n_networks + 1), -1, np.int64)
    for s in range(place.shape[0]):
        own = salvos.network[salvos.network_first[s] : salvos.network_first[s + 1]]
        place[s, own] = np.arange(own.shape[0])

    def group_of(path: Int, network: Int) -> Int:
        k = place[geometry.paths.salvo[path], network]  # network -1 reads the last column, which is -1
        return np.where(k >= 0, group_first[path] + k, -1)

    return group_of


def _stay_numbers(path: Int, place: Int) -> Int:
    """Return how many earlier rows have the same path and place; rows of a path and place stand together."""
    number = np.zeros(path.shape[0], np.int64)
    if path.shape[0]:
        new = np.concatenate([[True], (path[1:] != path[:-1]) | (place[1:] != place[:-1])])
        rows = np.arange(path.shape[0])
        number = rows - rows[new][np.cumsum(new) - 1]
    return number


def _zones(scenario: Scenario, geometry: Geometry) -> tuple[Zones, Int]:
    zones, stays = scenario.soft_kill_zones, geometry.zones
    actor = _words(tuple(zone.id for zone in zones))
    classes = [salvo.type.threat_class for salvo in scenario.salvos]
    hazard = np.array([[zone.hazard_per_s.get(c, 0.0) for c in classes] for zone in zones]).reshape(
        len(zones), len(classes)
    )
    rows = Zones(
        actor=actor[stays.place],
        zone=stays.place,
        stay=_stay_numbers(stays.path, stays.place),
        enter_s=stays.enter_s,
        leave_s=stays.leave_s,
        hazard_per_s=hazard[stays.place, geometry.paths.salvo[stays.path]],
    )
    return rows, row_starts(stays.path, geometry.paths.salvo.shape[0])


def _flights(scenario: Scenario, geometry: Geometry, targets: Targets, group_first: Int, zone_first: Int) -> Flights:
    paths, places = geometry.paths, targets_of(scenario)
    types = [scenario.salvos[s].type for s in paths.salvo]
    aims = [places[m] for m in paths.target]
    hits = np.array(
        [hit_probability(aim.radius_m, t.circular_error_m) for aim, t in zip(aims, types, strict=True)], np.float64
    )
    damage = np.array(
        [hit_damage(t.warhead_kg, aim.hardness_kg) for aim, t in zip(aims, types, strict=True)], np.float64
    )
    # The shield itself is worth as much to the defender as the most valuable thing behind it.
    value = np.where(targets.kind == ASSET, targets.value, max(targets.value.max(initial=0.0), 1.0))
    first = row_starts(paths.salvo, len(scenario.salvos))
    total = np.cumsum(paths.probability)
    before = np.concatenate([[0.0], total])[first[:-1]]
    cumulative = total - before[paths.salvo]
    cumulative[first[1:] - 1] = 1.0
    return Flights(
        cumulative=cumulative,
        duration_s=paths.duration_s,
        target=paths.target,
        hit_probability=hits,
        hit_damage=damage,
        value_at_risk=hits * damage * value[paths.target],
        group_first=group_first,
        zone_first=zone_first,
    )


def _detections(
    geometry: Geometry, sensor_network: Int, group_of: Callable[[Int, Int], Int], n_groups: int
) -> Detections:
    sight = geometry.sight
    group = group_of(sight.path, sensor_network[sight.place])
    stay = _stay_numbers(sight.path, sight.place)
    order = np.lexsort((sight.place, sight.enter_s, group))
    order = order[group[order] >= 0]
    return Detections(
        first=row_starts(group[order], n_groups),
        sensor=sight.place[order],
        stay=stay[order],
        enter_s=sight.enter_s[order],
        leave_s=sight.leave_s[order],
    )


def _engagements(
    scenario: Scenario,
    geometry: Geometry,
    weapon_network: Int,
    group_of: Callable[[Int, Int], Int],
    n_groups: int,
) -> Engagements:
    windows = geometry.windows
    group = group_of(windows.path, weapon_network[windows.weapon])
    order = np.lexsort((windows.radar, windows.weapon, windows.open_s, group))
    weapon, salvo = windows.weapon[order], geometry.paths.salvo[windows.path[order]]
    classes = [s.type.threat_class for s in scenario.salvos]
    kill = np.array(
        [[w.effector.kill_probability.get(c, 0.0) for c in classes] for u in scenario.fire_units for w in u.weapons]
    ).reshape(-1, len(classes))
    last_close_s = np.full(n_groups, -np.inf)
    np.maximum.at(last_close_s, group[order], windows.close_s[order])
    return Engagements(
        first=row_starts(group[order], n_groups),
        weapon=weapon,
        radar=windows.radar[order],
        open_s=windows.open_s[order],
        close_s=windows.close_s[order],
        delay_s=np.ascontiguousarray(windows.delay_s[order]),
        kill_probability=kill[weapon, salvo],
        last_close_s=last_close_s,
    )


def _sensors(scenario: Scenario) -> Sensors:
    sensors = scenario.sensors
    return Sensors(
        actor=_words(tuple(q.id for q in sensors)),
        scan_s=np.array([q.type.scan_s for q in sensors], np.float64),
        detection_probability=np.array([q.type.detection_probability for q in sensors], np.float64),
        hits_to_track=_ints([q.type.hits_to_track for q in sensors]),
        availability=np.array([q.availability for q in sensors], np.float64),
    )


def _fire_units(scenario: Scenario) -> FireUnits:
    units = scenario.fire_units
    index = {q.id: i for i, q in enumerate(scenario.sensors)}
    return FireUnits(
        actor=_words(tuple(u.id for u in units)),
        channels=_ints([u.channels for u in units]),
        ready_s=np.array([u.ready_s for u in units], np.float64),
        availability=np.array([u.availability for u in units], np.float64),
        radar=_ints([index.get(u.radar, -1) for u in units]),
        weapon_first=_starts(_ints([len(u.weapons) for u in units])),
    )


def _weapons(scenario: Scenario, weapon_unit: Int) -> Weapons:
    weapons = [w for u in scenario.fire_units for w in u.weapons]
    doctrine = scenario.doctrine
    return Weapons(
        fire_unit=weapon_unit,
        launchers=_ints([w.launchers for w in weapons]),
        rounds_per_launcher=_ints([w.rounds_per_launcher for w in weapons]),
        ready_rounds=_ints([w.ready_rounds for w in weapons]),
        reserve_rounds=_ints([w.reserve_rounds for w in weapons]),
        reload_s=np.array([w.reload_s for w in weapons], np.float64),
        rounds_per_shot=_ints([w.effector.rounds_per_shot for w in weapons]),
        interval_s=np.array([w.effector.interval_s for w in weapons], np.float64),
        rank=_ints(
            [_rank(doctrine, w.effector.id, w.effector.kind, c) for w in weapons for c in THREAT_CLASSES]
        ).reshape(len(weapons), len(THREAT_CLASSES)),
        keep=_ints([_keep(doctrine, w.effector.id, c) for w in weapons for c in THREAT_CLASSES]).reshape(
            len(weapons), len(THREAT_CLASSES)
        ),
    )


def _rank(doctrine: Doctrine, effector: str, kind: str, threat_class: str) -> int:
    """Return an effector's place in the order of preference against a class."""
    forbidden = doctrine.forbid.get(threat_class, ())
    if effector in forbidden or kind in forbidden:
        return FORBIDDEN_RANK
    preferred = doctrine.prefer.get(threat_class, ())
    places = [i for i, name in enumerate(preferred) if name in (effector, kind)]
    return min(places, default=LAST_RANK)


def _keep(doctrine: Doctrine, effector: str, threat_class: str) -> int:
    """Return the rounds of an effector that each fire unit holds back from a class."""
    return max(
        (r.keep for r in doctrine.reserves if r.effector == effector and threat_class not in r.classes), default=0
    )


def _rules(scenario: Scenario, networks: list[str]) -> Rules:
    doctrine, command = scenario.doctrine, scenario.command
    shots = [doctrine.shots.get(c) for c in THREAT_CLASSES]
    return Rules(
        salvo=_ints([rule.salvo if rule else 0 for rule in shots]),
        max_shots=_ints([rule.max_shots if rule else 0 for rule in shots]),
        assess_s=np.array([rule.assess_s if rule else 0.0 for rule in shots], np.float64),
        assignment=ASSIGNMENTS[doctrine.assignment],
        hold=int(doctrine.weapons_control == "hold"),
        identify=int(doctrine.weapons_control != "free"),
        identification_s=command.identification_s,
        command_s=command.command_s,
        exponential=int(command.delay == "exponential"),
        network_actor=_words(tuple(f"network/{name}" for name in networks)),
    )


def _targets(scenario: Scenario) -> Targets:
    n_assets, n_units, n_sensors = len(scenario.assets), len(scenario.fire_units), len(scenario.sensors)
    return Targets(
        kind=np.repeat(_ints([ASSET, FIRE_UNIT, SENSOR]), [n_assets, n_units, n_sensors]),
        index=np.concatenate([np.full(n_assets, -1), np.arange(n_units), np.arange(n_sensors)]).astype(np.int64),
        value=np.concatenate([[asset.value for asset in scenario.assets], np.zeros(n_units + n_sensors)]),
    )
