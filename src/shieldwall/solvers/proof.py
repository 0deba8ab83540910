"""Prove an assignment: list what a better plan can hold, cut, and let an integer program choose among it."""

from __future__ import annotations

import numpy as np

from shieldwall.solvers.assignment_search import Search
from shieldwall.solvers.charged_listing import list_charged
from shieldwall.solvers.choice import choose
from shieldwall.solvers.cut_bound import Tightened, narrowed, nearest, tighten, weigh
from shieldwall.solvers.lagrangian import Priced, price_out
from shieldwall.solvers.listed import Listed, list_patterns, merged
from shieldwall.solvers.parity_cuts import Cuts, no_cuts

FIRST_SLACK = 1e-3  # of the mean cost of a target: how much dearer than the least the first listed patterns may be
LISTED_A_TARGET = 6.0  # patterns a target to list at first
_LISTED_IN_PROOF = 20.0  # patterns a target
_MOST_LISTED = 400
LIST_NODES = 20_000
_CHOSEN_A_TARGET = 4.0  # patterns a target for a first choice
_CHOSEN = 2400  # or as many patterns in all
_NEAR = 0.25  # of what the cuts gained: how far above the bound a plan is looked for first
_LEAST_NEAR = 1e-3  # of the gap
_NEAR_STEP = 4.0
_NEAR_MORE = 3
_SETTLINGS = 3
_LISTINGS = 20
_ROOM = 1.5  # times what is open over the patterns listed: how far to list at prices and charges
_LEAST_SPAN = 0.05  # of what the cuts gained
_ROOM_FOUND = 0.5
_WIDER = 3.0
_NARROWINGS = 6  # tries to list less
_POOR_PLAN = 2e-3  # above this gap a better plan is looked for before patterns are listed for the proof


def cheapest_patterns(search: Search, wanted: float, most: int) -> tuple[Priced, float]:
    """Return the cheapest patterns at the best prices, and their slack: wide enough to list `wanted` a target."""
    problem = search.problem
    assert search.priced is not None
    widest = search.value - search.priced.bound
    slack = min(FIRST_SLACK * search.value / problem.values.size, widest)
    while True:
        priced = price_out(problem, search.priced.price, search.value, keep=most, slack=slack, most_nodes=LIST_NODES)
        if priced.stored.mean() >= wanted or slack >= widest or not priced.complete or priced.stored.max() >= most:
            return priced, slack
        slack = min(3.0 * slack, widest)


def prove(search: Search) -> None:
    """List what a better plan can hold, cut, choose among it, and list anew at the prices and charges found."""
    problem = search.problem
    assert search.priced is not None
    stop = 0.3 * search.wanted_gap * search.value
    if search.value - search.priced.bound > _POOR_PLAN * search.value:
        _plan_among_few(search)
    _, width = cheapest_patterns(search, _LISTED_IN_PROOF, _MOST_LISTED)
    width = min(width, search.value - search.priced.bound)
    listed, width = _list_narrowly(search, width)
    cuts = no_cuts(problem.values.size, problem.rounds.size)
    for _ in range(_LISTINGS):
        if listed is None or search.closed():
            return
        tight = _tighten(search, listed, cuts, stop)
        cuts = tight.cuts
        if search.value - search.priced.bound <= width:  # all is listed
            _settle(search, listed, tight, stop)
            return
        tight, _ = _choose_nearby(search, listed, tight, stop)
        if search.closed() or tight.least.size == 0:
            return
        span = max(search.value - tight.bound, _LEAST_SPAN * (tight.bound - search.priced.bound))
        found, slack = _list_at_charges(search, tight, min(_ROOM * span, width))
        if found is None:
            return
        # the least of each target that can be in a better plan is found: the bound is one over all better plans
        every = np.arange(found.cost.size)
        over_all, _ = weigh(problem, found, every, search.value, tight.price, tight.charge, cuts)
        search.proven = max(search.proven, min(over_all.bound, search.value))
        listed = merged(listed, found)
        if search.value - over_all.bound <= slack:  # all is listed
            _settle(search, listed, _tighten(search, listed, cuts, stop), stop)
            return
        if slack == width and over_all.bound >= tight.bound - _ROOM_FOUND * span:
            width *= _WIDER


