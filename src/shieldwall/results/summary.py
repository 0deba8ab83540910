"""Sum a run up: by threat type, cause, effector, cost and target, each with how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.results.manifest import Manifest
from shieldwall.results.row import AIR_COUNTS, Cause, Fate, Roster
from shieldwall.results.schema import words
from shieldwall.results.statistics import Difference, Spread, paired_difference, spread, wilson
from shieldwall.results.tally import Tally, effectors, flight_types, leakers, threat_types
from shieldwall.results.traffic import Mistaken

Float = NDArray[np.float64]
FATES = words(Fate)
CAUSES = words(Cause)[1:]
MISTAKES = words(Mistaken)[1:]


@dataclass(frozen=True, slots=True)
class Dry:
    """How often an effector's weapon was the first of all to run out, and when on the mean (NaN = never)."""

    share: float
    mean_s: float


@dataclass(frozen=True, slots=True)
class Rounds:
    """Rounds of one effector; `dry` is how many of its weapons ran out."""

    fired: Spread
    left: Spread
    lost: Spread
    dry: Spread


@dataclass(frozen=True, slots=True)
class Cost:
    """Money on both sides in USD, and value in the users' own units beside it.

    Defence: rounds fired, rounds lost with their launchers, equipment lost, hours flown, aircraft lost, all of these.
    Raid: everything launched.
    `at_stake` is the value of all assets, `value_lost` what the raid took of it.
    """

    rounds_fired: Spread
    rounds_lost: Spread
    equipment_lost: Spread
    flying: Spread
    aircraft_lost: Spread
    defence: Spread
    by_effector: Mapping[str, float]
    raid: Spread
    by_type: Mapping[str, float]
    at_stake: float
    value_lost: Spread

    @property
    def exchange(self) -> float:
        """Return what the defence spent for each unit of money that the raid spent; NaN for a raid without cost."""
        return self.defence.mean / self.raid.mean if self.raid.mean > 0 else math.nan

    @property
    def value_protected(self) -> float:
        """Return the mean share of the value at stake that was left; NaN where nothing has a value."""
        return 1 - self.value_lost.mean / self.at_stake if self.at_stake > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Target:
    """What happened to one target; `hit_share` of the replications hit it, 90 % Wilson interval beside."""

    name: str
    kind: str
    asset: bool
    value: float
    hits: Spread
    hit_share: float
    hit_share_ci90: tuple[float, float]
    remaining: Spread
    lost_share: float


@dataclass(frozen=True, slots=True)
class Flown:
    """What a group of aircraft did: every count of `row.AIR_COUNTS`, and what its hours and losses cost in USD."""

    type: str
    name: str
    count: int
    counts: Mapping[str, Spread]
    flying_usd: float
    lost_usd: float


@dataclass(frozen=True, slots=True)
class Flights:
    """What befell one type of friendly or civil aircraft in a raid.

    `flights` fly; `mistaken` is the mean number shot down by reason; `people_lost` the mean number aboard those.
    """

    name: str
    side: str
    flights: int
    shot_down: Spread
    mistaken: Mapping[str, float]
    rounds: Spread
    people_lost: float


