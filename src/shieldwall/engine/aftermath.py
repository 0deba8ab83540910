"""Aftermath: what the hits of a block do to people and services. Pure functions over the rows, outside the kernel.

The order: alerts from first tracks, warning of each impact, casualties with and without it; then which parts went down
when, repair, and what services did not deliver meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.draws import draw_each
from shieldwall.core.random import ALERT, CASUALTIES, RESTORATION, actor_hash
from shieldwall.passive_defence.casualties import Consequence, draw_casualties, expected_casualties
from shieldwall.passive_defence.damage import Hits, broken
from shieldwall.passive_defence.network import Service
from shieldwall.passive_defence.outage import service_lost
from shieldwall.passive_defence.plan import People
from shieldwall.passive_defence.repair import Repairs, repair_durations_s, repaired_s, spares_ready_s
from shieldwall.passive_defence.shelter import BANDS, Sheltering, band_of, relative_risk
from shieldwall.passive_defence.warning import AlertSystem, alert_times_s, warning_times_s
from shieldwall.results.consequence import Impacts, Outages
from shieldwall.results.row import Block, Fate, Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Float, Int, Tables

_DAY_H = 24.0
_HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of every target, (M,): population 0 where nobody lives; habits index into `sheltering`.

    warhead_kg (S,) of each salvo's type.
    """

    population: Float
    radius_m: Float
    habits: Int
    sheltering: tuple[Sheltering, ...]
    alert: AlertSystem | None
    consequence: Consequence
    warhead_kg: Float


