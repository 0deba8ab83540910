"""Networks: who shares a picture, and when: from the command structure, without one from the level of integration."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from shieldwall.battle_management.structure import (
    FOR_GOOD_S,
    UNLIMITED,
    Interval,
    Node,
    Pace,
    Structure,
    common,
    spells_of,
    superiors,
)
from shieldwall.engine.rows import starts, words
from shieldwall.scenario.types import Scenario
from shieldwall.tables import HANDOVER, MEMBER, NETWORK, NODE_CHANGE, Float, Int, Records, filled

_ALWAYS: tuple[Interval, ...] = ((-np.inf, np.inf),)


@dataclass(frozen=True, slots=True)
class Membership:
    """One sensor or fire unit (by index) in one network: when, and how long a message between them takes."""

    place: int
    network: int
    latency_s: float
    spells: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Networks:
    """Every network by name, in order, and who belongs to it; members of a place stand together.

    fighters: the network of each group of aircraft, the same all night.
    """

    names: tuple[str, ...]
    sensors: tuple[Membership, ...]
    units: tuple[Membership, ...]
    fighters: tuple[int, ...] = ()


class Shooters(NamedTuple):
    """Windows as often as they belong to a network: window, membership of its unit, and place in `spells`."""

    row: Int
    unit_member: Int
    member: Int
    spells: tuple[tuple[Interval, ...], ...]


class Spread(NamedTuple):
    """Rows as often as their place has memberships: which row, and which membership, both int64."""

    row: Int
    member: Int


def network_of(scenario: Scenario, sector: str, fire_unit: str) -> str:
    """Return the name of the network to which a sensor or a fire unit belongs where no structure is given.

    alliance: one for all; sector: one a sector; autonomous: each fire unit with its own sensor alone ("" = a
    stand-alone sensor, which then serves nobody).
    """
    match scenario.command.integration:
        case "alliance":
            return "alliance"
        case "sector":
            return sector
        case _:
            return fire_unit


def networks_of(scenario: Scenario) -> Networks:
    """Return the networks of a scenario in canonical order: those that ever lead a fire unit."""
    if scenario.structure is None:
        own = [network_of(scenario, u.sector, u.id) for u in scenario.fire_units]
        heard = [network_of(scenario, q.sector, q.fire_unit) for q in scenario.sensors]
        flying = [network_of(scenario, g.sector, g.id) for g in scenario.fighters]
        names = sorted({*own, *flying})
        index = {name: i for i, name in enumerate(names)}
        return Networks(
            tuple(names),
            tuple(Membership(q, index[name], 0.0, _ALWAYS) for q, name in enumerate(heard) if name in index),
            tuple(Membership(u, index[name], 0.0, _ALWAYS) for u, name in enumerate(own)),
            tuple(index[name] for name in flying),
        )
    structure = scenario.structure
    spells = {unit.id: spells_of(structure, unit.id) for unit in scenario.fire_units}
    silent = {unit for unit in spells if structure.hold and unit in structure.parent}
    nodes = {node.id for node in structure.nodes}
    flying = [spells_of(structure, g.sector)[0].root if g.sector in nodes else g.id for g in scenario.fighters]
    names = sorted(({spell.root for own_spells in spells.values() for spell in own_spells} - silent) | set(flying))
    index = {name: i for i, name in enumerate(names)}
    found: list[list[Membership]] = []
    for children in ([q.fire_unit or q.id for q in scenario.sensors], [u.id for u in scenario.fire_units]):
        found.append([])
        for place, child in enumerate(children):
            own_spells = spells[child] if child in spells else spells_of(structure, child)
            for root in sorted({spell.root for spell in own_spells} & index.keys()):
                mine = [spell for spell in own_spells if spell.root == root]
                intervals = tuple((spell.from_s, spell.until_s) for spell in mine)
                found[-1].append(Membership(place, index[root], mine[0].latency_s, intervals))
    return Networks(tuple(names), tuple(found[0]), tuple(found[1]), tuple(index[name] for name in flying))


def spread(place: Int, members: tuple[Membership, ...], n_places: int) -> Spread:
    """Return each row once for every membership of its place, in order of row."""
    count = np.bincount([m.place for m in members], minlength=n_places)[:n_places] if members else np.zeros(n_places)
    first = starts(count)
    times = (first[1:] - first[:-1])[place]
    row = np.repeat(np.arange(place.shape[0]), times)
    nth = np.arange(row.shape[0]) - np.repeat(starts(times)[:-1], times)
    return Spread(row.astype(np.int64), (first[place[row]] + nth).astype(np.int64))


def shooters(networks: Networks, unit: Int, radar: Int, n_units: int) -> Shooters:
    """Return every window once for each network in which its fire unit and the radar that serves it ever are together.

    Parameters
    ----------
    unit, radar : of each window
    """
    row, unit_member = spread(unit, networks.units, n_units)
    pairs, which = np.unique(np.stack([unit_member, radar[row]], axis=1), axis=0, return_inverse=True)
    serving = {(m.place, m.network): m.spells for m in networks.sensors}
    spells = tuple(
        common(networks.units[m].spells, serving.get((q, networks.units[m].network), ())) for m, q in pairs.tolist()
    )
    which = which.reshape(-1).astype(np.int64)
    kept = np.array([bool(own) for own in spells], np.bool_)[which]
    return Shooters(row[kept], unit_member[kept], which[kept], spells)


def networks_by_member(members: tuple[Membership, ...]) -> Int:
    """Return the network of each membership."""
    return np.array([m.network for m in members], np.int64)


def pack_members(networks: Networks, shooting: Shooters, figures: Records) -> tuple[Records, Float]:
    """Return the members, first the sensors' and then those of `shooting`, and all spells; networks learn their own."""
    own = [m.spells for m in networks.sensors] + list(shooting.spells)
    latency_s = [m.latency_s for m in networks.sensors] + [0.0] * len(shooting.spells)
    intervals = own + _led(networks)
    first = starts([len(spells) for spells in intervals])
    figures.spell_first, figures.spell_last = first[len(own) : -1], first[len(own) + 1 :]
    members = filled(MEMBER, {"spell_first": first[: len(own) + 1], "latency_s": latency_s})
    return members, np.array([interval for spells in intervals for interval in spells], np.float64).reshape(-1, 2)


