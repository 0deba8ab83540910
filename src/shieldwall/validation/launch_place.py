"""Read the launch places of the reported-attack table: which, and what share of a night's weapons came from each.

A cell joins places by " and " and tells the wider region after a comma ("Chauda, Crimea"): both count, so that a place
lends to its region. Which of several places launched how many is not reported; equal shares are assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SPLIT = re.compile(r" and |,")
_MOST_PLACES = 20
_LONGEST_NAME = 60


def places(cell: str) -> tuple[str, ...]:
    """Return the places of one cell, in its order, each once; "oblast" is left out of names."""
    named = (part.replace(" oblast", "").strip()[:_LONGEST_NAME] for part in _SPLIT.split(cell))
    return tuple(dict.fromkeys(name for name in named if name))[:_MOST_PLACES]


def shares(cells: Iterable[tuple[str, int]]) -> Mapping[str, float]:
    """Return the share of the weapons by place.

    Parameters
    ----------
    cells : (cell, launched) for each row of a night and model; a row without places takes part only in the whole

    Returns
    -------
    place -> share of all launched, sums to 1 at most
    """
    rows = list(cells)
    launched = sum(count for _, count in rows)
    found: dict[str, float] = {}
    for cell, count in rows:
        named = places(cell)
        for name in named:
            found[name] = found.get(name, 0.0) + count / launched / len(named)
    return found
