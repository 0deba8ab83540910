"""`shieldwall budget`: money for air and missile defence by nation and year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

import shieldwall
from shieldwall.campaign.budget import TOLERANCE, Budgets, TotalCheck, budgets, check_totals
from shieldwall.campaign.money import BUDGET
from shieldwall.catalogue.load import load_catalogue
from shieldwall.cli.terminal import answers, print_json, table
from shieldwall.results.numbers import money, percent

_MOST_ROWS = 40


def budget(nations: Sequence[str], share: float | None, *, as_json: bool) -> None:
    """Print the budgets on the path to the target, beside today's shares kept, and the check of the sums."""
    catalogue = load_catalogue()
    chosen = [nation.upper() for nation in nations] or None
    pledge = budgets(catalogue, chosen, iamd_share_of_core=share)
    hold = budgets(catalogue, chosen, path="hold", iamd_share_of_core=share)
    checks = check_totals(catalogue)
    record = catalogue.budget[BUDGET]
    of_core = record.iamd_share_of_core.si if share is None else share
    if as_json:
        print_json(_json(pledge, hold, checks, of_core))
    else:
        _print(pledge, hold, checks, of_core, answers())


def _json(pledge: Budgets, hold: Budgets, checks: Sequence[TotalCheck], of_core: float) -> dict[str, Any]:
    return {
        "shieldwall": shieldwall.__version__,
        "price_year": pledge.price_year,
        "iamd_share_of_core": of_core,
        "discount_rate": pledge.discount_rate,
        "years": list(pledge.years),
        "nations": {
            nation: {
                "name": pledge.names[n],
                "gdp_usd": pledge.gdp_usd[n].tolist(),
                "core_share": pledge.core_share[n].tolist(),
                "core_usd": pledge.core_usd[n].tolist(),
                "related_usd": pledge.related_usd[n].tolist(),
                "iamd_usd": pledge.iamd_usd[n].tolist(),
                "iamd_hold_usd": hold.iamd_usd[n].tolist(),
                "iamd_present_value_usd": float(pledge.present_value()[n]),
            }
            for n, nation in enumerate(pledge.nations)
        },
        "total": {
            "iamd_usd": pledge.total().tolist(),
            "iamd_hold_usd": hold.total().tolist(),
            "iamd_present_value_usd": float(pledge.present_value().sum()),
        },
        "checks": [
            {"name": c.name, "published": c.published, "ours": c.ours, "ratio": c.ratio, "holds": c.holds}
            for c in checks
        ],
    }


def _print(pledge: Budgets, hold: Budgets, checks: Sequence[TotalCheck], of_core: float, console: Console) -> None:
    first, middle, last = 0, len(pledge.years) // 2, len(pledge.years) - 1
    console.print(
        f"\nUSD at prices of {pledge.price_year}; air and missile defence is assumed to get {percent(of_core)} of core "
        "spending and its share of the 1.5 %. Shares of core (the first column: today's) go evenly to the target; "
        "nations above it keep theirs. Extra: more than if today's shares were held.\n"
    )
    years = [str(pledge.years[y]) for y in (first, middle, last)]
    shown = table("For air and missile defence, by year", "", "core", *years, "2025-35", "extra")
    rows = [(pledge.names[n], n) for n in range(len(pledge.nations))]
    for name, n in rows[:_MOST_ROWS]:
        own, held = pledge.iamd_usd[n], hold.iamd_usd[n]
        shown.add_row(
            name,
            percent(float(pledge.core_share[n, 0])),
            *(money(float(own[y])) for y in (first, middle, last)),
            money(float(own.sum())),
            money(float((own - held).sum())),
        )
    total, held_total = pledge.total(), hold.total()
    shown.add_row(
        "all of these", "", *(money(float(total[y])) for y in (first, middle, last)), money(float(total.sum())),
        money(float((total - held_total).sum())),
    )  # fmt: skip
    console.print(shown)
    worth = float(pledge.present_value().sum())
    console.print(f"\nIn the worth of {pledge.base_year}, at {percent(pledge.discount_rate)} a year: {money(worth)}.\n")
    sums = table(f"All members against published totals of {pledge.base_year}", "", "published", "ours", "ratio", "")
    for check in checks:
        write = money if check.unit == "USD" else lambda value: f"{value:.4f}"
        verdict = f"within {100 * TOLERANCE:.0f} %" if check.holds else "NOT within"
        sums.add_row(check.name, write(check.published), write(check.ours), f"{check.ratio:.3f}", verdict)
    console.print(sums)
    console.print()
