"""One replication, rebuilt: where every threat was when, who shot at it, how it ended.

A run keeps what happened, not where. The same raid is played again from the run's scenario and seed, which gives the
same bits, and compared with what the run kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shieldwall.catalogue.classes import ThreatClass
from shieldwall.core.errors import InputError, Mistake, StoreError
from shieldwall.core.position import Position
from shieldwall.engine.roster import aloft, goals_of, in_order
from shieldwall.engine.simulate import replay as play_again
from shieldwall.raid.paths import build_paths
from shieldwall.raid.salvo import Salvo, Side
from shieldwall.replay.salvos import salvos_fired
from shieldwall.results.local_time import LocalClock
from shieldwall.results.results import Results
from shieldwall.results.row import Block, Cause, Fate, Roster
from shieldwall.results.schema import words
from shieldwall.results.traffic import Mistaken, Traffic
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Paths

Float = NDArray[np.float64]
PlaceKind = Literal["asset", "fire_unit", "sensor"]


@dataclass(frozen=True, slots=True)
class Track:
    """One threat or flight from launch to end.

    Arrays (N,): seconds after the scenario's start, degrees, metres above ground. Longitudes do not jump at the
    antimeridian: they may lie outside -180 to 180. `cause` is why it leaked or, of a friendly or civil aircraft, why it
    was shot down; "" otherwise. The fate of those is `passed` or `shot_down`.
    """

    threat: str
    type: str
    type_name: str
    threat_class: ThreatClass
    decoy: bool
    fate: str
    cause: str
    target: str
    time_s: Float
    latitude_deg: Float
    longitude_deg: Float
    height_m: Float
    side: Side = "hostile"

    @property
    def start_s(self) -> float:
        """Return when it was launched."""
        return float(self.time_s[0])

    @property
    def end_s(self) -> float:
        """Return when it ended."""
        return float(self.time_s[-1])

    def at(self, time_s: float) -> Position:
        """Return where it was; before its launch where it began, after its end where it ended."""
        latitude, longitude, height = (
            float(np.interp(time_s, self.time_s, values))
            for values in (self.latitude_deg, self.longitude_deg, self.height_m)
        )
        return Position(latitude, longitude, height)


@dataclass(frozen=True, slots=True)
class Shot:
    """One salvo, from its fire unit at the order to its meeting with a threat: shot_down, missed or wasted."""

    number: int
    fire_unit: str
    effector: str
    threat: str
    shots: int
    ordered_s: float
    met_s: float
    origin: Position
    meeting: Position
    outcome: str


@dataclass(frozen=True, slots=True)
class Place:
    """Something that stands: an asset, a fire unit or a sensor. `lost_s` is NaN unless the raid took it."""

    id: str
    name: str
    kind: PlaceKind
    position: Position
    lost_s: float


@dataclass(frozen=True, slots=True)
class Replay:
    """One replication of a run."""

    scenario: str
    title: str
    scenario_hash: str
    version: str
    seed: int
    replication: int
    clock: LocalClock
    tracks: tuple[Track, ...]
    shots: tuple[Shot, ...]
    places: tuple[Place, ...]

    @property
    def span_s(self) -> tuple[float, float]:
        """Return the first launch and the last end or meeting; (0, 0) for a raid of nothing."""
        ends = [track.end_s for track in self.tracks] + [shot.met_s for shot in self.shots]
        return min((track.start_s for track in self.tracks), default=0.0), max(ends, default=0.0)

    @property
    def has_flights(self) -> bool:
        """Return whether friendly or civil aircraft fly too."""
        return any(track.side != "hostile" for track in self.tracks)

    def utc(self, time_s: float) -> datetime:
        """Return a moment in universal time."""
        return (datetime.fromisoformat(self.clock.start_utc) + timedelta(seconds=time_s)).astimezone(UTC)

    def iso(self, time_s: float) -> str:
        """Return a moment as "2025-06-08T17:00:00.000Z"."""
        return self.utc(time_s).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def turned(longitude_deg: float) -> float:
    """Return a longitude in -180 to 180: a track's own may lie outside."""
    return longitude_deg if -180.0 <= longitude_deg <= 180.0 else (longitude_deg + 180.0) % 360.0 - 180.0


def replay_of_run(results: Results, scenario: Scenario, replication: int) -> Replay:
    """Return one replication of a run.

    Parameters
    ----------
    results : of the run
    scenario : the one that was played, see `study.scenario_of_run`
    replication : counted from 0

    Raises
    ------
    InputError
        If the run has no such replication.
    StoreError
        If what the run kept of it is not what this version plays.
    """
    manifest = results.manifest
    if not 0 <= replication < manifest.replications:
        cure = f"give one from 0 to {manifest.replications - 1}"
        raise InputError(Mistake("", 0, 0, f"the run has no replication {replication}", cure))
    block, roster = play_again(scenario, replication, manifest.seed)
    refuse_another(results, block, replication)
    ordered = in_order(scenario)
    tracks = _tracks(ordered, block, roster)
    return Replay(
        scenario=manifest.scenario,
        title=manifest.title or manifest.scenario,
        scenario_hash=manifest.scenario_hash,
        version=manifest.version,
        seed=manifest.seed,
        replication=replication,
        clock=LocalClock(manifest.start_utc, manifest.time_zone),
        tracks=tracks,
        shots=_shots(ordered, block, roster, tracks),
        places=_places(ordered, block),
    )


