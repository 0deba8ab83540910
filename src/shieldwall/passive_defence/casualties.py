"""Casualties: the killed and gravely hurt of one hit among people, from public figures that are ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
_SCALED = 2.0 / 3.0  # an area of equal blast grows with the mass to this power (cube-root scaling of distance)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a hit among people does.

    area_m2 : in which all who are indoors would be killed or gravely hurt, for a warhead of 1 kg
    killed : share of the casualties that is killed
    shape : of the gamma law of density where it falls; its mean is that of the place, its variance 1/shape
    """

    id: str
    area_m2: float
    killed: float
    shape: float


def expected_casualties(population: Float, radius_m: Float, warhead_kg: Float, risk: Float, area_m2: float) -> Float:
    """Return the mean number killed and gravely hurt by one hit, float64 (I,).

    population x min(1, area_m2 warhead^(2/3) / (pi radius^2)) x risk: people are taken to be spread evenly over the
    place.

    Limits
    ------
    Nobody is hurt twice, nobody outside the place is hurt, and glass, fire and secondary harm are not counted.
    """
    covered = np.minimum(1.0, area_m2 * warhead_kg**_SCALED / (np.pi * radius_m**2))
    return population * covered * risk


def draw_casualties(mean: Float, shape: float, u_density: Float, u_number: Float) -> NDArray[np.int64]:
    """Return whole numbers of casualties, int64 (I,): Poisson about a mean that scatters by a gamma law of density.

    Both by inversion, so a smaller mean never gives more from the same uniforms; together a negative binomial.

    Parameters
    ----------
    mean : float64 (I,)
    u_density, u_number : float64 (I,), uniforms
    """
    from scipy.special import gammaincinv, pdtr, pdtrik  # noqa: PLC0415  only where people are told of

    rate = mean * gammaincinv(shape, u_density) / shape
    number = np.zeros(mean.shape)
    some = u_number > np.exp(-rate)
    if some.any():
        u, m = u_number[some], rate[some]
        guess = np.maximum(np.ceil(pdtrik(u, m)), 1.0)
        guess = np.where(pdtr(guess - 1.0, m) >= u, guess - 1.0, guess)
        number[some] = np.where(pdtr(guess, m) < u, guess + 1.0, guess)
    return number.astype(np.int64)
