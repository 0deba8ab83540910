"""Turn the campaign of a document into its frozen form: estimates from the catalogue, whole days, output by day."""

from __future__ import annotations

import math

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.resources import SustainmentRecord
from shieldwall.catalogue.sourced import Figure, known
from shieldwall.catalogue.terms import BoughtGroup, lead_days, operating_usd_a_year, output_a_year
from shieldwall.scenario.campaign_entry import AdversaryEntry, CampaignEntry, LineEntry, OrderEntry, ReorderEntry
from shieldwall.scenario.campaign_types import (
    Adversary,
    Campaign,
    Estimate,
    Line,
    Mix,
    Order,
    Process,
    Reorder,
    Repair,
    Scheduled,
    Stocks,
)
from shieldwall.scenario.document import Document
from shieldwall.scenario.kinds import Kinds
from shieldwall.surveillance.sensor import Sensor

ARSENAL, SUSTAINMENT = "adversary", "standard"
DAY_S = 86_400.0
_DAYS_A_YEAR = 365.25


def campaign_of(
    document: Document, kinds: Kinds, units: tuple[FireUnit, ...], sensors: tuple[Sensor, ...]
) -> Campaign | None:
    """Return the campaign of a document that passed every check, None if it has none.

    `units` and `sensors` are those of the scenario, with all copies.
    """
    entry = document.campaign
    if entry is None:
        return None
    makes = {line.id: line.makes for line in entry.lines}
    return Campaign(
        nights=entry.nights,
        adversary=_adversary(entry.adversary, document, kinds),
        mixes=tuple(Mix(mix.id, dict(sorted(mix.raids.items()))) for mix in entry.mixes),
        schedule=tuple(
            Scheduled(s.mix, s.from_, min(s.to or entry.nights, entry.nights), s.every) for s in entry.schedule
        ),
        process=Process(entry.process.chance, dict(entry.process.weights)) if entry.process else None,
        stocks=_stocks(entry, kinds),
        lines=tuple(_line(line, kinds.catalogue) for line in entry.lines),
        orders=tuple(_order(order, makes[order.line], kinds.catalogue) for order in entry.orders),
        reorders=tuple(_reorder(rule, makes[rule.line], kinds.catalogue) for rule in entry.reorders),
        repair=_repair(entry, kinds),
        runs_out_below=entry.runs_out_below,
        operating_usd_a_day=_operating_usd_a_day(kinds.catalogue, units, sensors),
    )


def stock_figure(catalogue: Catalogue, threat: str) -> Figure | None:
    """Return the public estimate of what an adversary has of a kind of threat, None if there is none."""
    return known(catalogue.arsenals[ARSENAL].stock.get(threat)) if ARSENAL in catalogue.arsenals else None


def output_figure(catalogue: Catalogue, threat: str) -> Figure | None:
    """Return the public estimate of an adversary's output of a kind of threat, None if there is none."""
    return known(catalogue.threats[threat].production)


def _operating_usd_a_day(catalogue: Catalogue, units: tuple[FireUnit, ...], sensors: tuple[Sensor, ...]) -> float:
    """Return what keeping all units and stand-alone sensors costs a day."""
    whole = sum(operating_usd_a_year(catalogue, "fire_units", u.type, u.unit_cost_usd) for u in units)
    alone = [q.type for q in sensors if not q.fire_unit]
    whole += sum(operating_usd_a_year(catalogue, "sensors", kind.id, kind.unit_cost_usd) for kind in alone)
    return whole / _DAYS_A_YEAR


def nights(seconds: float) -> int:
    """Return a time in whole nights, rounded up."""
    return math.ceil(seconds / DAY_S - 1e-9)


def _adversary(entry: AdversaryEntry, document: Document, kinds: Kinds) -> Adversary:
    types = sorted({raid.type for raid in document.raids})
    stock, output = {}, {}
    for threat in types:
        estimate, made = stock_figure(kinds.catalogue, threat), output_figure(kinds.catalogue, threat)
        if threat in entry.stock:
            stock[threat] = _certain(float(entry.stock[threat]))
        elif estimate is not None:
            stock[threat] = _range(estimate, entry.share)
            kinds.use("arsenals", ARSENAL)
        if threat in entry.production:
            output[threat] = _certain(entry.production[threat] / _DAYS_A_YEAR)
        elif made is not None:
            output[threat] = _range(made, entry.share / _DAYS_A_YEAR)
    return Adversary(entry.estimates, stock, output)


def _certain(value: float) -> Estimate:
    return Estimate(value, value, value)


def _range(figure: Figure, factor: float) -> Estimate:
    return Estimate(figure.si_low * factor, figure.si * factor, figure.si_high * factor)


def _sustainment(kinds: Kinds) -> SustainmentRecord:
    kinds.use("sustainment", SUSTAINMENT)
    return kinds.catalogue.sustainment[SUSTAINMENT]


def _or(given: float | None, figure: Figure) -> float:
    """Return what the scenario says, else the catalogue's figure, SI."""
    return figure.si if given is None else given


def _stocks(entry: CampaignEntry, kinds: Kinds) -> Stocks:
    stocks, usual = entry.stocks, _sustainment(kinds)
    return Stocks(
        rule=stocks.rule,
        reserve_share=stocks.reserve,
        depots={nation: dict(sorted(held.items())) for nation, held in sorted(stocks.depots.items())},
        transport_days=nights(_or(stocks.transport, usual.transport)),
        allied_transport_days=nights(_or(stocks.allied_transport, usual.allied_transport)),
    )


def _line(line: LineEntry, catalogue: Catalogue) -> Line:
    factor = line.share / _DAYS_A_YEAR
    rate = output_a_year(catalogue, _group(catalogue, line.makes), line.makes) if line.rate is None else line.rate
    final = rate if line.rate_after is None else line.rate_after
    return Line(line.id, line.makes, rate * factor, final * factor, line.ramp / DAY_S, line.opens)


def _lead_nights(catalogue: Catalogue, item: str) -> int:
    return nights(lead_days(catalogue, _group(catalogue, item), item) * DAY_S)


def _group(catalogue: Catalogue, item: str) -> BoughtGroup:
    return "effectors" if item in catalogue.effectors else "fire_units"


def _order(order: OrderEntry, item: str, catalogue: Catalogue) -> Order:
    if order.delivery is not None:
        days = order.delivery - order.placed
    elif order.lead_time is not None:
        days = nights(order.lead_time)
    else:
        days = _lead_nights(catalogue, item)
    return Order(order.id, order.nation, order.line, order.count, order.placed, days)


def _reorder(rule: ReorderEntry, item: str, catalogue: Catalogue) -> Reorder:
    days = _lead_nights(catalogue, item) if rule.lead_time is None else nights(rule.lead_time)
    return Reorder(rule.id, rule.nation, rule.line, rule.below, rule.up_to, days)


def _repair(entry: CampaignEntry, kinds: Kinds) -> Repair:
    repair, usual = entry.repair, _sustainment(kinds)
    return Repair(
        crews=repair.crews,
        radar_days=max(_or(repair.radar, usual.radar_repair) / DAY_S, 1.0),
        fire_unit_days=max(_or(repair.fire_unit, usual.fire_unit_repair) / DAY_S, 1.0),
        asset_days=max(_or(repair.asset, usual.asset_repair) / DAY_S, 1.0),
        written_off=_or(repair.written_off, usual.written_off),
        cost_share=_or(repair.cost, usual.cost_share),
        spares={nation: dict(sorted(held.items())) for nation, held in sorted(repair.spares.items())},
        replacement_days=nights(_or(repair.replacement, usual.replacement)),
    )
