"""Forecast how many of each model leak on a night, from the nights before it; models lend each other information.

Drones are many: one filter follows them together, with raid size, model and launch places as effects
(`effects_filter`). Every other model has a rate filter. It starts from, and its rare jumps return to, the filter of its
sharing group (cruise, fast, unclassified) widened by the spread between models: a model never seen before is forecast
like its group. A bundle that cannot be split starts from the mean logit of its parts, weighted by how many of each are
usually launched. Raid size is the number launched that night in the group, against its recent geometric mean.

What the filters say is mixed with the plain rate of the last 90 days: a filter is wide where it has seen little, the
rate of many nights is steady. The shares are fixed (`SharingSettings.trailing_share`). A model that was not seen in
these days is left to its filter; a bundle, launched in large raids of many models, then takes the rate of all of them.

When rows of drones begin to hold `not_reach_goal` above zero, the report counts a further kind of neutralisation; the
filter of drones then takes a step down (`EffectsFilter.reporting_break`). It is found in the rows, not told by date.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from shieldwall.validation import rate_filter
from shieldwall.validation.attack_table import Night
from shieldwall.validation.baselines import TRAILING_DAYS, PooledRates
from shieldwall.validation.effects_filter import MODEL, PLACE, SIZE, EffectsFilter
from shieldwall.validation.rate_filter import LEVELS, FilterSettings, RateState
from shieldwall.validation.weapon_model import parts, sharing_group

Float = NDArray[np.float64]
_SIZE_MEMORY_NIGHTS = 20
_LARGEST_LOG_SIZE = 2.5
_SMALLEST_BUNDLE_SD = 0.3
_DRONE = "drone"


@dataclass(frozen=True, slots=True)
class SharingSettings:
    """How models of a group share, and how filters and plain rate do: chosen on nights before July 2024.

    between_models_sd : spread of models around their group, logits
    group_share : share of a model's jumps that land near its group; the others land anywhere
    bundle_sd : what bundling adds to the spread of its parts, logits
    trailing_share : weight of the rate of the last 90 days in the forecast, of drones and of all others
    """

    between_models_sd: float = 0.6
    group_share: float = 0.8
    bundle_sd: float = 0.3
    trailing_share: tuple[float, float] = (0.25, 0.5)


@dataclass(slots=True)
class Forecaster:
    """The state of all filters; `forecast` reads it, `learn` moves it on. Nights must come in order of date."""

    settings: FilterSettings = field(default_factory=FilterSettings)
    sharing: SharingSettings = field(default_factory=SharingSettings)
    drones: EffectsFilter = field(default_factory=EffectsFilter)
    groups: dict[str, RateState] = field(default_factory=dict)
    models: dict[str, RateState] = field(default_factory=dict)
    usual_log_size: dict[str, float] = field(default_factory=dict)
    usual_launched: dict[str, tuple[int, int]] = field(default_factory=dict)
    recent: deque[Night] = field(default_factory=deque)
    counts_suppressed: bool = False

    def forecast(self, night: Night) -> dict[str, Float]:
        """Return the distribution of leakers by model, given what was launched and from where, and nothing else of it.

        Parameters
        ----------
        night : only date, models, launched counts and launch places are read

        Returns
        -------
        model -> float64, shape (launched + 1,)
        """
        sizes = self._log_sizes(_group_launched(night))
        trailing = self._trailing(night)
        found = {}
        for model, tally in night.tallies.items():
            group = sharing_group(model)
            share = self.sharing.trailing_share[0 if group == _DRONE else 1]
            if group == _DRONE:
                self.drones.move(night.date)
                filtered = self.drones.leak_distribution(_known(night, model, sizes[group]), tally.launched)
            else:
                state = self._model_on(model, night.date.toordinal())
                filtered = rate_filter.leak_distribution(state, self.settings, sizes[group], tally.launched)
            found[model] = (1.0 - share) * filtered + share * trailing[model] if model in trailing else filtered
        return found

    def learn(self, night: Night) -> None:
        """Take in what was reported of a night."""
        day, launched = night.date.toordinal(), _group_launched(night)
        sizes = self._log_sizes(launched)
        others = {model: tally for model, tally in night.tallies.items() if sharing_group(model) != _DRONE}
        states = {model: self._model_on(model, day) for model in others}
        for model, tally in others.items():
            group = sharing_group(model)
            seen = (sizes[group], tally.launched, tally.leaked)
            self.models[model] = rate_filter.learn(states[model], self.settings, *seen)
            if len(parts(model)) == 1:
                self.groups[group] = rate_filter.learn(self._group_on(group, day), self.settings, *seen)
        self._learn_drones(night, sizes)
        for model, tally in night.tallies.items():
            count, nights = self.usual_launched.get(model, (0, 0))
            self.usual_launched[model] = (count + tally.launched, nights + 1)
        for group, count in launched.items():
            usual = self.usual_log_size.get(group, math.log(count))
            self.usual_log_size[group] = usual + (math.log(count) - usual) / _SIZE_MEMORY_NIGHTS
        self.recent.append(night)

    def _learn_drones(self, night: Night, sizes: Mapping[str, float]) -> None:
        drones = {model: tally for model, tally in night.tallies.items() if sharing_group(model) == _DRONE}
        if not drones:
            return
        self.drones.move(night.date)
        for model, tally in drones.items():
            self.drones.learn(_known(night, model, sizes[_DRONE]), tally.launched, tally.leaked)
        if not self.counts_suppressed and any(tally.suppressed > 0 for tally in drones.values()):
            self.counts_suppressed = True
            self.drones.reporting_break()

    def _trailing(self, night: Night) -> dict[str, Float]:
        """Return what the rate of the last 90 days says, by model: those seen in them, and bundles."""
        first = night.date - dt.timedelta(days=TRAILING_DAYS)
        while self.recent and self.recent[0].date < first:
            self.recent.popleft()
        if not self.recent:
            return {}
        seen = {model for past in self.recent for model in past.tallies}
        found = PooledRates(self.recent).distributions(night)
        return {model: of for model, of in found.items() if model in seen or len(parts(model)) > 1}

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
            launched, nights = self.usual_launched.get(part, (1, 1))
            weights.append(launched / nights)
            mean, variance = self._part_level(part, day)
            means.append(mean)
            variances.append(variance)
        share = np.array(weights) / sum(weights)
        variance = float(share @ np.array(variances)) + self.sharing.bundle_sd**2
        return rate_filter.bell(float(share @ np.array(means)), max(_SMALLEST_BUNDLE_SD, variance**0.5))

    def _part_level(self, part: str, day: int) -> tuple[float, float]:
        """Return mean and variance of the logit of one part of a bundle, on a raid of usual size."""
        if sharing_group(part) == _DRONE:
            return self.drones.logit_of_all({MODEL + part: 1.0})
        if part in self.models:
            level = rate_filter.level_weights(self.models[part])
        else:
            group = self._group_on(sharing_group(part), day)
            level = rate_filter.spread(rate_filter.level_weights(group), self.sharing.between_models_sd)
        middle = float(level @ LEVELS)
        return middle, float(level @ LEVELS**2) - middle**2


def _known(night: Night, model: str, log_size: float) -> dict[str, float]:
    """Return the factors of the drones' filter: what is known of a raid before it is played out."""
    placed = night.places.get(model, {})
    return {SIZE: log_size, MODEL + model: 1.0} | {PLACE + place: share for place, share in placed.items()}


def _group_launched(night: Night) -> dict[str, int]:
    launched: dict[str, int] = {}
    for model, tally in night.tallies.items():
        group = sharing_group(model)
        launched[group] = launched.get(group, 0) + tally.launched
    return launched
