"""Turn a scenario's plan into a problem, and what was bought into a scenario to simulate."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.budget import budgets
from shieldwall.campaign.money import apportion, prices
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.core.errors import InputError
from shieldwall.core.position import Position
from shieldwall.planner.portfolio import Makers, Money, Option
from shieldwall.scenario.fingerprint import scenario_hash
from shieldwall.scenario.load import ScenarioFile
from shieldwall.scenario.node import MappingNode, SequenceNode, find_value
from shieldwall.scenario.plan_checks import ALL, PLACED, ROUNDS, group_of
from shieldwall.scenario.plan_entry import OptionEntry, PlanEntry
from shieldwall.scenario.reader import parse
from shieldwall.scenario.types import Scenario

Int = NDArray[np.int64]

_DAYS_A_YEAR = 365.25
_YEAR_S = _DAYS_A_YEAR * 86_400.0


@dataclass(frozen=True, slots=True)
class Ground:
    """A scenario's file, what was set, the scenario as it stands, its plan, what it was called, all that it knows."""

    file: ScenarioFile
    settings: tuple[str, ...]
    today: Scenario
    plan: PlanEntry
    name: str
    catalogue: Catalogue

    @property
    def raids(self) -> tuple[tuple[str, float, tuple[str, ...]], ...]:
        """Return (name, weight, settings) of each raid; the scenario's own where the plan names none."""
        if not self.plan.raids:
            return ((self.today.name, 1.0, ()),)
        return tuple((raid.id, raid.weight, _settings(raid.set)) for raid in self.plan.raids)


def ground_of(file: ScenarioFile, settings: Sequence[str], name: str = "") -> Ground:
    """Return the ground of a plan; `name` is what the user called the scenario.

    Raises
    ------
    InputError
        If the scenario is wrong or has no plan.
    """
    today = file.load(settings)
    if today.plan is None:
        what = f"the scenario '{today.name}' has no plan"
        raise InputError(file.tree.mark.mistake(what, "add plan: {years: ..., nations: ..., options: ...}"))
    return Ground(file, tuple(settings), today, today.plan, name or today.name, file.known(settings))


def money_of(ground: Ground) -> Money:
    """Return each nation's money for the plan, whole dollars."""
    plan, catalogue = ground.plan, ground.catalogue
    years = tuple(range(plan.years[0], plan.years[1] + 1))
    rows = []
    for nation in plan.nations:
        if nation.budget is not None:
            each = nation.budget if len(nation.budget) > 1 else nation.budget * len(years)
            rows.append([int(amount) for amount in each])
        else:
            found = budgets(catalogue, [nation.id], years, path=plan.path, end=plan.end)
            rows.append([math.floor(int(usd) * plan.share_of_budget) for usd in found.iamd_usd[0]])
    floor = np.array([round(nation.floor) for nation in plan.nations], np.int64)
    return Money(tuple(nation.id for nation in plan.nations), years, np.array(rows, np.int64), floor)


def options_of(ground: Ground, money: Money) -> tuple[tuple[Option, ...], tuple[Makers, ...]]:
    """Return what can be ordered, and what the makers of each item deliver."""
    plan, catalogue = ground.plan, ground.catalogue
    options, of_item = [], dict[str, list[int]]()
    for o, entry in enumerate(plan.options):
        price, operating, lead_years = _terms(entry, catalogue)
        if entry.nation == ALL:
            weights = money.budget_usd.sum(axis=1)
        else:
            weights = np.array([float(name == entry.nation) for name in money.nations])
        options.append(
            Option(
                id=entry.id,
                price_usd=apportion(price, weights),
                operating_usd=apportion(operating, weights),
                lead_years=lead_years,
                most=entry.most,
                per_year=entry.most if entry.per_year is None else min(entry.most, math.floor(entry.per_year)),
                least=entry.least,
                by=None if entry.by is None else entry.by - plan.years[0],
                item=entry.buy or entry.id,
            )
        )
        if entry.buy is not None:
            of_item.setdefault(entry.buy, []).append(o)
    makers = []
    for item, chosen in of_item.items():
        most = math.floor(prices(catalogue, [item])[item].per_year * plan.share_of_production)
        makers.append(Makers(item, tuple(chosen), tuple(plan.options[o].lot for o in chosen), most))
    return tuple(options), tuple(makers)


def _terms(entry: OptionEntry, catalogue: Catalogue) -> tuple[int, int, int]:
    """Return what ordering one costs, what keeping it costs a year, and years from order to use."""
    price = operating = 0
    lead_days = 0.0
    if entry.buy is not None:
        found = prices(catalogue, [entry.buy])[entry.buy]
        price, operating, lead_days = found.usd * entry.lot, found.operating_usd * entry.lot, found.lead_days
        if found.group == "fire_units":
            for weapon in catalogue.fire_units[entry.buy].weapons:
                rounds = int(weapon.launchers.si) * int(weapon.rounds_per_launcher.si) + int(weapon.reserve_rounds.si)
                price += rounds * prices(catalogue, [weapon.effector])[weapon.effector].usd
    if entry.cost is not None:
        price = round(entry.cost)
    if entry.operating is not None:
        operating = round(entry.operating)
    if entry.lead_time is not None:
        lead_days = entry.lead_time / _YEAR_S * _DAYS_A_YEAR
    return price, operating, math.ceil(lead_days / _DAYS_A_YEAR - 1e-9)


