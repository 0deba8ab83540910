"""The one schema of every results table, and the way from a block to tables and back.

Columns of `rows` stand in the order of the line a threat follows. Ids, types, fates and causes are dictionary strings;
"never" and "none" are null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shieldwall.results.column import numbers, texts, truths
from shieldwall.results.consequence import Alarms, Impacts, Outages
from shieldwall.results.event import EventKind
from shieldwall.results.row import AIR_COUNTS, Block, Cause, Fate, Roster
from shieldwall.results.traffic import Mistaken, Traffic

_ID = pa.dictionary(pa.int32(), pa.string())
_NUMBER = pa.int32()
_SECONDS = pa.float64()

SCHEMAS: dict[str, pa.Schema] = {
    "rows": pa.schema(
        [
            ("replication", _NUMBER),
            ("threat", _ID),
            ("type", _ID),
            ("decoy", pa.bool_()),
            ("start_s", _SECONDS),
            ("path", _ID),
            ("first_track_s", _SECONDS),
            ("first_sensor", _ID),
            ("engageable_s", _SECONDS),
            ("duplicates", _NUMBER),
            ("rounds", _NUMBER),
            ("weapon", _ID),
            ("fate", _ID),
            ("cause", _ID),
            ("end_s", _SECONDS),
            ("target", _ID),
            ("damage", pa.float64()),
        ]
    ),
    "weapons": pa.schema(
        [
            ("replication", _NUMBER),
            ("weapon", _ID),
            ("fire_unit", _ID),
            ("effector", _ID),
            ("fired", _NUMBER),
            ("left", _NUMBER),
            ("lost", _NUMBER),
            ("empty_s", _SECONDS),
        ]
    ),
    "targets": pa.schema([("replication", _NUMBER), ("target", _ID), ("remaining", pa.float64())]),
    # `unavailable`: out of action from the start, so that it was never lost to the raid
    "losses": pa.schema(
        [("replication", _NUMBER), ("kind", _ID), ("lost", _ID), ("unavailable", pa.bool_()), ("lost_s", _SECONDS)]
    ),
    # one row a group of aircraft; hours, and tanks of fuel; see row.AIR_COUNTS
    "fighters": pa.schema(
        [
            ("replication", _NUMBER),
            ("fighter", _ID),
            ("type", _ID),
            *((name, pa.float64()) for name in AIR_COUNTS),
        ]
    ),
    # friendly and civil aircraft; `mistaken` is why one was shot down
    "traffic": pa.schema(
        [
            ("replication", _NUMBER),
            ("flight", _ID),
            ("type", _ID),
            ("side", _ID),
            ("start_s", _SECONDS),
            ("path", _ID),
            ("first_track_s", _SECONDS),
            ("first_sensor", _ID),
            ("rounds", _NUMBER),
            ("weapon", _ID),
            ("shot_down", pa.bool_()),
            ("mistaken", _ID),
            ("end_s", _SECONDS),
        ]
    ),
    "events": pa.schema(
        [
            ("replication", _NUMBER),
            ("time_s", _SECONDS),
            ("kind", _ID),
            ("threat", _ID),
            ("weapon", _ID),
            ("sensor", _ID),
            ("value", pa.float64()),
        ]
    ),
    # hits where people live; `warning_s` is how long an alert had been on, `unwarned` the same hit without any
    "impacts": pa.schema(
        [
            ("replication", _NUMBER),
            ("threat", _ID),
            ("hour", pa.float64()),
            ("warning_s", _SECONDS),
            ("casualties", _NUMBER),
            ("unwarned", _NUMBER),
        ]
    ),
    "outages": pa.schema(
        [("replication", _NUMBER), ("service", _ID), ("lost", pa.float64()), ("short_h", pa.float64())]
    ),
    # `lead_s` is null where nobody noticed the raid before its first launch
    "alarms": pa.schema([("replication", _NUMBER), ("lead_s", _SECONDS), ("raised", pa.bool_())]),
}
LOSS_KINDS = ("sensor", "fire_unit")


def words(kind: type[IntEnum]) -> tuple[str, ...]:
    """Return the lower_snake names of an enumeration, by value; results tables and JSON use them."""
    return tuple(member.name.lower() for member in kind)


def fire_unit_of(roster: Roster) -> tuple[str, ...]:
    """Return the fire unit's id of each weapon, shape (W,): a weapon's id is "fire unit/effector"."""
    return tuple(
        weapon.removesuffix(f"/{effector}") for weapon, effector in zip(roster.weapon, roster.effector, strict=True)
    )


def to_tables(block: Block, roster: Roster, *, events: bool) -> dict[str, pa.Table]:
    """Return the tables of a block by name; `events` only if asked for, others where the block has them."""
    tables = {
        "rows": _rows(block, roster),
        "weapons": _weapons(block, roster),
        "targets": _targets(block, roster),
        "losses": _losses(block, roster),
    }
    if block.air is not None:
        tables["fighters"] = _fighters(block.first, block.air, roster)
    if block.traffic is not None:
        tables["traffic"] = _traffic(block.first, block.traffic, roster)
    if block.impacts is not None:
        tables["impacts"] = _impacts(block.impacts, roster)
    if block.outages is not None:
        tables["outages"] = _outages(block.first, block.outages, roster)
    if block.alarms is not None:
        tables["alarms"] = _alarms(block.first, block.alarms)
    return tables | {"events": _events(block, roster)} if events else tables


def row_counts(replications: int, roster: Roster) -> dict[str, int]:
    """Return how many rows a whole block's tables have, for those whose number does not depend on chance."""
    return {
        "rows": replications * len(roster.threat),
        "weapons": replications * len(roster.weapon),
        "targets": replications * len(roster.target),
        "fighters": replications * len(roster.fighter),
        "traffic": replications * len(roster.flight),
        "outages": replications * len(roster.service),
        "alarms": replications,
    }


