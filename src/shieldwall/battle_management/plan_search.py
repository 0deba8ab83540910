"""Solve the problem that `rolling` has gathered: marginal return, then local search; see there."""

from __future__ import annotations

from shieldwall.battle_management.evaluation import salvo_kill
from shieldwall.core.compiled import kernel
from shieldwall.state import PLAN_HELD, PLAN_OPTIONS, Plan
from shieldwall.tables import Tables

_PASSES = 3
_EPSILON = 1e-9


@kernel
def solve_plan(tables: Tables, plan: Plan) -> None:
    """Choose option and shots of every track: marginal return, then local search while it gains."""
    add_shots(tables, plan)
    if _all_have_their_first(plan):
        return
    for _ in range(_PASSES):
        gained = _place_the_left_out(tables, plan)
        gained = _change_places(tables, plan) or gained
        if not gained:
            return
        add_shots(tables, plan)


@kernel
def _all_have_their_first(plan: Plan) -> bool:
    """Return whether every track has all its shots on the option that doctrine puts first."""
    for i in range(plan.used[PLAN_HELD]):
        track = plan.tracks[i]
        if track.choice != i * PLAN_OPTIONS or track.shots < track.most:
            return False
    return True


@kernel
def add_shots(tables: Tables, plan: Plan) -> None:
    """Take the shot that saves most, again and again, until none is left."""
    held = plan.used[PLAN_HELD]
    while True:
        best, best_option, best_gain = -1, -1, -1.0
        for i in range(held):
            track = plan.tracks[i]
            if track.choice < 0:
                o = _first_free(i, tables, plan)
                gain = track.weight * plan.options[o].probability if o >= 0 else -1.0
            else:
                o = track.choice
                gain = -1.0
                if track.shots < track.most and _shots_left(i, o, tables, plan) > 0:
                    p = plan.options[o].probability
                    gain = track.weight * p * (1.0 - salvo_kill(p, track.shots))
            if gain > best_gain:
                best, best_option, best_gain = i, o, gain
        if best < 0:
            return
        _take(best, best_option, 1, tables, plan)


@kernel
def _shots_left(i: int, o: int, tables: Tables, plan: Plan) -> int:
    """Return the shots for which the weapon of option o still has rounds for track i."""
    w = plan.options[o].weapon
    left = plan.rounds[w] - tables.keep[w, plan.tracks[i].threat_class]
    return max(left, 0) // tables.weapons[w].rounds_per_shot


@kernel
def _fits(i: int, o: int, tables: Tables, plan: Plan) -> bool:
    """Return whether a first shot of track i on option o has a channel and rounds."""
    option = plan.options[o]
    if option.channel and plan.channels[option.fire_unit] <= 0:
        return False
    return _shots_left(i, o, tables, plan) > 0


@kernel
def _first_free(i: int, tables: Tables, plan: Plan) -> int:
    """Return the first option of track i with a channel and rounds, -1 if there is none."""
    for o in range(i * PLAN_OPTIONS, i * PLAN_OPTIONS + plan.tracks[i].options):
        if _fits(i, o, tables, plan):
            return o
    return -1


@kernel
def _take(i: int, o: int, shots: int, tables: Tables, plan: Plan) -> None:
    """Give track i some more shots on option o."""
    track, option = plan.tracks[i], plan.options[o]
    if track.choice < 0:
        track.choice = o
        plan.channels[option.fire_unit] -= option.channel
    track.shots += shots
    plan.rounds[option.weapon] -= shots * tables.weapons[option.weapon].rounds_per_shot


@kernel
def _release(i: int, tables: Tables, plan: Plan) -> None:
    """Take its shots and its channel from track i."""
    track, option = plan.tracks[i], plan.options[plan.tracks[i].choice]
    plan.channels[option.fire_unit] += option.channel
    plan.rounds[option.weapon] += track.shots * tables.weapons[option.weapon].rounds_per_shot
    track.choice = -1
    track.shots = 0


@kernel
def _gain(i: int, o: int, shots: int, plan: Plan) -> float:
    """Return what track i adds with some shots on option o (-1: none)."""
    return plan.tracks[i].weight * salvo_kill(plan.options[o].probability, shots) if o >= 0 else 0.0


@kernel
def _place_the_left_out(tables: Tables, plan: Plan) -> bool:
    """Let each track that went without take the place of another that loses less; return whether any did."""
    gained = False
    for k in range(plan.used[PLAN_HELD]):
        if plan.tracks[k].choice < 0 and plan.tracks[k].options > 0:
            gained = _place(k, tables, plan) or gained
    return gained


