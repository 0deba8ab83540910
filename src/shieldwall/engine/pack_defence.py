"""Pack what defends: sensors, fire units, weapons, doctrine, command, and what may be aimed at."""

from __future__ import annotations

import numpy as np

from shieldwall.active_defence.fighter import FighterGroup
from shieldwall.active_defence.fire_unit import EffectorType, Weapon
from shieldwall.battle_management.doctrine import Doctrine
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.engine.rows import starts, words
from shieldwall.scenario.types import Scenario
from shieldwall.tables import (
    ASSET,
    COMMAND,
    COST_AWARE,
    EXACT,
    FIRE_UNIT,
    FIRE_UNIT_RECORD,
    FORBIDDEN_RANK,
    GREEDY,
    LAST_RANK,
    NEAREST,
    ROLLING,
    RULE,
    SENSOR,
    SENSOR_RECORD,
    TARGET,
    WEAPON,
    Int,
    Records,
    filled,
)

ASSIGNMENTS = {"greedy": GREEDY, "nearest": NEAREST, "cost_aware": COST_AWARE, "rolling": ROLLING, "exact": EXACT}


def pack_sensors(scenario: Scenario) -> Records:
    """Return the sensors, fire-control radars among them; behind them the radars of aircraft on station."""
    sensors = (*scenario.sensors, *scenario.airborne)
    return filled(
        SENSOR_RECORD,
        {
            "actor": words(tuple(q.id for q in sensors)),
            "scan_s": [q.type.scan_s for q in sensors],
            "detection_probability": [q.type.detection_probability for q in sensors],
            "hits_to_track": [q.type.hits_to_track for q in sensors],
            "availability": [q.availability for q in sensors],
        },
    )


def pack_fire_units(scenario: Scenario) -> Records:
    """Return the fire units; behind them the groups of aircraft, whose magazines are those of their aircraft."""
    units, groups = scenario.fire_units, scenario.fighters
    index = {q.id: i for i, q in enumerate(scenario.sensors)}
    return filled(
        FIRE_UNIT_RECORD,
        {
            "actor": words((*(u.id for u in units), *(g.id for g in groups))),
            "channels": [*(u.channels for u in units), *(0 for _ in groups)],
            "ready_s": [*(u.ready_s for u in units), *(0.0 for _ in groups)],
            "availability": [*(u.availability for u in units), *(1.0 for _ in groups)],
            "radar": [*(index.get(u.radar, -1) for u in units), *(-1 for _ in groups)],
            "weapon_first": starts([*(len(u.weapons) for u in units), *(len(g.type.armament) for g in groups)]),
        },
    )


def pack_weapons(scenario: Scenario) -> Records:
    """Return the weapons, one kind of round on one fire unit each; behind them the armament of aircraft."""
    weapons = [(i, w) for i, u in enumerate(scenario.fire_units) for w in u.weapons]
    weapons += [(len(scenario.fire_units) + j, w) for j, g in enumerate(scenario.fighters) for w in magazine(g)]
    return filled(
        WEAPON,
        {
            "fire_unit": [i for i, _ in weapons],
            "rounds_per_launcher": [w.rounds_per_launcher for _, w in weapons],
            "ready_rounds": [w.ready_rounds for _, w in weapons],
            "reserve_rounds": [w.reserve_rounds for _, w in weapons],
            "reload_s": [w.reload_s for _, w in weapons],
            "rounds_per_shot": [w.effector.rounds_per_shot for _, w in weapons],
            "interval_s": [w.effector.interval_s for _, w in weapons],
        },
    )


def magazine(group: FighterGroup) -> tuple[Weapon, ...]:
    """Return what a group has to shoot with as weapons: aboard its aircraft, and in reserve at its base."""
    return tuple(
        Weapon(
            effector=arm.effector,
            launchers=group.count,
            rounds_per_launcher=arm.aboard,
            ready_rounds=arm.aboard * group.count,
            reserve_rounds=arm.aboard * arm.reserve_loads * group.count,
            reload_s=0.0,
        )
        for arm in group.type.armament
    )


