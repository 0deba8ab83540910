"""Forecast how many of each model leak on a night, from the nights before it; models lend each other information.

Each model has a rate filter. It starts from, and its rare jumps return to, the filter of its sharing group (drone,
cruise, fast, unclassified) widened by the spread between models: a model never seen before is forecast like its group.
A bundle that cannot be split starts from the mean logit of its parts, weighted by how many of each are usually
launched. Raid size is the number launched that night in the group, against its recent geometric mean.

When rows of drones begin to hold `not_reach_goal` above zero, the report counts a further kind of neutralisation; the
filters of drones then take a step down (`rate_filter.reporting_break`). It is found in the rows, not told by date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shieldwall.validation import rate_filter
from shieldwall.validation.attack_table import Night
from shieldwall.validation.rate_filter import LEVELS, FilterSettings, RateState
from shieldwall.validation.weapon_model import parts, sharing_group

Float = NDArray[np.float64]
_SIZE_MEMORY_NIGHTS = 20
_LARGEST_LOG_SIZE = 2.5
_SMALLEST_BUNDLE_SD = 0.3
_DRONE = "drone"


@dataclass(frozen=True, slots=True)
class SharingSettings:
    """How models of a group share: chosen like FilterSettings, on nights before July 2024.

    between_models_sd : spread of models around their group, logits
    group_share : share of a model's jumps that land near its group; the others land anywhere
    bundle_sd : what bundling adds to the spread of its parts, logits
    """

    between_models_sd: float = 0.6
    group_share: float = 0.8
    bundle_sd: float = 0.3


@dataclass(slots=True)
class Forecaster:
    """The state of all filters; `forecast` reads it, `learn` moves it on. Nights must come in order of date."""

    settings: FilterSettings = field(default_factory=FilterSettings)
    sharing: SharingSettings = field(default_factory=SharingSettings)
    groups: dict[str, RateState] = field(default_factory=dict)
    models: dict[str, RateState] = field(default_factory=dict)
    usual_log_size: dict[str, float] = field(default_factory=dict)
    usual_launched: dict[str, tuple[int, int]] = field(default_factory=dict)
    counts_suppressed: bool = False

    def forecast(self, night: Night) -> dict[str, Float]:
        """Return the distribution of leakers by model, given the launched counts of the night alone.

        Parameters
        ----------
        night : only date, models and launched counts are read

        Returns
        -------
        model -> float64, shape (launched + 1,)
        """
        sizes = self._log_sizes(_group_launched(night))
        found = {}
        for model, tally in night.tallies.items():
            state = self._model_on(model, night.date.toordinal())
            size = sizes[sharing_group(model)]
            found[model] = rate_filter.leak_distribution(state, self.settings, size, tally.launched)
        return found

    def learn(self, night: Night) -> None:
        """Take in what was reported of a night."""
        day, launched = night.date.toordinal(), _group_launched(night)
        sizes = self._log_sizes(launched)
        states = {model: self._model_on(model, day) for model in night.tallies}
        for model, tally in night.tallies.items():
            group = sharing_group(model)
            seen = (sizes[group], tally.launched, tally.leaked)
            self.models[model] = rate_filter.learn(states[model], self.settings, *seen)
            if len(parts(model)) == 1:
                self.groups[group] = rate_filter.learn(self._group_on(group, day), self.settings, *seen)
            count, nights = self.usual_launched.get(model, (0, 0))
            self.usual_launched[model] = (count + tally.launched, nights + 1)
        for group, count in launched.items():
            usual = self.usual_log_size.get(group, math.log(count))
            self.usual_log_size[group] = usual + (math.log(count) - usual) / _SIZE_MEMORY_NIGHTS
        self._watch_reporting(night)

    def _watch_reporting(self, night: Night) -> None:
        drones = [tally for model, tally in night.tallies.items() if sharing_group(model) == _DRONE]
        if not self.counts_suppressed and any(tally.suppressed > 0 for tally in drones):
            self.counts_suppressed = True
            for states, group_of in ((self.models, sharing_group), (self.groups, str)):
                for name in [name for name in states if group_of(name) == _DRONE]:
                    states[name] = rate_filter.reporting_break(states[name], self.settings)

    def _log_sizes(self, launched: Mapping[str, int]) -> dict[str, float]:
        sizes = {}
        for group, count in launched.items():
            size = math.log(count) - self.usual_log_size.get(group, math.log(count))
            sizes[group] = min(max(size, -_LARGEST_LOG_SIZE), _LARGEST_LOG_SIZE)
        return sizes

    def _group_on(self, group: str, day: int) -> RateState:
        """Return (and keep) the filter of a group on a day."""
        fresh = rate_filter.start(self.settings, day)
        state = self.groups.get(group, fresh)
        anywhere = state.weight.sum(axis=3, keepdims=True) * rate_filter.bell(
            self.settings.prior_mean, self.settings.prior_sd
        )
        self.groups[group] = rate_filter.advance(state, self.settings, day, anywhere)
        return self.groups[group]

    def _model_on(self, model: str, day: int) -> RateState:
        """Return (and keep) the filter of a model on a day; a new model starts from its group or its parts."""
        group = self._group_on(sharing_group(model), day)
        origin = rate_filter.spread(group.weight, self.sharing.between_models_sd)
        without_level = origin.sum(axis=3, keepdims=True)
        if len(parts(model)) > 1:
            origin = landing = without_level * self._bundle_level(model, day)
        else:
            anywhere = without_level * rate_filter.bell(self.settings.prior_mean, self.settings.prior_sd)
            landing = self.sharing.group_share * origin + (1.0 - self.sharing.group_share) * anywhere
        state = self.models.get(model) or RateState(origin, day)
        self.models[model] = rate_filter.advance(state, self.settings, day, landing)
        return self.models[model]

    def _bundle_level(self, model: str, day: int) -> Float:
        """Return the level that the parts of a bundle suggest, shape (L,)."""
        weights, means, variances = [], [], []
        for part in parts(model):
            if part in self.models:
                level = rate_filter.level_weights(self.models[part])
                launched, nights = self.usual_launched[part]
                weights.append(launched / nights)
            else:
                group = self._group_on(sharing_group(part), day)
                level = rate_filter.spread(rate_filter.level_weights(group), self.sharing.between_models_sd)
                weights.append(1.0)
            means.append(float(level @ LEVELS))
            variances.append(float(level @ LEVELS**2) - means[-1] ** 2)
        share = np.array(weights) / sum(weights)
        variance = float(share @ np.array(variances)) + self.sharing.bundle_sd**2
        return rate_filter.bell(float(share @ np.array(means)), max(_SMALLEST_BUNDLE_SD, variance**0.5))

    def leak_rate(self, group: str) -> tuple[float, float, float]:
        """Return the mean of a group's leak probability at usual raid size, and its 5 % and 95 % points."""
        weight = rate_filter.level_weights(self.groups[group])
        p = 1.0 / (1.0 + np.exp(-LEVELS))
        low, high = (float(p[np.searchsorted(np.cumsum(weight), q)]) for q in (0.05, 0.95))
        return float(weight @ p), low, high


def _group_launched(night: Night) -> dict[str, int]:
    launched: dict[str, int] = {}
    for model, tally in night.tallies.items():
        group = sharing_group(model)
        launched[group] = launched.get(group, 0) + tally.launched
    return launched
