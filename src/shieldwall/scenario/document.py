"""What a scenario file may say: one frozen pydantic model for every mapping, unknown keys forbidden.

Quantities are in SI once read. Names are not looked up here; `checks` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from shieldwall.battle_management.doctrine import Integration
from shieldwall.catalogue.classes import ThreatClass
from shieldwall.raid.salvo import Timing
from shieldwall.scenario.airspace_entry import AirspaceEntry
from shieldwall.scenario.campaign_entry import CampaignEntry
from shieldwall.scenario.model import (
    MAX_ENTITIES,
    MAX_THREATS,
    Copies,
    Factor,
    Id,
    Model,
    Moment,
    Name,
    Point,
    Rounds,
    Text,
    Weight,
    Where,
    one_or_more,
)
from shieldwall.scenario.passive_entries import (
    AgreementEntry,
    MeasureEntry,
    PeopleEntry,
    ReadinessEntry,
    ReductionEntry,
    RepairEntry,
    ServiceEntry,
)
from shieldwall.scenario.plan_entry import PlanEntry
from shieldwall.scenario.quantity import (
    Bearing,
    Clock,
    ClockTime,
    Duration,
    Fraction,
    Length,
    Mass,
    Number,
    Override,
    Place,
    Quantity,
    Rate,
    Report,
    Speed,
    Whole,
    refuse,
    shown,
)  # fmt: skip
from shieldwall.scenario.structure_entry import StructureEntry
from shieldwall.scenario.surveillance_entry import FailuresEntry, OffEntry, OrbitEntry, SurveillanceEntry
from shieldwall.scenario.traffic_entry import IdentificationEntry, TrafficEntry


class AssetEntry(Model):
    """What is defended; figures not given come from the catalogue's kind of asset."""

    id: Id
    kind: Name = Field(examples=["city"])
    name: Text = ""
    position: Where
    radius: Length | None = None
    value: Annotated[float, Number(0.0, 1e9)] | None = None
    population: Annotated[int, Whole(0, 10_000_000_000)] = 0
    hardness: Mass | None = None
    shelter: Name | None = None


class SensorEntry(Model):
    """A stand-alone sensor."""

    id: Id
    type: Name = Field(examples=["p-18-class"])
    position: Where
    sector: Name = "main"
    availability: Fraction = 1.0
    antenna_height: Length | None = None
    range_left: Fraction = 1.0
    count: Copies = 1
    facing: Bearing | None = None
    orbit: OrbitEntry | None = None
    off: tuple[OffEntry, ...] = Field(default=(), max_length=100)
    failures: FailuresEntry | None = None


class FireUnitEntry(Model):
    """Launchers and their fire control. `magazine` is what stands on the launchers, `reserve` what is behind them."""

    id: Id
    type: Name = Field(examples=["patriot-battery"])
    name: Text = ""
    position: Where
    sector: Name = "main"
    magazine: Mapping[str, Rounds] = Field(default_factory=dict)
    reserve: Mapping[str, Rounds] = Field(default_factory=dict)
    readiness: Duration | None = None
    availability: Fraction | None = None
    channels: Annotated[int, Whole(1, 10_000)] | None = None
    backup_radars: tuple[Name, ...] | None = None
    radar_range_left: Fraction = 1.0
    facing: Bearing | None = None
    count: Copies = 1


class SoftKillEntry(Model):
    """A circle of electronic warfare; figures not given come from the catalogue."""

    id: Id
    type: Name = Field(examples=["ew-city"])
    position: Where
    sector: Name = "main"
    radius: Length | None = None
    height_max: Length | None = None
    hazard: Mapping[ThreatClass, Rate] = Field(default_factory=dict)


class TerrainEntry(Model):
    """The elevation model that hides threats from sensors; files lie in the scenario's own folder.

    Without files it is the coarse relief that the package carries, which `coarse: true` says outright.
    """

    files: Annotated[tuple[Name, ...], BeforeValidator(one_or_more)] = Field(default=(), examples=["[ground.tif]"])
    coarse: bool = False
    missing: Literal["refused", "sea"] = "refused"


class AreaEntry(Model):
    """A named area, given by its corners."""

    id: Id
    polygon: tuple[Point, ...] = Field(min_length=3, max_length=1000)


class Axis(Model):
    """An origin `distance` away from `toward`, in the direction `bearing` as seen from there."""

    toward: Name
    bearing: Bearing
    distance: Length


class AreaOrigin(Model):
    """Origins on a lattice inside a named area."""

    area: Name


