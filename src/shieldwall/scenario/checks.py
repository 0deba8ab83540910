"""Every check that looks from one thing in a scenario to another; each is a named function that yields mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from shieldwall.catalogue.classes import EFFECTOR_KINDS
from shieldwall.catalogue.sourced import UnknownFigureError
from shieldwall.core.errors import Mistake, nearest
from shieldwall.scenario import clock
from shieldwall.scenario.airspace import airspace_mistakes
from shieldwall.scenario.campaign_checks import campaign_mistakes
from shieldwall.scenario.document import AreaOrigin
from shieldwall.scenario.draft import Draft
from shieldwall.scenario.flight_checks import flight_mistakes, sensor_mistakes
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.model import MAX_ENTITIES, MAX_THREATS
from shieldwall.scenario.node import MappingNode, Mark, Node, ScalarNode, SequenceNode
from shieldwall.scenario.passive_checks import PASSIVE_CHECKS
from shieldwall.scenario.plan_checks import plan_mistakes
from shieldwall.scenario.structure_checks import structure_mistakes

ASSIGNMENTS = ("greedy", "nearest", "cost_aware", "rolling")
RADARS = "radars"
MAX_BACKUPS = 100
_MOST_OF_ONE = 100
_LISTS = (
    "assets", "sensors", "fire_units", "soft_kill_zones", "fighters", "tankers", "raids", "traffic",
    "areas", "airspace",
)  # fmt: skip
# When a raid comes: one of them.
_TIMES = ("launch", "arrive")
# Which list of a scenario names entries of which group, under which key.
_TYPED = (
    ("assets", "kind", "assets"),
    ("sensors", "type", "sensors"),
    ("fire_units", "type", "fire_units"),
    ("soft_kill_zones", "type", "soft_kill"),
    ("raids", "type", "threats"),
    ("traffic", "type", "traffic"),
    ("fighters", "type", "aircraft"),
    ("tankers", "type", "aircraft"),
)


@dataclass(frozen=True)
class Subject:
    """What the checks look at: the draft, the types, and every id of each catalogue group."""

    draft: Draft
    kinds: Kinds
    group_ids: Mapping[str, frozenset[str]]


Check = Callable[[Subject], Iterator[Mistake]]


def check(subject: Subject, checks: Iterable[Check]) -> list[Mistake]:
    """Return the mistakes that these checks find."""
    return [mistake for each in checks for mistake in islice(each(subject), _MOST_OF_ONE)]


def check_ids(subject: Subject) -> Iterator[Mistake]:
    """Refuse an id given twice in the whole scenario, in whatever files."""
    seen: dict[str, tuple[str, Mark]] = {}
    for name, where, mark in _ids(subject.draft.tree):
        if name in seen:
            first, at = seen[name]
            what = f"{where}: the id '{name}' is given twice (first to one of {first} at {at})"
            yield mark.mistake(what, "give one of them another id")
        seen.setdefault(name, (where, mark))


def check_content(subject: Subject) -> Iterator[Mistake]:
    """Require something to defend and something that comes."""
    draft = subject.draft
    for key in ("assets", "raids"):
        node = draft.tree.get(key)
        if isinstance(node, SequenceNode) and not node.items:
            yield draft.mistake((key,), "the list is empty", f"add at least one entry to {key}")
    counts = [raid.count for raid in draft.document.raids]
    if counts and "raids" not in draft.broken:
        if sum(counts) > MAX_THREATS:
            what = f"{sum(counts):,} threats in all; the limit is {MAX_THREATS:,}"
            yield draft.key_mistake(("raids",), what, "play the raid in parts")
        if sum(counts) == 0 and len(counts) == len(draft.written("raids")):
            yield draft.key_mistake(("raids",), "no raid has a threat", "give one a count of 1 or more")


def check_size(subject: Subject) -> Iterator[Mistake]:
    """Refuse more fire units or sensors, copies among them, than one run can hold."""
    document = subject.draft.document
    units = sum(u.count for u in document.fire_units) * document.scale.fire_units * document.scale.defence
    sensors = sum(s.count for s in document.sensors) * document.scale.sensors
    for key, number in (("fire_units", units), ("sensors", sensors)):
        if number > MAX_ENTITIES:
            what = f"{number:,} with all copies; the limit is {MAX_ENTITIES:,}"
            yield subject.draft.key_mistake((key,), what, "lower count or scale")


def check_times(subject: Subject) -> Iterator[Mistake]:
    """Require that the zone exists, and the start and every time of a raid or flight in it, none before the start."""
    draft, document = subject.draft, subject.draft.document
    for i, raid in enumerate(document.raids):
        both = [key for key in _TIMES if getattr(raid, key) is not None]
        if len(both) != 1:
            what = "both launch and arrive are given" if both else "neither launch nor arrive is given"
            yield draft.mistake(("raids", i), what, 'give one of them, as launch: "21:30"')
    local = clock.zone(document.time_zone)
    if local is None:
        cure = nearest(document.time_zone, clock.zone_names())
        yield draft.mistake(("time_zone",), f"there is no time zone '{document.time_zone[:60]}'", cure)
        return
    if {"start", "time_zone"} & draft.broken:
        return
    try:
        start = clock.start_of(document.start, local)
    except clock.TimeError as error:
        yield draft.mistake(("start",), str(error), error.cure)
        return
    times = [(("raids", i, key), getattr(raid, key)) for i, raid in enumerate(document.raids) for key in _TIMES]
    times += [(("traffic", i, "launch"), entry.launch) for i, entry in enumerate(document.traffic)]
    for where, time in times:
        try:
            if time is not None:
                clock.seconds_after(start, time)
        except clock.TimeError as error:
            yield draft.mistake(where, str(error), error.cure)


def check_types(subject: Subject) -> Iterator[Mistake]:
    """Require that every type and kind is in the catalogue, in the right group."""
    for key, field, group in _TYPED:
        for i, entry in enumerate(getattr(subject.draft.document, key)):
            name = getattr(entry, field)
            if name in subject.group_ids[group]:
                continue
            elsewhere = [other for other, ids in subject.group_ids.items() if name in ids]
            what = f"'{name}' is not in the catalogue's {group}"
            cure = nearest(name, subject.group_ids[group])
            if "aircraft" in elsewhere:
                what = f"'{name}' is an aircraft"
                cure = "put it under fighters or tankers; an early-warning aircraft is the sensor airborne-radar"
            elif elsewhere:
                what += f" (it is one of {elsewhere[0]})"
            yield subject.draft.mistake((key, i, field), what, cure)


def check_figures(subject: Subject) -> Iterator[Mistake]:
    """Require that every catalogue figure the scenario needs is known."""
    kinds = subject.kinds
    for key, field, group in _TYPED:
        for i, entry in enumerate(getattr(subject.draft.document, key)):
            name = getattr(entry, field)
            if name not in kinds.catalogue.entries(group):
                continue
            try:
                _need(kinds, group, name, entry)
            except UnknownFigureError as error:
                unknown = error.mistakes[0]
                path = unknown.what.removeprefix("the catalogue does not know ").partition(":")[0]
                cure = f"add it to overrides: {{{path}: ...}}"
                yield subject.draft.mistake((key, i, field), unknown.what, cure)
            except KeyError:
                continue  # a type that a broken entry of the user's names; told where it stands


def _need(kinds: Kinds, group: str, name: str, entry: object) -> None:
    """Ask for every figure that an entry of a scenario needs."""
    if group == "threats":
        kinds.threat(name)
    elif group == "sensors":
        kinds.sensor(name)
    elif group == "fire_units":
        unit = kinds.catalogue.fire_units[name]
        if unit.radar:
            kinds.sensor(unit.radar)
        for weapon in unit.weapons:
            kinds.effector(weapon.effector)
            _ = weapon.launchers.si, weapon.rounds_per_launcher.si, weapon.reserve_rounds.si, weapon.reload.si
        _ = unit.channels.si, unit.ready.si, unit.availability.si, unit.hardness.si, unit.radius.si, unit.unit_cost.si
    elif group == "soft_kill":
        zone = kinds.catalogue.soft_kill[name]
        _ = zone.radius.si, zone.height_max.si, [figure.si for figure in zone.hazard.values()]
    elif group in ("aircraft", "traffic"):
        _ = [figure.si for _, figure in kinds.catalogue.entries(group)[name].figures()]
        for effector in kinds.catalogue.aircraft[name].effectors if group == "aircraft" else ():
            kinds.effector(effector)
    elif group == "assets":
        kind = kinds.catalogue.assets[name]
        if getattr(entry, "hardness", None) is None:
            _ = kind.hardness.si
        if getattr(entry, "radius", None) is None:
            _ = kind.radius.si
        if getattr(entry, "value", None) is None:
            _ = kind.value.si


def check_positions(subject: Subject) -> Iterator[Mistake]:
    """Require that every named position is a place, or (for all but assets) an asset."""
    draft = subject.draft
    lost = draft.broken & {"places", "assets"}
    for key in ("assets", "sensors", "fire_units", "soft_kill_zones"):
        valid = _places(draft, assets=key != "assets")
        for i, entry in enumerate(getattr(draft.document, key)):
            if isinstance(entry.position, str) and entry.position not in valid and not lost:
                yield draft.unknown((key, i, "position"), entry.position, "place", valid)
    valid = _places(draft, assets=True)
    for i, raid in enumerate(draft.document.raids):
        for j, point in enumerate(raid.via):
            if isinstance(point, str) and point not in valid and not lost:
                yield draft.unknown(("raids", i, "via", j), point, "place", valid)


def check_origins(subject: Subject) -> Iterator[Mistake]:
    """Require that every raid comes from one of positions, a place, an axis, an area; and that it exists."""
    draft = subject.draft
    places = _places(draft, assets=True)
    areas = frozenset(draft.written("areas"))
    lost = draft.broken & {"places", "assets", "areas"}
    for i, raid in enumerate(draft.document.raids):
        given = [k for k, v in (("from", raid.from_), ("origin", raid.origin), ("axis", raid.axis)) if v is not None]
        if len(given) != 1:
            what = f"{' and '.join(given)} are given" if given else "none of from, origin and axis is given"
            yield draft.mistake(("raids", i), what, "give one of them, as from: [[51.7, 36.2]]")
        if lost:
            continue
        if isinstance(raid.from_, AreaOrigin) and raid.from_.area not in areas:
            yield draft.unknown(("raids", i, "from", "area"), raid.from_.area, "area", areas)
        if isinstance(raid.from_, tuple):
            for j, point in enumerate(raid.from_):
                if isinstance(point, str) and point not in places:
                    yield draft.unknown(("raids", i, "from", j), point, "place", places)
        if raid.origin is not None and raid.origin not in places:
            yield draft.unknown(("raids", i, "origin"), raid.origin, "place", places)
        if raid.axis is not None and raid.axis.toward not in places:
            yield draft.unknown(("raids", i, "axis", "toward"), raid.axis.toward, "place or asset", places)


def check_sight_and_flight(subject: Subject) -> Iterator[Mistake]:
    """Require that sensors look and raids fly in ways that their kinds allow."""
    yield from sensor_mistakes(subject.draft, subject.kinds.catalogue)
    yield from flight_mistakes(subject.draft, subject.kinds.catalogue)


def check_aims(subject: Subject) -> Iterator[Mistake]:
    """Require that every aim point is an asset, sensor or fire unit; that of an anti-radiation missile no asset."""
    draft = subject.draft
    assets, units = frozenset(draft.written("assets")), frozenset(draft.written("fire_units"))
    targets = assets | units | frozenset(draft.written("sensors"))
    threats = subject.kinds.catalogue.threats
    for i, raid in enumerate(draft.document.raids):
        for name in raid.aim:
            known = name == RADARS or name in targets or name.removesuffix("/radar") in units
            if not known and not draft.broken & {"assets", "sensors", "fire_units"}:
                yield draft.unknown(("raids", i, "aim", name), name, "asset, sensor or fire unit", targets)
        if not sum(raid.aim.values()) > 0:
            yield draft.mistake(("raids", i, "aim"), "all weights are 0", "give one aim point a weight above 0")
        if RADARS in raid.aim and len(raid.aim) > 1:
            yield draft.mistake(("raids", i, "aim"), "'radars' stands beside other aim points", "write aim: radars")
        hunts = raid.type in threats and threats[raid.type].threat_class == "anti_radiation"
        for name in raid.aim if hunts else ():
            if name in assets:
                what = f"'{name}' is an asset; an anti-radiation missile goes for radars"
                yield draft.mistake(("raids", i, "aim", name), what, "write aim: radars, or name sensors or fire units")


def check_fire_units(subject: Subject) -> Iterator[Mistake]:
    """Require that magazines name the unit's own rounds and fit its launchers, and that backup radars exist."""
    draft, catalogue = subject.draft, subject.kinds.catalogue
    units = frozenset(draft.written("fire_units"))
    for i, unit in enumerate(draft.document.fire_units):
        for radar in (unit.backup_radars or ())[:MAX_BACKUPS]:
            if radar.removesuffix("/radar") not in units and "fire_units" not in draft.broken:
                yield draft.unknown(("fire_units", i, "backup_radars"), radar, "fire unit", units)
        if unit.type not in catalogue.fire_units:
            continue
        weapons = {weapon.effector: weapon for weapon in catalogue.fire_units[unit.type].weapons}
        for key in ("magazine", "reserve"):
            for name, rounds in getattr(unit, key).items():
                if name not in weapons:
                    what = f"a {unit.type} fires no '{name}'"
                    yield draft.key_mistake(("fire_units", i, key, name), what, nearest(name, weapons))
                    continue
                weapon = weapons[name]
                if weapon.launchers.value is None or weapon.rounds_per_launcher.value is None:
                    continue
                room = int(weapon.launchers.si * weapon.rounds_per_launcher.si)
                if key == "magazine" and rounds > room:
                    what = f"{rounds} rounds; its launchers hold {room}"
                    yield draft.mistake(("fire_units", i, key, name), what, "put the rest under reserve")


