"""A figure with its unit, range, source and confidence, and the source it names.

Exceptions
----------
UnknownFigureError    a run asked for a figure that the catalogue does not know
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.units import UNITS, UnitError, unit_of

Confidence = Literal["published", "derived", "assumed"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class UnknownFigureError(InputError):
    """A figure is null in the catalogue and something needs it; names the figure and why it is not known."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            Mistake(
                "", 0, 0, f"the catalogue does not know {path or 'this figure'}: {reason}", "override it with a value"
            )
        )


def refuse(what: str, cure: str) -> PydanticCustomError:
    """Return the error that a validator raises: what is wrong and the cure, both for the reader of a `Mistake`."""
    return PydanticCustomError("shieldwall", "{what}; {cure}", {"what": what, "cure": cure})


class Figure(BaseModel):
    """One number of the catalogue: central value, unit, low to high, where it comes from and how sure it is.

    `value` is None where nobody outside knows; `reason` then says why. `source` are keys of sources.yaml. `year`, for
    money, is the year whose prices it is in; without one it is taken as of the budget's price year.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Number | None
    unit: str
    low: Number | None = None
    high: Number | None = None
    confidence: Confidence
    source: tuple[str, ...] = ()
    reason: str = ""
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    _path: str = PrivateAttr("")

    @model_validator(mode="before")
    @classmethod
    def _has_unit(cls, data: Any) -> Any:
        if isinstance(data, Figure):
            return data
        if not isinstance(data, dict):
            raise refuse(
                f"{data!r} is not a figure", "write {value: ..., unit: ..., low: ..., high: ..., confidence: ...}"
            )
        if not data.get("unit"):
            raise refuse(f"the figure {data.get('value')} has no unit", "add unit:, for example unit: km")
        return data

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        try:
            unit_of(self.unit)
        except UnitError as error:
            what, _, cure = str(error).partition("; ")
            raise refuse(what, cure) from None
        if self.year is not None and not UNITS[unit_of(self.unit)][0].startswith("money"):
            raise refuse("a figure that is not money has no year of prices", "delete year:")
        if self.value is None:
            if not self.reason.strip():
                raise refuse("the value is null without a reason", "say in reason: why it is not known")
            return self
        if self.low is None or self.high is None:
            raise refuse("the figure has no range", "give low: and high:, equal to value only where it is certain")
        if not self.low <= self.value <= self.high:
            raise refuse(
                f"low {self.low:g}, value {self.value:g}, high {self.high:g} are out of order",
                "write low <= value <= high",
            )
        if self.confidence == "assumed" and not self.reason.strip():
            raise refuse("an assumed figure has no reason", "say in reason: why this value and this range")
        if self.confidence == "derived" and not self.reason.strip():
            raise refuse("a derived figure has no reason", "say in reason: how it follows from its sources")
        if self.confidence != "assumed" and not self.source:
            raise refuse(
                f"a {self.confidence} figure names no source",
                "add source: [key of sources.yaml], or make it assumed with a reason",
            )
        return self

    @property
    def path(self) -> str:
        """Where the figure stands in the catalogue, for example "threats.kh-101.speed"."""
        return self._path

    @property
    def si(self) -> float:
        """The central value in SI (money keeps its currency); raise UnknownFigureError if it is null."""
        return self._to_si(self.value)

    @property
    def si_low(self) -> float:
        """The low end in SI; raise UnknownFigureError if the value is null."""
        return self._to_si(None if self.value is None else self.low)

    @property
    def si_high(self) -> float:
        """The high end in SI; raise UnknownFigureError if the value is null."""
        return self._to_si(None if self.value is None else self.high)

    def usd(self, eur_usd: float) -> float:
        """Return the central value of a money figure in US dollars, euros times `eur_usd`.

        Raises
        ------
        UnknownFigureError
            If the value is null.
        UnitError
            If the figure is not money.
        """
        if UNITS[unit_of(self.unit)][0] not in ("money", "money_per_year"):
            raise UnitError(f"{self.path} in '{self.unit}' is not money; a price in USD or EUR is needed here")
        return self.si * (eur_usd if unit_of(self.unit).startswith("EUR") else 1.0)

    def _to_si(self, number: float | None) -> float:
        if number is None:
            raise UnknownFigureError(self._path, self.reason)
        return number * UNITS[unit_of(self.unit)][1]


def known(figure: Figure | None) -> Figure | None:
    """Return a figure, None where it is not given or its value is null."""
    return figure if figure is not None and figure.value is not None else None


def _day(value: Any) -> Any:
    """YAML reads 2024-05-30 as a date and 2024 as a number; both are kept as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


Day = Annotated[str, BeforeValidator(_day), Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Source(BaseModel):
    """Where a figure was read. `date` is null where the publication carries none; `reason` then says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    publisher: str
    date: Day | None
    address: Annotated[str, Field(pattern=r"^https?://\S+$")] | None
    accessed: Day | None
    reason: str = ""

    @model_validator(mode="after")
    def _has_reasons(self) -> Self:
        if None in (self.date, self.address, self.accessed) and not self.reason.strip():
            raise refuse(
                "a source without date, address or day of access has no reason", "say in reason: why it is not known"
            )
        return self
