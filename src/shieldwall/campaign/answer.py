"""The answer of a campaign as one JSON object: days until things run out, leakers, damage, money, what binds.

Keys are added, never renamed. A band `ci90` runs from the 5 % to the 95 % quantile over replications; `se` is the
standard error of a mean. A night that never came within the campaign is null.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

import shieldwall
from shieldwall.campaign.binding import binding
from shieldwall.campaign.night import MONEY
from shieldwall.campaign.run import Played
from shieldwall.campaign.services import HOURS_A_DAY
from shieldwall.results.answer import finite
from shieldwall.results.statistics import paired_difference, spread

Int = NDArray[np.int64]
Float = NDArray[np.float64]
_QUANTILES = (("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95))
DEFENCE = ("rounds_fired", "rounds_lost", "equipment", "operating")
PAIRED = ("leaked", "value_lost", "damage_days", "spent_usd", "procured_usd")


def answer(played: Played) -> dict[str, Any]:
    """Return the answer of one campaign; only `wall_s` depends on the machine."""
    scenario, plan, layout = played.scenario, played.plan, played.layout
    return finite(  # type: ignore[no-any-return]
        {
            "shieldwall": shieldwall.__version__,
            "scenario": scenario.name,
            "seed": played.seed,
            "replications": played.replications,
            "nights": plan.nights,
            "wall_s": played.wall_s,
            "manifest": {
                "scenario_hash": scenario.hash,
                "catalogue_hash": scenario.catalogue_hash,
                "overrides": dict(scenario.overrides),
                "assumed_figures": len(scenario.assumed_figures),
            },
            "stocks": plan.stocks.rule,
            "estimates": plan.adversary.estimates,
            "effectors": {name: _effector(played, e) for e, name in enumerate(layout.effectors) if layout.tracked[e]},
            "by_night": [_night(played, n) for n in range(plan.nights)],
            "total": _totals(played),
            "exchange": exchange(played),
            "adversary": {name: _arsenal(played, k) for k, name in enumerate(layout.threats)},
            "orders": _orders(played),
            "binding": [asdict(stretch) for stretch in binding(layout, plan, played.records)],
            "casualties": _casualties(played),
            "service_lost": _service_lost(played),
        }
    )


def per_replication(played: Played) -> dict[str, Float]:
    """Return sums over the campaign by replication, each (R,): what two campaigns on the same luck are compared by.

    damage_days: the share of all value that did not stand in the morning, summed over nights. spent_usd: rounds fired
    and lost, equipment lost and mended, and operating; procured_usd: what was delivered.
    """
    records, worth = played.records, max(float(played.layout.asset_value.sum()), 1e-12)
    money = np.sum([record.money for record in records], axis=0)
    return {
        "leaked": np.sum([record.leaked.sum(axis=1) for record in records], axis=0).astype(np.float64),
        "value_lost": np.sum([record.value_lost for record in records], axis=0),
        "damage_days": np.sum([1.0 - record.value_standing / worth for record in records], axis=0),
        "spent_usd": money[:, [MONEY.index(name) for name in DEFENCE]].sum(axis=1).astype(np.float64),
        "procured_usd": money[:, MONEY.index("procured")].astype(np.float64),
        "raid_usd": money[:, MONEY.index("raid")].astype(np.float64),
    }


def nights_until(first: Int, nights: int) -> dict[str, Any]:
    """Return the distribution of the night on which something first ran out, from `first` (R,), 0 for never.

    A quantile that lies beyond the campaign is None; `share` is the share of replications in which it ran out.
    """
    when = np.sort(np.where(first == 0, nights + 1, first))
    ran_out = first > 0
    found: dict[str, Any] = {"share": float(ran_out.mean())}
    for name, q in _QUANTILES:
        night = int(when[max(int(np.ceil(q * when.shape[0])) - 1, 0)])
        found[name] = night if night <= nights else None
    found["mean_of_those"] = float(first[ran_out].mean()) if ran_out.any() else None
    return found


def compare(changed: Played, base: Played) -> dict[str, Any]:
    """Return changed less base on the same luck: mean, standard error and 90 % interval of each quantity."""
    after, before = per_replication(changed), per_replication(base)
    found: dict[str, Any] = {}
    for name in PAIRED:
        gap = paired_difference(after[name], before[name])
        found[name] = {"mean": gap.mean, "se": gap.se, "ci90": [gap.low, gap.high]}
    return finite(found)  # type: ignore[no-any-return]


def exchange(played: Played) -> dict[str, Any]:
    """Return what both sides spent, never without the value protected: to fire nothing has the best ratio of all."""
    sums = per_replication(played)
    stood = 1.0 - sums["damage_days"] / played.plan.nights
    spent, raid = float(sums["spent_usd"].mean()), float(sums["raid_usd"].mean())
    return {
        "value_protected": float(stood.mean()),
        "value_protected_ci90": [float(q) for q in np.quantile(stood, (0.05, 0.95))],
        "defence_usd": spent,
        "raid_usd": raid,
        "ratio": spent / raid if raid > 0 else None,
    }


def _spread(values: Int | Float) -> dict[str, Any]:
    of = spread(values)
    return {"mean": of.mean, "se": of.se, "ci90": list(of.ci90)}


def _effector(played: Played, e: int) -> dict[str, Any]:
    layout, standing, nights = played.layout, played.standing, played.plan.nights
    users = [n for n in range(len(layout.nations)) if (layout.weapon_nation[layout.weapon_effector == e] == n).any()]
    return {
        "runs_out": nights_until(standing.runs_out[:, -1, e], nights),
        "depots_empty": nights_until(standing.depot_out[:, -1, e], nights),
        "by_nation": {
            layout.nations[n]: {
                "runs_out": nights_until(standing.runs_out[:, n, e], nights),
                "depot_empty": nights_until(standing.depot_out[:, n, e], nights),
            }
            for n in users
        },
        "fired": float(standing.fired[:, e].mean()),
        "lost": float(standing.lost[:, e].mean()),
        "delivered": float(standing.made[:, e].mean()),
        "load": [float(record.load[0, -1, e]) for record in played.records],
        "depot": [float(record.depot[0, -1, e]) for record in played.records],
        "depot_ci90": [[float(record.depot[1, -1, e]), float(record.depot[3, -1, e])] for record in played.records],
    }


def _night(played: Played, n: int) -> dict[str, Any]:
    record = played.records[n]
    worth = max(float(played.layout.asset_value.sum()), 1e-12)
    leaked = spread(record.leaked.sum(axis=1))
    lost = spread(record.value_lost)
    return {
        "night": n + 1,
        "launched": float(record.launched.sum(axis=1).mean()),
        "leaked": {"mean": leaked.mean, "ci90": list(leaked.ci90)},
        "value_lost": {"mean": lost.mean, "ci90": list(lost.ci90)},
        "value_standing": float(record.value_standing.mean()) / worth,
        "casualties": float(record.casualties.mean()),
        "service_lost": {
            served.service.id: float(record.service_lost[:, v].mean())
            for v, served in enumerate(played.layout.services)
        },
        "units_out": float(record.units_out.mean()),
        "sensors_out": float(record.sensors_out.mean()),
        "fired": {
            name: float(record.fired[:, e].mean())
            for e, name in enumerate(played.layout.effectors)
            if record.fired[:, e].any()
        },
        "cost_usd": {name: float(record.money[:, i].mean()) for i, name in enumerate(MONEY)},
    }


def _totals(played: Played) -> dict[str, Any]:
    found: dict[str, Any] = {
        "launched": float(np.sum([record.launched.sum(axis=1).mean() for record in played.records]))
    }
    for name, values in per_replication(played).items():
        found[name] = _spread(values)
    return found


def _casualties(played: Played) -> dict[str, Any]:
    """Return killed and gravely hurt over the campaign; {} where the scenario names no people."""
    passive = played.scenario.passive
    if passive is None or passive.people is None:
        return {}
    return _spread(np.sum([record.casualties for record in played.records], axis=0))


def _service_lost(played: Played) -> dict[str, Any]:
    """Return what each service did not deliver over the campaign, and what share of all it would have."""
    found = {}
    for v, served in enumerate(played.layout.services):
        of = _spread(np.sum([record.service_lost[:, v] for record in played.records], axis=0))
        whole = served.whole * HOURS_A_DAY * played.plan.nights
        share = of["mean"] / whole if whole > 0 else None
        found[served.service.id] = {"unit": served.service.unit, **of, "share": share}
    return found


def _arsenal(played: Played, k: int) -> dict[str, float]:
    standing = played.standing
    return {
        "first": float(standing.first_arsenal[:, k].mean()),
        "built": float(standing.built[:, k].mean()),
        "launched": float(standing.launched[:, k].mean()),
        "left": float(standing.arsenal[:, k].mean()),
        "leaked": float(np.sum([record.leaked[:, k].mean() for record in played.records])),
    }


def _orders(played: Played) -> dict[str, Any]:
    plan, standing = played.plan, played.standing
    return {
        entry.id: {
            "nation": entry.nation,
            "line": entry.line,
            "ordered": float(standing.ordered[:, lane].mean()),
            "delivered": float(standing.delivered[:, lane].mean()),
        }
        for lane, entry in enumerate(plan.lanes)
    }
