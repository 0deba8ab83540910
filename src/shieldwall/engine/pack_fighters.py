"""Pack what flies for the defence: groups, aircraft, tankers, and when each path may be shot at or alerts a group."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from shieldwall.active_defence.fighter import FighterGroup
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.engine.networks import Networks
from shieldwall.engine.rows import row_starts, starts, stay_numbers, words
from shieldwall.engine.stays import Places, Stays, stays
from shieldwall.engine.windows import Geometry, longest_leg_m
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.horizon import HORIZON_ROOT
from shieldwall.surveillance.reach import detection_range_m
from shieldwall.tables import Float, Int, Paths, Records, filled
from shieldwall.tables_air import AIRCRAFT, ARMAMENT, GROUP, REACH, SIGHT, TANKER, AirTables, Legs

_NOWHERE = Position(0.0, 0.0)


class AirPicture(NamedTuple):
    """What geometry says of paths and groups, rows by path, then group: path, group, and times after launch.

    open: stays in which a group may shoot (its reach, its border); alert: stays near its orbit or base; sight: stays in
    sight of the radar that it lends to its network.
    """

    open: Stays
    alert: Stays
    sight: Stays


def air_picture(scenario: Scenario, geometry: Geometry) -> AirPicture:
    """Compute which paths concern which group, and when; nothing, without groups."""
    if not scenario.fighters:
        nothing = Stays(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        return AirPicture(nothing, nothing, nothing)
    groups, paths = scenario.fighters, geometry.paths
    within = _within(paths, groups, _reach_m(scenario, groups))
    inside = [_inside(paths, group.border) if group.border else None for group in groups]
    alert_m = np.array([[group.alert_m] * len(scenario.salvos) for group in groups])
    return AirPicture(
        open=_clipped(within, inside),
        alert=_within(paths, groups, alert_m, by_orbit=True),
        sight=_sights(scenario, paths),
    )


def concerns(picture: AirPicture) -> tuple[Int, Int]:
    """Return (path, group) of every path that may be shot at by a group or alerts it."""
    return (
        np.concatenate([picture.open.path, picture.alert.path]),
        np.concatenate([picture.open.place, picture.alert.place]),
    )


def pack_air(scenario: Scenario, geometry: Geometry, picture: AirPicture, networks: Networks) -> AirTables | None:
    """Return the kernel's tables of all that flies for the defence, None for nothing."""
    if not scenario.fighters:
        return None
    groups, paths = scenario.fighters, geometry.paths
    n_paths = paths.salvo.shape[0]
    arms = [arm for group in groups for arm in group.type.armament]
    leg_m = np.linalg.norm(np.diff(paths.ground_m, axis=0), axis=1)
    leg_m = np.append(leg_m, 0.0)
    leg_m[paths.ptr[1:] - 1] = 0.0
    records = _groups(scenario, networks)
    reach_path, reaches = _reaches(groups, paths, picture, np.array(networks.fighters, np.int64))
    sight = picture.sight
    return AirTables(
        groups=records,
        aircraft=filled(
            AIRCRAFT,
            {
                "actor": words(tuple(f"{g.id}/{number}" for g in groups for number in range(1, g.count + 1))),
                "group": np.repeat(np.arange(len(groups)), [g.count for g in groups]),
                "number": [number for g in groups for number in range(1, g.count + 1)],
            },
        ),
        armament=filled(
            ARMAMENT,
            {
                "weapon": sum(len(u.weapons) for u in scenario.fire_units) + np.arange(len(arms)),
                "aboard": [arm.aboard for arm in arms],
                "range_min_m": [arm.effector.range_min_m for arm in arms],
                "speed_m_s": [arm.effector.speed_m_s for arm in arms],
                "reaction_s": [arm.effector.reaction_s for arm in arms],
                "interval_s": [arm.effector.interval_s for arm in arms],
            },
        ),
        reaches=reaches,
        reach_first=row_starts(reach_path, n_paths),
        sights=filled(
            SIGHT,
            {
                "group": sight.place,
                "number": stay_numbers(sight.path, sight.place),
                "enter_s": sight.enter_s,
                "leave_s": sight.leave_s,
            },
        ),
        sight_first=row_starts(sight.path, n_paths),
        tankers=filled(
            TANKER,
            {
                "place": _points([t.position for t in scenario.tankers]),
                "from_s": [t.from_s for t in scenario.tankers],
                "to_s": [t.to_s for t in scenario.tankers],
                "refuel_s": [t.refuel_s for t in scenario.tankers],
                "refuellings": [t.refuellings for t in scenario.tankers],
            },
        ),
        kill_probability=np.array(
            [[arm.effector.kill_probability.get(c, 0.0) for c in THREAT_CLASSES] for arm in arms]
        ).reshape(len(arms), len(THREAT_CLASSES)),
        range_m=np.array([[arm.effector.range_m.get(c, 0.0) for c in THREAT_CLASSES] for arm in arms]).reshape(
            len(arms), len(THREAT_CLASSES)
        ),
        legs=Legs(
            first=paths.ptr,
            step_s=paths.step_s,
            ground_m=np.ascontiguousarray(paths.ground_m),
            top_m_s=np.maximum.reduceat(leg_m, paths.ptr[:-1]) / paths.step_s,
        ),
    )


