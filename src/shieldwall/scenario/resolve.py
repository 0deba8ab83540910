"""Turn a document without mistakes into the frozen scenario: names into things, times into seconds, copies made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from shieldwall.active_defence.fire_unit import FireUnit, SoftKillZone, Weapon
from shieldwall.battle_management.doctrine import Command, Doctrine, Reserve, ShotRule
from shieldwall.catalogue.classes import ThreatClass
from shieldwall.core.errors import Mistake
from shieldwall.core.position import Position
from shieldwall.passive_defence.asset import Asset
from shieldwall.scenario import clock
from shieldwall.scenario.airspace import airspace_of
from shieldwall.scenario.backups import with_backups
from shieldwall.scenario.campaign import campaign_of
from shieldwall.scenario.document import DoctrineEntry, Document, FireUnitEntry
from shieldwall.scenario.draft import Draft
from shieldwall.scenario.fighters import air_force
from shieldwall.scenario.fingerprint import assumed_and_sources, scenario_hash
from shieldwall.scenario.geography import position_of
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.passive import Laydown, with_measures
from shieldwall.scenario.people_and_services import fewer, passive_defence_of, readiness_of
from shieldwall.scenario.price import package_of
from shieldwall.scenario.salvos import salvos_of
from shieldwall.scenario.scale import Force, scaled
from shieldwall.scenario.structure import structure_of
from shieldwall.scenario.surveillance import conditions_of, sensor_of
from shieldwall.scenario.terrain import terrain_of
from shieldwall.scenario.traffic import identification_of, traffic_of
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.relief import NOTE
from shieldwall.surveillance.sensor import Sensor

V = TypeVar("V")


def resolve(draft: Draft, kinds: Kinds, overrides: Mapping[str, str]) -> tuple[Scenario | None, list[Mistake]]:
    """Return the scenario, or the mistakes that only show once everything stands in its place.

    Parameters
    ----------
    draft : a document that passed every check
    kinds : the types, from the catalogue with the scenario's own entries and overrides
    overrides : what was changed, path -> value, for the manifest
    """
    document = draft.document
    local = clock.zone(document.time_zone)
    assert local is not None
    start = clock.start_of(document.start, local)
    assets = _assets(document, kinds)
    places = dict(document.places) | {asset.id: asset.position for asset in assets}
    force = scaled(_force(document, kinds, places, start), document.scale, assets)
    named = {u.id: u.backup_radars for u in document.fire_units if u.backup_radars is not None}
    units = with_backups(force.fire_units, named, kinds.catalogue, document.integration)
    sensors = force.sensors + tuple(force.radars[unit.id] for unit in units if unit.id in force.radars)
    laydown = with_measures(document, kinds, Laydown.of(assets, units, sensors))
    assets, units, sensors = laydown.placed()
    salvos, mistakes = salvos_of(draft, kinds, places, (assets, units, sensors), laydown.split)
    terrain, wrong = terrain_of(draft)
    if mistakes or wrong:
        return None, mistakes + wrong
    salvos = fewer(document, kinds, salvos)
    readiness = readiness_of(document, kinds)
    doctrine = _doctrine(document, kinds)
    command = _command(document, kinds)
    zones = _soft_kill(document, kinds, places)
    flying = air_force(document, kinds, places, start)
    structure = structure_of(document, kinds, start, units, sensors)
    campaign = campaign_of(document, kinds, units, sensors)
    passive = passive_defence_of(document, kinds, laydown)
    package = package_of(document, kinds, units, sensors, flying.fighters, readiness) if document.packages else None
    identification = identification_of(document, kinds)
    traffic = traffic_of(document, kinds, places, start)
    assumed, sources = assumed_and_sources(kinds.catalogue, kinds.used)
    scenario = Scenario(
        name=document.name,
        title=document.title,
        start_utc=f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        time_zone=document.time_zone,
        start_local=start.isoformat(),
        assets=assets,
        sensors=sensors,
        fire_units=units,
        soft_kill_zones=zones,
        doctrine=doctrine,
        command=command,
        salvos=salvos,
        reported=_reported(document),
        hash="",
        catalogue_hash=kinds.catalogue.hash,
        overrides=overrides,
        assumed_figures=assumed,
        sources=sources,
        notes=(*((document.notes,) if document.notes else ()), *((NOTE,) if terrain and not terrain.files else ())),
        terrain=terrain,
        fighters=flying.fighters,
        tankers=flying.tankers,
        airborne=flying.radars,
        conditions=conditions_of(document),
        structure=structure,
        campaign=campaign,
        plan=document.plan,
        passive=passive,
        readiness=readiness,
        identification=identification,
        traffic=traffic,
        package=package,
        airspace=airspace_of(document),
    )
    return replace(scenario, hash=scenario_hash(scenario)), []


def _assets(document: Document, kinds: Kinds) -> tuple[Asset, ...]:
    assets = []
    for entry in document.assets:
        kind = kinds.catalogue.assets[entry.kind]
        kinds.use("assets", entry.kind)
        assets.append(
            Asset(
                id=entry.id,
                kind=entry.kind,
                name=entry.name or entry.id,
                position=position_of(entry.position, document.places),
                radius_m=kind.radius.si if entry.radius is None else entry.radius,
                value=kind.value.si if entry.value is None else entry.value,
                population=entry.population,
                hardness_kg=kind.hardness.si if entry.hardness is None else entry.hardness,
            )
        )
    return tuple(assets)


def _force(document: Document, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> Force:
    """Return the fire units, their radars and the stand-alone sensors, `count` copies of each."""
    units, radars, sensors = [], {}, []
    for entry in document.fire_units:
        for name in _numbered(entry.id, entry.count):
            unit, radar = _fire_unit(entry, name, kinds, position_of(entry.position, places))
            units.append(unit)
            if radar is not None:
                radars[name] = radar
    for seen in document.sensors:
        kind = kinds.sensor(seen.type)
        if seen.antenna_height is not None:
            kind = replace(kind, antenna_height_m=seen.antenna_height)
        where = position_of(seen.position, places)
        sensors += [sensor_of(seen, name, kind, where, start) for name in _numbered(seen.id, seen.count)]
    return Force(tuple(units), radars, tuple(sensors))


def _numbered(entity_id: str, count: int) -> list[str]:
    return [entity_id, *(f"{entity_id}~{number}" for number in range(2, count + 1))]


def _fire_unit(entry: FireUnitEntry, name: str, kinds: Kinds, where: Position) -> tuple[FireUnit, Sensor | None]:
    record = kinds.catalogue.fire_units[entry.type]
    kinds.use("fire_units", entry.type)
    weapons = []
    for weapon in record.weapons:
        launchers, each = int(weapon.launchers.si), int(weapon.rounds_per_launcher.si)
        weapons.append(
            Weapon(
                effector=kinds.effector(weapon.effector),
                launchers=launchers,
                rounds_per_launcher=each,
                ready_rounds=entry.magazine.get(weapon.effector, launchers * each),
                reserve_rounds=entry.reserve.get(weapon.effector, int(weapon.reserve_rounds.si)),
                reload_s=weapon.reload.si,
            )
        )
    radar = None
    if record.radar:
        radar = Sensor(
            f"{name}/radar",
            kinds.sensor(record.radar),
            where,
            entry.sector,
            fire_unit=name,
            range_left=entry.radar_range_left,
            facing_deg=None if entry.facing is None else math.degrees(entry.facing),
        )
    unit = FireUnit(
        id=name,
        type=entry.type,
        name=entry.name or record.name,
        position=where,
        sector=entry.sector,
        radar=radar.id if radar else "",
        backup_radars=(),
        weapons=tuple(weapons),
        channels=int(record.channels.si) if entry.channels is None else entry.channels,
        ready_s=record.ready.si if entry.readiness is None else entry.readiness,
        availability=record.availability.si if entry.availability is None else entry.availability,
        hardness_kg=record.hardness.si,
        radius_m=record.radius.si,
        unit_cost_usd=kinds.usd(record.unit_cost),
    )
    return unit, radar


def _soft_kill(document: Document, kinds: Kinds, places: Mapping[str, Position]) -> tuple[SoftKillZone, ...]:
    zones = []
    for entry in document.soft_kill_zones:
        record = kinds.catalogue.soft_kill[entry.type]
        kinds.use("soft_kill", entry.type)
        zones.append(
            SoftKillZone(
                id=entry.id,
                type=entry.type,
                position=position_of(entry.position, places),
                radius_m=record.radius.si if entry.radius is None else entry.radius,
                height_max_m=record.height_max.si if entry.height_max is None else entry.height_max,
                hazard_per_s={str(name): figure.si for name, figure in record.hazard.items()} | _by_name(entry.hazard),
                sector=entry.sector,
            )
        )
    return tuple(zones)


def _doctrine(document: Document, kinds: Kinds) -> Doctrine:
    """Return the scenario's doctrine; what it does not say comes from the catalogue's standard."""
    entry, standard = document.doctrine, kinds.catalogue.doctrine["standard"]
    kinds.use("doctrine", "standard")
    shots: dict[str, ShotRule] = {}
    for name, rule in standard.shots.items():
        own = entry.shots.get(name)
        salvo = int(rule.salvo.si) if own is None or own.salvo is None else own.salvo
        most = int(rule.max_shots.si) if own is None or own.max_shots is None else own.max_shots
        assess = rule.assess.si if own is None or own.assess is None else own.assess
        shots[name] = ShotRule(salvo, most, assess)
    return Doctrine(
        assignment=entry.assignment or standard.assignment,
        shots=shots,
        prefer=_by_name(standard.prefer) | _by_name(entry.prefer),
        forbid=_by_name(standard.forbid) | _by_name(entry.forbid),
        reserves=tuple(Reserve(reserve.effector, reserve.keep, reserve.for_) for reserve in entry.reserves),
        weapons_control=entry.weapons_control or standard.weapons_control,
        last_chance=entry.last_chance or standard.last_chance,
        max_cost_per_kill_usd=_by_name(entry.max_cost_per_kill),
        value_of_money=entry.value_of_money,
        decoys_recognised=_by_name(entry.decoys.recognised),
        recognised_decoys=entry.decoys.engage,
        threat_evaluation=entry.threat_evaluation,
        look_ahead_s=_look_ahead_s(entry, kinds),
    )


def _look_ahead_s(entry: DoctrineEntry, kinds: Kinds) -> float:
    """Return how early a plan counts with a window that is to open; only rules that plan look at it."""
    if entry.look_ahead is not None:
        return entry.look_ahead
    usual = kinds.planned() if entry.assignment == "rolling" else kinds.catalogue.planning_factors["standard"]
    return usual.look_ahead.si


def _by_name(found: Mapping[ThreatClass, V]) -> dict[str, V]:
    return {str(name): value for name, value in found.items()}


def _command(document: Document, kinds: Kinds) -> Command:
    entry, record = document.command, kinds.catalogue.command[document.integration]
    kinds.use("command", document.integration)
    return Command(
        integration=document.integration,
        identification_s=record.identification.si if entry.identification is None else entry.identification,
        command_s=record.command.si if entry.command is None else entry.command,
        delay=entry.delay or record.delay,
    )


def _reported(document: Document) -> dict[str, dict[str, float | str]]:
    source = document.reported.get("source")
    common: dict[str, float | str] = {"source": source} if isinstance(source, str) else {}
    return {name: {**common, **report} for name, report in document.reported.items() if name != "source"}
