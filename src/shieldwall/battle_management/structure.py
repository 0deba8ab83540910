"""Command structure: nodes, the links between them, when they are lost, and who then shares whose picture.

A unit reports to, and is led by, the highest node that it reaches: upward from the unit over links and nodes that work.
A node that is cut off from above leads what is below it; a unit that reaches no node is alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Level = Literal["unit", "sector", "national", "alliance"]
Interval = tuple[float, float]

UNLIMITED = -1
# Later than any raid: the end of what is never repaired (a hash has no word for infinity).
FOR_GOOD_S = 1e12


@dataclass(frozen=True, slots=True)
class Pace:
    """How long identification and the order take one operator on the mean, seconds."""

    identification_s: float
    command_s: float


@dataclass(frozen=True, slots=True)
class Node:
    """One command post.

    parent: the node above, "" for none; operators: tracks worked on at a time, queue: tracks that may wait for one,
    each UNLIMITED or a number; by_value: the track with the most value at risk is taken first, else the first to
    come; lost: when it is out of action, seconds after the start.
    """

    id: str
    level: Level
    parent: str
    pace: Pace
    operators: int
    queue: int
    by_value: bool
    lost: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What lies between a node, unit or sensor and the node above it; `report_s`: how long one report takes it up."""

    latency_s: float
    outages: tuple[Interval, ...]
    report_s: float = field(default=0.0, metadata={"hashed": "changed"})


@dataclass(frozen=True, slots=True)
class Structure:
    """Who is under whom.

    parent: fire unit or stand-alone sensor -> its node; who is not in it is alone. links: by the id of the lower end;
    where there is none, the link is always there and takes no time. alone: the pace of a unit on its own; hold: a unit
    that is cut off from its node does not fire, else it fights on with its own radar; tight: only at what it has
    identified itself, whatever the weapons control of the others.
    """

    nodes: tuple[Node, ...]
    parent: Mapping[str, str]
    links: Mapping[str, Link]
    alone: Pace
    hold: bool
    tight: bool = field(default=False, metadata={"hashed": "changed"})


@dataclass(frozen=True, slots=True)
class Spell:
    """While from_s <= time < until_s, `root` leads; a message to it takes `latency_s`."""

    from_s: float
    until_s: float
    root: str
    latency_s: float


def spells_of(structure: Structure, child: str) -> tuple[Spell, ...]:
    """Return who leads a fire unit or node (or hears a sensor) when, in order of time: first from -inf, last to inf."""
    line = _line(structure, child)
    edges = {edge for hurdle, _ in line for interval in hurdle for edge in interval if edge < FOR_GOOD_S}
    found: list[Spell] = []
    for from_s, until_s in pairwise([-float("inf"), *sorted(edges), float("inf")]):
        root, latency_s = _root(line, child, from_s, structure)
        if found and found[-1].root == root:
            found[-1] = Spell(found[-1].from_s, until_s, root, latency_s)
        else:
            found.append(Spell(from_s, until_s, root, latency_s))
    return tuple(found)


def superiors(structure: Structure, child: str) -> tuple[str, ...]:
    """Return the nodes above a node, fire unit or sensor, the nearest first."""
    return tuple(upper for _, upper in _line(structure, child))


def common(first: Iterable[Interval], second: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the intervals in which both are at work."""
    both = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return tuple(sorted((a, b) for a, b in both if a < b))


def _line(structure: Structure, child: str) -> list[tuple[tuple[Interval, ...], str]]:
    """Return each step up from `child`: when it cannot be taken, and the node it leads to."""
    nodes = {node.id: node for node in structure.nodes}
    line, lower = [], child
    upper = nodes[child].parent if child in nodes else structure.parent.get(child, "")
    while upper:
        link = structure.links.get(lower)
        line.append((nodes[upper].lost + (link.outages if link else ()), upper))
        lower, upper = upper, nodes[upper].parent
    return line


def _root(
    line: list[tuple[tuple[Interval, ...], str]], child: str, time_s: float, structure: Structure
) -> tuple[str, float]:
    root, latency_s = child, 0.0
    for hurdle, upper in line:
        if any(a <= time_s < b for a, b in hurdle):
            break
        link = structure.links.get(root)
        latency_s += link.latency_s if link else 0.0
        root = upper
    return root, latency_s
