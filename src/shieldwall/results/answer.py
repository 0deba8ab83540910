"""The answer of a run as one JSON object. Keys are added, never renamed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from shieldwall.results.manifest import Manifest
from shieldwall.results.statistics import Spread
from shieldwall.results.summary import FATES, Cost, Flights, Flown, People, Rounds, ServiceLost, Summary, Target


def answer(summary: Summary, manifest: Manifest, wall_s: float, run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON form of a run. Only `wall_s` and `manifest.run` depend on the machine or the clock.

    `leaked_ci90` holds the 5 % and 95 % quantiles of leakers over replications, what one raid may look like;
    `leaked_se` is the standard error of their mean. What has no value (a standard error of one replication) is null.
    """
    whole: dict[str, Any] = finite(
        {
            "shieldwall": manifest.version,
            "scenario": manifest.scenario,
            "seed": manifest.seed,
            "replications": manifest.replications,
            "wall_s": wall_s,
            "manifest": {**_without_facts(manifest), "run": dict(run)},
            "threats": {name: _threats(spreads) for name, spreads in summary.types.items()},
            "total": _threats(summary.total),
            "leak_causes": dict(summary.causes),
            "leak_causes_by_type": summary.causes_by_type,
            "rounds": {name: _rounds(rounds) for name, rounds in summary.rounds.items()},
            "first_empty": {
                "never": summary.never_dry,
                "effectors": {name: {"share": d.share, "mean_s": d.mean_s} for name, d in summary.first_dry.items()},
            },
            "cost": _cost(summary.cost),
            "assets": {name: _asset(target) for name, target in summary.targets.items() if target.asset},
            "equipment": {
                name: {"kind": target.kind, "hits": target.hits.mean, "lost_share": target.lost_share}
                for name, target in summary.targets.items()
                if not target.asset and (target.lost_share > 0 or target.hits.mean > 0)
            },
            **({"fighters": {name: _flown(f) for name, f in summary.fighters.items()}} if summary.fighters else {}),
            **({"traffic": {name: _flights(f) for name, f in summary.traffic.items()}} if summary.traffic else {}),
            "duplicate_engagements": {"mean": summary.duplicates.mean, "ci90": summary.duplicates.ci90},
            "reported": reported(summary, manifest),
            "casualties": _people(summary.people) if summary.people else {},
            "service_lost": {name: _service(lost) for name, lost in summary.services.items()},
            "readiness": {**manifest.readiness, "raised_share": summary.raised_share} if manifest.readiness else {},
            "package": dict(manifest.package),
        }
    )
    return whole


def reported(summary: Summary, manifest: Manifest) -> dict[str, Any]:
    """Return for each type with reported figures each figure, what was simulated, and simulated minus reported.

    A report that counts `suppressed` but not `failed` counts what was lost by itself as suppressed, so beside it stands
    the sum of both.
    """
    found: dict[str, Any] = {}
    for name, figures in manifest.reported.items():
        if name not in summary.types or not isinstance(figures, Mapping):
            continue
        spreads = summary.types[name]
        found[name] = {}
        for key, value in figures.items():
            if key in spreads and isinstance(value, int | float):
                simulated = as_reported(spreads, key, with_failed="failed" not in figures)
                found[name][key] = {"reported": value, "simulated": simulated, "residual": simulated - value}
    return found


def as_reported(spreads: Mapping[str, Spread], key: str, *, with_failed: bool) -> float:
    """Return the simulated mean of a figure as reports count it."""
    mean = spreads[key].mean
    return mean + spreads["failed"].mean if key == "suppressed" and with_failed else mean


