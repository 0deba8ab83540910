"""Turn the raids of a document into salvos: origins, aim points and times, all reachable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from shieldwall.active_defence.fire_unit import FireUnit
from shieldwall.core.errors import Mistake
from shieldwall.core.position import Position
from shieldwall.passive_defence.asset import Asset
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario import clock
from shieldwall.scenario.checks import RADARS
from shieldwall.scenario.document import AreaOrigin, Document, RaidEntry
from shieldwall.scenario.draft import Draft
from shieldwall.scenario.geography import away, distance_m, lattice, position_of
from shieldwall.scenario.kinds import Kinds
from shieldwall.surveillance.sensor import Sensor

MAX_PATHS = 200_000
_RADAR_KINDS = ("radar",)
Split = Callable[[str], Mapping[str, float]]
Placed = tuple[tuple[Asset, ...], tuple[FireUnit, ...], tuple[Sensor, ...]]


def salvos_of(
    draft: Draft, kinds: Kinds, places: Mapping[str, Position], placed: Placed, split: Split = lambda name: {name: 1.0}
) -> tuple[tuple[Salvo, ...], list[Mistake]]:
    """Return the salvos that have a threat, and what keeps any of them from flying as written.

    `split` says how the weight of an aim point is shared among its own points and decoys.
    """
    document = draft.document
    local = clock.zone(document.time_zone)
    assert local is not None
    start = clock.start_of(document.start, local)
    salvos: list[Salvo] = []
    index: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for i, raid in enumerate(document.raids):
        kind = kinds.threat(raid.type)
        origins = tuple(replace(o, height_m=raid.launch_height) for o in _origins(raid, document, places))
        aims = _shared(_aims(raid, kind.range_m, kind.threat_class == "anti_radiation", origins, placed), split)
        if not aims:
            what, cure = "no radar lies within range of the origin", "move the origin, or name sensors or fire units"
            mistakes.append(draft.mistake(("raids", i, "aim"), what, cure))
            continue
        time = raid.arrive or raid.launch
        assert time is not None
        share = kinds.catalogue.threats[raid.type].decoy_share
        default = share.si if share is not None and share.value is not None else 0.0
        index[raid.id] = i
        salvos.append(
            Salvo(
                id=raid.id,
                type=kind,
                count=raid.count,
                decoy_share=default if raid.decoy_share is None else raid.decoy_share,
                abort_share=raid.abort_share,
                origins=origins,
                aim_points=tuple(aims),
                aim_weights=tuple(aims.values()),
                waypoints=tuple(position_of(point, places) for point in raid.via),
                routes=raid.routes,
                route_spread_m=raid.route_spread,
                time_s=clock.seconds_after(start, time),
                spread_s=raid.spread,
                timing=raid.timing,
                time_on_target=raid.arrive is not None,
                arc=raid.arc or "",
                apogee_m=raid.apogee or 0.0,
                leg_speed_m_s=raid.leg_speeds,
                seen_before=raid.intelligence.chance if raid.intelligence else 0.0,
                seen_lead_s=raid.intelligence.lead if raid.intelligence else 0.0,
                seen_by=raid.intelligence.told_to if raid.intelligence else "sector",
            )
        )
    flying = tuple(salvo for salvo in salvos if salvo.count > 0)
    return flying, mistakes or _reach_mistakes(draft, flying, index, placed)


def _shared(aims: Mapping[str, float], split: Split) -> dict[str, float]:
    """Return the weights of a raid with each shared as `split` says, in the order of the raid."""
    shared: dict[str, float] = {}
    for name, weight in aims.items():
        for point, share in split(name).items():
            shared[point] = shared.get(point, 0.0) + weight * share
    return shared


def _reach_mistakes(draft: Draft, salvos: tuple[Salvo, ...], index: Mapping[str, int], placed: Placed) -> list[Mistake]:
    """Return the mistakes of salvos that cannot reach their aim points, or have too many paths."""
    from shieldwall.raid.reach import check_reach  # noqa: PLC0415  (geodesy takes 0.1 s to start)

    paths = sum(len(s.origins) * len(s.aim_points) * s.routes for s in salvos)
    if paths > MAX_PATHS:
        what = f"{paths:,} paths (origins x aim points x routes); the limit is {MAX_PATHS:,}"
        return [draft.key_mistake(("raids",), what, "give fewer origins, aim points or routes")]
    assets, units, sensors = placed
    targets = [(a.id, a.position) for a in assets]
    targets += [(u.id, u.position) for u in units] + [(s.id, s.position) for s in sensors]
    mistakes = []
    for wrong in check_reach(salvos, targets):
        where = ("raids", index[wrong.salvo], "aim", wrong.aim_point)
        mistakes.append(draft.value_at(*where).mistake(f"{draft.name(*where[:3])}: {wrong.what}", wrong.cure))
    return mistakes


def _origins(raid: RaidEntry, document: Document, places: Mapping[str, Position]) -> tuple[Position, ...]:
    if isinstance(raid.from_, AreaOrigin):
        wanted = raid.from_.area
        return next(lattice(area.polygon) for area in document.areas if area.id == wanted)
    if raid.from_ is not None:
        return tuple(position_of(point, places) for point in raid.from_)
    if raid.origin is not None:
        return (places[raid.origin],)
    assert raid.axis is not None
    return (away(places[raid.axis.toward], raid.axis.bearing, raid.axis.distance),)


def _aims(
    raid: RaidEntry, range_m: float, hunts_radars: bool, origins: tuple[Position, ...], placed: Placed
) -> dict[str, float]:
    """Return aim point -> weight, those of weight 0 left out; `radars` are all radars in range of an origin."""
    _, units, sensors = placed
    if RADARS in raid.aim:
        radars = [sensor for sensor in sensors if sensor.type.kind in _RADAR_KINDS]
        return {r.id: 1.0 for r in radars if min(distance_m(o, r.position) for o in origins) <= range_m}
    own_radar = {unit.id: unit.radar for unit in units if unit.radar and unit.id in raid.aim} if hunts_radars else {}
    aims: dict[str, float] = {}
    for name, weight in raid.aim.items():
        target = own_radar.get(name, name)
        if weight > 0:
            aims[target] = aims.get(target, 0.0) + weight
    return aims
