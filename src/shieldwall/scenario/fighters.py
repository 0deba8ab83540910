"""Turn the fighters and tankers of a document into frozen types, and lend their radars to the networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from shieldwall.active_defence.fighter import Armament, FighterGroup, FighterType, Patrol, Tanker
from shieldwall.core.position import Position
from shieldwall.scenario import clock
from shieldwall.scenario.document import Document, FighterEntry, PatrolEntry
from shieldwall.scenario.geography import position_of
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.quantity import ClockTime
from shieldwall.surveillance.sensor import Sensor


class AirForce(NamedTuple):
    """Fighters, tankers, and the radars that fighters lend to their networks while they are on station."""

    fighters: tuple[FighterGroup, ...]
    tankers: tuple[Tanker, ...]
    radars: tuple[Sensor, ...]


def air_force(document: Document, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> AirForce:
    """Return all that flies for the defence."""
    areas = {area.id: area.polygon for area in document.areas}
    assets = {asset.id for asset in document.assets}
    fighters, radars = [], []
    for entry in document.fighters:
        group = _group(entry, kinds, places, start, areas, assets)
        fighters.append(group)
        if group.type.radar and group.patrol is not None:
            where = _middle(group)
            radars.append(Sensor(f"{group.id}/radar", kinds.sensor(group.type.radar), where, group.sector))
    tankers = tuple(_tanker(document, i, kinds, places, start) for i in range(len(document.tankers)))
    return AirForce(tuple(fighters), tankers, tuple(radars))


def fighter_type(kinds: Kinds, key: str) -> FighterType:
    """Return a kind of aircraft that shoots; raise UnknownFigureError if a figure is null."""
    record = kinds.catalogue.aircraft[key]
    kinds.use("aircraft", key)
    needed = (
        record.readiness_spread, record.turn_round, record.turn_spread, record.identification, record.gun_shots,
        record.loss_probability, record.reserve_loads, record.fuel_reserve,
    )  # fmt: skip
    spread, turn, turn_spread, identify, gun_shots, loss, loads, reserve = (f.si if f else 0.0 for f in needed)
    armament = []
    for name in record.effectors:
        effector = kinds.effector(name)
        if effector.kind == "missile" and record.kill_probability:
            own = {str(threat_class): figure.si for threat_class, figure in record.kill_probability.items()}
            effector = replace(effector, kill_probability={**effector.kill_probability, **own})
        aboard = int(gun_shots) if effector.kind == "gun" else int(record.missiles.si)
        if aboard > 0:
            armament.append(Armament(effector, aboard, int(loads)))
    return FighterType(
        id=record.id,
        name=record.name,
        generation=record.generation or 0,
        speed_m_s=record.speed.si,
        combat_radius_m=record.combat_radius.si,
        endurance_s=record.endurance.si,
        armament=tuple(sorted(armament, key=lambda a: a.effector.id)),
        readiness_s=record.readiness.si,
        readiness_spread_s=spread,
        turn_s=turn,
        turn_spread_s=turn_spread,
        identification_s=identify,
        loss_probability=loss,
        fuel_reserve=reserve,
        availability=record.availability.si,
        unit_cost_usd=kinds.usd(record.unit_cost),
        hour_cost_usd=kinds.usd(record.hour_cost),
        radar=record.sensor or "",
    )


def _group(
    entry: FighterEntry,
    kinds: Kinds,
    places: Mapping[str, Position],
    start: datetime,
    areas: Mapping[str, tuple[Position, ...]],
    assets: set[str],
) -> FighterGroup:
    kind = fighter_type(kinds, entry.type)
    return FighterGroup(
        id=entry.id,
        type=kind,
        base=position_of(entry.base, places),
        base_asset=entry.base if isinstance(entry.base, str) and entry.base in assets else "",
        count=entry.count,
        sector=entry.sector,
        readiness_s=kind.readiness_s if entry.readiness is None else entry.readiness,
        readiness_spread_s=kind.readiness_spread_s if entry.readiness_spread is None else entry.readiness_spread,
        availability=kind.availability if entry.availability is None else entry.availability,
        identification_s=kind.identification_s if entry.identification is None else entry.identification,
        scramble=int(kinds.planned().scramble.si) if entry.scramble is None else entry.scramble,
        alert_m=entry.alert,
        patrol=None if entry.patrol is None else _patrol(entry.patrol, kinds, places, start),
        border=areas[entry.border] if entry.border else (),
        divert=None if entry.divert is None else position_of(entry.divert, places),
        tanker=entry.tanker or "",
        crews=entry.crews or entry.count,
        hold=entry.hold,
    )


def _patrol(entry: PatrolEntry, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> Patrol:
    begin, end = (position_of(point, places) for point in entry.orbit)
    from_s, to_s = _span(entry.from_, entry.to, start)
    manned = int(kinds.planned().patrol.si) if entry.aircraft is None else entry.aircraft
    return Patrol(begin, end, from_s, to_s, manned if from_s < to_s else 0)


def _span(begin: ClockTime | None, end: ClockTime | None, start: datetime) -> tuple[float, float]:
    """Return seconds from the start; (0, 0), a span of nothing, where neither is given."""
    if begin is None or end is None:
        return 0.0, 0.0
    return clock.seconds_after(start, begin), clock.seconds_after(start, end)


def _tanker(document: Document, i: int, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> Tanker:
    entry = document.tankers[i]
    record = kinds.catalogue.aircraft[entry.type]
    kinds.use("aircraft", entry.type)
    assert record.refuel_time is not None
    assert record.refuellings is not None
    from_s, to_s = _span(entry.from_, entry.to, start)
    if from_s >= to_s:
        from_s, to_s = 0.0, record.endurance.si
    return Tanker(
        id=entry.id,
        type=entry.type,
        position=position_of(entry.position, places),
        from_s=from_s,
        to_s=to_s,
        refuel_s=record.refuel_time.si,
        refuellings=int(record.refuellings.si) if entry.refuellings is None else entry.refuellings,
        speed_m_s=record.speed.si,
        hour_cost_usd=kinds.usd(record.hour_cost),
        unit_cost_usd=kinds.usd(record.unit_cost),
    )


def _middle(group: FighterGroup) -> Position:
    """Return where a group's radar is taken to stand: in the middle of its orbit."""
    assert group.patrol is not None
    a, b = group.patrol.begin, group.patrol.end
    east = (b.longitude_deg - a.longitude_deg + 180.0) % 360.0 - 180.0
    longitude = (a.longitude_deg + 0.5 * east + 180.0) % 360.0 - 180.0
    return Position(0.5 * (a.latitude_deg + b.latitude_deg), longitude)