def _origins(value: Any) -> Any:
    """Read one position as a list of one."""
    single = isinstance(value, tuple) and len(value) == 2 and not any(isinstance(v, tuple | str | dict) for v in value)
    if single or isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        if set(value) != {"area"} or not isinstance(value["area"], str):
            raise refuse(f"{shown(value)} with the keys {', '.join(map(str, value))}", "write from: {area: ID}")
        return AreaOrigin(area=value["area"])
    if not isinstance(value, tuple) or not value:
        raise refuse(f"{shown(value)} is no origin", "write from: [[latitude, longitude], ...] or from: {area: ID}")
    return value


class _Origins:
    """Positions, or an area."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415

        positions = handler.generate_schema(tuple[Where, ...])

        def read(value: Any, inner: Any) -> Any:
            value = _origins(value)
            return value if isinstance(value, AreaOrigin) else inner(value)

        return core_schema.no_info_wrap_validator_function(read, positions)


def _aim(value: Any) -> Any:
    """Read one id or a list of ids as weights of one."""
    if isinstance(value, str):
        return {value: 1}
    if isinstance(value, tuple) and value and all(isinstance(entry, str) for entry in value):
        return dict.fromkeys(value, 1)
    if not isinstance(value, dict) or not value:
        raise refuse(f"{shown(value)} is no aim", "write aim: [ID, ...], aim: {ID: weight, ...} or aim: radars")
    return value


class IntelligenceEntry(Model):
    """The chance that a launcher is seen before it launches, how long before on average, and which level is told."""

    chance: Fraction
    lead: Duration
    told_to: Integration = "sector"


class RaidEntry(Model):
    """One salvo: `count` threats of one type, from somewhere, at some aim points, at some time."""

    id: Id
    type: Name = Field(examples=["shahed-136"])
    count: Annotated[int, Whole(0, MAX_THREATS)] = Field(examples=[12])
    from_: Annotated[
        tuple[Where, ...] | AreaOrigin | None,
        _Origins(),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "array", "items": {"anyOf": [Place().json_schema(), {"type": "number"}]}},
                    {"type": "object", "properties": {"area": {"type": "string"}}, "required": ["area"]},
                    {"type": "string"},
                ]
            }
        ),
    ] = Field(default=None, alias="from")
    origin: Name | None = None
    axis: Axis | None = None
    aim: Annotated[
        Mapping[str, Weight],
        BeforeValidator(_aim),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string"},
                    {"type": "array", "items": {"type": "string"}},
                    {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
                ]
            }
        ),
    ] = Field(examples=["[ID]"])
    launch_height: Length = 0.0
    via: tuple[Where, ...] = Field(default=(), max_length=1000)
    launch: Moment | None = None
    arrive: Moment | None = None
    spread: Duration = 0.0
    timing: Timing = "uniform"
    decoy_share: Fraction | None = None
    abort_share: Fraction = 0.0
    routes: Annotated[int, Whole(1, 64)] = 1
    route_spread: Length = 0.0
    arc: Literal["least_energy", "lofted", "depressed"] | None = None
    apogee: Length | None = None
    leg_speeds: tuple[Speed, ...] = Field(default=(), max_length=1001)
    intelligence: IntelligenceEntry | None = None


class ShotEntry(Model):
    """Shot doctrine against one class; what is not given comes from the catalogue."""

    salvo: Annotated[int, Whole(1, 1000)] | None = None
    max_shots: Annotated[int, Whole(1, 1000)] | None = None
    assess: Duration | None = None


class ReserveEntry(Model):
    """Rounds that each fire unit keeps back for some classes."""

    effector: Name
    keep: Rounds
    for_: tuple[ThreatClass, ...] = Field(alias="for", min_length=1)


class PatrolEntry(Model):
    """An orbit between two points; from `from` to `to` it is kept manned, without them only when scrambled."""

    orbit: tuple[Where, Where] = Field(examples=["[[51.2, 22.9], [50.4, 23.1]]"])
    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None
    aircraft: Annotated[int, Whole(1, 1000)] | None = None


class FighterEntry(Model):
    """Aircraft that shoot: `count` of one type at one base; what is not given comes from the catalogue."""

    id: Id
    type: Name = Field(examples=["f-16"])
    base: Where
    count: Annotated[int, Whole(1, 1000)] = Field(examples=[4])
    sector: Name = "main"
    readiness: Duration | None = None
    readiness_spread: Duration | None = None
    availability: Fraction | None = None
    identification: Duration | None = None
    scramble: Annotated[int, Whole(1, 1000)] | None = None
    alert: Length = 0.0
    patrol: PatrolEntry | None = None
    border: Name | None = None
    divert: Where | None = None
    tanker: Name | None = None
    crews: Annotated[int, Whole(1, 1000)] | None = None
    hold: bool = False


class TankerEntry(Model):
    """A tanker on its track from `from` to `to` (without them: from the start, as long as its fuel lasts)."""

    id: Id
    type: Name = Field(examples=["mrtt"])
    position: Where
    from_: Moment | None = Field(default=None, alias="from")
    to: Moment | None = None
    refuellings: Annotated[int, Whole(0, 10_000)] | None = None


def _dollars(value: Any) -> Any:
    """Refuse money in anything but dollars."""
    if isinstance(value, str) and value.strip().endswith("USD"):
        return value
    raise refuse(f"{shown(value)} is no sum in dollars", "write for example '2000000 USD'")


Dollars = Annotated[float, Quantity("money", 1e15, "2000000 USD"), BeforeValidator(_dollars)]


class DecoysEntry(Model):
    """How often a network sees through a decoy, by class, and what it then does with it."""

    recognised: Mapping[ThreatClass, Fraction] = Field(default_factory=dict)
    engage: Literal["last", "never"] = "last"


class DoctrineEntry(Model):
    """Who shoots what; what is not given comes from the catalogue's standard doctrine."""

    assignment: Name | None = None
    weapons_control: Literal["free", "tight", "hold"] | None = None
    last_chance: Literal["look", "shoot"] | None = None
    shots: Mapping[ThreatClass, ShotEntry] = Field(default_factory=dict)
    prefer: Mapping[ThreatClass, tuple[Name, ...]] = Field(default_factory=dict)
    forbid: Mapping[ThreatClass, tuple[Name, ...]] = Field(default_factory=dict)
    reserves: tuple[ReserveEntry, ...] = ()
    max_cost_per_kill: Mapping[ThreatClass, Dollars] = Field(default_factory=dict)
    value_of_money: Annotated[float, Number(0.0, 1e9)] = 0.0
    decoys: DecoysEntry = Field(default_factory=DecoysEntry)
    threat_evaluation: Literal["value", "urgency"] = "value"
    look_ahead: Duration | None = None


