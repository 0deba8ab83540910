"""Set what was simulated beside what was reported, each with the spread of the raids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shieldwall.results.results import Results
from shieldwall.results.row import Fate
from shieldwall.results.statistics import Spread, spread
from shieldwall.results.tally import threat_types

_FATES = {
    "shot_down": (Fate.SHOT_DOWN,),
    "suppressed": (Fate.SUPPRESSED,),
    "failed": (Fate.FAILED,),
    "leaked": (Fate.LEAKED_HIT, Fate.LEAKED_MISSED),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One reported figure of one threat type and the raids' own; `with_failed` if these count what fell by itself."""

    type: str
    figure: str
    reported: float
    simulated: Spread
    with_failed: bool

    @property
    def is_inside(self) -> bool:
        """Return whether the report lies within the middle 90 % of the raids."""
        return self.simulated.q05 <= self.reported <= self.simulated.q95

    @property
    def difference(self) -> float:
        """Return the simulated mean less the reported figure."""
        return self.simulated.mean - self.reported


def beside(results: Results) -> list[Beside]:
    """Return every reported figure of a type that was launched, in the order of the scenario.

    A report that counts suppressed but not failed counts what was lost by itself as suppressed.
    """
    types = threat_types(results.roster)
    found = []
    for name, figures in results.manifest.reported.items():
        if name not in types or not isinstance(figures, Mapping):
            continue
        counts = results.counts.fates[:, types.index(name)]
        for figure, ends in _FATES.items():
            value = figures.get(figure)
            if not isinstance(value, int | float):
                continue
            with_failed = figure == "suppressed" and "failed" not in figures
            counted = (*ends, Fate.FAILED) if with_failed else ends
            found.append(Beside(name, figure, value, spread(counts[:, list(counted)].sum(axis=1)), with_failed))
    return found
