"""One night: deliveries, repair, the adversary's output, the raid by the engine, losses, and what is kept of it.

The raid is the engine's own, unchanged: every night is a block of replications that begin as an `Opening` says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.accounts import check_night
from shieldwall.campaign.adversary import build, flying
from shieldwall.campaign.layout import Layout
from shieldwall.campaign.luck import first_of_night
from shieldwall.campaign.production import produce
from shieldwall.campaign.repair import mend, take_losses
from shieldwall.campaign.services import lost_in_a_day
from shieldwall.campaign.standing import AT_WORK, Standing, depots_of
from shieldwall.campaign.supply import resupply
from shieldwall.results.row import Block, Cause
from shieldwall.scenario.campaign_types import Campaign
from shieldwall.tables import Opening

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

# Plays replications first, first + 1, ... as many as the opening has rows, cut into blocks, in order.
Play = Callable[[int, Opening], Sequence[Block]]
QUANTILES = (0.05, 0.5, 0.95)
MONEY = ("rounds_fired", "rounds_lost", "equipment", "operating", "procured", "raid")
_CAUSES = len(Cause)


class Record(NamedTuple):
    """What is kept of a night, one row a replication.

    launched, leaked (R, K) threats; causes (R, C) leakers by results.row.Cause; fired, lost, made, short (R, E) rounds,
    short: missing at the units at work when the night began; units_out, sensors_out (R,) in the evening; value_lost,
    value_standing (R,), the second in the morning after; casualties (R,); service_lost (R, V)
    in each service's unit times hours; money (R, 6) whole dollars, as `MONEY` names them. Over
    replications: load, depot (4, N + 1, E): mean and quantiles of rounds at weapons and in depots in the evening, the
    last nation standing for all; arsenal (K,) mean in the evening.
    """

    launched: Int
    leaked: Int
    causes: Int
    fired: Int
    lost: Int
    made: Int
    short: Int
    units_out: Int
    sensors_out: Int
    value_lost: Float
    value_standing: Float
    casualties: Int
    service_lost: Float
    money: Int
    load: Float
    depot: Float
    arsenal: Float


class _Outcome(NamedTuple):
    """What the engine says of a night: leaked (R, K), causes (R, C), decoys (R, K), fired, left, lost (R, W)..."""

    leaked: Int
    causes: Int
    decoys: Int
    fired: Int
    left: Int
    lost: Int
    remaining: Float
    units_lost: Bool
    sensors_lost: Bool
    damage: Float
    casualties: Int


def play_night(
    night: int, layout: Layout, plan: Campaign, standing: Standing, seed: int, play: Play, reserve: Int
) -> Record:
    """Let one night happen to every replication; `standing` is how things stood the evening before, then this evening.

    Raises
    ------
    AccountingError
        If a round, an order or a threat is not accounted for: a fault of ours.
    """
    made_before, sent_before = standing.made.copy(), standing.delivered.copy()
    build(night, standing)
    produce(night, layout, plan, standing)
    mend(night, layout, plan.repair, seed, standing)
    resupply(night, layout, plan.stocks, reserve, standing)
    held = _with_all(layout.by_nation(standing.held))
    _note_empty(night, layout, plan, standing, held)
    at_work = standing.unit_state == AT_WORK
    short = layout.by_effector(np.maximum(layout.full - standing.held, 0) * at_work[:, layout.weapon_unit])
    load, depot, arsenal = _spread(held), _spread(_with_all(standing.depot)), standing.arsenal.mean(axis=0)
    units_out = (~at_work).sum(axis=1)
    sensors_out = (standing.sensor_state != AT_WORK).sum(axis=1)
    launched = flying(night, layout, plan, seed, standing)
    found = _outcome(play(first_of_night(night), _opening(layout, standing, launched)), layout, launched)
    standing.held = found.left
    standing.asset = found.remaining[:, : layout.asset_value.shape[0]].copy()
    value_standing = standing.asset @ layout.asset_value
    fired, lost = layout.by_effector(found.fired), layout.by_effector(found.lost)
    standing.fired += fired
    standing.lost += lost
    losses = take_losses(night, layout, plan.repair, seed, standing, (found.units_lost, found.sensors_lost))
    check_night(night, layout, plan, standing)
    by_kind = launched @ np.equal.outer(layout.salvo_kind, np.arange(len(layout.threats))).astype(np.int64)
    money = _money(layout, plan, found, losses, (fired, lost, standing.delivered - sent_before, by_kind))
    made = standing.made - made_before
    return Record(
        by_kind, found.leaked, found.causes, fired, lost, made, short, units_out, sensors_out,
        found.damage, value_standing, found.casualties, lost_in_a_day(layout.services, found.remaining), money,
        load, depot, arsenal,
    )  # fmt: skip


def reserve_of(layout: Layout, plan: Campaign) -> Int:
    """Return the rounds that each nation does not lend, (N, E): a share of its first depot, rounded up."""
    share = plan.stocks.reserve_share if plan.stocks.rule == "reserve" else 0.0
    return np.asarray(np.ceil(depots_of(layout, plan) * share - 1e-9), np.int64)


def _note_empty(night: int, layout: Layout, plan: Campaign, standing: Standing, held: Int) -> None:
    """Remember the first night on which units began below the stated share of their load, or a depot was empty."""
    full = _with_all(layout.by_nation(layout.full[None, :]))[0]
    empty = (held < plan.runs_out_below * full) & (full > 0)
    standing.runs_out[(standing.runs_out == 0) & empty] = night
    dry = (_with_all(standing.depot) == 0) & layout.tracked
    standing.depot_out[(standing.depot_out == 0) & dry] = night


def _with_all(by_nation: Int) -> Int:
    """Return (R, N + 1, E): the nations and then all of them."""
    return np.concatenate([by_nation, by_nation.sum(axis=1, keepdims=True)], axis=1)


def _spread(whole: Int) -> Float:
    """Return mean and quantiles over replications, (4, N + 1, E)."""
    ordered = np.sort(whole, axis=0)
    last = whole.shape[0] - 1
    rows = [ordered[round(q * last)].astype(np.float64) for q in QUANTILES]
    return np.stack([whole.mean(axis=0), *rows])


def _opening(layout: Layout, standing: Standing, launched: Int) -> Opening:
    ready = np.minimum(standing.held, layout.most_ready)
    unit_out = standing.unit_state != AT_WORK
    sensor_out = standing.sensor_state != AT_WORK
    owned = np.flatnonzero(layout.sensor_unit >= 0)
    sensor_out[:, owned] |= unit_out[:, layout.sensor_unit[owned]]
    units, sensors = layout.grounded
    remaining = np.concatenate([standing.asset, ~unit_out[:, :units], ~sensor_out[:, :sensors]], axis=1)
    return Opening(
        ready=np.ascontiguousarray(ready),
        reserve=np.ascontiguousarray(standing.held - ready),
        unit_out=unit_out,
        sensor_out=sensor_out,
        remaining=remaining.astype(np.float64),
        flying=np.ascontiguousarray(launched),
    )


def _outcome(blocks: Sequence[Block], layout: Layout, launched: Int) -> _Outcome:
    at, parts = 0, []
    for block in blocks:
        size = block.fate.shape[0]
        parts.append(_counts(block, layout, launched[at : at + size]))
        at += size
    return _Outcome(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _counts(block: Block, layout: Layout, launched: Int) -> _Outcome:
    flew = layout.threat_number < launched[:, layout.threat_salvo]
    kinds = len(layout.threats)

    def count(which: Bool) -> Int:
        row, threat = np.nonzero(which)
        cell = row * kinds + layout.threat_kind[threat]
        return np.bincount(cell, minlength=which.shape[0] * kinds).reshape(-1, kinds).astype(np.int64)

    causes = np.stack([(block.cause == c).sum(axis=1) for c in range(1, _CAUSES)], axis=1)
    return _Outcome(
        leaked=count(block.cause != Cause.NONE),
        causes=causes.astype(np.int64),
        decoys=count(block.decoy & flew),
        fired=block.fired,
        left=block.left,
        lost=block.lost,
        remaining=block.remaining,
        units_lost=np.isfinite(block.unit_lost_s),
        sensors_lost=np.isfinite(block.sensor_lost_s),
        damage=block.damage.sum(axis=1),
        casualties=_casualties(block),
    )


def _casualties(block: Block) -> Int:
    """Return killed and gravely hurt by replication, (R,); 0 where the scenario names no people."""
    size = block.fate.shape[0]
    if block.impacts is None:
        return np.zeros(size, np.int64)
    rows = block.impacts.replication - block.first
    return np.rint(np.bincount(rows, block.impacts.casualties, minlength=size)).astype(np.int64)


def _money(
    layout: Layout, plan: Campaign, found: _Outcome, losses: tuple[Bool, Bool], counts: tuple[Int, Int, Int, Int]
) -> Int:
    """Return whole dollars of a night by `MONEY`, (R, 6)."""
    fired, lost, delivered, by_kind = counts
    written_off, sensors = losses
    mended = found.units_lost & ~written_off
    repair_usd = np.rint(layout.unit_usd * plan.repair.cost_share).astype(np.int64)
    sensor_usd = np.rint(layout.sensor_usd * plan.repair.cost_share).astype(np.int64)
    equipment = written_off @ layout.unit_usd + mended @ repair_usd + sensors @ sensor_usd
    price = dict(zip(layout.kinds, layout.kind_usd.tolist(), strict=True))
    price |= dict(zip(layout.effectors, layout.round_usd.tolist(), strict=True))
    makes = {line.id: line.makes for line in plan.lines}
    lane_usd = np.array([price[makes[entry.line]] for entry in plan.lanes], np.int64)
    raid = (by_kind - found.decoys) @ layout.threat_usd + found.decoys @ layout.decoy_usd
    operating = np.full_like(equipment, round(plan.operating_usd_a_day))
    return np.stack(
        [fired @ layout.round_usd, lost @ layout.round_usd, equipment, operating, delivered @ lane_usd, raid], axis=1
    ).astype(np.int64)
