"""`shieldwall frontier`: what money can do, beside so many times of everything, and where choices tip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

import shieldwall
from shieldwall.cli.terminal import answers, print_json, progress, table
from shieldwall.planner.frontier import Frontier, Point, Tip
from shieldwall.planner.frontier import frontier as make
from shieldwall.planner.planning import Wanted
from shieldwall.planner.portfolio import told
from shieldwall.planner.purchases import ground_of
from shieldwall.results.answer import finite
from shieldwall.results.numbers import mean, money
from shieldwall.scenario.load import read


def frontier(
    name: str, settings: Sequence[str], wanted: Wanted, *, money_usd: float | None, tips: bool, as_json: bool
) -> None:
    """Find the frontier of a scenario's plan and print it."""
    ground = ground_of(read(name), settings, name)
    with progress("cases") as tell:
        found = make(
            ground, wanted, money_usd=None if money_usd is None else round(money_usd), tips=tips, progress=tell
        )
    if as_json:
        print_json({"shieldwall": shieldwall.__version__, **to_json(found)})
    else:
        _print(found, answers())


def to_json(found: Frontier) -> dict[str, Any]:
    """Return a frontier as plain values."""
    ids = [option.id for option in found.ground.plan.options]
    whole: dict[str, Any] = finite(
        {
            "scenario": found.ground.today.name,
            "measure": found.ground.plan.measure,
            "frontier": [_point(found, point) for point in found.points],
            "marks": {
                mark.label: {"as_it_is": _point(found, mark), "same_money_spent_best": _point(found, best)}
                for mark, best in found.marks
            },
            "reference_usd": found.reference_usd,
            "tipping_points": [
                {
                    "what": tip.what,
                    "towards": tip.towards,
                    "at": tip.at,
                    "choice": _named(ids, tip.before),
                    "then": _named(ids, tip.after) if tip.after else None,
                }
                for tip in found.tips
            ],
        }
    )
    return whole


def _named(ids: Sequence[str], stands: Sequence[int]) -> dict[str, int]:
    return {name: n for name, n in zip(ids, stands, strict=True) if n}


def _point(found: Frontier, point: Point) -> dict[str, Any]:
    ids = [option.id for option in found.ground.plan.options]
    return {
        "money_usd": point.money_usd,
        "spent_usd": point.spent_usd,
        "stands": None if point.stands is None else _named(ids, point.stands),
        "response": point.response,
        "simulated": {name: told(values, found.chance) for name, values in point.simulated.items()},
    }


def _means(found: Frontier, point: Point) -> list[str]:
    return [mean(float(values @ found.chance)) for values in point.simulated.values()]


def _print(found: Frontier, console: Console) -> None:
    names = list(found.points[0].simulated)
    shown = table("What money buys, spent best", "money", "spent", "response", *names, left=0)
    for point in found.points:
        assert point.response is not None
        shown.add_row(money(point.money_usd), money(point.spent_usd), mean(point.response), *_means(found, point))
    console.print(shown)
    beside = table("\nThe same of everything, and the same money spent best", "", "to buy", *names)
    for mark, best in found.marks:
        for point in (mark, best):
            beside.add_row(point.label, money(point.spent_usd), *_means(found, point))
    console.print(beside)
    if found.tips:
        tips = table(
            f"\nWhere the choice for {money(found.reference_usd)} changes", "", "towards", "at", "then", left=2
        )
        ids = [option.id for option in found.ground.plan.options]
        for tip in found.tips:
            tips.add_row(tip.what, tip.towards, "nowhere" if tip.at is None else f"{tip.at:.2f}", _change(ids, tip))
        console.print(tips)
        console.print("Prices: times today's. Others: share of the way there, the response interpolated between.")


def _change(ids: Sequence[str], tip: Tip) -> str:
    if tip.after is None:
        return "-"
    pairs = [f"{name} {a}->{b}" for name, a, b in zip(ids, tip.before, tip.after, strict=True) if a != b]
    return ", ".join(pairs[:3]) + (", ..." if len(pairs) > 3 else "")
