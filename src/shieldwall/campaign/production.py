"""Production lines: what they make a day, and whose orders it fills.

A line's rate grows evenly from `rate_a_day` on the night it opens to `final_rate_a_day` after `ramp_days`. After x days
it has made, with r0, r1 and the ramp g,

    C(x) = r0 x + (r1 - r0) x**2 / (2 g)                    for x <= g
    C(x) = (r0 + r1) g / 2 + r1 (x - g)                     after it

and hands over floor(C(x)) - floor(C(x - 1)) on day x. Orders with a count come first, in the order in which they were
placed; then reorders; then standing orders in even shares. What nobody has ordered is not made.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.standing import Standing
from shieldwall.campaign.supply import missing
from shieldwall.scenario.campaign_types import Campaign, Line, Order

Int = NDArray[np.int64]
_ROUNDING = 1e-9


def made_until(line: Line, night: int) -> int:
    """Return what a line has handed over, if all of it is ordered, from its opening up to and including a night."""
    days = night - line.opens + 1
    if days <= 0:
        return 0
    first, last, ramp = line.rate_a_day, line.final_rate_a_day, line.ramp_days
    if ramp <= 0.0:
        made = last * days
    elif days <= ramp:
        made = first * days + (last - first) * days * days / (2.0 * ramp)
    else:
        made = (first + last) * ramp / 2.0 + last * (days - ramp)
    return math.floor(made + _ROUNDING)


def made_on(line: Line, night: int) -> int:
    """Return what a line can hand over on one night."""
    return made_until(line, night) - made_until(line, night - 1)


def produce(night: int, layout: Layout, plan: Campaign, standing: Standing) -> None:
    """Let orders fall due, rules reorder, and lines fill what is open, into the depots of those who ordered."""
    _fall_due(night, plan, standing)
    _reorder(night, layout, plan, standing)
    for line in plan.lines:
        left = np.full(standing.open.shape[0], made_on(line, night), np.int64)
        for lane in _counted(plan, line):
            filled = np.minimum(standing.open[:, lane], left)
            standing.open[:, lane] -= filled
            left -= filled
            _deliver(lane, filled, layout, plan, standing)
        ready = [lane for lane in _standing_orders(plan, line) if _due(plan.orders[lane]) <= night]
        for place, lane in enumerate(ready):
            share = left // len(ready) + ((place - night) % len(ready) < left % len(ready))
            standing.ordered[:, lane] += share
            _deliver(lane, share, layout, plan, standing)


def _due(order: Order) -> int:
    return order.placed + order.lead_days


def _fall_due(night: int, plan: Campaign, standing: Standing) -> None:
    for lane, order in enumerate(plan.orders):
        if order.count is not None and max(_due(order), 1) == night:
            standing.open[:, lane] += order.count
            standing.ordered[:, lane] += order.count
    slot = night % standing.maturing.shape[0]
    standing.open += standing.maturing[slot]
    standing.maturing[slot] = 0


def _reorder(night: int, layout: Layout, plan: Campaign, standing: Standing) -> None:
    """Order up to the level of every rule whose depot and orders, less what its units lack, are at its point."""
    if not plan.reorders:
        return
    makes = {line.id: line.makes for line in plan.lines}
    slots = standing.maturing.shape[0]
    lacks = missing(layout, standing)
    for place, rule in enumerate(plan.reorders):
        lane = len(plan.orders) + place
        nation = layout.nations.index(rule.nation)
        item = makes[rule.line]
        if item in layout.effectors:
            effector = layout.effectors.index(item)
            users = (layout.weapon_effector == effector) & (layout.weapon_nation == nation)
            stock = standing.depot[:, nation, effector] - lacks[:, users].sum(axis=1)
        else:
            stock = standing.spare[:, nation, layout.kinds.index(item)]
        position = stock + standing.open[:, lane] + standing.maturing[:, :, lane].sum(axis=0)
        wanted = np.where(position <= rule.below, rule.up_to - position, 0)
        standing.ordered[:, lane] += wanted
        if rule.lead_days == 0:
            standing.open[:, lane] += wanted
        else:
            standing.maturing[(night + rule.lead_days) % slots, :, lane] += wanted


def _counted(plan: Campaign, line: Line) -> list[int]:
    """Return the orders with a count on a line, first placed first, then its reorders."""
    placed = [(o.placed, lane) for lane, o in enumerate(plan.orders) if o.line == line.id and o.count is not None]
    rules = [len(plan.orders) + i for i, rule in enumerate(plan.reorders) if rule.line == line.id]
    return [lane for _, lane in sorted(placed)] + rules


def _standing_orders(plan: Campaign, line: Line) -> list[int]:
    return [lane for lane, order in enumerate(plan.orders) if order.line == line.id and order.count is None]


def _deliver(lane: int, number: Int, layout: Layout, plan: Campaign, standing: Standing) -> None:
    entry = plan.lanes[lane]
    item = next(line.makes for line in plan.lines if line.id == entry.line)
    standing.delivered[:, lane] += number
    place = layout.nations.index(entry.nation)
    if item in layout.effectors:
        effector = layout.effectors.index(item)
        standing.depot[:, place, effector] += number
        standing.made[:, effector] += number
    else:
        standing.spare[:, place, layout.kinds.index(item)] += number