def _table(name: str, columns: Sequence[pa.Array]) -> pa.Table:
    return pa.Table.from_arrays(list(columns), schema=SCHEMAS[name])


def _ids(index: NDArray[Any], names: Sequence[str]) -> pa.DictionaryArray:
    """Return index (any shape, -1 = none) as dictionary strings."""
    flat = np.ascontiguousarray(index, dtype=np.int32).ravel()
    return pa.DictionaryArray.from_arrays(numbers(flat, _NUMBER, flat < 0), texts(tuple(names)))


def _repeated(names: Sequence[str], each: Sequence[str], replications: int) -> pa.DictionaryArray:
    """Return `each` once a replication, in dictionary strings over `names`."""
    place = {name: i for i, name in enumerate(names)}
    return _ids(np.tile(np.array([place[e] for e in each], dtype=np.int32), replications), names)


def _replication(block: Block, size: int) -> pa.Array:
    first, count = block.first, block.fate.shape[0]
    return numbers(np.repeat(np.arange(first, first + count, dtype=np.int32), size), _NUMBER)


def _seconds(values: NDArray[np.float64]) -> pa.Array:
    return numbers(values, _SECONDS, np.isnan(values))


def _numbers(values: NDArray[Any]) -> pa.Array:
    return numbers(values, _NUMBER)


def _rows(block: Block, roster: Roster) -> pa.Table:
    replications, threats = block.fate.shape
    cause = block.cause.astype(np.int32) - 1  # NONE is null
    columns = [
        _replication(block, threats),
        _ids(np.tile(np.arange(threats, dtype=np.int32), replications), roster.threat),
        _repeated(tuple(sorted(set(roster.threat_type))), roster.threat_type, replications),
        truths(block.decoy),
        numbers(block.start_s, _SECONDS),
        _ids(block.path, roster.path_label),
        _seconds(block.first_track_s),
        _ids(block.first_sensor, roster.sensor),
        _seconds(block.engageable_s),
        _numbers(block.duplicates),
        _numbers(block.rounds),
        _ids(block.weapon, roster.weapon),
        _ids(block.fate, words(Fate)),
        _ids(cause, words(Cause)[1:]),
        numbers(block.end_s, _SECONDS),
        _ids(block.target, roster.target),
        numbers(block.damage, _SECONDS),
    ]
    return _table("rows", columns)


def _weapons(block: Block, roster: Roster) -> pa.Table:
    replications, weapons = block.fired.shape
    units = fire_unit_of(roster)
    columns = [
        _replication(block, weapons),
        _repeated(roster.weapon, roster.weapon, replications),
        _repeated(tuple(sorted(set(units))), units, replications),
        _repeated(tuple(sorted(set(roster.effector))), roster.effector, replications),
        _numbers(block.fired),
        _numbers(block.left),
        _numbers(block.lost),
        _seconds(block.empty_s),
    ]
    return _table("weapons", columns)


