"""The best choice of sites and the best bound so far, shared by the threads that search and prove."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

import highspy
import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.covering_bound import Priced
from shieldwall.solvers.covering_instance import Covering, Lists, turned
from shieldwall.solvers.covering_search import covered, neighbours

IntArray = NDArray[np.int64]
Report = Callable[[float, float, float], None]

_EQUAL = 3e-9  # gap at which values that are no whole numbers count as equal: the tolerance of the proof


class Incumbent:
    """What the threads share: the best choice, the best bound, the deadline; every change is locked."""

    def __init__(self, covering: Covering, p: int, start_s: float, limit_s: float, report: Report | None) -> None:
        self.covering, self.p = covering, p
        self.by_point = turned(covering.covers, covering.values.size)
        self.near = Lists(*neighbours(*covering.covers, *self.by_point))
        self.whole = bool(np.all(covering.values == np.round(covering.values)))
        self.start_s, self.limit_s = start_s, limit_s
        self.report = report
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.sites = np.zeros(0, np.int64)
        self.value = -1.0
        self.bound = math.inf
        self.prices: Priced | None = None
        self.elite: list[tuple[float, tuple[int, ...]]] = []
        self.runs = 0
        self.solvers: list[highspy.Highs] = []
        self.failure: BaseException | None = None

    def left_s(self) -> float:
        """Return the seconds left."""
        return self.start_s + self.limit_s - time.perf_counter()

    def done(self) -> bool:
        """Return whether the gap is closed, time is up or the user wants an end."""
        return self.stop.is_set() or self.left_s() <= 0.0 or self.closed()

    def closed(self) -> bool:
        """Return whether the choice is proven best."""
        return self.bound - self.value <= (0.0 if self.whole else _EQUAL * abs(self.bound))

    def offer(self, sites: IntArray) -> float:
        """Take in a choice, filled up to p sites; return its value."""
        full = filled(sites, self.covering.sites, self.p)
        value = covered(self.covering.values, self.covering.covers, full)
        with self.lock:
            if value > self.value:
                self.value, self.sites = value, full
        return value

    def offer_bound(self, bound: float) -> None:
        """Take in a bound; with whole values a choice is worth a whole number."""
        with self.lock:
            self.bound = max(self.value, min(self.bound, math.floor(bound) if self.whole else bound))

    def running(self, solver: highspy.Highs) -> None:
        """Note a solver, so that it can be cancelled."""
        with self.lock:
            self.solvers.append(solver)
        if self.stop.is_set():
            solver.cancelSolve()  # type: ignore[no-untyped-call]

    def cancel(self) -> None:
        """Ask every thread and solver to stop."""
        self.stop.set()
        with self.lock:
            for solver in self.solvers:
                solver.cancelSolve()  # type: ignore[no-untyped-call]


def filled(sites: IntArray, of_all: int, p: int) -> IntArray:
    """Return the sites, and the first others until there are p."""
    others = np.setdiff1d(np.arange(of_all), sites)
    return np.concatenate([sites, others[: p - sites.size]]).astype(np.int64)
