"""Arrow columns straight from numpy's memory.

`pyarrow.array` does the same, but imports pandas wherever it is installed, only to ask whether it was given a series: a
second lost at the start of every run.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_NUMPY_TYPE = {pa.int32(): np.int32, pa.float64(): np.float64}


def numbers(values: NDArray[Any], kind: pa.DataType, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return a column of int32 or float64, null where `missing`; any shape, row by row."""
    flat = np.ascontiguousarray(values, dtype=_NUMPY_TYPE[kind]).ravel()
    if missing is None or not missing.any():
        return pa.Array.from_buffers(kind, flat.size, [None, pa.py_buffer(flat)])
    return pa.Array.from_buffers(kind, flat.size, [_bits(~missing.ravel()), pa.py_buffer(flat)])


def truths(values: NDArray[np.bool_]) -> pa.Array:
    """Return a column of booleans."""
    return pa.Array.from_buffers(pa.bool_(), values.size, [None, _bits(values.ravel())])


@lru_cache(maxsize=64)
def texts(words: tuple[str, ...]) -> pa.Array:
    """Return a column of strings; those of a run are asked for again with every block."""
    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *(len(word) for word in encoded)]).astype(np.int32)
    return pa.Array.from_buffers(pa.string(), len(encoded), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    """Return booleans as Arrow packs them: one bit each, the lowest first."""
    return pa.py_buffer(np.packbits(values, bitorder="little"))
