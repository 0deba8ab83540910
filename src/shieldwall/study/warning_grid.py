"""Map warning: the median time from first track to impact, were each point of a grid aimed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.geodesy import normal_longitude_deg
from shieldwall.core.position import Position
from shieldwall.engine.roster import in_order
from shieldwall.passive_defence.asset import Asset
from shieldwall.scenario.types import Scenario
from shieldwall.study.warning import QUANTILES, allowed, apart_m, by_asset, homes, sight_only, times

Float = NDArray[np.float64]
_MARGIN_DEG = 2.0
_HIGHEST_DEG = 85.0


@dataclass(frozen=True, slots=True)
class WarningMap:
    """Median warning `median_s` (rows, columns) at latitudes, southernmost first, and longitudes; NaN out of range."""

    threat_type: str
    integration: str
    latitude_deg: Float
    longitude_deg: Float
    median_s: Float

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object; None stands for out of range."""
        rows = [[None if np.isnan(value) else float(value) for value in row] for row in self.median_s]
        return {
            "threat_type": self.threat_type,
            "integration": self.integration,
            "latitude_deg": self.latitude_deg.tolist(),
            "longitude_deg": self.longitude_deg.tolist(),
            "median_s": rows,
        }


def warning_map(
    scenario: Scenario, threat_type: str, *, points: int = 24, draws: int = 32, seed: int = 1, threads: int = 1
) -> WarningMap:
    """Return the warning of one threat type over a grid round the assets, at the scenario's level of integration.

    Parameters
    ----------
    threat_type : one of the scenario's types
    points : of the grid in each direction; it reaches 2 degrees beyond the assets, across the antimeridian if need be

    Raises
    ------
    InputError
        If the scenario has no such threat type.
    """
    known = sorted({salvo.type.id for salvo in scenario.salvos})
    if threat_type not in known:
        what = f"there is no threat type '{threat_type}' in {scenario.name}"
        raise InputError(Mistake("", 0, 0, what, nearest(threat_type, known)))
    middle = scenario.assets[0].position.longitude_deg
    lat = np.array([a.position.latitude_deg for a in scenario.assets])
    east = normal_longitude_deg(np.array([a.position.longitude_deg for a in scenario.assets]) - middle)
    south, north = max(lat.min() - _MARGIN_DEG, -_HIGHEST_DEG), min(lat.max() + _MARGIN_DEG, _HIGHEST_DEG)
    rows = np.linspace(south, north, points)
    columns = normal_longitude_deg(middle + np.linspace(east.min() - _MARGIN_DEG, east.max() + _MARGIN_DEG, points))
    places = [
        Asset(f"grid-{i:03d}-{j:03d}", "", "", Position(float(a), float(b)), 0.0, 0.0, 0, 0.0)
        for i, a in enumerate(rows)
        for j, b in enumerate(columns)
    ]
    median_s = warning_grid(scenario, threat_type, places, draws=draws, seed=seed, threads=threads)
    return WarningMap(threat_type, scenario.command.integration, rows, columns, median_s.reshape(points, points))


def warning_grid(
    scenario: Scenario, threat_type: str, places: Sequence[Asset], *, draws: int = 32, seed: int = 1, threads: int = 1
) -> Float:
    """Return the median warning by first track at places, were they aimed at from the type's origins, (N,) seconds.

    Parameters
    ----------
    scenario : who sees; its own level of integration
    threat_type : one of its types
    places : N places, for example the points of a grid; out of the type's range gives NaN
    """
    salvos = [s for s in scenario.salvos if s.type.id == threat_type]
    reach_m = salvos[0].type.range_m
    origins = tuple(dict.fromkeys(origin for salvo in salvos for origin in salvo.origins))
    aims, one = [], []
    for place in places:
        near = tuple(o for o in origins if 1.0 < apart_m(o, place.position) <= reach_m)
        if near:
            aims.append(place)
            one.append(
                replace(
                    salvos[0],
                    id=place.id,
                    origins=near,
                    aim_points=(place.id,),
                    aim_weights=(1.0,),
                    waypoints=(),
                    routes=1,
                    route_spread_m=0.0,
                    count=1,
                )
            )
    median_s = {}
    if aims:
        case = in_order(replace(scenario, assets=tuple(aims), salvos=tuple(one)))
        geometry = sight_only(case, threads=threads)
        telling = allowed(case, homes(case), {s.type.kind for s in case.sensors})
        drawn = times(case, geometry, telling, 0.0, draws, seed)
        for warned in by_asset(case, geometry, case.command.integration, "all", (*drawn, drawn[0])):
            median_s[warned.asset] = warned.track.quantile_s[QUANTILES.index(0.5)]
    return np.array([median_s.get(place.id, np.nan) for place in places])
