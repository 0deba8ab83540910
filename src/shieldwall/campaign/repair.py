"""Repair and replacement: crews mend what was lost first; what is written off waits for a spare.

A crew at work on a loss ends it tonight with probability 1 / mean, so that a repair takes `mean` nights on the mean and
the past does not matter; a nation's crews take the earliest losses first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.luck import uniforms
from shieldwall.campaign.standing import AT_WORK, IN_REPAIR, SPARE_COMES, WRITTEN_OFF, Standing
from shieldwall.core.random import REPAIR, WRITE_OFF
from shieldwall.scenario.campaign_types import Repair

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]


def mend(night: int, layout: Layout, repair: Repair, seed: int, standing: Standing) -> None:
    """Let spares arrive and be sent, and crews work for a day."""
    arrived = (standing.unit_state == SPARE_COMES) & (standing.unit_since <= night)
    standing.unit_state[arrived] = AT_WORK
    _send_spares(night, layout, repair, standing)
    state = np.concatenate([standing.unit_state, standing.sensor_state], axis=1)
    broken = state == IN_REPAIR
    if broken.any():
        since = np.concatenate([standing.unit_since, standing.sensor_since], axis=1)
        nation = np.concatenate([layout.unit_nation, layout.sensor_nation])
        worked_on = np.zeros_like(broken)
        for n in np.unique(nation):
            here = nation == n
            worked_on[:, here] = first_lost(broken[:, here], since[:, here], repair.crews)
        rows, columns = worked_on.any(axis=1), np.flatnonzero(worked_on.any(axis=0))
        actor = np.concatenate([layout.unit_actor, layout.sensor_actor])[columns]
        u = np.ones(worked_on.shape)
        u[np.ix_(rows, columns)] = uniforms(seed, np.flatnonzero(rows), REPAIR, actor, night)[0]
        units = layout.unit_kind.shape[0]
        chance = np.where(np.arange(state.shape[1]) < units, 1.0 / repair.fire_unit_days, 1.0 / repair.radar_days)
        mended = worked_on & (u < chance)
        standing.unit_state[mended[:, :units]] = AT_WORK
        standing.sensor_state[mended[:, units:]] = AT_WORK
    np.minimum(standing.asset + 1.0 / repair.asset_days, 1.0, out=standing.asset)


def first_lost(broken: Bool, since: Int, crews: int | None) -> Bool:
    """Return which losses are worked on: the `crews` earliest of each replication, ties by place.

    Parameters
    ----------
    broken : bool (R, I)
    since : int64 (R, I), the night of the loss
    crews : None for one crew on each
    """
    if crews is None or int(broken.sum(axis=1).max(initial=0)) <= crews:
        return broken
    key = np.where(broken, since, np.iinfo(np.int64).max)
    order = np.argsort(key, axis=1, kind="stable")[:, :crews]
    chosen = np.zeros_like(broken)
    np.put_along_axis(chosen, order, True, axis=1)
    return np.asarray(chosen & broken, np.bool_)


def take_losses(
    night: int, layout: Layout, repair: Repair, seed: int, standing: Standing, lost: tuple[Bool, Bool]
) -> tuple[Bool, Bool]:
    """Send what was lost tonight to repair or write it off; return (units written off (R, U), sensors lost (R, Q)).

    Parameters
    ----------
    lost : units (R, U) and sensors (R, Q) that the raid took; a unit takes its own radar with it
    """
    units, sensors = lost
    written_off = np.zeros_like(units)
    if units.any():
        u = uniforms(seed, np.arange(units.shape[0]), WRITE_OFF, layout.unit_actor, night)[0]
        written_off = units & (u < repair.written_off)
        standing.unit_state[units] = IN_REPAIR
        standing.unit_state[written_off] = WRITTEN_OFF
        standing.unit_since[units] = night
    owned = np.flatnonzero(layout.sensor_unit >= 0)
    alone = sensors.copy()
    alone[:, owned] &= standing.unit_state[:, layout.sensor_unit[owned]] == AT_WORK
    alone &= standing.sensor_state == AT_WORK
    standing.sensor_state[alone] = IN_REPAIR
    standing.sensor_since[alone] = night
    return written_off, alone


def _send_spares(night: int, layout: Layout, repair: Repair, standing: Standing) -> None:
    """Give each nation's spares to its units that were written off, in the order of the units."""
    if not (standing.unit_state == WRITTEN_OFF).any():
        return
    for n in range(len(layout.nations)):
        for f in range(len(layout.kinds)):
            columns = np.flatnonzero((layout.unit_nation == n) & (layout.unit_kind == f))
            waits = standing.unit_state[:, columns] == WRITTEN_OFF
            if columns.size == 0 or not waits.any():
                continue
            sent = waits & (np.cumsum(waits, axis=1) <= standing.spare[:, n, f][:, None])
            standing.spare[:, n, f] -= sent.sum(axis=1)
            rows, places = np.nonzero(sent)
            standing.unit_state[rows, columns[places]] = SPARE_COMES
            standing.unit_since[rows, columns[places]] = night + repair.replacement_days
