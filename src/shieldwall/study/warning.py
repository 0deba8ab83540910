"""Tell how much warning there is: from first track, identification and predicted impact point to impact.

Geometry gives when each path is in sight of each sensor; the law of detection that raids are played with gives when
that makes a track, drawn many times over. Every level of integration and every layer of sensors (all of one kind) is
looked at on the same luck. The answer is what an asset would be told, before anything is shot.

An asset is told what the network sees to which its nearest fire unit belongs (without fire units, its nearest sensor).
The impact point of an arc (ballistic, quasi-ballistic) is known as soon as a sensor that measures places, any but the
space-based, has tracked it and looked `hits_to_track` times more; that of all else, which may turn, at the dive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from shieldwall.battle_management.doctrine import Integration
from shieldwall.catalogue.load import load_catalogue
from shieldwall.core.compiled import kernel, njit, where_given
from shieldwall.core.geodesy import ground_distance_m
from shieldwall.core.position import Position
from shieldwall.core.random import COMMAND, actor_hash, draw
from shieldwall.engine.networks import network_of
from shieldwall.engine.pack_defence import pack_sensors
from shieldwall.engine.pack_watch import pack_watch
from shieldwall.engine.roster import in_order
from shieldwall.engine.rows import stay_numbers
from shieldwall.engine.windows import Geometry, compute_geometry
from shieldwall.scenario.types import Scenario
from shieldwall.state import Search, new_search
from shieldwall.study import intelligence
from shieldwall.surveillance.track import first_track
from shieldwall.surveillance.watch import seek
from shieldwall.tables import DETECTION, Part, Records, filled

Float = NDArray[np.float64]
Int = NDArray[np.int64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LEVELS: tuple[Integration, ...] = get_args(Integration)
_ARCS = ("ballistic", "quasi_ballistic")
_FROM_SPACE = "space_infrared"


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of warning times, seconds; `none` is the share without warning, which counts as 0 s."""

    mean_s: float
    quantile_s: tuple[float, ...]
    none: float

    def to_json(self) -> dict[str, Any]:
        """Return it by name."""
        named = {f"p{100 * q:02.0f}_s": value for q, value in zip(QUANTILES, self.quantile_s, strict=True)}
        return {"mean_s": self.mean_s, **named, "none": self.none}


@dataclass(frozen=True, slots=True)
class WarningTime:
    """Warning of one asset of one threat type at one level of integration with some layers of sensors.

    `first` counts from whatever comes first: intelligence before launch, or the first track.
    """

    asset: str
    threat_type: str
    integration: str
    layers: str
    flight_s: float
    track: Spread
    identified: Spread
    impact_point: Spread
    first: Spread

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        names = ("first", "track", "identified", "impact_point")
        spreads: dict[str, Spread] = {key: getattr(self, key) for key in names}
        words = {key: getattr(self, key) for key in ("asset", "threat_type", "integration", "layers", "flight_s")}
        return words | {key: spread.to_json() for key, spread in spreads.items()}


def warning_times(scenario: Scenario, *, draws: int = 200, seed: int = 1, threads: int = 1) -> tuple[WarningTime, ...]:
    """Return the warning of every asset of every threat type that may come at it.

    Parameters
    ----------
    scenario : who comes, who sees
    draws : of the detections on each path
    seed : the same seed gives the same times

    Returns
    -------
    by asset, type, level of integration (the scenario's own too), then layers: "all", "without KIND", "only KIND".
    Intelligence is one of the kinds where a salvo's launchers may be seen before launch

    Limits
    ------
    Geometry as in raids, look by look where the scenario asks for that; no debris; links pass tracks on at once, and
    every sensor is available.
    """
    ordered = in_order(scenario)
    geometry = sight_only(ordered, threads=threads)
    kinds: list[str] = sorted({s.type.kind for s in ordered.sensors})
    of_asset = homes(ordered)
    lead_s = None
    if intelligence.watches(ordered):
        kinds.append(intelligence.LAYER)
        lead_s = intelligence.leads_s(ordered, geometry.paths, draws, seed)
    found = []
    for level in LEVELS:
        identification_s = _identification_s(ordered, level)
        for layers, chosen in _layers(kinds):
            telling = allowed(replace(ordered, command=replace(ordered.command, integration=level)), of_asset, chosen)
            drawn = times(ordered, geometry, telling, identification_s, draws, seed)
            first_s = drawn[0]
            if lead_s is not None and intelligence.LAYER in chosen:
                first_s = np.minimum(first_s, intelligence.told_s(ordered, geometry.paths, lead_s, level))
            found += by_asset(ordered, geometry, level, layers, (*drawn, first_s))
    return tuple(sorted(found, key=lambda w: (w.asset, w.threat_type)))


