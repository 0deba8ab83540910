"""Turn what a document says of passive defence into changed targets and a frozen plan.

Hardening and relocation change figures of the objects; dispersal and decoys add aim points, among which a raid's
weights are split; camouflage, silence and relocation give shares that come down wide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.catalogue.resilience import Measure
from shieldwall.core.position import Position
from shieldwall.passive_defence.asset import Asset
from shieldwall.passive_defence.camouflage import misdirected_together
from shieldwall.passive_defence.decoys import true_share
from shieldwall.passive_defence.dispersal import ring
from shieldwall.passive_defence.relocation import at_work_share, moved_share
from shieldwall.scenario.document import Document
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.passive_entries import MeasureEntry
from shieldwall.surveillance.sensor import Sensor

DECOY = "decoy"


@dataclass
class Laydown:
    """What stands where, while measures change it.

    points : asset -> its aim points, the first with its own id; decoys : decoy -> what it imitates;
    weights : object -> (decoys, attraction); wide : object -> threat class -> shares that come down wide
    """

    assets: dict[str, Asset]
    units: dict[str, FireUnit]
    sensors: dict[str, Sensor]
    points: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decoys: dict[str, str] = field(default_factory=dict)
    weights: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    wide: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, assets: Iterable[Asset], units: Iterable[FireUnit], sensors: Iterable[Sensor]) -> Laydown:
        """Return the laydown before any measure."""
        return cls({a.id: a for a in assets}, {u.id: u for u in units}, {s.id: s for s in sensors})

    def placed(self) -> tuple[tuple[Asset, ...], tuple[FireUnit, ...], tuple[Sensor, ...]]:
        """Return what stands there now."""
        return tuple(self.assets.values()), tuple(self.units.values()), tuple(self.sensors.values())

    def position(self, name: str) -> Position:
        """Return where an object stands."""
        return (self.assets.get(name) or self.units.get(name) or self.sensors[name]).position

    def radius_m(self, name: str) -> float:
        """Return how near a warhead must fall."""
        if name in self.sensors:
            return self.sensors[name].type.radius_m
        return (self.assets.get(name) or self.units[name]).radius_m

    def split(self, name: str) -> dict[str, float]:
        """Return how the weight of an aim point is split among its points and decoys, by target; sums to 1."""
        base = name.removesuffix("/radar")
        points = self.points.get(name, (name,))
        decoys = self.weights.get(base, [])
        share = true_share(attraction for _, attraction in decoys)
        found = {point: share / len(points) for point in points}
        return found | {decoy: share * attraction for decoy, attraction in decoys if attraction > 0.0}

    def misdirected(self) -> dict[str, dict[str, float]]:
        """Return the share of what is aimed at a target that comes down wide, by class, where there is any."""
        return {
            name: {c: misdirected_together(shares) for c, shares in by_class.items()}
            for name, by_class in sorted(self.wide.items())
        }


def with_measures(document: Document, kinds: Kinds, laydown: Laydown) -> Laydown:
    """Return the laydown after every measure, in the order of the file; dispersal before decoys."""
    for entry in sorted(document.passive, key=lambda e: kinds.catalogue.measures[e.measure].kind != "dispersal"):
        measure = kinds.catalogue.measures[entry.measure]
        kinds.use("measures", entry.measure)
        for name in entry.of:
            _apply(measure, entry, name, laydown, kinds)
    return laydown


def _apply(measure: Measure, entry: MeasureEntry, name: str, laydown: Laydown, kinds: Kinds) -> None:
    match measure.kind:
        case "hardening":
            assert measure.hardness_factor is not None
            _harden(name, measure.hardness_factor.si, laydown)
        case "dispersal":
            _disperse(name, entry.count, _apart_m(entry, kinds), laydown)
        case "decoy":
            assert measure.attraction is not None
            _imitate(name, entry.count, _apart_m(entry, kinds), measure.attraction.si, laydown)
        case "relocation":
            _relocate(name, measure, laydown)
        case _:
            if measure.duty is not None:
                _silence(name, measure.duty.si, laydown)
            for target in _targets_of(name, laydown):
                _lead_astray(target, {c: f.si for c, f in measure.misdirected.items()}, laydown)


def _apart_m(entry: MeasureEntry, kinds: Kinds) -> float:
    return kinds.planned().apart.si if entry.apart is None else entry.apart


def _targets_of(name: str, laydown: Laydown) -> tuple[str, ...]:
    """Return the aim points of an object: its own points where it is dispersed, the radar that stands with a unit."""
    radar = laydown.units[name].radar if name in laydown.units else ""
    return (*laydown.points.get(name, (name,)), *((radar,) if radar else ()))


def _lead_astray(target: str, shares: Mapping[str, float], laydown: Laydown) -> None:
    own = laydown.wide.setdefault(target, {})
    for name, share in shares.items():
        own.setdefault(name, []).append(share)


def _harden(name: str, factor: float, laydown: Laydown) -> None:
    for point in laydown.points.get(name, (name,)):
        if point in laydown.assets:
            asset = laydown.assets[point]
            laydown.assets[point] = replace(asset, hardness_kg=asset.hardness_kg * factor)
        elif point in laydown.units:
            unit = laydown.units[point]
            laydown.units[point] = replace(unit, hardness_kg=unit.hardness_kg * factor)
        else:
            sensor = laydown.sensors[point]
            kind = replace(sensor.type, hardness_kg=sensor.type.hardness_kg * factor)
            laydown.sensors[point] = replace(sensor, type=kind)


def _disperse(name: str, points: int, apart_m: float, laydown: Laydown) -> None:
    """Share an asset's value and people among `points` aim points: its own place and a ring around it."""
    asset = laydown.assets[name]
    places = (asset.position, *ring(asset.position, points - 1, apart_m))
    ids = (name, *(f"{name}~{number}" for number in range(2, points + 1)))
    for number, (point, place) in enumerate(zip(ids, places, strict=True)):
        people = asset.population // points + (number < asset.population % points)
        laydown.assets[point] = replace(
            asset, id=point, position=place, value=asset.value / points, population=people,
            name=asset.name if point == name else f"{asset.name}, point {number + 1}",
        )  # fmt: skip
    laydown.points[name] = ids


