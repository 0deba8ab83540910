"""A plan as plain values: for --json, and for tables to be drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np

from shieldwall.planner.planning import Planned, Shown
from shieldwall.planner.portfolio import ledger, sample_chance, standing, told
from shieldwall.results.answer import finite
from shieldwall.results.statistics import Difference

Json = dict[str, Any]


def answer(planned: Planned) -> Json:
    """Return all there is to say about a plan."""
    solved, problem = planned.solved, planned.problem
    shown: Json = {name: _shown(planned, one) for name, one in planned.simulated.items()}
    for name in ("plan", "runner_up", "scaled"):
        shown.setdefault(name, None)
    shown["difference_ci90"] = _ends(planned.against_runner_up)
    shown["difference_mean"] = _mean(planned.against_runner_up)
    shown["difference_to_scaled_ci90"] = _ends(planned.against_scaled)
    shown["difference_to_scaled_mean"] = _mean(planned.against_scaled)
    found: Json = finite(
        {
            "scenario": planned.ground.today.name,
            "scenario_file": planned.ground.name,
            "settings": list(planned.ground.settings),
            "measure": planned.ground.plan.measure,
            "plan": plan_of(planned, solved.orders),
            "objective": solved.objective,
            "objective_simulated": planned.true,
            "bound": solved.bound,
            "gap": solved.gap,
            "wall_s": planned.wall_s,
            "simulated": shown,
            "refinements": planned.refinements,
            "misses": planned.misses,
            "runner_up": plan_of(planned, planned.runner_up.orders) if planned.runner_up else None,
            "options": [
                {
                    "id": option.id,
                    "price_usd": int(option.price_usd.sum()),
                    "operating_usd": int(option.operating_usd.sum()),
                    "lead_years": option.lead_years,
                    "most": option.most,
                }
                for option in problem.options
            ],
            "response": {
                "alone": [
                    {"option": m.option, "count": m.count, "mean": m.change.mean, "ci90": _ends(m.change)}
                    for m in planned.table.marginals()
                ],
                "together": [
                    {"options": [c.first, c.second], "mean": c.change.mean, "ci90": _ends(c.change)}
                    for c in planned.table.crosses()
                ],
            },
            "interrupted": planned.interrupted,
        }
    )
    return found


def plan_of(planned: Planned, orders: np.ndarray[Any, np.dtype[np.int64]]) -> Json:
    """Return orders, what stands, and the money of every nation and year."""
    problem = planned.problem
    years = problem.money.years
    stands, accounts = standing(problem, orders), ledger(problem, orders)
    lots = [entry.lot for entry in planned.ground.plan.options]
    return {
        "orders": [
            {
                "option": option.id,
                "year": years[y],
                "count": int(orders[o, y]),
                "pieces": int(orders[o, y]) * lots[o],
                "stands_from": years[y] + option.lead_years,
                "usd": int(orders[o, y] * option.price_usd.sum()),
            }
            for y in range(len(years))
            for o, option in enumerate(problem.options)
            if orders[o, y]
        ],
        "stands": {str(year): _named(planned, stands[:, y]) for y, year in enumerate(years)},
        "money": [
            {
                "nation": nation,
                "year": year,
                "budget_usd": int(accounts.budget_usd[n, y]),
                "bought_usd": int(accounts.bought_usd[n, y]),
                "kept_usd": int(accounts.kept_usd[n, y]),
                "left_usd": int(accounts.left_usd[n, y]),
            }
            for n, nation in enumerate(problem.money.nations)
            for y, year in enumerate(years)
        ],
        "bought_usd": int(accounts.bought_usd.sum()),
        "kept_usd": int(accounts.kept_usd.sum()),
    }


def _named(planned: Planned, stands: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, int]:
    return {option.id: int(n) for option, n in zip(planned.problem.options, stands.tolist(), strict=True) if n}


def _shown(planned: Planned, one: Shown) -> Json:
    chance = sample_chance(planned.problem.response)
    return {
        "cost_usd": one.cost_usd,
        "years": {name: told(values, chance) for name, values in one.years.items() if values.size},
        "last_year": {name: told(values, chance) for name, values in one.last.items()},
    }


def _ends(gap: Difference | None) -> tuple[float, float] | None:
    return (gap.low, gap.high) if gap is not None else None


def _mean(gap: Difference | None) -> float | None:
    return gap.mean if gap is not None else None
