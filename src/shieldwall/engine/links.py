"""The ways of reports over links of limited capacity: which of them, in which order, with how much latency between."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from shieldwall.battle_management.structure import FOR_GOOD_S, Interval, Structure, superiors
from shieldwall.engine.networks import Networks
from shieldwall.engine.rows import starts
from shieldwall.scenario.types import Scenario
from shieldwall.tables import HOP, LINK, Links, filled

_Hop = tuple[int, float]


def pack_links(scenario: Scenario, networks: Networks) -> Links | None:
    """Return the links of limited capacity and the way of each sensor's reports over them; None without any."""
    structure = scenario.structure
    if structure is None or not _limited(structure):
        return None
    narrow = {lower: i for i, lower in enumerate(_limited(structure))}
    lost = {node.id: node.lost for node in structure.nodes}
    at_work = [_between(structure.links[lower].outages + lost[superiors(structure, lower)[0]]) for lower in narrow]
    ways = [_way(structure, narrow, _child(scenario, m.place), networks.names[m.network]) for m in networks.sensors]
    is_narrow = np.zeros(len(networks.names), np.int64)
    is_narrow[[m.network for m, way in zip(networks.sensors, ways, strict=True) if len(way) > 1]] = 1
    ways = [way if is_narrow[m.network] else [] for m, way in zip(networks.sensors, ways, strict=True)]
    hops = [
        (m.place, *hop, int(i == 0)) for m, way in zip(networks.sensors, ways, strict=True) for i, hop in enumerate(way)
    ]
    return Links(
        links=filled(
            LINK,
            {
                "report_s": [structure.links[lower].report_s for lower in narrow],
                "at_work_first": starts([len(spells) for spells in at_work]),
            },
        ),
        at_work=np.array([spell for spells in at_work for spell in spells], np.float64).reshape(-1, 2),
        narrow=is_narrow,
        hop_first=starts([len(way) for way in ways]),
        hops=filled(HOP, {name: [hop[i] for hop in hops] for i, name in enumerate(HOP.names or ())}),
    )


def _limited(structure: Structure) -> list[str]:
    return sorted(lower for lower, link in structure.links.items() if link.report_s > 0.0)


def _child(scenario: Scenario, place: int) -> str:
    """Return what a sensor's reports go out from: its fire unit, or the sensor itself."""
    sensor = scenario.sensors[place]
    return sensor.fire_unit or sensor.id


def _way(structure: Structure, narrow: dict[str, int], child: str, root: str) -> list[_Hop]:
    """Return the narrow links from a child to a root with the latency before each, and at the end a hop of link -1."""
    way: list[_Hop] = []
    before_s = 0.0
    line = (child, *superiors(structure, child))
    for lower in line[: line.index(root)]:
        link = structure.links.get(lower)
        if lower in narrow:
            way.append((narrow[lower], before_s))
            before_s = 0.0
        before_s += link.latency_s if link else 0.0
    return [*way, (-1, before_s)]


def _between(outages: tuple[Interval, ...]) -> list[Interval]:
    """Return the times outside all outages."""
    edges = [(-np.inf, -np.inf), *sorted(outages), (np.inf, np.inf)]
    found: list[Interval] = []
    down_until_s = -np.inf
    for (_, until_s), (from_s, _) in pairwise(edges):
        down_until_s = max(down_until_s, until_s)
        if down_until_s < from_s and down_until_s < FOR_GOOD_S:
            found.append((down_until_s, from_s))
    return found