@kernel
def _place(k: int, tables: Tables, plan: Plan) -> bool:
    """Find the best track to make way for track k, and let it; return whether one was found."""
    best_j, best_o, best_gain = -1, -1, _EPSILON * plan.tracks[k].weight
    for o in range(k * PLAN_OPTIONS, k * PLAN_OPTIONS + plan.tracks[k].options):
        unit, weapon = plan.options[o].fire_unit, plan.options[o].weapon
        for j in range(plan.used[PLAN_HELD]):
            at, shots = plan.tracks[j].choice, plan.tracks[j].shots
            if at < 0 or (plan.options[at].fire_unit != unit and plan.options[at].weapon != weapon):
                continue
            _release(j, tables, plan)
            if _fits(k, o, tables, plan):
                mine = min(plan.tracks[k].most, _shots_left(k, o, tables, plan))
                _take(k, o, mine, tables, plan)
                other = _first_free(j, tables, plan)
                theirs = min(plan.tracks[j].most, _shots_left(j, other, tables, plan)) if other >= 0 else 0
                gain = _gain(k, o, mine, plan) + _gain(j, other, theirs, plan) - _gain(j, at, shots, plan)
                if gain > best_gain:
                    best_j, best_o, best_gain = j, o, gain
                _release(k, tables, plan)
            _take(j, at, shots, tables, plan)
    if best_j < 0:
        return False
    _release(best_j, tables, plan)
    _take(k, best_o, min(plan.tracks[k].most, _shots_left(k, best_o, tables, plan)), tables, plan)
    other = _first_free(best_j, tables, plan)
    if other >= 0:
        _take(best_j, other, min(plan.tracks[best_j].most, _shots_left(best_j, other, tables, plan)), tables, plan)
    return True


@kernel
def _change_places(tables: Tables, plan: Plan) -> bool:
    """Let two tracks change weapons where that saves more; return whether any did."""
    gained = False
    for j in range(plan.used[PLAN_HELD]):
        for k in range(j + 1, plan.used[PLAN_HELD]):
            at_j, at_k = plan.tracks[j].choice, plan.tracks[k].choice
            if at_j < 0 or at_k < 0 or plan.options[at_j].weapon == plan.options[at_k].weapon:
                continue
            to_j = _option_on(j, plan.options[at_k].weapon, plan)
            to_k = _option_on(k, plan.options[at_j].weapon, plan)
            if to_j < 0 or to_k < 0:
                continue
            gained = _exchange(j, to_j, k, to_k, tables, plan) or gained
    return gained


@kernel
def _option_on(i: int, weapon: int, plan: Plan) -> int:
    """Return the first option of track i on a weapon, -1 if it has none."""
    for o in range(i * PLAN_OPTIONS, i * PLAN_OPTIONS + plan.tracks[i].options):
        if plan.options[o].weapon == weapon:
            return o
    return -1


@kernel
def _exchange(j: int, to_j: int, k: int, to_k: int, tables: Tables, plan: Plan) -> bool:
    """Put tracks j and k on other options if that saves more and both fit; return whether it was done."""
    at_j, shots_j, at_k, shots_k = (
        plan.tracks[j].choice,
        plan.tracks[j].shots,
        plan.tracks[k].choice,
        plan.tracks[k].shots,
    )
    before = _gain(j, at_j, shots_j, plan) + _gain(k, at_k, shots_k, plan)
    if _gain(j, to_j, plan.tracks[j].most, plan) + _gain(k, to_k, plan.tracks[k].most, plan) <= before:
        return False
    _release(j, tables, plan)
    _release(k, tables, plan)
    if _fits(j, to_j, tables, plan):
        new_j = min(plan.tracks[j].most, _shots_left(j, to_j, tables, plan))
        _take(j, to_j, new_j, tables, plan)
        if _fits(k, to_k, tables, plan):
            new_k = min(plan.tracks[k].most, _shots_left(k, to_k, tables, plan))
            if _gain(j, to_j, new_j, plan) + _gain(k, to_k, new_k, plan) > before * (1.0 + _EPSILON):
                _take(k, to_k, new_k, tables, plan)
                return True
        _release(j, tables, plan)
    _take(j, at_j, shots_j, tables, plan)
    _take(k, at_k, shots_k, tables, plan)
    return False