class CommandEntry(Model):
    """Delays; what is not given comes from the catalogue for the level of integration."""

    identification: Duration | None = None
    command: Duration | None = None
    delay: Literal["exponential", "constant"] | None = None


class ScaleEntry(Model):
    """Whole-number factors; see docs/reference/scenario.md for what each copies."""

    defence: Factor = 1
    fire_units: Factor = 1
    rounds: Factor = 1
    sensors: Factor = 1


class Document(Model):
    """A whole scenario file, its includes joined in."""

    shieldwall: Literal[1] = Field(examples=[1])
    name: Id = Field(examples=["my-night"])
    title: Text = ""
    notes: Text = ""
    time_zone: Name = Field(examples=["Europe/Kyiv"])
    start: Annotated[ClockTime, Clock(dated=True)] = Field(examples=["2025-06-08 20:00"])
    include: tuple[Name, ...] = ()
    integration: Integration = "alliance"
    command: CommandEntry = Field(default_factory=CommandEntry)
    structure: StructureEntry | None = None
    doctrine: DoctrineEntry = Field(default_factory=DoctrineEntry)
    scale: ScaleEntry = Field(default_factory=ScaleEntry)
    places: Mapping[Id, Point] = Field(default_factory=dict)
    areas: tuple[AreaEntry, ...] = ()
    airspace: tuple[AirspaceEntry, ...] = Field(default=(), max_length=1000)
    terrain: TerrainEntry | None = None
    surveillance: SurveillanceEntry | None = None
    assets: tuple[AssetEntry, ...] = Field(max_length=MAX_ENTITIES, examples=["[{id: ...}]"])
    sensors: tuple[SensorEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    fire_units: tuple[FireUnitEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    soft_kill_zones: tuple[SoftKillEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    fighters: tuple[FighterEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    tankers: tuple[TankerEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    raids: tuple[RaidEntry, ...] = Field(max_length=MAX_ENTITIES, examples=["[{id: ...}]"])
    identification: IdentificationEntry | None = None
    traffic: tuple[TrafficEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    campaign: CampaignEntry | None = None
    plan: PlanEntry | None = None
    overrides: Mapping[str, Annotated[str | float, Override()]] = Field(default_factory=dict)
    calibration: Id | None = Field(default=None, examples=["reported-to-2024-12"])
    people: PeopleEntry | None = None
    passive: tuple[MeasureEntry, ...] = Field(default=(), max_length=MAX_ENTITIES)
    services: tuple[ServiceEntry, ...] = Field(default=(), max_length=1000)
    repair: RepairEntry = Field(default_factory=RepairEntry)
    readiness: ReadinessEntry | None = None
    agreements: tuple[AgreementEntry, ...] = Field(default=(), max_length=1000)
    launch_reductions: tuple[ReductionEntry, ...] = Field(default=(), max_length=1000)
    package: Id | None = None
    package_years: Annotated[float, Number(0.0, 100.0)] = 10.0
    packages: Mapping[Id, Any] = Field(default_factory=dict)
    catalogue: Any = None
    reported: Mapping[str, Annotated[Any, Report()]] = Field(default_factory=dict)
