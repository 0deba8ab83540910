"""Relocation: a unit that moves is not where it was seen, and cannot fight on the march."""

from __future__ import annotations

import math


def moved_share(stay_s: float, knowledge_s: float) -> float:
    """Return the chance that a unit has moved since it was seen: 1 - exp(-knowledge / stay).

    Stays are exponential with mean `stay_s`; the attacker's knowledge is `knowledge_s` old.
    """
    return 1.0 - math.exp(-knowledge_s / stay_s)


def at_work_share(stay_s: float, move_s: float) -> float:
    """Return the share of the time that a unit stands and can fight: stay / (stay + move)."""
    return stay_s / (stay_s + move_s)
