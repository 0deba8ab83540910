"""Sheltering: who is where when it falls, by the hour and by the length of the warning, and how safe that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

# Bands of the day by the local hour at which each begins; night goes over midnight.
BANDS: tuple[tuple[str, int], ...] = (("night", 0), ("morning", 6), ("day", 9), ("evening", 18), ("night", 23))


@dataclass(frozen=True, slots=True)
class Sheltering:
    """What the people of a place do once they are told, and how safe each of four postures is.

    to_shelter, to_inner_room : shares of those reached who set out for one or the other; the rest do nothing
    time_to_shelter_s, time_to_inner_room_s : medians of log-normal laws whose logarithms scatter by `time_spread`
    outdoors : band of the day -> share in the open
    risk_outdoors, risk_inner_room, risk_shelter : times the risk of one who is indoors and does nothing
    places : share of the people for whom there is a place in a shelter
    """

    id: str
    to_shelter: float
    to_inner_room: float
    time_to_shelter_s: float
    time_to_inner_room_s: float
    time_spread: float
    outdoors: Mapping[str, float]
    risk_outdoors: float
    risk_inner_room: float
    risk_shelter: float
    places: float


def band_of(hour: Float) -> NDArray[np.int64]:
    """Return the place in BANDS of each local hour of the day, 0 <= hour < 24."""
    return np.searchsorted([begin for _, begin in BANDS], hour, side="right") - 1


def arrived_share(time_s: Float, median_s: float, spread: float) -> Float:
    """Return the share of those who set out that has arrived after a time: the shelter curve, 0 at no time.

    Log-normal: Phi(ln(t / median) / spread).
    """
    from scipy.special import ndtr  # noqa: PLC0415  only where people are told of

    with np.errstate(divide="ignore"):
        return np.where(time_s > 0.0, ndtr(np.log(np.maximum(time_s, 0.0) / median_s) / spread), 0.0)


def relative_risk(warning_s: Float, hour: Float, reached: Float, habits: Sheltering) -> Float:
    """Return the mean risk of the people, times that of one who is indoors and does nothing, float64 (I,).

    base = outdoors x risk_outdoors + (1 - outdoors); of those reached, the shares that have arrived in a shelter or an
    inner room bear the risk there, all others the base.

    Parameters
    ----------
    warning_s : float64 (I,), how long the alert had been on, 0 for none
    hour : float64 (I,), local hour of the day
    reached : float64 (I,), share of the people who heard it
    """
    outdoors = np.array([habits.outdoors[name] for name, _ in BANDS])[band_of(hour)]
    base = 1.0 + outdoors * (habits.risk_outdoors - 1.0)
    in_shelter = min(habits.to_shelter, habits.places) * arrived_share(
        warning_s, habits.time_to_shelter_s, habits.time_spread
    )
    in_room = habits.to_inner_room * arrived_share(warning_s, habits.time_to_inner_room_s, habits.time_spread)
    return base + reached * (in_shelter * (habits.risk_shelter - base) + in_room * (habits.risk_inner_room - base))
