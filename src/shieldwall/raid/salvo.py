"""What is launched: kinds of threat and salvos of them. Times are seconds after the scenario's start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from shieldwall.catalogue.classes import PathKind, ThreatClass
from shieldwall.core.position import Position

Timing = Literal["uniform", "normal", "poisson", "equal"]
Side = Literal["hostile", "friend", "civil"]
ArcChoice = Literal["", "least_energy", "lofted", "depressed"]


@dataclass(frozen=True, slots=True)
class ThreatType:
    """One kind of missile or drone, from the catalogue.

    `kind_height_m` is the height of the level part of the path (low, high_dive, glide); `apogee_m` the top of an
    arc. `speed_m_s` is the mean ground speed along the path. `dive_m` is the ground distance of the final dive.
    `burn_s` and `ballistic_coefficient_kg_m2` (mass over drag area of what comes down) make a ballistic path a boosted
    one over the rotating Earth; without a burning time it is Kepler's arc. `glide_speed_m_s` at the begin of the glide
    and `lift_to_drag` make a glide an equilibrium glide. 0 stands for not given.
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
    burn_s: float = 0.0
    ballistic_coefficient_kg_m2: float = 0.0
    glide_speed_m_s: float = 0.0
    lift_to_drag: float = 0.0


@dataclass(frozen=True, slots=True)
class Salvo:
    """`count` threats of one type. Each draws its aim point (by weight), origin and route afresh each replication.

    `time_s` is the mean (normal), begin (uniform, poisson, equal) of launch, or of arrival if `time_on_target`.
    `spread_s` is the standard deviation (normal) or the whole interval (uniform, poisson, equal).
    `arc` chooses the ballistic arc ("" the catalogue's apogee), `apogee_m` gives its top outright (0 = not given).
    `leg_speed_m_s`, one for each leg between way-points, replaces the type's speed. Intelligence has seen the launcher
    before launch with the chance `seen_before`, on average `seen_lead_s` earlier, and tells it to the level
    `seen_by` and those above. Friendly and civil aircraft aim at nothing: they fly to their `destination` with
    `people` aboard each.
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
    arc: ArcChoice = ""
    apogee_m: float = 0.0
    leg_speed_m_s: tuple[float, ...] = ()
    seen_before: float = 0.0
    seen_lead_s: float = 0.0
    seen_by: Literal["autonomous", "sector", "alliance"] = "sector"
    side: Side = field(default="hostile", metadata={"hashed": "changed"})
    destination: Position | None = field(default=None, metadata={"hashed": "changed"})
    people: int = field(default=0, metadata={"hashed": "changed"})