def refuse_another(results: Results, block: Block, replication: int) -> None:
    """Raise StoreError for a replication that the run remembers otherwise."""
    first = max(begin for begin, _ in results.manifest.blocks() if begin <= replication)
    kept = results.store.read(first)
    row = replication - first
    same = kept.fate.shape[1] == block.fate.shape[1] and all(
        np.array_equal(getattr(kept, name)[row], getattr(block, name)[0])
        for name in ("fate", "start_s", "end_s", "path")
    )
    if not same:
        raise StoreError(
            f"replication {replication} does not play as the run recorded it; "
            f"it was written by shieldwall {results.manifest.version}: run it again"
        )


def _tracks(ordered: Scenario, block: Block, roster: Roster) -> tuple[Track, ...]:
    """Return the tracks of the threats, behind them those of friendly and civil aircraft."""
    flying = aloft(ordered)
    paths = build_paths(flying.salvos, [(goal.id, goal.position) for goal in goals_of(flying)])
    salvo_of = [salvo for salvo in flying.salvos for _ in range(salvo.count)]
    threats = [
        _track(
            threat,
            salvo_of[t],
            words(Fate)[block.fate[0, t]],
            words(Cause)[block.cause[0, t]] if block.cause[0, t] else "",
            float(block.start_s[0, t]),
            _flown(paths, int(block.path[0, t]), float(block.end_s[0, t] - block.start_s[0, t])),
            decoy=bool(block.decoy[0, t]),
            target=roster.target[block.target[0, t]],
        )
        for t, threat in enumerate(roster.threat)
    ]
    if block.traffic is None:
        return tuple(threats)
    return (*threats, *_flights(block.traffic, roster, salvo_of[len(threats) :], paths))


def _flights(traffic: Traffic, roster: Roster, salvo_of: list[Salvo], paths: Paths) -> list[Track]:
    return [
        _track(
            flight,
            salvo_of[f],
            "shot_down" if traffic.shot_down[0, f] else "passed",
            words(Mistaken)[traffic.mistaken[0, f]] if traffic.shot_down[0, f] else "",
            float(traffic.start_s[0, f]),
            _flown(paths, int(traffic.path[0, f]), float(traffic.end_s[0, f] - traffic.start_s[0, f])),
        )
        for f, flight in enumerate(roster.flight)
    ]


def _track(
    name: str, salvo: Salvo, fate: str, cause: str, start_s: float, where: tuple[Float, Float, Float, Float],
    *, decoy: bool = False, target: str = "",
) -> Track:  # fmt: skip
    return Track(
        threat=name,
        type=salvo.type.id,
        type_name=salvo.type.name,
        threat_class=salvo.type.threat_class,
        decoy=decoy,
        fate=fate,
        cause=cause,
        target=target,
        time_s=start_s + where[0],
        latitude_deg=where[1],
        longitude_deg=where[2],
        height_m=where[3],
        side=salvo.side,
    )


def _flown(paths: Paths, path: int, flown_s: float) -> tuple[Float, Float, Float, Float]:
    """Return seconds after launch, latitude, longitude and height of the part of a path that was flown."""
    rows = slice(int(paths.ptr[path]), int(paths.ptr[path + 1]))
    time_s = np.arange(rows.stop - rows.start) * paths.step_s[path]
    end_s = min(max(flown_s, 0.0), float(time_s[-1]))
    kept = np.concatenate([time_s[time_s < end_s], [end_s]])
    if kept.size == 1:  # gone at its launch: a track of two equal places
        kept = np.array([0.0, end_s])
    longitude = np.degrees(np.unwrap(np.radians(paths.longitude_deg[rows])))
    latitude, longitude, height = (
        np.interp(kept, time_s, values) for values in (paths.latitude_deg[rows], longitude, paths.height_m[rows])
    )
    return kept, latitude, longitude, height


def _shots(ordered: Scenario, block: Block, roster: Roster, tracks: tuple[Track, ...]) -> tuple[Shot, ...]:
    position = {unit.id: unit.position for unit in ordered.fire_units}
    position |= {group.id: group.base for group in ordered.fighters}
    found: list[Shot] = []
    for salvo in salvos_fired(block):
        if not salvo.outcome:
            continue
        effector = roster.effector[salvo.weapon]
        unit = roster.weapon[salvo.weapon].removesuffix(f"/{effector}")
        found.append(
            Shot(
                number=len(found) + 1,
                fire_unit=unit,
                effector=effector,
                threat=tracks[salvo.threat].threat,
                shots=salvo.shots,
                ordered_s=salvo.ordered_s,
                met_s=salvo.met_s,
                origin=position[unit],
                meeting=tracks[salvo.threat].at(salvo.met_s),
                outcome=salvo.outcome,
            )
        )
    return tuple(found)


def _places(ordered: Scenario, block: Block) -> tuple[Place, ...]:
    nan = float("nan")
    assets = [Place(asset.id, asset.name, "asset", asset.position, nan) for asset in ordered.assets]
    named = [
        *((unit.id, unit.name, unit.position) for unit in ordered.fire_units),
        *((group.id, group.type.name, group.base) for group in ordered.fighters),
    ]
    units = [
        Place(name, shown, "fire_unit", position, _lost(lost_s))
        for (name, shown, position), lost_s in zip(named, block.unit_lost_s[0], strict=True)
    ]
    sensors = [
        Place(sensor.id, sensor.type.name, "sensor", sensor.position, _lost(lost_s))
        for sensor, lost_s in zip((*ordered.sensors, *ordered.airborne), block.sensor_lost_s[0], strict=True)
        if not sensor.fire_unit
    ]
    return (*assets, *units, *sensors)


def _lost(lost_s: float) -> float:
    """Return when the raid took something; what was out of action from the start (-inf) was not taken by it."""
    return float(lost_s) if np.isfinite(lost_s) else float("nan")
