"""What stops threats: rounds, weapons, fire units, soft-kill zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shieldwall.catalogue.classes import EffectorKind
from shieldwall.core.position import Position


@dataclass(frozen=True, slots=True)
class EffectorType:
    """One kind of round: where it reaches and how well it kills, by threat class.

    A class absent from `kill_probability` cannot be engaged. `kill_probability` is for one shot (a shot of a gun is
    a burst of `rounds_per_shot`). `speed_m_s` is the mean speed to the intercept, `reaction_s` the time from the order
    to the launch, `interval_s` the time between two shots of one salvo.
    """

    id: str
    name: str
    kind: EffectorKind
    kill_probability: Mapping[str, float]
    range_m: Mapping[str, float]
    range_min_m: float
    height_min_m: float
    height_max_m: float
    speed_m_s: float
    reaction_s: float
    interval_s: float
    rounds_per_shot: int
    unit_cost_usd: float


@dataclass(frozen=True, slots=True)
class Weapon:
    """One kind of round on one fire unit.

    `launchers` launchers hold `rounds_per_launcher` each; a launcher that has fired them all takes up to as many from
    `reserve_rounds`, ready `reload_s` later. All launchers are full at the start unless `ready_rounds` is less.
    """

    effector: EffectorType
    launchers: int
    rounds_per_launcher: int
    ready_rounds: int
    reserve_rounds: int
    reload_s: float


@dataclass(frozen=True, slots=True)
class FireUnit:
    """Launchers and their fire control: what engages `channels` targets at a time.

    `radar` is the id of its fire-control `Sensor` ("" = none needed: the crew's own eyes, listed as a sensor of kind
    optical). `backup_radars` are ids of fire-control sensors that may serve it when its own is lost.
    """

    id: str
    type: str
    name: str
    position: Position
    sector: str
    radar: str
    backup_radars: tuple[str, ...]
    weapons: tuple[Weapon, ...]
    channels: int
    ready_s: float
    availability: float
    hardness_kg: float
    radius_m: float
    unit_cost_usd: float


@dataclass(frozen=True, slots=True)
class SoftKillZone:
    """A circle in which a threat of a class is suppressed at `hazard_per_s[class]` while below `height_max_m`."""

    id: str
    type: str
    position: Position
    radius_m: float
    height_max_m: float
    hazard_per_s: Mapping[str, float]
    sector: str = ""
