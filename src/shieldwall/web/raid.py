"""One raid as the page reads it: paths that many threats share, columns of threats, shots and events, magazines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shieldwall.engine.roster import aloft, goals_of, in_order
from shieldwall.raid.paths import build_paths
from shieldwall.replay.salvos import OUTCOMES, Fired, salvos_fired
from shieldwall.results.event import EventKind
from shieldwall.results.row import Block
from shieldwall.results.traffic import Traffic
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Paths
from shieldwall.web.columns import Int, deltas, milliseconds
from shieldwall.web.laydown import magazines_of, shifted
from shieldwall.web.thin import thinned

Plain = dict[str, Any]
_PLACES = 1e5
_TENTHS = 10.0


def paths_of(scenario: Scenario) -> Paths:
    """Return the paths of a scenario as the engine flies them: the raid's, then those of friends and civil aircraft."""
    flying = aloft(in_order(scenario))
    return build_paths(flying.salvos, [(goal.id, goal.position) for goal in goals_of(flying)])


def raid(block: Block, ordered: Scenario, paths: Paths) -> Plain:
    """Return a raid: its replay's document without the run's name and the replication's number.

    Parameters
    ----------
    block : of this replication alone, with its events
    ordered : the scenario in order
    paths : of the scenario
    """
    own = block.path[0] if block.traffic is None else np.concatenate([block.path[0], block.traffic.path[0]])
    used = np.unique(own)
    place = np.full(paths.salvo.shape[0], -1, np.int64)
    place[used] = np.arange(used.size)
    return {"paths": path_columns(paths, used), **columns_of(block, ordered, place)}


def columns_of(block: Block, ordered: Scenario, place: Int) -> Plain:
    """Return all of a raid but its paths; `place` gives a path's index among those that are sent.

    What is shot at beyond the threats are flights, in their order.
    """
    shots = salvos_fired(block)
    times_s = np.concatenate([block.start_s[0], block.end_s[0], [shot.met_s for shot in shots]])
    times_s = times_s[np.isfinite(times_s)]
    return {
        "span": milliseconds(np.array((times_s.min(initial=np.inf), times_s.max(initial=-np.inf)))),
        "threats": threat_columns(block, ordered, place),
        **({} if block.traffic is None else {"flights": flight_columns(block.traffic, ordered, place)}),
        "shots": shot_columns(shots),
        "events": event_columns(block, place),
        "magazines": magazines(block, ordered),
        "lost": {
            "units": _lost(block.unit_lost_s[0]),
            "sensors": _lost(block.sensor_lost_s[0]),
        },
        "out": {
            "units": np.flatnonzero(np.isneginf(block.unit_lost_s[0])).tolist(),
            "sensors": np.flatnonzero(np.isneginf(block.sensor_lost_s[0])).tolist(),
        },
    }


def path_columns(paths: Paths, used: Int) -> Plain:
    """Return the paths `used` thinned, each with its own differences: milliseconds, 1e-5 degrees, metres."""
    counts: list[int] = []
    columns: dict[str, list[int]] = {"t": [], "lon": [], "lat": [], "h": []}
    for p in used.tolist():
        rows = slice(int(paths.ptr[p]), int(paths.ptr[p + 1]))
        time_s = np.arange(rows.stop - rows.start) * paths.step_s[p]
        longitude = np.degrees(np.unwrap(np.radians(paths.longitude_deg[rows])))
        latitude, height_m = paths.latitude_deg[rows], paths.height_m[rows]
        kept = thinned(latitude, longitude, height_m)
        counts.append(int(kept.size))
        for name, values, unit in (
            ("t", time_s, 1000.0),
            ("lon", longitude, _PLACES),
            ("lat", latitude, _PLACES),
            ("h", height_m, 1.0),
        ):
            columns[name] += deltas(np.rint(values[kept] * unit).astype(np.int64))
    return {"n": counts, **columns}


def threat_columns(block: Block, ordered: Scenario, place: Int) -> Plain:
    """Return one row a threat; `place` gives the index among the paths that are sent."""
    types = sorted({salvo.type.id for salvo in ordered.salvos})
    counts = [salvo.count for salvo in ordered.salvos]
    return {
        "salvo": np.repeat(np.arange(len(counts)), counts).tolist(),
        "number": [number for count in counts for number in range(1, count + 1)],
        "type": np.repeat([types.index(salvo.type.id) for salvo in ordered.salvos], counts).tolist(),
        "path": place[block.path[0]].tolist(),
        "start": milliseconds(block.start_s[0]),
        "end": milliseconds(block.end_s[0]),
        "fate": block.fate[0].tolist(),
        "cause": block.cause[0].tolist(),
        "decoy": block.decoy[0].astype(np.int64).tolist(),
        "target": shifted(block.target[0], ordered).tolist(),
        "weapon": block.weapon[0].tolist(),
        "track": milliseconds(block.first_track_s[0]),
        "sensor": block.first_sensor[0].tolist(),
        "engageable": milliseconds(block.engageable_s[0]),
        "rounds": block.rounds[0].tolist(),
        "damage": np.rint(block.damage[0] * _TENTHS).astype(np.int64).tolist(),
    }


