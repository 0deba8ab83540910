"""Turn quantities as people write them ("40 km", "Mach 5", "15 min") into SI numbers.

One table says every unit, its dimension and its factor to SI. pint does more but takes seconds to start,
longer than a whole small run; nothing here is used after a scenario has been read.
"""

from __future__ import annotations

import math
import re
from typing import Literal, get_args

Dimension = Literal[
    "length", "area", "speed", "time", "mass", "angle", "fraction", "count", "rate", "money",
    "money_per_year", "count_per_year", "frequency", "power", "decibel",
    "areal_mass",
]  # fmt: skip
DIMENSIONS: tuple[str, ...] = get_args(Dimension)

# Mach is turned into metres a second at the standard sea-level speed of sound (US Standard Atmosphere 1976).
SPEED_OF_SOUND_SEA_LEVEL_M_S = 340.294
_YEAR_S = 365.25 * 86400.0

# unit -> (dimension, factor to SI). Money keeps its currency: see catalogue money.yaml for the rate.
UNITS: dict[str, tuple[Dimension, float]] = {
    "m": ("length", 1.0),
    "km": ("length", 1e3),
    "ft": ("length", 0.3048),
    "mi": ("length", 1609.344),
    "nmi": ("length", 1852.0),
    "m2": ("area", 1.0),
    "m/s": ("speed", 1.0),
    "km/s": ("speed", 1e3),
    "km/h": ("speed", 1 / 3.6),
    "kn": ("speed", 1852.0 / 3600.0),
    "mm/h": ("speed", 1 / 3.6e6),
    "mach": ("speed", SPEED_OF_SOUND_SEA_LEVEL_M_S),
    "s": ("time", 1.0),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "d": ("time", 86400.0),
    "day": ("time", 86400.0),
    "days": ("time", 86400.0),
    "year": ("time", _YEAR_S),
    "kg": ("mass", 1.0),
    "t": ("mass", 1e3),
    "kg/m2": ("areal_mass", 1.0),
    "deg": ("angle", math.pi / 180.0),
    "rad": ("angle", 1.0),
    "fraction": ("fraction", 1.0),
    "%": ("fraction", 0.01),
    "count": ("count", 1.0),
    "rounds": ("count", 1.0),
    "people": ("count", 1.0),
    "1/s": ("rate", 1.0),
    "1/min": ("rate", 1 / 60.0),
    "1/h": ("rate", 1 / 3600.0),
    "rounds/min": ("rate", 1 / 60.0),
    "USD": ("money", 1.0),
    "EUR": ("money", 1.0),
    "USD/year": ("money_per_year", 1.0),
    "EUR/year": ("money_per_year", 1.0),
    "count/year": ("count_per_year", 1.0),
    "count/month": ("count_per_year", 12.0),
    "Hz": ("frequency", 1.0),
    "kHz": ("frequency", 1e3),
    "MHz": ("frequency", 1e6),
    "GHz": ("frequency", 1e9),
    "W": ("power", 1.0),
    "kW": ("power", 1e3),
    "MW": ("power", 1e6),
    "dB": ("decibel", 1.0),
}
_SPELLINGS = {unit.lower(): unit for unit in UNITS} | {"m^2": "m2", "m²": "m2", "°": "deg"}

_NUMBER = r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_VALUE_UNIT = re.compile(rf"^\s*({_NUMBER})\s*((?<=\s)1/\w+|[^\d\s.].*?)?\s*$")
_MACH_FIRST = re.compile(rf"^\s*mach\s*({_NUMBER})\s*$", re.IGNORECASE)


class UnitError(ValueError):
    """A quantity cannot be read; the message says what is wrong and what would be right."""


def unit_of(name: str) -> str:
    """Return the canonical spelling of a unit; raise UnitError if it is unknown."""
    if name in UNITS:
        return name
    found = _SPELLINGS.get(name.strip().lower())
    if found is None:
        raise UnitError(f"unknown unit '{name}'; use one of: {', '.join(UNITS)}")
    return found


def to_si(value: float, unit: str, dimension: str) -> float:
    """Return `value` in SI; raise UnitError if `unit` is unknown, of another dimension or the value not finite."""
    name = unit_of(unit)
    is_of, factor = UNITS[name]
    if is_of != dimension:
        raise UnitError(f"'{unit}' is a {is_of}; a {dimension} is needed here: {units_for(dimension)}")
    if not math.isfinite(value):
        raise UnitError(f"{value} is not a finite number; write a number")
    return value * factor


def units_for(dimension: str) -> str:
    """Return the units that a dimension may be written in, for messages."""
    return ", ".join(name for name, (is_of, _) in UNITS.items() if is_of == dimension)


def parse_quantity(text: str | float, dimension: str) -> float:
    """Return the SI value of a quantity as people write it.

    Parameters
    ----------
    text : "40 km", "Mach 5", "35 %", "0.35"; a bare number only for a fraction or a count
    dimension : one of `DIMENSIONS`

    Returns
    -------
    float in SI (metres, seconds, radians, fractions of one)

    Raises
    ------
    UnitError
        If there is no number, no unit where one is needed, an unknown unit, or one of another dimension.
    """
    number, unit = split_quantity(text, dimension)
    return to_si(number, unit, dimension)


def split_quantity(text: str | float, dimension: str) -> tuple[float, str]:
    """Return the number and the canonical unit of a quantity; raise UnitError as `parse_quantity` does."""
    if isinstance(text, bool):
        raise UnitError(f"{text} is not a quantity; write a number and a unit: {units_for(dimension)}")
    if isinstance(text, int | float):
        return _bare(float(text), dimension)
    mach = _MACH_FIRST.match(text)
    if mach:
        return float(mach.group(1)), "mach"
    match = _VALUE_UNIT.match(text)
    if not match:
        raise UnitError(f"'{text}' is not a quantity; write a number and a unit: {units_for(dimension)}")
    number = float(match.group(1).replace("_", ""))
    unit = match.group(2)
    return _bare(number, dimension) if unit is None else (number, unit_of(unit))


def _bare(number: float, dimension: str) -> tuple[float, str]:
    if dimension not in ("fraction", "count"):
        raise UnitError(f"{number:g} has no unit; write one of: {units_for(dimension)}")
    return number, dimension
