"""A block of consecutive replications: play each, copy its outcome into the rows of the block."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.compiled import entry, kernel
from shieldwall.engine.copy_air import copy_air
from shieldwall.engine.loop import begin, go_on
from shieldwall.results.row import AIR_COUNTS, ROW_COLUMNS, Block
from shieldwall.results.traffic import Traffic
from shieldwall.state import (
    LOG_ENGAGEABLE,
    LOG_FAILED,
    LOG_FULL,
    LOG_IDENTIFIED,
    LOG_SUPPRESSED,
    LOG_TRACK_LOST,
    LOG_TRACKED,
    LOG_USED,
    OK,
    SHOT_DOWN,
    STATUS,
    State,
)
from shieldwall.tables import HOSTILE, Opening, Tables

_LINE = 64  # bytes: each array begins on a line of the cache
# Written at launch, as soon as they are known; if the threat is gone by then they never happened.
_FORETOLD = (LOG_TRACKED, LOG_ENGAGEABLE, LOG_SUPPRESSED, LOG_FAILED, LOG_TRACK_LOST, LOG_IDENTIFIED)


class BlockArrays(NamedTuple):
    """The arrays of `results.row.Block`, in its order and shapes, with inf for never; `log_used` (1,)."""

    decoy: NDArray[np.bool_]
    start_s: NDArray[np.float64]
    path: NDArray[np.int64]
    first_track_s: NDArray[np.float64]
    first_sensor: NDArray[np.int64]
    engageable_s: NDArray[np.float64]
    duplicates: NDArray[np.int64]
    rounds: NDArray[np.int64]
    weapon: NDArray[np.int64]
    fate: NDArray[np.int8]
    cause: NDArray[np.int8]
    end_s: NDArray[np.float64]
    target: NDArray[np.int64]
    damage: NDArray[np.float64]
    fired: NDArray[np.int64]
    left: NDArray[np.int64]
    lost: NDArray[np.int64]
    empty_s: NDArray[np.float64]
    remaining: NDArray[np.float64]
    sensor_lost_s: NDArray[np.float64]
    unit_lost_s: NDArray[np.float64]
    air: NDArray[np.float64]
    log_replication: NDArray[np.int64]
    log_time_s: NDArray[np.float64]
    log_kind: NDArray[np.int8]
    log_threat: NDArray[np.int64]
    log_weapon: NDArray[np.int64]
    log_sensor: NDArray[np.int64]
    log_value: NDArray[np.float64]
    log_used: NDArray[np.int64]


def empty_block(tables: Tables, size: int, log_room: int) -> BlockArrays:
    """Return arrays for `size` replications and `log_room` log rows.

    They are cut from one piece of memory: the system hands that over in large pages, and a raid waits for it less.
    """
    rows = (size, tables.threats.shape[0] - 1)
    weapons = (size, tables.weapons.shape[0])
    targets = (size, tables.targets.shape[0])
    sensors = (size, tables.sensors.shape[0])
    units = (size, tables.fire_units.shape[0] - 1)
    groups = 0 if tables.air is None else tables.air.groups.shape[0] - 1
    air = (size, groups, len(AIR_COUNTS))
    log = (log_room,)
    f8, i8, i1 = np.float64, np.int64, np.int8
    form: list[tuple[tuple[int, ...], type[np.generic]]] = [
        (rows, np.bool_), (rows, f8), (rows, i8), (rows, f8), (rows, i8), (rows, f8), (rows, i8), (rows, i8),
        (rows, i8), (rows, i1), (rows, i1), (rows, f8), (rows, i8), (rows, f8),
        (weapons, i8), (weapons, i8), (weapons, i8), (weapons, f8), (targets, f8), (sensors, f8), (units, f8),
        (air, f8),
        (log, i8), (log, f8), (log, i1), (log, i8), (log, i8), (log, i8), (log, f8), ((1,), i8),
    ]  # fmt: skip
    sizes = [-(-int(np.prod(shape)) * np.dtype(kind).itemsize // _LINE) * _LINE for shape, kind in form]
    memory = np.empty(sum(sizes), np.uint8)
    arrays, at = [], 0
    for (shape, kind), bytes_long in zip(form, sizes, strict=True):
        used = int(np.prod(shape)) * np.dtype(kind).itemsize
        arrays.append(memory[at : at + used].view(kind).reshape(shape))
        at += bytes_long
    block = BlockArrays(*arrays)
    block.log_used[0] = 0
    return block


@entry
def play_block(
    tables: Tables, state: State, block: BlockArrays, seed: np.uint64, first: np.uint64, opening: Opening | None
) -> int:
    """Play every replication of a block; return OK or the array that was too small.

    This is the compiled entry point of the raid; it holds no lock, so threads run it side by side. `opening` has a row
    for each replication; without one they begin as the scenario says.
    """
    for r in range(block.fate.shape[0]):
        replication = first + np.uint64(r)
        begin(tables, state, seed, replication, opening, r)
        go_on(tables, state, seed, replication)
        if state.used[STATUS] != OK:
            return state.used[STATUS]
        if not copy_outcome(r, tables, state, block):
            return LOG_FULL
    return OK


@kernel
def copy_outcome(r: int, tables: Tables, state: State, block: BlockArrays) -> bool:
    """Copy what came of a replication into row r of the block; False if its log has no room."""
    _copy_threats(r, tables, state, block)
    _copy_force(r, tables, state, block)
    copy_air(r, tables, state, block.left, block.lost, block.air)
    return _copy_log(r, state, block)


@kernel
def _copy_threats(r: int, tables: Tables, state: State, block: BlockArrays) -> None:
    for t in range(state.threats.shape[0]):
        threat = state.threats[t]
        block.decoy[r, t] = threat.decoy == 1
        block.start_s[r, t] = threat.start_s
        block.path[r, t] = threat.path
        block.first_track_s[r, t] = threat.first_track_s
        block.first_sensor[r, t] = threat.first_sensor
        block.engageable_s[r, t] = threat.engageable_s
        block.duplicates[r, t] = threat.duplicates
        block.rounds[r, t] = threat.rounds
        block.weapon[r, t] = threat.weapon
        block.fate[r, t] = threat.end
        block.cause[r, t] = threat.cause
        block.end_s[r, t] = threat.end_s
        block.target[r, t] = tables.flights[threat.path].target
        block.damage[r, t] = threat.damage


@kernel
def _copy_force(r: int, tables: Tables, state: State, block: BlockArrays) -> None:
    """Copy what is left of the defence. Rounds not fired go down with a lost unit; one not available keeps its own."""
    for w in range(state.weapons.shape[0]):
        weapon = state.weapons[w]
        kept = weapon.ready + weapon.reserve + weapon.reloading
        gone = np.isfinite(state.units[tables.weapons[w].fire_unit].lost_s)
        block.fired[r, w] = weapon.fired
        block.left[r, w] = 0 if gone else kept
        block.lost[r, w] = kept if gone else 0
        block.empty_s[r, w] = weapon.empty_s
    for m in range(state.remaining.shape[0]):
        block.remaining[r, m] = state.remaining[m]
    for q in range(state.sensor_lost_s.shape[0]):
        block.sensor_lost_s[r, q] = state.sensor_lost_s[q]
    for u in range(state.units.shape[0]):
        block.unit_lost_s[r, u] = state.units[u].lost_s


@kernel
def _copy_log(r: int, state: State, block: BlockArrays) -> bool:
    used, count = block.log_used[0], state.used[LOG_USED]
    if used + count > block.log_time_s.shape[0]:
        return False
    for k in range(count):
        row = state.log[k]
        block.log_replication[used + k] = r
        block.log_time_s[used + k] = row.time_s
        block.log_kind[used + k] = row.kind
        block.log_threat[used + k] = row.threat
        block.log_weapon[used + k] = row.weapon
        block.log_sensor[used + k] = row.sensor
        block.log_value[used + k] = row.value
    block.log_used[0] = used + count
    return True


def finish_block(block: BlockArrays, first: int, tables: Tables) -> Block:
    """Return the block with NaN for never and the log by (replication, time), ties as they were written.

    Friendly and civil aircraft, the last of all that fly, stand apart.

    What was foretold of a threat and never came about is left out: what lay after its end, and tracks of a sensor
    that was lost before it could make them, with the orders that would have followed.
    """
    used = int(block.log_used[0])
    happened = _happened(block, used)
    order = np.lexsort((block.log_time_s[:used], block.log_replication[:used]))
    order = order[happened[order]]
    hostile = hostile_threats(tables)
    raid: dict[str, Any] = {name: _first_columns(getattr(block, name), hostile) for name in ROW_COLUMNS}
    raid["first_track_s"], raid["engageable_s"] = _never(raid["first_track_s"]), _never(raid["engageable_s"])
    return Block(
        first=first,
        **raid,
        fired=block.fired,
        left=block.left,
        lost=block.lost,
        empty_s=_never(block.empty_s),
        remaining=block.remaining,
        sensor_lost_s=_never(block.sensor_lost_s),
        unit_lost_s=_never(block.unit_lost_s),
        event_replication=block.log_replication[order] + first,
        event_time_s=block.log_time_s[order],
        event_kind=block.log_kind[order],
        event_threat=block.log_threat[order],
        event_weapon=block.log_weapon[order],
        event_sensor=block.log_sensor[order],
        event_value=block.log_value[order],
        air=block.air if block.air.shape[1] else None,
        traffic=_traffic(block, hostile) if hostile < block.fate.shape[1] else None,
    )


def hostile_threats(tables: Tables) -> int:
    """Return how many of all that fly belong to the raid: they come first."""
    if tables.identity is None:
        return int(tables.threats.shape[0] - 1)
    return int(tables.salvos.threat_first[np.count_nonzero(tables.identity.side == HOSTILE)])


def _first_columns(rows: NDArray[Any], count: int) -> NDArray[Any]:
    return rows if count == rows.shape[1] else np.ascontiguousarray(rows[:, :count])


def _traffic(block: BlockArrays, hostile: int) -> Traffic:
    """Return what befell the aircraft behind the first `hostile` columns."""
    own = slice(hostile, None)
    return Traffic(
        start_s=block.start_s[:, own],
        path=block.path[:, own],
        first_track_s=_never(block.first_track_s[:, own]),
        first_sensor=block.first_sensor[:, own],
        rounds=block.rounds[:, own],
        weapon=block.weapon[:, own],
        shot_down=block.fate[:, own] == SHOT_DOWN,
        mistaken=block.cause[:, own],
        end_s=block.end_s[:, own],
    )


def _happened(block: BlockArrays, used: int) -> NDArray[np.bool_]:
    """Return which log rows came about, bool (used,). Verdict and order are written right behind their track."""
    replication, time_s = block.log_replication[:used], block.log_time_s[:used]
    kind, threat, sensor = block.log_kind[:used], block.log_threat[:used], block.log_sensor[:used]
    late = (time_s > block.end_s[replication, threat]) & np.isin(kind, _FORETOLD)
    blind = kind == LOG_TRACKED
    blind[blind] = block.sensor_lost_s[replication[blind], sensor[blind]] <= time_s[blind]
    for follows in (LOG_IDENTIFIED, LOG_ENGAGEABLE):
        blind[1:] |= blind[:-1] & (kind[1:] == follows) & (threat[1:] == threat[:-1])
    return np.asarray(~(late | blind), np.bool_)


def _never(times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(times_s == np.inf, np.nan, times_s)
