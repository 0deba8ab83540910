"""What a scenario file may say of how sensors look: conditions, orbits, spans and failures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shieldwall.scenario.model import Model, Moment
from shieldwall.scenario.quantity import Bearing, Fraction, Length, Number, Quantity, RainRate, Speed, Whole


class OrbitEntry(Model):
    """A racetrack round the sensor's position; speed and turns come from the catalogue if not given."""

    leg: Length
    bearing: Bearing = 0.0
    speed: Speed | None = None
    turn_radius: Length | None = None
    phase: Fraction | None = None


class OffEntry(Model):
    """A span in which a sensor does not look."""

    from_: Moment = Field(alias="from")
    until: Moment


class FailuresEntry(Model):
    """Failures at random: mean time between the end of one and the next, mean time to repair."""

    between: Annotated[float, Quantity("time", 3.2e9, "200 h", least=1.0)]
    repair: Annotated[float, Quantity("time", 3.2e9, "2 h", least=1.0)]


class SurveillanceEntry(Model):
    """Under which conditions sensors look; see surveillance.conditions.Conditions."""

    detection: Literal["even", "by_range"] = "even"
    false_alarm: Annotated[float, Number(1e-15, 0.1)] = 1e-6
    window: Annotated[int, Whole(0, 64)] = 0
    coast: Annotated[int, Whole(0, 1000)] = 0
    fusion: Literal["tracks", "plots"] = "tracks"
    quality: bool = False
    limits: bool = False
    rain: RainRate = 0.0
    rain_extent: Length | None = None
    air: bool = False
    visibility: Annotated[float, Quantity("length", 4.1e7, "5 km", least=10.0)] | None = None
    cloud_base: Length | None = None
