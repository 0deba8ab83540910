"""The figures of a run, for notebooks: `shieldwall.plot.leakers(results)`. Needs matplotlib, the extra `report`."""

from __future__ import annotations

from shieldwall.report.figures import causes, fates, first_empty, leakers, rounds
from shieldwall.report.theatre import theatre

__all__ = ["causes", "fates", "first_empty", "leakers", "rounds", "theatre"]
