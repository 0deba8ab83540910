"""Say which rules of a plan cannot hold together, each with the place in the file where it was written."""

from __future__ import annotations

import numpy as np

from shieldwall.core.errors import Mistake
from shieldwall.planner.portfolio import Problem
from shieldwall.planner.purchases import Ground
from shieldwall.results.numbers import money as shown_usd
from shieldwall.scenario.node import Mark, find_value


def explained(ground: Ground, problem: Problem, rules: list[str], late: int | None = None) -> list[Mistake]:
    """Return a mistake for each rule in conflict.

    Parameters
    ----------
    rules : as the program names them, "least:OPTION", "makers:ITEM", "budget:NATION", "floor:NATION"
    late : index of an option that cannot be delivered by the year it is due
    """
    if late is not None:
        return [_late(ground, problem, late)]
    names = [_said(ground, problem, rule) for rule in rules]
    found = []
    for rule, said in zip(rules, names, strict=True):
        others = ", ".join(other for other in names if other != said)
        what = f"{said} cannot be kept" + (f" together with: {others}" if others else ", whatever is bought")
        cure = "change one of them" if others else "lower it, or offer more options (most:)"
        found.append(_mark(ground, rule).mistake(f"plan: {what}", cure))
    return found


def _late(ground: Ground, problem: Problem, o: int) -> Mistake:
    entry, option, years = ground.plan.options[o], problem.options[o], problem.money.years
    due = years[option.due(len(years))]
    key = "by" if entry.by is not None else "least"
    mark = find_value(ground.file.tree, ("plan", "options", o, key))
    what = f"plan.options.{option.id}: due in {due}, so ordered in {due - option.lead_years}, before {years[0]}"
    soonest = years[0] + option.lead_years
    return mark.mistake(f"{what} ({option.lead_years} years from order to use)", f"it can stand from {soonest} on")


def _said(ground: Ground, problem: Problem, rule: str) -> str:
    kind, _, name = rule.partition(":")
    money = problem.money
    if kind == "least":
        option = next(each for each in problem.options if each.id == name)
        due = money.years[option.due(len(money.years))]
        cost = shown_usd(float(option.least * option.price_usd.sum()))
        return f"at least {option.least} of {name} by {due} ({cost})"
    if kind == "makers":
        maker = next(each for each in problem.makers if each.item == name)
        return f"the makers' {maker.per_year} of {name} a year"
    n = money.nations.index(name)
    if kind == "budget":
        return f"the budget of {name} ({shown_usd(float(np.sum(money.budget_usd[n])))} in all years)"
    return f"the floor of {name} ({shown_usd(float(money.floor_usd[n]))})"


def _mark(ground: Ground, rule: str) -> Mark:
    kind, _, name = rule.partition(":")
    plan, tree = ground.plan, ground.file.tree
    if kind == "least":
        o = next(k for k, option in enumerate(plan.options) if option.id == name)
        return find_value(tree, ("plan", "options", o, "least"))
    if kind == "makers":
        o = next(k for k, option in enumerate(plan.options) if option.buy == name)
        return find_value(tree, ("plan", "options", o, "buy"))
    n = next(k for k, nation in enumerate(plan.nations) if nation.id == name)
    entry = plan.nations[n]
    if kind == "floor":
        return find_value(tree, ("plan", "nations", n, "floor"))
    return find_value(tree, ("plan", "nations", n, "budget" if entry.budget is not None else "id"))
