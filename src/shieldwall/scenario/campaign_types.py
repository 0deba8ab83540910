"""The frozen campaign of a scenario: everything looked up, days whole, output by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Estimates = Literal["low", "central", "high", "sampled"]
StockRule = Literal["national", "pooled", "reserve"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A public estimate: low, central, high."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True)
class Adversary:
    """By kind of threat that a raid uses: what is in store on the first night, what a day adds."""

    estimates: Estimates
    stock: Mapping[str, Estimate]
    daily_output: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Mix:
    """A kind of night: salvo id -> (fewest, most) threats, each number as likely."""

    id: str
    sizes: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A mix on the nights first, first + every, ... up to last."""

    mix: str
    first: int
    last: int
    every: int


@dataclass(frozen=True, slots=True)
class Process:
    """A raid comes with this chance each night, its mix drawn by weight."""

    chance: float
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Stocks:
    """Depots: nation -> effector -> rounds. Days are whole nights from the depot to the launcher."""

    rule: StockRule
    reserve_share: float
    depots: Mapping[str, Mapping[str, int]]
    transport_days: int
    allied_transport_days: int


@dataclass(frozen=True, slots=True)
class Line:
    """Output of `rate_a_day` from the night it opens, growing evenly over `ramp_days` to `final_rate_a_day`."""

    id: str
    makes: str
    rate_a_day: float
    final_rate_a_day: float
    ramp_days: float
    opens: int


@dataclass(frozen=True, slots=True)
class Order:
    """`count` None: whatever the line makes. The line may deliver from night placed + lead_days."""

    id: str
    nation: str
    line: str
    count: int | None
    placed: int
    lead_days: int


@dataclass(frozen=True, slots=True)
class Reorder:
    """When depot plus what is ordered is at or below `below`, order up to `up_to`."""

    id: str
    nation: str
    line: str
    below: int
    up_to: int
    lead_days: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Mean nights of repair; `crews` for each nation (None: enough). Spares: nation -> kind of fire unit -> number."""

    crews: int | None
    radar_days: float
    fire_unit_days: float
    asset_days: float
    written_off: float
    cost_share: float
    spares: Mapping[str, Mapping[str, int]]
    replacement_days: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything beyond one raid that night after night needs. A fire unit's sector is its nation.

    `operating_usd_a_day` keeps all fire units and sensors for a day: a stated share of their price each year.
    """

    nights: int
    adversary: Adversary
    mixes: tuple[Mix, ...]
    schedule: tuple[Scheduled, ...]
    process: Process | None
    stocks: Stocks
    lines: tuple[Line, ...]
    orders: tuple[Order, ...]
    reorders: tuple[Reorder, ...]
    repair: Repair
    runs_out_below: float
    operating_usd_a_day: float

    @property
    def lanes(self) -> tuple[Order | Reorder, ...]:
        """Return orders and then reorders: the order in which arrays hold them."""
        return (*self.orders, *self.reorders)
