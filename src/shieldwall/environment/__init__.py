"""The defender's choices as a learning environment: importing it registers gymnasium's `shieldwall/Raid-v0`."""

from __future__ import annotations

import gymnasium

from shieldwall.environment.raid_env import RaidEnv, RaidVectorEnv
from shieldwall.environment.raids import Raids

__all__ = ["RaidEnv", "RaidVectorEnv", "Raids"]

if "shieldwall/Raid-v0" not in gymnasium.registry:
    gymnasium.register(
        "shieldwall/Raid-v0",
        entry_point="shieldwall.environment.raid_env:RaidEnv",
        vector_entry_point="shieldwall.environment.raid_env:RaidVectorEnv",
    )
