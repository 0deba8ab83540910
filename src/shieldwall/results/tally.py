"""What is kept in memory of every replication: counts by type, cause and effector, not rows.

Letters: R replications, K threat types, F fates, C causes, E effectors, M targets, U fire units, Q sensors, J groups of
aircraft.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.results.row import AIR_COUNTS, Block, Cause, Fate, Roster
from shieldwall.results.traffic import Mistaken

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


class Tally(NamedTuple):
    """Counts of one block or of a whole run, one row a replication.

    fates (R, K, F) threats by type and fate; decoys (R, K) how many of them were decoys; causes (R, K, C) leakers by
    cause; damage (R, K) value lost to each type; rounds_at (R, K) rounds fired at each type; fired, left, lost (R, E)
    rounds by effector; dry (R, E) how many weapons ran out; first_dry (R,) the effector of the weapon that ran out
    first, -1 = none did, first_dry_s (R,) when, NaN = never; remaining (R, M) share of each target left; hits (R, M)
    threats that hit it; units_lost (R, U), sensors_lost (R, Q): lost to the raid, not those out of action from the
    start; duplicates (R,) salvos fired while one of another network was under way at the same threat; flights_lost
    (R, K', 3) friendly and civil aircraft shot down by type and reason (`traffic.Mistaken`), rounds_at_flights (R, K')
    rounds fired at them; air (R, J, AIR_COUNTS) what `row.AIR_COUNTS` names; casualties, unwarned (R,) killed and
    gravely hurt, and how many without any warning; service_lost, service_short_h (R, V); raised (R,): warned in time to
    be in the raised state.
    """

    fates: Int
    decoys: Int
    causes: Int
    damage: Float
    rounds_at: Int
    fired: Int
    left: Int
    lost: Int
    dry: Int
    first_dry: Int
    first_dry_s: Float
    remaining: Float
    hits: Int
    units_lost: Bool
    sensors_lost: Bool
    duplicates: Int
    flights_lost: Int
    rounds_at_flights: Int
    air: Float
    casualties: Int
    unwarned: Int
    service_lost: Float
    service_short_h: Float
    raised: Bool


def threat_types(roster: Roster) -> tuple[str, ...]:
    """Return the ids of the threat types, sorted: the order of axis K."""
    return tuple(sorted(set(roster.threat_type)))


def flight_types(roster: Roster) -> tuple[str, ...]:
    """Return the ids of the types of friendly and civil aircraft, sorted: the order of axis K'."""
    return tuple(sorted(set(roster.flight_type)))


def effectors(roster: Roster) -> tuple[str, ...]:
    """Return the ids of the effectors, sorted: the order of axis E."""
    return tuple(sorted(set(roster.effector)))


def tally(block: Block, roster: Roster) -> Tally:
    """Count one block."""
    types, kinds = threat_types(roster), effectors(roster)
    kind_of = _places(roster.threat_type, types)
    effector_of = _places(roster.effector, kinds)
    cell = np.arange(block.fate.shape[0])[:, None] * len(types) + kind_of[None, :]
    shape = (block.fate.shape[0], len(types))
    leaked = block.cause != Cause.NONE
    first_dry, first_dry_s = _first_dry(block.empty_s, effector_of)
    return Tally(
        fates=_count(cell * len(Fate) + block.fate, (*shape, len(Fate))),
        decoys=_count(cell[block.decoy], shape),
        causes=_count((cell * len(Cause) + block.cause)[leaked], (*shape, len(Cause))),
        damage=_sum(cell, block.damage, shape),
        rounds_at=np.rint(_sum(cell, block.rounds, shape)).astype(np.int64),
        fired=_by_effector(block.fired, effector_of),
        left=_by_effector(block.left, effector_of),
        lost=_by_effector(block.lost, effector_of),
        dry=_by_effector(~np.isnan(block.empty_s), effector_of),
        first_dry=first_dry,
        first_dry_s=first_dry_s,
        remaining=block.remaining,
        hits=_hits(block, len(roster.target)),
        units_lost=np.isfinite(block.unit_lost_s),
        sensors_lost=np.isfinite(block.sensor_lost_s),
        duplicates=block.duplicates.sum(axis=1),
        flights_lost=_flights_lost(block, roster),
        rounds_at_flights=_rounds_at_flights(block, roster),
        air=np.zeros((block.fate.shape[0], 0, len(AIR_COUNTS))) if block.air is None else block.air,
        **_consequences(block),
    )


