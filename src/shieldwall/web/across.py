"""Many raids as the page reads them: how many got through, where, why, what ran out, which raid to look at."""

from __future__ import annotations

from typing import Any

import numpy as np

from shieldwall.results.answer import reported
from shieldwall.results.results import Results
from shieldwall.results.summary import Summary
from shieldwall.results.tally import effectors, leakers
from shieldwall.scenario.types import Scenario
from shieldwall.web.columns import Int, millisecond, rounded
from shieldwall.web.laydown import shifted

Plain = dict[str, Any]
REPLICATIONS_SENT = 20_000
_TENTHS = 10.0
_BY_TARGET = """
    select target, count(*) as leaked, count(*) filter (where fate = 'leaked_hit') as hit, sum(damage) as damage
    from rows where fate in ('leaked_hit', 'leaked_missed') group by target
"""
_SHOWN = ("launched", "shot_down", "suppressed", "failed", "leaked", "aborted")


def across(results: Results, ordered: Scenario) -> Plain:
    """Return a run's figures over its replications; its scenario in order gives the page's indices."""
    counts, summary, told = results.counts, results.summary(), results.to_json()
    by_type = leakers(counts.fates)
    leaked, damage = by_type.sum(axis=1), counts.damage.sum(axis=1)
    few = leaked.size <= REPLICATIONS_SENT
    histogram = np.bincount(leaked - leaked.min())
    whole: Plain = rounded(
        {
            "mean": summary.total["leaked"].mean,
            "se": summary.total["leaked"].se,
            "ci90": summary.total["leaked"].ci90,
            "types": {name: _spreads(spreads) for name, spreads in summary.types.items()},
            "total": _spreads(summary.total),
            "reported": reported(summary, results.manifest),
            "places": _places(results, ordered),
            "causes": dict(summary.causes),
            "causes_by_type": {name: dict(found) for name, found in summary.causes_by_type.items()},
            "rounds": [
                {
                    "effector": e,
                    "fired": summary.rounds[name].fired.mean,
                    "left": summary.rounds[name].left.mean,
                    "lost": summary.rounds[name].lost.mean,
                    "units_empty": summary.rounds[name].dry.mean,
                }
                for e, name in enumerate(effectors(results.roster))
            ],
            "cost": _cost(summary),
            **{name: told[name] for name in ("casualties", "service_lost", "readiness")},
            **({"traffic": told["traffic"]} if summary.traffic else {}),
            **({"duplicate_engagements": told["duplicate_engagements"]} if summary.duplicates.mean > 0 else {}),
        }
    )
    whole["leaked"] = leaked.tolist() if few else None
    whole["leaked_by_type"] = by_type.T.tolist() if few else None
    whole["damage"] = np.rint(damage * _TENTHS).astype(np.int64).tolist() if few else None
    whole["histogram"] = {"first": int(leaked.min()), "counts": histogram.tolist()}
    whole["chosen"] = chosen(leaked, damage)
    whole["first_empty"] = _first_empty(results, summary)
    return whole


def chosen(leaked: Int, damage: Any) -> dict[str, int]:
    """Return the median, best and worst replication: by leakers, then by value lost, then the first of them."""
    order = np.lexsort((np.arange(leaked.size), damage, leaked))
    return {"median": int(order[(order.size - 1) // 2]), "best": int(order[0]), "worst": int(order[-1])}


def _spreads(spreads: Any) -> Plain:
    return {name: spreads[name].mean for name in _SHOWN} | {"leaked_ci90": spreads["leaked"].ci90}


def _places(results: Results, ordered: Scenario) -> list[Plain]:
    """Return for each target that any threat reached or missed: how many got through to it a raid, and what it cost."""
    names = results.roster.target
    place = dict(zip(names, shifted(np.arange(len(names)), ordered).tolist(), strict=True))
    raids = results.manifest.replications
    found = results.query(_BY_TARGET).to_pylist()
    rows = [
        {"target": place[row["target"]], **{k: row[k] / raids for k in ("leaked", "hit", "damage")}} for row in found
    ]
    return sorted(rows, key=lambda row: int(row["target"]))


def _first_empty(results: Results, summary: Summary) -> Plain:
    names = effectors(results.roster)
    return {
        "never": summary.never_dry,
        "effectors": [
            {"effector": names.index(name), "share": dry.share, "mean": millisecond(dry.mean_s)}
            for name, dry in summary.first_dry.items()
        ],
    }


def _cost(summary: Summary) -> Plain:
    cost = summary.cost
    return {
        "defence": cost.defence.mean,
        "defence_ci90": cost.defence.ci90,
        "raid": cost.raid.mean,
        "exchange": cost.exchange,
        "at_stake": cost.at_stake,
        "value_lost": cost.value_lost.mean,
    }
