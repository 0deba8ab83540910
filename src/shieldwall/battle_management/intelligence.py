"""Intelligence: whether a raid is seen coming before its first launch, and how often the alarm is false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IntelligenceSource:
    """Who watches.

    seen : threat class -> chance that the preparation of such launches is noticed
    lead_s : mean time from the notice to the first launch, exponential
    false_alarms_year : alarms in a year that no raid follows; hold_s : how long the state stays raised after an alarm
    """

    id: str
    seen: Mapping[str, float]
    lead_s: float
    false_alarms_year: float
    hold_s: float
    cost_usd_year: float


def notice_probability(classes: Iterable[str], intelligence: IntelligenceSource) -> float:
    """Return the chance that any class of a raid is noticed: 1 - prod(1 - seen), each class by itself."""
    missed = 1.0
    for name in sorted(set(classes)):
        missed *= 1.0 - intelligence.seen.get(name, 0.0)
    return 1.0 - missed


def lead_times_s(u_seen: Float, u_lead: Float, probability: float, intelligence: IntelligenceSource) -> Float:
    """Return how long before the first launch the raid is noticed, float64 (R,), seconds; -inf where it is not.

    Parameters
    ----------
    u_seen, u_lead : float64 (R,), uniforms
    """
    return np.where(u_seen < probability, -intelligence.lead_s * np.log(u_lead), -np.inf)


def chance_of_a_raid(probability: float, raids_year: float, intelligence: IntelligenceSource) -> float:
    """Return the chance that an alarm is followed by a raid (Bayes): seen raids / (seen raids + false alarms)."""
    true = raids_year * probability
    both = true + intelligence.false_alarms_year
    return true / both if both > 0.0 else 0.0
