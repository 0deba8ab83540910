"""What the defence of a scenario costs over some years: bought, kept, drilled, and taken shelter in."""

from __future__ import annotations

from collections.abc import Sequence

from shieldwall.active_defence.fighter import FighterGroup
from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.battle_management.readiness import Readiness, yearly_cost_usd
from shieldwall.catalogue.terms import TERMS, BoughtGroup, operating_usd_a_year
from shieldwall.scenario.document import Document
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.people_and_services import GENERAL, repair_crews
from shieldwall.scenario.types import Package
from shieldwall.surveillance.sensor import Sensor

NONE = "none"


def package_of(
    document: Document,
    kinds: Kinds,
    units: Sequence[FireUnit],
    sensors: Sequence[Sensor],
    fighters: Sequence[FighterGroup],
    readiness: Readiness | None,
) -> Package:
    """Return the chosen package and what the whole defence costs with it, USD over `package_years`, by kind of thing.

    Each thing bought costs its price and, each year, its upkeep: its own in the catalogue, else the share of the price
    that the terms of procurement say. Two packages cost the same where their totals differ by nothing from that of
    `none`.
    """
    years = document.package_years
    aboard = {f"{group.id}/radar" for group in fighters}
    alone = [sensor for sensor in sensors if not sensor.fire_unit and sensor.id not in aboard]
    price_usd = sum(u.unit_cost_usd for u in units) + sum(sensor.type.unit_cost_usd for sensor in alone)
    cost = {
        "fire_units": sum(_kept(kinds, "fire_units", u.type, u.unit_cost_usd, years) for u in units),
        "rounds": _rounds(kinds, units, years),
        "sensors": sum(_kept(kinds, "sensors", s.type.id, s.type.unit_cost_usd, years) for s in alone),
        "fighters": _fighters(kinds, fighters, years),
        "soft_kill": _soft_kill(document, kinds, years),
        "passive": _measures(document, kinds),
        **_people(document, kinds),
        "repair": _repair(document, kinds, years),
        "readiness": years * sum(yearly_cost_usd(readiness, price_usd).values()) if readiness else 0.0,
        "strike_capacity": sum(
            kinds.usd(kinds.catalogue.diplomacy[r.kind].unit_cost) for r in document.launch_reductions
        ),
    }
    return Package(document.package or NONE, years, cost)


def _kept(kinds: Kinds, group: BoughtGroup, name: str, price_usd: float, years: float) -> float:
    """Return what buying one and keeping it for some years costs, USD."""
    kinds.use("procurement", TERMS)
    return price_usd + years * operating_usd_a_year(kinds.catalogue, group, name, price_usd)


def _rounds(kinds: Kinds, units: Sequence[FireUnit], years: float) -> float:
    return sum(
        (w.ready_rounds + w.reserve_rounds) * _kept(kinds, "effectors", w.effector.id, w.effector.unit_cost_usd, years)
        for unit in units
        for w in unit.weapons
    )


def _fighters(kinds: Kinds, fighters: Sequence[FighterGroup], years: float) -> float:
    """Return the price of aircraft, of the hours they fly in peace, and of what they shoot with its reloads."""
    total = 0.0
    for group in fighters:
        hours = kinds.catalogue.aircraft[group.type.id].yearly_hours
        flown_h = years * (hours.si / 3600.0 if hours is not None else 0.0)
        rounds = sum(
            arm.aboard
            * (1 + arm.reserve_loads)
            * _kept(kinds, "effectors", arm.effector.id, arm.effector.unit_cost_usd, years)
            for arm in group.type.armament
        )
        total += group.count * (group.type.unit_cost_usd + flown_h * group.type.hour_cost_usd + rounds)
    return total


def _soft_kill(document: Document, kinds: Kinds, years: float) -> float:
    return sum(
        _kept(kinds, "soft_kill", zone.type, kinds.usd(kinds.catalogue.soft_kill[zone.type].unit_cost), years)
        for zone in document.soft_kill_zones
    )


def _measures(document: Document, kinds: Kinds) -> float:
    """Return the price of measures: for each object, each decoy, each aim point beyond the first."""
    total = 0.0
    for entry in document.passive:
        measure = kinds.catalogue.measures[entry.measure]
        each = {"decoy": entry.count, "dispersal": entry.count - 1}.get(measure.kind, 1)
        total += kinds.usd(measure.unit_cost) * each * len(entry.of)
    return total


def _people(document: Document, kinds: Kinds) -> dict[str, float]:
    if document.people is None:
        return {}
    sheltering = {
        asset.id: kinds.catalogue.sheltering[asset.shelter or document.people.shelter] for asset in document.assets
    }
    shelter = sum(
        asset.population * sheltering[asset.id].places.si * kinds.usd(sheltering[asset.id].cost_per_place)
        for asset in document.assets
    )
    if document.people.warning is None:
        return {"shelter": shelter, "warning": 0.0}
    alert = kinds.catalogue.alert_systems[document.people.warning]
    people = sum(asset.population for asset in document.assets)
    return {"shelter": shelter, "warning": people * kinds.usd(alert.cost_per_person)}


def _repair(document: Document, kinds: Kinds, years: float) -> float:
    """Return the pay of the crews, at the general rate, and the price of the spares in store."""
    if not document.services:
        return 0.0
    repairs = kinds.catalogue.repairs
    crews = repair_crews(document, kinds) * kinds.usd(repairs[GENERAL].crew_cost) * years
    return crews + sum(kinds.usd(repairs[name].spare_cost) * number for name, number in document.repair.spares.items())