def _led(networks: Networks) -> list[tuple[Interval, ...]]:
    """Return when each network leads anybody, touching spells joined."""
    found: list[list[Interval]] = [[] for _ in networks.names]
    for begin, end, n in sorted((*interval, m.network) for m in networks.units for interval in m.spells):
        if found[n] and begin <= found[n][-1][1]:
            found[n][-1] = (found[n][-1][0], max(found[n][-1][1], end))
        else:
            found[n].append((begin, end))
    return [tuple(spells) for spells in found]


def pack_networks(scenario: Scenario, networks: Networks) -> Records:
    """Return the networks' own figures; their spells are set by `pack_members`."""
    nodes = {node.id: node for node in scenario.structure.nodes} if scenario.structure else {}
    tight = scenario.structure.parent if scenario.structure and scenario.structure.tight else ()
    own = [nodes.get(name) for name in networks.names]
    pace = [_pace(scenario, node) for node in own]
    nothing = np.zeros(len(own))
    return filled(
        NETWORK,
        {
            "actor": words(tuple(f"network/{name}" for name in networks.names)),
            "identification_s": [p.identification_s for p in pace],
            "command_s": [p.command_s for p in pace],
            "operators": [node.operators if node and node.operators != UNLIMITED else 0 for node in own],
            "room": [node.queue if node else UNLIMITED for node in own],
            "by_value": [int(node.by_value) if node else 0 for node in own],
            "identify": [int(name in tight) for name in networks.names],
            "spell_first": nothing,
            "spell_last": nothing,
        },
    )


def _pace(scenario: Scenario, node: Node | None) -> Pace:
    if node is not None:
        return node.pace
    if scenario.structure is not None:
        return scenario.structure.alone
    return Pace(scenario.command.identification_s, scenario.command.command_s)


def pack_changes(scenario: Scenario, structure: Structure, networks: Networks) -> tuple[Records, Records]:
    """Return the handovers between networks, and the losses and repairs of nodes, each in order of time."""
    handovers: set[tuple[float, int, int, int]] = set()
    lost: list[tuple[float, int, int]] = []
    index = {name: i for i, name in enumerate(networks.names)}
    for unit in scenario.fire_units:
        for before, after in pairwise(spells_of(structure, unit.id)):
            cut = int(before.root in superiors(structure, after.root))
            # -1: a unit that holds its fire
            handovers.add((after.from_s, index.get(before.root, -1), index.get(after.root, -1), cut))
    for i, node in enumerate(sorted(structure.nodes, key=lambda node: node.id)):
        for from_s, until_s in node.lost:
            lost += [(from_s, i, 1)] + ([(until_s, i, 0)] if until_s < FOR_GOOD_S else [])
    changes = np.array(sorted(handovers), np.float64).reshape(-1, 4)
    losses = np.array(sorted(lost), np.float64).reshape(-1, 3)
    return (
        filled(HANDOVER, dict(zip(("time_s", "source", "goal", "cut"), changes.T, strict=True))),
        filled(NODE_CHANGE, dict(zip(("time_s", "node", "lost"), losses.T, strict=True))),
    )
