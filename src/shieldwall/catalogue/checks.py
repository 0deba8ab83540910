"""Rules that one figure alone cannot break: sources exist, names resolve, assumptions have a range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shieldwall.catalogue.classes import EFFECTOR_KINDS
from shieldwall.catalogue.read import Complaint
from shieldwall.catalogue.records import (
    Aircraft,
    DoctrineRecord,
    FireUnit,
    Nation,
    Record,
)
from shieldwall.catalogue.resources import ArsenalRecord, BudgetRecord, ProcurementRecord
from shieldwall.catalogue.sourced import Figure, Source
from shieldwall.core.errors import nearest
from shieldwall.core.units import UNITS, unit_of

Ids = Mapping[str, frozenset[str]]


def check_record(
    record: Record, sources: Mapping[str, Source], ids: Ids, *, keys: frozenset[str] | None = None
) -> list[Complaint]:
    """Return what is wrong with one entry beside the others.

    Parameters
    ----------
    record : a validated entry
    sources : every good source by key
    ids : group -> the ids of its entries
    keys : the keys of all sources (those of `sources` by default), those that are themselves wrong too, so that
        one mistake does not cause others
    """
    return [*_figures(record, sources, frozenset(sources) if keys is None else keys), *_names(record, ids)]


def _figures(record: Record, sources: Mapping[str, Source], keys: frozenset[str]) -> Iterator[Complaint]:
    for path, figure in record.figures():
        place = tuple(int(step) if step.isdigit() else step for step in path.split("."))
        for key in figure.source:
            if key not in keys:
                yield Complaint((*place, "source"), f"{path}: the source '{key}' is unknown", nearest(key, keys))
        yield from (Complaint(place, f"{path}: {what}", cure) for what, cure in _confidence(figure, sources))


def _confidence(figure: Figure, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    if figure.value is None:
        return
    known = [sources[key] for key in figure.source if key in sources]
    if figure.confidence == "assumed":
        # A count may be certain, such as one round for one shot; a measured quantity that is assumed never is.
        if figure.low == figure.high and UNITS[unit_of(figure.unit)][0] != "count":
            yield "an assumed figure has no range", "give low: below high:, wide enough for what is not known"
    elif known and not any(source.address for source in known):
        yield (
            f"a {figure.confidence} figure names no source with an address",
            "add the address, or make it assumed with a reason",
        )


def _names(record: Record, ids: Ids) -> Iterator[Complaint]:
    match record:
        case FireUnit():
            yield from _in(("radar",), record.radar, ids["sensors"], "sensors")
            for number, weapon in enumerate(record.weapons):
                yield from _in(("weapons", number, "effector"), weapon.effector, ids["effectors"], "effectors")
        case Aircraft():
            for number, effector in enumerate(record.effectors):
                yield from _in(("effectors", number), effector, ids["effectors"], "effectors")
            if record.sensor is not None:
                yield from _in(("sensor",), record.sensor, ids["sensors"], "sensors")
        case DoctrineRecord():
            words = ids["effectors"] | frozenset(EFFECTOR_KINDS)
            for field in ("prefer", "forbid"):
                for threat_class, names in getattr(record, field).items():
                    for number, name in enumerate(names):
                        yield from _in((field, threat_class, number), name, words, "effectors and their kinds")
        case Nation() | BudgetRecord() | ProcurementRecord() | ArsenalRecord():
            yield from _names_of_money(record, ids)


def _names_of_money(record: Record, ids: Ids) -> Iterator[Complaint]:
    match record:
        case Nation():
            systems = ids["fire_units"] | ids["aircraft"] | ids["sensors"]
            for system in record.inventories:
                yield from _in(("inventories", system), system, systems, "fire_units, aircraft and sensors")
        case BudgetRecord():
            for number, nation in enumerate(record.members):
                yield from _in(("members", number), nation, ids["nations"], "nations")
        case ProcurementRecord():
            bought = ids["fire_units"] | ids["effectors"] | ids["sensors"] | ids["soft_kill"]
            for item in record.terms:
                yield from _in(("terms", item), item, bought, "fire_units, effectors, sensors and soft_kill")
        case ArsenalRecord():
            for threat in record.stock:
                yield from _in(("stock", threat), threat, ids["threats"], "threats")


def _in(place: tuple[str | int, ...], name: str, valid: frozenset[str], among: str) -> Iterator[Complaint]:
    if name not in valid:
        path = ".".join(str(step) for step in place)
        yield Complaint(place, f"{path}: '{name}' is not among the {among}", nearest(name, valid))
