"""Follow one threat, or one friendly or civil aircraft, of one replication and tell its ten stops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from shieldwall.battle_management.doctrine import Doctrine
from shieldwall.battle_management.structure import FOR_GOOD_S
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.engine.networks import Networks, networks_of, pack_networks
from shieldwall.engine.roster import in_order
from shieldwall.engine.simulate import replay
from shieldwall.raid.salvo import Salvo
from shieldwall.results.local_time import LocalClock, duration
from shieldwall.results.row import Block, Roster
from shieldwall.results.to_tables import to_tables
from shieldwall.results.trace import Row, Stop, ThreatFacts, stops
from shieldwall.results.trace_flight import flight_stops
from shieldwall.scenario.types import Scenario


def trace(scenario: Scenario, threat: str, replication: int = 0, seed: int = 1) -> tuple[Stop, ...]:
    """Return the ten stops of one threat, "salvo/number", or of one aircraft, "traffic/number", in one replication.

    Raises
    ------
    InputError
        If the scenario has no such threat; names the nearest salvo or the numbers it has.
    """
    _salvo_of(scenario, threat)
    block, roster = replay(scenario, replication, seed)
    return stops_of(scenario, block, roster, (threat,), seed)[threat]


def stops_of(
    scenario: Scenario, block: Block, roster: Roster, threats: Sequence[str], seed: int
) -> dict[str, tuple[Stop, ...]]:
    """Return the ten stops of each of some threats or aircraft, from their replication's block with its events."""
    tables = to_tables(block, roster, events=True)
    rows = _rows_of(tables, roster, threats)
    events: dict[str, list[Row]] = {threat: [] for threat in threats}
    for event in tables["events"].to_pylist():
        if event["threat"] in events:
            events[event["threat"]].append(event)
    impacts = {one["threat"]: one for one in tables["impacts"].to_pylist()} if "impacts" in tables else {}
    alarm = tables["alarms"].to_pylist()[0] if "alarms" in tables else None
    of_salvo: dict[str, ThreatFacts] = {}
    found = {}
    for threat, row in zip(threats, rows, strict=True):
        salvo = threat.rpartition("/")[0]
        if salvo not in of_salvo:
            of_salvo[salvo] = facts_of(scenario, threat, seed)
        facts = replace(of_salvo[salvo], threat=threat)
        if facts.side == "hostile":
            found[threat] = stops(row, events[threat], facts, impact=impacts.get(threat), alarm=alarm)
        else:
            found[threat] = flight_stops(row, events[threat], facts)
    return found


def _rows_of(tables: Mapping[str, pa.Table], roster: Roster, threats: Sequence[str]) -> list[Row]:
    """Return the row of each threat in the table `rows`, or of each aircraft in `traffic`."""
    found: dict[str, Row] = {}
    for name, column, ids in (("rows", "threat", roster.threat), ("traffic", "flight", roster.flight)):
        place = {one: t for t, one in enumerate(ids)}
        wanted = [place[threat] for threat in threats if threat in place]
        if wanted:
            found |= {row[column]: row for row in tables[name].take(wanted).to_pylist()}
    return [found[threat] for threat in threats]


def facts_of(scenario: Scenario, threat: str, seed: int) -> ThreatFacts:
    """Return what a scenario says of one threat; raise InputError if it has none of that name."""
    salvo = _salvo_of(scenario, threat)
    kind = salvo.type
    clock = LocalClock(scenario.start_utc, scenario.time_zone)
    salvo_shots, max_shots = _shots(scenario.doctrine, kind.threat_class)
    networks = networks_of(in_order(scenario))
    return ThreatFacts(
        scenario=scenario.name,
        title=scenario.title,
        scenario_hash=scenario.hash,
        clock=clock,
        seed=seed,
        threat=threat,
        salvo=salvo.id,
        salvo_count=salvo.count,
        timing=_timing(salvo, clock),
        type=kind.id,
        type_name=kind.name,
        threat_class=kind.threat_class,
        speed_m_s=kind.speed_m_s,
        height_m=max(kind.height_m, kind.apogee_m),
        radar_cross_section_m2=kind.radar_cross_section_m2,
        unit_cost_usd=kind.unit_cost_usd,
        failure_probability=kind.failure_probability,
        integration=scenario.command.integration,
        identification_s=scenario.command.identification_s,
        command_s=scenario.command.command_s,
        salvo_shots=salvo_shots,
        max_shots=max_shots,
        networks=networks.names,
        zones=tuple(sorted(zone.id for zone in scenario.soft_kill_zones)),
        sensors={sensor.id: sensor.type.name for sensor in scenario.sensors},
        entities=(len(scenario.assets), len(scenario.sensors), len(scenario.fire_units)),
        command=_command(scenario, networks) if scenario.structure else {},
        outages=_outages(scenario),
        side=salvo.side,
        people=salvo.people,
        called_hostile=scenario.identification.called_hostile.get(kind.id, 0.0) if scenario.identification else 0.0,
    )


def _command(scenario: Scenario, networks: Networks) -> dict[str, str]:
    """Return in words how each network of a command structure works."""
    words = {}
    for name, network in zip(networks.names, pack_networks(scenario, networks), strict=True):
        words[name] = f"{duration(network.identification_s + network.command_s)} on the mean"
        if network.operators:
            words[name] += f", {network.operators} at a time"
    return words


def _outages(scenario: Scenario) -> tuple[tuple[str, float, float], ...]:
    """Return what of the command structure is lost, from when, until when (inf: for good), in order of time."""
    if scenario.structure is None:
        return ()
    found = [(f"Node '{node.id}'", *lost) for node in scenario.structure.nodes for lost in node.lost]
    for lower, link in scenario.structure.links.items():
        found += [(f"The link of '{lower}'", *lost) for lost in link.outages]
    return tuple(
        (what, from_s, until_s if until_s < FOR_GOOD_S else math.inf)
        for what, from_s, until_s in sorted(found, key=lambda each: each[1:])
    )


def _salvo_of(scenario: Scenario, threat: str) -> Salvo:
    name, slash, number = threat.rpartition("/")
    salvos = {salvo.id: salvo for salvo in (*scenario.salvos, *scenario.traffic)}
    if not slash or name not in salvos:
        cure = nearest(name or threat, salvos) + "; write SALVO/NUMBER"
        raise InputError(Mistake("", 0, 0, f"there is no threat '{threat}' in {scenario.name}", cure))
    count = salvos[name].count
    if number not in {str(i) for i in range(1, count + 1)}:
        raise InputError(
            Mistake("", 0, 0, f"there is no threat '{threat}' in {scenario.name}", f"'{name}' has numbers 1 to {count}")
        )
    return salvos[name]


def _shots(doctrine: Doctrine, threat_class: str) -> tuple[int, int]:
    rule = doctrine.shots.get(threat_class)
    return (rule.salvo, rule.max_shots) if rule else (0, 0)


def _timing(salvo: Salvo, clock: LocalClock) -> str:
    what = "to arrive" if salvo.time_on_target else "launched"
    if salvo.timing == "normal":
        return f"{what} about {clock.minute(salvo.time_s)}, standard deviation {duration(salvo.spread_s)}"
    if salvo.spread_s <= 0:
        return f"{what} at {clock.minute(salvo.time_s)}"
    return f"{what} over {duration(salvo.spread_s)} from {clock.minute(salvo.time_s)} ({salvo.timing})"
