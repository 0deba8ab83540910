"""From a block to tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shieldwall.results.column import numbers, texts, truths
from shieldwall.results.consequence import Alarms, Impacts, Outages
from shieldwall.results.event import EventKind
from shieldwall.results.row import AIR_COUNTS, Block, Cause, Fate, Roster
from shieldwall.results.schema import LOSS_KINDS, NUMBER, SCHEMAS, SECONDS, fire_unit_of, words
from shieldwall.results.traffic import Mistaken, Traffic


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


def _table(name: str, columns: Sequence[pa.Array]) -> pa.Table:
    return pa.Table.from_arrays(list(columns), schema=SCHEMAS[name])


def _ids(index: NDArray[Any], names: Sequence[str]) -> pa.DictionaryArray:
    """Return index (any shape, -1 = none) as dictionary strings."""
    flat = np.ascontiguousarray(index, dtype=np.int32).ravel()
    return pa.DictionaryArray.from_arrays(numbers(flat, NUMBER, flat < 0), texts(tuple(names)))


def _repeated(names: Sequence[str], each: Sequence[str], replications: int) -> pa.DictionaryArray:
    """Return `each` once a replication, in dictionary strings over `names`."""
    place = {name: i for i, name in enumerate(names)}
    return _ids(np.tile(np.array([place[e] for e in each], dtype=np.int32), replications), names)


def _replication(block: Block, size: int) -> pa.Array:
    first, count = block.first, block.fate.shape[0]
    return numbers(np.repeat(np.arange(first, first + count, dtype=np.int32), size), NUMBER)


def _seconds(values: NDArray[np.float64]) -> pa.Array:
    return numbers(values, SECONDS, np.isnan(values))


def _numbers(values: NDArray[Any]) -> pa.Array:
    return numbers(values, NUMBER)


def _rows(block: Block, roster: Roster) -> pa.Table:
    replications, threats = block.fate.shape
    cause = block.cause.astype(np.int32) - 1  # NONE is null
    columns = [
        _replication(block, threats),
        _ids(np.tile(np.arange(threats, dtype=np.int32), replications), roster.threat),
        _repeated(tuple(sorted(set(roster.threat_type))), roster.threat_type, replications),
        truths(block.decoy),
        numbers(block.start_s, SECONDS),
        _ids(block.path, roster.path_label),
        _seconds(block.first_track_s),
        _ids(block.first_sensor, roster.sensor),
        _seconds(block.engageable_s),
        _numbers(block.duplicates),
        _numbers(block.rounds),
        _ids(block.weapon, roster.weapon),
        _ids(block.fate, words(Fate)),
        _ids(cause, words(Cause)[1:]),
        numbers(block.end_s, SECONDS),
        _ids(block.target, roster.target),
        numbers(block.damage, SECONDS),
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
        numbers(block.remaining, SECONDS),
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
        numbers(replication + block.first, NUMBER),
        _ids(kind, LOSS_KINDS),
        _ids(entity, roster.sensor + roster.fire_unit),
        truths(unavailable),
        numbers(when, SECONDS, unavailable),
    ]
    return _table("losses", columns)


def _fighters(first: int, air: NDArray[np.float64], roster: Roster) -> pa.Table:
    replications, groups, _ = air.shape
    columns = [
        numbers(np.repeat(np.arange(first, first + replications), groups), NUMBER),
        _repeated(roster.fighter, roster.fighter, replications),
        _repeated(tuple(sorted(set(roster.fighter_type))), roster.fighter_type, replications),
        *(numbers(air[:, :, k].ravel(), SECONDS) for k in range(len(AIR_COUNTS))),
    ]
    return _table("fighters", columns)


def _events(block: Block, roster: Roster) -> pa.Table:
    columns = [
        _numbers(block.event_replication),
        numbers(block.event_time_s, SECONDS),
        _ids(block.event_kind, words(EventKind)),
        _ids(block.event_threat, roster.threat + roster.flight),
        _ids(block.event_weapon, roster.weapon),
        _ids(block.event_sensor, roster.sensor),
        numbers(block.event_value, SECONDS),
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
        numbers(traffic.start_s, SECONDS),
        _ids(traffic.path, roster.path_label),
        _seconds(traffic.first_track_s),
        _ids(traffic.first_sensor, roster.sensor),
        _numbers(traffic.rounds),
        _ids(traffic.weapon, roster.weapon),
        truths(traffic.shot_down),
        _ids(mistaken, words(Mistaken)[1:]),
        numbers(traffic.end_s, SECONDS),
    ]
    return _table("traffic", columns)


def _impacts(impacts: Impacts, roster: Roster) -> pa.Table:
    columns = [
        _numbers(impacts.replication),
        _ids(impacts.threat, roster.threat),
        numbers(impacts.hour, SECONDS),
        numbers(impacts.warning_s, SECONDS),
        _numbers(impacts.casualties),
        _numbers(impacts.unwarned),
    ]
    return _table("impacts", columns)


def _outages(first: int, outages: Outages, roster: Roster) -> pa.Table:
    replications, services = outages.lost.shape
    columns = [
        _numbers(np.repeat(np.arange(first, first + replications), services)),
        _repeated(roster.service, roster.service, replications),
        numbers(outages.lost, SECONDS),
        numbers(outages.short_h, SECONDS),
    ]
    return _table("outages", columns)


def _alarms(first: int, alarms: Alarms) -> pa.Table:
    replications = alarms.raised.shape[0]
    columns = [
        _numbers(np.arange(first, first + replications)),
        numbers(alarms.lead_s, SECONDS, np.isneginf(alarms.lead_s)),
        truths(alarms.raised),
    ]
    return _table("alarms", columns)
