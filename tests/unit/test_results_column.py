"""Columns against `pyarrow.array` on the same values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from shieldwall.results.column import numbers, texts, truths


@pytest.mark.parametrize("kind", [pa.int32(), pa.float64()])
@pytest.mark.parametrize("size", [0, 1, 7, 8, 1_000])
def test_numbers_with_and_without_nulls(kind: pa.DataType, size: int) -> None:
    draw = np.random.default_rng(size)
    values, missing = draw.integers(-50, 50, size), draw.random(size) < 0.3
    assert numbers(values, kind).equals(pa.array(values, type=kind))
    expected = pa.array([None if gone else value for value, gone in zip(values, missing, strict=True)], type=kind)
    column = numbers(values, kind, missing)
    column.validate(full=True)
    assert column.equals(expected)


def test_truths_and_texts() -> None:
    flags = np.array([[True, False, True], [False, False, True]])
    assert truths(flags).equals(pa.array(flags.ravel()))
    words = ("kyiv", "", "Zürich", "Wrocław")
    texts(words).validate(full=True)
    assert texts(words).equals(pa.array(words))
    assert len(texts(())) == 0
