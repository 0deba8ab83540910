"""What a scenario file may say of passive defence, readiness and agreements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from shieldwall.passive_defence.network import MOST_PARTS, ServiceKind
from shieldwall.passive_defence.warning import Scope
from shieldwall.scenario.model import Copies, Id, Model, Name, Rounds, Text, Weight, one_or_more
from shieldwall.scenario.quantity import Duration, Fraction, Length, Whole

Names = Annotated[tuple[Name, ...], BeforeValidator(one_or_more)]


class PeopleEntry(Model):
    """Whose casualties are told: the population of assets. Without `warning` nobody is told of a raid."""

    shelter: Name = Field(examples=["as-in-ukraine-2023"])
    warning: Name | None = None
    scope: Scope = "asset"
    consequence: Name = "blast"


class MeasureEntry(Model):
    """A passive measure and its objects; `count` decoys, or aim points in all, each `apart` from the object.

    What is not given in this and the next entries is the catalogue's (`planning_factors`).
    """

    measure: Name = Field(examples=["camouflage"])
    of: Names = Field(min_length=1, max_length=1000, examples=["[ID]"])
    count: Copies = 1
    apart: Length | None = None


class PartEntry(Model):
    """A part of a service: an asset, fire unit or sensor. Its capacity counts where there are no links."""

    of: Name
    id: Id | None = None
    capacity: Weight = 1.0
    works_at: Fraction | None = None
    repair: Name | None = None


class LinkEntry(Model):
    """A link of a flow network, in both directions unless `one_way`; `part` stands at it."""

    from_: Name = Field(alias="from")
    to: Name
    capacity: Weight
    part: Id | None = None
    one_way: bool = False


class ServiceEntry(Model):
    """What is delivered by a network of parts: added up, k of n (`needed`), or a flow from `source` to `sink`."""

    id: Id
    kind: ServiceKind = "other"
    name: Text = ""
    demand: Weight | None = None
    parts: tuple[PartEntry, ...] | Literal["radars"] = Field(examples=["[{of: ID}]"])
    needed: Annotated[int, Whole(1, MOST_PARTS)] | None = None
    links: tuple[LinkEntry, ...] = Field(default=(), max_length=1000)
    source: Name = "source"
    sink: Name = "sink"


class RepairEntry(Model):
    """Crews, spares in store by kind of repair, and for how long after the raid services are counted."""

    crews: Annotated[int, Whole(1, 1000)] | None = None
    spares: Mapping[str, Rounds] = Field(default_factory=dict)
    horizon: Duration = 30 * 86_400.0


class ReadinessEntry(Model):
    """The state in routine, the one that a warning raises it to, who warns, and how crews are drilled."""

    state: Name = Field(examples=["peacetime"])
    raised: Name | None = None
    intelligence: Name | None = None
    exercises: Name | None = None
    raids_a_year: Weight = 1.0


class AgreementEntry(Model):
    """An agreed limit: of these types together, at most `cap` are in the raid."""

    id: Id
    types: Names = Field(min_length=1, max_length=100)
    cap: Rounds


class ReductionEntry(Model):
    """A stated reduction of an adversary's launches, by a kind of the catalogue's diplomacy."""

    kind: Name
    types: Names = Field(min_length=1, max_length=100)
