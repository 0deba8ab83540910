"""Accounts: what must add up in every replication, whatever the luck."""

from __future__ import annotations

import numpy as np

from shieldwall.core.errors import ShieldwallError
from shieldwall.results.row import AIR_COUNTS, Block, Cause, Fate
from shieldwall.results.traffic import Mistaken
from shieldwall.tables import Opening, Tables

# Tanks of fuel, for the rounding of sums.
_FUEL_TOLERANCE = 1e-9


class AccountingError(ShieldwallError):
    """A replication does not add up: a fault of ours, never of the input."""


def check_accounts(block: Block, tables: Tables, opening: Opening | None = None) -> None:
    """Raise AccountingError unless every threat has one fate, every leaker one cause, every round one place.

    A leaker is `leaked_hit` or `leaked_missed`, and only leakers have a cause; rounds fired, left and lost add up
    to what the weapon had at the start (the opening's, where there is one), and the rounds fired at threats to the
    rounds fired.
    """
    _require(bool(np.isin(block.fate, [int(f) for f in Fate]).all()), "a threat has no fate", block)
    leaked = (block.fate == Fate.LEAKED_HIT) | (block.fate == Fate.LEAKED_MISSED)
    _require(bool(((block.cause != Cause.NONE) == leaked).all()), "a leaker without a cause, or a cause without", block)
    if opening is None:
        held = tables.weapons.ready_rounds + tables.weapons.reserve_rounds
    else:
        held = opening.ready + opening.reserve
    _require(bool((block.fired + block.left + block.lost == held).all()), "rounds do not add up", block)
    at = (
        block.rounds.sum(axis=1)
        if block.traffic is None
        else block.rounds.sum(axis=1) + block.traffic.rounds.sum(axis=1)
    )
    _require(bool((at == block.fired.sum(axis=1)).all()), "rounds fired at nothing", block)
    _check_traffic(block)
    _check_air(block, tables)
    _require(bool(min(block.fired.min(initial=0), block.left.min(initial=0)) >= 0), "a negative magazine", block)


def _check_traffic(block: Block) -> None:
    """Require that every aircraft of our own or civil one passes, or is shot down for one reason by some round."""
    if block.traffic is None:
        return
    lost = block.traffic.shot_down
    _require(bool(((block.traffic.mistaken != Mistaken.NONE) == lost).all()), "an aircraft lost without a cause", block)
    _require(bool((block.traffic.rounds[lost] > 0).all()), "an aircraft lost without a shot", block)


def _check_air(block: Block, tables: Tables) -> None:
    """Require that every aircraft, sortie, and tank of fuel is accounted for."""
    if block.air is None:
        return
    count = dict(zip(AIR_COUNTS, np.moveaxis(block.air, 2, 0), strict=True))
    held = np.diff(tables.air.groups.aircraft_first)
    gone = count["lost_in_flight"] + count["lost_on_ground"]
    _require(bool((count["left"] + gone == held).all()), "aircraft do not add up", block)
    _require(
        bool((count["sorties"] == count["recovered"] + count["lost_in_flight"]).all()), "a sortie never ends", block
    )
    fuel = count["fuel_loaded"] + held - count["fuel_burned"] - count["fuel_lost"] - count["fuel_left"]
    _require(bool((np.abs(fuel) < _FUEL_TOLERANCE * (1.0 + count["fuel_burned"])).all()), "fuel does not add up", block)
    _require(bool((count["fuel_left"] >= 0.0).all()), "an aircraft flies without fuel", block)


def _require(holds: bool, what: str, block: Block) -> None:
    if not holds:
        raise AccountingError(f"{what} in replications {block.first} to {block.first + block.fate.shape[0] - 1}")
