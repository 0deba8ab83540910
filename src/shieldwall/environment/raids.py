"""Raids under a defender's choices: N replications side by side, one decision interval a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import CapacityError
from shieldwall.engine.simulate import prepare
from shieldwall.engine.step_many import Seen, advance_many, begin_many, look_many, new_seen, new_stack
from shieldwall.environment.choices import Choices, choices_of, hold_of, keep_of, shown_of
from shieldwall.scenario.types import Scenario
from shieldwall.state import OK, State
from shieldwall.tables import Float, Int, Tables

Seeds = NDArray[np.uint64]
Flags = NDArray[np.bool_]


@dataclass
class Raids:
    """What changes between steps: R raids, each with its seed, its replication, its clock and whether it is over.

    A raid ends when every flight has ended. The next decision falls after `interval_s`, or at the end of the interval
    in which the next thing is due: nothing can be decided while nothing happens.
    """

    tables: Tables
    choices: Choices
    stack: State
    seen: Seen
    keep: Int
    interval_s: float
    seed: Seeds
    replication: Seeds
    now_s: Float
    over: Flags
    held: Flags

    @classmethod
    def of(cls, scenario: Scenario, count: int, interval_s: float) -> Raids:
        """Return raids that have not begun."""
        tables, _ = prepare(scenario)
        choices = choices_of(tables)
        return cls(
            tables=tables._replace(keep=tables.keep.copy()),
            choices=choices,
            stack=new_stack(tables, count),
            seen=new_seen(tables, count),
            keep=np.repeat(choices.keep[None], count, axis=0),
            interval_s=interval_s,
            seed=np.zeros(count, np.uint64),
            replication=np.zeros(count, np.uint64),
            now_s=np.zeros(count),
            over=np.ones(count, np.bool_),
            held=np.zeros((count, choices.classes.size), np.bool_),
        )

    def begin(self, wanted: Flags, seed: Seeds, replication: Seeds) -> None:
        """Begin the wanted raids anew, each with its seed and replication."""
        self.seed[wanted], self.replication[wanted] = seed[wanted], replication[wanted]
        _checked(begin_many(self.tables, self.stack, self.seed, self.replication, wanted))
        self.now_s[wanted] = self.choices.begin_s
        self.over[wanted] = False
        self.held[wanted] = False
        self.keep[wanted] = self.choices.keep
        look_many(self.tables, self.stack, self.now_s, wanted, self.seen)

    def step(self, chosen: Int) -> Float:
        """Play one interval under choices (R, C + 3 + J); return the value at risk of what came through, (R,)."""
        until_s = self.now_s + self.interval_s
        keep = keep_of(self.choices, chosen)
        changed = (keep != self.keep).any(axis=(1, 2))
        self.keep = keep
        if self.choices.groups:
            hold = hold_of(self.choices, chosen)
            changed |= (hold != self.stack.air.hold).any(axis=1)
            self.stack.air.hold[~self.over] = hold[~self.over]
        _checked(
            advance_many(
                self.tables, self.stack, keep, changed, self.now_s, until_s,
                self.seed, self.replication, ~self.over, self.seen,
            )
        )  # fmt: skip
        next_s = self.seen.next_s
        self.held = np.asarray(chosen[:, : self.choices.classes.size] == 0)
        idle = np.ceil((next_s - until_s) / self.interval_s) - 1.0
        waited = np.where(np.isfinite(idle) & (idle > 0.0), idle, 0.0) * self.interval_s
        self.now_s = np.where(self.over, self.now_s, until_s + waited)
        self.over = self.over | np.isinf(next_s)
        return self.seen.value_lost.copy()

    def shown(self) -> NDArray[np.float32]:
        """Return what the defenders are shown now, (R, shown)."""
        return shown_of(self.choices, self.now_s, self.seen.counts, self.seen.rounds, self.seen.busy, self.held)


def _checked(status: int) -> None:
    """Raise CapacityError if an array was too small: a fault of ours."""
    if status != OK:
        raise CapacityError(f"a stepped raid needs more room (status {status})")
