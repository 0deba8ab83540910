"""Checks of what a scenario says of passive defence, readiness and agreements; each yields mistakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from shieldwall.core.errors import Mistake, nearest
from shieldwall.passive_defence.network import MOST_PARTS
from shieldwall.scenario.draft import Draft, Location
from shieldwall.scenario.passive_entries import PartEntry, ServiceEntry

if TYPE_CHECKING:
    from shieldwall.scenario.checks import Subject

_ASSETS_ONLY = ("dispersal",)
_EQUIPMENT_ONLY = ("emission_control", "relocation")
_MOST_AIM_POINTS = 200


def check_people(subject: Subject) -> Iterator[Mistake]:
    """Require that habits of shelter, the alert system and the consequences are in the catalogue."""
    draft, people = subject.draft, subject.draft.document.people
    if people is not None:
        yield from _named(subject, ("people", "shelter"), people.shelter, "sheltering")
        yield from _named(subject, ("people", "consequence"), people.consequence, "consequences")
        if people.warning is not None:
            yield from _named(subject, ("people", "warning"), people.warning, "alert_systems")
    for i, asset in enumerate(draft.document.assets):
        if asset.shelter is not None:
            yield from _named(subject, ("assets", i, "shelter"), asset.shelter, "sheltering")
            if people is None and "people" not in draft.broken:
                what = "shelter is given, but the scenario tells of no people"
                yield draft.mistake(("assets", i, "shelter"), what, "add people: {shelter: as-in-ukraine-2023}")


def check_measures(subject: Subject) -> Iterator[Mistake]:
    """Require that measures are known and their objects exist and can take them."""
    draft = subject.draft
    assets, units = frozenset(draft.written("assets")), frozenset(draft.written("fire_units"))
    equipment = units | frozenset(draft.written("sensors"))
    dispersed: set[str] = set()
    for i, entry in enumerate(draft.document.passive):
        yield from _named(subject, ("passive", i, "measure"), entry.measure, "measures")
        measure = subject.kinds.catalogue.measures.get(entry.measure)
        kind = measure.kind if measure else ""
        valid = assets if kind in _ASSETS_ONLY else equipment if kind in _EQUIPMENT_ONLY else assets | equipment
        for j, name in enumerate(entry.of):
            if name in valid or draft.broken & {"assets", "fire_units", "sensors"}:
                continue
            among = "asset" if kind in _ASSETS_ONLY else "fire unit or sensor" if kind in _EQUIPMENT_ONLY else "object"
            cure = nearest(name, valid) if valid else "define it first"
            what = f"there is no {among} '{name[:60]}' for {kind or 'this'}"
            yield draft.mistake(("passive", i, "of", j), what, cure)
        if kind == "dispersal":
            twice = dispersed & set(entry.of)
            if twice:
                what = f"'{min(twice)}' is dispersed twice"
                yield draft.mistake(("passive", i, "of"), what, "give all its points in one entry")
            dispersed |= set(entry.of)
        if kind in ("dispersal", "decoy") and entry.count > _MOST_AIM_POINTS:
            what = f"{entry.count:,} is more than {_MOST_AIM_POINTS}"
            yield draft.mistake(("passive", i, "count"), what, f"write at most {_MOST_AIM_POINTS}")


def check_services(subject: Subject) -> Iterator[Mistake]:
    """Require that services have parts that exist, once each, and a network that can deliver something."""
    draft = subject.draft
    objects = frozenset(draft.written("assets")) | frozenset(draft.written("fire_units"))
    objects |= frozenset(draft.written("sensors"))
    services = draft.document.services
    yield from draft.repeated(("services",), [service.id for service in services], "give another id")
    for i, service in enumerate(services):
        if isinstance(service.parts, str):
            if service.links:
                yield draft.mistake(("services", i, "parts"), "radars are no parts of a flow network", "list the parts")
            continue
        yield from _parts(subject, i, service.parts, objects)
        yield from _network(draft, i, service, [part.id or part.of for part in service.parts])
    for name in draft.document.repair.spares:
        if name not in subject.group_ids["repairs"]:
            cure = nearest(name, subject.group_ids["repairs"])
            yield draft.key_mistake(("repair", "spares", name), f"there is no kind of repair '{name[:60]}'", cure)


def _parts(subject: Subject, i: int, parts: tuple[PartEntry, ...], objects: Collection[str]) -> Iterator[Mistake]:
    draft = subject.draft
    names: set[str] = set()
    if not parts:
        yield draft.mistake(("services", i, "parts"), "the list is empty", "add for example - {of: ID}")
    for j, part in enumerate(parts):
        where = ("services", i, "parts", j)
        known = part.of in objects or part.of.removesuffix("/radar") in objects
        if not known and not draft.broken & {"assets", "fire_units", "sensors"}:
            cure = nearest(part.of, objects) if objects else "define it first"
            yield draft.mistake((*where, "of"), f"there is no asset, fire unit or sensor '{part.of[:60]}'", cure)
        name = part.id or part.of
        if name in names:
            yield draft.mistake(where, f"the part '{name}' is given twice", "give one of them an id")
        names.add(name)
        if part.repair is not None:
            yield from _named(subject, (*where, "repair"), part.repair, "repairs")


def _network(draft: Draft, i: int, service: ServiceEntry, parts: list[str]) -> Iterator[Mistake]:
    """Yield what is wrong with k of n or with links."""
    if service.needed is not None and service.links:
        yield draft.mistake(("services", i, "needed"), "needed and links are both given", "give one of them")
    if service.needed is not None and service.needed > len(parts):
        what = f"{service.needed} of {len(parts)} parts"
        yield draft.mistake(("services", i, "needed"), what, f"write at most {len(parts)}")
    if not service.links:
        return
    if service.demand is None:
        yield draft.mistake(("services", i), "a flow network has no demand", "add demand: 900")
    if len(parts) > MOST_PARTS:
        what = f"{len(parts)} parts; the limit of a flow network is {MOST_PARTS}"
        yield draft.mistake(("services", i, "parts"), what, "join some")
    nodes = {node for link in service.links for node in (link.from_, link.to)}
    for key, node in (("source", service.source), ("sink", service.sink)):
        if node not in nodes:
            yield draft.mistake(("services", i), f"no link touches the {key} '{node}'", nearest(node, nodes))
    for j, link in enumerate(service.links):
        if link.part is not None and link.part not in parts:
            where = ("services", i, "links", j, "part")
            yield draft.mistake(where, f"there is no part '{link.part}'", nearest(link.part, parts))


def check_readiness(subject: Subject) -> Iterator[Mistake]:
    """Require that states, intelligence and exercises are in the catalogue, and that what raises a state can."""
    draft, entry = subject.draft, subject.draft.document.readiness
    if entry is None:
        return
    named = (
        ("state", entry.state, "readiness_states"),
        ("raised", entry.raised, "readiness_states"),
        ("intelligence", entry.intelligence, "intelligence_sources"),
        ("exercises", entry.exercises, "exercise_programmes"),
    )
    for key, name, group in named:
        if name is not None:
            yield from _named(subject, ("readiness", key), name, group)
    if entry.raised is not None and entry.intelligence is None:
        yield draft.mistake(
            ("readiness", "raised"), "nobody watches who could raise it", "add intelligence: national-means"
        )


def check_agreements(subject: Subject) -> Iterator[Mistake]:
    """Require that agreements and reductions name kinds of threats."""
    draft = subject.draft
    named = [("agreements", i, entry.types) for i, entry in enumerate(draft.document.agreements)]
    named += [("launch_reductions", i, entry.types) for i, entry in enumerate(draft.document.launch_reductions)]
    for key, i, types in named:
        for j, name in enumerate(types):
            yield from _named(subject, (key, i, "types", j), name, "threats")
    for i, reduction in enumerate(draft.document.launch_reductions):
        yield from _named(subject, ("launch_reductions", i, "kind"), reduction.kind, "diplomacy")


def _named(subject: Subject, where: Location, name: str, group: str) -> Iterator[Mistake]:
    ids: Mapping[str, Collection[str]] = subject.group_ids
    if name not in ids[group]:
        cure = nearest(name, ids[group])
        yield subject.draft.mistake(where, f"'{name[:60]}' is not in the catalogue's {group}", cure)


PASSIVE_CHECKS: tuple[Callable[[Subject], Iterator[Mistake]], ...] = (
    check_people, check_measures, check_services, check_readiness, check_agreements,
)  # fmt: skip
