"""Write the tables and the picture of `fourfold-plan`.

python -m bench.plan_table [-n 200] [--plan FILE --frontier FILE]     (files: what the two commands printed with --json)
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bench.readme_table import markdown, number, put

from shieldwall.cli.frontier import to_json
from shieldwall.planner.answer import answer
from shieldwall.planner.frontier import frontier
from shieldwall.planner.planning import Wanted, make_plan
from shieldwall.planner.purchases import ground_of
from shieldwall.scenario.load import read, scenario_path

NAME = "fourfold-plan"
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "fourfold-frontier.svg"
MEASURES = ("damage", "leaked", "casualties")
Json = dict[str, Any]


def main() -> None:
    """Make the plan and the frontier, or read them, and write what the README shows."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("-n", "--replications", type=int, default=200)
    options.add_argument("--plan", type=Path)
    options.add_argument("--frontier", type=Path)
    chosen = options.parse_args()
    ground, wanted = ground_of(read(NAME), [], NAME), Wanted(chosen.replications)
    plan = json.loads(chosen.plan.read_text()) if chosen.plan else answer(make_plan(ground, wanted))
    curve = json.loads(chosen.frontier.read_text()) if chosen.frontier else to_json(frontier(ground, wanted))
    readme = scenario_path(NAME).parent / "README.md"
    put(readme, "plan", orders(plan) + "\n\n" + proofs(plan) + "\n\n" + alone(plan))
    put(readme, "frontier", points(curve) + "\n\n" + tips(curve))
    draw(curve)


def usd(amount: float) -> str:
    """Return billions or millions."""
    return f"{amount / 1e9:.1f} bn" if amount >= 1e9 else f"{amount / 1e6:.0f} M"


def orders(plan: Json) -> str:
    """Return one row an option: how many are ordered when, and what they cost."""
    rows = []
    for option in plan["options"]:
        own = [one for one in plan["plan"]["orders"] if one["option"] == option["id"]]
        when = ", ".join(f"{one['count']} in {one['year']}" for one in own) or "none"
        rows.append([option["id"], when, f"{option['lead_years']}", usd(sum(one["usd"] for one in own))])
    return markdown(["option", "ordered", "years to use", "to buy, USD"], rows)


def proofs(plan: Json) -> str:
    """Return what the two proofs say."""
    shown, rows = plan["simulated"], []
    for key, name in (("plan", "the plan"), ("runner_up", "the runner-up"), ("scaled", "x4 of every fire unit")):
        one = shown[key]
        last = [number(one["last_year"][m]["mean"]) for m in MEASURES]
        years = number(one["years"]["damage"]["mean"]) if one["years"] else "-"
        rows.append([name, usd(one["cost_usd"]), years, *last])
    low, high = shown["difference_ci90"]
    far_low, far_high = shown["difference_to_scaled_ci90"]
    said = (
        f"By the response, damage over the years is {plan['objective']:.1f}, and no plan gets below"
        f" {plan['bound']:.1f} (gap {plan['gap']:.2%}); the response was refined {plan['refinements']} times."
        f" On fresh luck the plan less the runner-up is {low:.2f} to {high:.2f} over the years, the plan less x4"
        f" in the last year {far_low:.1f} to {far_high:.1f} (90 % each)."
    )
    head = ["on fresh luck", "to buy, USD", "damage, all years", "damage in 2035", "leaked", "casualties"]
    return said + "\n\n" + markdown(head, rows)


def alone(plan: Json) -> str:
    """Return what all of each option changes by itself."""
    most = {option["id"]: option["most"] for option in plan["options"]}
    rows = [
        [row["option"], f"{row['count']}", f"{row['mean']:+.1f} ({row['ci90'][0]:+.1f} to {row['ci90'][1]:+.1f})"]
        for row in plan["response"]["alone"]
        if row["count"] == most[row["option"]]
    ]
    return markdown(["all of it, alone", "count", "damage (90 %)"], rows)


def points(curve: Json) -> str:
    """Return the frontier and the marks."""
    rows, spent = [], -1
    for point in curve["frontier"]:
        if point["spent_usd"] != spent:
            spent = point["spent_usd"]
            rows.append(["spent best", usd(spent), number(point["response"]), *_means(point)])
    for name, mark in curve["marks"].items():
        rows.append([f"**{name}**", usd(mark["as_it_is"]["spent_usd"]), "-", *_means(mark["as_it_is"])])
        best = mark["same_money_spent_best"]
        rows.append(
            [f"the money of {name}, spent best", usd(best["spent_usd"]), number(best["response"]), *_means(best)]
        )
    return markdown(["", "spent, USD", "damage by the response", "damage", "leaked", "casualties"], rows)


def _means(point: Json) -> list[str]:
    return [number(point["simulated"][m]["mean"]) for m in MEASURES]


def tips(curve: Json) -> str:
    """Return where choices tip."""
    rows = []
    for tip in curve["tipping_points"]:
        if tip["at"] is None:
            continue
        before, after = tip["choice"], tip["then"]
        changes = [f"{k} {before.get(k, 0)} -> {after.get(k, 0)}" for k in sorted({*before, *after})
                   if before.get(k, 0) != after.get(k, 0)]  # fmt: skip
        rows.append([tip["what"], tip["towards"], f"{tip['at']:.2f}", "; ".join(changes[:3])])
    said = (
        f"Where the choice for {usd(curve['reference_usd'])} USD changes first. Prices: times today's, where the number"
        " of that option changes. Others: share of the way, interpolated. What is not here tips nowhere within an"
        " eighth to eight times."
    )
    return said + "\n\n" + markdown(["what", "towards", "at", "then, among others"], rows)


def draw(curve: Json) -> None:
    """Draw money against each measure, with x1, x4 and x5."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "shieldwall"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(10.0, 3.2), layout="constrained")
    for axis, measure in zip(axes, MEASURES, strict=True):
        every = curve["frontier"]
        x = [p["spent_usd"] / 1e9 for p in every]
        y = [p["simulated"][measure]["mean"] for p in every]
        axis.plot(x, y, "o-", color="#2a6f97", label="spent best")
        for name, mark in curve["marks"].items():
            at = (mark["as_it_is"]["spent_usd"] / 1e9, mark["as_it_is"]["simulated"][measure]["mean"])
            axis.plot(*at, "s", color="#bb3e03")
            axis.annotate(name, at, xytext=(4, 4), textcoords="offset points")
        axis.set(xlabel="to buy, bn USD", title=measure, ylim=(0, None))
    axes[0].legend(frameon=False)
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
