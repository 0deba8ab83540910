"""Stock recursions against closed forms: base stock and newsvendor, ramps, machine repair, the adversary's balance.

Demand and losses are the test's own, drawn with a fixed seed; everything else is the campaign's recursion. Comparisons
are within 4 standard errors, and each test says how large the standard error may be.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from shieldwall.campaign.production import made_on, made_until
from shieldwall.campaign.standing import AT_WORK
from shieldwall.scenario.campaign_types import Line
from verification.campaign_lab import PLAIN, lab, nights, quiet

LIMIT = 4.0


def close(values: np.ndarray, expected: float, at_most: float) -> None:
    """Assert that the mean of independent values is the expected one, and that the test can tell."""
    error = float(np.std(values, ddof=1)) / math.sqrt(values.size)
    assert error <= at_most
    assert abs(float(np.mean(values)) - expected) <= LIMIT * error


@pytest.mark.parametrize(("lead", "level"), [(1, 6), (2, 11), (4, 22)])
def test_base_stock_falls_short_by_the_excess_of_demand_over_the_lead_time(
    tmp_path: Path, lead: int, level: int
) -> None:
    # Orders up to S each morning, delivered L mornings later: what units lack after the morning's delivery is
    # (D1 + ... + DL - S)+, D the demand of one night (Zipkin 2000, section 6.2; here with L whole periods).
    campaign = (
        PLAIN
        + f"""
  stocks: {{depots: {{a: {{hawk: {level}}}}}, transport: 0 days}}
  lines: [{{id: line, makes: hawk, rate: 3000000 count/year}}]
  reorders: [{{id: up, nation: a, line: line, below: {level - 1}, up_to: {level}, lead_time: {lead} days}}]
"""
    )
    ready = lab(tmp_path, campaign, 4_000)
    chance, n = 0.5, 10
    draw = np.random.default_rng(5)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        wanted[:, 0] = draw.binomial(n, chance, wanted.shape[0])
        return wanted, units, sensors

    record = nights(ready, lead + 3, raid)[-1]
    demand = stats.binom(n * lead, chance)
    expected = sum((d - level) * demand.pmf(d) for d in range(level + 1, n * lead + 1))
    close(record.short[:, 0], expected, 0.04)


def test_newsvendor_level_is_the_critical_quantile(tmp_path: Path) -> None:
    # A night's depot is filled to S; a round lacking costs 3, a round left over 1: the cheapest S is the smallest with
    # P(D <= S) >= 3 / (3 + 1) (Arrow, Harris & Marschak 1951), and its cost is the closed form's.
    n, chance, under, over = 20, 0.4, 3.0, 1.0
    demand = stats.binom(n, chance)
    best = next(s for s in range(n + 1) if demand.cdf(s) >= under / (under + over))
    costs = {}
    for level in (best - 2, best - 1, best, best + 1, best + 2):
        campaign = PLAIN + f"  stocks: {{depots: {{a: {{hawk: {level}}}}}, transport: 0 days}}\n"
        ready = lab(tmp_path, campaign, 20_000)
        draw = np.random.default_rng(7)

        def raid(night: int, opening, draw=draw):
            wanted, units, sensors = quiet(opening)
            wanted[:, 0] = draw.binomial(n, chance, wanted.shape[0])
            return wanted, units, sensors

        after = nights(ready, 2, raid)[1]
        left = ready.standing.depot[:, 0, 0]
        cost = under * after.short[:, 0] + over * left
        expected = sum(demand.pmf(d) * (under * max(d - level, 0) + over * max(level - d, 0)) for d in range(n + 1))
        close(cost, expected, 0.05)
        costs[level] = float(cost.mean())
    assert min(costs, key=lambda level: costs[level]) == best


@pytest.mark.parametrize(
    "line",
    [
        Line("flat", "x", 1.7, 1.7, 0.0, 1),
        Line("growing", "x", 1.37, 1.78, 540.0, 1),
        Line("late", "x", 0.0, 54.8, 33.5, 40),
        Line("falling", "x", 3.0, 0.5, 20.0, 3),
    ],
)
def test_ramp_sums_are_the_integral_of_the_rate(line: Line) -> None:
    def rate(day: float) -> float:
        share = min(day / line.ramp_days, 1.0) if line.ramp_days else 1.0
        return line.rate_a_day + (line.final_rate_a_day - line.rate_a_day) * share

    total = 0
    for night in range(1, 181):
        total += made_on(line, night)
        days = max(night - line.opens + 1, 0)
        kinks = [line.ramp_days] if 0 < line.ramp_days < days else None
        whole = integrate.quad(rate, 0, days, points=kinks)[0] if days else 0.0
        assert total == made_until(line, night)
        assert abs(total - whole) < 1.0 + 1e-6
        assert total <= whole + 1e-6


def test_orders_get_what_the_line_makes_no_more_and_no_earlier(tmp_path: Path) -> None:
    campaign = (
        PLAIN
        + """
  lines: [{id: line, makes: hawk, rate: 1461 count/year}]
  orders:
    - {id: second, nation: b, line: line, count: 9, placed: 2, lead_time: 3 days}
    - {id: first, nation: a, line: line, count: 10, placed: 1, lead_time: 2 days}
    - {id: rest, nation: b, line: line, placed: 1, lead_time: 4 days}
