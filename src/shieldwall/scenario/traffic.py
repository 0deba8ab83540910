"""Turn friendly and civil aircraft into salvos that aim at nothing, and say how tracks are identified."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shieldwall.battle_management.identification import Identification
from shieldwall.core.position import Position
from shieldwall.raid.salvo import Salvo, ThreatType
from shieldwall.scenario import clock
from shieldwall.scenario.document import Document
from shieldwall.scenario.geography import position_of
from shieldwall.scenario.kinds import Kinds
from shieldwall.scenario.traffic_entry import IdentificationEntry, TrafficEntry


def traffic_of(document: Document, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> tuple[Salvo, ...]:
    """Return the flights of friendly and civil aircraft, those without an aircraft left out."""
    return tuple(_flights(entry, kinds, places, start) for entry in document.traffic if entry.count > 0)


def _flights(entry: TrafficEntry, kinds: Kinds, places: Mapping[str, Position], start: datetime) -> Salvo:
    record = kinds.catalogue.traffic[entry.type]
    kinds.use("traffic", entry.type)
    return Salvo(
        id=entry.id,
        type=ThreatType(
            id=record.id,
            name=record.name,
            threat_class=record.engaged_as,
            path_kind="low",
            speed_m_s=record.speed.si if entry.speed is None else entry.speed,
            height_m=record.height.si if entry.height is None else entry.height,
            apogee_m=0.0,
            dive_m=0.0,
            radar_cross_section_m2=record.radar_cross_section.si,
            failure_probability=0.0,
            circular_error_m=1.0,
            warhead_kg=0.0,
            unit_cost_usd=0.0,
            decoy_unit_cost_usd=0.0,
            range_m=2e7,
        ),
        count=entry.count,
        decoy_share=0.0,
        abort_share=0.0,
        origins=(position_of(entry.from_, places),),
        aim_points=(f"to/{entry.id}",),
        aim_weights=(1.0,),
        waypoints=tuple(position_of(point, places) for point in entry.via),
        routes=entry.routes,
        route_spread_m=entry.route_spread,
        time_s=clock.seconds_after(start, entry.launch),
        spread_s=entry.spread,
        timing=entry.timing,
        time_on_target=False,
        side=record.side,
        destination=position_of(entry.to, places),
        people=int(record.people.si),
    )


def identification_of(document: Document, kinds: Kinds) -> Identification | None:
    """Return how tracks are identified; None where every track is known to be hostile.

    It counts where a scenario says so, where anything but the raid flies, and where a zone asks for it.
    """
    entry = document.identification or IdentificationEntry()
    asked = any(zone.kind == "joint" or zone.control == "tight" for zone in document.airspace)
    if document.identification is None and not asked and not any(flight.count for flight in document.traffic):
        return None
    standard = kinds.catalogue.identification["standard"]
    kinds.use("identification", "standard")
    let_go = {str(c): figure.si for c, figure in standard.hostile_let_go.items()}
    let_go |= {str(c): chance for c, chance in entry.hostile_let_go.items()}
    called, types = entry.called_hostile, sorted({flight.type for flight in document.traffic})
    return Identification(
        verdict=standard.verdict.si if entry.verdict is None else entry.verdict,
        recheck_s=standard.recheck.si if entry.recheck is None else entry.recheck,
        hostile_let_go=let_go,
        called_hostile={name: called.get(name, kinds.catalogue.traffic[name].called_hostile.si) for name in types},
    )
