"""What stands where, by index: nations, effectors, weapons, units, sensors, salvos, and their prices. Never changes.

Letters: R replications, N nations, E effectors, F kinds of fire unit, W weapons, U fire units, Q sensors, M assets,
K kinds of threat, S salvos, T threats, L orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.luck import Words, actors
from shieldwall.campaign.services import Served, services_of
from shieldwall.engine.roster import in_order
from shieldwall.results.row import Roster
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.scenario.types import Scenario
from shieldwall.tables import ASSET, Tables

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Layout:
    """Indices between the things of a scenario, all in the order of the engine's tables.

    weapon_nation, weapon_effector, weapon_unit, full, most_ready (W,); unit_nation, unit_kind, unit_radar (U,), -1 for
    no radar; grounded: how many units and sensors stand on the ground and may be hit, groups of aircraft and their
    radars follow behind them; sensor_nation, sensor_unit (Q,), -1 for one alone; salvo_kind, salvo_count (S,);
    threat_kind, threat_salvo, threat_number (T,); asset_value (M,); tracked (E,): named in depots, lines or orders
    (the others are refilled in full each morning). Prices in whole US dollars: round_usd (E,), unit_usd (U,),
    sensor_usd (Q,), kind_usd (F,), threat_usd, decoy_usd (K,).
    """

    nations: tuple[str, ...]
    effectors: tuple[str, ...]
    kinds: tuple[str, ...]
    threats: tuple[str, ...]
    salvos: tuple[str, ...]
    assets: tuple[str, ...]
    weapon_nation: Int
    weapon_effector: Int
    weapon_unit: Int
    full: Int
    most_ready: Int
    unit_nation: Int
    unit_kind: Int
    grounded: tuple[int, int]
    unit_radar: Int
    unit_actor: Words
    sensor_nation: Int
    sensor_unit: Int
    sensor_actor: Words
    salvo_kind: Int
    salvo_count: Int
    threat_kind: Int
    threat_salvo: Int
    threat_number: Int
    asset_value: Float
    tracked: Bool
    round_usd: Int
    unit_usd: Int
    sensor_usd: Int
    kind_usd: Int
    threat_usd: Int
    decoy_usd: Int
    services: tuple[Served, ...]

    def by_effector(self, rounds: Int) -> Int:
        """Return rounds (..., W) of weapons summed by effector, (..., E)."""
        return np.asarray(
            rounds @ np.equal.outer(self.weapon_effector, np.arange(len(self.effectors))).astype(np.int64)
        )

    def by_nation(self, rounds: Int) -> Int:
        """Return rounds (R, W) of weapons summed by nation and effector, (R, N, E)."""
        n, e = len(self.nations), len(self.effectors)
        place = self.weapon_nation * e + self.weapon_effector
        return np.asarray(
            (rounds @ np.equal.outer(place, np.arange(n * e)).astype(np.int64)).reshape(rounds.shape[0], n, e)
        )


def layout_of(scenario: Scenario, plan: Campaign, tables: Tables, roster: Roster) -> Layout:
    """Return the indices of a scenario as `engine.simulate.prepare` packs it."""
    ordered = in_order(scenario)
    units, groups, salvos = ordered.fire_units, ordered.fighters, ordered.salvos
    sensors = (*ordered.sensors, *ordered.airborne)
    sectors = [u.sector for u in units] + [g.sector for g in groups]
    nations = tuple(sorted({*sectors, *(q.sector for q in sensors)}))
    of_kind = [u.type for u in units] + [g.type.id for g in groups]
    effectors = tuple(sorted(set(roster.effector)))
    kinds = tuple(sorted({*of_kind} | {line.makes for line in plan.lines} - set(effectors)))
    threats = tuple(sorted({s.type.id for s in salvos}))
    unit_index = {unit.id: i for i, unit in enumerate(units)}
    price = {w.effector.id: w.effector.unit_cost_usd for u in units for w in u.weapons}
    price |= {arm.effector.id: arm.effector.unit_cost_usd for g in groups for arm in g.type.armament}
    kind_price = {u.type: u.unit_cost_usd for u in units}
    threat_types = {s.type.id: s.type for s in salvos}
    counts = np.array([s.count for s in salvos], np.int64)
    weapon_unit = np.asarray(tables.weapons.fire_unit, np.int64)
    unit_nation = _places(sectors, nations)
    named = {line.makes for line in plan.lines} | {e for held in plan.stocks.depots.values() for e in held}
    return Layout(
        nations=nations,
        effectors=effectors,
        kinds=kinds,
        threats=threats,
        salvos=tuple(s.id for s in salvos),
        assets=tuple(a.id for a in ordered.assets),
        weapon_nation=unit_nation[weapon_unit],
        weapon_effector=_places(list(roster.effector), effectors),
        weapon_unit=weapon_unit,
        full=np.asarray(tables.weapons.ready_rounds + tables.weapons.reserve_rounds, np.int64),
        most_ready=np.asarray(tables.weapons.ready_rounds, np.int64),
        unit_nation=unit_nation,
        unit_kind=_places(of_kind, kinds),
        grounded=(len(units), len(ordered.sensors)),
        unit_radar=np.asarray(tables.fire_units.radar[:-1], np.int64),
        unit_actor=actors(f"campaign/{name}" for name in roster.fire_unit),
        sensor_nation=_places([q.sector for q in sensors], nations),
        sensor_unit=np.array([unit_index.get(q.fire_unit, -1) for q in sensors], np.int64),
        sensor_actor=actors(f"campaign/{name}" for name in roster.sensor),
        salvo_kind=_places([s.type.id for s in salvos], threats),
        salvo_count=counts,
        threat_kind=np.repeat(_places([s.type.id for s in salvos], threats), counts),
        threat_salvo=np.repeat(np.arange(counts.shape[0]), counts),
        threat_number=np.concatenate([np.arange(count) for count in counts]).astype(np.int64),
        asset_value=np.asarray(tables.targets.value[tables.targets.kind == ASSET], np.float64),
        tracked=np.array([name in named for name in effectors], np.bool_),
        round_usd=_dollars([price[name] for name in effectors]),
        unit_usd=_dollars([u.unit_cost_usd for u in units] + [g.type.unit_cost_usd for g in groups]),
        sensor_usd=_dollars([q.type.unit_cost_usd for q in sensors]),
        kind_usd=_dollars([kind_price.get(name, 0.0) for name in kinds]),
        threat_usd=_dollars([threat_types[name].unit_cost_usd for name in threats]),
        decoy_usd=_dollars([threat_types[name].decoy_unit_cost_usd for name in threats]),
        services=services_of(ordered, roster),
    )


def _places(names: list[str], among: tuple[str, ...]) -> Int:
    index = {name: i for i, name in enumerate(among)}
    return np.array([index[name] for name in names], np.int64)


def _dollars(prices: list[float]) -> Int:
    return np.rint(np.array(prices, np.float64)).astype(np.int64)
