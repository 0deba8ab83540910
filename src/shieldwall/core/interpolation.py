"""Read a value between equally spaced entries of a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import kernel


@kernel
def between(table: NDArray[np.float64], row: int, first: float, last: float, at: float) -> float:
    """Return table[row] at `at`, linear between its K >= 2 entries, which stand equally spaced from `first` to `last`.

    Outside first..last the end entries hold.
    """
    if last <= first:
        return table[row, 0]
    top = table.shape[1] - 1
    place = min(max((at - first) / (last - first), 0.0), 1.0) * top
    k = min(int(place), top - 1)
    return table[row, k] + (place - k) * (table[row, k + 1] - table[row, k])