def _settings(chosen: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{path}={value}" for path, value in chosen.items())


def scenario_with(ground: Ground, stands: Sequence[int], settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in which `stands` (O,) of each option stand, with more settings."""
    tree, chosen = ground.file.tree, [*ground.settings, *settings]
    lists: dict[str, list[Any]] = {}
    for entry, count in zip(ground.plan.options, stands, strict=True):
        if count and entry.buy is None:
            chosen += _settings(entry.set)
            for key, more in (entry.add or {}).items():
                lists.setdefault(key, []).extend(more)
        group = None if entry.buy is None else group_of(ground.catalogue, entry.buy)
        if group in PLACED:
            lists.setdefault(PLACED[group], []).extend(_placed(entry, count, _sector(ground.plan, entry)))
    file = replace(ground.file, tree=_with_entries(tree, lists)) if lists else ground.file
    scenario = file.load(chosen)
    rounds = [
        (entry, int(count) * entry.lot)
        for entry, count in zip(ground.plan.options, stands, strict=True)
        if count and entry.buy is not None and group_of(ground.catalogue, entry.buy) == ROUNDS
    ]
    for entry, count in rounds:
        scenario = _with_rounds(scenario, entry.buy or "", count, _sector(ground.plan, entry))
    return replace(scenario, hash=scenario_hash(scenario)) if rounds else scenario


def _sector(plan: PlanEntry, entry: OptionEntry) -> str | None:
    """Return the sector of the nation that buys; None for all of them."""
    return next((nation.sector or nation.id for nation in plan.nations if nation.id == entry.nation), None)


def _placed(entry: OptionEntry, count: int, sector: str | None) -> list[dict[str, Any]]:
    """Return entries of a scenario for `count` of an option, at its places in turn."""
    found = []
    for k in range(count):
        place = entry.at[k % len(entry.at)]
        where = [place.latitude_deg, place.longitude_deg] if isinstance(place, Position) else place
        one = {"id": f"plan-{entry.id}-{k + 1}", "type": entry.buy, "position": where}
        found.append(one | ({"sector": sector} if sector else {}))
    return found


def _with_entries(tree: MappingNode, lists: Mapping[str, list[Any]]) -> MappingNode:
    """Return the tree with more entries in its lists; the tree is not changed."""
    items = dict(tree.items)
    for key, entries in lists.items():
        mark = find_value(tree, ("plan", "options"))
        more = parse(json.dumps(entries).encode(), mark.file, line=mark.line, column=mark.column)
        before = tree.get(key)
        assert isinstance(more, SequenceNode)
        held = before.items if isinstance(before, SequenceNode) else []
        items[key] = (items[key][0] if key in items else mark, SequenceNode(mark, [*held, *more.items]))
    return MappingNode(tree.mark, items)


def _with_rounds(scenario: Scenario, effector: str, count: int, sector: str | None) -> Scenario:
    """Return the scenario with `count` more rounds behind the sector's units that fire them, shared out evenly."""
    holders = sorted(
        unit.id
        for unit in scenario.fire_units
        if (sector is None or unit.sector == sector) and any(w.effector.id == effector for w in unit.weapons)
    )
    if not holders:
        return scenario
    share = dict(zip(holders, apportion(count, np.ones(len(holders))).tolist(), strict=True))
    units = tuple(
        replace(
            unit,
            weapons=tuple(
                replace(w, reserve_rounds=w.reserve_rounds + share[unit.id]) if w.effector.id == effector else w
                for w in unit.weapons
            ),
        )
        if unit.id in share
        else unit
        for unit in scenario.fire_units
    )
    return replace(scenario, fire_units=units)


def forces_usd(scenario: Scenario, catalogue: Catalogue) -> int:
    """Return what buying all that stands in a scenario costs, whole dollars: units, rounds, sensors of their own."""
    units = [unit.type for unit in scenario.fire_units]
    sensors = [sensor.type.id for sensor in scenario.sensors if not sensor.fire_unit]
    zones = [zone.type for zone in scenario.soft_kill_zones]
    rounds: dict[str, int] = {}
    for unit in scenario.fire_units:
        for weapon in unit.weapons:
            held = weapon.ready_rounds + weapon.reserve_rounds
            rounds[weapon.effector.id] = rounds.get(weapon.effector.id, 0) + held
    found = prices(catalogue, sorted({*units, *sensors, *zones, *rounds}))
    each = sum(found[item].usd for item in (*units, *sensors, *zones))
    return each + sum(found[effector].usd * count for effector, count in rounds.items())
