"""What a run was: everything that must be known to repeat it, and the plain facts its summary needs."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shieldwall.core.errors import StoreError


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One target: `kind` is an asset's own kind, "fire_unit" or "sensor".

    `value` counts in the users' own units (0 for fire units and sensors); `cost_usd` is what its loss takes (a fire
    unit's without its radar, which is a sensor of its own; 0 for assets). `asset` is false for fire units and sensors.
    """

    name: str
    kind: str
    asset: bool
    value: float
    cost_usd: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was run. Nothing here depends on the machine, the clock or the number of threads.

    threat_cost_usd, decoy_cost_usd and threat_name by threat type, effector_cost_usd by effector, targets by target id.
    fighters: type, name, count, hour_cost_usd, unit_cost_usd by group of aircraft. traffic: name, side and people
    aboard by type of friendly and civil aircraft. killed_share: of casualties, None where no people are named;
    service_unit by service; readiness: states and what is known of alarms; package: its name
    and what each part of it costs. `block_size` replications are played, written and resumed together; it never depends
    on threads.
    """

    version: str
    scenario: str
    title: str
    scenario_hash: str
    catalogue_hash: str
    seed: int
    replications: int
    block_size: int
    events: bool
    start_utc: str
    start_local: str
    time_zone: str
    threat_name: Mapping[str, str]
    threat_cost_usd: Mapping[str, float]
    decoy_cost_usd: Mapping[str, float]
    effector_cost_usd: Mapping[str, float]
    targets: Mapping[str, TargetFacts]
    overrides: Mapping[str, str] = field(default_factory=dict)
    reported: Mapping[str, Any] = field(default_factory=dict)
    assumed_figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fighters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    traffic: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    killed_share: float | None = None
    service_unit: Mapping[str, str] = field(default_factory=dict)
    readiness: Mapping[str, Any] = field(default_factory=dict)
    package: Mapping[str, Any] = field(default_factory=dict)

    def blocks(self) -> tuple[tuple[int, int], ...]:
        """Return (first replication, number of replications) of every block of the run, ascending."""
        starts = range(0, self.replications, self.block_size)
        return tuple((first, min(self.block_size, self.replications - first)) for first in starts)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that this run writes, `rows` last."""
        more = (
            ("events", self.events),
            ("fighters", bool(self.fighters)),
            ("traffic", bool(self.traffic)),
            ("impacts", self.killed_share is not None),
            ("outages", bool(self.service_unit)),
            ("alarms", bool(self.readiness.get("intelligence"))),
        )
        return (*(name for name, written in more if written), "losses", "targets", "weapons", "rows")

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as plain JSON values."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}
        return {name: value for name, value in plain.items() if value or name not in ("fighters", "traffic")}


# Two runs with the same of these play the same raids; only then may one go on where the other stopped.
IDENTITY = ("version", "scenario_hash", "catalogue_hash", "seed", "block_size", "events")


def manifest_from_json(data: Mapping[str, Any]) -> Manifest:
    """Return the manifest that `Manifest.to_json` wrote.

    Raises
    ------
    StoreError
        If keys are missing or unknown: another version of shieldwall wrote it.
    """
    try:
        targets = {key: TargetFacts(**facts) for key, facts in data["targets"].items()}
        tuples = {key: tuple(data[key]) for key in ("assumed_figures", "sources", "notes")}
        return Manifest(**{**data, **tuples, "targets": targets})
    except (KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"the manifest is not one of this version of shieldwall ({error})") from error


def digest_of(scenario_hash: str, catalogue_hash: str, version: str) -> str:
    """Return eight hexadecimal digits that tell a run's folder from that of another scenario, catalogue or version."""
    what = "/".join((scenario_hash, catalogue_hash, version))
    return hashlib.blake2b(what.encode(), digest_size=4).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, TargetFacts):
        return dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
