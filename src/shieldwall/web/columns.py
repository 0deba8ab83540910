"""Numbers as the page reads them: whole milliseconds, differences, small tables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int = NDArray[np.int64]


def milliseconds(times_s: Float) -> list[int | None]:
    """Return times, float64 (N,) in seconds, as whole milliseconds; None for NaN and infinity."""
    finite = np.isfinite(times_s)
    whole = np.rint(np.where(finite, times_s, 0.0) * 1000.0).astype(np.int64).tolist()
    if finite.all():
        return list(whole)
    return [value if there else None for value, there in zip(whole, finite.tolist(), strict=True)]


def millisecond(time_s: float) -> int | None:
    """Return one time as whole milliseconds; None for NaN and infinity."""
    return round(time_s * 1000.0) if math.isfinite(time_s) else None


def deltas(values: Int) -> list[int]:
    """Return the first of whole numbers (N,), then each less the one before it."""
    return list(np.diff(values, prepend=0).tolist()) if values.size else []


def rounded(value: Any, digits: int = 6) -> Any:
    """Return plain JSON values with every number cut to so many significant digits."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return float(f"{value:.{digits}g}")
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item, digits) for item in value]
    return value
