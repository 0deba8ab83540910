"""The figures of a run or a campaign, for notebooks: `shieldwall.plot.leakers(results)`, `plot.runs_out(played)`.

Needs matplotlib, the extra `report`.
"""

from __future__ import annotations

from shieldwall.report.campaign_figures import leaked_by_night, runs_out, stock_by_night
from shieldwall.report.figures import causes, fates, first_empty, leakers, rounds
from shieldwall.report.theatre import theatre

__all__ = [
    "causes",
    "fates",
    "first_empty",
    "leaked_by_night",
    "leakers",
    "rounds",
    "runs_out",
    "stock_by_night",
    "theatre",
]
