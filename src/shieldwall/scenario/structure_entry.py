"""What a scenario file may say of the command structure; see docs/model/command.md for what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from shieldwall.battle_management.structure import Level
from shieldwall.scenario.model import Id, Model, Moment, Name
from shieldwall.scenario.quantity import Capacity, Duration, Whole

_MOST = 2_000


class NodeEntry(Model):
    """A command post. `operators` work on one track each for `service` on the mean; `queue` more may wait."""

    id: Id
    level: Level = Field(examples=["sector"])
    parent: Name | None = None
    operators: Annotated[int, Whole(1, 100_000)] | None = None
    queue: Annotated[int, Whole(0, 1_000_000)] | None = None
    service: Duration | None = None
    order: Literal["arrival", "value"] = "arrival"


class OutageEntry(Model):
    """When a link is down."""

    from_: Moment = Field(alias="from", examples=['"02:30"'])
    to: Moment = Field(examples=['"04:00"'])


class LinkEntry(Model):
    """From a node, fire unit or sensor to the node above it; `capacity`: new tracks that it carries upward a second."""

    from_: Name = Field(alias="from", examples=["ID"])
    to: Name = Field(examples=["ID"])
    latency: Duration = 0.0
    capacity: Capacity | None = None
    outages: tuple[OutageEntry, ...] = Field(default=(), max_length=_MOST)


class LossEntry(Model):
    """A node is lost; without `repair`, for good."""

    node: Name = Field(examples=["ID"])
    at: Moment = Field(examples=['"02:30"'])
    repair: Duration | None = None


class StructureEntry(Model):
    """Nodes, who hangs on them, links, losses; without `nodes`, those of the level of integration."""

    nodes: tuple[NodeEntry, ...] = Field(default=(), max_length=_MOST)
    members: Mapping[str, tuple[Name, ...]] = Field(default_factory=dict)
    links: tuple[LinkEntry, ...] = Field(default=(), max_length=_MOST)
    losses: tuple[LossEntry, ...] = Field(default=(), max_length=_MOST)
    cut_off: Literal["free", "tight", "hold"] = "tight"