def finite(value: Any) -> Any:
    """Return the value with every number that JSON cannot hold (NaN, infinity) as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def _without_facts(manifest: Manifest) -> dict[str, Any]:
    data = manifest.to_json()
    for name in ("targets", "threat_name"):
        del data[name]
    return data


def _threats(spreads: Mapping[str, Spread]) -> dict[str, Any]:
    leaked = spreads["leaked"]
    return {
        "launched": spreads["launched"].mean,
        **{fate: spreads[fate].mean for fate in FATES},
        "leaked_ci90": leaked.ci90,
        "leaked": leaked.mean,
        "leaked_se": leaked.se,
        "leaked_quantiles": {"5": leaked.q05, "25": leaked.q25, "50": leaked.q50, "75": leaked.q75, "95": leaked.q95},
        "decoys": spreads["decoys"].mean,
        "damage": spreads["damage"].mean,
        "rounds": spreads["rounds"].mean,
        "ci90": {fate: spreads[fate].ci90 for fate in FATES},
        "se": {fate: spreads[fate].se for fate in FATES},
    }


def _rounds(rounds: Rounds) -> dict[str, Any]:
    return {
        "fired": rounds.fired.mean,
        "left": rounds.left.mean,
        "lost": rounds.lost.mean,
        "fired_ci90": rounds.fired.ci90,
        "fired_se": rounds.fired.se,
        "weapons_empty": rounds.dry.mean,
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "currency": "USD",
        "defence": {
            "rounds_fired": cost.rounds_fired.mean,
            "rounds_lost": cost.rounds_lost.mean,
            "equipment_lost": cost.equipment_lost.mean,
            **_flying(cost),
            "total": cost.defence.mean,
            "total_ci90": cost.defence.ci90,
            "total_se": cost.defence.se,
            "by_effector": cost.by_effector,
        },
        "raid": {"total": cost.raid.mean, "by_type": cost.by_type},
        "exchange": cost.exchange,
        "value": {
            "at_stake": cost.at_stake,
            "lost": cost.value_lost.mean,
            "lost_ci90": cost.value_lost.ci90,
            "lost_se": cost.value_lost.se,
            "protected_share": cost.value_protected,
        },
    }


def _flying(cost: Cost) -> dict[str, float]:
    """Return what flying cost, where something flew."""
    if cost.flying.mean == cost.aircraft_lost.mean == 0.0:
        return {}
    return {"flying": cost.flying.mean, "aircraft_lost": cost.aircraft_lost.mean}


def _flown(flown: Flown) -> dict[str, Any]:
    return {
        "type": flown.type,
        "aircraft": flown.count,
        **{name: spread.mean for name, spread in flown.counts.items()},
        "sorties_ci90": flown.counts["sorties"].ci90,
        "kills_ci90": flown.counts["kills"].ci90,
        "flying_usd": flown.flying_usd,
        "lost_usd": flown.lost_usd,
    }


def _flights(flights: Flights) -> dict[str, Any]:
    return {
        "name": flights.name,
        "side": flights.side,
        "flights": flights.flights,
        "passed": flights.flights - flights.shot_down.mean,
        "shot_down": flights.shot_down.mean,
        "shot_down_ci90": flights.shot_down.ci90,
        "shot_down_se": flights.shot_down.se,
        "mistaken": dict(flights.mistaken),
        "rounds": flights.rounds.mean,
        "people_lost": flights.people_lost,
    }


def _people(people: People) -> dict[str, Any]:
    avoided = people.avoided
    return {
        "mean": people.casualties.mean,
        "ci90": people.casualties.ci90,
        "se": people.casualties.se,
        "killed": people.killed,
        "without_warning": {"mean": people.unwarned.mean, "ci90": people.unwarned.ci90, "se": people.unwarned.se},
        "avoided": {"mean": avoided.mean, "ci90_of_mean": (avoided.low, avoided.high), "se": avoided.se},
    }


def _service(service: ServiceLost) -> dict[str, Any]:
    return {
        "unit": service.unit,
        "mean": service.lost.mean,
        "ci90": service.lost.ci90,
        "se": service.lost.se,
        "short_h": {"mean": service.short_h.mean, "ci90": service.short_h.ci90},
    }


def _asset(target: Target) -> dict[str, Any]:
    return {
        "name": target.name,
        "kind": target.kind,
        "value": target.value,
        "hits": target.hits.mean,
        "hits_ci90": target.hits.ci90,
        "hit_share": target.hit_share,
        "hit_share_ci90": target.hit_share_ci90,
        "remaining": target.remaining.mean,
        "value_lost": target.value * (1 - target.remaining.mean),
    }