def _flights_lost(block: Block, roster: Roster) -> Int:
    """Return friendly and civil aircraft shot down by type and reason, (R, K', 3)."""
    shape = (block.fate.shape[0], len(flight_types(roster)), len(Mistaken))
    if block.traffic is None:
        return np.zeros(shape, np.int64)
    cell = _flight_cells(block, roster)
    return _count((cell * len(Mistaken) + block.traffic.mistaken)[block.traffic.shot_down], shape)


def _rounds_at_flights(block: Block, roster: Roster) -> Int:
    """Return rounds fired at friendly and civil aircraft by type, (R, K')."""
    shape = (block.fate.shape[0], len(flight_types(roster)))
    if block.traffic is None:
        return np.zeros(shape, np.int64)
    return np.rint(_sum(_flight_cells(block, roster), block.traffic.rounds, shape)).astype(np.int64)


def _flight_cells(block: Block, roster: Roster) -> Int:
    """Return for each replication and flight the cell of its type, (R, F)."""
    types = flight_types(roster)
    return np.arange(block.fate.shape[0])[:, None] * len(types) + _places(roster.flight_type, types)[None, :]


def _consequences(block: Block) -> dict[str, Any]:
    """Return what befell people and services; nobody, nothing and never where the scenario names none."""
    replications = block.fate.shape[0]
    nothing = np.zeros((replications, 0))
    hurt = np.zeros((2, replications), dtype=np.int64)
    if block.impacts is not None:
        row = block.impacts.replication - block.first
        np.add.at(hurt[0], row, block.impacts.casualties)
        np.add.at(hurt[1], row, block.impacts.unwarned)
    return {
        "casualties": hurt[0],
        "unwarned": hurt[1],
        "service_lost": nothing if block.outages is None else block.outages.lost,
        "service_short_h": nothing if block.outages is None else block.outages.short_h,
        "raised": np.zeros(replications, np.bool_) if block.alarms is None else block.alarms.raised,
    }


def join(parts: Iterable[Tally]) -> Tally:
    """Return one tally of consecutive blocks."""
    return Tally(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def leakers(fates: Int) -> Int:
    """Return hits and misses together; fates (..., F) gives (...)."""
    leaked: Int = fates[..., Fate.LEAKED_HIT] + fates[..., Fate.LEAKED_MISSED]
    return leaked


def _places(ids: tuple[str, ...], names: tuple[str, ...]) -> Int:
    place = {name: i for i, name in enumerate(names)}
    return np.array([place[name] for name in ids], dtype=np.int64)


def _by_effector(by_weapon: NDArray[Any], effector_of: Int) -> Int:
    """Return counts (R, W) summed by effector, shape (R, E); every effector has a weapon."""
    if len(effector_of) == 0:
        return np.zeros((len(by_weapon), 0), dtype=np.int64)
    order = np.argsort(effector_of, kind="stable")
    begins = np.flatnonzero(np.diff(effector_of[order], prepend=-1))
    return np.asarray(np.add.reduceat(by_weapon[:, order].astype(np.int64), begins, axis=1))


def _count(cells: NDArray[Any], shape: tuple[int, ...]) -> Int:
    return np.bincount(cells.ravel(), minlength=int(np.prod(shape))).reshape(shape)


def _sum(cells: NDArray[Any], weights: NDArray[Any], shape: tuple[int, ...]) -> Float:
    summed = np.bincount(cells.ravel(), weights.ravel().astype(np.float64), minlength=int(np.prod(shape)))
    return summed.reshape(shape).astype(np.float64)


def _hits(block: Block, targets: int) -> Int:
    replications = block.fate.shape[0]
    hit = block.fate == Fate.LEAKED_HIT
    cell = np.arange(replications)[:, None] * targets + block.target
    return _count(cell[hit], (replications, targets))


def _first_dry(empty_s: Float, effector_of: Int) -> tuple[Int, Float]:
    """Return the effector of the weapon that ran out first and when; ties go to the first weapon by id."""
    replications, weapons = empty_s.shape
    if weapons == 0:
        return np.full(replications, -1, dtype=np.int64), np.full(replications, np.nan)
    filled = np.where(np.isnan(empty_s), np.inf, empty_s)
    weapon = np.argmin(filled, axis=1)
    when = filled[np.arange(replications), weapon]
    never = np.isinf(when)
    first: Int = np.where(never, -1, effector_of[weapon]).astype(np.int64)
    return first, np.where(never, np.nan, when)
