"""A night: the tables of a raid, the state of readiness it may find, and what it does to people and services.

The raid's kernel knows none of this. Where a scenario names no intelligence and no passive defence, a night is its
tables and nothing else runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shieldwall.battle_management.intelligence import lead_times_s, notice_probability
from shieldwall.battle_management.readiness import Readiness, ReadinessState
from shieldwall.core.draws import draw_each
from shieldwall.core.random import NOTICE, actor_hash
from shieldwall.engine.aftermath import Aftermath, aftermath_of, with_aftermath
from shieldwall.engine.pack import pack
from shieldwall.engine.play import play_in_turn, play_one_block
from shieldwall.engine.roster import aloft, in_order
from shieldwall.engine.windows import compute_geometry
from shieldwall.results.consequence import Alarms
from shieldwall.results.row import Block, Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Opening, Tables
from shieldwall.tables_air import AirTables

_WATCH = "intelligence"


@dataclass(frozen=True, slots=True)
class Night:
    """Everything about a scenario that does not depend on luck.

    tables : of the routine; raised : of the raised state, None where nothing raises it
    noticed : chance that the raid is noticed; readiness : None where the scenario says nothing of it
    """

    tables: Tables
    roster: Roster
    raised: Tables | None
    noticed: float
    readiness: Readiness | None
    aftermath: Aftermath | None


def prepare_night(scenario: Scenario, *, threads: int = 1) -> Night:
    """Return the night of a scenario: geometry once, whatever the state of readiness."""
    ordered = in_order(scenario)
    flying = aloft(ordered)
    tables, roster = pack(flying, compute_geometry(flying, threads=threads))
    aftermath = aftermath_of(ordered, roster)
    readiness = ordered.readiness
    if readiness is None:
        return Night(tables, roster, None, 0.0, None, aftermath)
    raised, noticed = None, 0.0
    if readiness.intelligence is not None:
        classes = [salvo.type.threat_class for salvo in ordered.salvos]
        noticed = notice_probability(classes, readiness.intelligence)
        raised = in_state(tables, ordered, readiness.raised or readiness.routine)
    return Night(in_state(tables, ordered, readiness.routine), roster, raised, noticed, readiness, aftermath)


def in_state(tables: Tables, scenario: Scenario, state: ReadinessState) -> Tables:
    """Return the tables of a defence in a state of readiness, its crews as well drilled as the scenario says.

    Crews present and sensors on lessen availability (a fire unit's own radar goes with its crew), units are ready no
    sooner than the state allows, delays are times both factors; fighters take their readiness from the state.
    """
    drill = scenario.readiness.proficiency if scenario.readiness else None
    sensors, units = tables.sensors.copy(), tables.fire_units.copy()
    networks, command = tables.networks.copy(), tables.command.copy()
    own = np.array([bool(sensor.fire_unit) for sensor in scenario.sensors], bool)
    sensors.availability[~own] *= state.sensors_on
    units.availability *= state.crew_present
    units.ready_s = np.maximum(units.ready_s, state.ready_s)
    factor = state.delay_factor * (drill.delay_factor if drill else 1.0)
    networks.identification_s *= factor
    networks.command_s *= factor
    if drill is not None:
        command.misidentified, command.recheck_s = drill.misidentified, drill.recheck_s
    air = None if tables.air is None else _in_the_air(tables.air, scenario, state)
    return tables._replace(sensors=sensors, fire_units=units, networks=networks, command=command, air=air)


def _in_the_air(air: AirTables, scenario: Scenario, state: ReadinessState) -> AirTables:
    """Return fighters as ready as the state says, where the scenario does not say it of a group itself."""
    usual = np.array([g.readiness_s == g.type.readiness_s for g in scenario.fighters], bool)
    groups, reaches = air.groups.copy(), air.reaches.copy()
    n = usual.shape[0]
    later_s = np.where(usual, state.scramble_s - groups.ready_s[:n], 0.0)
    groups.ready_s[:n] += later_s
    groups.lead_s[:n] += later_s
    groups.ready_spread_s[:n] = np.minimum(groups.ready_spread_s[:n], groups.ready_s[:n])
    groups.availability[:n] *= state.crew_present
    shooting = np.isfinite(reaches.enter_s)
    reaches.lead_s[shooting] += later_s[reaches.group[shooting]]
    return air._replace(groups=groups, reaches=reaches)


def play_night(
    night: Night, seed: int, first: int, size: int, *, events: bool, opening: Opening | None = None
) -> Block:
    """Play replications first..first+size-1 of a night, each in the state of readiness that it is found in."""
    if night.raised is None:
        block = play_one_block(night.tables, seed, first, size, events=events, opening=opening)
    else:
        drawn = alarms(night, seed, first, size)
        states = (night.tables, night.raised)
        chosen = drawn.raised.astype(np.int64)
        played = play_in_turn(states, chosen, seed, first, events=events, opening=opening)
        block = replace(played, alarms=drawn)
    return block if night.aftermath is None else with_aftermath(block, night.aftermath, night.tables, seed)


def alarms(night: Night, seed: int, first: int, size: int) -> Alarms:
    """Draw for each replication whether the raid is noticed, how long before, and so whether the state was raised."""
    assert night.readiness is not None
    assert night.readiness.intelligence is not None
    raised = night.readiness.raised
    actor = np.full(size, actor_hash(_WATCH), np.uint64)
    u = draw_each(seed, np.arange(first, first + size), NOTICE, actor)
    lead_s = lead_times_s(u[:, 0], u[:, 1], night.noticed, night.readiness.intelligence)
    return Alarms(lead_s, (lead_s >= raised.raise_s) if raised else np.zeros(size, bool))
