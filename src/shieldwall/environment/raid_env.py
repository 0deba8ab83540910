"""Gymnasium's side of it: `shieldwall/Raid-v0`, one raid or many, with the reward -(value that came through).

    import gymnasium, shieldwall.environment
    one = gymnasium.make("shieldwall/Raid-v0", scenario="holding-fire", interval_s=600.0)
    many = gymnasium.make_vec("shieldwall/Raid-v0", num_envs=256, vectorization_mode="vector_entry_point")

The reward of a step is minus the value at risk of every threat that came through in it, so the return is minus the
expected value lost, given what came through; nothing is charged for rounds.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from shieldwall.environment.choices import Choices
from shieldwall.environment.raids import Raids
from shieldwall.scenario.load import load
from shieldwall.scenario.types import Scenario

INTERVAL_S = 300.0
_REPLICATIONS = 2**32 - 1

Info = dict[str, Any]
Shown = NDArray[np.float32]
Chosen = NDArray[np.int64]


class RaidEnv(gymnasium.Env[Shown, Chosen]):
    """One raid. `reset(seed=S)` plays replication 0 of seed S; every later reset the next one of that seed.

    Parameters
    ----------
    scenario : a path, the name of a shipped scenario, or a loaded one
    interval_s : seconds between decisions
    """

    metadata = {"render_modes": []}  # noqa: RUF012 the name and the type are gymnasium's

    def __init__(self, scenario: str | Scenario = "holding-fire", interval_s: float = INTERVAL_S) -> None:
        self.raids = Raids.of(_loaded(scenario), 1, interval_s)
        self.observation_space, self.action_space = spaces_of(self.raids.choices)
        self._seed, self._next = np.uint64(1), 0

    def reset(self, *, seed: int | None = None, options: Info | None = None) -> tuple[Shown, Info]:
        """Begin the next raid; `options={"replication": R}` picks it."""
        super().reset(seed=seed)
        if seed is not None:
            self._seed, self._next = np.uint64(seed), 0
        replication = int((options or {}).get("replication", self._next))
        self._next = (replication + 1) % _REPLICATIONS
        self.raids.begin(np.ones(1, np.bool_), _word(int(self._seed)), _word(replication))
        return self.raids.shown()[0], {"replication": replication, "time_s": float(self.raids.now_s[0])}

    def step(self, action: Chosen) -> tuple[Shown, float, bool, bool, Info]:
        """Play one interval under a choice."""
        lost = self.raids.step(np.asarray(action, np.int64)[None])
        over = bool(self.raids.over[0])
        return self.raids.shown()[0], -float(lost[0]), over, False, {"time_s": float(self.raids.now_s[0])}


class RaidVectorEnv(VectorEnv[Shown, Chosen, Any]):
    """Many raids in one compiled call a step: raid k plays replications k, k + N, k + 2 N, ... of the seed.

    A raid that is over begins anew at the next step, whose choice for it does nothing (gymnasium's NEXT_STEP).
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012

    def __init__(
        self, num_envs: int = 1, scenario: str | Scenario = "holding-fire", interval_s: float = INTERVAL_S
    ) -> None:
        self.num_envs = num_envs
        self.raids = Raids.of(_loaded(scenario), num_envs, interval_s)
        self.single_observation_space, self.single_action_space = spaces_of(self.raids.choices)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._seeds = np.ones(num_envs, np.uint64)
        self._replications = np.arange(num_envs, dtype=np.uint64)

    def reset(self, *, seed: int | None = None, options: Info | None = None) -> tuple[Shown, Info]:
        """Begin all raids."""
        super().reset(seed=seed, options=options)
        if seed is not None:
            self._seeds[:] = np.uint64(seed)
        self._replications = np.arange(self.num_envs, dtype=np.uint64)
        self.raids.begin(np.ones(self.num_envs, np.bool_), self._seeds, self._replications)
        return self.raids.shown(), {}

    def step(self, actions: Chosen) -> tuple[Shown, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], Info]:
        """Play one interval of every raid under way; begin anew those that were over."""
        fresh = self.raids.over.copy()
        lost = self.raids.step(np.asarray(actions, np.int64))
        if fresh.any():
            self._replications[fresh] += np.uint64(self.num_envs)
            self.raids.begin(fresh, self._seeds, self._replications)
        over = self.raids.over.copy()
        return self.raids.shown(), np.where(fresh, 0.0, -lost), over, np.zeros(self.num_envs, np.bool_), {}


def spaces_of(choices: Choices) -> tuple[Any, Any]:
    """Return what is shown and what may be chosen, as gymnasium's spaces."""
    return spaces.Box(0.0, 1.0, (choices.shown,), np.float32), spaces.MultiDiscrete(choices.sizes)


def _loaded(scenario: str | Scenario) -> Scenario:
    return load(scenario) if isinstance(scenario, str) else scenario


def _word(number: int) -> NDArray[np.uint64]:
    return np.array([number], np.uint64)
