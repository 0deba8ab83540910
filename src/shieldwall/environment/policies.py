"""Policies to compare a learner with: hold fire, fire at everything, and a fixed rule of the user's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from shieldwall.environment.choices import Choices
from shieldwall.environment.raids import Raids
from shieldwall.tables import Float, Int

# From what is shown (R, shown) and how many decisions each raid has had (R,) to choices (R, C + 3 + J).
Policy = Callable[[NDArray[np.float32], Int], Int]


def nothing(choices: Choices) -> Policy:
    """Hold fire, whatever comes."""
    hold = np.concatenate([np.zeros(choices.classes.size, np.int64), [0, 0, 0], np.zeros(choices.groups, np.int64)])
    return lambda shown, _decided: np.tile(hold, (shown.shape[0], 1))


def greedy(choices: Choices) -> Policy:
    """Fire at everything, as the scenario's doctrine does when left alone."""
    free = np.concatenate([np.ones(choices.classes.size, np.int64), [0, 0, 0], np.ones(choices.groups, np.int64)])
    return lambda shown, _decided: np.tile(free, (shown.shape[0], 1))


def returns(raids: Raids, policy: Policy, seed: int, replications: int) -> Float:
    """Return the return of each raid under a policy, (replications,), as many side by side as `raids` has."""
    count = raids.over.size
    found = np.zeros(-(-replications // count) * count)
    for first in range(0, found.size, count):
        numbers = np.arange(first, first + count, dtype=np.uint64)
        raids.begin(np.ones(count, np.bool_), np.full(count, seed, np.uint64), numbers)
        decided = np.zeros(count, np.int64)
        while not raids.over.all():
            at_work = ~raids.over
            found[first : first + count] -= raids.step(policy(raids.shown(), decided))
            decided += at_work
    return found[:replications]
