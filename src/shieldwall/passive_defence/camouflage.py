"""Camouflage and silence: shares of what is aimed right and still comes down wide."""

from __future__ import annotations

import math
from collections.abc import Iterable


def misdirected_together(shares: Iterable[float]) -> float:
    """Return the share misdirected by several independent measures: 1 - prod(1 - share)."""
    return 1.0 - math.prod(1.0 - share for share in shares)
