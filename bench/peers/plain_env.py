"""The peer of the learning environment: the SimPy raid, stepped in plain Python behind gymnasium's interface.

The same scenario, the same decision interval, and the one choice that matters for speed: which classes are on hold.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from bench.peers.simpy_raid import ARRIVES, Plan, Raid, Window
from gymnasium import spaces


class HeldRaid(Raid):
    """A raid in which fire may be held."""

    hold = False

    def may_fire(self, window: Window, now_s: float) -> tuple[bool, bool]:
        """Return no for everything while fire is held."""
        return (False, False) if self.hold else super().may_fire(window, now_s)


class PlainRaidEnv(gymnasium.Env[np.ndarray, np.ndarray]):
    """One raid; what is shown: time, tracked threats that fly, rounds left."""

    def __init__(self, plan: Plan, begin_s: float, interval_s: float) -> None:
        self.plan, self.begin_s, self.interval_s = plan, begin_s, interval_s
        self.observation_space = spaces.Box(0.0, 1.0, (3,), np.float32)
        self.action_space = spaces.Discrete(2)
        self.seed_next = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[np.ndarray, dict]:
        """Begin the next raid."""
        super().reset(seed=seed)
        self.seed_next += 1
        self.raid = HeldRaid(self.plan, self.seed_next)
        self.raid.begin()
        self.now_s = self.begin_s
        return self._shown(), {}

    def step(self, action: Any) -> tuple[np.ndarray, float, bool, bool, dict]:
        """Play one interval."""
        until_s = self.now_s + self.interval_s
        self.raid.hold = not action
        self.raid.env.run(until=until_s)
        lost = sum(
            threat.flight.value_at_risk
            for threat in self.raid.threats
            if threat.end == ARRIVES and self.now_s < threat.end_s <= until_s
        )
        self.now_s = until_s
        over = all(threat.end_s <= until_s for threat in self.raid.threats)
        return self._shown(), -lost, over, False, {}

    def _shown(self) -> np.ndarray:
        flying = sum(threat.start_s <= self.now_s < threat.end_s for threat in self.raid.threats)
        share = flying / max(len(self.raid.threats), 1)
        left = sum(self.raid.ready) / max(sum(self.plan.ready), 1)
        return np.array([min((self.now_s - self.begin_s) / 86_400.0, 1.0), share, left], np.float32)
