"""A missile is in exactly one place each night; whose it was, and what it cost, add up to the last unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shieldwall.campaign.accounts import check_night
from shieldwall.campaign.adversary import arsenal_of
from shieldwall.campaign.night import MONEY
from shieldwall.campaign.run import one_more_line
from shieldwall.campaign.standing import Standing, first_evening
from shieldwall.engine.accounts import AccountingError
from shieldwall.engine.simulate import prepare
from verification.campaign_lab import PLAIN, Lab, lab, nights, quiet

FULL = (
    PLAIN
    + """
  stocks:
    {rule: RULE, reserve: 40 %, transport: 1 day, allied_transport: 3 days, depots: {a: {hawk: 30}, b: {hawk: 50}}}
  lines:
    - {id: line, makes: hawk, rate: 900 count/year, rate_after: 2000 count/year, ramp: 20 days}
    - {id: units, makes: hawk-battery, rate: 20 count/year}
  orders:
    - {id: some, nation: a, line: line, count: 40, placed: -100}
    - {id: rest, nation: b, line: line, placed: 5, lead_time: 10 days}
    - {id: spare, nation: b, line: units, count: 2, placed: 1, lead_time: 5 days}
  reorders: [{id: up, nation: a, line: line, below: 10, up_to: 40, lead_time: 4 days}]
  repair: {crews: 1, written_off: 50 %, replacement: 2 days, spares: {a: {hawk-battery: 1}}}
"""
)


def stormy(seed: int) -> Callable:
    draw = np.random.default_rng(seed)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        wanted[:] = draw.integers(0, 30, wanted.shape)
        units[:] = (draw.random(units.shape) < 0.03) & ~opening.unit_out
        sensors[:] = (draw.random(sensors.shape) < 0.03) & ~opening.sensor_out
        return wanted, units, sensors

    return raid


@pytest.mark.parametrize("rule", ["national", "pooled", "reserve"])
def test_everything_adds_up_every_night_under_every_rule(tmp_path: Path, rule: str) -> None:
    ready = lab(tmp_path, FULL.replace("RULE", rule), 300)
    records = nights(ready, 100, stormy(3))  # the accounts are asserted in each of 100 nights, in all 300
    standing = ready.standing
    held = standing.held.sum(axis=1) + standing.road.sum(axis=(0, 2)) + standing.depot.sum(axis=(1, 2))
    fired = sum(record.fired.sum(axis=1) for record in records)
    lost = sum(record.lost.sum(axis=1) for record in records)
    made = sum(record.made.sum(axis=1) for record in records)
    assert (held == 300 + 80 + made - fired - lost).all()
    assert fired.min() > 380
    assert lost.max() > 0


def _misplace(name: str, place: tuple[int, ...]) -> Callable[[Standing], None]:
    def do(standing: Standing) -> None:
        getattr(standing, name)[place] += 1

    return do


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("held", (0, 0)), ("depot", (1, 0, 0)), ("road", (0, 1, 2)), ("fired", (0, 0)), ("lost", (2, 0)),
        ("made", (0, 0)), ("open", (1, 0)), ("delivered", (0, 1)), ("arsenal", (0, 0)), ("launched", (2, 0)),
    ],
)  # fmt: skip
def test_one_round_order_or_threat_too_many_is_noticed(tmp_path: Path, name: str, place: tuple[int, ...]) -> None:
    ready = lab(tmp_path, FULL.replace("RULE", "pooled"), 3)
    nights(ready, 3, stormy(1))
    _misplace(name, place)(ready.standing)
    with pytest.raises(AccountingError, match="after night 3"):
        check_night(3, ready.layout, ready.plan, ready.standing)


def _shipped(ready: Lab) -> np.ndarray:
    return ready.standing.depot[0, :, 0]


def _drain(ready: Lab, wanted: tuple[int, int, int]) -> None:
    """Fire so many rounds of the three batteries on the first night, then let one morning pass."""

    def raid(night: int, opening):
        some, units, sensors = quiet(opening)
        some[:] = wanted if night == 1 else 0
        return some, units, sensors

    nights(ready, 2, raid)


def test_national_depots_serve_their_own(tmp_path: Path) -> None:
    campaign = PLAIN + "  stocks: {rule: national, transport: 0 days, depots: {a: {hawk: 30}, b: {hawk: 50}}}\n"
    ready = lab(tmp_path, campaign, 1)
    _drain(ready, (40, 20, 10))
    assert _shipped(ready).tolist() == [0, 40]
    assert ready.standing.held[0].tolist() == [80, 90, 100]  # 30 among 40 and 20, in proportion


def test_a_pool_serves_all_in_proportion_home_first(tmp_path: Path) -> None:
    campaign = (
        PLAIN
        + """
  stocks: {rule: pooled, transport: 0 days, allied_transport: 2 days, depots: {a: {hawk: 10}, b: {hawk: 50}}}
"""
    )
    ready = lab(tmp_path, campaign, 1)
    _drain(ready, (60, 30, 30))  # 60 rounds for 120 wanted: 30, 15, 15
    assert _shipped(ready).tolist() == [0, 0]
    assert ready.standing.held[0].tolist() == [40 + 7, 70 + 3, 70 + 15]  # ten from home to the first nation's two
    assert ready.standing.road.sum(axis=0)[0].tolist() == [23, 12, 0]  # the rest comes from the ally
    nights(ready, 2, lambda _, opening: quiet(opening), first=3)
    assert ready.standing.held[0].tolist() == [70, 85, 85]


def test_a_reserve_is_not_lent_but_used_at_home(tmp_path: Path) -> None:
    campaign = (
        PLAIN
        + """
  stocks:
    {rule: reserve, reserve: 40 %, transport: 0 d, allied_transport: 0 d, depots: {a: {hawk: 10}, b: {hawk: 50}}}
