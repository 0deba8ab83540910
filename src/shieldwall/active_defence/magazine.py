"""Magazines: rounds ready on launchers, rounds in reserve, and launchers that reload."""

from __future__ import annotations

from numba import njit

from shieldwall.state import ForceState
from shieldwall.tables import Weapons


@njit(cache=True)
def take(w: int, rounds: int, now_s: float, weapons: Weapons, force: ForceState) -> int:
    """Take rounds from weapon w; return how many launchers this has emptied that now go to reload.

    Rounds leave one launcher after another; an emptied launcher claims its next load from the reserve at once.
    """
    force.ready[w] -= rounds
    force.fired[w] += rounds
    force.on_launcher[w] -= rounds
    emptied = 0
    while force.on_launcher[w] <= 0:
        emptied += 1
        if force.ready[w] <= 0:
            break
        force.on_launcher[w] += min(weapons.rounds_per_launcher[w], force.ready[w])
    if force.ready[w] < weapons.rounds_per_shot[w] and force.reserve[w] + force.reloading[w] == 0:
        force.empty_s[w] = min(force.empty_s[w], now_s)
    return emptied


@njit(cache=True)
def begin_reload(w: int, weapons: Weapons, force: ForceState) -> int:
    """Move one launcher's load from the reserve to the road; return its rounds (0: the reserve is empty)."""
    load = min(weapons.rounds_per_launcher[w], force.reserve[w])
    if load > 0:
        force.reserve[w] -= load
        force.reloading[w] += load
    return load


@njit(cache=True)
def end_reload(w: int, load: int, weapons: Weapons, force: ForceState) -> None:
    """Put a load on its launcher. Loads arrive in the order in which they left, `reload_s` after."""
    force.ready[w] += load
    force.reloading[w] -= load
    if force.on_launcher[w] <= 0:
        force.on_launcher[w] = min(weapons.rounds_per_launcher[w], force.ready[w])
