"""Draw random numbers as a pure function of who asks and when.

Every draw is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC11, "Parallel random numbers: as easy
as 1, 2, 3") with

    key     = (seed low, seed high)                               64 bits
    counter = (actor low, actor high, replication, stream and index)   64 + 32 + 8 + 24 bits

so the same (seed, replication, stream, actor, index) gives the same bits on any thread, in any order, compiled or
not. `actor` is a 64-bit hash of an entity's id, never its place in a list. All arithmetic is on unsigned 64-bit
words that never overflow, so the uncompiled functions give the same bits without warnings.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np

from shieldwall.core.compiled import kernel

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_INDEX_BITS = np.uint64(24)
_MIX_0 = np.uint64(0xBF58476D1CE4E5B9)
_HALF = 0.5
_SCALE = 2.0**-32


# Who draws: the 8-bit stream numbers. A number is never used again for something else.
LAUNCH = np.uint64(1)
FAILURE = np.uint64(2)
SOFT_KILL = np.uint64(3)
DETECTION = np.uint64(4)
COMMAND = np.uint64(5)
KILL = np.uint64(6)
IMPACT = np.uint64(7)
AVAILABILITY = np.uint64(8)
FLYING = np.uint64(80)
DISCRIMINATION = np.uint64(16)
IDENTIFICATION = np.uint64(17)
INTELLIGENCE = np.uint64(40)
ORBIT = np.uint64(41)
OUTAGE = np.uint64(42)
LOOK = np.uint64(43)
RAID_SIZE = np.uint64(64)
ESTIMATE = np.uint64(65)
REPAIR = np.uint64(66)
WRITE_OFF = np.uint64(67)
ALERT = np.uint64(80)
CASUALTIES = np.uint64(81)
RESTORATION = np.uint64(82)
NOTICE = np.uint64(83)


class Uniforms(NamedTuple):
    """Four independent uniform numbers, each strictly between 0 and 1, with 32 bits."""

    a: float
    b: float
    c: float
    d: float


def actor_hash(entity_id: str) -> int:
    """Return the 64-bit name of an entity for the generator.

    Parameters
    ----------
    entity_id : str, for a threat "salvo id" + "/" + number in the salvo

    Returns
    -------
    int, 0 <= hash < 2**64: the first eight bytes of BLAKE2b, little endian
    """
    return int.from_bytes(hashlib.blake2b(entity_id.encode(), digest_size=8).digest(), "little")


@kernel
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox4x32-10, each held in a uint64.

    Parameters
    ----------
    c0, c1, c2, c3 : uint64 below 2**32, the counter
    k0, k1 : uint64 below 2**32, the key

    References
    ----------
    Salmon et al. 2011, section 4.3; vectors: Random123 `kat_vectors`.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _SHIFT) ^ c1 ^ k0
        c1 = product_1 & _MASK
        c2 = (product_0 >> _SHIFT) ^ c3 ^ k1
        c3 = product_0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@kernel
def draw(seed: np.uint64, replication: np.uint64, stream: np.uint64, actor: np.uint64, index: np.uint64) -> Uniforms:
    """Return four uniforms that belong to this seed, replication, stream, actor and index.

    Parameters
    ----------
    seed : uint64
    replication : uint64 below 2**32
    stream : uint64 below 2**8, one of the constants above
    actor : uint64, `actor_hash` of the entity, or `pair_actor` of two
    index : uint64 below 2**24, which draw of this actor on this stream
    """
    w0, w1, w2, w3 = philox4x32(
        actor & _MASK,
        actor >> _SHIFT,
        replication,
        (stream << _INDEX_BITS) | index,
        seed & _MASK,
        seed >> _SHIFT,
    )
    return Uniforms(
        (float(w0) + _HALF) * _SCALE,
        (float(w1) + _HALF) * _SCALE,
        (float(w2) + _HALF) * _SCALE,
        (float(w3) + _HALF) * _SCALE,
    )


@kernel
def pair_actor(first: np.uint64, second: np.uint64) -> np.uint64:
    """Return the actor of an ordered pair (a threat and a sensor), by shifts and exclusive or only.

    Shifts and exclusive or cannot overflow, so the uncompiled code needs no special case. The map is one to
    one in `second` for a fixed `first`; two pairs collide with probability 2**-64.
    """
    mixed = second ^ (second << np.uint64(23))
    mixed = mixed ^ (mixed >> np.uint64(17)) ^ _MIX_0
    return first ^ mixed ^ (mixed << np.uint64(31))