def _plan_among_few(search: Search) -> None:
    """Look for a better plan among the cheapest patterns, no poor one: that would have far too many listed."""
    problem, enough = search.problem, _POOR_PLAN * search.value
    _, width = cheapest_patterns(search, LISTED_A_TARGET, int(4 * LISTED_A_TARGET))
    listed, _ = _list_narrowly(search, width)
    if listed is not None:
        tight = _tighten(search, listed, no_cuts(problem.values.size, problem.rounds.size), enough)
        _choose_nearby(search, listed, tight, enough)


def _list_narrowly(search: Search, width: float) -> tuple[Listed | None, float]:
    """Return the patterns within a width of the least of their targets, and the width; narrower where they are many."""
    assert search.priced is not None
    for _ in range(_NARROWINGS):
        listed = list_patterns(search.problem, search.priced, width, search.value)
        if listed is not None or search.closed():
            return listed, width
        width /= _WIDER
    return None, width


def _list_at_charges(search: Search, tight: Tightened, slack: float) -> tuple[Listed | None, float]:
    """Return the patterns within a slack at prices and charges, and the slack; less where they are too many."""
    assert search.priced is not None
    for _ in range(_NARROWINGS):
        found = list_charged(
            search.problem, search.priced, tight.price, tight.charge, tight.cuts, tight.least, slack, search.value,
            search.deadline,
        )  # fmt: skip
        if found is not None or search.closed():
            return found, slack
        slack /= _WIDER
    return None, slack


def _tighten(search: Search, listed: Listed, cuts: Cuts, stop: float) -> Tightened:
    """Raise the bound over what is listed by cuts, from the best prices on."""
    assert search.priced is not None
    return tighten(search.problem, listed, search.priced.price, search.value, stop, search.deadline, cuts)


def _settle(search: Search, listed: Listed, tight: Tightened, stop: float) -> None:
    """Prove what is listed of all that can be better than the best plan, or find a better plan and prove that."""
    for _ in range(_SETTLINGS):
        search.proven = max(search.proven, min(tight.bound, search.value))
        if tight.which.size > max(_CHOSEN_A_TARGET * search.problem.values.size, _CHOSEN) and not search.closed():
            tight, reached = _choose_nearby(search, listed, tight, stop)
            search.proven = max(search.proven, min(reached, search.value))
        width = search.value - tight.bound
        if tight.which.size == 0 or width <= stop or search.closed():
            return
        before = search.value
        choice = choose(search.problem, listed, tight, width, stop, search.left_s(), search.plan)
        search.offer_plan(choice.plan)
        search.proven = max(search.proven, min(choice.bound, search.value))
        if search.value == before or search.closed():
            return
        # what the program gives away to its tolerances is a share of the gap: a smaller gap, once more
        tight = _tighten(search, listed, tight.cuts, stop)


def _choose_nearby(search: Search, listed: Listed, tight: Tightened, stop: float) -> tuple[Tightened, float]:
    """Look for a better plan little above the bound of the cuts, among few patterns.

    Returns what is left after, and a lower bound over the plans of listed patterns better than the best one.
    """
    assert search.priced is not None
    most = max(int(_CHOSEN_A_TARGET * search.problem.values.size), _CHOSEN)
    reached = tight.bound
    widest = search.value - tight.bound
    width = max(_NEAR * (tight.bound - search.priced.bound), _LEAST_NEAR * widest)
    while widest > stop and not search.closed():
        width = min(width, widest)
        few = nearest(tight, width, most)
        choice = choose(search.problem, listed, few, width, stop, search.left_s(), search.plan)
        search.offer_plan(choice.plan)
        if few.which.size == np.count_nonzero(tight.excess <= width):  # a plan within the width holds no others
            reached = max(reached, choice.bound)
        if search.value - tight.bound <= width:
            break
        widest = search.value - tight.bound
        width *= _NEAR_STEP
        most *= _NEAR_MORE
    return narrowed(tight, search.value), reached