"""
    )
    ready = lab(tmp_path, campaign, 2)
    depots = []
    for night in range(1, 10):
        nights(ready, 1, lambda _, opening: quiet(opening), first=night)
        depots.append(ready.standing.depot[0, :, 0].tolist())
    # Four a day. From night 3 the first order's ten, from night 5 the second's nine, then the standing order.
    assert depots == [[0, 0], [0, 0], [4, 0], [8, 0], [10, 2], [10, 6], [10, 10], [10, 14], [10, 18]]


def test_two_units_mend_as_the_chain_of_machines_and_crews_says(tmp_path: Path) -> None:
    # Each of two batteries of nation a is lost with q a night; one crew mends with p a day. The number broken after the
    # crew's day is a Markov chain on 0, 1, 2; its stationary law is the left eigenvector of its matrix.
    q, mean = 0.15, 4.0
    p = 1.0 / mean
    campaign = PLAIN + f"  repair: {{crews: 1, fire_unit: {mean} days, written_off: 0}}\n"
    ready = lab(tmp_path, campaign, 6_000)
    draw = np.random.default_rng(11)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        units[:] = draw.random(units.shape) < q
        units[:, 2] = False
        return wanted, units & ~opening.unit_out, sensors

    nights(ready, 60, raid)
    out = nights(ready, 1, raid, first=61)[0].units_out

    loses = np.array([[stats.binom(2 - i, q).pmf(j - i) if j >= i else 0.0 for j in range(3)] for i in range(3)])
    mends = np.array([[1, 0, 0], [p, 1 - p, 0], [0, p, 1 - p]])
    chain = loses @ mends
    law = np.linalg.matrix_power(chain, 200)[0]
    close(out.astype(float), float(law @ np.arange(3)), 0.012)
    for broken in range(3):
        close((out == broken).astype(float), float(law[broken]), 0.01)


def test_enough_crews_leave_each_unit_to_itself(tmp_path: Path) -> None:
    # Alone, a unit is out after the crew's day with probability q (1 - p) / (q (1 - p) + p): up and down in turn.
    q, mean = 0.1, 5.0
    p = 1.0 / mean
    ready = lab(tmp_path, PLAIN + f"  repair: {{fire_unit: {mean} days, written_off: 0}}\n", 6_000)
    draw = np.random.default_rng(13)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        units[:] = draw.random(units.shape) < q
        return wanted, units & ~opening.unit_out, sensors

    nights(ready, 60, raid)
    out = nights(ready, 1, raid, first=61)[0].units_out
    expected = q * (1 - p) / (q * (1 - p) + p)
    close(out / 3.0, expected, 0.005)


def test_written_off_units_come_back_only_from_spares(tmp_path: Path) -> None:
    campaign = (
        PLAIN
        + """
  repair: {written_off: 100 %, replacement: 3 days, spares: {a: {hawk-battery: 1}}}
