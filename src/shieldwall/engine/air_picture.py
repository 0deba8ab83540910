"""The air picture: by geometry alone, when each path may be met by a group of fighters, alerts it, or is seen by it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.active_defence.fighter import FighterGroup
from shieldwall.battle_management.airspace import HOLD
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.engine.airspace import cut_stays, rules_along
from shieldwall.engine.borders import clipped, spans_inside
from shieldwall.engine.stays import Places, Stays, stays
from shieldwall.engine.windows import Geometry, longest_leg_m
from shieldwall.scenario.types import Scenario
from shieldwall.surveillance.horizon import HORIZON_ROOT
from shieldwall.surveillance.reach import detection_range_m
from shieldwall.tables import Float, Int, Paths


class AirPicture(NamedTuple):
    """What geometry says of paths and groups, rows by path, then group: path, group, and times after launch.

    open: stays in which a group reaches it (its reach, its border); alert: stays near its orbit or base; sight: stays
    in sight of the radar that it lends to its network; control: of each stay of `open`, what airspace control lets be
    shot at in it (FREE, TIGHT, HOLD), None where no zone binds any.
    """

    open: Stays
    alert: Stays
    sight: Stays
    control: Int | None = None


def air_picture(scenario: Scenario, geometry: Geometry) -> AirPicture:
    """Compute which paths concern which group, and when; nothing, without groups."""
    if not scenario.fighters:
        nothing = Stays(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        return AirPicture(nothing, nothing, nothing)
    groups, paths = scenario.fighters, geometry.paths
    within = _within(paths, groups, _reach_m(scenario, groups))
    inside = [spans_inside(paths, group.border) if group.border else None for group in groups]
    alert_m = np.array([[group.alert_m] * len(scenario.salvos) for group in groups])
    reached, control = clipped(within, inside), None
    if scenario.airspace:
        reached, control = cut_stays(reached, rules_along(paths, scenario.airspace, "air"))
    return AirPicture(
        open=reached,
        alert=_within(paths, groups, alert_m, by_orbit=True),
        sight=_sights(scenario, paths),
        control=control,
    )


def concerns(picture: AirPicture) -> tuple[Int, Int]:
    """Return (path, group) of every path that may be shot at by a group or alerts it."""
    return (
        np.concatenate([picture.open.path, picture.alert.path]),
        np.concatenate([picture.open.place, picture.alert.place]),
    )


def allowed(picture: AirPicture) -> Stays:
    """Return the stays in which a group reaches a path and may shoot."""
    if picture.control is None:
        return picture.open
    free = picture.control < HOLD
    path, group, enter_s, leave_s = picture.open
    return Stays(path[free], group[free], enter_s[free], leave_s[free])


def points_of(positions: list[Position]) -> Float:
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
    centres = points_of([_middle(g) if by_orbit else g.base for g in groups])
    half_m = np.zeros(len(groups))
    if by_orbit:
        ends = points_of([g.patrol.begin if g.patrol else g.base for g in groups])
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
    ground = points_of([q.position for q in radars])
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
