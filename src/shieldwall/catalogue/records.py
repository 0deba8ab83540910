"""What every entry of the catalogue must hold: one model for each group, each figure with its dimension.

A unit of another dimension, a value that physics forbids, a missing figure and an unknown key are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from shieldwall.catalogue.classes import EffectorKind, PathKind, SensorKind, ThreatClass, TrackQuality
from shieldwall.catalogue.dimensions import (
    Angle,
    Area,
    ArealMass,
    AtLeastOne,
    Count,
    CountPerYear,
    ExchangeRate,
    Fraction,
    Frequency,
    Length,
    Mass,
    Money,
    MoneyPerYear,
    Rate,
    Record,
    Speed,
    Strict,
    Time,
    Whole,
)
from shieldwall.catalogue.resilience import (
    AlertSystem,
    Consequence,
    Diplomacy,
    ExerciseProgramme,
    IntelligenceSource,
    Measure,
    ReadinessState,
    Repair,
    Sheltering,
)
from shieldwall.catalogue.resources import ArsenalRecord, BudgetRecord, ProcurementRecord, SustainmentRecord
from shieldwall.catalogue.sourced import refuse

__all__ = ["GROUPS", "Record", "name_figures"]


class Threat(Record):
    """What is launched; see raid.salvo.ThreatType for the meaning of each figure."""

    threat_class: ThreatClass = Field(alias="class")
    path: PathKind
    aliases: tuple[str, ...] = ()
    speed: Speed
    height: Length
    apogee: Length | None = None
    dive: Length
    range: Length
    radar_cross_section: Area
    failure_probability: Fraction
    circular_error: Length
    warhead: Mass
    unit_cost: Money
    production: CountPerYear | None = None
    decoy_share: Fraction | None = None
    decoy_unit_cost: Money | None = None
    burn: Time | None = None
    ballistic_coefficient: ArealMass | None = None
    glide_speed: Speed | None = None
    lift_to_drag: Count | None = None

    @model_validator(mode="after")
    def _glide_is_whole(self) -> Self:
        if (self.glide_speed is None) != (self.lift_to_drag is None):
            raise refuse("glide_speed and lift_to_drag belong together", "give both or neither")
        return self

    @model_validator(mode="after")
    def _arc_has_top(self) -> Self:
        if self.path in ("quasi_ballistic", "ballistic") and self.apogee is None:
            raise refuse(f"a {self.path} path has no apogee", "add the figure apogee:")
        return self


class Effector(Record):
    """A kind of round; see active_defence.fire_unit.EffectorType."""

    kind: EffectorKind
    kill_probability: Mapping[ThreatClass, Fraction]
    range: Mapping[ThreatClass, Length]
    range_min: Length
    height_min: Length
    height_max: Length
    speed: Speed
    reaction: Time
    interval: Time
    rounds_per_shot: AtLeastOne
    unit_cost: Money
    production: CountPerYear | None = None

    @model_validator(mode="after")
    def _same_classes(self) -> Self:
        unlike = set(self.kill_probability) ^ set(self.range)
        if unlike:
            raise refuse(
                f"kill_probability and range do not name the same classes: {', '.join(sorted(unlike))}",
                "give both or neither for each class",
            )
        return self


class Sensor(Record):
    """A kind of sensor; see surveillance.sensor.SensorType."""

    kind: SensorKind
    range: Length | None = None
    reference_cross_section: Area | None = None
    range_by_class: Mapping[ThreatClass, Length] = Field(default_factory=dict)
    antenna_height: Length
    height_max: Length
    scan: Time
    detection_probability: Fraction
    hits_to_track: AtLeastOne
    unit_cost: Money
    operating_cost: MoneyPerYear | None = None
    frequency: Frequency | None = None
    clear_visibility: Length | None = None
    sector: Angle | None = None
    elevation_min: Angle | None = None
    elevation_max: Angle | None = None
    quality: TrackQuality | None = None
    orbit_speed: Speed | None = None
    turn_radius: Length | None = None

    @model_validator(mode="after")
    def _range_fits_kind(self) -> Self:
        if self.kind in ("radar", "airborne_radar"):
            if self.range is None or self.reference_cross_section is None:
                raise refuse(f"a {self.kind} has no range", "add the figures range: and reference_cross_section:")
        elif not self.range_by_class:
            raise refuse(f"a sensor of kind {self.kind} has no range", "add range_by_class: {class: figure}")
        return self


class WeaponRecord(Strict):
    """One kind of round on a fire unit."""

    effector: str
    launchers: AtLeastOne
    rounds_per_launcher: AtLeastOne
    reserve_rounds: Whole
    reload: Time


class FireUnit(Record):
    """Launchers and their fire control; `radar` is a sensor id, the crew's own eyes among them."""

    radar: str
    backup_radar: bool
    backup_distance: Length | None = None
    weapons: tuple[WeaponRecord, ...] = Field(min_length=1)
    channels: AtLeastOne
    ready: Time
    availability: Fraction
    hardness: Mass
    radius: Length
    unit_cost: Money
    operating_cost: MoneyPerYear | None = None


class SoftKill(Record):
    """A zone of electronic warfare; `hazard` is the rate at which a threat inside is suppressed."""

    radius: Length
    height_max: Length
    hazard: Mapping[ThreatClass, Rate]
    unit_cost: Money


SHOOTING_ROLES = ("fighter", "helicopter", "light_aircraft")
_SHOOTING_FIGURES = (
    "readiness_spread", "turn_round", "turn_spread", "identification", "gun_shots", "loss_probability",
    "reserve_loads", "fuel_reserve",
)  # fmt: skip


