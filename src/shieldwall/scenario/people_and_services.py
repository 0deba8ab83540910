"""Turn what a document says of people, services, repair and readiness into the frozen plan of them."""

from __future__ import annotations

from dataclasses import replace

from shieldwall.battle_management.intelligence import IntelligenceSource
from shieldwall.battle_management.readiness import Proficiency, Readiness, ReadinessState
from shieldwall.passive_defence.casualties import Consequence
from shieldwall.passive_defence.network import Link, Part, Service
from shieldwall.passive_defence.plan import Inhabitants, PassiveDefence, People
from shieldwall.passive_defence.repair import RepairKind, Repairs
from shieldwall.passive_defence.shelter import BANDS, Sheltering
from shieldwall.passive_defence.warning import AlertSystem, Scope
from shieldwall.raid.salvo import Salvo
from shieldwall.scenario.document import Document
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.passive import Laydown
from shieldwall.scenario.passive_entries import PartEntry, ServiceEntry

GENERAL = "general"


def passive_defence_of(document: Document, kinds: Kinds, laydown: Laydown) -> PassiveDefence | None:
    """Return the plan of passive defence, None where a document says nothing of it."""
    people = _people(document, kinds, laydown)
    services = tuple(_service(entry, kinds, laydown) for entry in sorted(document.services, key=lambda s: s.id))
    if people is None and not services and not document.passive:
        return None
    return PassiveDefence(
        people=people,
        services=services,
        repairs=_repairs(document, kinds, services) if services else None,
        decoys=dict(sorted(laydown.decoys.items())),
        misdirected=laydown.misdirected(),
    )


def _people(document: Document, kinds: Kinds, laydown: Laydown) -> People | None:
    entry = document.people
    if entry is None:
        return None
    own = {asset.id: asset.shelter for asset in document.assets if asset.shelter is not None}
    inhabitants = tuple(
        Inhabitants(name, float(asset.population), asset.radius_m, own.get(name.partition("~")[0], entry.shelter))
        for name, asset in sorted(laydown.assets.items())
        if asset.population > 0
    )
    record = kinds.catalogue.consequences[entry.consequence]
    kinds.use("consequences", entry.consequence)
    return People(
        inhabitants=inhabitants,
        habits={name: _sheltering(name, kinds) for name in sorted({one.habits for one in inhabitants})},
        alert=_alert(entry.warning, entry.scope, kinds) if entry.warning else None,
        consequence=Consequence(record.id, record.area.si, record.killed.si, record.shape.si),
    )


def _alert(name: str, scope: Scope, kinds: Kinds) -> AlertSystem:
    record = kinds.catalogue.alert_systems[name]
    kinds.use("alert_systems", name)
    return AlertSystem(
        id=name,
        latency_s=record.latency.si,
        broadcast_s=record.broadcast.si,
        hold_s=record.hold.si,
        reached_day=record.reached_day.si,
        reached_night=record.reached_night.si,
        scope=scope,
    )


def _sheltering(name: str, kinds: Kinds) -> Sheltering:
    record = kinds.catalogue.sheltering[name]
    kinds.use("sheltering", name)
    return Sheltering(
        id=name,
        to_shelter=record.to_shelter.si,
        to_inner_room=record.to_inner_room.si,
        time_to_shelter_s=record.time_to_shelter.si,
        time_to_inner_room_s=record.time_to_inner_room.si,
        time_spread=record.time_spread.si,
        outdoors={band: getattr(record.outdoors, band).si for band in dict.fromkeys(name for name, _ in BANDS)},
        risk_outdoors=record.risk_outdoors.si,
        risk_inner_room=record.risk_inner_room.si,
        risk_shelter=record.risk_shelter.si,
        places=record.places.si,
    )


def _service(entry: ServiceEntry, kinds: Kinds, laydown: Laydown) -> Service:
    if entry.parts == "radars":
        written = tuple(PartEntry(of=name) for name, s in sorted(laydown.sensors.items()) if s.type.kind == "radar")
    else:
        written = entry.parts
    parts = tuple(_part(part, kinds, laydown) for part in written)
    links = tuple(
        link
        for one in entry.links
        for link in (
            Link(one.from_, one.to, one.capacity, one.part or ""),
            *(() if one.one_way else (Link(one.to, one.from_, one.capacity, one.part or ""),)),
        )
    )
    demand = sum(part.capacity for part in parts) if entry.demand is None else entry.demand
    return Service(
        id=entry.id,
        kind=entry.kind,
        name=entry.name or entry.id,
        demand=demand,
        parts=parts,
        needed=entry.needed or 0,
        links=links,
        source=entry.source,
        sink=entry.sink,
    )


