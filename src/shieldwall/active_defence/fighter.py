"""Aircraft that shoot (fighters, helicopters, light aircraft), where they stand and patrol, and tankers."""

from __future__ import annotations

from dataclasses import dataclass

from shieldwall.active_defence.fire_unit import EffectorType
from shieldwall.core.position import Position


@dataclass(frozen=True, slots=True)
class Armament:
    """One kind of round aboard: how many an aircraft carries, and how many full loads wait at its base."""

    effector: EffectorType
    aboard: int
    reserve_loads: int


@dataclass(frozen=True, slots=True)
class FighterType:
    """One kind of aircraft.

    A tank is one unit of fuel: on station it lasts `endurance_s`, in transit and attack twice `combat_radius_m`; of it
    `fuel_reserve` is kept for the landing. `readiness_s` +- `readiness_spread_s` passes from the order to take-off,
    `turn_s` +- `turn_spread_s` from landing to readiness, each uniform. `identification_s` is the mean time beside the
    target before it may be shot at, `loss_probability` the chance that an attack costs the aircraft. `radar` is the
    kind of sensor that it lends to its network while it is on station, "" for none.
    """

    id: str
    name: str
    generation: int
    speed_m_s: float
    combat_radius_m: float
    endurance_s: float
    armament: tuple[Armament, ...]
    readiness_s: float
    readiness_spread_s: float
    turn_s: float
    turn_spread_s: float
    identification_s: float
    loss_probability: float
    fuel_reserve: float
    availability: float
    unit_cost_usd: float
    hour_cost_usd: float
    radar: str


@dataclass(frozen=True, slots=True)
class Patrol:
    """An orbit between two points; `aircraft` stay on it from `from_s` to `to_s` (both 0: only when scrambled)."""

    begin: Position
    end: Position
    from_s: float
    to_s: float
    aircraft: int


@dataclass(frozen=True, slots=True)
class FighterGroup:
    """Aircraft of one kind at one base under one order.

    `scramble` aircraft go up when a tracked threat comes within `alert_m` of the orbit, or of the base without one (0:
    never for that reason); aircraft on alert are also sent straight at a threat that they can meet. `border` are the
    corners of the area outside of which they do not shoot (empty: anywhere). A base that is an asset (`base_asset`)
    takes aircraft on the ground with it when it is hit and is closed below half; they then land at `divert`. `crews`
    turn round one aircraft each. `hold`: neither scrambled nor committed until told.
    """

    id: str
    type: FighterType
    base: Position
    base_asset: str
    count: int
    sector: str
    readiness_s: float
    readiness_spread_s: float
    availability: float
    identification_s: float
    scramble: int
    alert_m: float
    patrol: Patrol | None
    border: tuple[Position, ...]
    divert: Position | None
    tanker: str
    crews: int
    hold: bool


@dataclass(frozen=True, slots=True)
class Tanker:
    """A tanker on its track from `from_s` to `to_s` that refuels `refuellings` aircraft, `refuel_s` each."""

    id: str
    type: str
    position: Position
    from_s: float
    to_s: float
    refuel_s: float
    refuellings: int
    speed_m_s: float
    hour_cost_usd: float
    unit_cost_usd: float