class Aircraft(Record):
    """A kind of aircraft. `readiness` is from the order to take-off; see active_defence.fighter.FighterType.

    What only those that shoot need (from `readiness_spread` to `fuel_reserve`), or only tankers (`refuel_time`,
    `refuellings`), is left out of the others.
    """

    generation: int | None = None
    role: Literal["fighter", "helicopter", "light_aircraft", "early_warning", "tanker"]
    speed: Speed
    combat_radius: Length
    endurance: Time
    missiles: Whole
    readiness: Time
    availability: Fraction
    unit_cost: Money
    hour_cost: Money
    radar_range: Length | None = None
    reference_cross_section: Area | None = None
    missile_range: Length | None = None
    kill_probability: Mapping[ThreatClass, Fraction] = Field(default_factory=dict)
    readiness_spread: Time | None = None
    turn_round: Time | None = None
    turn_spread: Time | None = None
    identification: Time | None = None
    gun_shots: Whole | None = None
    loss_probability: Fraction | None = None
    reserve_loads: Whole | None = None
    fuel_reserve: Fraction | None = None
    refuel_time: Time | None = None
    refuellings: Whole | None = None
    yearly_hours: Time | None = None
    effectors: tuple[str, ...] = ()
    sensor: str | None = None

    @model_validator(mode="after")
    def _has_what_its_role_needs(self) -> Self:
        needed: tuple[str, ...] = ()
        if self.role in SHOOTING_ROLES:
            needed = _SHOOTING_FIGURES
        elif self.role == "tanker":
            needed = ("refuel_time", "refuellings")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise refuse(f"a {self.role} has no {' and no '.join(missing)}", f"add the figure {missing[0]}:")
        return self


class AssetKind(Record):
    """A kind of defended place. `hardness` is the warhead mass that takes half of what is left."""

    hardness: Mass
    radius: Length
    value: Count


class Nation(Record):
    """A member or partner; `inventories` counts systems by the ids of fire units, aircraft or sensors."""

    gdp: Money
    defence_share: Fraction
    defence_share_2025: Fraction | None = None
    population: Whole
    inventories: Mapping[str, Whole] = Field(default_factory=dict)


class CommandRecord(Record):
    """Mean delays at one level of integration."""

    identification: Time
    command: Time
    delay: Literal["exponential", "constant"]


class ShotRecord(Strict):
    """Shot doctrine against one class; see battle_management.doctrine.ShotRule."""

    salvo: AtLeastOne
    max_shots: AtLeastOne
    assess: Time


class DoctrineRecord(Record):
    """Shot doctrine, preferences (effector ids or kinds, first to last) and what is forbidden, by class."""

    assignment: str
    weapons_control: Literal["free", "tight", "hold"]
    last_chance: Literal["look", "shoot"]
    shots: Mapping[ThreatClass, ShotRecord]
    prefer: Mapping[ThreatClass, tuple[str, ...]] = Field(default_factory=dict)
    forbid: Mapping[ThreatClass, tuple[str, ...]] = Field(default_factory=dict)


class TrafficRecord(Record):
    """A kind of friendly or civil aircraft. Defences that fire at it do so as at the class `engaged_as`.

    `called_hostile` is the chance that the verdict of an identification on it is "hostile".
    """

    side: Literal["friend", "civil"]
    engaged_as: ThreatClass
    speed: Speed
    height: Length
    radar_cross_section: Area
    called_hostile: Fraction
    people: Whole


class IdentificationRecord(Record):
    """How well tracks are identified; see battle_management.identification.Identification."""

    verdict: Fraction
    recheck: Time
    hostile_let_go: Mapping[ThreatClass, Fraction]


class MoneyRates(Record):
    """Exchange rates: dollars for one euro."""

    eur_usd: ExchangeRate


class PlanningFactors(Record):
    """What stands in for a key that a scenario leaves out: parts of services, crews, distances; orders in exercises."""

    works_at: Fraction
    repair_crews: AtLeastOne
    apart: Length
    on_call: Time
    scramble: AtLeastOne
    patrol: AtLeastOne
    look_ahead: Time


# The folder of a group -> its model. The order is that of lists and messages.
GROUPS: Mapping[str, type[Record]] = {
    "threats": Threat,
    "effectors": Effector,
    "sensors": Sensor,
    "fire_units": FireUnit,
    "soft_kill": SoftKill,
    "aircraft": Aircraft,
    "assets": AssetKind,
    "nations": Nation,
    "command": CommandRecord,
    "doctrine": DoctrineRecord,
    "traffic": TrafficRecord,
    "identification": IdentificationRecord,
    "money": MoneyRates,
    "budget": BudgetRecord,
    "procurement": ProcurementRecord,
    "arsenals": ArsenalRecord,
    "sustainment": SustainmentRecord,
    "planning_factors": PlanningFactors,
    "alert_systems": AlertSystem,
    "sheltering": Sheltering,
    "consequences": Consequence,
    "measures": Measure,
    "repairs": Repair,
    "readiness_states": ReadinessState,
    "intelligence_sources": IntelligenceSource,
    "exercise_programmes": ExerciseProgramme,
    "diplomacy": Diplomacy,
}


def name_figures(group: str, record: Record) -> None:
    """Tell every figure of a record where it stands, for messages and manifests."""
    for path, figure in record.figures():
        figure._path = f"{group}.{record.id}.{path}"
