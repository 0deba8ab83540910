"""Checks of identification and of friendly and civil aircraft; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.core.errors import Mistake
from shieldwall.scenario.checks import Check, Subject, _places
from shieldwall.scenario.geography import distance_m, position_of

_NEAREST_M = 1_000.0


def check_traffic(subject: Subject) -> Iterator[Mistake]:
    """Require that friendly and civil aircraft fly between places or assets."""
    draft, document = subject.draft, subject.draft.document
    valid = _places(draft, assets=True)
    lost = draft.broken & {"places", "assets"}
    for i, entry in enumerate(document.traffic):
        ends = [(("from",), entry.from_), (("to",), entry.to), *((("via", j), p) for j, p in enumerate(entry.via))]
        for where, point in ends:
            if isinstance(point, str) and point not in valid and not lost:
                yield draft.unknown(("traffic", i, *where), point, "place or asset", valid)


def check_traffic_flies(subject: Subject) -> Iterator[Mistake]:
    """Require that every flight leaves its origin."""
    draft, document = subject.draft, subject.draft.document
    if {"places", "assets"} & draft.broken:
        return
    places = dict(document.places)
    known = [a for a in document.assets if not isinstance(a.position, str) or a.position in places]
    places |= {a.id: position_of(a.position, document.places) for a in known}
    for i, entry in enumerate(document.traffic):
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
