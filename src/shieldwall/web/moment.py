"""A stepped raid as it stands: the block of a raid under way, in which only what has happened is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from shieldwall.engine.block import hostile_threats
from shieldwall.engine.step import SteppedRaid
from shieldwall.results.row import ROW_COLUMNS, Block, Fate
from shieldwall.results.traffic import Traffic
from shieldwall.state import (
    ARRIVES,
    LOG_ENGAGEABLE,
    LOG_FAILED,
    LOG_IDENTIFIED,
    LOG_SUPPRESSED,
    LOG_TRACK_LOST,
    LOG_TRACKED,
    LOG_USED,
)

FLYING = -1
# Written at launch; if the threat is gone by then they never happened.
_FORETOLD = (LOG_TRACKED, LOG_ENGAGEABLE, LOG_SUPPRESSED, LOG_FAILED, LOG_TRACK_LOST, LOG_IDENTIFIED)


def as_it_stands(raid: SteppedRaid, now_s: float) -> Block:
    """Return a block of one replication up to a moment.

    A threat that still flies has fate -1 and end NaN, one not yet launched start NaN as well. What got through counts
    as a hit until the end of the raid settles it, and has no cause yet. Friendly and civil aircraft stand apart.
    """
    tables, state = raid.tables, raid.state
    threats, weapons = state.threats, state.weapons
    launched = threats.start_s <= now_s
    ended = launched & (threats.end_s <= now_s)
    fate = np.where(threats.end == ARRIVES, int(Fate.LEAKED_HIT), threats.end)
    seen = launched & (threats.first_track_s <= now_s)
    log = state.log[: state.used[LOG_USED]]
    never = np.isin(log.kind, _FORETOLD) & (log.time_s > threats.end_s[log.threat])
    log = log[(log.time_s <= now_s) & ~never]
    log = log[np.argsort(log.time_s, kind="stable")]
    lost_unit_s, lost_sensor_s = state.units.lost_s, state.sensor_lost_s
    gone = np.isfinite(lost_unit_s)[tables.weapons.fire_unit]
    kept = weapons.ready + weapons.reserve + weapons.reloading

    def row(values: Any) -> Any:
        return np.asarray(values)[None, :]

    everything = Block(
        first=raid.replication,
        decoy=row(threats.decoy == 1),
        start_s=row(np.where(launched, threats.start_s, np.nan)),
        path=row(threats.path),
        first_track_s=row(np.where(seen, threats.first_track_s, np.nan)),
        first_sensor=row(np.where(seen, threats.first_sensor, -1)),
        engageable_s=row(np.where(threats.engageable_s <= now_s, threats.engageable_s, np.nan)),
        duplicates=row(threats.duplicates),
        rounds=row(threats.rounds),
        weapon=row(threats.weapon),
        fate=row(np.where(ended, fate, FLYING).astype(np.int8)),
        cause=row(np.where(ended & (threats.end == Fate.SHOT_DOWN), threats.cause, 0).astype(np.int8)),
        end_s=row(np.where(ended, threats.end_s, np.nan)),
        target=row(tables.flights.target[threats.path]),
        damage=row(np.where(ended, threats.damage, 0.0)),
        fired=row(weapons.fired),
        left=row(np.where(gone, 0, kept)),
        lost=row(np.where(gone, kept, 0)),
        empty_s=row(np.where(np.isinf(weapons.empty_s), np.nan, weapons.empty_s)),
        remaining=row(state.remaining),
        sensor_lost_s=row(np.where(lost_sensor_s == np.inf, np.nan, lost_sensor_s)),
        unit_lost_s=row(np.where(lost_unit_s == np.inf, np.nan, lost_unit_s)),
        event_replication=np.full(log.shape[0], raid.replication),
        event_time_s=np.asarray(log.time_s),
        event_kind=np.asarray(log.kind).astype(np.int8),
        event_threat=np.asarray(log.threat),
        event_weapon=np.asarray(log.weapon),
        event_sensor=np.asarray(log.sensor),
        event_value=np.asarray(log.value),
    )
    return _apart(everything, hostile_threats(tables))


def _apart(everything: Block, hostile: int) -> Block:
    """Return the block with friendly and civil aircraft, behind the first `hostile` columns, apart from the raid."""
    if hostile == everything.fate.shape[1]:
        return everything
    own = slice(hostile, None)
    flights = Traffic(
        start_s=everything.start_s[:, own],
        path=everything.path[:, own],
        first_track_s=everything.first_track_s[:, own],
        first_sensor=everything.first_sensor[:, own],
        rounds=everything.rounds[:, own],
        weapon=everything.weapon[:, own],
        shot_down=everything.fate[:, own] == Fate.SHOT_DOWN,
        mistaken=everything.cause[:, own],
        end_s=everything.end_s[:, own],
    )
    raid: dict[str, Any] = {name: getattr(everything, name)[:, :hostile] for name in ROW_COLUMNS}
    return replace(everything, **raid, traffic=flights)
