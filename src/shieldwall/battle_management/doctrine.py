"""Who decides: shot doctrine, preferences, reserves, delays and who shares a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Integration = Literal["autonomous", "sector", "alliance"]


@dataclass(frozen=True, slots=True)
class ShotRule:
    """Shot doctrine against one class: `salvo` shots at once, look for `assess_s`, again up to `max_shots`."""

    salvo: int
    max_shots: int
    assess_s: float


@dataclass(frozen=True, slots=True)
class Reserve:
    """Rounds of `effector` that each fire unit keeps back for `classes`."""

    effector: str
    keep: int
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doctrine:
    """Who shoots what, with how much.

    `prefer[class]` lists effector ids or kinds from first to last; an effector neither it nor its kind names
    comes last; `forbid[class]` are never used. `weapons_control`: free, tight (only identified tracks), hold (no fire).
    `last_chance`: what a network does where the look after a salvo would come after its last window: `look` all the
    same, or `shoot` again without it, up to `max_shots`.

    `max_cost_per_kill_usd[class]`: a shot that costs more than this times its kill probability is held.
    `value_of_money`: value that a dollar is worth, for `cost_aware`. `decoys_recognised[class]`: chance that a network
    sees through a decoy, which it then engages `last` or `never`. `threat_evaluation`: what waiting lists go by, see
    battle_management.evaluation. `look_ahead_s`: how early `rolling` counts with a window that is to open.
    """

    assignment: str
    shots: Mapping[str, ShotRule]
    prefer: Mapping[str, tuple[str, ...]]
    forbid: Mapping[str, tuple[str, ...]]
    reserves: tuple[Reserve, ...]
    weapons_control: Literal["free", "tight", "hold"]
    last_chance: Literal["look", "shoot"]
    max_cost_per_kill_usd: Mapping[str, float] = field(default_factory=dict)
    value_of_money: float = 0.0
    decoys_recognised: Mapping[str, float] = field(default_factory=dict)
    recognised_decoys: Literal["last", "never"] = "last"
    threat_evaluation: Literal["value", "urgency"] = "value"
    look_ahead_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Command:
    """How tracks are shared and how long orders take.

    `identification_s` and `command_s` are means; `delay` says whether each is drawn exponential or taken as it is. The
    share `misidentified` of the threats is first taken for something else, for `recheck_s` more on the mean.
    """

    integration: Integration
    identification_s: float
    command_s: float
    delay: Literal["exponential", "constant"]
    misidentified: float = field(default=0.0, metadata={"hashed": "changed"})
    recheck_s: float = field(default=0.0, metadata={"hashed": "changed"})
