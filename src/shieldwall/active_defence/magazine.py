"""Magazines: rounds ready on launchers, rounds in reserve, and launchers that reload."""

from __future__ import annotations

from shieldwall.core.compiled import kernel
from shieldwall.tables import Records


@kernel
def take(given: Records, weapon: Records, rounds: int, now_s: float) -> int:
    """Take rounds from a weapon; return how many launchers this has emptied that now go to reload.

    Rounds leave one launcher after another; an emptied launcher claims its next load from the reserve at once.
    Where too few are left for a shot, the last launcher counts as emptied: it is topped up.

    Parameters
    ----------
    given : its record of tables.WEAPON
    weapon : its record of state.WEAPON_STATE, written
    """
    others = weapon.ready - weapon.on_launcher
    weapon.ready -= rounds
    weapon.fired += rounds
    weapon.on_launcher -= rounds
    emptied = 0
    while weapon.on_launcher <= 0:
        emptied += 1
        if others <= 0:
            break
        load = min(given.rounds_per_launcher, others)
        others -= load
        weapon.on_launcher += load
    if weapon.ready < given.rounds_per_shot:
        emptied += weapon.ready > 0
        if weapon.reserve + weapon.reloading == 0:
            weapon.empty_s = min(weapon.empty_s, now_s)
    return emptied


@kernel
def begin_reload(given: Records, weapon: Records) -> int:
    """Move one launcher's load from the reserve to the road; return its rounds (0: the reserve is empty)."""
    left_over = weapon.ready if weapon.ready < given.rounds_per_shot else 0
    load = min(max(given.rounds_per_launcher - left_over, 0), weapon.reserve)
    weapon.reserve -= load
    weapon.reloading += load
    return load


@kernel
def end_reload(given: Records, weapon: Records, load: int) -> None:
    """Put a load on its launcher."""
    if weapon.ready < given.rounds_per_shot:
        weapon.on_launcher = weapon.ready + load
    weapon.ready += load
    weapon.reloading -= load
