"""Plan all tracks of a network together, each time one of them or a fire unit is free to act.

The problem holds the tracks that may be shot at now or soon, each with at most PLAN_OPTIONS engagement rows in the
doctrine's order, the free channels of the fire units and the rounds of the weapons. Marginal return makes a plan: of
all next shots, each on the first row in the doctrine's order that has room, the one that saves most is taken, until
none is left. Local search betters it: a track that went without takes the place of one that can go elsewhere or
matters less, and two tracks change places. Preferences therefore hold unless a track would go without, or two tracks
gain by changing places.

Work is bounded by numbers of tracks, rows and passes, never by time, so the same raid gives the same plan everywhere.
"""

from __future__ import annotations

import numpy as np

from shieldwall.battle_management.allowance import allowed_shots
from shieldwall.battle_management.assignment import LOADING, YES, may_fire
from shieldwall.battle_management.evaluation import salvo_kill, urgency, worth
from shieldwall.battle_management.verdict import is_let_go
from shieldwall.core.compiled import kernel, where_given
from shieldwall.core.interpolation import between
from shieldwall.state import (
    CHANNELS_SATURATED,
    PLAN_HELD,
    PLAN_NETWORK,
    PLAN_NOW,
    PLAN_OPTIONS,
    PLAN_SOON,
    PLAN_TRACKS,
    Plan,
    State,
)
from shieldwall.tables import Records, Tables

_EPSILON = 1e-9


def _at_once(tables: Tables) -> float:
    return 0.0


@where_given("rolling", _at_once)
def look_ahead_s(tables: Tables) -> float:
    """Return how long before its first window a track takes part in plans."""
    return float(tables.policy.figures[0].look_ahead_s)


@kernel
def enlist(pair: int, network: int, first_row: int, state: State) -> None:
    """Put a pair, whose engagement rows begin at `first_row`, on its network's list of live tracks."""
    plan = state.plan
    if plan.listed[pair] < 0:
        plan.row[pair] = first_row
        plan.next[pair] = plan.live[network]
        plan.live[network] = pair
    plan.listed[pair] = state.pairs[pair].shots


@kernel
def gather(network: int, now_s: float, tables: Tables, state: State) -> None:
    """Write the network's problem of this moment; take off the list what has ended or been shot at."""
    plan = state.plan
    plan.used[PLAN_HELD] = 0
    plan.used[PLAN_NETWORK] = network
    plan.moment[PLAN_SOON] = np.inf
    plan.moment[PLAN_NOW] = now_s
    before, pair = -1, plan.live[network]
    while pair >= 0:
        following = plan.next[pair]
        if _is_live(pair, now_s, tables, state):
            _add_track(pair, now_s, tables, state)
            before = pair
        else:
            plan.listed[pair] = -1
            if before < 0:
                plan.live[network] = following
            else:
                plan.next[before] = following
        pair = following


@kernel
def _is_live(pair: int, now_s: float, tables: Tables, state: State) -> bool:
    """Return whether the pair may still be shot at, and was not since it was listed."""
    t, known = tables.pair_threat[pair], state.pairs[pair]
    threat = state.threats[t]
    g = tables.flights[threat.path].group_first + pair - tables.threats[t].pair_first
    ahead = threat.end_s > now_s and threat.start_s + tables.groups[g].last_close_s >= now_s
    return ahead and known.shots == state.plan.listed[pair] and not is_let_go(pair, now_s, tables, state)


@kernel
def _add_track(pair: int, now_s: float, tables: Tables, state: State) -> None:
    """Make a track ready with its options; if there is no room, let it take the place of the one of least weight."""
    plan, known, t = state.plan, state.pairs[pair], tables.pair_threat[pair]
    threat = state.threats[t]
    threat_class = tables.salvos[tables.threats[t].salvo].threat_class
    rule = tables.rules[threat_class]
    g = tables.flights[threat.path].group_first + pair - tables.threats[t].pair_first
    spare = plan.used[PLAN_HELD]
    track = plan.tracks[spare]
    track.pair = pair
    track.threat_class = threat_class
    track.most = min(rule.salvo, allowed_shots(pair, threat_class, now_s, tables, state) - known.shots)
    track.choice = -1
    track.shots = 0
    track.options = 0
    last_row = tables.groups[g + 1].engagement_first
    while plan.row[pair] < last_row and threat.start_s + tables.engagements[plan.row[pair]].close_s < now_s:
        plan.row[pair] += 1
    for row in range(plan.row[pair], last_row):
        chance = tables.engagements[row]
        if threat.start_s + chance.open_s > now_s + tables.policy.figures[0].look_ahead_s:
            break
        if threat.start_s + chance.close_s < now_s:
            continue
        answer = may_fire(row, pair, threat_class, now_s, tables, state)
        if answer == YES:
            _add_option(spare, row, threat.start_s, threat_class, now_s, tables, state)
        elif answer in (LOADING, CHANNELS_SATURATED):
            plan.wanted[chance.fire_unit] = 1
    if track.options == 0 or track.most <= 0:
        return
    last_s = threat.start_s + tables.groups[g].last_close_s
    first = plan.options[spare * PLAN_OPTIONS]
    probability = salvo_kill(first.probability, track.most)
    cycle_s = first.meeting_s - now_s + rule.assess_s + _EPSILON
    track.weight = worth(pair, tables, state) * urgency(probability, last_s - now_s, cycle_s)
    if spare < PLAN_TRACKS:
        plan.used[PLAN_HELD] = spare + 1
        return
    least = 0
    for i in range(1, PLAN_TRACKS):
        if plan.tracks[i].weight < plan.tracks[least].weight:
            least = i
    if plan.tracks[least].weight < track.weight:
        _copy_track(spare, least, plan)