@dataclass(frozen=True, slots=True)
class People:
    """Killed and gravely hurt, those there would have been without any warning, and the difference, on the same luck.

    `killed` is a mean: the stated share of the casualties.
    """

    casualties: Spread
    unwarned: Spread
    avoided: Difference
    killed: float


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """What a service did not deliver, in `unit`, and for how many hours it delivered less than all."""

    unit: str
    lost: Spread
    short_h: Spread


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole run. `types` and `total` hold a Spread for each fate and for launched, leaked, decoys, damage, rounds.

    `duplicates` are salvos fired while one of another network was under way at the same threat. `people` is None where
    the scenario names none; `raised_share` of the raids found the defence in its raised state.
    """

    replications: int
    types: Mapping[str, Mapping[str, Spread]]
    total: Mapping[str, Spread]
    causes: Mapping[str, float]
    causes_by_type: Mapping[str, Mapping[str, float]]
    rounds: Mapping[str, Rounds]
    first_dry: Mapping[str, Dry]
    never_dry: float
    cost: Cost
    targets: Mapping[str, Target]
    people: People | None
    services: Mapping[str, ServiceLost]
    raised_share: float
    duplicates: Spread
    fighters: Mapping[str, Flown] = field(default_factory=dict)
    traffic: Mapping[str, Flights] = field(default_factory=dict)


def summarise(counts: Tally, manifest: Manifest, roster: Roster) -> Summary:
    """Return the summary of a run's counts."""
    types = threat_types(roster)
    by_type = {name: _threats(counts, slice(k, k + 1)) for k, name in enumerate(types)}
    causes = counts.causes.mean(axis=0)
    return Summary(
        replications=counts.fates.shape[0],
        types=by_type,
        total=_threats(counts, slice(None)),
        causes=_by_name(CAUSES, causes.sum(axis=0)[1:]),
        causes_by_type={name: _by_name(CAUSES, causes[k, 1:]) for k, name in enumerate(types)},
        rounds=_rounds(counts, roster),
        first_dry=_first_dry(counts, roster),
        never_dry=float(np.mean(counts.first_dry < 0)),
        cost=_cost(counts, manifest, roster),
        targets=_targets(counts, manifest, roster),
        duplicates=spread(counts.duplicates),
        fighters=_flown(counts, manifest, roster),
        traffic=_flights(counts, manifest, roster),
        people=_people(counts, manifest),
        services=_services(counts, manifest, roster),
        raised_share=float(counts.raised.mean()),
    )


def costs(counts: Tally, manifest: Manifest, roster: Roster) -> dict[str, Float]:
    """Return money by replication in USD, each shape (R,), by the names of `Cost`."""
    each_round = np.array([manifest.effector_cost_usd[name] for name in effectors(roster)], dtype=np.float64)
    each_threat = np.array([manifest.threat_cost_usd[name] for name in threat_types(roster)], dtype=np.float64)
    each_target = np.array([manifest.targets[name].cost_usd for name in roster.target], dtype=np.float64)
    fired, lost = counts.fired @ each_round, counts.lost @ each_round
    equipment = (1.0 - counts.remaining) @ each_target
    each_decoy = np.array([manifest.decoy_cost_usd[name] for name in threat_types(roster)], dtype=np.float64)
    raid = (counts.fates.sum(axis=2) - counts.decoys) @ each_threat + counts.decoys @ each_decoy
    facts = [manifest.fighters[name] for name in roster.fighter]
    flying = _air(counts, "flying_h") @ np.array([f["hour_cost_usd"] for f in facts], dtype=np.float64)
    gone = _air(counts, "lost_in_flight") + _air(counts, "lost_on_ground")
    aircraft = gone @ np.array([f["unit_cost_usd"] for f in facts], dtype=np.float64)
    return {
        "rounds_fired": fired,
        "rounds_lost": lost,
        "equipment_lost": equipment,
        "flying": flying,
        "aircraft_lost": aircraft,
        "defence": fired + lost + equipment + flying + aircraft,
        "raid": raid,
    }


def _air(counts: Tally, name: str) -> Float:
    """Return one count of every group of aircraft, (R, J)."""
    return counts.air[:, :, AIR_COUNTS.index(name)]


def _flown(counts: Tally, manifest: Manifest, roster: Roster) -> dict[str, Flown]:
    found = {}
    for j, name in enumerate(roster.fighter):
        facts = manifest.fighters[name]
        spreads = {count: spread(_air(counts, count)[:, j]) for count in AIR_COUNTS}
        gone = spreads["lost_in_flight"].mean + spreads["lost_on_ground"].mean
        found[name] = Flown(
            type=facts["type"],
            name=facts["name"],
            count=facts["count"],
            counts=spreads,
            flying_usd=spreads["flying_h"].mean * facts["hour_cost_usd"],
            lost_usd=gone * facts["unit_cost_usd"],
        )
    return found


def _flights(counts: Tally, manifest: Manifest, roster: Roster) -> dict[str, Flights]:
    found = {}
    for k, name in enumerate(flight_types(roster)):
        facts, lost = manifest.traffic[name], counts.flights_lost[:, k]
        down = spread(lost.sum(axis=1))
        found[name] = Flights(
            name=facts["name"],
            side=facts["side"],
            flights=roster.flight_type.count(name),
            shot_down=down,
            mistaken=_by_name(MISTAKES, lost.mean(axis=0)[1:]),
            rounds=spread(counts.rounds_at_flights[:, k]),
            people_lost=down.mean * facts["people"],
        )
    return found


