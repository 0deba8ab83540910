"""What a figure may be: its dimension, its bounds in nature, and the base of every entry of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shieldwall.catalogue.sourced import Figure, refuse
from shieldwall.core.units import UNITS, unit_of, units_for

# What nature allows, in SI: nothing slower than rest, faster than escape, heavier or farther than Earth can hold.
_BOUNDS_SI: Mapping[str, tuple[float, float]] = {
    "length": (0.0, 5.0e7),
    "area": (0.0, 1.0e6),
    "speed": (0.0, 1.2e4),
    "time": (0.0, 3.2e9),
    "mass": (0.0, 1.0e9),
    "areal_mass": (0.0, 1.0e6),
    "frequency": (1.0e6, 1.0e15),
    "angle": (-3.1416, 6.2832),
    "fraction": (0.0, 1.0),
    "count": (0.0, 1.0e11),
    "rate": (0.0, 1.0e4),
    "money": (0.0, 1.0e15),
    "money_per_year": (0.0, 1.0e15),
    "count_per_year": (0.0, 1.0e9),
}


@dataclass(frozen=True, slots=True)
class OfDimension:
    """The dimension of a figure; `whole` for counts of things, `least` and `most` where its bounds are its own (SI)."""

    name: str
    whole: bool = False
    least: float | None = None
    most: float | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Check a figure after it has been read."""
        from pydantic_core import core_schema  # noqa: PLC0415  only needed while the models are built

        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, figure: Figure) -> Figure:
        """Return the figure; refuse a unit of another dimension or a value out of physical bounds."""
        dimension, factor = UNITS[unit_of(figure.unit)]
        if dimension != self.name:
            raise refuse(
                f"'{figure.unit}' is a {dimension}; a {self.name} is needed here", f"use one of: {units_for(self.name)}"
            )
        low, high = _BOUNDS_SI[self.name]
        low = low if self.least is None else self.least
        high = high if self.most is None else self.most
        for number in (figure.low, figure.value, figure.high):
            if number is not None and not low <= number * factor <= high * (1 + 1e-12):
                raise refuse(
                    f"{number:g} {figure.unit} is out of physical bounds",
                    f"write between {low / factor:g} and {high / factor:g} {figure.unit}",
                )
        if self.whole and figure.value is not None and figure.value != int(figure.value):
            raise refuse(f"{figure.value:g} is not a whole number", "write a whole number")
        return figure


Length = Annotated[Figure, OfDimension("length")]
Area = Annotated[Figure, OfDimension("area")]
Speed = Annotated[Figure, OfDimension("speed", least=1.0)]
Time = Annotated[Figure, OfDimension("time")]
Mass = Annotated[Figure, OfDimension("mass")]
Frequency = Annotated[Figure, OfDimension("frequency")]
Angle = Annotated[Figure, OfDimension("angle")]
ArealMass = Annotated[Figure, OfDimension("areal_mass", least=1.0)]
Fraction = Annotated[Figure, OfDimension("fraction")]
Count = Annotated[Figure, OfDimension("count")]
Whole = Annotated[Figure, OfDimension("count", whole=True)]
AtLeastOne = Annotated[Figure, OfDimension("count", whole=True, least=1.0)]
Rate = Annotated[Figure, OfDimension("rate")]
Money = Annotated[Figure, OfDimension("money")]
MoneyPerYear = Annotated[Figure, OfDimension("money_per_year")]
CountPerYear = Annotated[Figure, OfDimension("count_per_year")]
Ratio = Annotated[Figure, OfDimension("fraction", least=0.0, most=100.0)]
ExchangeRate = Annotated[Figure, OfDimension("fraction", least=0.01, most=100.0)]


class Strict(BaseModel):
    """Frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Record(Strict):
    """One entry: what every group has. `figures()` walks over its figures, nested ones too, by path."""

    id: str = Field(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*|[A-Z]{2})$")
    name: str = Field(min_length=1)
    notes: str = ""

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield (path, figure), for example ("kill_probability.drone", Figure(...)), in the order of the schema."""
        yield from _walk("", self)


def _walk(path: str, node: Any) -> Iterator[tuple[str, Figure]]:
    if isinstance(node, Figure):
        yield path, node
    elif isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            yield from _walk(f"{path}.{field.alias or name}".lstrip("."), getattr(node, name))
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _walk(f"{path}.{key}", value)
    elif isinstance(node, tuple):
        for number, value in enumerate(node):
            yield from _walk(f"{path}.{number}", value)