def _part(entry: PartEntry, kinds: Kinds, laydown: Laydown) -> Part:
    """Return a part; its kind of repair is that of its kind of asset where there is one, else the general one."""
    if entry.of in laydown.assets:
        usual = laydown.assets[entry.of].kind
    else:
        usual = "battery" if entry.of in laydown.units else "radar"
    repair = entry.repair or (usual if usual in kinds.catalogue.repairs else GENERAL)
    return Part(
        id=entry.id or entry.of,
        of=laydown.points.get(entry.of, (entry.of,)),
        capacity=entry.capacity,
        works_at=kinds.planned().works_at.si if entry.works_at is None else entry.works_at,
        repair=repair,
    )


def _repairs(document: Document, kinds: Kinds, services: tuple[Service, ...]) -> Repairs:
    names = sorted({part.repair for service in services for part in service.parts})
    found = {}
    for name in names:
        record = kinds.catalogue.repairs[name]
        kinds.use("repairs", name)
        spares = document.repair.spares.get(name, 0)
        found[name] = RepairKind(name, record.mean.si, record.spread.si, record.spare_lead.si, spares)
    return Repairs(repair_crews(document, kinds), document.repair.horizon, found)


def repair_crews(document: Document, kinds: Kinds) -> int:
    """Return how many crews repair what a raid breaks: the scenario's, else the catalogue's."""
    crews = document.repair.crews
    return int(kinds.planned().repair_crews.si) if crews is None else crews


def readiness_of(document: Document, kinds: Kinds) -> Readiness | None:
    """Return the readiness of the defence, None where a document says nothing of it."""
    entry = document.readiness
    if entry is None:
        return None
    intelligence = proficiency = None
    if entry.intelligence is not None:
        known = kinds.catalogue.intelligence_sources[entry.intelligence]
        kinds.use("intelligence_sources", entry.intelligence)
        intelligence = IntelligenceSource(
            id=known.id,
            seen={name: figure.si for name, figure in known.seen.items()},
            lead_s=known.lead.si,
            false_alarms_year=known.false_alarms.si,
            hold_s=known.hold.si,
            cost_usd_year=kinds.usd(known.cost),
        )
    if entry.exercises is not None:
        drill = kinds.catalogue.exercise_programmes[entry.exercises]
        kinds.use("exercise_programmes", entry.exercises)
        proficiency = Proficiency(
            drill.id, drill.delay_factor.si, drill.misidentified.si, drill.recheck.si, drill.cost_share.si
        )
    return Readiness(
        routine=_state(entry.state, kinds),
        raised=_state(entry.raised, kinds) if entry.raised else None,
        intelligence=intelligence,
        proficiency=proficiency,
        raids_year=entry.raids_a_year,
    )


def _state(name: str, kinds: Kinds) -> ReadinessState:
    record = kinds.catalogue.readiness_states[name]
    kinds.use("readiness_states", name)
    return ReadinessState(
        id=name,
        crew_present=record.crew_present.si,
        sensors_on=record.sensors_on.si,
        ready_s=record.ready.si,
        raise_s=record.raise_time.si,
        scramble_s=record.scramble.si,
        delay_factor=record.delay_factor.si,
        cost_share=record.cost_share.si,
    )


def fewer(document: Document, kinds: Kinds, salvos: tuple[Salvo, ...]) -> tuple[Salvo, ...]:
    """Return the salvos under agreed limits and stated reductions.

    A cap takes from the salvos of its types in proportion to their counts, the remainders to the largest rests, ties by
    id. A reduction is a share of the launches that does not happen: it is added to the share that aborts.
    """
    counts = {salvo.id: salvo.count for salvo in salvos}
    for agreement in document.agreements:
        own = [salvo for salvo in salvos if salvo.type.id in agreement.types]
        total = sum(counts[salvo.id] for salvo in own)
        if total > agreement.cap:
            exact = {salvo.id: counts[salvo.id] * agreement.cap / total for salvo in own}
            left = agreement.cap - sum(int(share) for share in exact.values())
            by_rest = sorted(exact, key=lambda name: (-(exact[name] - int(exact[name])), name))
            counts |= {name: int(exact[name]) + (place < left) for place, name in enumerate(by_rest)}
    flying = []
    for salvo in salvos:
        abort = salvo.abort_share
        for reduction in document.launch_reductions:
            if salvo.type.id in reduction.types:
                kinds.use("diplomacy", reduction.kind)
                abort = 1.0 - (1.0 - abort) * (1.0 - kinds.catalogue.diplomacy[reduction.kind].launch_reduction.si)
        flying.append(replace(salvo, count=counts[salvo.id], abort_share=abort))
    return tuple(salvo for salvo in flying if salvo.count > 0)
