"""What sensors see look by look: stays in sight with the chance of a look along them, where a scenario asks for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.core.geodesy import ecef_m
from shieldwall.engine.orbit_sight import Round, orbit_stays, round_of
from shieldwall.engine.stays import Stays
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.conditions import Conditions
from shieldwall.surveillance.detection import detection_at_range
from shieldwall.surveillance.sensor import Sensor
from shieldwall.surveillance.weather import height_max_in_weather_m
from shieldwall.tables import Float, Int, Paths

_RADARS = ("radar", "airborne_radar")
# Looks at radars whose chance would be less than this are left out.
_LEAST_CHANCE = 0.02
_BINS_MOST = 32
_SCANS_A_BIN = 2.0


class Looks(NamedTuple):
    """Stays of paths in sight, by path, then sensor, then variant of its orbit (-1: none), and bins of chances.

    path, place, variant, enter_s, leave_s (rows,); bin_first (rows + 1,) into until_s, chance (K,).
    """

    path: Int
    place: Int
    variant: Int
    enter_s: Float
    leave_s: Float
    bin_first: Int
    until_s: Float
    chance: Float


def looks_by_look(scenario: Scenario) -> bool:
    """Say whether a scenario asks for more than one chance a look, and tracks that last."""
    asked = scenario.conditions
    if asked is not None and (
        asked.by_range or asked.window or asked.coast or asked.fusion == "plots" or asked.quality
    ):
        return True
    return any(sensor.orbit is not None or sensor.absences is not None for sensor in scenario.sensors)


def stretch(sensor: Sensor, conditions: Conditions | None) -> float:
    """Return how much further than its published range a radar has any chance worth a look, 1 if that is not asked."""
    if conditions is None or not conditions.by_range or sensor.type.kind not in _RADARS:
        return 1.0
    alarm = np.log(conditions.false_alarm)
    published = alarm / np.log(_inside(sensor.type.detection_probability)) - 1.0
    return float(max(1.0, published / (alarm / np.log(_LEAST_CHANCE) - 1.0)) ** 0.25)


def _inside(chance: float) -> float:
    return min(max(chance, 1e-3), 1.0 - 1e-6)


def looks_of(scenario: Scenario, paths: Paths, sight: Stays, reach_m: Float) -> Looks:
    """Return the looks of a scenario.

    Parameters
    ----------
    scenario : in canonical order
    paths : P paths of S salvos
    sight : stays in sight of sensors that stand still, as far as a look has a chance
    reach_m : (Q, S) range at which a look has the catalogue's chance
    """
    variants: list[Int] = [np.full(sight.path.size, -1, np.int64)]
    parts = [sight]
    orbits: dict[int, Round] = {}
    for q, sensor in enumerate(scenario.sensors):
        if sensor.orbit is None or sensor.type.detection_probability <= 0.0:
            continue
        height_m = sensor.position.height_m + sensor.type.antenna_height_m
        orbits[q] = round_of(sensor.orbit, height_m)
        far_m = reach_m[q] * stretch(sensor, scenario.conditions)
        top_m = height_max_in_weather_m(sensor.type, scenario.conditions or Conditions())
        found = orbit_stays(paths, far_m, height_m, top_m, orbits[q])
        parts.append(Stays(found.path, np.full(found.path.size, q), found.enter_s, found.leave_s))
        variants.append(found.variant)
    path, place, enter_s, leave_s = (np.concatenate(column) for column in zip(*parts, strict=True))
    variant = np.concatenate(variants)
    order = np.lexsort((enter_s, variant, place, path))
    rows = Stays(path[order], place[order], enter_s[order], leave_s[order])
    bins = _bins(scenario, paths, rows, variant[order], reach_m, orbits)
    return Looks(rows.path, rows.place, variant[order], rows.enter_s, rows.leave_s, *bins)


def _bins(
    scenario: Scenario, paths: Paths, rows: Stays, variant: Int, reach_m: Float, orbits: dict[int, Round]
) -> tuple[Int, Float, Float]:
    """Return where the bins of each stay begin, until when each holds, and its chance of a look."""
    by_range = scenario.conditions is not None and scenario.conditions.by_range
    ranged = np.array([by_range and s.type.kind in _RADARS for s in scenario.sensors], bool)[rows.place]
    scan_s = np.array([s.type.scan_s for s in scenario.sensors])[rows.place]
    given = np.array([s.type.detection_probability for s in scenario.sensors])[rows.place]
    wanted = np.ceil((rows.leave_s - rows.enter_s) / (_SCANS_A_BIN * scan_s))
    count = np.where(ranged, np.clip(wanted, 1, _BINS_MOST), 1).astype(np.int64)
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    row = np.repeat(np.arange(count.size), count)
    share = (np.arange(first[-1]) - first[row] + 1.0) / count[row]
    span = (rows.leave_s - rows.enter_s)[row]
    until_s = rows.enter_s[row] + share * span
    chance = given[row]
    own = np.flatnonzero(ranged[row])
    if own.size:
        middle_s = until_s[own] - 0.5 * span[own] / count[row[own]]
        away_m = _distance_m(scenario, paths, rows, variant, row[own], middle_s, orbits)
        at_m = reach_m[rows.place[row[own]], paths.salvo[rows.path[row[own]]]]
        published = np.clip(given[row[own]], 1e-3, 1.0 - 1e-6)
        alarm = scenario.conditions.false_alarm if scenario.conditions else 1e-6
        chance[own] = detection_at_range(np.maximum(away_m, 1.0), at_m, published, alarm)
    return first, until_s, chance


def _distance_m(
    scenario: Scenario, paths: Paths, rows: Stays, variant: Int, row: Int, time_s: Float, orbits: dict[int, Round]
) -> Float:
    """Return how far the threat of each row is from its sensor at a time after launch, (N,) metres."""
    p, q = rows.path[row], rows.place[row]
    at = time_s / paths.step_s[p]
    i = np.minimum(at.astype(np.int64), paths.ptr[p + 1] - paths.ptr[p] - 2)
    f = (at - i)[:, None]
    i = i + paths.ptr[p]
    threat = paths.xyz_m[i] + f * (paths.xyz_m[i + 1] - paths.xyz_m[i])
    sites = [s.position for s in scenario.sensors]
    heights = np.array([s.height_m + q.type.antenna_height_m for s, q in zip(sites, scenario.sensors, strict=True)])
    fixed = ecef_m(np.array([s.latitude_deg for s in sites]), np.array([s.longitude_deg for s in sites]), heights)
    sensor = fixed[q]
    for number, orbit in orbits.items():
        own = np.flatnonzero(q == number)
        phase = (variant[row[own]] / orbit.variants + time_s[own] / orbit.period_s) % 1.0
        knots = np.linspace(0.0, 1.0, orbit.xyz_m.shape[0])
        sensor[own] = np.stack([np.interp(phase, knots, orbit.xyz_m[:, axis]) for axis in range(3)], axis=1)
    return np.asarray(np.linalg.norm(threat - sensor, axis=1))