@dataclass(frozen=True, slots=True)
class Works:
    """Services and their parts, one after another: `targets` of each part, its `works_at`, its kind of repair.

    first : where the parts of each service begin, and the end; kind (P,) index into `spares` and `lead_s`
    """

    services: tuple[Service, ...]
    targets: tuple[Int, ...]
    works_at: Float
    kind: Int
    mean_s: Float
    spread: Float
    spares: Int
    lead_s: Float
    actor: NDArray[np.uint64]
    first: Int
    crews: int
    horizon_s: float
    owner: Int
    military: int


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What must be known of people and services; begin_h is the local hour at which the scenario starts."""

    crowd: Crowd | None
    works: Works | None
    begin_h: float


def aftermath_of(scenario: Scenario, roster: Roster) -> Aftermath | None:
    """Return what a scenario in canonical order says of people and services, None for nothing."""
    passive = scenario.passive
    if passive is None or (passive.people is None and not passive.services):
        return None
    start = datetime.fromisoformat(scenario.start_local)
    begin_h = start.hour + start.minute / 60.0 + start.second / _HOUR_S
    crowd = _crowd(passive.people, scenario, roster) if passive.people else None
    works = _works(passive.services, passive.repairs, scenario, roster) if passive.repairs else None
    return Aftermath(crowd, works, begin_h)


def _crowd(people: People, scenario: Scenario, roster: Roster) -> Crowd:
    place = {name: m for m, name in enumerate(roster.target)}
    habits = sorted(people.habits)
    population, radius_m = np.zeros(len(place)), np.ones(len(place))
    index = np.zeros(len(place), np.int64)
    for one in people.inhabitants:
        m = place[one.target]
        population[m], radius_m[m], index[m] = one.population, one.radius_m, habits.index(one.habits)
    return Crowd(
        population,
        radius_m,
        index,
        tuple(people.habits[name] for name in habits),
        people.alert,
        people.consequence,
        np.array([salvo.type.warhead_kg for salvo in scenario.salvos]),
    )


def _works(services: tuple[Service, ...], repairs: Repairs, scenario: Scenario, roster: Roster) -> Works:
    place = {name: m for m, name in enumerate(roster.target)}
    parts = [part for service in services for part in service.parts]
    kinds = sorted(repairs.kinds)
    kind_of = [repairs.kinds[part.repair] for part in parts]
    owner_of: dict[tuple[str, ...], int] = {}
    return Works(
        services=services,
        targets=tuple(np.array([place[name] for name in part.of], np.int64) for part in parts),
        works_at=np.array([part.works_at for part in parts]),
        kind=np.array([kinds.index(part.repair) for part in parts], np.int64),
        mean_s=np.array([kind.mean_s for kind in kind_of]),
        spread=np.array([kind.spread for kind in kind_of]),
        spares=np.array([repairs.kinds[name].spares for name in kinds], np.int64),
        lead_s=np.array([repairs.kinds[name].spare_lead_s for name in kinds]),
        actor=np.array([actor_hash(f"repair/{part.of[0]}") for part in parts], np.uint64),
        first=np.concatenate([[0], np.cumsum([len(service.parts) for service in services])]).astype(np.int64),
        crews=repairs.crews,
        horizon_s=repairs.horizon_s,
        owner=np.array([owner_of.setdefault(part.of, p) for p, part in enumerate(parts)], np.int64),
        military=len(scenario.assets),
    )


def with_aftermath(block: Block, aftermath: Aftermath, tables: Tables, seed: int) -> Block:
    """Return the block with what befell people and services."""
    impacts = outages = None
    if aftermath.crowd is not None:
        impacts = _impacts(block, aftermath.crowd, aftermath.begin_h, tables, seed)
    if aftermath.works is not None:
        outages = _outages(block, aftermath.works, tables, seed)
    return replace(block, impacts=impacts, outages=outages)


def _impacts(block: Block, crowd: Crowd, begin_h: float, tables: Tables, seed: int) -> Impacts:
    """Return the hits where people live, warned of and not, on the same luck."""
    r, t = np.nonzero((block.fate == Fate.LEAKED_HIT) & (crowd.population[block.target] > 0.0))
    target, end_s = block.target[r, t], block.end_s[r, t]
    hour = np.mod(begin_h + end_s / _HOUR_S, _DAY_H)
    warning_s = np.zeros(r.size)
    reached = np.zeros(r.size)
    if crowd.alert is not None:
        warning_s = _warning_s(block, crowd.alert, target, r, end_s, tables, seed)
        night = np.array([name == "night" for name, _ in BANDS])[band_of(hour)]
        reached = np.where(night, crowd.alert.reached_night, crowd.alert.reached_day)
    u = draw_each(seed, block.first + r, CASUALTIES, tables.threats.actor[t])
    warhead_kg = crowd.warhead_kg[tables.threats.salvo[t]]
    hurt = [
        draw_casualties(
            expected_casualties(
                crowd.population[target], crowd.radius_m[target], warhead_kg, risk, crowd.consequence.area_m2
            ),
            crowd.consequence.shape,
            u[:, 0],
            u[:, 1],
        )
        for risk in (_risk(crowd, target, warning_s, hour, reached), _risk(crowd, target, 0.0 * hour, hour, reached))
    ]
    return Impacts(block.first + r, t.astype(np.int64), hour, warning_s, *hurt)


def _warning_s(
    block: Block, alert: AlertSystem, target: Int, r: Int, impact_s: Float, tables: Tables, seed: int
) -> Float:
    """Return how long an alert had been on at each impact; only who is hit at all need be told of."""
    places = tables.targets.shape[0] if alert.scope == "asset" else 1
    hit = r * places + target if alert.scope == "asset" else r
    told = np.zeros(block.fate.shape[0] * places, bool)
    told[hit] = True
    seen_r, seen_t = np.nonzero(~np.isnan(block.first_track_s))
    group = seen_r * places + block.target[seen_r, seen_t] if alert.scope == "asset" else seen_r
    kept = told[group]
    group, seen_r, seen_t = group[kept], seen_r[kept], seen_t[kept]
    u = draw_each(seed, block.first + seen_r, ALERT, tables.threats.actor[seen_t])
    alert_s = alert_times_s(block.first_track_s[seen_r, seen_t], u[:, 0], alert)
    return warning_times_s(group, alert_s, block.end_s[seen_r, seen_t], alert.hold_s, hit, impact_s)


def _risk(crowd: Crowd, target: Int, warning_s: Float, hour: Float, reached: Float) -> Float:
    risk = np.ones(target.size)
    for number, habits in enumerate(crowd.sheltering):
        own = crowd.habits[target] == number
        risk[own] = relative_risk(warning_s[own], hour[own], reached[own], habits)
    return risk


def _outages(block: Block, works: Works, tables: Tables, seed: int) -> Outages:
    """Return what each service did not deliver until it was repaired, or until the horizon."""
    replications = block.fate.shape[0]
    down_s, lost = broken(_hits(block, works.military, tables), works.targets, works.works_at, replications)
    over_s = block.end_s.max(axis=1, initial=0.0)
    jobs = np.unique(works.owner)  # a target that serves two services is repaired once
    ready_s = spares_ready_s(down_s[:, jobs], over_s, works.kind[jobs], works.spares, works.lead_s)
    replication = np.repeat(np.arange(block.first, block.first + replications), jobs.size)
    u = draw_each(seed, replication, RESTORATION, np.tile(works.actor[jobs], replications))[:, 0]
    duration_s = repair_durations_s(
        works.mean_s[jobs], works.spread[jobs], lost[:, jobs], u.reshape(replications, jobs.size)
    )
    up_s = repaired_s(ready_s, duration_s, works.crews)[:, np.searchsorted(jobs, works.owner)]
    until_s = over_s + works.horizon_s
    found = [
        service_lost(service, down_s[:, a:b], up_s[:, a:b], until_s)
        for service, a, b in zip(works.services, works.first[:-1], works.first[1:], strict=True)
    ]
    return Outages(np.stack([lost for lost, _ in found], axis=1), np.stack([short for _, short in found], axis=1))


def _hits(block: Block, military: int, tables: Tables) -> Hits:
    """Return what hits took: of assets the share of what was left, of fire units and sensors all at their loss."""
    r, t = np.nonzero((block.fate == Fate.LEAKED_HIT) & (block.target < military))
    lost_s = np.concatenate([block.unit_lost_s, block.sensor_lost_s], axis=1)
    lost_r, place = np.nonzero(np.isfinite(lost_s))
    return Hits(
        replication=np.concatenate([r, lost_r]),
        target=np.concatenate([block.target[r, t], place + military]),
        time_s=np.concatenate([block.end_s[r, t], lost_s[lost_r, place]]),
        taken=np.concatenate([tables.flights.hit_damage[block.path[r, t]], np.ones(lost_r.size)]),
    )
