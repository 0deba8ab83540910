"""Decoys: false aim points that draw a share of what comes at the true one."""

from __future__ import annotations


def true_share(decoys: int, attraction: float) -> float:
    """Return the share of a raid on an object that still goes at the object itself: 1 / (1 + decoys x attraction).

    `attraction` is how often one decoy is chosen against once that the object itself is.
    """
    return 1.0 / (1.0 + decoys * attraction)
