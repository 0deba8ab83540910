"""What every mapping of a scenario file has in common, and the kinds of words in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shieldwall.scenario.quantity import Clock, ClockTime

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Moment = Annotated[ClockTime, Clock()]


class Model(BaseModel):
    """Frozen, strict, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True, arbitrary_types_allowed=True)
