"""From tables back to the block that they were made of, to the bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shieldwall.results.consequence import Alarms, Impacts, Outages
from shieldwall.results.event import EventKind
from shieldwall.results.row import AIR_COUNTS, Block, Cause, Fate, Roster
from shieldwall.results.schema import LOSS_KINDS, SCHEMAS, words
from shieldwall.results.traffic import Mistaken, Traffic


def to_block(tables: Mapping[str, pa.Table], first: int, replications: int, roster: Roster) -> Block:
    """Return the block that `to_tables` made these tables of, to the bit."""
    rows, weapons, targets = tables["rows"], tables["weapons"], tables["targets"]
    by_threat = (replications, len(roster.threat))
    by_weapon = (replications, len(roster.weapon))
    sensor_lost_s, unit_lost_s = _lost(tables["losses"], first, replications, roster)
    return Block(
        first=first,
        decoy=_values(rows, "decoy").astype(np.bool_).reshape(by_threat),
        start_s=_values(rows, "start_s").reshape(by_threat),
        path=_index(rows, "path", roster.path_label).reshape(by_threat),
        first_track_s=_values(rows, "first_track_s").reshape(by_threat),
        first_sensor=_index(rows, "first_sensor", roster.sensor).reshape(by_threat),
        engageable_s=_values(rows, "engageable_s").reshape(by_threat),
        duplicates=_values(rows, "duplicates").astype(np.int64).reshape(by_threat),
        rounds=_values(rows, "rounds").astype(np.int64).reshape(by_threat),
        weapon=_index(rows, "weapon", roster.weapon).reshape(by_threat),
        fate=_index(rows, "fate", words(Fate)).astype(np.int8).reshape(by_threat),
        cause=(_index(rows, "cause", words(Cause)[1:]) + 1).astype(np.int8).reshape(by_threat),
        end_s=_values(rows, "end_s").reshape(by_threat),
        target=_index(rows, "target", roster.target).reshape(by_threat),
        damage=_values(rows, "damage").reshape(by_threat),
        fired=_values(weapons, "fired").astype(np.int64).reshape(by_weapon),
        left=_values(weapons, "left").astype(np.int64).reshape(by_weapon),
        lost=_values(weapons, "lost").astype(np.int64).reshape(by_weapon),
        empty_s=_values(weapons, "empty_s").reshape(by_weapon),
        remaining=_values(targets, "remaining").reshape(replications, len(roster.target)),
        sensor_lost_s=sensor_lost_s,
        unit_lost_s=unit_lost_s,
        **_event_arrays(tables.get("events", SCHEMAS["events"].empty_table()), roster),
        impacts=_impact_arrays(tables["impacts"], roster) if "impacts" in tables else None,
        outages=_outage_arrays(tables["outages"], (replications, len(roster.service))) if "outages" in tables else None,
        alarms=_alarm_arrays(tables["alarms"]) if "alarms" in tables else None,
        air=_air(tables, replications, roster),
        traffic=_traffic_arrays(tables["traffic"], replications, roster) if roster.flight else None,
    )


def _air(tables: Mapping[str, pa.Table], replications: int, roster: Roster) -> NDArray[np.float64] | None:
    """Return what was counted of the groups of aircraft, (R, J, AIR_COUNTS); None for none."""
    if not roster.fighter:
        return None
    shape = (replications, len(roster.fighter))
    columns = [_values(tables["fighters"], name).reshape(shape) for name in AIR_COUNTS]
    return np.ascontiguousarray(np.stack(columns, axis=2))


def _traffic_arrays(table: pa.Table, replications: int, roster: Roster) -> Traffic:
    shape = (replications, len(roster.flight))
    return Traffic(
        start_s=_values(table, "start_s").reshape(shape),
        path=_index(table, "path", roster.path_label).reshape(shape),
        first_track_s=_values(table, "first_track_s").reshape(shape),
        first_sensor=_index(table, "first_sensor", roster.sensor).reshape(shape),
        rounds=_values(table, "rounds").astype(np.int64).reshape(shape),
        weapon=_index(table, "weapon", roster.weapon).reshape(shape),
        shot_down=_values(table, "shot_down").astype(np.bool_).reshape(shape),
        mistaken=(_index(table, "mistaken", words(Mistaken)[1:]) + 1).astype(np.int8).reshape(shape),
        end_s=_values(table, "end_s").reshape(shape),
    )


def _impact_arrays(table: pa.Table, roster: Roster) -> Impacts:
    return Impacts(
        replication=_values(table, "replication").astype(np.int64),
        threat=_index(table, "threat", roster.threat),
        hour=_values(table, "hour"),
        warning_s=_values(table, "warning_s"),
        casualties=_values(table, "casualties").astype(np.int64),
        unwarned=_values(table, "unwarned").astype(np.int64),
    )


def _outage_arrays(table: pa.Table, shape: tuple[int, int]) -> Outages:
    return Outages(_values(table, "lost").reshape(shape), _values(table, "short_h").reshape(shape))


def _alarm_arrays(table: pa.Table) -> Alarms:
    lead_s = _values(table, "lead_s")
    return Alarms(np.where(np.isnan(lead_s), -np.inf, lead_s), _values(table, "raised").astype(np.bool_))


def _values(table: pa.Table, name: str) -> NDArray[Any]:
    """Return a column without its nulls' meaning lost: null is NaN."""
    column = table.column(name)
    if pa.types.is_floating(column.type):
        column = column.fill_null(float("nan"))
    return np.asarray(column.to_numpy())


