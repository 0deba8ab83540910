"""Choose p sites that cover the most value, with a proof of how good the choice is.

The steps, each of which may be the last:

1. greed gives a choice, a short annealing betters it;
2. prices give a Lagrangian bound, and leave out sites that no better choice holds;
3. what is left, if it is small, goes to an integer program at once;
4. else two threads: one anneals again and again, lets an integer program choose among the sites of its best runs, and
   re-chooses ever new windows of neighbouring sites exactly; the other helps, then runs the whole integer program.

A time limit is one of wall time from `begin`; the value is recomputed from the sites at the end.

References
----------
[church1974] for the problem; [fisher1981] for the bound; [taillard2003] for windows that are chosen again exactly.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.covering_bound import begin, descend, may_better, priced
from shieldwall.solvers.covering_instance import Covering, Lists, turned
from shieldwall.solvers.covering_model import choose, window
from shieldwall.solvers.covering_search import Annealing, covered, greedy
from shieldwall.solvers.incumbent import Incumbent, Report

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_HOT, _COLD = 0.04, 0.003  # temperatures of annealing, in mean worth of a site of the greedy choice
_MOVES_A_SITE, _LEAST_MOVES, _MOST_MOVES = 250_000, 1_000_000, 30_000_000
_MOVES_A_SLICE = 50  # blocks of 1000
_FORGET = 0.5  # share of a run after which its best counts
_FIRST_MOVES = 400_000
_RUN_SHARE = 0.12  # of the time limit that one annealing may take
_FIRST_RUNS = 6
_NEAR = 0.0035  # gap below which a proof is tried early
_LATE = 0.75  # share of the time limit after which it is tried in any case
_ELITE = 16
_STEPS_A_SLICE, _LEAST_STEPS, _MOST_STEPS = 50, 300, 6000  # a bound there must be, however little time
_BOUND_SHARE = 0.1  # of the time limit for the first prices
_SMALL = 300  # candidates that go to the integer program at once
_FUSE_S, _WINDOW_S = 6.0, 2.0
_WINDOW, _QUICK_S, _GROW = 12, 0.5, 1.25
_MOST_FAILURES = 3
_WARM = 0.4  # of the first temperature, for a run that stays near the best choice
_WORST_CANDIDATES = 1500
_WAIT_S = 0.05
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Siting:
    """A choice of sites and what is proven of it.

    Attributes
    ----------
    value : value of the points that the sites cover
    upper_bound : no choice of as many sites covers more
    gap : (upper_bound - value) / upper_bound; 0 if both are 0
    wall_s : time taken, seconds
    greedy_value : what greed alone covers
    sites : int64, shape (P,), rising
    interrupted : whether the user stopped it
    """

    value: float
    upper_bound: float
    gap: float
    wall_s: float
    greedy_value: float
    sites: IntArray
    interrupted: bool = False


def solve(
    covering: Covering, p: int, *, time_limit_s: float = 50.0, start_s: float | None = None,
    report: Report | None = None,
) -> Siting:  # fmt: skip
    """Return p sites with a proven bound.

    Parameters
    ----------
    p : number of sites to choose, >= 0; all sites if there are no more
    time_limit_s : stop about then, counted from `start_s`
    start_s : a reading of `time.perf_counter`; default: now
    report : called about every second with value, bound and seconds left
    """
    start_s = time.perf_counter() if start_s is None else start_s
    count = min(p, covering.sites)
    if count in (covering.sites, 0):
        sites = np.arange(count)
        value = covered(covering.values, covering.covers, sites)
        return Siting(value, value, 0.0, time.perf_counter() - start_s, value, sites)
    search = Incumbent(covering, count, start_s, time_limit_s, report)
    greedy_value = search.offer(greedy(covering.values, *covering.covers, count))
    search.offer_bound(math.fsum(covering.values))
    interrupted = False
    try:
        _begin(search, greedy_value)
        if not search.done():
            _together(search, greedy_value)
    except KeyboardInterrupt:
        interrupted = True
        search.cancel()
    if search.failure is not None:
        raise search.failure
    value, bound = search.value, max(search.bound, search.value)
    gap = (bound - value) / bound if bound > 0.0 else 0.0
    return Siting(value, bound, gap, time.perf_counter() - start_s, greedy_value, np.sort(search.sites), interrupted)


def _begin(search: Incumbent, greedy_value: float) -> None:
    """Anneal for a moment, price, and solve at once what is small."""
    covering = search.covering
    _anneal(search, np.arange(covering.sites), search.sites, _FIRST_MOVES, greedy_value, seed=0)
    descent = begin(covering)
    descend(covering.values, *covering.covers, search.p, search.value, descent, 1)  # compiled before the clock runs
    until = time.perf_counter() + _BOUND_SHARE * search.limit_s
    for k in range(_MOST_STEPS // _STEPS_A_SLICE):
        if k * _STEPS_A_SLICE >= _LEAST_STEPS and (search.done() or time.perf_counter() > until):
            break
        if descend(covering.values, *covering.covers, search.p, search.value, descent, _STEPS_A_SLICE):
            break
    search.prices = priced(covering, search.p, descent.best_price)
    search.offer_bound(search.prices.bound)
    if not search.done() and _candidates(search).size <= _SMALL:
        _prove(search)


def _candidates(search: Incumbent) -> IntArray:
    """Return the sites that may be part of a better choice."""
    assert search.prices is not None
    target = search.value + (0.5 if search.whole else 0.0)
    return np.flatnonzero(may_better(search.prices, search.p, target))


def _prove(search: Incumbent) -> None:
    """Run the whole integer program over the sites that may be part of a better choice."""
    value, candidates = search.value, _candidates(search)
    covering = search.covering
    found = choose(
        covering.values, covering.covers, candidates, search.p, search.left_s(), search.sites, search.running
    )
    search.offer(found.sites)
    search.offer_bound(max(found.bound, value))


def _anneal(
    search: Incumbent, candidates: IntArray, first: IntArray, moves: int, greedy_value: float, *, seed: int,
    heat: float = 1.0,
) -> None:  # fmt: skip
    """Run one annealing over candidates, which hold the first choice; take in what it finds."""
    covers, values = search.covering.covers, search.covering.values
    if candidates.size == search.covering.sites:
        own, by_point = covers, search.by_point
    else:
        lists = [covers.item[covers.start[i] : covers.start[i + 1]] for i in candidates.tolist()]
        own = Lists(np.cumsum([0, *(len(x) for x in lists)]), np.concatenate(lists))
        by_point = turned(own, values.size)
    run = Annealing(values, own, by_point, np.searchsorted(candidates, first), seed)
    scale = max(greedy_value, 1e-300) / search.p
    began, longest = time.perf_counter(), _RUN_SHARE * search.limit_s
    progress = done = 0.0
    own_best = False
    while progress < 1.0 and not search.done():
        if progress > _FORGET and not own_best:
            own_best = True
            run.forget()
        temperature = heat * scale * _HOT * (_COLD / (heat * _HOT)) ** progress
        run.slice(temperature, _MOVES_A_SLICE)
        done += _MOVES_A_SLICE * 1000
        progress = max(done / moves, (time.perf_counter() - began) / longest)
    sites = candidates[run.best]
    value = search.offer(sites)
    with search.lock:
        search.runs += 1
        search.elite = sorted({*search.elite, (value, tuple(np.sort(sites).tolist()))}, reverse=True)[:_ELITE]


def _together(search: Incumbent, greedy_value: float) -> None:
    """Search on one thread and, after a first help, prove on another, until closed or out of time."""

    def guarded(work: Callable[[Incumbent, float], None]) -> None:
        try:
            work(search, greedy_value)
        except BaseException as error:
            search.failure = error
            search.stop.set()

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in (_improve, _help_and_prove)]
    for thread in threads:
        thread.start()
    told = 0.0
    try:
        while any(thread.is_alive() for thread in threads) and not search.done():
            search.stop.wait(_WAIT_S)
            if search.report is not None and time.perf_counter() - told > 1.0:
                told = time.perf_counter()
                search.report(search.value, search.bound, search.left_s())
    finally:
        search.cancel()
        for thread in threads:
            thread.join(_PATIENCE_S)


def _help_and_prove(search: Incumbent, greedy_value: float) -> None:
    """Prove at once what is nearly proven, else help with the search first."""

    def nearly() -> bool:
        return search.bound - search.value <= _NEAR * search.bound

    seed = 1000
    while search.runs < _FIRST_RUNS and not nearly() and not search.done():
        seed += 1
        _run(search, greedy_value, seed)
    if not nearly():
        _better(search, greedy_value, seed=1100, until_s=(1.0 - _LATE) * search.limit_s)
    if not search.done():
        _prove(search)


def _improve(search: Incumbent, greedy_value: float) -> None:
    """Search to the end."""
    _runs(search, greedy_value, seed=0)
    _better(search, greedy_value, seed=100, until_s=0.0)


def _runs(search: Incumbent, greedy_value: float, seed: int) -> None:
    """Anneal from the greedy choice until the first runs are made."""
    while search.runs < _FIRST_RUNS and not search.done():
        seed += 1
        _run(search, greedy_value, seed)


def _run(search: Incumbent, greedy_value: float, seed: int, heat: float = 1.0) -> None:
    """Anneal over the sites that may be part of a better choice: hot enough to forget, or from the best one."""
    candidates = np.union1d(_candidates(search), search.sites)
    moves = min(max(_MOVES_A_SITE * search.p, _LEAST_MOVES), _MOST_MOVES)
    _anneal(search, candidates, search.sites, moves, greedy_value, seed=seed, heat=heat)


def _better(search: Incumbent, greedy_value: float, *, seed: int, until_s: float) -> None:
    """Fuse, choose windows again; anneal anew when windows gain no more. Stop with `until_s` seconds left."""
    random = np.random.default_rng(seed)
    size, failures = float(_WINDOW), 0
    _fuse(search)
    while not search.done() and search.left_s() > until_s:
        before, began = search.value, time.perf_counter()
        closed = _window(search, int(min(size, search.p)), random)
        took = time.perf_counter() - began
        if closed and took < _QUICK_S:
            size = min(size * _GROW, float(search.p))
        elif not closed:
            size = max(size / _GROW, 2.0)
        failures = 0 if search.value > before else failures + 1
        if failures >= _MOST_FAILURES and not search.done():
            failures, seed = 0, seed + 1
            _run(search, greedy_value, seed, heat=1.0 if seed % 2 else _WARM)
            _fuse(search)


def _fuse(search: Incumbent) -> None:
    """Choose exactly among the sites of the best runs and of the best choice."""
    if search.done():
        return
    held = [np.array(sites, np.int64) for _, sites in search.elite]
    candidates = np.unique(np.concatenate([search.sites, *held]))
    seconds = min(_FUSE_S, search.left_s())
    covering = search.covering
    search.offer(
        choose(covering.values, covering.covers, candidates, search.p, seconds, search.sites, search.running).sites
    )


def _window(search: Incumbent, size: int, random: np.random.Generator) -> bool:
    """Choose the sites around a random one again, all others kept; return whether it was done to the end."""
    assert search.prices is not None
    covering, chosen = search.covering, search.sites
    covers = covering.covers
    freed = window(search.near, chosen, int(random.choice(chosen)), size)
    kept = np.setdiff1d(chosen, freed)
    values = covering.values.copy()
    for site in kept.tolist():
        values[covers.item[covers.start[site] : covers.start[site + 1]]] = 0.0
    around = [search.near.item[search.near.start[i] : search.near.start[i + 1]] for i in freed.tolist()]
    candidates = np.setdiff1d(np.unique(np.concatenate([freed, *around])), kept)
    if candidates.size > _WORST_CANDIDATES:
        best = np.argsort(-search.prices.worth[candidates], kind="stable")[:_WORST_CANDIDATES]
        candidates = np.union1d(candidates[best], freed)
    seconds = min(_WINDOW_S, search.left_s())
    found = choose(values, covers, candidates, freed.size, seconds, freed, search.running)
    search.offer(np.union1d(kept, found.sites))
    return found.closed
