"""The frozen scenario: what the engine is given, in SI, every catalogue figure already resolved.

Everything a user may get wrong has been refused before one of these exists. Times are seconds after
`Scenario.start_utc`. Heights are metres above the ground. Ids are unique over the whole scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shieldwall.active_defence.fighter import FighterGroup, Tanker
from shieldwall.active_defence.fire_unit import FireUnit, SoftKillZone
from shieldwall.battle_management.airspace import AirspaceZone
from shieldwall.battle_management.doctrine import Command, Doctrine
from shieldwall.battle_management.identification import Identification
from shieldwall.battle_management.readiness import Readiness
from shieldwall.battle_management.structure import Structure
from shieldwall.passive_defence.asset import Asset
from shieldwall.passive_defence.plan import PassiveDefence
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.scenario.plan_entry import PlanEntry
from shieldwall.surveillance.conditions import Conditions
from shieldwall.surveillance.ground import Terrain
from shieldwall.surveillance.sensor import Sensor


@dataclass(frozen=True, slots=True)
class Package:
    """The chosen package, and what the whole scenario's defence costs over `years`, USD, by what it is spent on."""

    name: str
    years: float
    cost_usd: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything one study of one raid needs; `hash` is over all of it, `catalogue_hash` over the catalogue used.

    `airborne` are the radars that fighters lend to their networks while they are on station; `traffic` are friendly and
    civil aircraft, as salvos that aim at nothing.
    """

    name: str
    title: str
    start_utc: str
    time_zone: str
    start_local: str
    assets: tuple[Asset, ...]
    sensors: tuple[Sensor, ...]
    fire_units: tuple[FireUnit, ...]
    soft_kill_zones: tuple[SoftKillZone, ...]
    doctrine: Doctrine
    command: Command
    salvos: tuple[Salvo, ...]
    reported: Mapping[str, Mapping[str, Any]]
    hash: str
    catalogue_hash: str
    overrides: Mapping[str, str]
    assumed_figures: tuple[str, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()
    terrain: Terrain | None = None
    fighters: tuple[FighterGroup, ...] = ()
    tankers: tuple[Tanker, ...] = ()
    airborne: tuple[Sensor, ...] = ()
    conditions: Conditions | None = None
    structure: Structure | None = field(default=None, metadata={"hashed": "changed"})
    campaign: Campaign | None = field(default=None, metadata={"hashed": "changed"})
    plan: PlanEntry | None = field(default=None, metadata={"hashed": False})
    passive: PassiveDefence | None = field(default=None, metadata={"hashed": "changed"})
    readiness: Readiness | None = field(default=None, metadata={"hashed": "changed"})
    identification: Identification | None = field(default=None, metadata={"hashed": "changed"})
    traffic: tuple[Salvo, ...] = field(default=(), metadata={"hashed": "changed"})
    package: Package | None = field(default=None, metadata={"hashed": False})
    airspace: tuple[AirspaceZone, ...] = field(default=(), metadata={"hashed": "changed"})