def sight_only(scenario: Scenario, *, threads: int = 1) -> Geometry:
    """Return paths and stays in sight, without weapons and zones."""
    unarmed = tuple(replace(unit, weapons=()) for unit in scenario.fire_units)
    return compute_geometry(replace(scenario, fire_units=unarmed, soft_kill_zones=()), threads=threads)


def _layers(kinds: Sequence[str]) -> list[tuple[str, set[str]]]:
    """Return the sets of kinds of sensors to look at, with their names."""
    rest = [(f"without {kind}", set(kinds) - {kind}) for kind in kinds] if len(kinds) > 1 else []
    only = [(f"only {kind}", {kind}) for kind in kinds] if len(kinds) > 1 else []
    return [("all", set(kinds)), *rest, *only]


def _identification_s(scenario: Scenario, level: Integration) -> float:
    """Return the mean time to identify: the scenario's own at its level, the catalogue's at others."""
    if level == scenario.command.integration:
        return scenario.command.identification_s
    return load_catalogue().command[level].identification.si


def apart_m(a: Position, b: Position) -> float:
    """Return the distance of two places along the ground, metres."""
    return float(ground_distance_m(a.latitude_deg, a.longitude_deg, b.latitude_deg, b.longitude_deg))


def homes(scenario: Scenario) -> list[tuple[str, str]]:
    """Return sector and fire unit ("" for none) that each asset belongs to."""
    units = [(u.position, u.sector, u.id) for u in scenario.fire_units]
    near = units or [(s.position, s.sector, s.fire_unit) for s in scenario.sensors]
    if not near:
        return [("", "")] * len(scenario.assets)
    found = []
    for asset in scenario.assets:
        _, sector, unit = min(near, key=lambda one: (apart_m(one[0], asset.position), one[2]))
        found.append((sector, unit))
    return found


def allowed(scenario: Scenario, of_asset: Sequence[tuple[str, str]], kinds: set[str]) -> NDArray[np.bool_]:
    """Return which sensors (columns) tell which asset (rows) what they see, (assets, Q)."""
    theirs = [network_of(scenario, s.sector, s.fire_unit) for s in scenario.sensors]
    fits = [s.type.kind in kinds for s in scenario.sensors]
    own = [network_of(scenario, sector, unit) for sector, unit in of_asset]
    rows = [[f and net == home != "" for f, net in zip(fits, theirs, strict=True)] for home in own]
    return np.array(rows, bool).reshape(len(own), len(fits))


def times(
    scenario: Scenario, geometry: Geometry, telling: NDArray[np.bool_], identification_s: float, draws: int, seed: int
) -> tuple[Float, Float, Float]:
    """Return when paths are tracked, identified and their impact point is known, (P, D) seconds after launch."""
    paths, sensors = geometry.paths, pack_sensors(scenario)
    exponential = scenario.command.delay == "exponential"
    actors = np.array(
        [actor_hash(f"warning/{scenario.salvos[s].id}/{p}") for p, s in enumerate(paths.salvo)], np.uint64
    )
    begins_s = np.zeros(paths.salvo.size)
    if geometry.looks is not None:  # orbits and absences go by the clock
        begins_s = np.array([s.time_s for s in scenario.salvos])[paths.salvo]
        begins_s -= np.where(np.array([s.time_on_target for s in scenario.salvos])[paths.salvo], paths.duration_s, 0.0)
    measures = np.array([s.type.kind != _FROM_SPACE for s in scenario.sensors], bool)
    drawn = [
        _draw(
            *_rows(scenario, geometry, told, sensors), begins_s, actors, np.uint64(seed), draws, identification_s,
            exponential,
        )
        for told in (telling, telling & measures)
    ]  # fmt: skip
    (track_s, identified_s, _), (place_s, _, sensor) = drawn
    more_s = np.array([s.type.hits_to_track * s.type.scan_s for s in scenario.sensors] or [0.0])
    arc = np.array([s.type.path_kind in _ARCS for s in scenario.salvos], bool)[paths.salvo]
    last_m_s = [s.leg_speed_m_s[-1] if s.leg_speed_m_s else s.type.speed_m_s for s in scenario.salvos]
    turned_s = paths.duration_s - (np.array([s.type.dive_m for s in scenario.salvos]) / last_m_s)[paths.salvo]
    known_s = np.where(arc[:, None], place_s + more_s[sensor], np.maximum(place_s, turned_s[:, None]))
    return track_s, identified_s, known_s


class _Seen(NamedTuple):
    """What sees the paths: tables of sight as the kernels read them, without a command structure."""

    detections: Records
    sensors: Records
    watch: Part
    structure: Part = None


