"""Values as people write them, read by pydantic: quantities with units, whole numbers, places, clock times.

Each marker reads one value, or refuses it with what is wrong and the cure.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shieldwall.core.errors import nearest
from shieldwall.core.position import Position
from shieldwall.core.units import UnitError, parse_quantity, units_for

_DAY_S = 86_400
_LONG = 60
_REPORTED = (
    "launched", "shot_down", "suppressed", "neutralised", "failed", "leaked", "leaked_hit", "leaked_missed", "aborted",
)  # fmt: skip


def refuse(what: str, cure: str) -> PydanticCustomError:
    """Return the error a validator raises: what is wrong, and the cure."""
    return PydanticCustomError("shieldwall", "{what}; {cure}", {"what": what, "cure": cure})


def shown(value: Any) -> str:
    """Return a value for a message, cut short where it is long."""
    text = f"'{value}'" if isinstance(value, str) else "a list" if isinstance(value, tuple | list) else str(value)
    text = "a mapping" if isinstance(value, dict) else "nothing" if value is None else text
    return text if len(text) <= 60 else text[:56] + "...'"


class _Marker:
    """A pydantic annotation that reads a value with `read` and describes itself with `json_schema`."""

    def read(self, value: Any) -> Any:
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()


@dataclass(frozen=True)
class Quantity(_Marker):
    """A number with a unit of one dimension, between `least` and `most` (SI)."""

    dimension: str
    most: float
    example: str
    least: float = 0.0

    def read(self, value: Any) -> float:
        """Return the SI value."""
        if not isinstance(value, str | int | float) or (isinstance(value, str) and len(value) > _LONG):
            raise refuse(f"{shown(value)} is not a quantity", f"write a number and a unit, as '{self.example}'")
        try:
            number = parse_quantity(value, self.dimension)
        except UnitError as error:
            what, _, cure = str(error).partition("; ")
            cure = f"use one of: {units_for(self.dimension)}" if what.startswith("unknown unit") else cure
            raise refuse(what, cure) from None
        except OverflowError:
            raise refuse("the number is too large", f"write for example '{self.example}'") from None
        if not math.isfinite(number):
            raise refuse(f"{shown(value)} is not a finite number", f"write for example '{self.example}'")
        if not self.least <= number <= self.most:
            side = "below" if number < self.least else "above"
            limit = self.least if number < self.least else self.most
            unit = "" if self.dimension == "fraction" else " " + units_for(self.dimension).partition(",")[0]
            raise refuse(f"{shown(value)} is {side} {limit:g}{unit}", f"write for example '{self.example}'")
        return number

    def json_schema(self) -> dict[str, Any]:
        """Return that text or a number is wanted, with an example."""
        return {
            "type": ["string", "number"],
            "description": f"{self.dimension}: {units_for(self.dimension)}",
            "examples": [self.example],
        }


@dataclass(frozen=True)
class Whole(_Marker):
    """A whole number between `least` and `most`; "24 rounds" is read too."""

    least: int = 0
    most: int = 1_000_000_000

    def read(self, value: Any) -> int:
        """Return the whole number."""
        long = isinstance(value, str) and len(value) > _LONG
        if isinstance(value, bool) or not isinstance(value, str | int | float) or long:
            raise refuse(f"{shown(value)} is not a whole number", f"write a whole number, {self.least} or more")
        try:
            number = value if isinstance(value, int) else parse_quantity(value, "count")
        except (UnitError, OverflowError):
            raise refuse(
                f"{shown(value)} is not a whole number", f"write a whole number, {self.least} or more"
            ) from None
        if not math.isfinite(number) or number != int(number):
            raise refuse(f"{shown(value)} is not a whole number", f"write a whole number, {self.least} or more")
        if number < self.least:
            raise refuse(f"{int(number):,} is less than {self.least}", f"write a whole number, {self.least} or more")
        if number > self.most:
            raise refuse(f"{int(number):,} is more than {self.most:,}", f"write at most {self.most}")
        return int(number)

    def json_schema(self) -> dict[str, Any]:
        """Return the integer and its limits."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Number(_Marker):
    """A bare number between `least` and `most`."""

    least: float = 0.0
    most: float = 1e12

    def read(self, value: Any) -> float:
        """Return the number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise refuse(f"{shown(value)} is not a number", f"write a number between {self.least:g} and {self.most:g}")
        if not self.least <= value <= self.most:
            raise refuse(f"{value:g} is out of range", f"write a number between {self.least:g} and {self.most:g}")
        return float(value)

    def json_schema(self) -> dict[str, Any]:
        """Return the number and its limits."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Place(_Marker):
    """[latitude, longitude] in degrees north and east, or (where `names`) the name of a place."""

    names: bool = True

    def read(self, value: Any) -> Position | str:
        """Return the position, or the name to be looked up."""
        if self.names and isinstance(value, str) and value:
            return value
        if not isinstance(value, tuple) or len(value) != 2:
            raise refuse(
                f"{shown(value)} is not a position", "write [latitude, longitude] in degrees, as [50.45, 30.52]"
            )
        for name, number, most in (("latitude", value[0], 90), ("longitude", value[1], 180)):
            if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
                raise refuse(f"the {name} {shown(number)} is not a number", "write degrees, as [50.45, 30.52]")
            if abs(number) > most:
                swapped = name == "latitude" and isinstance(value[1], int | float) and abs(value[1]) <= 90
                cure = "write the latitude first" if swapped else "write degrees north and east"
                raise refuse(f"the {name} {number:g} is not between -{most} and {most}", cure)
        return Position(float(value[0]), float(value[1]))

    def json_schema(self) -> dict[str, Any]:
        """Return a pair of numbers, or a name."""
        pair = {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -90, "maximum": 90},
                {"type": "number", "minimum": -180, "maximum": 180},
            ],
            "minItems": 2,
            "maxItems": 2,
            "examples": [[50.45, 30.52]],
        }
        return {"anyOf": [pair, {"type": "string"}]} if self.names else pair


