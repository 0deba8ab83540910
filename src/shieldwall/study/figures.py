"""Which figures of a scenario are not known, what they could be, and which belong together.

Hundreds of figures cannot each have a sensitivity of their own, so they are grouped by what they mean in a raid,
whatever system they belong to: all kill probabilities are one group, all soft-kill hazards another. A figure that is in
no group of the table below goes by its place in the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shieldwall.catalogue.sourced import Figure
from shieldwall.core.errors import InputError, Mistake, nearest
from shieldwall.core.units import UNITS, unit_of
from shieldwall.scenario.types import Scenario
from shieldwall.study.design import Distribution, Float, quantile
from shieldwall.study.extremes import FIXED, GOOD, kind_of, written_magazines
from shieldwall.surveillance.conditions import Conditions

GROUPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "kill probability": (("effectors", "kill_probability"),),
    "reach of rounds": tuple(
        ("effectors", name) for name in ("range", "range_min", "height_min", "height_max", "speed")
    ),
    "rate of fire": (("effectors", "reaction"), ("effectors", "interval"), ("fire_units", "channels")),
    "shots at a threat": (("doctrine", "salvo"), ("doctrine", "max_shots"), ("doctrine", "assess")),
    "rounds": (
        *(("fire_units", name) for name in ("launchers", "rounds_per_launcher", "reserve_rounds", "reload")),
        ("effectors", "rounds_per_shot"),
    ),
    "availability": (("fire_units", "availability"), ("fire_units", "ready"), ("fire_units", "backup_distance")),
    "detection": (
        *(("sensors", name) for name in ("range", "reference_cross_section", "range_by_class", "antenna_height")),
        *(("sensors", name) for name in ("height_max", "scan", "detection_probability", "hits_to_track")),
        *(("sensors", name) for name in ("frequency", "clear_visibility", "sector", "elevation_min", "elevation_max")),
        *(("sensors", name) for name in ("orbit_speed", "turn_radius")),
        ("threats", "radar_cross_section"),
    ),
    "command delay": (("command", "identification"), ("command", "command")),
    "soft kill": (("soft_kill", "hazard"), ("soft_kill", "radius"), ("soft_kill", "height_max")),
    "flight": (
        *(("threats", name) for name in ("speed", "height", "apogee", "dive", "burn", "ballistic_coefficient")),
        *(("threats", name) for name in ("glide_speed", "lift_to_drag")),
    ),
    "failures and decoys": (("threats", "failure_probability"), ("threats", "decoy_share")),
    "accuracy and warhead": (("threats", "circular_error"), ("threats", "warhead")),
    "hardness": tuple((group, name) for group in ("assets", "fire_units") for name in ("hardness", "radius")),
    "value of assets": (("assets", "value"),),
    "warning and shelter": (
        *(("alert_systems", name) for name in ("latency", "broadcast", "hold", "reached_day", "reached_night")),
        *(("sheltering", name) for name in ("to_shelter", "to_inner_room", "time_to_shelter", "time_to_inner_room")),
        *(("sheltering", name) for name in ("time_spread", "outdoors", "places")),
    ),
    "harm to people": (
        *(("sheltering", name) for name in ("risk_outdoors", "risk_inner_room", "risk_shelter")),
        *(("consequences", name) for name in ("area", "killed", "shape")),
    ),
    "passive measures": tuple(
        ("measures", name)
        for name in ("hardness_factor", "attraction", "misdirected", "duty", "stay", "move", "knowledge")
    ),
    "repair": tuple(("repairs", name) for name in ("mean", "spread", "spare_lead")),
    "readiness": (
        *(("readiness_states", name) for name in ("crew_present", "sensors_on", "ready", "raise_time", "delay_factor")),
        ("readiness_states", "scramble"),
        *(("exercise_programmes", name) for name in ("delay_factor", "misidentified", "recheck")),
        *(("intelligence_sources", name) for name in ("seen", "lead")),
        ("diplomacy", "launch_reduction"),
    ),
    "identification": (
        *(("identification", name) for name in ("verdict", "recheck", "hostile_let_go")),
        *(("traffic", name) for name in ("called_hostile", "speed", "height", "radar_cross_section")),
    ),
    "fighters": tuple(
        ("aircraft", name)
        for name in (
            *("speed", "combat_radius", "endurance", "missiles", "gun_shots", "reserve_loads", "readiness"),
            *("readiness_spread", "availability", "kill_probability", "identification", "loss_probability"),
            *("turn_round", "turn_spread", "fuel_reserve", "refuel_time", "refuellings"),
        )
    ),
    "prices": (
        *((group, "unit_cost") for group in ("threats", "effectors", "sensors", "fire_units", "soft_kill")),
        ("threats", "decoy_unit_cost"),
        *(("aircraft", name) for name in ("unit_cost", "hour_cost")),
        ("money", "eur_usd"),
    ),
}
_GROUP_OF = {kind: name for name, kinds in GROUPS.items() for kind in kinds}
_NO_EFFECT = ("production", "operating_cost")  # nothing in a raid depends on them


@dataclass(frozen=True, slots=True)
class UncertainFigure:
    """One figure between its ends, in its own unit; `good` is +1 where more helps the defence, -1 less, 0 neither."""

    path: str
    low: float
    value: float
    high: float
    unit: str
    whole: bool
    group: str
    good: int

    def setting(self, value: float) -> str:
        """Return "PATH=VALUE" for `--set`."""
        return f"{self.path}={value:.15g}" + ("" if self.unit in ("fraction", "count") else f" {self.unit}")

    def at(self, u: float, distribution: Distribution) -> str:
        """Return the setting at a quantile of the figure's distribution."""
        return self.setting(quantile(u, self.low, self.value, self.high, distribution=distribution, whole=self.whole))