@kernel
def _add_option(
    i: int, row: int, start_s: float, threat_class: int, now_s: float, tables: Tables, state: State
) -> None:
    """Enter an engagement row among the options of track i: open ones first, then by preference, kill and meeting."""
    plan, chance = state.plan, tables.engagements[row]
    ready_s = max(start_s + chance.open_s, tables.fire_units[chance.fire_unit].ready_s)
    if ready_s > now_s + tables.policy.figures[0].look_ahead_s or ready_s > start_s + chance.close_s:
        return
    order_s = max(ready_s, now_s)
    delay_s = between(tables.delay_s, row, chance.open_s, chance.close_s, order_s - start_s)
    now = 1 if ready_s <= now_s else 0
    if now == 0:
        plan.moment[PLAN_SOON] = min(plan.moment[PLAN_SOON], ready_s)
    rank, meeting_s = tables.rank[chance.weapon, threat_class], order_s + delay_s
    track, base = plan.tracks[i], i * PLAN_OPTIONS
    place = track.options
    while place > 0 and _ahead(now, rank, chance.kill_probability, meeting_s, plan.options[base + place - 1]):
        if place < PLAN_OPTIONS:
            _copy_option(base + place - 1, base + place, plan.options)
        place -= 1
    if place >= PLAN_OPTIONS:
        return
    option = plan.options[base + place]
    option.row = row
    option.fire_unit = chance.fire_unit
    option.weapon = chance.weapon
    option.now = now
    option.channel = 1 if ready_s < now_s + delay_s else 0
    option.rank = rank
    option.probability = chance.kill_probability
    option.meeting_s = meeting_s
    track.options = min(track.options + 1, PLAN_OPTIONS)
    unit = chance.fire_unit
    plan.channels[unit] = tables.fire_units[unit].channels - state.units[unit].busy
    plan.rounds[chance.weapon] = state.weapons[chance.weapon].ready


@kernel
def _ahead(now: int, rank: int, probability: float, meeting_s: float, other: Records) -> bool:
    """Return whether a row comes before another option of its track."""
    if now != other.now:
        return now > other.now
    if rank != other.rank:
        return rank < other.rank
    if probability != other.probability:
        return probability > other.probability
    return meeting_s < other.meeting_s


@kernel
def _copy_option(source: int, goal: int, options: Records) -> None:
    here, there = options[source], options[goal]
    there.row = here.row
    there.fire_unit = here.fire_unit
    there.weapon = here.weapon
    there.now = here.now
    there.channel = here.channel
    there.rank = here.rank
    there.probability = here.probability
    there.meeting_s = here.meeting_s


@kernel
def _copy_track(source: int, goal: int, plan: Plan) -> None:
    here, there = plan.tracks[source], plan.tracks[goal]
    there.pair = here.pair
    there.threat_class = here.threat_class
    there.weight = here.weight
    there.most = here.most
    there.options = here.options
    there.choice = here.choice
    there.shots = here.shots
    for o in range(here.options):
        _copy_option(source * PLAN_OPTIONS + o, goal * PLAN_OPTIONS + o, plan.options)


@kernel
def want_units(
    pair: int, first_row: int, last_row: int, threat_class: int, now_s: float, tables: Tables, state: State
) -> None:
    """Mark the units with an open window that lack only a channel or a reload: what they free is planned anew."""
    start_s = state.threats[tables.pair_threat[pair]].start_s
    for row in range(first_row, last_row):
        chance = tables.engagements[row]
        if start_s + chance.open_s > now_s:
            break
        if start_s + chance.close_s >= now_s and may_fire(row, pair, threat_class, now_s, tables, state) in (
            LOADING,
            CHANNELS_SATURATED,
        ):
            state.plan.wanted[chance.fire_unit] = 1


@kernel
def want_options(i: int, plan: Plan) -> None:
    """Mark the units of every option of a track that the plan left out."""
    for o in range(i * PLAN_OPTIONS, i * PLAN_OPTIONS + plan.tracks[i].options):
        plan.wanted[plan.options[o].fire_unit] = 1
