"""What every entry of the catalogue must hold: one model for each group, each figure with its dimension.

A unit of another dimension, a value that physics forbids, a missing figure and an unknown key are refused here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shieldwall.catalogue.classes import EffectorKind, PathKind, SensorKind, ThreatClass, TrackQuality
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
ExchangeRate = Annotated[Figure, OfDimension("fraction", least=0.01, most=100.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Record(_Strict):
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


class Threat(Record):
    """What is launched; see raid.salvo.ThreatType for the meaning of each figure."""

    threat_class: ThreatClass = Field(alias="class")
    path: PathKind
    aliases: tuple[str, ...] = ()
    speed: Speed
    height: Length
    apogee: Length | None = None
    dive: Length
    range: Length
    radar_cross_section: Area
    failure_probability: Fraction
    circular_error: Length
    warhead: Mass
    unit_cost: Money
    production: CountPerYear | None = None
    decoy_share: Fraction | None = None
    decoy_unit_cost: Money | None = None
    burn: Time | None = None
    ballistic_coefficient: ArealMass | None = None
    glide_speed: Speed | None = None
    lift_to_drag: Count | None = None

    @model_validator(mode="after")
    def _glide_is_whole(self) -> Self:
        if (self.glide_speed is None) != (self.lift_to_drag is None):
            raise refuse("glide_speed and lift_to_drag belong together", "give both or neither")
        return self

    @model_validator(mode="after")
    def _arc_has_top(self) -> Self:
        if self.path in ("quasi_ballistic", "ballistic") and self.apogee is None:
            raise refuse(f"a {self.path} path has no apogee", "add the figure apogee:")
        return self


class Effector(Record):
    """A kind of round; see active_defence.fire_unit.EffectorType."""

    kind: EffectorKind
    kill_probability: Mapping[ThreatClass, Fraction]
    range: Mapping[ThreatClass, Length]
    range_min: Length
    height_min: Length
    height_max: Length
    speed: Speed
    reaction: Time
    interval: Time
    rounds_per_shot: AtLeastOne
    unit_cost: Money
    production: CountPerYear | None = None

    @model_validator(mode="after")
    def _same_classes(self) -> Self:
        unlike = set(self.kill_probability) ^ set(self.range)
        if unlike:
            raise refuse(
                f"kill_probability and range do not name the same classes: {', '.join(sorted(unlike))}",
                "give both or neither for each class",
            )
        return self


class Sensor(Record):
    """A kind of sensor; see surveillance.sensor.SensorType."""

    kind: SensorKind
    range: Length | None = None
    reference_cross_section: Area | None = None
    range_by_class: Mapping[ThreatClass, Length] = Field(default_factory=dict)
    antenna_height: Length
    height_max: Length
    scan: Time
    detection_probability: Fraction
    hits_to_track: AtLeastOne
    unit_cost: Money
    operating_cost: MoneyPerYear | None = None
    frequency: Frequency | None = None
    clear_visibility: Length | None = None
    sector: Angle | None = None
    elevation_min: Angle | None = None
    elevation_max: Angle | None = None
    quality: TrackQuality | None = None
    orbit_speed: Speed | None = None
    turn_radius: Length | None = None

    @model_validator(mode="after")
    def _range_fits_kind(self) -> Self:
        if self.kind in ("radar", "airborne_radar"):
            if self.range is None or self.reference_cross_section is None:
                raise refuse(f"a {self.kind} has no range", "add the figures range: and reference_cross_section:")
        elif not self.range_by_class:
            raise refuse(f"a sensor of kind {self.kind} has no range", "add range_by_class: {class: figure}")
        return self


class WeaponRecord(_Strict):
    """One kind of round on a fire unit."""

    effector: str
    launchers: AtLeastOne
    rounds_per_launcher: AtLeastOne
    reserve_rounds: Whole
    reload: Time


class FireUnit(Record):
    """Launchers and their fire control; `radar` is a sensor id, the crew's own eyes among them."""

    radar: str
    backup_radar: bool
    backup_distance: Length | None = None
    weapons: tuple[WeaponRecord, ...] = Field(min_length=1)
    channels: AtLeastOne
    ready: Time
    availability: Fraction
    hardness: Mass
    radius: Length
    unit_cost: Money
    operating_cost: MoneyPerYear | None = None


class SoftKill(Record):
    """A zone of electronic warfare; `hazard` is the rate at which a threat inside is suppressed."""

    radius: Length
    height_max: Length
    hazard: Mapping[ThreatClass, Rate]
    unit_cost: Money


