"""From depots to launchers: who gets what, whose it was, and when it arrives.

National: each nation's depot serves its own units. Pooled: all depots serve all, in proportion to what is missing.
Reserve: first as national; what is then still missing may come from what other depots hold above their reserve.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.shares import share_out
from shieldwall.campaign.standing import AT_WORK, Standing
from shieldwall.scenario.campaign_types import Stocks

Int = NDArray[np.int64]


def resupply(night: int, layout: Layout, stocks: Stocks, reserve: Int, standing: Standing) -> None:
    """Send what is missing on its way, and take in what arrives tonight.

    Parameters
    ----------
    reserve : int64 (N, E), rounds that a nation does not lend
    standing : held, depot and road are changed
    """
    lacks = missing(layout, standing)
    free = ~layout.tracked[layout.weapon_effector]
    standing.held[:, free] += lacks[:, free]
    for effector in np.flatnonzero(~layout.tracked):
        columns = layout.weapon_effector == effector
        standing.supplied[:, effector] += lacks[:, columns].sum(axis=1)
    for effector in np.flatnonzero(layout.tracked):
        _send(night, int(effector), layout, stocks, reserve[:, effector], lacks, standing)
    slot = night % standing.road.shape[0]
    standing.held += standing.road[slot]
    standing.road[slot] = 0


def missing(layout: Layout, standing: Standing) -> Int:
    """Return what each weapon at work lacks of its full load, (R, W); what is under way does not lack."""
    below = np.maximum(layout.full - standing.held - standing.road.sum(axis=0), 0)
    return np.asarray(below * (standing.unit_state == AT_WORK)[:, layout.weapon_unit], np.int64)


def _send(
    night: int, effector: int, layout: Layout, stocks: Stocks, reserve: Int, lacks: Int, standing: Standing
) -> None:
    columns = np.flatnonzero(layout.weapon_effector == effector)
    nation = layout.weapon_nation[columns]
    wanted = lacks[:, columns]
    if not wanted.any():
        return
    depot = standing.depot[:, :, effector]
    own = np.zeros_like(wanted)
    if stocks.rule != "pooled":
        for n in np.unique(nation):
            own[:, nation == n] = share_out(depot[:, n], wanted[:, nation == n])
        depot -= _by_nation(own, nation, depot.shape[1])
    allied = np.zeros_like(wanted)
    if stocks.rule != "national":
        lent = np.maximum(depot - reserve, 0) if stocks.rule == "reserve" else depot.copy()
        home, allied, taken = lend(lent, wanted - own, nation)
        own += home
        depot -= taken
    slots = standing.road.shape[0]
    standing.road[(night + stocks.transport_days) % slots][:, columns] += own
    standing.road[(night + stocks.allied_transport_days) % slots][:, columns] += allied


def lend(available: Int, wanted: Int, nation: Int) -> tuple[Int, Int, Int]:
    """Share out one pool: what comes from each weapon's own nation, what from others, and what each depot gives.

    Parameters
    ----------
    available : (R, N) rounds that each nation's depot may give
    wanted : (R, C) by weapon
    nation : (C,) of each weapon

    Returns
    -------
    home, allied : (R, C); taken : (R, N). home + allied is the fair share of the pool; taken adds up to it
    """
    given = share_out(available.sum(axis=1), wanted)
    by_nation = _by_nation(given, nation, available.shape[1])
    at_home = np.minimum(by_nation, available)
    home = np.zeros_like(given)
    for n in np.unique(nation):
        home[:, nation == n] = share_out(at_home[:, n], given[:, nation == n])
    from_others = share_out((by_nation - at_home).sum(axis=1), available - at_home)
    return home, given - home, at_home + from_others


def _by_nation(rounds: Int, nation: Int, nations: int) -> Int:
    """Return sums by nation, (R, N), of rounds by weapon (R, C)."""
    found = np.zeros((rounds.shape[0], nations), np.int64)
    for n in np.unique(nation):
        found[:, n] = rounds[:, nation == n].sum(axis=1)
    return found