def check_doctrine(subject: Subject) -> Iterator[Mistake]:
    """Require that the assignment rule exists, and that preferences and reserves name effectors or kinds."""
    draft, doctrine = subject.draft, subject.draft.document.doctrine
    if doctrine.assignment is not None and doctrine.assignment not in ASSIGNMENTS:
        what = f"there is no rule '{doctrine.assignment}'"
        cure = nearest(doctrine.assignment, ASSIGNMENTS)
        if doctrine.assignment == "exact":
            what = "'exact' leaves the kernel at each decision and is for studies only"
            cure = "write rolling, and see shieldwall.study.exact_assignment"
        yield draft.mistake(("doctrine", "assignment"), what, cure)
    effectors = subject.group_ids["effectors"]
    for key in ("prefer", "forbid"):
        for threat_class, names in getattr(doctrine, key).items():
            for j, name in enumerate(names):
                if name not in effectors and name not in EFFECTOR_KINDS:
                    valid = [*effectors, *EFFECTOR_KINDS]
                    yield draft.unknown(("doctrine", key, threat_class, j), name, "effector or kind", valid)
    for j, reserve in enumerate(doctrine.reserves):
        if reserve.effector not in effectors:
            where = ("doctrine", "reserves", j, "effector")
            yield draft.unknown(where, reserve.effector, "effector", effectors)


