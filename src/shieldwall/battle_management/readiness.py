"""Readiness: which state the defence is in when a raid comes, and what that gives and costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shieldwall.battle_management.intelligence import IntelligenceSource

_HOURS_A_YEAR = 365.25 * 24.0


@dataclass(frozen=True, slots=True)
class ReadinessState:
    """A state of readiness.

    crew_present, sensors_on : shares of fire units and of sensors that can be at work at all
    ready_s : from the start of the raid until a manned unit can fire; raise_s : time needed to come up to this state
    scramble_s : order to take-off of fighters on alert; delay_factor : times the delays of command
    cost_share : what it costs in a year, as a share of the price of all fire units and sensors
    """

    id: str
    crew_present: float
    sensors_on: float
    ready_s: float
    raise_s: float
    scramble_s: float
    delay_factor: float
    cost_share: float


@dataclass(frozen=True, slots=True)
class Proficiency:
    """How well crews are drilled: factor on delays, share of threats misidentified, mean time to a second look.

    `cost_share` as in ReadinessState.
    """

    id: str
    delay_factor: float
    misidentified: float
    recheck_s: float
    cost_share: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state in routine, the one that warning raises it to (None: none), who warns, and how crews are drilled.

    `raids_year` is how often such a raid comes, for the chance that an alarm is true.
    """

    routine: ReadinessState
    raised: ReadinessState | None
    intelligence: IntelligenceSource | None
    proficiency: Proficiency | None
    raids_year: float


def raised_hours_a_year(intelligence: IntelligenceSource) -> float:
    """Return how many hours of a year false alarms keep the state raised; those that overlap count once.

    Alarms are a Poisson process, each holds for `hold`: the busy share of M/G/infinity, 1 - exp(-rate x hold).
    """
    load = intelligence.false_alarms_year * intelligence.hold_s / 3600.0 / _HOURS_A_YEAR
    return -math.expm1(-load) * _HOURS_A_YEAR


def yearly_cost_usd(readiness: Readiness, price_usd: float) -> Mapping[str, float]:
    """Return what readiness costs in a year of peace, USD: the states by their share of it, drills, intelligence.

    `price_usd` is that of all fire units and sensors.
    """
    share = 0.0
    if readiness.raised is not None and readiness.intelligence is not None:
        share = raised_hours_a_year(readiness.intelligence) / _HOURS_A_YEAR
    raised = readiness.raised or readiness.routine
    state = (1.0 - share) * readiness.routine.cost_share + share * raised.cost_share
    return {
        "state": price_usd * state,
        "exercises": price_usd * readiness.proficiency.cost_share if readiness.proficiency else 0.0,
        "intelligence": readiness.intelligence.cost_usd_year if readiness.intelligence else 0.0,
    }