def _idle_of_sensors(scenario: Scenario) -> set[str]:
    """Return the figures of sensors that nothing in the scenario asks for."""
    asked, sensors = scenario.conditions or Conditions(), scenario.sensors
    idle = set()
    if not (asked.air or asked.rain_m_s > 0.0):
        idle.add("frequency")
    if asked.visibility_m is None:
        idle.add("clear_visibility")
    if all(sensor.facing_deg is None for sensor in sensors):
        idle.add("sector")
    if not asked.limits:
        idle |= {"elevation_min", "elevation_max"}
    if all(sensor.orbit is None for sensor in sensors):
        idle |= {"orbit_speed", "turn_radius"}
    return idle


def uncertain_figures(
    figures: Mapping[str, Figure],
    scenario: Scenario,
    *,
    chosen: Sequence[str] = (),
    left_out: Sequence[str] = (),
    all_confidences: bool = False,
    each: bool = False,
) -> tuple[UncertainFigure, ...]:
    """Return the figures that have a range and bear on a raid, by path.

    Left out whatever is asked for: production and yearly costs, a threat's range (it only decides whether a salvo may
    fly) and launchers whose rounds the scenario writes out.

    Parameters
    ----------
    figures : those that the scenario uses, by path
    chosen, left_out : patterns of paths such as "effectors.*.kill_probability.*"; none chosen means all
    all_confidences : published and derived figures too, not the assumed only
    each : every figure is a group by itself

    Raises
    ------
    InputError
        If a pattern matches no figure that has a range, or nothing is left.
    """
    written, idle = written_magazines(scenario), _idle_of_sensors(scenario)
    found = [
        _uncertain(path, figure, each=each)
        for path, figure in sorted(figures.items())
        if _has_range(figure)
        and (all_confidences or figure.confidence == "assumed" or any(fnmatchcase(path, glob) for glob in chosen))
        and kind_of(path)[1] not in _NO_EFFECT
        and kind_of(path) not in FIXED
        and path not in written
        and not (kind_of(path)[0] == "sensors" and kind_of(path)[1] in idle)
    ]
    for glob in (*chosen, *left_out):
        if not any(fnmatchcase(figure.path, glob) for figure in found):
            raise InputError(
                Mistake("", 0, 0, f"no figure with a range matches '{glob}'", nearest(glob, [f.path for f in found]))
            )
    kept = tuple(
        figure
        for figure in found
        if (not chosen or any(fnmatchcase(figure.path, glob) for glob in chosen))
        and not any(fnmatchcase(figure.path, glob) for glob in left_out)
    )
    if not kept:
        raise InputError(Mistake("", 0, 0, "no figure with a range is left", "choose others, or add --all"))
    return kept


@dataclass(frozen=True, slots=True)
class Space:
    """The unit cube behind some figures: one dimension for each, or, if `linked`, one for each group.

    Linked figures of a group stand at the same quantile, counted from the end that is bad for the defence: as if one
    error ran through all of them. Figures without such a direction count from their low end.
    """

    figures: tuple[UncertainFigure, ...]
    distribution: Distribution = "triangular"
    linked: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the group of each dimension."""
        every = tuple(figure.group for figure in self.figures)
        return tuple(dict.fromkeys(every)) if self.linked else every

    def settings(self, u: Float) -> tuple[str, ...]:
        """Return the settings of one point, shape (dimensions,)."""
        if not self.linked:
            return tuple(f.at(float(x), self.distribution) for f, x in zip(self.figures, u, strict=True))
        level = dict(zip(self.groups, (float(x) for x in u), strict=True))
        return tuple(
            f.at(1.0 - level[f.group] if f.good < 0 else level[f.group], self.distribution) for f in self.figures
        )


def group_ends(figures: Sequence[UncertainFigure]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the settings that move a group to its end that is bad for the defence, and to the good one.

    In a group where some figures have such a direction, the others stay; where none has, "bad" is the written low end.
    """
    directed = [figure for figure in figures if figure.good] or list(figures)
    bad = tuple(f.setting(f.high if f.good < 0 else f.low) for f in directed)
    good = tuple(f.setting(f.low if f.good < 0 else f.high) for f in directed)
    return bad, good


def _uncertain(path: str, figure: Figure, *, each: bool) -> UncertainFigure:
    kind = kind_of(path)
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    return UncertainFigure(
        path=path,
        low=figure.low,
        value=figure.value,
        high=figure.high,
        unit=unit_of(figure.unit),
        whole=UNITS[unit_of(figure.unit)][0] == "count" and kind != ("assets", "value"),
        group=path if each else _GROUP_OF.get(kind, f"{kind[0]} {kind[1].replace('_', ' ')}"),
        good=GOOD.get(kind, 0),
    )


def _has_range(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low < figure.high