def check_structure(subject: Subject) -> Iterator[Mistake]:
    """Require that the command structure is a tree of what there is, and its times lie after the start."""
    yield from structure_mistakes(subject.draft)
    document = subject.draft.document
    if document.structure is not None and document.doctrine.assignment == "rolling":
        what = "rolling plans all tracks of one network, and with a structure who leads a unit may change"
        yield subject.draft.mistake(
            ("doctrine", "assignment"), what, "write greedy, nearest or cost_aware, or leave out structure"
        )


def check_airspace(subject: Subject) -> Iterator[Mistake]:
    """Require that zones of airspace control lie over areas and say nothing that contradicts their kind."""
    yield from airspace_mistakes(subject.draft)


def check_campaign(subject: Subject) -> Iterator[Mistake]:
    """Require that a campaign names what there is, and delivers nothing before it is ordered."""
    yield from campaign_mistakes(subject.draft, subject.kinds.catalogue)


def check_plan(subject: Subject) -> Iterator[Mistake]:
    """Require that a plan names what there is, and asks for nothing that contradicts itself."""
    yield from plan_mistakes(subject.draft, subject.kinds.catalogue)


def check_reported(subject: Subject) -> Iterator[Mistake]:
    """Require that what was reported is reported of kinds of threat, or of all."""
    valid = [*subject.group_ids["threats"], "total", "source"]
    for name, report in subject.draft.document.reported.items():
        if name not in valid:
            mark = subject.draft.at("reported", name)
            yield mark.mistake(f"reported: there is no threat '{name[:60]}'", nearest(name, valid))
        elif isinstance(report, str) and name != "source":
            what = "text stands where counts are wanted"
            yield subject.draft.mistake(("reported", name), what, "write {launched: 479, shot_down: 277, ...}")


def _places(draft: Draft, *, assets: bool) -> frozenset[str]:
    places = draft.tree.get("places")
    names = list(places.items) if isinstance(places, MappingNode) else []
    return frozenset(names + (draft.written("assets") if assets else []))


def _ids(tree: MappingNode) -> Iterator[tuple[str, str, Mark]]:
    places = tree.get("places")
    if isinstance(places, MappingNode):
        yield from ((name, "places", mark) for name, (mark, _) in places.items.items())
    for key in _LISTS:
        node: Node | None = tree.get(key)
        for entry in node.items if isinstance(node, SequenceNode) else []:
            found = entry.get("id") if isinstance(entry, MappingNode) else None
            if isinstance(found, ScalarNode) and isinstance(found.value, str):
                yield found.value, key, found.mark


CHECKS: tuple[Check, ...] = (
    check_ids, check_content, check_size, check_times, check_types, check_figures, check_positions, check_origins,
    check_sight_and_flight, check_aims, check_fire_units, check_doctrine, check_structure, check_campaign,
    check_plan, check_airspace,
    check_reported, *PASSIVE_CHECKS,
)  # fmt: skip
