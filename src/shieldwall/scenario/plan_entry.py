"""What a scenario file may say of a plan: what can be bought, by whom, with what money, against which raids.

See docs/model/planner.md for what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from shieldwall.scenario.model import Id, Model, Name, Where, one_or_more
from shieldwall.scenario.quantity import Fraction, Number, Override, Quantity, Whole, refuse, shown

Money = Annotated[float, Quantity("money", 1e15, "250e6 USD")]
Years = Annotated[float, Quantity("time", 50.0 * 365.25 * 86_400.0, "1000 days")]
Many = Annotated[int, Whole(0, 1_000)]
Lot = Annotated[int, Whole(1, 1_000_000)]
Year = Annotated[int, Whole(2000, 2100)]


def _span(value: Any) -> Any:
    """Read the first and the last year; refuse them the wrong way round."""
    if not isinstance(value, tuple) or len(value) != 2:
        raise refuse(f"{shown(value)} is not two years", "write years: [2025, 2035]")
    if all(isinstance(year, int) for year in value) and value[0] > value[1]:
        raise refuse(f"{value[0]} is after {value[1]}", "write the first year, then the last")
    return value


Span = Annotated[
    tuple[Year, Year],
    BeforeValidator(_span),
    WithJsonSchema({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}),
]


class NationEntry(Model):
    """Who pays. `budget` is for each year (one figure for all, or a list); `floor` is the least to spend over all."""

    id: Name = Field(examples=["PL"])
    sector: Name | None = None
    budget: tuple[Money, ...] | None = Field(default=None, examples=["[250e6 USD]"])
    floor: Money = 0.0


class OptionEntry(Model):
    """Something that can be bought, up to `most` times: a thing of the catalogue, or any change of the scenario.

    `buy` with `at` sets up fire units, sensors or soft kill; rounds go to the nation's units in lots. `set` changes
    values and `add` adds entries to lists, at a stated `cost`.
    """

    id: Id
    nation: Name = Field(default="all", examples=["PL"])
    buy: Name | None = Field(default=None, examples=["patriot-battery"])
    at: Annotated[tuple[Where, ...], BeforeValidator(one_or_more)] = Field(default=(), max_length=1000)
    lot: Lot = 1
    set: Mapping[str, Annotated[str | float, Override()]] = Field(default_factory=dict)
    add: Any = None
    cost: Money | None = None
    operating: Money | None = None
    lead_time: Years | None = None
    per_year: Annotated[float, Number(0.0, 1e6)] | None = None
    most: Many = 1
    least: Many = 0
    by: Year | None = None


class PlanRaidEntry(Model):
    """A raid to be ready for: the scenario's own with these changes, and how much it counts."""

    id: Id
    weight: Annotated[float, Number(0.0, 1e9)] = 1.0
    set: Mapping[str, Annotated[str | float, Override()]] = Field(default_factory=dict)


class PlanEntry(Model):
    """What to decide, and by what."""

    years: Span = Field(examples=["[2025, 2035]"])
    objective: Literal["mean", "worst", "cvar"] = "mean"
    tail: Annotated[float, Number(0.0, 0.999)] = 0.9
    measure: Literal["damage", "leaked", "casualties"] = "damage"
    path: Literal["pledge", "hold"] = "pledge"
    end: Literal["low", "central", "high"] = "central"
    share_of_budget: Fraction = 1.0
    share_of_production: Fraction = 1.0
    nations: tuple[NationEntry, ...] = Field(min_length=1, max_length=100, examples=["[{id: PL, sector: pl}]"])
    options: tuple[OptionEntry, ...] = Field(min_length=1, max_length=200, examples=["[{id: ...}]"])
    raids: tuple[PlanRaidEntry, ...] = Field(default=(), max_length=20)
