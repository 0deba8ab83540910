"""What services did not deliver in a day: the parts that are down in the morning after a raid stay down all day.

Parts and networks are those of passive defence: a part is down while what is left of the places it consists of is at
or below its limit. How fast they are mended is the campaign's own (`repair.asset`), night after night.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.passive_defence.network import Service, delivered
from shieldwall.results.row import Roster
from shieldwall.scenario.types import Scenario

Int = NDArray[np.int64]
Float = NDArray[np.float64]
HOURS_A_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Served:
    """One service and where its parts stand among the engine's targets."""

    service: Service
    targets: tuple[Int, ...]
    works_at: Float
    whole: float


def services_of(scenario: Scenario, roster: Roster) -> tuple[Served, ...]:
    """Return the services of a scenario, none where it names none."""
    if scenario.passive is None:
        return ()
    place = {name: m for m, name in enumerate(roster.target)}
    return tuple(
        Served(
            service=service,
            targets=tuple(np.array([place[name] for name in part.of], np.int64) for part in service.parts),
            works_at=np.array([part.works_at for part in service.parts]),
            whole=float(delivered(service, np.ones((1, len(service.parts)), np.bool_))[0]),
        )
        for service in scenario.passive.services
    )


def lost_in_a_day(services: tuple[Served, ...], remaining: Float) -> Float:
    """Return what each service did not deliver, in its unit times hours, (R, V).

    Parameters
    ----------
    remaining : float64 (R, M), what is left of every target of the engine in the morning
    """
    lost = np.zeros((remaining.shape[0], len(services)))
    for v, served in enumerate(services):
        left = np.stack([remaining[:, own].mean(axis=1) for own in served.targets], axis=1)
        lost[:, v] = (served.whole - delivered(served.service, left > served.works_at + 1e-12)) * HOURS_A_DAY
    return lost
