"""`shieldwall plan`: what to buy, when, by whom, proven by the program's gap and by fresh luck."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

import shieldwall
from shieldwall.cli.interrupt import Interrupted
from shieldwall.cli.terminal import answers, print_json, progress, remark, table
from shieldwall.planner.answer import answer
from shieldwall.planner.planning import Planned, Wanted, Watch, make_plan
from shieldwall.planner.purchases import ground_of
from shieldwall.results.numbers import mean, money
from shieldwall.scenario.load import read


def plan(name: str, settings: Sequence[str], wanted: Wanted, *, as_json: bool) -> None:
    """Make a plan for a scenario with a section `plan` and print it."""
    ground = ground_of(read(name), settings, name)
    try:
        with progress("cases") as tell:
            planned = make_plan(ground, wanted, Watch(tell, _program if sys.stderr.isatty() else None))
    except KeyboardInterrupt:
        raise Interrupted("interrupted while the options' cases were played: there is no plan yet") from None
    found = answer(planned)
    if as_json:
        print_json({"shieldwall": shieldwall.__version__, **found})
    else:
        print_plan(planned, found, answers())
    if planned.interrupted:
        raise Interrupted(f"interrupted; the best plan so far is printed, its gap is {planned.solved.gap:.3%}")


def _program(value: float, bound: float, gone_s: float) -> None:
    gap = (value - bound) / abs(value) if value else 0.0
    remark(f"plan: {value:,.4g}, bound {bound:,.4g}, gap {gap:.2%}, after {gone_s:.0f} s")


def print_plan(planned: Planned, found: dict[str, Any], console: Console) -> None:
    """Print orders, money, proofs."""
    orders = table("What to order", "option", "ordered", "count", "stands from", "to buy", left=1)
    for one in found["plan"]["orders"]:
        pieces = f"{one['count']} x {one['pieces'] // one['count']}" if one["pieces"] > one["count"] else one["count"]
        orders.add_row(one["option"], str(one["year"]), str(pieces), str(one["stands_from"]), money(one["usd"]))
    console.print(orders)
    purse = table("\nMoney over all years", "nation", "budget", "bought", "kept", "left")
    for nation in planned.problem.money.nations:
        rows = [row for row in found["plan"]["money"] if row["nation"] == nation]
        sums = [sum(row[key] for row in rows) for key in ("budget_usd", "bought_usd", "kept_usd")]
        purse.add_row(nation, *(money(float(usd)) for usd in (*sums, rows[-1]["left_usd"])))
    console.print(purse)
    alone = table("\nWhat all of one option changes by itself", "option", "count", planned.ground.plan.measure, "90 %")
    most = {option["id"]: option["most"] for option in found["options"]}
    for row in found["response"]["alone"]:
        if row["count"] == most[row["option"]]:
            ends = f"{mean(row['ci90'][0])} to {mean(row['ci90'][1])}"
            alone.add_row(row["option"], str(row["count"]), mean(row["mean"]), ends)
    console.print(alone)
    _print_proof(planned, found, console)


def _print_proof(planned: Planned, found: dict[str, Any], console: Console) -> None:
    measure = planned.ground.plan.measure
    times = "once" if found["refinements"] == 1 else f"{found['refinements']} times"
    console.print(
        f"\nFirst proof: {measure} {mean(found['objective'])} by the response, no plan below {mean(found['bound'])}"
        f" (gap {found['gap']:.2%}).\nThe response was refined {times}."
    )
    if found["objective_simulated"] is not None:
        console.print(f"The simulator gives this plan {mean(found['objective_simulated'])} on the same luck.")
    shown = found["simulated"]
    proof = table("\nSecond proof: simulated on fresh luck", "", "to buy", f"{measure}, all years", "in the last year")
    for key, said in (("plan", "the plan"), ("runner_up", "the runner-up"), ("scaled", "so many times of everything")):
        one = shown[key]
        if one is not None:
            years = mean(one["years"][measure]["mean"]) if one["years"] else "-"
            proof.add_row(said, money(one["cost_usd"]), years, mean(one["last_year"][measure]["mean"]))
    console.print(proof)
    for key, said in (("difference", "the runner-up"), ("difference_to_scaled", "so many times of everything")):
        ends = shown[f"{key}_ci90"]
        if ends is not None:
            middle = mean(shown[f"{key}_mean"])
            console.print(f"The plan less {said}: {middle} (90 %: {mean(ends[0])} to {mean(ends[1])}).")
