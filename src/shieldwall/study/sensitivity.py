"""Say which groups of figures matter: Sobol indices by Saltelli's design, with intervals.

First order S: the part of the variance that goes if the group becomes known. Total T: the part that stays if all others
become known. T - S is what the group does only together with others. SALib makes the design and the estimates.

References
----------
Saltelli et al. 2010, Computer Physics Communications 181, 259-270 (design and first-order estimator).
Jansen 1999, Computer Physics Communications 117, 35-43 (total-order estimator).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.study.variance import Estimate

Float = NDArray[np.float64]
_RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol indices of one output by group, each with a 90 % bootstrap interval."""

    first: Mapping[str, Estimate]
    total: Mapping[str, Estimate]


def saltelli_points(groups: Sequence[str], base: int, seed: int) -> Float:
    """Return the design in the unit cube, shape (base x (number of groups + 2), number of figures).

    Parameters
    ----------
    groups : the group of each figure
    base : a power of two

    Raises
    ------
    InputError
        If SALib is not there, there is only one group, or `base` is no power of two.
    """
    if base < 2 or base & (base - 1):
        raise InputError(Mistake("", 0, 0, f"{base} is no power of two, which a Saltelli design needs", "give 64"))
    from_salib = _salib("SALib.sample.sobol")
    return np.asarray(from_salib.sample(_problem(groups), base, calc_second_order=False, scramble=True, seed=seed))


def indices(groups: Sequence[str], values: Float, seed: int) -> Indices | None:
    """Return the Sobol indices of values, shape (points of the design,); None where they do not vary."""
    if np.ptp(values) == 0:
        return None
    problem = _problem(groups)
    found = _salib("SALib.analyze.sobol").analyze(
        problem, values, calc_second_order=False, num_resamples=_RESAMPLES, conf_level=0.9, seed=seed
    )
    names = list(dict.fromkeys(groups))
    return Indices(*(_by_group(names, found[key], found[f"{key}_conf"]) for key in ("S1", "ST")))


def _by_group(names: Sequence[str], values: Float, half: Float) -> dict[str, Estimate]:
    return {
        name: Estimate(float(v), float(v - h), float(v + h)) for name, v, h in zip(names, values, half, strict=True)
    }


def _problem(groups: Sequence[str]) -> dict[str, Any]:
    if len(set(groups)) < 2:
        raise InputError(
            Mistake("", 0, 0, "Sobol indices need two groups of figures or more", "choose more figures, or give --each")
        )
    size = len(groups)
    return {
        "num_vars": size,
        "names": [f"x{i}" for i in range(size)],
        "groups": list(groups),
        "bounds": [[0.0, 1.0]] * size,
    }


def _salib(module: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(
            Mistake("", 0, 0, f"Sobol indices need SALib ({error})", "pip install 'shieldwall[uncertainty]'")
        ) from error