def _by_name(names: tuple[str, ...], values: NDArray[Any]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _threats(counts: Tally, kinds: slice) -> dict[str, Spread]:
    fates = counts.fates[:, kinds].sum(axis=1)
    by_fate = {name: spread(fates[:, fate]) for fate, name in enumerate(FATES)}
    return {
        "launched": spread(fates.sum(axis=1)),
        **by_fate,
        "leaked": spread(leakers(fates)),
        "decoys": spread(counts.decoys[:, kinds].sum(axis=1)),
        "damage": spread(counts.damage[:, kinds].sum(axis=1)),
        "rounds": spread(counts.rounds_at[:, kinds].sum(axis=1)),
    }


def _rounds(counts: Tally, roster: Roster) -> dict[str, Rounds]:
    return {
        name: Rounds(
            spread(counts.fired[:, e]), spread(counts.left[:, e]), spread(counts.lost[:, e]), spread(counts.dry[:, e])
        )
        for e, name in enumerate(effectors(roster))
    }


def _first_dry(counts: Tally, roster: Roster) -> dict[str, Dry]:
    """Return the effectors that ran out first in some replication, the most frequent first."""
    found = {}
    for e, name in enumerate(effectors(roster)):
        chosen = counts.first_dry == e
        if chosen.any():
            found[name] = Dry(float(chosen.mean()), float(counts.first_dry_s[chosen].mean()))
    return dict(sorted(found.items(), key=lambda item: (-item[1].share, item[0])))


def _cost(counts: Tally, manifest: Manifest, roster: Roster) -> Cost:
    money = {name: spread(values) for name, values in costs(counts, manifest, roster).items()}
    fired, decoys = counts.fired.mean(axis=0), counts.decoys.mean(axis=0)
    armed = counts.fates.sum(axis=2).mean(axis=0) - decoys
    return Cost(
        **money,
        by_effector={n: float(fired[e]) * manifest.effector_cost_usd[n] for e, n in enumerate(effectors(roster))},
        by_type={
            n: float(armed[k]) * manifest.threat_cost_usd[n] + float(decoys[k]) * manifest.decoy_cost_usd[n]
            for k, n in enumerate(threat_types(roster))
        },
        at_stake=sum(facts.value for facts in manifest.targets.values() if facts.asset),
        value_lost=spread(counts.damage.sum(axis=1)),
    )


def _targets(counts: Tally, manifest: Manifest, roster: Roster) -> dict[str, Target]:
    replications = counts.hits.shape[0]
    lost = _lost_share(counts, roster)
    found = {}
    for m, name in enumerate(roster.target):
        facts = manifest.targets[name]
        struck = int(np.count_nonzero(counts.hits[:, m]))
        found[name] = Target(
            name=facts.name,
            kind=facts.kind,
            asset=facts.asset,
            value=facts.value,
            hits=spread(counts.hits[:, m]),
            hit_share=struck / replications,
            hit_share_ci90=wilson(struck, replications),
            remaining=spread(counts.remaining[:, m]),
            lost_share=lost.get(name, 0.0),
        )
    return found


def _people(counts: Tally, manifest: Manifest) -> People | None:
    if manifest.killed_share is None:
        return None
    casualties, unwarned = counts.casualties.astype(np.float64), counts.unwarned.astype(np.float64)
    return People(
        casualties=spread(casualties),
        unwarned=spread(unwarned),
        avoided=paired_difference(unwarned, casualties),
        killed=manifest.killed_share * float(casualties.mean()),
    )


def _services(counts: Tally, manifest: Manifest, roster: Roster) -> dict[str, ServiceLost]:
    return {
        name: ServiceLost(
            manifest.service_unit[name], spread(counts.service_lost[:, v]), spread(counts.service_short_h[:, v])
        )
        for v, name in enumerate(roster.service)
    }


def _lost_share(counts: Tally, roster: Roster) -> dict[str, float]:
    units, sensors = counts.units_lost.mean(axis=0), counts.sensors_lost.mean(axis=0)
    return _by_name(roster.fire_unit, units) | _by_name(roster.sensor, sensors)
