"""Checks of identification and of friendly and civil aircraft; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.catalogue.sourced import UnknownFigureError
from shieldwall.core.errors import Mistake, nearest
from shieldwall.scenario import clock
from shieldwall.scenario.checks import Check, Subject, _places
from shieldwall.scenario.geography import distance_m, position_of

_NEAREST_M = 1_000.0


def check_traffic(subject: Subject) -> Iterator[Mistake]:
    """Require that friendly and civil aircraft are in the catalogue and fly somewhere, after the start."""
    draft, document = subject.draft, subject.draft.document
    known, valid = subject.kinds.catalogue.traffic, _places(subject.draft, assets=True)
    lost = draft.broken & {"places", "assets"}
    for i, entry in enumerate(document.traffic):
        if entry.type not in subject.group_ids["traffic"]:
            what = f"'{entry.type}' is not in the catalogue's traffic"
            yield draft.mistake(("traffic", i, "type"), what, nearest(entry.type, subject.group_ids["traffic"]))
        elif entry.type in known:
            try:
                _ = [figure.si for _, figure in known[entry.type].figures()]
            except UnknownFigureError as error:
                yield draft.mistake(("traffic", i, "type"), error.mistakes[0].what, "give it under overrides")
        ends = [(("from",), entry.from_), (("to",), entry.to), *((("via", j), p) for j, p in enumerate(entry.via))]
        for where, point in ends:
            if isinstance(point, str) and point not in valid and not lost:
                yield draft.unknown(("traffic", i, *where), point, "place or asset", valid)


def check_traffic_flies(subject: Subject) -> Iterator[Mistake]:
    """Require that every flight leaves its origin, and leaves it after the scenario's start."""
    draft, document = subject.draft, subject.draft.document
    local = clock.zone(document.time_zone)
    if local is None or {"start", "time_zone", "places", "assets"} & draft.broken:
        return
    places = dict(document.places)
    known = [a for a in document.assets if not isinstance(a.position, str) or a.position in places]
    places |= {a.id: position_of(a.position, document.places) for a in known}
    for i, entry in enumerate(document.traffic):
        try:
            clock.seconds_after(clock.start_of(document.start, local), entry.launch)
        except clock.TimeError as error:
            yield draft.mistake(("traffic", i, "launch"), str(error), error.cure)
        if any(isinstance(p, str) and p not in places for p in (entry.from_, entry.to)) or entry.via:
            continue
        if distance_m(position_of(entry.from_, places), position_of(entry.to, places)) < _NEAREST_M:
            yield draft.mistake(("traffic", i, "to"), "it flies to where it starts", "give another place, or via:")


def check_identification(subject: Subject) -> Iterator[Mistake]:
    """Require that what is called hostile by mistake is a kind of friendly or civil aircraft."""
    entry = subject.draft.document.identification
    for name in entry.called_hostile if entry is not None else ():
        if name not in subject.group_ids["traffic"]:
            where = ("identification", "called_hostile", name)
            yield subject.draft.unknown(where, name, "kind of friendly or civil aircraft", subject.group_ids["traffic"])


TRAFFIC_CHECKS: tuple[Check, ...] = (check_traffic, check_traffic_flies, check_identification)
