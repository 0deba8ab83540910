"""Write down what a run is: the manifest of a scenario with its seed and replications."""

from __future__ import annotations

from typing import Any

from shieldwall.battle_management.intelligence import chance_of_a_raid, notice_probability
from shieldwall.battle_management.readiness import raised_hours_a_year
from shieldwall.passive_defence.plan import PassiveDefence
from shieldwall.results.manifest import Manifest, TargetFacts
from shieldwall.scenario.types import Scenario


def manifest_of(
    scenario: Scenario, replications: int, seed: int, *, block_size: int, events: bool, version: str
) -> Manifest:
    """Return the manifest: hashes, settings, and the names, values and costs that the summary needs."""
    types = {salvo.type.id: salvo.type for salvo in scenario.salvos}
    passive = scenario.passive or PassiveDefence()
    rounds = {weapon.effector.id: weapon.effector for unit in scenario.fire_units for weapon in unit.weapons}
    rounds |= {arm.effector.id: arm.effector for group in scenario.fighters for arm in group.type.armament}
    return Manifest(
        version=version,
        scenario=scenario.name,
        title=scenario.title,
        scenario_hash=scenario.hash,
        catalogue_hash=scenario.catalogue_hash,
        seed=seed,
        replications=replications,
        block_size=block_size,
        events=events,
        start_utc=scenario.start_utc,
        start_local=scenario.start_local,
        time_zone=scenario.time_zone,
        threat_name={name: types[name].name for name in sorted(types)},
        threat_cost_usd={name: types[name].unit_cost_usd for name in sorted(types)},
        decoy_cost_usd={name: types[name].decoy_unit_cost_usd for name in sorted(types)},
        effector_cost_usd={name: rounds[name].unit_cost_usd for name in sorted(rounds)},
        targets=_targets(scenario),
        overrides=scenario.overrides,
        reported=scenario.reported,
        assumed_figures=scenario.assumed_figures,
        sources=scenario.sources,
        notes=scenario.notes,
        fighters={
            group.id: {
                "type": group.type.id,
                "name": group.type.name,
                "count": group.count,
                "hour_cost_usd": group.type.hour_cost_usd,
                "unit_cost_usd": group.type.unit_cost_usd,
            }
            for group in sorted(scenario.fighters, key=lambda group: group.id)
        },
        traffic={
            flight.type.id: {"name": flight.type.name, "side": flight.side, "people": flight.people}
            for flight in sorted(scenario.traffic, key=lambda flight: flight.type.id)
        },
        killed_share=passive.people.consequence.killed if passive.people else None,
        service_unit={service.id: service.unit for service in passive.services},
        readiness=_readiness(scenario),
        package=_package(scenario),
    )


def _readiness(scenario: Scenario) -> dict[str, Any]:
    """Return the states of readiness and, where somebody watches, the chances of an alarm."""
    readiness = scenario.readiness
    if readiness is None:
        return {}
    found: dict[str, Any] = {
        "state": readiness.routine.id,
        "raised": readiness.raised.id if readiness.raised else None,
        "exercises": readiness.proficiency.id if readiness.proficiency else None,
        "intelligence": None,
    }
    if readiness.intelligence is not None:
        noticed = notice_probability([s.type.threat_class for s in scenario.salvos], readiness.intelligence)
        found |= {
            "intelligence": readiness.intelligence.id,
            "noticed": noticed,
            "alarm_is_true": chance_of_a_raid(noticed, readiness.raids_year, readiness.intelligence),
            "raised_hours_a_year": raised_hours_a_year(readiness.intelligence),
        }
    return found


def _package(scenario: Scenario) -> dict[str, Any]:
    package = scenario.package
    if package is None:
        return {}
    cost = dict(package.cost_usd)
    return {"name": package.name, "years": package.years, "cost_usd": cost, "total_usd": sum(cost.values())}


def _targets(scenario: Scenario) -> dict[str, TargetFacts]:
    """Return the facts of every target; a fire unit's cost is without its radar's, which is counted with the radar."""
    radar_cost_usd = {s.fire_unit: s.type.unit_cost_usd for s in scenario.sensors if s.fire_unit}
    assets = {a.id: TargetFacts(a.name, a.kind, asset=True, value=a.value, cost_usd=0.0) for a in scenario.assets}
    units = {
        u.id: TargetFacts(
            u.name,
            "fire_unit",
            asset=False,
            value=0.0,
            cost_usd=max(0.0, u.unit_cost_usd - radar_cost_usd.get(u.id, 0.0)),
        )
        for u in scenario.fire_units
    }
    sensors = {
        s.id: TargetFacts(s.type.name, "sensor", asset=False, value=0.0, cost_usd=s.type.unit_cost_usd)
        for s in scenario.sensors
    }
    return {**dict(sorted(assets.items())), **dict(sorted(units.items())), **dict(sorted(sensors.items()))}