def _groups(scenario: Scenario, networks: Networks) -> Records:
    groups = scenario.fighters
    assets = {asset.id: m for m, asset in enumerate(scenario.assets)}
    tankers = {tanker.id: k for k, tanker in enumerate(scenario.tankers)}
    radars = {q.id: len(scenario.sensors) + i for i, q in enumerate(scenario.airborne)}
    patrols = [g.patrol for g in groups]
    base, divert = _points([g.base for g in groups]), _points([g.divert or g.base for g in groups])
    a = _points([p.begin if p else g.base for g, p in zip(groups, patrols, strict=True)])
    b = _points([p.end if p else g.base for g, p in zip(groups, patrols, strict=True)])
    way_s = np.linalg.norm(a - base, axis=1) / np.array([g.type.speed_m_s for g in groups])
    return filled(
        GROUP,
        {
            "actor": words(tuple(g.id for g in groups)),
            "network": networks.fighters,
            "fire_unit": len(scenario.fire_units) + np.arange(len(groups)),
            "aircraft_first": starts([g.count for g in groups]),
            "armament_first": starts([len(g.type.armament) for g in groups]),
            "sensor": [radars.get(f"{g.id}/radar", -1) for g in groups],
            "tanker": [tankers.get(g.tanker, -1) for g in groups],
            "base_target": [assets.get(g.base_asset, -1) for g in groups],
            "home": base,
            "divert": divert,
            "has_divert": [int(g.divert is not None) for g in groups],
            "orbit_a": a,
            "orbit_b": b,
            "has_orbit": [int(p is not None) for p in patrols],
            "speed_m_s": [g.type.speed_m_s for g in groups],
            "tank_m": [2.0 * g.type.combat_radius_m for g in groups],
            "tank_s": [g.type.endurance_s for g in groups],
            "reserve": [g.type.fuel_reserve for g in groups],
            "landing_m": np.linalg.norm(divert - base, axis=1),
            "ready_s": [g.readiness_s for g in groups],
            "ready_spread_s": [min(g.readiness_spread_s, g.readiness_s) for g in groups],
            "turn_s": [g.type.turn_s for g in groups],
            "turn_spread_s": [min(g.type.turn_spread_s, g.type.turn_s) for g in groups],
            "crews": [g.crews for g in groups],
            "lead_s": np.array([g.readiness_s for g in groups]) + way_s,
            "planned_s": way_s,
            "from_s": [p.from_s if p else 0.0 for p in patrols],
            "to_s": [p.to_s if p else 0.0 for p in patrols],
            "strength": [p.aircraft if p else 0 for p in patrols],
            "scramble": [g.scramble for g in groups],
            "identification_s": [g.identification_s for g in groups],
            "loss_probability": [g.type.loss_probability for g in groups],
            "availability": [g.availability for g in groups],
            "hold": [int(g.hold) for g in groups],
        },
    )


def _points(positions: list[Position]) -> Float:
    """Return earth-centred places at height zero, (n, 3) metres."""
    if not positions:
        return np.zeros((0, 3))
    return ecef_m([p.latitude_deg for p in positions], [p.longitude_deg for p in positions])


def _reach_m(scenario: Scenario, groups: tuple[FighterGroup, ...]) -> Float:
    """Return how far from its base a group may meet the threats of each salvo, (J, S): 0 where nothing aboard kills."""
    classes = [s.type.threat_class for s in scenario.salvos]
    able = [
        [any(arm.effector.kill_probability.get(c, 0.0) > 0.0 for arm in g.type.armament) for c in classes]
        for g in groups
    ]
    radius_m = np.array([g.type.combat_radius_m for g in groups])
    return np.where(np.array(able).reshape(len(groups), len(classes)), radius_m[:, None], 0.0)


