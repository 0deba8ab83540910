"""Canonical order: everything by id, so that the order in a file changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.position import Position
from shieldwall.core.random import actor_hash
from shieldwall.raid.salvo import Salvo
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that can be aimed at: an asset, a fire unit or a sensor."""

    id: str
    position: Position
    radius_m: float
    hardness_kg: float


def in_order(scenario: Scenario) -> Scenario:
    """Return the scenario with salvos, sensors, fire units (and their weapons), zones, assets, aircraft by id."""
    units = tuple(
        replace(unit, weapons=tuple(sorted(unit.weapons, key=lambda weapon: weapon.effector.id)))
        for unit in sorted(scenario.fire_units, key=lambda unit: unit.id)
    )
    return replace(
        scenario,
        assets=tuple(sorted(scenario.assets, key=lambda asset: asset.id)),
        sensors=tuple(sorted(scenario.sensors, key=lambda sensor: sensor.id)),
        fire_units=units,
        soft_kill_zones=tuple(sorted(scenario.soft_kill_zones, key=lambda zone: zone.id)),
        salvos=tuple(sorted(scenario.salvos, key=lambda salvo: salvo.id)),
        fighters=tuple(sorted(scenario.fighters, key=lambda group: group.id)),
        tankers=tuple(sorted(scenario.tankers, key=lambda tanker: tanker.id)),
        airborne=tuple(sorted(scenario.airborne, key=lambda sensor: sensor.id)),
        traffic=tuple(sorted(scenario.traffic, key=lambda flight: flight.id)),
    )


def aloft(scenario: Scenario) -> Scenario:
    """Return a scenario in order with all that flies among its salvos: the raid's, then friendly and civil aircraft."""
    return replace(scenario, salvos=(*scenario.salvos, *scenario.traffic), traffic=())


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """Return the M targets of a scenario in order: assets, then fire units, then sensors.

    A fire unit's own radar stands where the unit stands and is as large and as hard as the unit.
    """
    unit_of = {unit.id: unit for unit in scenario.fire_units}
    assets = [Target(a.id, a.position, a.radius_m, a.hardness_kg) for a in scenario.assets]
    units = [Target(u.id, u.position, u.radius_m, u.hardness_kg) for u in scenario.fire_units]
    sensors = [
        Target(q.id, q.position, unit_of[q.fire_unit].radius_m, unit_of[q.fire_unit].hardness_kg)
        if q.fire_unit
        else Target(q.id, q.position, q.type.radius_m, q.type.hardness_kg)
        for q in scenario.sensors
    ]
    return (*assets, *units, *sensors)


def goals_of(scenario: Scenario) -> tuple[Target, ...]:
    """Return what the paths of a scenario lead to: the targets, then where friendly and civil aircraft fly."""
    return (
        *targets_of(scenario),
        *(Target(s.aim_points[0], s.destination, 0.0, 1.0) for s in scenario.salvos if s.destination is not None),
    )


def roster_of(scenario: Scenario, path_labels: tuple[str, ...]) -> Roster:
    """Return the ids behind every index, for a scenario in order.

    Groups of aircraft stand behind the fire units, their armament behind the weapons, their radars behind the sensors.
    """
    raid = [salvo for salvo in scenario.salvos if salvo.side == "hostile"]
    others = [salvo for salvo in scenario.salvos if salvo.side != "hostile"]
    armed = [(group.id, arm.effector.id) for group in scenario.fighters for arm in group.type.armament]
    return Roster(
        threat=_numbered(raid),
        threat_type=tuple(salvo.type.id for salvo in raid for _ in range(salvo.count)),
        weapon=(
            *(f"{unit.id}/{w.effector.id}" for unit in scenario.fire_units for w in unit.weapons),
            *(f"{group}/{effector}" for group, effector in armed),
        ),
        effector=(
            *(w.effector.id for unit in scenario.fire_units for w in unit.weapons),
            *(effector for _, effector in armed),
        ),
        fire_unit=(*(unit.id for unit in scenario.fire_units), *(group.id for group in scenario.fighters)),
        sensor=tuple(sensor.id for sensor in (*scenario.sensors, *scenario.airborne)),
        target=tuple(target.id for target in targets_of(scenario)),
        path_label=path_labels,
        fighter=tuple(group.id for group in scenario.fighters),
        fighter_type=tuple(group.type.id for group in scenario.fighters),
        service=tuple(service.id for service in scenario.passive.services) if scenario.passive else (),
        flight=_numbered(others),
        flight_type=tuple(salvo.type.id for salvo in others for _ in range(salvo.count)),
        flight_side=tuple(salvo.side for salvo in others for _ in range(salvo.count)),
    )


def _numbered(salvos: list[Salvo]) -> tuple[str, ...]:
    return tuple(f"{salvo.id}/{number}" for salvo in salvos for number in range(1, salvo.count + 1))


def actors_of(ids: tuple[str, ...]) -> list[int]:
    """Return the 64-bit actor of every id; refuse two ids that share one."""
    actors = [actor_hash(entity_id) for entity_id in ids]
    seen: dict[int, str] = {}
    for entity_id, actor in zip(ids, actors, strict=True):
        other = seen.setdefault(actor, entity_id)
        if other != entity_id:
            raise InputError(
                Mistake("", 0, 0, f"'{entity_id}' and '{other}' share one 64-bit actor", "rename one of them")
            )
    return actors
