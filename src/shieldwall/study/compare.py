"""Compare runs on the same luck: what changed, how sure, and what the shared luck saved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.results.answer import finite
from shieldwall.results.results import Results
from shieldwall.results.row import Fate
from shieldwall.results.statistics import Difference, Spread, paired_difference, spread
from shieldwall.results.summary import costs
from shieldwall.results.tally import effectors, flight_types, leakers, threat_types

Float = NDArray[np.float64]
MISTAKES, DUPLICATES = "shot_down_by_mistake", "duplicate_engagements"


@dataclass(frozen=True, slots=True)
class Changed:
    """One run beside the base: each quantity's spread, and its difference from the base with a 90 % interval."""

    label: str
    spreads: Mapping[str, Spread]
    differences: Mapping[str, Difference]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs that share seed and replications; the first is the base. Quantities are named like "leaked/kh-101"."""

    base: str
    seed: int
    replications: int
    spreads: Mapping[str, Spread]
    changed: tuple[Changed, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain JSON values; what has no value is null."""
        whole: dict[str, Any] = finite(
            {
                "base": self.base,
                "seed": self.seed,
                "replications": self.replications,
                "runs": {
                    self.base: {name: _spread_json(s) for name, s in self.spreads.items()},
                    **{c.label: {name: _spread_json(s) for name, s in c.spreads.items()} for c in self.changed},
                },
                "differences": {
                    c.label: {name: _difference_json(d) for name, d in c.differences.items()} for c in self.changed
                },
            }
        )
        return whole


def compare(runs: Sequence[tuple[str, Results]]) -> Comparison:
    """Return the paired comparison of labelled runs; the first is the base.

    Replication r of one run is set against replication r of the other. Draws belong to entities, so what the two
    scenarios share also shares its luck.

    Raises
    ------
    InputError
        If there are fewer than two runs, labels repeat, or seeds or numbers of replications differ.
    """
    _refuse_unpaired(runs)
    label, base = runs[0]
    before = quantities(base) | mistakes(base)
    twice = any(run.counts.duplicates.any() for _, run in runs)
    changed = []
    for name, run in runs[1:]:
        after = quantities(run) | mistakes(run)
        keys = [key for key in dict.fromkeys((*before, *after)) if twice or key != DUPLICATES]
        nothing = np.zeros(base.manifest.replications)
        gaps = {key: paired_difference(after.get(key, nothing), before.get(key, nothing)) for key in keys}
        changed.append(Changed(name, {key: spread(after[key]) for key in keys if key in after}, gaps))
    return Comparison(
        base=label,
        seed=base.manifest.seed,
        replications=base.manifest.replications,
        spreads={key: spread(values) for key, values in before.items() if twice or key != DUPLICATES},
        changed=tuple(changed),
    )


def quantities(run: Results) -> dict[str, Float]:
    """Return what is compared, by name, each by replication, shape (R,).

    leaked, shot_down, suppressed (threats), damage (value), cost/defence and cost/raid (USD), rounds/EFFECTOR,
    leaked/TYPE, shot_down/TYPE; casualties and service_lost/SERVICE where the scenario names people and services.
    """
    counts, roster = run.counts, run.roster
    money = costs(counts, run.manifest, roster)
    leaked, down = leakers(counts.fates), counts.fates[..., Fate.SHOT_DOWN]
    types, kinds = threat_types(roster), effectors(roster)
    found = {
        "leaked": leaked.sum(axis=1),
        **{f"leaked/{name}": leaked[:, k] for k, name in enumerate(types)},
        "shot_down": down.sum(axis=1),
        **{f"shot_down/{name}": down[:, k] for k, name in enumerate(types)},
        "suppressed": counts.fates[..., Fate.SUPPRESSED].sum(axis=1),
        "damage": counts.damage.sum(axis=1),
        "rounds": counts.fired.sum(axis=1),
        **{f"rounds/{name}": counts.fired[:, e] for e, name in enumerate(kinds)},
        "cost/defence": money["defence"],
        "cost/raid": money["raid"],
        **({} if run.manifest.killed_share is None else {"casualties": counts.casualties}),
        **{f"service_lost/{name}": counts.service_lost[:, v] for v, name in enumerate(roster.service)},
    }
    return {name: values.astype(np.float64) for name, values in found.items()}


def mistakes(run: Results) -> dict[str, Float]:
    """Return aircraft shot down by mistake, of all types and by type, and duplicate engagements, each shape (R,).

    Aircraft only where friendly or civil ones fly.
    """
    down = run.counts.flights_lost.sum(axis=2)
    types = flight_types(run.roster)
    found = {f"{MISTAKES}/{name}": down[:, k] for k, name in enumerate(types)}
    if types:
        found = {MISTAKES: down.sum(axis=1)} | found
    return {name: values.astype(np.float64) for name, values in (found | {DUPLICATES: run.counts.duplicates}).items()}


def _refuse_unpaired(runs: Sequence[tuple[str, Results]]) -> None:
    if len(runs) < 2:
        raise InputError(
            Mistake("", 0, 0, "a comparison needs two runs or more", "name another scenario or give --set PATH=V1,V2")
        )
    labels = [label for label, _ in runs]
    for label in labels:
        if labels.count(label) > 1:
            raise InputError(Mistake("", 0, 0, f"two of the runs are called '{label}'", "give each its own name"))
    base = runs[0][1].manifest
    for label, run in runs[1:]:
        for what in ("seed", "replications"):
            mine, theirs = getattr(run.manifest, what), getattr(base, what)
            if mine != theirs:
                raise InputError(
                    Mistake("", 0, 0, f"'{label}' has {what} {mine}, the base {theirs}", "play both with the same")
                )


def _spread_json(values: Spread) -> dict[str, Any]:
    return {"mean": values.mean, "se": values.se, "ci90": values.ci90}


def _difference_json(gap: Difference) -> dict[str, Any]:
    reduction = gap.variance_reduction
    return {
        "mean": gap.mean,
        "se": gap.se,
        "ci90": (gap.low, gap.high),
        "variance_reduction": None if math.isinf(reduction) else reduction,
    }
