"""Whole dollars: shares that add up to the last unit, present values, prices of what is bought and kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.resources import BudgetRecord
from shieldwall.catalogue.sourced import Figure
from shieldwall.catalogue.terms import BoughtGroup, lead_days, operating_usd_a_year, output_a_year
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.units import unit_of

Int = NDArray[np.int64]
Float = NDArray[np.float64]

BUDGET, RATES = "path-to-2035", "rates"
BOUGHT: tuple[BoughtGroup, ...] = get_args(BoughtGroup)


@dataclass(frozen=True, slots=True)
class Price:
    """What one thing costs, in whole US dollars at the prices of `price_year`.

    usd, low_usd, high_usd: buying one, and the ends of the range; a fire unit's price holds no rounds. operating_usd:
    keeping one for a year. lead_days: from order to delivery. per_year: how many the makers deliver to everybody.
    stated_year: the year of the price as printed, None where the source says none (taken as `price_year`).
    """

    item: str
    group: str
    usd: int
    low_usd: int
    high_usd: int
    operating_usd: int
    lead_days: float
    per_year: float
    price_year: int
    stated_year: int | None
    confidence: str


def prices(catalogue: Catalogue, items: Sequence[str] | None = None) -> dict[str, Price]:
    """Return what things cost and how they are bought, by id.

    Parameters
    ----------
    catalogue : with the groups budget and procurement
    items : ids of fire units, effectors, sensors or soft kill; all of them if not given

    Raises
    ------
    InputError
        If an id is none of these; the cure names the nearest.
    """
    groups = {item: group for group in BOUGHT for item in catalogue.entries(group)}
    unknown = [item for item in items or () if item not in groups]
    if unknown:
        raise InputError(
            [Mistake("", 0, 0, f"'{item}' is nothing that can be bought", nearest(item, groups)) for item in unknown]
        )
    return {item: _price(catalogue, groups[item], item) for item in (groups if items is None else items)}


def _price(catalogue: Catalogue, group: BoughtGroup, item: str) -> Price:
    record, budget = catalogue.entries(group)[item], catalogue.budget[BUDGET]
    cost: Figure = record.unit_cost  # type: ignore[attr-defined]  # all four groups have one
    bring = partial(_usd, catalogue=catalogue, budget=budget, figure=cost)
    usd = bring(cost.si)
    return Price(
        item=item,
        group=group,
        usd=usd,
        low_usd=bring(cost.si_low),
        high_usd=bring(cost.si_high),
        operating_usd=round(operating_usd_a_year(catalogue, group, item, usd)),
        lead_days=lead_days(catalogue, group, item),
        per_year=output_a_year(catalogue, group, item),
        price_year=budget.price_year,
        stated_year=cost.year,
        confidence=cost.confidence,
    )


def _usd(amount: float, *, catalogue: Catalogue, budget: BudgetRecord, figure: Figure) -> int:
    """Return an amount in whole dollars of the price year."""
    rate = catalogue.money[RATES].eur_usd.si if unit_of(figure.unit).startswith("EUR") else 1.0
    years = 0 if figure.year is None else budget.price_year - figure.year
    return round(amount * rate * (1.0 + budget.equipment_inflation.si) ** years)


def apportion(total: int, weights: ArrayLike) -> Int:
    """Return whole shares of `total` in proportion to `weights` that add up to it: largest remainders, ties first come.

    Parameters
    ----------
    total : whole, 0 or more
    weights : (n,), 0 or more, not all 0 unless total is 0

    Returns
    -------
    int64 (n,), sum exactly `total`; every share less than one away from its exact value

    References
    ----------
    Hamilton's method of largest remainders.
    """
    weight = [Fraction(w) for w in np.asarray(weights).tolist()]
    whole = sum(weight)
    if total == 0 or whole <= 0:
        return np.zeros(len(weight), np.int64)
    exact = [total * w / whole for w in weight]
    share = [math.floor(e) for e in exact]
    order = sorted(range(len(weight)), key=lambda i: (share[i] - exact[i], i))
    for i in order[: total - sum(share)]:
        share[i] += 1
    return np.array(share, np.int64)


def discount_factors(years: Sequence[int], rate: float, base_year: int) -> Float:
    """Return 1 / (1 + rate) ** (year - base_year), float64 (Y,): the worth in the base year of a dollar of each."""
    return np.asarray((1.0 + rate) ** -(np.asarray(years, np.float64) - base_year), np.float64)
