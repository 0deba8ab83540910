"""What a scenario says of passive defence: people, services, repair, decoys, and who is not found where he was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shieldwall.passive_defence.casualties import Consequence
from shieldwall.passive_defence.network import Service
from shieldwall.passive_defence.repair import Repairs
from shieldwall.passive_defence.shelter import Sheltering
from shieldwall.passive_defence.warning import AlertSystem


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """The people of one target; `habits` is a key of People.habits."""

    target: str
    population: float
    radius_m: float
    habits: str


@dataclass(frozen=True, slots=True)
class People:
    """Whose casualties are told, how they are warned (None: not at all) and what they do then."""

    inhabitants: tuple[Inhabitants, ...]
    habits: Mapping[str, Sheltering]
    alert: AlertSystem | None
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class PassiveDefence:
    """Everything that the raid's kernel does not know.

    decoys : decoy's id -> id of what it imitates; misdirected : target's id -> threat class -> share of what is aimed
    at it that comes down wide.
    """

    people: People | None = None
    services: tuple[Service, ...] = ()
    repairs: Repairs | None = None
    decoys: Mapping[str, str] = field(default_factory=dict)
    misdirected: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
