"""Entries of what a defence is bought and kept with: budgets, terms of procurement, an adversary's stock, repair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from shieldwall.catalogue.dimensions import CountPerYear, Fraction, Money, Record, Strict, Time, Whole


class TotalsRecord(Strict):
    """Published totals for the base year, which the sums over nations are checked against."""

    mean_share: Fraction
    united_states: Money
    europe_and_canada: Money
    united_states_constant: Money
    europe_and_canada_constant: Money


class BudgetRecord(Record):
    """What the members agreed to spend by when, and what of it goes to air and missile defence; rates are by year."""

    base_year: int = Field(ge=2000, le=2100)
    target_year: int = Field(ge=2000, le=2100)
    price_year: int = Field(ge=2000, le=2100)
    members: tuple[str, ...] = Field(min_length=1)
    core_target: Fraction
    related_target: Fraction
    related_today: Fraction
    iamd_share_of_core: Fraction
    iamd_share_of_related: Fraction
    growth: Fraction
    discount_rate: Fraction
    equipment_inflation: Fraction
    checks: TotalsRecord


class GroupTerms(Strict):
    """How a kind of thing is bought; `operating_share` is of its price, each year."""

    lead_time: Time
    production: CountPerYear
    operating_share: Fraction


class ItemTerms(Strict):
    """How one thing is bought; what is not given is that of its group (an effector has its own production)."""

    lead_time: Time | None = None
    production: CountPerYear | None = None
    operating_share: Fraction | None = None


class ProcurementRecord(Record):
    """Lead times, production and upkeep, by ids of fire units, effectors, sensors and soft kill."""

    of_group: Mapping[Literal["fire_units", "effectors", "sensors", "soft_kill"], GroupTerms]
    terms: Mapping[str, ItemTerms]


class ArsenalRecord(Record):
    """What an adversary has in store, by ids of threats."""

    stock: Mapping[str, Whole]


class SustainmentRecord(Record):
    """Repair of losses and transport of rounds between raids. Times are means; shares: of losses, of the price."""

    radar_repair: Time
    fire_unit_repair: Time
    asset_repair: Time
    written_off: Fraction
    cost_share: Fraction
    replacement: Time
    transport: Time
    allied_transport: Time
