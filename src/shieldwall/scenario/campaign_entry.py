"""What a scenario file may say of a campaign, night after night; see docs/model/campaign.md for what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from shieldwall.scenario.campaign_types import Estimates, StockRule
from shieldwall.scenario.model import Id, Model, Name
from shieldwall.scenario.quantity import Fraction, Number, Quantity, Whole, refuse, shown

MAX_NIGHTS = 3_650
_YEARS_S = 20.0 * 365.25 * 86_400.0

Days = Annotated[float, Quantity("time", _YEARS_S, "30 days")]
Output = Annotated[float, Quantity("count_per_year", 1e9, "620 count/year")]
Night = Annotated[int, Whole(1, MAX_NIGHTS)]
Placed = Annotated[int, Whole(-20_000, MAX_NIGHTS)]
Stock = Annotated[int, Whole(0, 10_000_000)]
Size = Annotated[int, Whole(0, 200_000)]
Depots = Mapping[str, Mapping[str, Stock]]


def _size(value: Any) -> Any:
    """Read a number of threats as a range of one number; refuse a range whose ends are the wrong way round."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value, value)
    if not isinstance(value, tuple) or len(value) != 2:
        raise refuse(f"{shown(value)} is no number of threats", "write 12 or [8, 20]")
    if all(isinstance(end, int) for end in value) and value[0] > value[1]:
        raise refuse(f"the range {value[0]} to {value[1]} is empty", "write the smaller number first")
    return value


Sizes = Annotated[
    tuple[Size, Size],
    BeforeValidator(_size),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]


class AdversaryEntry(Model):
    """What the raids are fed from. `stock` and `production` replace the catalogue's public estimates."""

    estimates: Estimates = "central"
    share: Fraction = 1.0
    stock: Mapping[str, Stock] = Field(default_factory=dict)
    production: Mapping[str, Output] = Field(default_factory=dict)


class MixEntry(Model):
    """A kind of night: how many threats of which salvos, as a number or a range."""

    id: Id
    raids: Mapping[str, Sizes] = Field(min_length=1, examples=["{ID: [8, 20]}"])


class ScheduledEntry(Model):
    """Nights on which a mix comes: from, from + every, ... up to `to`."""

    mix: Name
    from_: Night = Field(alias="from", examples=[1])
    to: Night | None = None
    every: Night = 1


class ProcessEntry(Model):
    """Raids by chance: each night one comes with this chance, its mix drawn by weight."""

    chance: Fraction
    weights: Mapping[str, Annotated[float, Number(0.0, 1e9)]] = Field(min_length=1, examples=["{ID: 1}"])


class StocksEntry(Model):
    """Whose rounds go where, how many lie in depots, and how long they are under way (the catalogue's if not given)."""

    rule: StockRule = "national"
    reserve: Fraction = 0.0
    depots: Depots = Field(default_factory=dict)
    transport: Days | None = None
    allied_transport: Days | None = None


class LineEntry(Model):
    """A production line: its output at the start (the catalogue's if not given), and after a ramp; our share of it."""

    id: Id
    makes: Name = Field(examples=["pac-3-mse"])
    rate: Output | None = None
    rate_after: Output | None = None
    ramp: Days = 0.0
    opens: Night = 1
    share: Fraction = 1.0


class OrderEntry(Model):
    """What a nation ordered: `count` of it, or without a count whatever the line makes. Nights before 1 are past."""

    id: Id
    nation: Name
    line: Name
    count: Stock | None = None
    placed: Placed = 1
    lead_time: Days | None = None
    delivery: Placed | None = None


class ReorderEntry(Model):
    """A standing rule: when depot and orders fall to `below`, order up to `up_to`."""

    id: Id
    nation: Name
    line: Name
    below: Stock
    up_to: Stock
    lead_time: Days | None = None


class RepairEntry(Model):
    """What becomes of losses. Times are means; each nation has `crews`, who mend what was lost first.

    What is not given is the catalogue's.
    """

    crews: Annotated[int, Whole(0, 100_000)] | None = None
    radar: Days | None = None
    fire_unit: Days | None = None
    asset: Days | None = None
    written_off: Fraction | None = None
    cost: Fraction | None = None
    spares: Depots = Field(default_factory=dict)
    replacement: Days | None = None


class CampaignEntry(Model):
    """Night after night. One of `schedule` and `process` says when raids come."""

    nights: Night = Field(examples=[90])
    adversary: AdversaryEntry = Field(default_factory=AdversaryEntry)
    mixes: tuple[MixEntry, ...] = Field(max_length=1_000, examples=["[{id: ..., raids: {...}}]"])
    schedule: tuple[ScheduledEntry, ...] = Field(default=(), max_length=10_000)
    process: ProcessEntry | None = None
    stocks: StocksEntry = Field(default_factory=StocksEntry)
    lines: tuple[LineEntry, ...] = Field(default=(), max_length=1_000)
    orders: tuple[OrderEntry, ...] = Field(default=(), max_length=10_000)
    reorders: tuple[ReorderEntry, ...] = Field(default=(), max_length=10_000)
    repair: RepairEntry = Field(default_factory=RepairEntry)
    runs_out_below: Fraction = 0.1
