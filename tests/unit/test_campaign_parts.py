"""Sharing out, luck by night, distributions of nights: small parts of a campaign by hand and by property."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shieldwall.campaign.answer import nights_until
from shieldwall.campaign.luck import actors, first_of_night, uniforms
from shieldwall.campaign.repair import first_lost
from shieldwall.campaign.shares import share_out
from shieldwall.campaign.supply import lend
from shieldwall.core.random import REPAIR, actor_hash, draw

amounts = st.integers(0, 1_000)


@given(have=amounts, wanted=st.lists(amounts, min_size=1, max_size=8))
def test_shares_add_up_and_nobody_gets_more_than_wanted(have: int, wanted: list[int]) -> None:
    given_out = share_out(np.array([have]), np.array([wanted]))[0]
    assert given_out.sum() == min(have, sum(wanted))
    assert (given_out <= wanted).all()
    assert (given_out >= 0).all()
    if sum(wanted) > have:
        exact = np.array(wanted) * have / sum(wanted)
        assert (np.abs(given_out - exact) < 1.0).all()


def test_the_largest_remainder_gets_the_odd_round_and_of_equals_the_first() -> None:
    assert share_out(np.array([10, 1]), np.array([[5, 5, 8], [2, 2, 2]])).tolist() == [[3, 3, 4], [1, 0, 0]]


@given(st.lists(amounts, min_size=3, max_size=3), st.lists(amounts, min_size=5, max_size=5))
def test_what_a_pool_lends_is_what_depots_give(available: list[int], wanted: list[int]) -> None:
    nation = np.array([0, 0, 1, 2, 2])
    have, want = np.array([available]), np.array([wanted])
    home, allied, taken = lend(have, want, nation)
    assert (taken <= have).all()
    assert home.min() >= 0
    assert allied.min() >= 0
    assert ((home + allied) == share_out(have.sum(axis=1), want)).all()
    assert taken.sum() == home.sum() + allied.sum()
    for n in range(3):
        assert home[:, nation == n].sum() <= available[n]


def test_uniforms_are_the_generators_own_draws() -> None:
    names = ["campaign/a", "campaign/b", "campaign/c"]
    seed = 2**40 + 17
    first, second = uniforms(seed, np.array([0, 5, 99]), REPAIR, actors(names), 42)
    for r, replication in enumerate((0, 5, 99)):
        for i, name in enumerate(names):
            one = draw(np.uint64(seed), np.uint64(replication), REPAIR, np.uint64(actor_hash(name)), np.uint64(42))
            assert (first[r, i], second[r, i]) == (one.a, one.b)


def test_no_two_nights_play_the_same_replication() -> None:
    assert first_of_night(2) - first_of_night(1) == 2**20
    assert first_of_night(3_650) + 2**20 < 2**32


def test_crews_take_what_was_lost_first() -> None:
    broken = np.array([[True, True, True, False], [True, False, False, False]])
    since = np.array([[7, 3, 3, 1], [9, 0, 0, 0]])
    assert first_lost(broken, since, 2).tolist() == [[False, True, True, False], [True, False, False, False]]
    assert first_lost(broken, since, 1).tolist() == [[False, True, False, False], [True, False, False, False]]
    assert first_lost(broken, since, 0).tolist() == [[False] * 4] * 2
    assert (first_lost(broken, since, None) == broken).all()


def test_nights_until_counts_what_never_came_as_later() -> None:
    found = nights_until(np.array([0, 10, 20, 0]), 30)
    assert found["share"] == 0.5
    assert (found["q05"], found["q25"], found["q50"], found["q75"]) == (10, 10, 20, None)
    assert found["mean_of_those"] == 15.0
    assert nights_until(np.zeros(3, np.int64), 30)["q50"] is None


def test_lend_of_nothing_is_nothing() -> None:
    none = np.zeros((2, 3), np.int64)
    home, allied, taken = lend(none, np.ones((2, 4), np.int64), np.array([0, 1, 1, 2]))
    assert not home.any()
    assert not allied.any()
    assert not taken.any()
