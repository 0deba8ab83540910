"""Every mistake that a command structure may hold, each where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from shieldwall.battle_management.structure import Level
from shieldwall.core.errors import Mistake, nearest
from shieldwall.scenario import clock
from shieldwall.scenario.document import Document
from shieldwall.scenario.draft import Draft, Location
from shieldwall.scenario.quantity import ClockTime
from shieldwall.scenario.structure import default_nodes, members_of, parent_of_entry, sectors_of
from shieldwall.scenario.structure_entry import StructureEntry

_LEVELS = get_args(Level)


def structure_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Yield what is wrong with the scenario's command structure."""
    structure = draft.document.structure
    if structure is None or draft.broken & {"fire_units", "sensors", "structure"}:
        return
    yield from _nodes(draft, structure)
    yield from _members(draft, structure)
    yield from _links(draft, structure)
    yield from _times(draft, structure)


def _nodes(draft: Draft, structure: StructureEntry) -> Iterator[Mistake]:
    """Require one tree or several: known parents of a level not below, no circle, no id twice."""
    nodes = {node.id: node for node in reversed(structure.nodes)}
    taken = {*draft.written("fire_units"), *draft.written("sensors")}
    seen: set[str] = set()
    for i, node in enumerate(structure.nodes):
        at: Location = ("structure", "nodes", i)
        if node.id in seen or node.id in taken:
            what = f"the id '{node.id}' is given twice" if node.id in seen else f"'{node.id}' is a fire unit or sensor"
            yield draft.mistake((*at, "id"), what, "give the node another id")
        seen.add(node.id)
        if node.queue is not None and node.operators is None:
            yield draft.mistake((*at, "queue"), "there is nobody to wait for", "add operators: 1, or leave out queue")
        if node.parent is None:
            continue
        if node.parent not in nodes:
            yield draft.mistake((*at, "parent"), f"there is no node '{node.parent[:60]}'", nearest(node.parent, nodes))
            continue
        above = nodes[node.parent]
        if _LEVELS.index(above.level) < _LEVELS.index(node.level):
            what = f"'{above.id}' is of level {above.level}, below {node.level}"
            yield draft.mistake((*at, "parent"), what, f"give it a parent of level {node.level} or above")
        line, upper = [node.id], node.parent
        while upper in nodes and upper not in line:
            line.append(upper)
            upper = nodes[upper].parent or ""
        if upper == node.id:
            what = f"a circle: {' under '.join([*line, node.id])}"
            yield draft.mistake((*at, "parent"), what, "leave out one parent; the highest node has none")


def _members(draft: Draft, structure: StructureEntry) -> Iterator[Mistake]:
    """Require that members exist and hang on one node."""
    document = draft.document
    nodes = _node_ids(document, structure)
    known = {*(u.id for u in document.fire_units), *(q.id for q in document.sensors), *sectors_of(document).values()}
    seen: dict[str, str] = {}
    for node, names in structure.members.items():
        if node not in nodes:
            yield draft.unknown(("structure", "members", node), node, "node", nodes, at_key=True)
        for j, name in enumerate(names):
            at: Location = ("structure", "members", node, j)
            if name not in known:
                cure = "the radar of a fire unit goes with it" if name.endswith("/radar") else nearest(name, known)
                what = f"there is no fire unit, sensor or sector '{name[:60]}'"
                yield draft.mistake(at, what, cure)
            elif seen.setdefault(name, node) != node:
                yield draft.mistake(at, f"'{name}' hangs on '{seen[name]}' already", "name it under one node only")


def _links(draft: Draft, structure: StructureEntry) -> Iterator[Mistake]:
    """Require that a link goes from something to the node above it, and is named once."""
    document = draft.document
    nodes = _node_ids(document, structure)
    lower = nodes | {u.id for u in document.fire_units} | {q.id for q in document.sensors}
    members = members_of(structure)
    seen: set[str] = set()
    for i, link in enumerate(structure.links):
        at: Location = ("structure", "links", i)
        if link.from_ not in lower:
            yield draft.unknown((*at, "from"), link.from_, "node, fire unit or sensor", lower)
        if link.to not in nodes:
            yield draft.unknown((*at, "to"), link.to, "node", nodes)
        if link.from_ not in lower or link.to not in nodes:
            continue
        if link.from_ in seen:
            yield draft.mistake((*at, "from"), f"the link of '{link.from_}' is given twice", "join the two")
        seen.add(link.from_)
        above = parent_of_entry(document, structure, members, link.from_)
        if above != link.to and (above or structure.nodes):
            what = f"'{link.to}' is not the node above '{link.from_}'"
            yield draft.mistake((*at, "to"), what, f"write to: {above}" if above else f"'{link.from_}' has none")


def _times(draft: Draft, structure: StructureEntry) -> Iterator[Mistake]:
    """Require that losses are of nodes that there are, and all times lie after the start, ends after beginnings."""
    document = draft.document
    nodes = _node_ids(document, structure)
    for i, loss in enumerate(structure.losses):
        if loss.node not in nodes:
            yield draft.unknown(("structure", "losses", i, "node"), loss.node, "node", nodes)
    moments: list[tuple[Location, ClockTime]] = [
        (("structure", "losses", i, "at"), loss.at) for i, loss in enumerate(structure.losses)
    ]
    for i, link in enumerate(structure.links):
        for j, outage in enumerate(link.outages):
            at: Location = ("structure", "links", i, "outages", j)
            moments += [((*at, "from"), outage.from_), ((*at, "to"), outage.to)]
    local = clock.zone(document.time_zone)
    if local is None or draft.broken & {"start", "time_zone"}:
        return
    try:
        start = clock.start_of(document.start, local)
    except clock.TimeError:
        return
    begins_s: dict[Location, float] = {}
    for location, moment in moments:
        try:
            time_s = clock.seconds_after(start, moment)
        except clock.TimeError as error:
            yield draft.mistake(location, str(error), error.cure)
            continue
        begins_s[location] = time_s
        if location[-1] == "to" and time_s <= begins_s.get((*location[:-1], "from"), -1.0):
            yield draft.mistake(
                location, "the outage ends before it begins", "write a later time, with its date if need be"
            )


def _node_ids(document: Document, structure: StructureEntry) -> set[str]:
    """Return the nodes written, or without any all that some level of integration has."""
    if structure.nodes:
        return {node.id for node in structure.nodes}
    return {node.id for node in default_nodes(set(sectors_of(document).values()), "alliance")}