def pack_preferences(scenario: Scenario) -> tuple[Int, Int]:
    """Return rank and rounds to keep of every weapon against every class, each int64 (W, C)."""
    doctrine = scenario.doctrine
    effectors = [w.effector for u in scenario.fire_units for w in u.weapons]
    effectors += [arm.effector for group in scenario.fighters for arm in group.type.armament]
    shape = (len(effectors), len(THREAT_CLASSES))
    rank = np.array([_rank(doctrine, e, c) for e in effectors for c in THREAT_CLASSES], np.int64)
    keep = np.array([_keep(doctrine, e.id, c) for e in effectors for c in THREAT_CLASSES], np.int64)
    return rank.reshape(shape), keep.reshape(shape)


def _rank(doctrine: Doctrine, effector: EffectorType, threat_class: str) -> int:
    """Return an effector's place in the preference against a class.

    FORBIDDEN_RANK if doctrine forbids it, no shot rule covers the class, or a kill is expected to cost too much.
    """
    forbidden, names = doctrine.forbid.get(threat_class, ()), (effector.id, effector.kind)
    if any(name in forbidden for name in names) or threat_class not in doctrine.shots:
        return FORBIDDEN_RANK
    limit, chance = doctrine.max_cost_per_kill_usd.get(threat_class), effector.kill_probability.get(threat_class, 0.0)
    if limit is not None and effector.rounds_per_shot * effector.unit_cost_usd > limit * chance:
        return FORBIDDEN_RANK
    preferred = doctrine.prefer.get(threat_class, ())
    places = [i for i, name in enumerate(preferred) if name in names]
    return min(places, default=LAST_RANK)


def _keep(doctrine: Doctrine, effector: str, threat_class: str) -> int:
    """Return the rounds of an effector that each fire unit holds back from a class."""
    kept = (r.keep for r in doctrine.reserves if r.effector == effector and threat_class not in r.classes)
    return max(kept, default=0)


def pack_rules(scenario: Scenario) -> Records:
    """Return the shot doctrine by class."""
    shots = [scenario.doctrine.shots.get(c) for c in THREAT_CLASSES]
    return filled(
        RULE,
        {
            "salvo": [rule.salvo if rule else 0 for rule in shots],
            "max_shots": [rule.max_shots if rule else 0 for rule in shots],
            "assess_s": [rule.assess_s if rule else 0.0 for rule in shots],
        },
    )


def pack_command(scenario: Scenario) -> Records:
    """Return the one record of command: assignment, weapons control, kind of delays."""
    doctrine = scenario.doctrine
    return filled(
        COMMAND,
        {
            "assignment": [ASSIGNMENTS[doctrine.assignment]],
            "hold": [int(doctrine.weapons_control == "hold")],
            "identify": [int(doctrine.weapons_control != "free")],
            "exponential": [int(scenario.command.delay == "exponential")],
            "shoot_again": [int(doctrine.last_chance == "shoot")],
            "misidentified": [scenario.command.misidentified],
            "recheck_s": [scenario.command.recheck_s],
        },
    )


def pack_targets(scenario: Scenario) -> Records:
    """Return what may be aimed at: assets, then fire units, then sensors."""
    n_assets, n_units, n_sensors = len(scenario.assets), len(scenario.fire_units), len(scenario.sensors)
    return filled(
        TARGET,
        {
            "kind": np.repeat([ASSET, FIRE_UNIT, SENSOR], [n_assets, n_units, n_sensors]),
            "index": np.concatenate([np.full(n_assets, -1), np.arange(n_units), np.arange(n_sensors)]),
            "value": np.concatenate([[asset.value for asset in scenario.assets], np.zeros(n_units + n_sensors)]),
        },
    )
