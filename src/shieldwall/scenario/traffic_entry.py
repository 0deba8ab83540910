"""What a scenario file may say of identification and of friendly and civil aircraft in the air."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from shieldwall.catalogue.classes import ThreatClass
from shieldwall.raid.salvo import Timing
from shieldwall.scenario.model import MAX_THREATS, Id, Model, Moment, Name, Where
from shieldwall.scenario.quantity import Duration, Fraction, Length, Speed, Whole


class IdentificationEntry(Model):
    """How well tracks are identified; what is not given comes from the catalogue's standard."""

    verdict: Fraction | None = None
    recheck: Duration | None = None
    hostile_let_go: Mapping[ThreatClass, Fraction] = Field(default_factory=dict)
    called_hostile: Mapping[Name, Fraction] = Field(default_factory=dict)


class TrafficEntry(Model):
    """`count` friendly or civil aircraft of one type that fly from somewhere to somewhere else."""

    id: Id
    type: Name = Field(examples=["airliner"])
    count: Annotated[int, Whole(0, MAX_THREATS)] = Field(examples=[4])
    from_: Where = Field(alias="from", examples=["[52.2, 21.0]"])
    to: Where = Field(examples=["[50.1, 14.3]"])
    via: tuple[Where, ...] = Field(default=(), max_length=1000)
    launch: Moment = Field(examples=['"21:30"'])
    spread: Duration = 0.0
    timing: Timing = "uniform"
    height: Length | None = None
    speed: Speed | None = None
    routes: Annotated[int, Whole(1, 64)] = 1
    route_spread: Length = 0.0
