"""How things are bought and kept: time from order to delivery, makers' output, upkeep; an item's own or its group's."""

from __future__ import annotations

from typing import Literal

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.resources import GroupTerms, ItemTerms
from shieldwall.catalogue.sourced import Figure, known

BoughtGroup = Literal["fire_units", "effectors", "sensors", "soft_kill"]
TERMS, _RATES = "terms", "rates"
_DAY_S = 86_400.0


def lead_days(catalogue: Catalogue, group: BoughtGroup, item: str) -> float:
    """Return the days from order to delivery."""
    own, common = _terms(catalogue, group, item)
    return (own.lead_time or common.lead_time).si / _DAY_S


def output_a_year(catalogue: Catalogue, group: BoughtGroup, item: str) -> float:
    """Return how many the makers deliver to everybody in a year; an effector's own figure stands with it."""
    own, common = _terms(catalogue, group, item)
    if own.production is not None:
        return own.production.si
    figure: Figure | None = known(getattr(catalogue.entries(group)[item], "production", None))
    return (figure or common.production).si


def operating_usd_a_year(catalogue: Catalogue, group: BoughtGroup, item: str, price_usd: float) -> float:
    """Return what keeping one for a year costs: its own figure, else the stated share of its price."""
    figure = known(getattr(catalogue.entries(group)[item], "operating_cost", None))
    if figure is not None:
        return figure.usd(catalogue.money[_RATES].eur_usd.si)
    return price_usd * operating_share(catalogue, group, item)


def operating_share(catalogue: Catalogue, group: BoughtGroup, item: str) -> float:
    """Return the share of its price that keeping one for a year costs."""
    own, common = _terms(catalogue, group, item)
    return (own.operating_share or common.operating_share).si


def _terms(catalogue: Catalogue, group: BoughtGroup, item: str) -> tuple[ItemTerms, GroupTerms]:
    terms = catalogue.procurement[TERMS]
    return terms.terms.get(item, ItemTerms()), terms.of_group[group]