def _targets(block: Block, roster: Roster) -> pa.Table:
    replications, targets = block.remaining.shape
    columns = [
        _replication(block, targets),
        _repeated(roster.target, roster.target, replications),
        numbers(block.remaining, _SECONDS),
    ]
    return _table("targets", columns)


def _losses(block: Block, roster: Roster) -> pa.Table:
    """Return one row for each sensor or fire unit lost or unavailable (lost at -inf); what survived has no row."""
    lost = np.concatenate((block.sensor_lost_s, block.unit_lost_s), axis=1)
    replication, entity = np.nonzero(~np.isnan(lost))
    kind = (entity >= len(roster.sensor)).astype(np.int32)
    when = lost[replication, entity]
    unavailable = np.isneginf(when)
    columns = [
        numbers(replication + block.first, _NUMBER),
        _ids(kind, LOSS_KINDS),
        _ids(entity, roster.sensor + roster.fire_unit),
        truths(unavailable),
        numbers(when, _SECONDS, unavailable),
    ]
    return _table("losses", columns)


def _fighters(first: int, air: NDArray[np.float64], roster: Roster) -> pa.Table:
    replications, groups, _ = air.shape
    columns = [
        numbers(np.repeat(np.arange(first, first + replications), groups), _NUMBER),
        _repeated(roster.fighter, roster.fighter, replications),
        _repeated(tuple(sorted(set(roster.fighter_type))), roster.fighter_type, replications),
        *(numbers(air[:, :, k].ravel(), _SECONDS) for k in range(len(AIR_COUNTS))),
    ]
    return _table("fighters", columns)


def _events(block: Block, roster: Roster) -> pa.Table:
    columns = [
        _numbers(block.event_replication),
        numbers(block.event_time_s, _SECONDS),
        _ids(block.event_kind, words(EventKind)),
        _ids(block.event_threat, roster.threat + roster.flight),
        _ids(block.event_weapon, roster.weapon),
        _ids(block.event_sensor, roster.sensor),
        numbers(block.event_value, _SECONDS),
    ]
    return _table("events", columns)


def _traffic(first: int, traffic: Traffic, roster: Roster) -> pa.Table:
    replications, flights = traffic.end_s.shape
    mistaken = traffic.mistaken.astype(np.int32) - 1  # NONE is null
    columns = [
        _numbers(np.repeat(np.arange(first, first + replications), flights)),
        _repeated(roster.flight, roster.flight, replications),
        _repeated(tuple(sorted(set(roster.flight_type))), roster.flight_type, replications),
        _repeated(tuple(sorted(set(roster.flight_side))), roster.flight_side, replications),
        numbers(traffic.start_s, _SECONDS),
        _ids(traffic.path, roster.path_label),
        _seconds(traffic.first_track_s),
        _ids(traffic.first_sensor, roster.sensor),
        _numbers(traffic.rounds),
        _ids(traffic.weapon, roster.weapon),
        truths(traffic.shot_down),
        _ids(mistaken, words(Mistaken)[1:]),
        numbers(traffic.end_s, _SECONDS),
    ]
    return _table("traffic", columns)


def _impacts(impacts: Impacts, roster: Roster) -> pa.Table:
    columns = [
        _numbers(impacts.replication),
        _ids(impacts.threat, roster.threat),
        numbers(impacts.hour, _SECONDS),
        numbers(impacts.warning_s, _SECONDS),
        _numbers(impacts.casualties),
        _numbers(impacts.unwarned),
    ]
    return _table("impacts", columns)


def _outages(first: int, outages: Outages, roster: Roster) -> pa.Table:
    replications, services = outages.lost.shape
    columns = [
        _numbers(np.repeat(np.arange(first, first + replications), services)),
        _repeated(roster.service, roster.service, replications),
        numbers(outages.lost, _SECONDS),
        numbers(outages.short_h, _SECONDS),
    ]
    return _table("outages", columns)


def _alarms(first: int, alarms: Alarms) -> pa.Table:
    replications = alarms.raised.shape[0]
    columns = [
        _numbers(np.arange(first, first + replications)),
        numbers(alarms.lead_s, _SECONDS, np.isneginf(alarms.lead_s)),
        truths(alarms.raised),
    ]
    return _table("alarms", columns)


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