"""
    )
    ready = lab(tmp_path, campaign, 1)
    _drain(ready, (60, 0, 5))  # b needs 5 at home and lends down to 20 of its 50
    assert _shipped(ready).tolist() == [0, 20]
    assert ready.standing.held[0].tolist() == [40 + 10 + 25, 100, 100]
    _ = nights(ready, 1, _only_b, first=3)
    nights(ready, 1, lambda _, opening: quiet(opening), first=4)
    assert _shipped(ready).tolist() == [0, 0]  # at home the reserve may be used to the last round


def _only_b(night: int, opening):
    wanted, units, sensors = quiet(opening)
    wanted[:, 2] = 30
    return wanted, units, sensors


def test_the_money_of_a_night_is_counts_times_prices(tmp_path: Path) -> None:
    ready = lab(tmp_path, FULL.replace("RULE", "national"), 50)
    layout = ready.layout
    records = nights(ready, 40, stormy(9))
    whole = dict(zip(MONEY, sum(record.money for record in records).T, strict=True))
    fired = sum(record.fired for record in records)
    launched = sum(record.launched for record in records)
    assert (whole["rounds_fired"] == fired[:, 0] * layout.round_usd[0]).all()
    lost = sum(record.lost for record in records)
    assert (whole["rounds_lost"] == lost[:, 0] * layout.round_usd[0]).all()
    assert (whole["raid"] == launched[:, 0] * layout.threat_usd[0]).all()
    bought = ready.standing.delivered
    price = [layout.round_usd[0], layout.round_usd[0], layout.kind_usd[0], layout.round_usd[0]]
    assert (whole["procured"] == bought @ np.array(price)).all()
    assert (whole["operating"] == 40 * round(ready.plan.operating_usd_a_day)).all()
    assert whole["equipment"].dtype == np.int64
    assert whole["equipment"].max() > 0


@pytest.mark.parametrize(("written_off", "share"), [("100 %", 1.0), ("0", 0.1)])
def test_a_unit_written_off_costs_its_price_and_one_mended_a_tenth(
    tmp_path: Path, written_off: str, share: float
) -> None:
    ready = lab(tmp_path, PLAIN + f"  repair: {{written_off: {written_off}, cost: 10 %}}\n", 2)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        units[:] = True
        return wanted, units, sensors

    money = nights(ready, 1, raid)[0].money[:, MONEY.index("equipment")]
    assert (money == sum(round(share * price) for price in ready.layout.unit_usd.tolist())).all()


def test_units_at_work_alone_are_supplied(tmp_path: Path) -> None:
    campaign = (
        PLAIN
        + """
  stocks: {transport: 0 days, depots: {a: {hawk: 500}}}
  repair: {fire_unit: 100 days, written_off: 0}
"""
    )
    ready = lab(tmp_path, campaign, 4)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        units[:, 0] = night == 1
        return wanted, units, sensors

    nights(ready, 2, raid)
    down = ready.standing.unit_state[:, 0] != 0
    assert down.any()
    assert (ready.standing.held[down, 0] == 0).all()
    assert (ready.standing.depot[down, 0, 0] == 500).all()


def test_rounds_that_no_depot_or_line_names_are_always_there(tmp_path: Path) -> None:
    ready = lab(tmp_path, PLAIN, 2)
    nights(ready, 5, stormy(2))
    assert (ready.standing.supplied[:, 0] > 0).all()
    record = nights(ready, 1, lambda _, opening: quiet(opening), first=6)[0]
    assert (record.short == 0).all()


def test_copies_of_a_plan_share_their_luck_with_one_more_line(tmp_path: Path) -> None:
    ready = lab(tmp_path, FULL.replace("RULE", "national"), 20)
    plan = one_more_line(ready.plan, "line")
    assert [line.id for line in plan.lines] == ["line", "units", "line/2"]
    assert len(plan.orders) == len(ready.plan.orders) + 2
    assert len(plan.reorders) == 2
    other = lab(tmp_path, FULL.replace("RULE", "national"), 20)
    more = Lab(
        other.scenario,
        plan,
        other.layout,
        first_evening(other.layout, plan, 20, *arsenal_of(other.layout, plan, 1, 20)),
    )
    before, after = nights(ready, 30, stormy(4)), nights(more, 30, stormy(4))
    assert all((x.launched == y.launched).all() for x, y in zip(before, after, strict=True))
    assert (more.standing.made >= ready.standing.made).all()
    assert (more.standing.made > ready.standing.made).any()


def test_an_opening_fits_the_engines_tables(tmp_path: Path) -> None:
    ready = lab(tmp_path, FULL.replace("RULE", "pooled"), 5)
    tables = prepare(ready.scenario)[0]
    seen = []

    def raid(night: int, opening, seen=seen):
        seen.append(opening)
        return stormy(night)(night, opening)

    nights(ready, 4, raid)
    units, sensors = tables.fire_units.shape[0] - 1, tables.sensors.shape[0]
    opening = seen[-1]
    assert opening.ready.shape == opening.reserve.shape == (5, tables.weapons.shape[0])
    assert opening.unit_out.shape == (5, units)
    assert opening.sensor_out.shape == (5, sensors)
    assert opening.remaining.shape == (5, tables.targets.shape[0])
    assert opening.flying.shape == (5, tables.salvos.shape[0] - 1)
    assert (opening.ready <= tables.weapons.ready_rounds).all()
