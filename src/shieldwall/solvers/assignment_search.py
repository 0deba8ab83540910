"""The state of one search for an assignment: best plan, best prices, what is proven, and when to stop."""

from __future__ import annotations

import math
import time

import numpy as np
from numpy.typing import NDArray

from shieldwall.solvers.lagrangian import Priced, Problem
from shieldwall.solvers.marginal_return import surviving_value

IntArray = NDArray[np.int64]


class Search:
    """The state of one solve: best plan, best prices, deadline."""

    def __init__(self, problem: Problem, plan: IntArray, wanted_gap: float, begin: float, deadline: float) -> None:
        self.problem = problem
        self.wanted_gap = wanted_gap
        self.begin = begin
        self.deadline = deadline
        self.plan = plan
        self.value = self._worth(plan)
        self.priced: Priced | None = None
        self.proven = 0.0  # best lower bound, from prices or from the integer program

    def _worth(self, plan: IntArray) -> float:
        problem = self.problem
        return math.fsum(surviving_value(problem.values, problem.chance, problem.weapon_of_round, plan))

    def left_s(self) -> float:
        """Return the seconds left."""
        return self.deadline - time.perf_counter()

    def closed(self) -> bool:
        """Return whether the gap is small enough, or time is up."""
        return self.value - self.proven <= self.wanted_gap * self.value or self.left_s() <= 0.0

    def offer_plan(self, plan: IntArray | None) -> None:
        """Keep a plan if it is better."""
        if plan is not None:
            value = self._worth(plan)
            if value < self.value:
                self.plan, self.value = plan, value

    def offer_prices(self, priced: Priced) -> bool:
        """Keep prices if their bound is better; return whether."""
        if self.priced is not None and priced.bound <= self.priced.bound:
            return False
        self.priced = priced
        self.proven = max(self.proven, priced.bound)
        return True
