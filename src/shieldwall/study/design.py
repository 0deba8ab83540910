"""Spread points over what is not known: designs in the unit cube, and figures drawn between their ends.

A figure of the catalogue says low, value and high. `triangular` puts its mode at the value: the value is the best
estimate that the sources support, and a draw that ignored it would throw that away. `uniform` takes only the ends: the
wider choice, for figures whose value is no better than any other.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake

Float = NDArray[np.float64]
Design = Literal["sobol", "latin"]
Distribution = Literal["triangular", "uniform"]
DESIGNS: tuple[Design, ...] = get_args(Design)
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)
SOBOL_FIGURES_AT_MOST = 21_201  # direction numbers that scipy knows


def unit_points(design: Design, points: int, dimensions: int, seed: int) -> Float:
    """Return points in the unit cube, shape (points, dimensions).

    `sobol`: the first points of a scrambled Sobol sequence; more points begin with the same ones. `latin`: a Latin
    hypercube; every number of points is a design of its own.

    Raises
    ------
    InputError
        If a Sobol sequence is asked for a number of points that is no power of two, which would unbalance it.
    """
    from scipy.stats import qmc  # noqa: PLC0415  half a second that only designs need

    if dimensions == 0:
        return np.zeros((points, 0))
    if design == "latin":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(points))
    if points & (points - 1):
        cure = f"give {1 << (points.bit_length() - 1)} or {1 << points.bit_length()}, or --design latin"
        raise InputError(Mistake("", 0, 0, f"{points} is no power of two, which a Sobol design needs", cure))
    if dimensions > SOBOL_FIGURES_AT_MOST:
        raise InputError(Mistake("", 0, 0, f"{dimensions} figures are too many for a Sobol design", "use latin"))
    sobol = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sobol.random_base2(points.bit_length() - 1))


def quantile(
    u: float, low: float, mode: float, high: float, *, distribution: Distribution = "triangular", whole: bool = False
) -> float:
    """Return the value of a figure at quantile u of its distribution between low and high.

    Whole numbers: each has the chance that the distribution, widened by a half at both ends, gives to what rounds to
    it, so that the end numbers are not drawn half as often as they should be.
    """
    if high <= low:
        return mode
    if whole:
        wide = quantile(u, low - 0.5, mode, high + 0.5, distribution=distribution)
        return float(min(max(np.floor(wide + 0.5), np.ceil(low)), np.floor(high)))
    if distribution == "uniform":
        return low + u * (high - low)
    below = (mode - low) / (high - low)
    if u < below:
        return float(low + np.sqrt(u * (high - low) * (mode - low)))
    return float(min(high, high - np.sqrt((1.0 - u) * (high - low) * (high - mode))))
