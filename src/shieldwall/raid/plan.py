"""Lay out which paths there are: one row for each salvo, origin, aim point and route variant, with its course."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from shieldwall.core.position import Position
from shieldwall.raid.course import Legs, Nodes, bow, counts_to_ptr, lay_legs
from shieldwall.raid.flight import Float, Int
from shieldwall.raid.salvo import Salvo


class Plan(NamedTuple):
    """The paths before they are flown, each (P,): index of salvo and target, probability, launcher's height, legs.

    `straight` are the legs between the way-points, before a route bows aside.
    """

    salvo: Int
    target: Int
    probability: Float
    start_height_m: Float
    legs: Legs
    straight: Legs


def route_offsets_m(salvo: Salvo) -> list[float]:
    """Return how far to the side each route variant bows: evenly from -spread to +spread, 0 for a single route."""
    if salvo.routes == 1:
        return [0.0]
    return [float(offset) for offset in np.linspace(-1.0, 1.0, salvo.routes) * salvo.route_spread_m]


def lay_plan(salvos: Sequence[Salvo], targets: Sequence[tuple[str, Position]]) -> Plan:
    """Return the paths of all salvos, ordered by salvo, then origin, aim point, route variant.

    Parameters
    ----------
    salvos : S salvos whose aim points are all among the targets
    targets : M targets, (id, position)
    """
    index = {name: m for m, (name, _) in enumerate(targets)}
    rows: list[tuple[float, ...]] = []
    places: list[tuple[float, float]] = []
    counts: list[int] = []
    for s, salvo in enumerate(salvos):
        via = [(place.latitude_deg, place.longitude_deg) for place in salvo.waypoints]
        offsets = route_offsets_m(salvo)
        sure = sum(salvo.aim_weights) * len(salvo.origins) * len(offsets)
        aims = list(zip(salvo.aim_points, salvo.aim_weights, strict=True))
        for origin, (aim, weight), offset in product(salvo.origins, aims, offsets):
            end = targets[index[aim]][1]
            rows.append((s, index[aim], weight / sure, origin.height_m, offset))
            places.append((origin.latitude_deg, origin.longitude_deg))
            places.extend(via)
            places.append((end.latitude_deg, end.longitude_deg))
            counts.append(len(via) + 2)
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    where = np.array(places, dtype=np.float64).reshape(-1, 2)
    legs = straight = lay_legs(Nodes(counts_to_ptr(np.array(counts, dtype=np.int64)), where[:, 0], where[:, 1]))
    if np.any(table[:, 4] != 0.0):
        legs = lay_legs(bow(legs, table[:, 4]))
    return Plan(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3], legs, straight)