def _index(table: pa.Table, name: str, names: Sequence[str]) -> NDArray[np.int64]:
    """Return a dictionary column as int64 indices into `names`, -1 for null."""
    column = table.column(name).unify_dictionaries().combine_chunks()
    parts = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    place = {known: i for i, known in enumerate(names)}
    found = [np.zeros(0, dtype=np.int64)]
    for part in parts:
        # one place more, so that the null's -1 finds -1
        to = np.array([*(place[word] for word in part.dictionary.to_pylist()), -1], dtype=np.int64)
        found.append(to[part.indices.fill_null(-1).to_numpy(zero_copy_only=False)])
    return np.concatenate(found)


def _lost(
    losses: pa.Table, first: int, replications: int, roster: Roster
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (sensor_lost_s (R, Q), unit_lost_s (R, U)), NaN where not lost."""
    sensors = len(roster.sensor)
    lost = np.full((replications, sensors + len(roster.fire_unit)), np.nan)
    replication = _values(losses, "replication").astype(np.int64) - first
    is_unit = _index(losses, "kind", LOSS_KINDS) == 1
    name = losses.column("lost").to_pylist()
    sensor_at = {known: i for i, known in enumerate(roster.sensor)}
    unit_at = {known: sensors + i for i, known in enumerate(roster.fire_unit)}
    entity = np.array(
        [(unit_at if unit else sensor_at)[n] for unit, n in zip(is_unit, name, strict=True)], dtype=np.int64
    )
    when = _values(losses, "lost_s")
    lost[replication, entity] = np.where(_values(losses, "unavailable").astype(np.bool_), -np.inf, when)
    return lost[:, :sensors].copy(), lost[:, sensors:].copy()


def _event_arrays(events: pa.Table, roster: Roster) -> dict[str, NDArray[Any]]:
    return {
        "event_replication": _values(events, "replication").astype(np.int64),
        "event_time_s": _values(events, "time_s"),
        "event_kind": _index(events, "kind", words(EventKind)).astype(np.int8),
        "event_threat": _index(events, "threat", roster.threat + roster.flight),
        "event_weapon": _index(events, "weapon", roster.weapon),
        "event_sensor": _index(events, "sensor", roster.sensor),
        "event_value": _values(events, "value"),
    }
