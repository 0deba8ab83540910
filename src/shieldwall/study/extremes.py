"""Move every assumed figure of a scenario to one end of its range, all together, to see how far off we could be.

Four ends. `low` and `high` take the written ends, whatever they mean. `unfavourable` and `favourable` ask of each
figure which way is bad or good for the defence. All figures at their worst at once is far less likely than any one of
them, so these are bounds to look at, not an interval with a probability.

A figure stays where it is if it cannot be said to help one side (a drone's height: seen further, but above the guns),
if it only counts money, if it only decides whether a salvo may fly (a threat's range), or if the scenario says it
itself. What a scenario writes out (rounds, positions, counts) does not move; nor do published and derived figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from shieldwall.scenario.types import Scenario

End = Literal["low", "unfavourable", "favourable", "high"]
ENDS: tuple[End, ...] = get_args(End)

# Which way is good for the defence: +1 more, -1 less, 0 neither or nothing to do with who gets through.
GOOD: Mapping[tuple[str, str], int] = {
    ("threats", "speed"): -1,
    ("threats", "height"): 0,  # higher is seen further, but flies above guns
    ("threats", "apogee"): 0,
    ("threats", "dive"): +1,  # longer within reach of short-range weapons
    ("threats", "range"): 0,
    ("threats", "radar_cross_section"): +1,
    ("threats", "failure_probability"): +1,
    ("threats", "circular_error"): +1,
    ("threats", "warhead"): -1,
    ("threats", "burn"): +1,  # it arrives later, and is seen from space for longer
    ("threats", "ballistic_coefficient"): -1,
    ("threats", "glide_speed"): -1,
    ("threats", "lift_to_drag"): -1,
    ("threats", "decoy_share"): +1,  # a decoy carries nothing; that it draws rounds weighs less
    ("effectors", "kill_probability"): +1,
    ("effectors", "range"): +1,
    ("effectors", "range_min"): -1,
    ("effectors", "height_min"): -1,
    ("effectors", "height_max"): +1,
    ("effectors", "speed"): +1,
    ("effectors", "reaction"): -1,
    ("effectors", "interval"): -1,
    ("effectors", "rounds_per_shot"): -1,
    ("sensors", "range"): +1,
    ("sensors", "reference_cross_section"): -1,  # the range holds for a smaller target
    ("sensors", "range_by_class"): +1,
    ("sensors", "antenna_height"): +1,
    ("sensors", "height_max"): +1,
    ("sensors", "scan"): -1,
    ("sensors", "detection_probability"): +1,
    ("sensors", "hits_to_track"): -1,
    ("sensors", "frequency"): -1,  # rain and air weaken it more
    ("sensors", "clear_visibility"): +1,  # less haze in the published range, so more is left in haze
    ("sensors", "sector"): +1,
    ("sensors", "elevation_min"): -1,
    ("sensors", "elevation_max"): +1,
    ("sensors", "orbit_speed"): 0,
    ("sensors", "turn_radius"): 0,
    ("fire_units", "launchers"): +1,
    ("fire_units", "rounds_per_launcher"): +1,
    ("fire_units", "reserve_rounds"): +1,
    ("fire_units", "reload"): -1,
    ("fire_units", "channels"): +1,
    ("fire_units", "ready"): -1,
    ("fire_units", "availability"): +1,
    ("fire_units", "hardness"): +1,
    ("fire_units", "radius"): -1,  # a smaller unit is harder to hit
    ("fire_units", "backup_distance"): +1,
    ("soft_kill", "radius"): +1,
    ("soft_kill", "height_max"): +1,
    ("soft_kill", "hazard"): +1,
    ("assets", "hardness"): +1,
    ("assets", "radius"): -1,
    ("assets", "value"): 0,
    ("command", "identification"): -1,
    ("command", "command"): -1,
    ("doctrine", "salvo"): 0,  # surer kills for more rounds
    ("doctrine", "max_shots"): +1,
    ("doctrine", "assess"): -1,
    ("alert_systems", "latency"): -1,
    ("alert_systems", "broadcast"): -1,
    ("alert_systems", "hold"): +1,
    ("alert_systems", "reached_day"): +1,
    ("alert_systems", "reached_night"): +1,
    ("sheltering", "to_shelter"): +1,
    ("sheltering", "to_inner_room"): +1,
    ("sheltering", "time_to_shelter"): -1,
    ("sheltering", "time_to_inner_room"): -1,
    ("sheltering", "time_spread"): 0,
    ("sheltering", "outdoors"): -1,
    ("sheltering", "places"): +1,
    ("sheltering", "risk_outdoors"): -1,
    ("sheltering", "risk_inner_room"): -1,
    ("sheltering", "risk_shelter"): -1,
    ("consequences", "area"): -1,
    ("consequences", "killed"): -1,
    ("consequences", "shape"): 0,
    ("measures", "hardness_factor"): +1,
    ("measures", "attraction"): +1,
    ("measures", "misdirected"): +1,
    ("measures", "duty"): 0,  # seen sooner, found sooner
    ("measures", "stay"): 0,
    ("measures", "move"): -1,
    ("measures", "knowledge"): +1,
    ("repairs", "mean"): -1,
    ("repairs", "spread"): 0,
    ("repairs", "spare_lead"): -1,
    ("readiness_states", "crew_present"): +1,
    ("readiness_states", "sensors_on"): +1,
    ("readiness_states", "ready"): -1,
    ("readiness_states", "raise_time"): -1,
    ("readiness_states", "scramble"): -1,
    ("readiness_states", "delay_factor"): -1,
    ("intelligence_sources", "seen"): +1,
    ("intelligence_sources", "lead"): +1,
    ("exercise_programmes", "delay_factor"): -1,
    ("exercise_programmes", "misidentified"): -1,
    ("exercise_programmes", "recheck"): -1,
    ("identification", "verdict"): +1,
    ("identification", "recheck"): -1,
    ("identification", "hostile_let_go"): -1,
    ("traffic", "called_hostile"): -1,
    ("traffic", "speed"): 0,
    ("traffic", "height"): 0,
    ("traffic", "radar_cross_section"): 0,
    ("diplomacy", "launch_reduction"): +1,
    ("aircraft", "speed"): +1,
    ("aircraft", "combat_radius"): +1,
    ("aircraft", "endurance"): +1,
    ("aircraft", "missiles"): +1,
    ("aircraft", "gun_shots"): +1,
    ("aircraft", "reserve_loads"): +1,
    ("aircraft", "readiness"): -1,
    ("aircraft", "readiness_spread"): 0,
    ("aircraft", "availability"): +1,
    ("aircraft", "kill_probability"): +1,
    ("aircraft", "identification"): -1,
    ("aircraft", "loss_probability"): -1,
    ("aircraft", "turn_round"): -1,
    ("aircraft", "turn_spread"): 0,
    ("aircraft", "fuel_reserve"): -1,
    ("aircraft", "refuel_time"): -1,
    ("aircraft", "refuellings"): +1,
}
_MONEY = ("unit_cost", "operating_cost", "hour_cost", "decoy_unit_cost", "production", "eur_usd")
# What decides only whether a salvo may fly, what a package of measures costs, what happens between raids, or
# what a scenario chooses.
FIXED = (
    ("threats", "range"),
    ("aircraft", "radar_range"),  # of the type; what a network gets of it is a sensor's
    ("aircraft", "reference_cross_section"),
    ("aircraft", "missile_range"),
    ("aircraft", "yearly_hours"),
    ("arsenals", "stock"),
    ("procurement", "of_group"),
    ("procurement", "terms"),
    ("sustainment", "radar_repair"),
    ("sustainment", "fire_unit_repair"),
    ("sustainment", "asset_repair"),
    ("sustainment", "written_off"),
    ("sustainment", "cost_share"),
    ("sustainment", "replacement"),
    ("sustainment", "transport"),
    ("sustainment", "allied_transport"),
    *(
        ("planning_factors", name)
        for name in ("works_at", "repair_crews", "apart", "on_call", "scramble", "patrol", "look_ahead")
    ),
    ("measures", "unit_cost"),
    ("alert_systems", "cost_per_person"),
    ("sheltering", "cost_per_place"),
    ("repairs", "spare_cost"),
    ("repairs", "crew_cost"),
    ("readiness_states", "cost_share"),
    ("exercise_programmes", "cost_share"),
    ("intelligence_sources", "cost"),
    ("intelligence_sources", "false_alarms"),
    ("intelligence_sources", "hold"),
    ("diplomacy", "unit_cost"),
    ("traffic", "people"),
)
_MAGAZINE = ("launchers", "rounds_per_launcher")


def extreme(scenario: Scenario, end: End) -> tuple[str, ...]:
    """Return settings "PATH=low|high", for `load(..., overrides=...)`, that move the assumed figures to one end.

    Parameters
    ----------
    scenario : with central figures, as loaded; its `assumed_figures` are moved
    end : which end

    Raises
    ------
    KeyError
        If a figure's direction is not known to `GOOD`.
    """
    written = written_magazines(scenario)
    settings = []
    for path in scenario.assumed_figures:
        kind = kind_of(path)
        if kind[1] in _MONEY or kind in FIXED or path in written:
            continue
        if end in ("low", "high"):
            settings.append(f"{path}={end}")
        elif GOOD[kind]:
            wanted = GOOD[kind] if end == "favourable" else -GOOD[kind]
            settings.append(f"{path}={'high' if wanted > 0 else 'low'}")
    return tuple(settings)


def kind_of(path: str) -> tuple[str, str]:
    """Return (group, figure): "effectors.hawk.range.drone" is ("effectors", "range")."""
    steps = path.split(".")
    inside = steps[0] == "doctrine" or steps[2] == "weapons"
    return steps[0], steps[-1] if inside else steps[2]


def written_magazines(scenario: Scenario) -> frozenset[str]:
    """Return the launcher figures of weapons whose rounds the scenario writes out: fewer could not hold them."""
    return frozenset(_magazine_paths(scenario))


def _magazine_paths(scenario: Scenario) -> Iterable[str]:
    for unit in scenario.fire_units:
        for number, weapon in enumerate(unit.weapons):
            if weapon.ready_rounds != weapon.launchers * weapon.rounds_per_launcher:
                for name in _MAGAZINE:
                    yield f"fire_units.{unit.type}.weapons.{number}.{name}"
