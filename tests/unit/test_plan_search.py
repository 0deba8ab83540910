"""Marginal return and local search on problems small enough to solve by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from shieldwall.battle_management.plan_search import add_shots, solve_plan
from shieldwall.state import PLAN_HELD, PLAN_OPTION, PLAN_OPTIONS, PLAN_TRACK, PLAN_TRACKS, Plan
from shieldwall.tables import records


def problem(tracks: list[tuple[float, dict[int, float]]], rounds: list[int], channels: list[int]) -> tuple[Any, Plan]:
    """Return tables and a plan: each track has a weight and, in order, its weapons with their kill probabilities.

    Weapon w belongs to fire unit w.
    """
    none, whole = np.zeros(0, np.int64), np.array
    plan = Plan(
        none, none, none, none, none, records(PLAN_TRACK, PLAN_TRACKS + 1),
        records(PLAN_OPTION, (PLAN_TRACKS + 1) * PLAN_OPTIONS), whole(channels), whole(rounds), np.zeros(2, np.int64),
        np.zeros(2),
    )  # fmt: skip
    for i, (weight, weapons) in enumerate(tracks):
        track = plan.tracks[i]
        track.weight, track.most, track.options, track.choice = weight, 1, len(weapons), -1
        for o, (weapon, probability) in enumerate(weapons.items()):
            option = plan.options[i * PLAN_OPTIONS + o]
            option.fire_unit, option.weapon, option.probability = weapon, weapon, probability
            option.now = option.channel = 1
    plan.used[PLAN_HELD] = len(tracks)
    given = records(np.dtype([("rounds_per_shot", "i8")]), len(rounds))
    given.rounds_per_shot = 1
    return SimpleNamespace(keep=np.zeros((len(rounds), 8), np.int64), weapons=given), plan


def value(plan: Plan) -> float:
    tracks = [plan.tracks[i] for i in range(plan.used[PLAN_HELD])]
    return float(sum(t.weight * plan.options[t.choice].probability for t in tracks if t.choice >= 0))


def test_a_track_moves_so_that_another_is_served() -> None:
    """10 x 0.9 alone, or 10 x 0.8 + 5 x 0.9."""
    for scarce in ({"rounds": [1, 1], "channels": [9, 9]}, {"rounds": [9, 9], "channels": [1, 1]}):
        tables, plan = problem([(10.0, {0: 0.9, 1: 0.8}), (5.0, {0: 0.9})], **scarce)
        add_shots(tables, plan)
        assert value(plan) == 9.0
        tables, plan = problem([(10.0, {0: 0.9, 1: 0.8}), (5.0, {0: 0.9})], **scarce)
        solve_plan(tables, plan)
        assert value(plan) == 12.5


def test_two_tracks_change_weapons() -> None:
    """The first prefers the poor weapon, which the second could use as well; a third, without any, makes it scarce."""
    tracks = [(10.0, {0: 0.3, 1: 0.9}), (8.0, {1: 0.5, 0: 0.4}), (0.1, {0: 0.1})]
    tables, plan = problem(tracks, [1, 1], [1, 1])
    solve_plan(tables, plan)
    assert value(plan) == 10.0 * 0.9 + 8.0 * 0.4


def test_preferences_hold_where_nothing_is_scarce() -> None:
    tables, plan = problem([(10.0, {0: 0.3, 1: 0.9}), (8.0, {1: 0.5, 0: 0.4})], [1, 1], [1, 1])
    solve_plan(tables, plan)
    assert value(plan) == 10.0 * 0.3 + 8.0 * 0.5
