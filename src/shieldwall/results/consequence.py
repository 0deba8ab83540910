"""What a raid did to people and services: impacts among people, outages, and the state of readiness it met.

Letters as in `row`; I impacts among people, V services.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Impacts:
    """Hits where people live, in (replication, threat) order.

    replication, threat int64 (I,); hour float64, local; warning_s float64, how long an alert had been on (0: none);
    casualties int64, killed and gravely hurt; unwarned int64, the same hit on the same luck without any warning.
    """

    replication: NDArray[np.int64]
    threat: NDArray[np.int64]
    hour: NDArray[np.float64]
    warning_s: NDArray[np.float64]
    casualties: NDArray[np.int64]
    unwarned: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outages:
    """What services did not deliver: lost float64 (R, V) in the service's unit, short_h float64 (R, V) hours."""

    lost: NDArray[np.float64]
    short_h: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alarms:
    """Whether the raid was noticed before its first launch: lead_s float64 (R,), -inf where not; raised bool (R,)."""

    lead_s: NDArray[np.float64]
    raised: NDArray[np.bool_]
