"""What every mapping of a scenario file has in common, and the kinds of words and numbers in it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from shieldwall.core.position import Position
from shieldwall.scenario.quantity import Clock, ClockTime, Number, Place, Whole

MAX_THREATS = 200_000
MAX_ENTITIES = 20_000

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Where = Annotated[Position | str, Place()]
Point = Annotated[Position, Place(names=False)]
Copies = Annotated[int, Whole(1, MAX_ENTITIES)]
Rounds = Annotated[int, Whole(0, 1_000_000)]
Weight = Annotated[float, Number(0.0, 1e9)]
Factor = Annotated[int, Whole(1, 1000)]
Moment = Annotated[ClockTime, Clock()]


def one_or_more(value: Any) -> Any:
    """Read a single name as a list of one."""
    return (value,) if isinstance(value, str) else value


class Model(BaseModel):
    """Frozen, strict, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True, arbitrary_types_allowed=True)
