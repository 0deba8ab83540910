"""Turn what a scenario file says of the command structure into the frozen one; fill in what it leaves out.

Who is not named under a node hangs on the node with the id of its sector; under `integration: alliance` else on the
one node that has none above it; else it is alone. Under `autonomous` everyone not named is alone. Copies of a fire unit
or sensor ("x~2") hang where x hangs, by a link like its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.battle_management.doctrine import Integration
from shieldwall.battle_management.structure import FOR_GOOD_S, UNLIMITED, Link, Node, Pace, Structure
from shieldwall.scenario import clock
from shieldwall.scenario.document import Document
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.structure_entry import NodeEntry, StructureEntry
from shieldwall.surveillance.sensor import Sensor

_TOP = "alliance"
# Whose delays a node has unless the scenario says otherwise: the catalogue's entry of group `command`.
_COMMAND = {"unit": "autonomous", "sector": "sector", "national": "alliance", "alliance": "alliance"}


def structure_of(
    document: Document, kinds: Kinds, start: datetime, units: Collection[FireUnit], sensors: Collection[Sensor]
) -> Structure | None:
    """Return the command structure of a document without mistakes; None where it names none."""
    entry = document.structure
    if entry is None:
        return None
    sectors = {u.sector for u in units} | {q.sector for q in sensors}
    written = entry.nodes or default_nodes(sectors, document.integration)
    by_id = {node.id: node for node in sorted(written, key=lambda node: node.id)}
    nodes = tuple(_node(document, kinds, start, node, by_id) for node in by_id.values())
    members, ids = members_of(entry), {node.id for node in written}
    top = _top(written)
    parent, links = {node.id: node.parent for node in nodes}, {}
    children = [(u.id, u.sector) for u in units] + [(q.id, q.sector) for q in sensors if not q.fire_unit]
    hanging = {
        child: _hangs_on(child.partition("~")[0], sector, members, ids, top, document.integration)
        for child, sector in children
    }
    found = {link.from_: link for link in entry.links}
    for child, upper in (parent | hanging).items():
        link = found.get(child.partition("~")[0])
        if link is not None and upper == link.to:
            outages = ((clock.seconds_after(start, o.from_), clock.seconds_after(start, o.to)) for o in link.outages)
            report_s = 0.0 if link.capacity is None else 1.0 / link.capacity
            links[child] = Link(link.latency, tuple(sorted(outages)), report_s)
    parents = {child: upper for child, upper in hanging.items() if upper}
    alone = _pace(document, kinds, {"unit", *(node.level for node in nodes)})
    return Structure(nodes, parents, links, alone, entry.cut_off == "hold", entry.cut_off == "tight")


def default_nodes(sectors: Collection[str], integration: Integration) -> tuple[NodeEntry, ...]:
    """Return the nodes of a level of integration: none, one a sector, or these under one for all."""
    if integration == "autonomous":
        return ()
    top = _TOP if integration == "alliance" else None
    nodes = [_entry(name, "sector", top) for name in sorted(set(sectors) - {top})]
    return (*nodes, _entry(_TOP, "alliance", None)) if top else tuple(nodes)


def _entry(name: str, level: str, parent: str | None) -> NodeEntry:
    return NodeEntry.model_construct(
        id=name, level=level, parent=parent, operators=None, queue=None, service=None, order="arrival"
    )


def sectors_of(document: Document) -> dict[str, str]:
    """Return the sector of each fire unit and sensor as written."""
    return {u.id: u.sector for u in document.fire_units} | {q.id: q.sector for q in document.sensors}


def members_of(entry: StructureEntry) -> dict[str, str]:
    """Return the node under which each fire unit, sensor or sector is named."""
    return {name: node for node, names in entry.members.items() for name in names}


def parent_of_entry(document: Document, entry: StructureEntry, members: Mapping[str, str], name: str) -> str:
    """Return the node above a node, fire unit or sensor as written; "" for none."""
    sectors = sectors_of(document)
    written = entry.nodes or default_nodes(set(sectors.values()), document.integration)
    for node in written:
        if node.id == name:
            return node.parent or ""
    if name not in sectors:
        return ""
    return _hangs_on(name, sectors[name], members, {n.id for n in written}, _top(written), document.integration)


def _top(nodes: Collection[NodeEntry]) -> str:
    """Return the one node that has none above it; "" if there are several."""
    tops = [node.id for node in nodes if not node.parent]
    return tops[0] if len(tops) == 1 else ""


def _hangs_on(
    name: str, sector: str, members: Mapping[str, str], nodes: Collection[str], top: str, integration: Integration
) -> str:
    named = members.get(name, members.get(sector, ""))
    if named in nodes:
        return named
    if integration == "autonomous":
        return ""
    if sector in nodes:
        return sector
    return top if integration == "alliance" else ""


def _node(document: Document, kinds: Kinds, start: datetime, node: NodeEntry, nodes: Mapping[str, NodeEntry]) -> Node:
    lost = []
    for loss in document.structure.losses if document.structure else ():
        if loss.node == node.id:
            at_s = clock.seconds_after(start, loss.at)
            lost.append((at_s, FOR_GOOD_S if loss.repair is None else at_s + loss.repair))
    levels, upper = [node.level], node.parent
    while upper:
        levels.append(nodes[upper].level)
        upper = nodes[upper].parent
    return Node(
        id=node.id,
        level=node.level,
        parent=node.parent or "",
        pace=_pace(document, kinds, levels) if node.service is None else Pace(0.0, node.service),
        operators=UNLIMITED if node.operators is None else node.operators,
        queue=UNLIMITED if node.queue is None else node.queue,
        by_value=node.order == "value",
        lost=tuple(sorted(lost)),
    )


def _pace(document: Document, kinds: Kinds, levels: Iterable[str]) -> Pace:
    """Return the delays the scenario gives for all, or else the longest of the levels in the catalogue.

    Who is cut off from above is not quicker than with those above: it has to do their work as well as its own.
    """
    names = {_COMMAND[level] for level in levels}
    records, given = [kinds.catalogue.command[name] for name in names], document.command
    for name in names:
        kinds.use("command", name)
    return Pace(
        max(r.identification.si for r in records) if given.identification is None else given.identification,
        max(r.command.si for r in records) if given.command is None else given.command,
    )
