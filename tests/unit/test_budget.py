"""Budgets, prices and shares: to the last dollar, on the path, and beside published totals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.campaign.budget import budgets, check_totals
from shieldwall.campaign.money import apportion, discount_factors, prices
from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.load import load_catalogue
from shieldwall.core.errors import InputError

PUBLISHED_2025 = {"PL": 4.48, "LT": 4.00, "LV": 3.73, "EE": 3.38, "NO": 3.35, "US": 3.22, "GB": 2.4}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_seven_published_shares_of_2025(catalogue: Catalogue) -> None:
    now = budgets(catalogue, list(PUBLISHED_2025), [2025])
    assert (100 * now.core_share[:, 0]).tolist() == pytest.approx(list(PUBLISHED_2025.values()))


def test_sums_over_members_agree_with_published_totals(catalogue: Catalogue) -> None:
    checks = {check.name: check for check in check_totals(catalogue)}
    assert len(checks) == 4
    assert checks["core share of all members"].published == pytest.approx(0.0276)
    assert checks["United States"].published == 980e9
    assert checks["Europe and Canada"].published == 608e9
    assert checks["Europe and Canada for each dollar of the United States, constant prices"].published == pytest.approx(
        559 / 845
    )
    for check in checks.values():
        assert check.holds, check
        assert check.ratio == pytest.approx(1.0, abs=0.03)


def test_the_path_goes_straight_to_the_target_and_nobody_down(catalogue: Catalogue) -> None:
    plan = budgets(catalogue)
    assert plan.years == tuple(range(2025, 2036))
    assert len(plan.nations) == 32
    start, end = plan.core_share[:, 0], plan.core_share[:, -1]
    assert end == pytest.approx(np.maximum(start, 0.035))
    assert np.diff(plan.core_share, n=2) == pytest.approx(0.0, abs=1e-12)
    assert plan.related_share[:, -1] == pytest.approx(0.015)
    poland = plan.nations.index("PL")
    assert plan.core_share[poland] == pytest.approx(0.0448)
    hold = budgets(catalogue, path="hold")
    assert hold.core_share == pytest.approx(start[:, None] + np.zeros(11))
    assert (plan.iamd_usd >= hold.iamd_usd).all()


def test_the_path_by_hand(catalogue: Catalogue) -> None:
    romania = budgets(catalogue, ["RO"], [2030], iamd_share_of_core=0.1, iamd_share_of_related=0.0)
    gdp = catalogue.nations["RO"].gdp.si * 1.015**6
    share = 0.0228 + (0.035 - 0.0228) * 5 / 10
    assert romania.gdp_usd[0, 0] == round(gdp)
    assert romania.core_usd[0, 0] == round(gdp * share)
    assert romania.iamd_usd[0, 0] == round(round(gdp * share) * 0.1)


def test_money_adds_up_to_the_dollar_each_year(catalogue: Catalogue) -> None:
    whole = budgets(catalogue)
    for array in (whole.core_usd, whole.related_usd, whole.iamd_usd):
        assert array.dtype == np.int64
    assert (whole.iamd_usd == whole.iamd_core_usd + whole.iamd_related_usd).all()
    for y in range(len(whole.years)):
        parts = sum(int(budgets(catalogue, [nation]).iamd_usd[0, y]) for nation in whole.nations)
        assert int(whole.total()[y]) == parts
    ends = [int(budgets(catalogue, end=end).total().sum()) for end in ("low", "central", "high")]  # type: ignore[arg-type]
    assert ends == sorted(ends)
    assert ends[0] < ends[2]


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_of_a_sum_add_up_to_it(total: int, weights: list[int]) -> None:
    shares = apportion(total, weights)
    assert shares.min() >= 0
    if sum(weights):
        assert int(shares.sum()) == total
        for share, weight in zip(shares.tolist(), weights, strict=True):
            assert abs(share * sum(weights) - total * weight) < sum(weights)
    else:
        assert int(shares.sum()) == 0


def test_present_values_by_hand() -> None:
    assert discount_factors([2025, 2026, 2035], 0.03, 2025) == pytest.approx([1.0, 1 / 1.03, 1.03**-10])
    # An annuity of one for ten years from the next: (1 - v**10) / r.
    assert discount_factors(range(2026, 2036), 0.03, 2025).sum() == pytest.approx((1 - 1.03**-10) / 0.03)
    assert discount_factors([2025, 2030], 0.0, 2025).tolist() == [1.0, 1.0]


def test_prices_are_brought_to_one_year_and_currency(catalogue: Catalogue) -> None:
    found = prices(
        catalogue, ["patriot-battery", "iris-t-slm-unit", "pac-3-mse", "stinger", "long-range-radar", "ew-city"]
    )
    patriot = found["patriot-battery"]
    assert (patriot.usd, patriot.stated_year, patriot.price_year) == (412_000_000, 2023, 2024)
    assert patriot.low_usd < patriot.usd < patriot.high_usd
    assert patriot.operating_usd == round(412_000_000 * 0.06)
    assert patriot.lead_days == pytest.approx(1095.8)
    assert patriot.per_year == 12
    assert found["iris-t-slm-unit"].usd == round(140e6 * 1.1 * 1.03)
    assert found["pac-3-mse"].per_year == 620
    assert found["stinger"].stated_year is None
    everything = prices(catalogue)
    assert all(price.low_usd <= price.usd <= price.high_usd for price in everything.values())
    assert all(price.lead_days > 0 and price.operating_usd >= 0 for price in everything.values())


def test_wrong_names_and_shares_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="'PX' is not among the catalogue's nations; did you mean"):
        budgets(catalogue, ["PX"])
    with pytest.raises(InputError, match="'PL' is named twice"):
        budgets(catalogue, ["PL", "PL"])
    with pytest.raises(InputError, match="iamd_share_of_core is 7"):
        budgets(catalogue, iamd_share_of_core=7)
    with pytest.raises(InputError, match="'patriot-batery' is nothing that can be bought; did you mean"):
        prices(catalogue, ["patriot-batery"])


def test_a_price_year_is_for_money_alone(catalogue: Catalogue) -> None:
    plain = {"unit": "m", "value": 1, "low": 0, "high": 2, "confidence": "assumed", "reason": "test"}
    hardness = plain | {"unit": "kg", "year": 2020}
    hut = {"id": "hut", "name": "Hut", "hardness": hardness, "radius": plain, "value": plain | {"unit": "count"}}
    with pytest.raises(InputError, match="a figure that is not money has no year of prices"):
        catalogue.with_entries({"assets": [hut]})