@dataclass(frozen=True)
class Override(_Marker):
    """A new value for a catalogue figure; the catalogue checks its unit and bounds."""

    def read(self, value: Any) -> str | float:
        """Return text or a finite number."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise refuse(f"{shown(value)} is not a figure", "write a number and a unit, as '200 km/h', or low or high")
        if isinstance(value, str) and len(value) <= _LONG:
            return value
        if isinstance(value, str) or not math.isfinite(value) or abs(value) > 1e300:
            raise refuse(f"{shown(value)} is not a finite number", "write a number and a unit, as '200 km/h'")
        return float(value)

    def json_schema(self) -> dict[str, Any]:
        """Return text or a number."""
        return {"type": ["string", "number"], "examples": ["200 km/h", 0.8, "low"]}


@dataclass(frozen=True)
class Report(_Marker):
    """What was reported of one type: {launched: 479, ...}; under the key `source`, where."""

    def read(self, value: Any) -> str | dict[str, float | str]:
        """Return counts by fate, or the text of a source."""
        if isinstance(value, str):
            return value
        if not isinstance(value, dict):
            raise refuse(f"{shown(value)} is no report", "write {launched: 479, shot_down: 277, ...}")
        for key, number in value.items():
            if key == "source" and isinstance(number, str):
                continue
            if key not in _REPORTED:
                raise refuse(f"'{key}' is nothing that is reported", nearest(key, [*_REPORTED, "source"]))
            if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1e9:
                raise refuse(f"{key}: {shown(number)} is not a count", "write how many, 0 or more")
        return dict(value)

    def json_schema(self) -> dict[str, Any]:
        """Return counts by fate, or text."""
        counts: dict[str, Any] = {key: {"type": "number", "minimum": 0} for key in _REPORTED}
        report = {"type": "object", "properties": counts | {"source": {"type": "string"}}}
        return {"anyOf": [report | {"additionalProperties": False}, {"type": "string"}]}


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time as written: on a `day`, or at a time of day (`day` None), or `elapsed` after the start."""

    seconds: int
    day: date | None = None
    elapsed: bool = False


_CLOCK = re.compile(r"(\+)?(\d{1,3}):(\d{2})(?::(\d{2}))?\Z")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]+(\d{2}):(\d{2})(?::(\d{2}))?\Z")


@dataclass(frozen=True)
class Clock(_Marker):
    """A time: "21:30", "2025-06-09 02:15" or "+02:30" after the start; the second only, if `dated`."""

    dated: bool = False

    def read(self, value: Any) -> ClockTime:
        """Return the time as written."""
        cure = "write YYYY-MM-DD HH:MM" if self.dated else 'write "21:30", "2025-06-09 02:15" or "+02:30"'
        if not isinstance(value, str):
            raise refuse(f"{shown(value)} is not a time", cure)
        dated = _DATED.match(value.strip())
        if dated:
            try:
                day = datetime.strptime(dated[1], "%Y-%m-%d").date()
            except ValueError:
                raise refuse(f"there is no day '{dated[1]}'", cure) from None
            return ClockTime(self._seconds(value, dated[2], dated[3], dated[4], 23), day)
        clock = None if self.dated else _CLOCK.match(value.strip())
        if not clock:
            raise refuse(f"{shown(value)} is not a {'date and time' if self.dated else 'time'}", cure)
        elapsed = bool(clock[1])
        return ClockTime(self._seconds(value, clock[2], clock[3], clock[4], 720 if elapsed else 23), elapsed=elapsed)

    @staticmethod
    def _seconds(value: str, hours: str, minutes: str, seconds: str | None, most_hours: int) -> int:
        h, m, s = int(hours), int(minutes), int(seconds or 0)
        if h > most_hours or m > 59 or s > 59:
            raise refuse(f"there is no time '{value}'", f"write hours up to {most_hours}, minutes and seconds up to 59")
        return h * 3600 + m * 60 + s

    def json_schema(self) -> dict[str, Any]:
        """Return text with examples."""
        return {"type": "string", "examples": ["2025-06-08 20:00"] if self.dated else ["21:30", "+02:30"]}


Length = Annotated[float, Quantity("length", 4.1e7, "40 km")]
Duration = Annotated[float, Quantity("time", 30.0 * _DAY_S, "15 min")]
Mass = Annotated[float, Quantity("mass", 1e9, "500 kg", least=1e-3)]
Fraction = Annotated[float, Quantity("fraction", 1.0, "40 %")]
Rate = Annotated[float, Quantity("rate", 1e4, "0.5 1/h")]
Capacity = Annotated[float, Quantity("rate", 1e4, "0.5 1/s", least=1e-6)]
Speed = Annotated[float, Quantity("speed", 1.2e4, "185 km/h", least=1.0)]
RainRate = Annotated[float, Quantity("speed", 1e-4, "10 mm/h")]
Bearing = Annotated[float, Quantity("angle", 2.0 * math.pi, "45 deg", least=-2.0 * math.pi)]