"""
    )
    ready = lab(tmp_path, campaign, 5)

    def raid(night: int, opening):
        wanted, units, sensors = quiet(opening)
        units[:] = night == 1
        return wanted, units, sensors

    back = []
    for night in range(1, 8):
        nights(ready, 1, raid, first=night)
        back.append((ready.standing.unit_state == AT_WORK).sum(axis=1)[0])
    assert back == [0, 0, 0, 0, 1, 1, 1]
    assert (ready.standing.lost[:, 0] == 300).all()


def test_the_adversary_launches_what_it_has_and_no_more(tmp_path: Path) -> None:
    campaign = """
campaign:
  nights: 60
  adversary: {stock: {kh-101: 30}, production: {kh-101: 300 count/year}}
  mixes: [{id: raid, raids: {cruise: 7}}]
  schedule: [{mix: raid, from: 2, every: 3}]
"""
    ready = lab(tmp_path, campaign, 3)
    stock, built = 30, 0
    for night in range(1, 61):
        record = nights(ready, 1, lambda _, opening: quiet(opening), first=night)[0]
        made = math.floor(300 / 365.25 * night + 1e-9)
        stock += made - built
        built = made
        flown = min(7, stock) if night >= 2 and (night - 2) % 3 == 0 else 0
        stock -= flown
        assert (record.launched[:, 0] == flown).all()
        assert (ready.standing.arsenal[:, 0] == stock).all()


def test_a_raid_by_chance_comes_as_often_and_as_large_as_the_process_says(tmp_path: Path) -> None:
    campaign = """
campaign:
  nights: 10
  adversary: {stock: {kh-101: 100000}}
  mixes: [{id: small, raids: {cruise: [3, 7]}}, {id: large, raids: {cruise: 40}}]
  process: {chance: 60 %, weights: {small: 3, large: 1}}
"""
    ready = lab(tmp_path, campaign, 20_000)
    record = nights(ready, 1, lambda _, opening: quiet(opening), first=4)[0]
    flown = record.launched[:, 0]
    close((flown > 0).astype(float), 0.6, 0.004)
    close((flown == 40).astype(float), 0.15, 0.003)
    small = flown[(flown > 0) & (flown < 40)]
    assert set(small.tolist()) == {3, 4, 5, 6, 7}
    close(small.astype(float), 5.0, 0.02)


def test_sampled_estimates_follow_the_triangle(tmp_path: Path) -> None:
    campaign = PLAIN.replace("nights: 100", "nights: 100\n  adversary: {estimates: sampled, share: 50 %}")
    ready = lab(tmp_path, campaign, 20_000)
    estimate = ready.plan.adversary.stock["kh-101"]
    assert estimate.low < estimate.central < estimate.high
    close(
        ready.standing.first_arsenal[:, 0].astype(float),
        (estimate.low + estimate.central + estimate.high) / 3,
        0.5,
    )
    output = ready.plan.adversary.daily_output["kh-101"]
    close(ready.standing.daily_output[:, 0], (output.low + output.central + output.high) / 3, 0.002)


def test_a_place_mends_evenly_and_its_service_comes_back_at_its_limit(tmp_path: Path) -> None:
    # Destroyed on night 1, a tenth mended each day: what is left in the morning after night n is (n - 1) / 10, and the
    # part, which works above a half of it, is down on nights 1 to 6. Two parts of 30 and 10 MW, the first one hit.
    campaign = """
services: [{id: power, kind: power, parts: [{of: town, capacity: 30}, {of: port, capacity: 10}]}]
campaign:
  nights: 20
  mixes: [{id: raid, raids: {cruise: 1}}]
  schedule: [{mix: raid, from: 1}]
  repair: {asset: 10 days}
"""
    ready = lab(tmp_path, campaign, 3)
    town = ready.layout.assets.index("town")
    lost, standing = [], []

    def raid(night: int, opening):
        left = opening.remaining.copy()
        left[:, town] *= night != 1
        return (*quiet(opening), left)

    for night in range(1, 14):
        record = nights(ready, 1, raid, first=night)[0]
        lost.append(float(record.service_lost[0, 0]))
        standing.append(float(ready.standing.asset[0, town]))
    assert standing == pytest.approx([min((night - 1) / 10, 1.0) for night in range(1, 14)])
    assert lost == [30 * 24.0] * 6 + [0.0] * 7
