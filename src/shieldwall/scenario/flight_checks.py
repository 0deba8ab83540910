"""Checks of how sensors look and how raids fly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.sourced import known
from shieldwall.core.errors import Mistake
from shieldwall.scenario import clock
from shieldwall.scenario.draft import Draft, Location
from shieldwall.scenario.surveillance_entry import OffEntry


def sensor_mistakes(draft: Draft, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require that orbits are those of airborne sensors and can be flown, and that spans of absence end."""
    local = clock.zone(draft.document.time_zone)
    for i, seen in enumerate(draft.document.sensors):
        record = catalogue.sensors.get(seen.type)
        if seen.orbit is not None and record is not None:
            if record.kind != "airborne_radar":
                what = f"a '{seen.type}' does not fly (its kind is {record.kind})"
                yield draft.mistake(("sensors", i, "orbit"), what, "leave out orbit, or take an airborne radar")
            for key, own in (("speed", record.orbit_speed), ("turn_radius", record.turn_radius)):
                if getattr(seen.orbit, key) is None and known(own) is None:
                    what = f"the catalogue gives '{seen.type}' no {key}"
                    yield draft.mistake(("sensors", i, "orbit"), what, f"write {key} under orbit")
            if seen.facing is not None:
                yield draft.mistake(("sensors", i, "facing"), "a sensor on an orbit faces no way", "leave out facing")
        if local is None or {"start", "time_zone"} & draft.broken:
            continue
        for j, span in enumerate(seen.off):
            yield from _span_mistakes(
                draft, ("sensors", i, "off", j), span, clock.start_of(draft.document.start, local)
            )


def _span_mistakes(draft: Draft, where: Location, span: OffEntry, start: datetime) -> Iterator[Mistake]:
    try:
        if clock.seconds_after(start, span.until) <= clock.seconds_after(start, span.from_):
            yield draft.mistake(where, "the span ends before it begins", "give until later than from, with its date")
    except clock.TimeError as error:
        yield draft.mistake(where, str(error), error.cure)


def flight_mistakes(draft: Draft, catalogue: Catalogue) -> Iterator[Mistake]:
    """Require that arcs, tops and speeds of legs are given for paths that have them."""
    threats = catalogue.threats
    for i, raid in enumerate(draft.document.raids):
        path = threats[raid.type].path if raid.type in threats else None
        if path is None:
            continue
        for key in ("arc", "apogee"):
            if getattr(raid, key) is not None and path != "ballistic":
                what = f"a '{raid.type}' flies no ballistic arc (its path is {path})"
                yield draft.mistake(("raids", i, key), what, f"leave out {key}, or take a type with path ballistic")
        if raid.arc is not None and raid.apogee is not None:
            yield draft.mistake(("raids", i, "apogee"), "both arc and apogee are given", "give one of them")
        if raid.via and path == "ballistic":
            yield draft.mistake(("raids", i, "via"), "a ballistic arc has no way-points", "leave out via")
        if raid.leg_speeds and path not in ("low", "high_dive"):
            what = f"a '{raid.type}' does not choose its speed by leg (its path is {path})"
            yield draft.mistake(("raids", i, "leg_speeds"), what, "leave out leg_speeds")
        elif raid.leg_speeds and len(raid.leg_speeds) != len(raid.via) + 1:
            what = f"{len(raid.leg_speeds)} speeds for {len(raid.via) + 1} legs"
            yield draft.mistake(("raids", i, "leg_speeds"), what, "give one for each leg: one more than way-points")
