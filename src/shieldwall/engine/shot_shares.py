"""Whose share of doctrine's shots is how large, while a command structure has fallen apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from shieldwall.battle_management.structure import Structure, spells_of, superiors
from shieldwall.engine.networks import Networks
from shieldwall.engine.rows import row_starts
from shieldwall.scenario.types import Scenario
from shieldwall.tables import SHARE, Int, Records, filled


def pack_shares(
    scenario: Scenario, structure: Structure, networks: Networks, group: tuple[Int, Int], reach: tuple[Int, Int]
) -> tuple[Int, Records]:
    """Return where each group's shares begin, and the shares: from when, own fire units in reach, those of all.

    Counted are the fire units with a window on the group's path that belong, with everything at work, under one node
    with those of its network, and that do not hold their fire. A group whose network always leads them all has none.

    Parameters
    ----------
    group : path and network of each group
    reach : path and fire unit of every window that no rule forbids
    """
    edges_s, leader, top = _leaders(scenario, structure, networks)
    above = np.full(len(networks.names) + 1, -1, np.int64)  # -1, the last: who holds his fire
    above[leader] = top
    group_path, group_network = group
    group_top = above[group_network]
    path, unit = np.unique(np.stack(reach, axis=1), axis=0).T
    width = max(len(networks.names), int(top.max(initial=-1)) + 1) + 1
    size = (int(group_path.max(initial=-1)) + 1) * width
    found: list[tuple[Int, Int, Int, Int]] = []
    before = np.ones((2, group_path.shape[0]), np.int64)
    for i in range(len(edges_s)):
        leads = leader[i, unit]
        fires = leads >= 0
        by_network = np.bincount(path[fires] * width + leads[fires], minlength=size)
        by_top = np.bincount(path[fires] * width + top[unit[fires]], minlength=size)
        own = by_network[group_path * width + group_network]
        everyone = np.where(group_top >= 0, by_top[group_path * width + group_top], own)
        now = np.where((own > 0) & (own < everyone), np.stack([own, everyone]), 1)
        changed = np.flatnonzero((now != before).any(axis=0))
        found.append((changed, np.full(changed.shape, i, np.int64), now[0, changed], now[1, changed]))
        before = now
    place, edge, own, everyone = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((edge, place))
    times = np.array(edges_s, np.float64)[edge[order]]
    shares = filled(SHARE, {"from_s": times, "own": own[order], "everyone": everyone[order]})
    return row_starts(place[order], group_path.shape[0]), shares


def _leaders(scenario: Scenario, structure: Structure, networks: Networks) -> tuple[list[float], Int, Int]:
    """Return the moments at which others lead, who leads each fire unit from each on, and under whom each belongs.

    Networks by number, -1 for a unit that holds its fire; whom units belong under is a number of its own.
    """
    index = {name: i for i, name in enumerate(networks.names)}
    spells = [spells_of(structure, unit.id) for unit in scenario.fire_units]
    edges_s = sorted({-np.inf, *(after.from_s for own in spells for _, after in pairwise(own))})
    leader = np.empty((len(edges_s), len(spells)), np.int64)
    for u, own in enumerate(spells):
        starts_s = np.array([spell.from_s for spell in own])
        roots = np.array([index.get(spell.root, -1) for spell in own], np.int64)
        leader[:, u] = roots[np.searchsorted(starts_s, edges_s, side="right") - 1]
    tops = [(unit.id, *superiors(structure, unit.id))[-1] for unit in scenario.fire_units]
    number = {name: i for i, name in enumerate(sorted(set(tops)))}
    return edges_s, leader, np.array([number[name] for name in tops], np.int64)
