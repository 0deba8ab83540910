"""Luck of a campaign: uniform numbers for every replication and entity of one night, by the same generator as a raid.

A raid's own draws have replication and index; a campaign plays each night as other replications (`first_of_night`), so
that no two nights and no two replications share a draw, and adding a replication changes no other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.draws import draw_each
from shieldwall.core.random import actor_hash

Float = NDArray[np.float64]
Words = NDArray[np.uint64]

NIGHT_BITS = 20
MOST_REPLICATIONS = 2**NIGHT_BITS


def first_of_night(night: int) -> int:
    """Return the engine's number of replication 0 of a night (1, 2, ...)."""
    return night << NIGHT_BITS


def actors(ids: Iterable[str]) -> Words:
    """Return the 64-bit name of every id."""
    return np.array([actor_hash(name) for name in ids], np.uint64)


def uniforms(
    seed: int, replications: NDArray[np.int64], stream: np.uint64, actor: Words, index: int
) -> tuple[Float, Float]:
    """Return two uniforms of every replication and actor, each float64 (R, I), strictly between 0 and 1.

    The first two of what `core.random.draw` returns for the same arguments.

    Parameters
    ----------
    seed : 0 to 2**64 - 1
    replications : (R,), below 2**32
    stream : a constant of core.random
    actor : (I,)
    index : below 2**24: the night
    """
    shape = (replications.shape[0], actor.shape[0])
    drawn = draw_each(seed, np.repeat(replications, shape[1]), stream, np.tile(actor, shape[0]), index)
    return drawn[:, 0].reshape(shape), drawn[:, 1].reshape(shape)
