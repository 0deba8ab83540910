"""Pack what comes: threats, salvos, their flights and their stays in soft-kill zones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.roster import goals_of
from shieldwall.engine.rows import row_starts, starts, stay_numbers, words
from shieldwall.engine.windows import Geometry
from shieldwall.passive_defence.impact import hit_damage, hit_probability
from shieldwall.raid.salvo import Salvo
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario
from shieldwall.tables import (
    EQUAL,
    FLIGHT,
    NORMAL,
    POISSON,
    SALVO,
    THREAT,
    UNIFORM,
    ZONE_STAY,
    Float,
    Int,
    Records,
    filled,
)

_TIMINGS = {"uniform": UNIFORM, "normal": NORMAL, "poisson": POISSON, "equal": EQUAL}


def pack_salvos(scenario: Scenario, geometry: Geometry, acting: list[list[int]]) -> Records:
    """Return the salvos; `acting` lists the networks that may act on each."""

    def column(of: Callable[[Salvo], float]) -> Float:
        return np.array([of(salvo) for salvo in scenario.salvos], np.float64)

    return filled(
        SALVO,
        {
            "threat_first": starts([salvo.count for salvo in scenario.salvos]),
            "path_first": row_starts(geometry.paths.salvo, len(scenario.salvos)),
            "network_first": starts([len(networks) for networks in acting]),
            "threat_class": [THREAT_CLASSES.index(salvo.type.threat_class) for salvo in scenario.salvos],
            "timing": [_TIMINGS[salvo.timing] for salvo in scenario.salvos],
            "time_on_target": [int(salvo.time_on_target) for salvo in scenario.salvos],
            "decoy_share": column(lambda salvo: salvo.decoy_share),
            "abort_share": column(lambda salvo: salvo.abort_share),
            "failure_probability": column(lambda salvo: salvo.type.failure_probability),
            "time_s": column(lambda salvo: salvo.time_s),
            "spread_s": column(lambda salvo: salvo.spread_s),
        },
    )


def pack_threats(roster: Roster, scenario: Scenario, acting: list[list[int]]) -> tuple[Records, Int]:
    """Return the threats, and the threat of every pair."""
    salvo = np.repeat(np.arange(len(scenario.salvos)), [s.count for s in scenario.salvos])
    pairs = np.array([len(networks) for networks in acting], np.int64)[salvo]
    threats = filled(
        THREAT, {"actor": words((*roster.threat, *roster.flight)), "salvo": salvo, "pair_first": starts(pairs)}
    )
    return threats, np.repeat(np.arange(salvo.shape[0]), pairs).astype(np.int64)


def pack_zone_stays(scenario: Scenario, geometry: Geometry) -> Records:
    """Return the stays of paths in soft-kill zones, by path."""
    zones, stays = scenario.soft_kill_zones, geometry.zones
    classes = [salvo.type.threat_class for salvo in scenario.salvos]
    hazard = np.array([[z.hazard_per_s.get(c, 0.0) for c in classes] for z in zones]).reshape(len(zones), len(classes))
    return filled(
        ZONE_STAY,
        {
            "actor": words(tuple(zone.id for zone in zones))[stays.place],
            "zone": stays.place,
            "number": stay_numbers(stays.path, stays.place),
            "enter_s": stays.enter_s,
            "leave_s": stays.leave_s,
            "hazard_per_s": hazard[stays.place, geometry.paths.salvo[stays.path]],
        },
    )


def pack_flights(scenario: Scenario, geometry: Geometry, group_first: Int) -> Records:
    """Return what the kernel needs of each path."""
    paths, places = geometry.paths, goals_of(scenario)
    types = [scenario.salvos[s].type for s in paths.salvo]
    aims = [places[m] for m in paths.target]
    hits = np.array([hit_probability(a.radius_m, t.circular_error_m) for a, t in zip(aims, types, strict=True)])
    damage = np.array([hit_damage(t.warhead_kg, a.hardness_kg) for a, t in zip(aims, types, strict=True)])
    at_risk = hits * damage * _worth(scenario)[paths.target]
    hostile = np.array([salvo.side == "hostile" for salvo in scenario.salvos], np.bool_)[paths.salvo]
    return filled(
        FLIGHT,
        {
            "cumulative": _cumulative(geometry, len(scenario.salvos)),
            "duration_s": paths.duration_s,
            "target": np.where(hostile, paths.target, -1),
            "hit_probability": hits * _found(scenario, geometry),
            "hit_damage": damage,
            "value_at_risk": np.where(hostile, at_risk, _feared(scenario, geometry, at_risk)),
            "group_first": group_first,
            "zone_stay_first": row_starts(geometry.zones.path, paths.salvo.shape[0]),
        },
    )


def _worth(scenario: Scenario) -> Float:
    """Return what each target is worth to the defender: the shield itself as much as the best thing behind it.

    Nobody can tell what flies at a decoy from what flies at the thing itself, so a decoy is defended as that is.
    """
    worth = np.array([asset.value for asset in scenario.assets], np.float64)
    military = max(worth.max(initial=0.0), 1.0)
    if scenario.passive is not None and scenario.passive.decoys:
        value = {asset.id: asset.value for asset in scenario.assets}
        imitated = (scenario.passive.decoys.get(asset.id, asset.id) for asset in scenario.assets)
        worth = np.array([value.get(name, military) for name in imitated], np.float64)
    others = sum(salvo.destination is not None for salvo in scenario.salvos)
    return np.concatenate(
        [worth, np.full(len(scenario.fire_units) + len(scenario.sensors), military), np.zeros(others)]
    )


def _feared(scenario: Scenario, geometry: Geometry, at_risk: Float) -> float:
    """Return what a network fears of a track of which it does not know what it is: the mean over the raid's threats."""
    count = np.array([salvo.count if salvo.side == "hostile" else 0 for salvo in scenario.salvos], np.float64)
    weight = count[geometry.paths.salvo] * geometry.paths.probability
    return float(weight @ at_risk / weight.sum()) if weight.sum() > 0.0 else 0.0


def _found(scenario: Scenario, geometry: Geometry) -> Float:
    """Return, for each path, the share of its threats that is not led astray, float64 (P,)."""
    shares = scenario.passive.misdirected if scenario.passive is not None else {}
    if not shares:
        return np.ones(geometry.paths.target.shape[0])
    names = [target.id for target in goals_of(scenario)]
    classes = [salvo.type.threat_class for salvo in scenario.salvos]
    return np.array(
        [
            1.0 - shares.get(names[m], {}).get(classes[s], 0.0)
            for s, m in zip(geometry.paths.salvo, geometry.paths.target, strict=True)
        ]
    )


def _cumulative(geometry: Geometry, n_salvos: int) -> Float:
    """Return, for each path, the chance of it or an earlier path of its salvo; the last of a salvo is exactly 1."""
    paths = geometry.paths
    first = row_starts(paths.salvo, n_salvos)
    total = np.concatenate([[0.0], np.cumsum(paths.probability)])
    cumulative = total[1:] - total[first[:-1]][paths.salvo]
    cumulative[first[1:] - 1] = 1.0
    return np.asarray(cumulative, np.float64)
