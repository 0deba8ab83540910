"""Everything that one night leaves to the next, for every replication; nothing else is carried over.

Letters as in `layout`. D is how many nights a shipment may be under way, plus one: slot (night % D) holds what arrives
that night. A missile is in exactly one place: at a weapon (`held`), in a depot (`depot`), or under way (`road`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.scenario.campaign_types import Campaign

Int = NDArray[np.int64]
Float = NDArray[np.float64]

AT_WORK, IN_REPAIR, WRITTEN_OFF, SPARE_COMES = 0, 1, 2, 3


@dataclass(slots=True)
class Standing:
    """How things stand in the evening, before the raid.

    held (R, W), depot (R, N, E), road (D, R, W) rounds; spare (R, N, F) fire units in store. unit_state (R, U) and
    sensor_state (R, Q): AT_WORK and its like; unit_since, sensor_since: the night of the loss, or when the spare comes.
    asset (R, M) share that stands. arsenal (R, K) and daily_output (R, K) of the adversary. open (R, L): ordered,
    due and not yet made; maturing (C, R, L): ordered and not yet due, by night modulo C. Totals since the start, for
    the accounts: made, supplied, fired, lost (R, E) rounds; ordered, delivered (R, L); built, launched (R, K).
    runs_out, depot_out (R, N + 1, E): the first night on which the fire units of a nation (last: of all) began with
    less than the stated share of their load, or its depot was empty; 0 for never.
    """

    held: Int
    depot: Int
    road: Int
    spare: Int
    unit_state: Int
    unit_since: Int
    sensor_state: Int
    sensor_since: Int
    asset: Float
    arsenal: Int
    daily_output: Float
    first_arsenal: Int
    open: Int
    maturing: Int
    made: Int
    supplied: Int
    fired: Int
    lost: Int
    ordered: Int
    delivered: Int
    built: Int
    launched: Int
    runs_out: Int
    depot_out: Int

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return every array by its name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def first_evening(layout: Layout, plan: Campaign, replications: int, arsenal: Int, daily_output: Float) -> Standing:
    """Return how things stand before the first night: units full, depots as written, nothing under way."""
    n, e, f, k = len(layout.nations), len(layout.effectors), len(layout.kinds), len(layout.threats)
    w, u, q, m = (
        layout.full.shape[0],
        layout.unit_kind.shape[0],
        layout.sensor_unit.shape[0],
        layout.asset_value.shape[0],
    )
    lanes = len(plan.lanes)
    slots = max(plan.stocks.transport_days, plan.stocks.allied_transport_days) + 1
    waits = max((rule.lead_days for rule in plan.reorders), default=0) + 1

    def none(*shape: int) -> Int:
        return np.zeros((replications, *shape), np.int64)

    return Standing(
        held=none(w) + layout.full,
        depot=none(n, e) + depots_of(layout, plan),
        road=np.zeros((slots, replications, w), np.int64),
        spare=none(n, f) + _by_nation(plan.repair.spares, layout.nations, layout.kinds),
        unit_state=none(u),
        unit_since=none(u),
        sensor_state=none(q),
        sensor_since=none(q),
        asset=np.ones((replications, m)),
        arsenal=arsenal.copy(),
        daily_output=daily_output,
        first_arsenal=arsenal.copy(),
        open=none(lanes),
        maturing=np.zeros((waits, replications, lanes), np.int64),
        made=none(e),
        supplied=none(e),
        fired=none(e),
        lost=none(e),
        ordered=none(lanes),
        delivered=none(lanes),
        built=none(k),
        launched=none(k),
        runs_out=none(n + 1, e),
        depot_out=none(n + 1, e),
    )


def depots_of(layout: Layout, plan: Campaign) -> Int:
    """Return the rounds in each nation's depot on the first evening, (N, E)."""
    return _by_nation(plan.stocks.depots, layout.nations, layout.effectors)


def _by_nation(held: object, nations: tuple[str, ...], items: tuple[str, ...]) -> Int:
    assert isinstance(held, dict)
    return np.array([[held.get(n, {}).get(i, 0) for i in items] for n in nations], np.int64).reshape(
        len(nations), len(items)
    )
