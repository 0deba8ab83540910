"""Checks of fighters and tankers: roles, places, areas, times; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.catalogue.records import SHOOTING_ROLES
from shieldwall.core.errors import Mistake
from shieldwall.scenario import clock
from shieldwall.scenario.checks import Check, Subject, _places
from shieldwall.scenario.document import PatrolEntry, TankerEntry
from shieldwall.scenario.model import MAX_ENTITIES


def check_roles(subject: Subject) -> Iterator[Mistake]:
    """Require that what is listed under fighters shoots and what is listed under tankers refuels."""
    draft, aircraft = subject.draft, subject.kinds.catalogue.aircraft
    shooters = sorted(name for name, record in aircraft.items() if record.role in SHOOTING_ROLES)
    tankers = sorted(name for name, record in aircraft.items() if record.role == "tanker")
    for key, valid in (("fighters", shooters), ("tankers", tankers)):
        for i, entry in enumerate(getattr(draft.document, key)):
            if entry.type in aircraft and entry.type not in valid:
                what = f"'{entry.type}' is of the role {aircraft[entry.type].role}"
                yield draft.mistake((key, i, "type"), what, f"use one of: {', '.join(valid)}")


def check_places(subject: Subject) -> Iterator[Mistake]:
    """Require that bases, orbits, diverts and tracks are places or assets, borders areas and tankers tankers."""
    draft = subject.draft
    valid = _places(draft, assets=True)
    areas, tankers = frozenset(draft.written("areas")), frozenset(draft.written("tankers"))
    lost = draft.broken & {"places", "assets"}
    for i, entry in enumerate(draft.document.fighters):
        points: list[tuple[tuple[str | int, ...], object]] = [(("base",), entry.base), (("divert",), entry.divert)]
        if entry.patrol is not None:
            points += [(("patrol", "orbit", j), point) for j, point in enumerate(entry.patrol.orbit)]
        for where, point in points:
            if isinstance(point, str) and point not in valid and not lost:
                yield draft.unknown(("fighters", i, *where), point, "place or asset", valid)
        if entry.border is not None and entry.border not in areas and "areas" not in draft.broken:
            yield draft.unknown(("fighters", i, "border"), entry.border, "area", areas)
        if entry.tanker is not None and entry.tanker not in tankers and "tankers" not in draft.broken:
            yield draft.unknown(("fighters", i, "tanker"), entry.tanker, "tanker", tankers)
    for i, tanker in enumerate(draft.document.tankers):
        if isinstance(tanker.position, str) and tanker.position not in valid and not lost:
            yield draft.unknown(("tankers", i, "position"), tanker.position, "place or asset", valid)


def check_patrols(subject: Subject) -> Iterator[Mistake]:
    """Require both ends of a patrol's or tanker's time, in order, and no more aircraft on patrol than there are."""
    draft, document = subject.draft, subject.draft.document
    spans: list[tuple[tuple[str | int, ...], PatrolEntry | TankerEntry]] = [
        *((("fighters", i, "patrol"), e.patrol) for i, e in enumerate(document.fighters) if e.patrol is not None),
        *((("tankers", i), entry) for i, entry in enumerate(document.tankers)),
    ]
    local = clock.zone(document.time_zone)
    for where, span in spans:
        given = [key for key, time in (("from", span.from_), ("to", span.to)) if time is not None]
        if len(given) == 1:
            yield draft.mistake(where, f"{given[0]} is given without its other end", "give both from and to")
        if len(given) < 2 or local is None or {"start", "time_zone"} & draft.broken:
            continue
        assert span.from_ is not None
        assert span.to is not None
        try:
            start = clock.start_of(document.start, local)
            ends = clock.seconds_after(start, span.from_), clock.seconds_after(start, span.to)
        except clock.TimeError as error:
            yield draft.mistake(where, str(error), error.cure)
            continue
        if ends[1] <= ends[0]:
            yield draft.mistake((*where, "to"), "the end is not after the beginning", "write a later time, or a date")
    usual = int(subject.kinds.catalogue.planning_factors["standard"].patrol.si)
    for i, entry in enumerate(document.fighters):
        if entry.patrol is None or entry.patrol.from_ is None:
            continue
        manned = usual if entry.patrol.aircraft is None else entry.patrol.aircraft
        if manned > entry.count:
            what = f"{manned} aircraft on patrol of {entry.count}"
            yield draft.mistake(("fighters", i, "patrol"), what, "lower aircraft, or raise count")


def check_campaign(subject: Subject) -> Iterator[Mistake]:
    """Refuse aircraft in a campaign, which does not count them from night to night."""
    document = subject.draft.document
    if document.campaign is not None and document.fighters:
        what = "fighters stand beside a campaign, which does not count them from night to night yet"
        yield subject.draft.key_mistake(("fighters",), what, "leave out fighters or campaign")


def check_number(subject: Subject) -> Iterator[Mistake]:
    """Refuse more aircraft than one run can hold."""
    number = sum(entry.count for entry in subject.draft.document.fighters)
    if number > MAX_ENTITIES:
        what = f"{number:,} aircraft; the limit is {MAX_ENTITIES:,}"
        yield subject.draft.key_mistake(("fighters",), what, "lower count")


AIR_CHECKS: tuple[Check, ...] = (
    check_roles, check_places, check_patrols, check_campaign, check_number,
)  # fmt: skip
