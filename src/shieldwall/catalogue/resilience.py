"""Entries of passive defence and readiness: what warns, shelters, hides, repairs, stands by and knows beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from shieldwall.catalogue.classes import ThreatClass
from shieldwall.catalogue.dimensions import (
    Area,
    Count,
    CountPerYear,
    Fraction,
    Money,
    MoneyPerYear,
    Ratio,
    Record,
    Strict,
    Time,
)
from shieldwall.catalogue.sourced import refuse

MeasureKind = Literal["hardening", "dispersal", "decoy", "camouflage", "emission_control", "relocation"]


class AlertSystem(Record):
    """How people are told; see passive_defence.warning.AlertSystem. `cost_per_person` is for each inhabitant."""

    latency: Time
    broadcast: Time
    hold: Time
    reached_day: Fraction
    reached_night: Fraction
    cost_per_person: Money


class Outdoors(Strict):
    """Share of the people in the open, by the hour: see passive_defence.shelter.BANDS."""

    night: Fraction
    morning: Fraction
    day: Fraction
    evening: Fraction


class Sheltering(Record):
    """What people do once they are warned and how safe that is; see passive_defence.shelter.Sheltering."""

    to_shelter: Fraction
    to_inner_room: Fraction
    time_to_shelter: Time
    time_to_inner_room: Time
    time_spread: Ratio
    outdoors: Outdoors
    risk_outdoors: Ratio
    risk_inner_room: Fraction
    risk_shelter: Fraction
    places: Fraction
    cost_per_place: Money


class Consequence(Record):
    """What a hit among people does; see passive_defence.casualties.Consequence."""

    area: Area
    killed: Fraction
    shape: Count


class Measure(Record):
    """A passive measure, for one object (a decoy: for one decoy; dispersal: for one aim point more).

    hardening: `hardness_factor`; decoy: `attraction`; camouflage: `misdirected` by class; emission_control: `duty` and
    `misdirected`; relocation: `stay`, `move` and `knowledge` (see passive_defence.dispersal, decoys, camouflage).
    """

    kind: MeasureKind
    unit_cost: Money
    hardness_factor: Ratio | None = None
    attraction: Ratio | None = None
    misdirected: Mapping[ThreatClass, Fraction] = Field(default_factory=dict)
    duty: Fraction | None = None
    stay: Time | None = None
    move: Time | None = None
    knowledge: Time | None = None

    @model_validator(mode="after")
    def _has_its_figures(self) -> Self:
        needed = {
            "hardening": ("hardness_factor",),
            "decoy": ("attraction",),
            "emission_control": ("duty",),
            "relocation": ("stay", "move", "knowledge"),
        }
        for name in needed.get(self.kind, ()):
            if getattr(self, name) is None:
                raise refuse(f"a measure of kind {self.kind} has no {name}", f"add the figure {name}:")
        if self.kind in ("camouflage", "emission_control") and not self.misdirected:
            raise refuse(f"a measure of kind {self.kind} misdirects nothing", "add misdirected: {class: figure}")
        return self


class Repair(Record):
    """How long one crew works on what a raid has broken; see passive_defence.repair.RepairKind."""

    mean: Time
    spread: Ratio
    spare_lead: Time
    spare_cost: Money
    crew_cost: MoneyPerYear


class ReadinessState(Record):
    """What a state of readiness gives and costs; see battle_management.readiness.ReadinessState."""

    crew_present: Fraction
    sensors_on: Fraction
    ready: Time
    raise_time: Time
    scramble: Time
    delay_factor: Ratio
    cost_share: Fraction


class IntelligenceSource(Record):
    """What is known before a launch; see battle_management.intelligence.IntelligenceSource."""

    seen: Mapping[ThreatClass, Fraction] = Field(min_length=1)
    lead: Time
    false_alarms: CountPerYear
    hold: Time
    cost: MoneyPerYear


class ExerciseProgramme(Record):
    """How well crews are drilled; see battle_management.readiness.Proficiency."""

    delay_factor: Ratio
    misidentified: Fraction
    recheck: Time
    cost_share: Fraction


class Diplomacy(Record):
    """What is not shot: `launch_reduction` is the share of an adversary's launches that does not happen."""

    launch_reduction: Fraction
    unit_cost: Money