def flight_columns(traffic: Traffic, ordered: Scenario, place: Int) -> Plain:
    """Return one row a friendly or civil aircraft; one that still flies has no end."""
    counts = [flight.count for flight in ordered.traffic]
    return {
        "entry": np.repeat(np.arange(len(counts)), counts).tolist(),
        "number": [number for count in counts for number in range(1, count + 1)],
        "path": place[traffic.path[0]].tolist(),
        "start": milliseconds(traffic.start_s[0]),
        "end": milliseconds(traffic.end_s[0]),
        "down": traffic.shot_down[0].astype(np.int64).tolist(),
        "why": np.where(traffic.shot_down[0], traffic.mistaken[0], 0).tolist(),
        "weapon": traffic.weapon[0].tolist(),
        "track": milliseconds(traffic.first_track_s[0]),
        "sensor": traffic.first_sensor[0].tolist(),
        "rounds": traffic.rounds[0].tolist(),
    }


def shot_columns(shots: Sequence[Fired]) -> Plain:
    """Return one row a salvo, by the time of its order; one still on its way has neither time nor outcome."""
    shots = sorted(shots, key=lambda shot: shot.ordered_s)
    return {
        "weapon": [shot.weapon for shot in shots],
        "threat": [shot.threat for shot in shots],
        "shots": [shot.shots for shot in shots],
        "ordered": milliseconds(np.array([shot.ordered_s for shot in shots], dtype=np.float64)),
        "met": milliseconds(np.array([shot.met_s for shot in shots], dtype=np.float64)),
        "outcome": [OUTCOMES.index(shot.outcome) if shot.outcome else -1 for shot in shots],
    }


def event_columns(block: Block, place: Int) -> Plain:
    """Return one row an event, by time; a launch's value is its path among those sent, a hit's its damage."""
    kind, value = block.event_kind.astype(np.int64), block.event_value.copy()
    launched = kind == EventKind.LAUNCHED
    value[launched] = place[value[launched].astype(np.int64)]
    value[kind == EventKind.HIT] *= _TENTHS
    return {
        "t": deltas(np.rint(block.event_time_s * 1000.0).astype(np.int64)),
        "kind": kind.tolist(),
        "threat": block.event_threat.tolist(),
        "weapon": block.event_weapon.tolist(),
        "sensor": block.event_sensor.tolist(),
        "value": np.rint(value).astype(np.int64).tolist(),
    }


def magazines(block: Block, ordered: Scenario) -> Plain:
    """Return the rounds of every weapon that fired, loaded or was lost: ready, and in reserve or being loaded."""
    magazines_by_unit = magazines_of(ordered)
    given = [weapon for weapons in magazines_by_unit for weapon in weapons]
    ready, reserve = [one.ready_rounds for one in given], [one.reserve_rounds for one in given]
    first = np.cumsum([0, *(len(weapons) for weapons in magazines_by_unit)]).tolist()
    lost_s = block.unit_lost_s[0]
    steps: dict[int, list[tuple[float, int, int]]] = {}
    kinds = (EventKind.FIRED, EventKind.RELOADED)
    columns = (block.event_time_s, block.event_kind, block.event_weapon, block.event_value)
    for time_s, kind, weapon, value in zip(*(column.tolist() for column in columns), strict=True):
        if kind not in kinds:
            continue
        if kind == EventKind.FIRED:
            ready[weapon] -= int(value) * given[weapon].effector.rounds_per_shot
            if ready[weapon] < 0:  # aircraft were loaded again meanwhile, of which no event tells
                reserve[weapon], ready[weapon] = reserve[weapon] + ready[weapon], 0
        else:
            ready[weapon] += int(value)
            reserve[weapon] -= int(value)
        steps.setdefault(weapon, []).append((time_s, ready[weapon], reserve[weapon]))
    for u in np.flatnonzero(np.isfinite(lost_s)).tolist():
        for weapon in range(first[u], first[u + 1]):
            steps.setdefault(weapon, []).append((float(lost_s[u]), 0, 0))
    return _steps(steps)


def _steps(steps: dict[int, list[tuple[float, int, int]]]) -> Plain:
    weapons = sorted(steps)
    times = [np.rint(np.array([step[0] for step in steps[w]]) * 1000.0).astype(np.int64) for w in weapons]
    return {
        "weapon": weapons,
        "n": [len(steps[w]) for w in weapons],
        "t": [delta for time in times for delta in deltas(time)],
        "ready": [step[1] for w in weapons for step in steps[w]],
        "reserve": [step[2] for w in weapons for step in steps[w]],
    }


def _lost(lost_s: Any) -> list[list[int | None]]:
    which = np.flatnonzero(np.isfinite(lost_s))
    return [[int(index), when] for index, when in zip(which, milliseconds(lost_s[which]), strict=True)]
