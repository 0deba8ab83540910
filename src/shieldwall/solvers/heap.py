"""A binary heap on two arrays, keys and what they belong to, the least key first."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from shieldwall.core.compiled import njit


@njit(cache=True, nogil=True)
def sink(key: NDArray[Any], item: NDArray[Any], size: int, new_key: float, new_item: int) -> None:
    """Replace the least of `size` entries by a new one, which sinks to its place."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if key[child] >= new_key:
            break
        key[place] = key[child]
        item[place] = item[child]
        place = child
    key[place] = new_key
    item[place] = new_item