def _imitate(name: str, decoys: int, apart_m: float, attraction: float, laydown: Laydown) -> None:
    """Put decoys on a ring around an object; nobody lives there and nothing is lost there."""
    taken = len(laydown.weights.get(name, []))
    for number, place in enumerate(ring(laydown.position(name), decoys, apart_m, phase=0.5), start=taken + 1):
        decoy = f"{name}~decoy-{number}"
        laydown.assets[decoy] = Asset(
            id=decoy, kind=DECOY, name=f"Decoy {number} of {name}", position=place, radius_m=laydown.radius_m(name),
            value=0.0, population=0, hardness_kg=1e6,
        )  # fmt: skip
        laydown.decoys[decoy] = name
        laydown.weights.setdefault(name, []).append((decoy, attraction))


def _relocate(name: str, measure: Measure, laydown: Laydown) -> None:
    assert measure.stay is not None
    assert measure.move is not None
    assert measure.knowledge is not None
    at_work = at_work_share(measure.stay.si, measure.move.si)
    if name in laydown.units:
        unit = laydown.units[name]
        laydown.units[name] = replace(unit, availability=unit.availability * at_work)
    else:
        sensor = laydown.sensors[name]
        laydown.sensors[name] = replace(sensor, availability=sensor.availability * at_work)
    moved = moved_share(measure.stay.si, measure.knowledge.si)
    for target in _targets_of(name, laydown):
        _lead_astray(target, dict.fromkeys(THREAT_CLASSES, moved), laydown)


def _silence(name: str, duty: float, laydown: Laydown) -> None:
    """Let a radar look in a share of its scans only: the price of silence is later detection."""
    radar = laydown.units[name].radar if name in laydown.units else name
    sensor = laydown.sensors[radar]
    kind = replace(sensor.type, detection_probability=sensor.type.detection_probability * duty)
    laydown.sensors[radar] = replace(sensor, type=kind)
