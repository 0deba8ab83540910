"""Identification: how well networks tell hostile tracks from friendly and civil ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identification:
    """How well tracks are identified.

    verdict: chance that a look brings one; recheck_s: mean time to the next look; hostile_let_go: chance, by threat
    class, that the verdict on a hostile is "not hostile"; called_hostile: chance, by type of aircraft, that the verdict
    on a friendly or civil one is "hostile".
    """

    verdict: float
    recheck_s: float
    hostile_let_go: Mapping[str, float]
    called_hostile: Mapping[str, float]
