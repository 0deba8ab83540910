"""Decoys: false aim points that draw a share of what comes at the true one."""

from __future__ import annotations

from collections.abc import Iterable


def true_share(attractions: Iterable[float]) -> float:
    """Return the share of a raid on an object that still goes at the object itself: 1 / (1 + sum of attractions).

    An attraction is how often a decoy is chosen against once that the object itself is; n decoys of attraction a leave
    1 / (1 + n a).
    """
    return 1.0 / (1.0 + sum(attractions))