def _within(paths: Paths, groups: tuple[FighterGroup, ...], reach_m: Float, *, by_orbit: bool = False) -> Stays:
    """Return the stays of paths within a distance along the ground of the groups' bases, or of their orbits."""
    centres = _points([_middle(g) if by_orbit else g.base for g in groups])
    half_m = np.zeros(len(groups))
    if by_orbit:
        ends = _points([g.patrol.begin if g.patrol else g.base for g in groups])
        half_m = np.linalg.norm(ends - centres, axis=1)
    heights_m = np.array([max((arm.effector.height_max_m for arm in g.type.armament), default=0.0) for g in groups])
    places = Places(
        centres,
        centres,
        np.where(reach_m > 0.0, reach_m + half_m[:, None], 0.0),
        np.full(len(groups), np.inf) if by_orbit else heights_m,
        np.full(len(groups), np.inf),
        HORIZON_ROOT,
        np.ones(len(groups), np.int64),
    )
    return stays(0, paths.salvo.shape[0], paths, longest_leg_m(paths), places)


def _middle(group: FighterGroup) -> Position:
    if group.patrol is None:
        return group.base
    a, b = group.patrol.begin, group.patrol.end
    east = (b.longitude_deg - a.longitude_deg + 180.0) % 360.0 - 180.0
    return Position(0.5 * (a.latitude_deg + b.latitude_deg), a.longitude_deg + 0.5 * east)


def _sights(scenario: Scenario, paths: Paths) -> Stays:
    """Return the stays of paths in sight of the radars that groups lend, `place` the group."""
    owner = [i for q in scenario.airborne for i, g in enumerate(scenario.fighters) if q.id == f"{g.id}/radar"]
    radars, classes = scenario.airborne, [(s.type.threat_class, s.type.radar_cross_section_m2) for s in scenario.salvos]
    ground = _points([q.position for q in radars])
    high = np.array([q.type.antenna_height_m for q in radars])
    sky = (
        ecef_m([q.position.latitude_deg for q in radars], [q.position.longitude_deg for q in radars], high)
        if radars
        else ground
    )
    places = Places(
        sky,
        ground,
        np.array(
            [
                [detection_range_m(q.type, *kind) if q.type.detection_probability > 0.0 else 0.0 for kind in classes]
                for q in radars
            ]
        ).reshape(len(radars), len(classes)),
        np.array([q.type.height_max_m for q in radars]),
        HORIZON_ROOT * np.sqrt(high),
        HORIZON_ROOT,
        np.zeros(len(radars), np.int64),
    )
    found = stays(0, paths.salvo.shape[0], paths, longest_leg_m(paths), places)
    group = np.array(owner, np.int64)[found.place] if radars else found.place
    order = np.lexsort((found.enter_s, group, found.path))
    return Stays(found.path[order], group[order], found.enter_s[order], found.leave_s[order])


