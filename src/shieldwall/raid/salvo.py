"""What is launched: kinds of threat and salvos of them. Times are seconds after the scenario's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shieldwall.catalogue.classes import PathKind, ThreatClass
from shieldwall.core.position import Position

Timing = Literal["uniform", "normal", "poisson", "equal"]


@dataclass(frozen=True, slots=True)
class ThreatType:
    """One kind of missile or drone, from the catalogue.

    `kind_height_m` is the height of the level part of the path (low, high_dive, glide); `apogee_m` the top of an
    arc. `speed_m_s` is the mean ground speed along the path. `dive_m` is the ground distance of the final dive.
    """

    id: str
    name: str
    threat_class: ThreatClass
    path_kind: PathKind
    speed_m_s: float
    height_m: float
    apogee_m: float
    dive_m: float
    radar_cross_section_m2: float
    failure_probability: float
    circular_error_m: float
    warhead_kg: float
    unit_cost_usd: float
    decoy_unit_cost_usd: float
    range_m: float


@dataclass(frozen=True, slots=True)
class Salvo:
    """`count` threats of one type. Each draws its aim point (by weight), origin and route afresh each replication.

    `time_s` is the mean (normal), begin (uniform, poisson, equal) of launch, or of arrival if `time_on_target`.
    `spread_s` is the standard deviation (normal) or the whole interval (uniform, poisson, equal).
    """

    id: str
    type: ThreatType
    count: int
    decoy_share: float
    abort_share: float
    origins: tuple[Position, ...]
    aim_points: tuple[str, ...]
    aim_weights: tuple[float, ...]
    waypoints: tuple[Position, ...]
    routes: int
    route_spread_m: float
    time_s: float
    spread_s: float
    timing: Timing
    time_on_target: bool
