"""Pack what flies for the defence: groups, aircraft, tankers, and when each path may be shot at or alerts a group."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.fighter import FighterGroup
from shieldwall.battle_management.airspace import HOLD
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.air_picture import AirPicture, allowed, points_of
from shieldwall.engine.airspace import proven
from shieldwall.engine.networks import Networks
from shieldwall.engine.rows import row_starts, starts, stay_numbers, words
from shieldwall.engine.stays import Stays
from shieldwall.engine.windows import Geometry
from shieldwall.scenario.types import Scenario
from shieldwall.tables import Float, Int, Paths, Records, filled
from shieldwall.tables_air import AIRCRAFT, ARMAMENT, GROUP, REACH, SIGHT, TANKER, AirTables, Legs


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
                "place": points_of([t.position for t in scenario.tankers]),
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
    base, divert = points_of([g.base for g in groups]), points_of([g.divert or g.base for g in groups])
    a = points_of([p.begin if p else g.base for g, p in zip(groups, patrols, strict=True)])
    b = points_of([p.end if p else g.base for g, p in zip(groups, patrols, strict=True)])
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


def _reaches(groups: tuple[FighterGroup, ...], paths: Paths, picture: AirPicture, network: Int) -> tuple[Int, Records]:
    """Return the path of each row and the rows: stays in which a group may shoot, alerts in rows of their own."""
    shoot, alert = allowed(picture), picture.alert
    n, m = shoot.path.shape[0], alert.path.shape[0]
    group = np.concatenate([shoot.place, alert.place])
    base = points_of([g.base for g in groups])
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
    order = _order(shoot, alert)
    return path[order], filled(REACH, {name: values[order] for name, values in columns.items()})


def _order(shoot: Stays, alert: Stays) -> Int:
    """Return the rows of REACH among the stays one behind the other: by path, then group, alerts last."""
    enter_s = np.concatenate([shoot.enter_s, np.full(alert.path.shape[0], np.inf)])
    both = (np.concatenate([own, other]) for own, other in ((shoot.place, alert.place), (shoot.path, alert.path)))
    return np.lexsort((enter_s, *both))


def proven_reaches(picture: AirPicture) -> Int | None:
    """Return 1 for each row of REACH in which only a track identified as hostile may be shot at; None for no such."""
    only = None if picture.control is None else proven(picture.control[picture.control < HOLD])
    if only is None:
        return None
    whole = np.concatenate([only, np.zeros(picture.alert.path.shape[0], np.int64)])
    return np.asarray(whole[_order(allowed(picture), picture.alert)])


def _on_path(paths: Paths, path: Int, after_s: Float) -> Float:
    """Return where each path is a time after launch, at height zero, (rows, 3) metres."""
    first, top = paths.ptr[path], paths.ptr[path + 1] - 1 - paths.ptr[path]
    place = np.clip(after_s / paths.step_s[path], 0.0, top)
    i = np.minimum(place.astype(np.int64), top - 1)
    f = (place - i)[:, None]
    return np.asarray(paths.ground_m[first + i] * (1.0 - f) + paths.ground_m[first + i + 1] * f)
