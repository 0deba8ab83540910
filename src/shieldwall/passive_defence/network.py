"""Services: what a network of parts delivers in each state of damage.

A service is one of three networks. `parts`: capacities add up. `needed`: all or nothing, k of n parts. `links`: a flow
network from a source to a sink; parts stand at links, whose capacity is gone while the part is down. What it delivers
never exceeds its demand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
ServiceKind = Literal["power", "runway", "radar", "other"]

# What is delivered in and what is counted as lost over time, by kind.
UNITS: dict[str, tuple[str, str]] = {
    "power": ("MW", "MWh"),
    "runway": ("runways", "runway-hours"),
    "radar": ("radars", "radar-hours"),
    "other": ("units", "unit-hours"),
}
TABULATED_PARTS = 12
MOST_PARTS = 62


@dataclass(frozen=True, slots=True)
class Part:
    """One part. It is down from the hit that leaves `works_at` of its targets or less, until it is repaired.

    of : ids of the targets that it consists of (several where it is dispersed)
    repair : which kind of repair, a key of Repairs.kinds
    """

    id: str
    of: tuple[str, ...]
    capacity: float
    works_at: float
    repair: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a flow network; `part` is the part that stands at it, "" for none."""

    start: str
    end: str
    capacity: float
    part: str


@dataclass(frozen=True, slots=True)
class Service:
    """What is delivered, in the unit of its kind; `needed` is 0 and `links` empty where capacities add up."""

    id: str
    kind: ServiceKind
    name: str
    demand: float
    parts: tuple[Part, ...]
    needed: int
    links: tuple[Link, ...]
    source: str
    sink: str

    @property
    def unit(self) -> str:
        """Return the unit of what is lost over time."""
        return UNITS[self.kind][1]


def delivered(service: Service, up: NDArray[np.bool_]) -> Float:
    """Return what a service delivers, float64 (N,), in states given by which parts are up, bool (N, parts)."""
    if service.links:
        flow = _looked_up(service, up)
    elif service.needed:
        flow = np.where(up.sum(axis=1) >= service.needed, service.demand, 0.0)
    else:
        flow = up @ np.array([part.capacity for part in service.parts])
    return np.minimum(flow, service.demand)


def _looked_up(service: Service, up: NDArray[np.bool_]) -> Float:
    """Return flows from the table of all states of few parts, or of those states that occur of many."""
    state = up.astype(np.uint64) @ (np.uint64(1) << np.arange(up.shape[1], dtype=np.uint64))
    if len(service.parts) <= TABULATED_PARTS:
        return flow_table(service)[state.astype(np.int64)]
    states, place = np.unique(state, return_inverse=True)
    return _flows(service, states)[place]


@lru_cache(maxsize=64)
def flow_table(service: Service) -> Float:
    """Return the flow in each of the 2^n states, float64 (2^n,); bit p of the index says whether part p is up."""
    return _flows(service, np.arange(1 << len(service.parts), dtype=np.uint64))


def _flows(service: Service, states: NDArray[np.uint64]) -> Float:
    """Return the largest flow from source to sink in each state, compiled."""
    from shieldwall.solvers.max_flow import max_flows  # noqa: PLC0415  compiled code, only where a service has parts

    place = {part.id: p for p, part in enumerate(service.parts)}
    nodes = sorted({service.source, service.sink, *(end for link in service.links for end in (link.start, link.end))})
    index = {name: i for i, name in enumerate(nodes)}
    return max_flows(
        np.array([index[link.start] for link in service.links], np.int64),
        np.array([index[link.end] for link in service.links], np.int64),
        np.array([link.capacity for link in service.links]),
        np.array([place.get(link.part, -1) for link in service.links], np.int64),
        states,
        len(nodes),
        index[service.source],
        index[service.sink],
    )