class Aircraft(Record):
    """A kind of aircraft: fighters, early warning, tankers. `readiness` is from the order to take-off."""

    generation: int | None = None
    role: Literal["fighter", "early_warning", "tanker"]
    speed: Speed
    combat_radius: Length
    endurance: Time
    missiles: Whole
    readiness: Time
    availability: Fraction
    unit_cost: Money
    hour_cost: Money
    radar_range: Length | None = None
    reference_cross_section: Area | None = None
    missile_range: Length | None = None
    kill_probability: Mapping[ThreatClass, Fraction] = Field(default_factory=dict)
    effectors: tuple[str, ...] = ()
    sensor: str | None = None


class AssetKind(Record):
    """A kind of defended place. `hardness` is the warhead mass that takes half of what is left."""

    hardness: Mass
    radius: Length
    value: Count


class Nation(Record):
    """A member or partner; `inventories` counts systems by the ids of fire units, aircraft or sensors."""

    gdp: Money
    defence_share: Fraction
    defence_share_2025: Fraction | None = None
    population: Whole
    inventories: Mapping[str, Whole] = Field(default_factory=dict)


class CommandRecord(Record):
    """Mean delays at one level of integration."""

    identification: Time
    command: Time
    delay: Literal["exponential", "constant"]


class ShotRecord(_Strict):
    """Shot doctrine against one class; see battle_management.doctrine.ShotRule."""

    salvo: AtLeastOne
    max_shots: AtLeastOne
    assess: Time


class DoctrineRecord(Record):
    """Shot doctrine, preferences (effector ids or kinds, first to last) and what is forbidden, by class."""

    assignment: str
    weapons_control: Literal["free", "tight", "hold"]
    shots: Mapping[ThreatClass, ShotRecord]
    prefer: Mapping[ThreatClass, tuple[str, ...]] = Field(default_factory=dict)
    forbid: Mapping[ThreatClass, tuple[str, ...]] = Field(default_factory=dict)


class MoneyRates(Record):
    """Exchange rates: dollars for one euro."""

    eur_usd: ExchangeRate


class TotalsRecord(_Strict):
    """Published totals for the base year, which the sums over nations are checked against."""

    mean_share: Fraction
    united_states: Money
    europe_and_canada: Money
    united_states_constant: Money
    europe_and_canada_constant: Money


class BudgetRecord(Record):
    """What the members agreed to spend by when, and what of it goes to air and missile defence; rates are by year."""

    base_year: int = Field(ge=2000, le=2100)
    target_year: int = Field(ge=2000, le=2100)
    price_year: int = Field(ge=2000, le=2100)
    members: tuple[str, ...] = Field(min_length=1)
    core_target: Fraction
    related_target: Fraction
    related_today: Fraction
    iamd_share_of_core: Fraction
    iamd_share_of_related: Fraction
    growth: Fraction
    discount_rate: Fraction
    equipment_inflation: Fraction
    checks: TotalsRecord


class GroupTerms(_Strict):
    """How a kind of thing is bought; `operating_share` is of its price, each year."""

    lead_time: Time
    production: CountPerYear
    operating_share: Fraction


class ItemTerms(_Strict):
    """How one thing is bought; what is not given is that of its group (an effector has its own production)."""

    lead_time: Time | None = None
    production: CountPerYear | None = None
    operating_share: Fraction | None = None


class ProcurementRecord(Record):
    """Lead times, production and upkeep, by ids of fire units, effectors, sensors and soft kill."""

    of_group: Mapping[Literal["fire_units", "effectors", "sensors", "soft_kill"], GroupTerms]
    terms: Mapping[str, ItemTerms]


class ArsenalRecord(Record):
    """What an adversary has in store, by ids of threats."""

    stock: Mapping[str, Whole]


# The folder of a group -> its model. The order is that of lists and messages.
GROUPS: Mapping[str, type[Record]] = {
    "threats": Threat,
    "effectors": Effector,
    "sensors": Sensor,
    "fire_units": FireUnit,
    "soft_kill": SoftKill,
    "aircraft": Aircraft,
    "assets": AssetKind,
    "nations": Nation,
    "command": CommandRecord,
    "doctrine": DoctrineRecord,
    "money": MoneyRates,
    "budget": BudgetRecord,
    "procurement": ProcurementRecord,
    "arsenals": ArsenalRecord,
}


def name_figures(group: str, record: Record) -> None:
    """Tell every figure of a record where it stands, for messages and manifests."""
    for path, figure in record.figures():
        figure._path = f"{group}.{record.id}.{path}"
