"""Sobol indices against the closed forms of two functions that every paper on them uses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shieldwall.study.sensitivity import indices, saltelli_points

pytest.importorskip("SALib", reason="the extra `uncertainty` is not installed")

BASE = 2048
ERROR = 0.03  # of an index at 2,048 base points; four seeds were off by 0.012 at most


def ishigami(x: np.ndarray) -> np.ndarray:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 over (-pi, pi) (Ishigami & Homma 1990)."""
    a, b, c = (np.pi * (2 * x - 1)).T
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def ishigami_indices() -> tuple[list[float], list[float]]:
    pi4, pi8 = math.pi**4, math.pi**8
    one, two, both = (1 + 0.1 * pi4 / 5) ** 2 / 2, 7**2 / 8, 0.1**2 * pi8 * 8 / 225
    whole = one + two + both
    return [one / whole, two / whole, 0.0], [(one + both) / whole, two / whole, both / whole]


A = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def sobol_g(x: np.ndarray) -> np.ndarray:
    """Return the product of (|4 x - 2| + a) / (1 + a) (Saltelli & Sobol 1995)."""
    return np.prod((np.abs(4 * x - 2) + A) / (1 + A), axis=1)


def sobol_g_indices() -> tuple[list[float], list[float]]:
    each = 1 / (3 * (1 + A) ** 2)
    whole = np.prod(1 + each) - 1
    return list(each / whole), list(each * np.prod(1 + each) / (1 + each) / whole)


@pytest.mark.parametrize(
    ("function", "expected"), [(ishigami, ishigami_indices()), (sobol_g, sobol_g_indices())], ids=["ishigami", "g"]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_indices_agree_with_the_closed_form(function, expected, seed):
    names = [f"figure {k}" for k in range(len(expected[0]))]
    found = indices(names, function(saltelli_points(names, BASE, seed)), seed)
    for measured, exact in zip((found.first, found.total), expected, strict=True):
        for name, value in zip(names, exact, strict=True):
            assert abs(measured[name].value - value) < ERROR, (name, measured[name], value)
            assert measured[name].low - ERROR / 2 <= value <= measured[name].high + ERROR / 2


def test_a_group_has_the_index_of_its_figures_together():
    (_, second, _), _ = ishigami_indices()
    groups = ["outer", "inner", "outer"]
    found = indices(groups, ishigami(saltelli_points(groups, BASE, 3)), 3)
    assert saltelli_points(groups, 64, 3).shape == (64 * 4, 3)
    assert abs(found.first["outer"].value - (1 - second)) < ERROR
    assert abs(found.total["inner"].value - second) < ERROR


def test_what_does_not_vary_has_no_indices():
    assert indices(["a", "b"], np.ones(256), 1) is None