def _inside(paths: Paths, border: tuple[Position, ...]) -> dict[int, list[tuple[float, float]]]:
    """Return, for each path that has one, the spans (seconds after launch) inside a polygon.

    Sides of the polygon and legs of paths are straight in latitude and longitude; crossings are exact on them.
    """
    first = border[0].longitude_deg
    corners = [(p.latitude_deg, (p.longitude_deg - first + 180.0) % 360.0 - 180.0) for p in border]
    latitude = paths.latitude_deg
    longitude = (paths.longitude_deg - first + 180.0) % 360.0 - 180.0
    is_in = np.zeros(latitude.shape[0], bool)
    crossings: list[tuple[Int, Float]] = []
    legs = np.setdiff1d(np.arange(latitude.shape[0] - 1), paths.ptr[1:] - 1)
    legs = legs[np.abs(longitude[legs + 1] - longitude[legs]) < 180.0]
    p_lat, p_lon = latitude[legs], longitude[legs]
    d_lat, d_lon = latitude[legs + 1] - p_lat, longitude[legs + 1] - p_lon
    for (a_lat, a_lon), (b_lat, b_lon) in pairwise([*corners, corners[0]]):
        e_lat, e_lon = b_lat - a_lat, b_lon - a_lon
        if e_lat != 0.0:
            spans = (latitude < a_lat) != (latitude < b_lat)
            is_in ^= spans & (longitude < a_lon + (latitude - a_lat) * e_lon / e_lat)
        cross = d_lat * e_lon - d_lon * e_lat
        with np.errstate(divide="ignore", invalid="ignore"):
            on_leg = ((a_lat - p_lat) * e_lon - (a_lon - p_lon) * e_lat) / cross
            on_side = ((a_lat - p_lat) * d_lon - (a_lon - p_lon) * d_lat) / cross
        met = (cross != 0.0) & (on_leg >= 0.0) & (on_leg < 1.0) & (on_side >= 0.0) & (on_side < 1.0)
        crossings.append((legs[met], on_leg[met]))
    leg = np.concatenate([c[0] for c in crossings])
    at = leg + np.concatenate([c[1] for c in crossings])
    path = np.searchsorted(paths.ptr, leg, side="right") - 1
    found: dict[int, list[tuple[float, float]]] = {}
    for p in np.union1d(path, np.nonzero(is_in[paths.ptr[:-1]])[0]).tolist():
        begin = paths.ptr[p]
        times_s = np.sort(at[path == p] - begin) * paths.step_s[p]
        ends = [*([0.0] if is_in[begin] else []), *times_s.tolist()]
        if len(ends) % 2:
            ends.append(float(paths.duration_s[p]))
        found[p] = list(zip(ends[::2], ends[1::2], strict=True))
    return found


def _clipped(within: Stays, inside: list[dict[int, list[tuple[float, float]]] | None]) -> Stays:
    """Return the stays, those of a group with a border cut to the spans inside it."""
    rows = []
    for p, j, enter_s, leave_s in zip(*(column.tolist() for column in within), strict=True):
        spans = inside[j]
        for begin_s, end_s in [(enter_s, leave_s)] if spans is None else spans.get(p, []):
            if max(begin_s, enter_s) < min(end_s, leave_s):
                rows.append((p, j, max(begin_s, enter_s), min(end_s, leave_s)))
    path, group, enter, leave = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Stays(np.array(path, np.int64), np.array(group, np.int64), np.array(enter, float), np.array(leave, float))


def _reaches(groups: tuple[FighterGroup, ...], paths: Paths, picture: AirPicture, network: Int) -> tuple[Int, Records]:
    """Return the path of each row and the rows: stays in which a group may shoot, alerts in rows of their own."""
    shoot, alert = picture.open, picture.alert
    n, m = shoot.path.shape[0], alert.path.shape[0]
    group = np.concatenate([shoot.place, alert.place])
    base = _points([g.base for g in groups])
    entry, leave = _on_path(paths, shoot.path, shoot.enter_s), _on_path(paths, shoot.path, shoot.leave_s)
    ready_s = np.array([g.readiness_s + g.readiness_spread_s for g in groups])[shoot.place]
    speed_m_s = np.array([g.type.speed_m_s for g in groups])[shoot.place]
    way_s = np.linalg.norm(entry - base[shoot.place], axis=1) / speed_m_s
    path = np.concatenate([shoot.path, alert.path])
    columns = {
        "group": group,
        "network": network[group],
        "enter_s": np.concatenate([shoot.enter_s, np.full(m, np.inf)]),
        "leave_s": np.concatenate([shoot.leave_s, np.full(m, -np.inf)]),
        "leave": np.concatenate([leave, np.zeros((m, 3))]),
        "alert_s": np.concatenate([np.full(n, np.inf), alert.enter_s]),
        "calm_s": np.concatenate([np.full(n, -np.inf), alert.leave_s]),
        "lead_s": np.concatenate([ready_s + way_s, np.zeros(m)]),
    }
    order = np.lexsort((columns["enter_s"], group, path))
    return path[order], filled(REACH, {name: values[order] for name, values in columns.items()})


def _on_path(paths: Paths, path: Int, after_s: Float) -> Float:
    """Return where each path is a time after launch, at height zero, (rows, 3) metres."""
    first, top = paths.ptr[path], paths.ptr[path + 1] - 1 - paths.ptr[path]
    place = np.clip(after_s / paths.step_s[path], 0.0, top)
    i = np.minimum(place.astype(np.int64), top - 1)
    f = (place - i)[:, None]
    return np.asarray(paths.ground_m[first + i] * (1.0 - f) + paths.ground_m[first + i + 1] * f)
