"""Draw for many at once, outside the kernel: the same numbers as `core.random.draw`, in arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.random import philox4x32

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_INDEX_BITS = np.uint64(24)


def draw_each(
    seed: int, replication: NDArray[np.int64], stream: np.uint64, actor: NDArray[np.uint64], index: int = 0
) -> NDArray[np.float64]:
    """Return four uniforms for each pair of replication and actor, float64 (N, 4), each strictly between 0 and 1.

    Parameters
    ----------
    seed : below 2**64
    replication : int64 (N,), below 2**32
    stream : one of the constants of `core.random`
    actor : uint64 (N,)
    index : below 2**24, which draw of the actor on the stream
    """
    key = np.uint64(seed)
    philox: Any = philox4x32  # Python runs it as it is written, on arrays too
    words = philox(
        actor & _MASK,
        actor >> _SHIFT,
        replication.astype(np.uint64),
        np.full(actor.shape, (stream << _INDEX_BITS) | np.uint64(index)),
        np.full(actor.shape, key & _MASK),
        np.full(actor.shape, key >> _SHIFT),
    )
    return np.stack([(np.asarray(word, np.float64) + 0.5) * 2.0**-32 for word in words], axis=-1)