def _rows(
    scenario: Scenario, geometry: Geometry, telling: NDArray[np.bool_], sensors: Records
) -> tuple[Int, _Seen, Search]:
    """Return where each path's rows begin, what sees it of that which tells its target, and room to search in."""
    sight, target = geometry.sight if geometry.looks is None else geometry.looks, geometry.paths.target
    number = stay_numbers(sight.path, sight.place)
    keep = np.flatnonzero(telling[target[sight.path], sight.place]) if telling.size else np.zeros(0, np.int64)
    order = keep[np.lexsort((sight.place[keep], sight.enter_s[keep], sight.path[keep]))]
    first = np.searchsorted(sight.path[order], np.arange(target.size + 1)).astype(np.int64)
    rows = filled(
        DETECTION,
        {
            "sensor": sight.place[order],
            "number": number[order],
            "enter_s": sight.enter_s[order],
            "leave_s": sight.leave_s[order],
        },
    )
    watch = None if geometry.looks is None else pack_watch(scenario, geometry.looks, order, sight.path[order])
    return first, _Seen(rows, sensors, watch), new_search(1 if watch is None else int(watch.stays[0]), 1)


@kernel
def _by_one_chance(
    first: int, last: int, start_s: float, actor: np.uint64, tables: _Seen, lost_s: Float, search: Search,
    seed: np.uint64, replication: np.uint64,
) -> tuple[float, int]:  # fmt: skip
    return first_track(first, last, start_s, actor, tables.detections, tables.sensors, lost_s, seed, replication)


@where_given("watch", _by_one_chance)
def _track(
    first: int, last: int, start_s: float, actor: np.uint64, tables: Part, lost_s: Float, search: Search,
    seed: np.uint64, replication: np.uint64,
) -> tuple[float, int]:  # fmt: skip
    """Return the first track and its sensor, look by look where the scenario asks for it."""
    track_s, sensor, _ = seek(
        first, last, start_s, -np.inf, np.inf, 0, actor, tables, lost_s, search, seed, replication
    )
    return track_s, sensor


@njit(cache=True, nogil=True)
def _draw(
    first: Int,
    seen: _Seen,
    search: Search,
    begins_s: Float,
    actors: NDArray[np.uint64],
    seed: np.uint64,
    draws: int,
    identification_s: float,
    exponential: bool,
) -> tuple[Float, Float, Int]:
    """Return first track, identification (P, D) and the sensor that tracked first, 0 if none does (time inf)."""
    n_paths = actors.shape[0]
    track_s, identified_s = np.empty((n_paths, draws)), np.empty((n_paths, draws))
    sensor = np.zeros((n_paths, draws), np.int64)
    lost_s = np.full(seen.sensors.shape[0], np.inf)
    for p in range(n_paths):
        for d in range(draws):
            replication = np.uint64(d)
            made_s, q = _track(first[p], first[p + 1], begins_s[p], actors[p], seen, lost_s, search, seed, replication)
            track_s[p, d] = made_s - begins_s[p]
            sensor[p, d] = max(q, 0)
            wait_s = identification_s
            if exponential:
                wait_s *= -np.log(draw(seed, replication, COMMAND, actors[p], np.uint64(0)).a)
            identified_s[p, d] = track_s[p, d] + wait_s
    return track_s, identified_s, sensor


def by_asset(
    scenario: Scenario, geometry: Geometry, level: str, layers: str, drawn: tuple[Float, Float, Float, Float]
) -> list[WarningTime]:
    """Return the distributions over paths (by their chance and number) and draws, for each asset and type.

    `drawn` are (P, D) seconds after launch: first track, identified, impact point known, first of all.
    """
    paths = geometry.paths
    weight = paths.probability * np.array([s.count for s in scenario.salvos])[paths.salvo]
    kind = np.array([s.type.id for s in scenario.salvos])[paths.salvo]
    found = []
    for a, asset in enumerate(scenario.assets):
        for name in np.unique(kind[(paths.target == a) & (weight > 0.0)]):
            own = np.flatnonzero((paths.target == a) & (kind == name) & (weight > 0.0))
            left = [np.maximum(paths.duration_s[own][:, None] - time[own], 0.0) for time in drawn]
            spreads = [_spread(time_s, weight[own]) for time_s in left]
            flight_s = float(np.average(paths.duration_s[own], weights=weight[own]))
            found.append(WarningTime(asset.id, str(name), level, layers, flight_s, *spreads))
    return found


def _spread(left_s: Float, weight: Float) -> Spread:
    """Return the distribution of warning times (P, D), each row of a weight."""
    value = left_s.ravel()
    share = np.repeat(weight / weight.sum() / left_s.shape[1], left_s.shape[1])
    order = np.argsort(value, kind="stable")
    reached = np.searchsorted(np.cumsum(share[order]) + 1e-12, QUANTILES)
    quantiles = value[order][np.minimum(reached, value.size - 1)]
    return Spread(float(value @ share), tuple(float(q) for q in quantiles), float(share[value <= 0.0].sum()))
