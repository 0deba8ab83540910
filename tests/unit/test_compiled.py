"""A part that is not given is not compiled: another kernel takes its place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numba import typeof
from numpy.typing import NDArray

import shieldwall
from shieldwall.core.compiled import entry, kernel, where_given
from shieldwall.engine.ahead import no_raid
from shieldwall.engine.simulate import prepare


class _Tables(NamedTuple):
    first: NDArray[np.float64]
    second: NDArray[np.float64] | None


def _plain(x: float, tables: _Tables) -> float:
    return x


@where_given("second", _plain)
def _added(x: float, tables: _Tables) -> float:
    return x + tables.second[0]


@kernel
def _twice(x: float, tables: _Tables) -> float:
    return _added(x, tables) * 2.0


@entry
def _answer(tables: _Tables, x: float) -> float:
    return _twice(x, tables)


@pytest.mark.parametrize(("second", "expected"), [(None, 2.0), (np.array([5.0]), 12.0)])
def test_the_kernel_is_chosen_by_what_is_given(second: NDArray[np.float64] | None, expected: float) -> None:
    tables = _Tables(np.zeros(2), second)
    assert _answer(tables, 1.0) == expected
    assert _twice(1.0, tables) == expected


def test_a_kernel_without_tables_cannot_choose() -> None:
    def lone(x: float) -> float:
        return x

    with pytest.raises(ValueError, match="tables"):
        where_given("second", lone)(lone)


def test_what_is_compiled_ahead_is_what_a_scenario_asks_for() -> None:
    """The same types, or it would be compiled twice."""
    own, _ = prepare(shieldwall.load("one-battery"))
    assert typeof(no_raid()) == typeof(own)
