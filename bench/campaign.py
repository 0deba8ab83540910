"""Campaigns: how fast, and the tables of the READMEs of attrition and pooling.

python -m bench.campaign              how long 180 nights x 1,000 replications take on 2 threads
python -m bench.campaign -n 1000 --write     rewrite the tables between the markers in the READMEs
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench.readme_table import markdown, put

import shieldwall
from shieldwall.campaign.answer import answer, compare, nights_until, per_replication
from shieldwall.campaign.run import Played, campaign, ground_of, one_more_line
from shieldwall.results.statistics import paired_difference
from shieldwall.scenario.load import load

ROOT = Path(__file__).resolve().parents[1]
RULES = ("national", "reserve", "pooled")
LINES = ("interceptors", "iris-t", "gem-t", "amraam", "mse")
ESTIMATES = ("low", "central", "high", "sampled")


def campaign_180x1000_s(threads: int = 2) -> float:
    """Return the seconds that the shipped campaign takes, geometry included, the compiler's work not."""
    scenario = shieldwall.load("attrition")
    assert scenario.campaign is not None
    assert scenario.campaign.nights == 180
    campaign(shieldwall.load("pooling"), 8, 1, threads=threads)
    started = time.perf_counter()
    campaign(scenario, 1_000, 1, threads=threads)
    return time.perf_counter() - started


def attrition_tables(replications: int) -> dict[str, str]:
    """Return the tables of attrition by marker: what runs out, the estimates, one more line."""
    scenario = load("attrition")
    ground = ground_of(scenario)
    base = campaign(scenario, replications, 1, ground=ground)
    more = {}
    for line in LINES:
        plan = one_more_line(base.plan, line)
        more[line] = compare(campaign(scenario, replications, 1, plan=plan, ground=ground), base)
    return {
        "empty": _empty_table(base),
        "estimates": _estimates_table(replications),
        "one more": _more_table(more, replications),
    }


def pooling_table(replications: int) -> dict[str, str]:
    """Return the table of pooling: the three rules on the same luck."""
    played = {rule: campaign(_with_rule(rule), replications, 1) for rule in RULES}
    base = per_replication(played["national"])
    rows = []
    for rule, one in played.items():
        sums, total = per_replication(one), answer(one)["total"]
        gap = {name: paired_difference(sums[name], base[name]) for name in ("leaked", "damage_days")}
        standing = f"{100 * float(np.mean(sums['damage_days'])) / one.plan.nights:.1f} %"
        change = _change(gap["leaked"], rule)
        rows.append([rule, f"{total['leaked']['mean']:.0f}", change, standing, _months(one), f"{_left(one):,.0f}"])
    head = (
        "stocks", "leaked, mean", "change (90 % of the mean)", "value not standing", "leaked in each month",
        "missiles left in depots",
    )  # fmt: skip
    said = f"{replications:,} campaigns a row, seed 1, all on the same luck."
    return {"rules": f"{said}\n\n{markdown(head, rows)}"}


def _with_rule(rule: str) -> Any:
    return load("pooling", overrides=[f"campaign.stocks.rule={rule}"])


def _change(gap: Any, rule: str) -> str:
    return "-" if rule == "national" else f"{gap.mean:+.1f} ({gap.low:+.1f} to {gap.high:+.1f})"


def _months(one: Played) -> str:
    leaked = [float(record.leaked.sum(axis=1).mean()) for record in one.records]
    return ", ".join(f"{sum(leaked[at : at + 30]):.0f}" for at in range(0, len(leaked), 30))


def _left(one: Played) -> float:
    drones = one.layout.effectors.index("interceptor-drone")
    depots = one.standing.depot.sum(axis=1).mean(axis=0)
    return float(depots.sum() - depots[drones])


def _empty_table(base: Played) -> str:
    rows = []
    for e, name in enumerate(base.layout.effectors):
        if not base.layout.tracked[e]:
            continue
        units = nights_until(base.standing.runs_out[:, -1, e], base.plan.nights)
        depots = nights_until(base.standing.depot_out[:, -1, e], base.plan.nights)
        fired, made = (f"{of[:, e].mean():,.0f}" for of in (base.standing.fired, base.standing.made))
        rows.append([name, _when(units), f"{100 * units['share']:.0f} %", _when(depots), fired, made])
    head = (
        "effector", "units begin a night below a tenth of their load", "in", "all depots empty", "fired", "delivered",
    )  # fmt: skip
    said = f"{base.replications:,} campaigns, seed 1. Nights are medians with the 90 % of campaigns beside them."
    return f"{said}\n\n{markdown(head, rows)}"


def _when(nights: dict[str, Any]) -> str:
    return f"{_day(nights['q50'])} ({_day(nights['q05'])} to {_day(nights['q95'])})"


def _day(night: int | None) -> str:
    return "later" if night is None else str(night)


def _estimates_table(replications: int) -> str:
    rows = []
    for end in ESTIMATES:
        one = campaign(load("attrition", overrides=[f"campaign.adversary.estimates={end}"]), replications, 1)
        sums = per_replication(one)
        flown = sum(float(record.launched.sum(axis=1).mean()) for record in one.records)
        low, high = np.quantile(sums["leaked"], (0.05, 0.95))
        leaked = f"{np.mean(sums['leaked']):,.0f} ({low:,.0f} to {high:,.0f})"
        standing = f"{100 * np.mean(sums['damage_days']) / one.plan.nights:.1f} %"
        usd = [f"{np.mean(sums[name]) / 1e9:.1f}" for name in ("raid_usd", "spent_usd")]
        rows.append([end, f"{flown:,.0f}", leaked, standing, *usd])
    head = (
        "adversary's stock and output", "flown", "leaked, mean (90 %)", "value not standing", "flown, bn USD",
        "spent by the defence, bn USD",
    )  # fmt: skip
    said = f"{replications:,} campaigns a row, seed 1, raids asked for by the same luck."
    return f"{said}\n\n{markdown(head, rows)}"


def _more_table(more: dict[str, dict[str, Any]], replications: int) -> str:
    rows = [
        [
            line,
            f"{gap['leaked']['mean']:+.1f} ({_ends(gap['leaked']['ci90'])})",
            f"{gap['damage_days']['mean']:+.2f}",
            f"{gap['procured_usd']['mean'] / 1e6:,.0f}",
        ]
        for line, gap in more.items()
    ]
    head = (
        "one more line like", "leaked, change (90 % of the mean)", "value not standing, change in whole days",
        "delivered for it, M USD",
    )  # fmt: skip
    said = f"{replications:,} campaigns a row, seed 1, on the same luck as without the line."
    return f"{said}\n\n{markdown(head, rows)}"


def _ends(interval: Sequence[float]) -> str:
    return f"{interval[0]:+.1f} to {interval[1]:+.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    if not asked.write:
        print(f"bench campaign_180x1000_s {campaign_180x1000_s():.1f}")
        return
    for name, tables in (("attrition", attrition_tables(asked.n)), ("pooling", pooling_table(asked.n))):
        readme = ROOT / "scenarios" / name / "README.md"
        for marker, table in tables.items():
            put(readme, marker, table)
        print(f"wrote {readme.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
