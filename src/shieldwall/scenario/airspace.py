"""Read a scenario's airspace control: its zones, and every mistake that they may hold, each where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from shieldwall.battle_management.airspace import NO_CEILING_M, STANDARD_CONTROL, AirspaceZone
from shieldwall.core.errors import Mistake, nearest
from shieldwall.scenario.document import Document
from shieldwall.scenario.draft import Draft

_BINDS = {
    "fighter": "a fighter zone lets fighters shoot and no battery",
    "missile": "a missile zone lets batteries shoot and no fighter",
    "joint": "a joint zone is under tight control always",
}


def airspace_of(document: Document) -> tuple[AirspaceZone, ...]:
    """Return the zones; what they do not say is the standard of their kind, without a limit upwards."""
    areas = {area.id: area.polygon for area in document.areas}
    return tuple(
        AirspaceZone(
            id=entry.id,
            kind=entry.kind,
            border=areas[entry.area],
            height_min_m=entry.height_min,
            height_max_m=NO_CEILING_M if entry.height_max is None else entry.height_max,
            control=entry.control or STANDARD_CONTROL[entry.kind],
        )
        for entry in document.airspace
    )


def airspace_mistakes(draft: Draft) -> Iterator[Mistake]:
    """Require that zones lie over areas, have some height, and are given a control only where they may."""
    areas = frozenset(draft.written("areas"))
    for i, zone in enumerate(draft.document.airspace):
        if zone.area not in areas and "areas" not in draft.broken:
            cure = nearest(zone.area, areas) if areas else "define it first, under areas"
            yield draft.mistake(("airspace", i, "area"), f"there is no area '{zone.area[:60]}'", cure)
        if zone.height_max is not None and zone.height_max <= zone.height_min:
            what = f"nothing lies between {zone.height_min:,g} m and {zone.height_max:,g} m"
            yield draft.mistake(
                ("airspace", i, "height_max"), what, "raise height_max above height_min, or leave it out"
            )
        if zone.control is not None and zone.kind != "corridor":
            yield draft.mistake(
                ("airspace", i, "control"), _BINDS[zone.kind], "leave out control, or write kind: corridor"
            )
