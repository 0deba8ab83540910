"""The best policy of a case small enough to enumerate, by dynamic programming over what comes and what is left to fire.

The case: one weapon with some rounds and no reload; threats come one by one, each to be shot at once at most, in an
interval of decisions of its own; everything is seen and nothing fails. With V(k, m) the expected value lost from threat
k on with m rounds left, value at risk v and kill probability p:

    V(k, m) = min(v + V(k + 1, m),  (1 - p) v + V(k + 1, m - 1)),   the second only if m > 0

(Bellman 1957, Dynamic Programming; the choice is that of a newsvendor who sells the next round to what comes or keeps
it for what is dearer.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.environment.choices import Choices
from shieldwall.environment.policies import Policy
from shieldwall.environment.raids import Raids
from shieldwall.tables import EQUAL, Float, Int, Tables


class Programme(NamedTuple):
    """The solved case: K threats in order of their intervals.

    cell (K,): the interval in which each can be shot at; threat_class (K,); lost (K + 1, rounds + 1): V above; fire
    (K, rounds + 1): whether the best choice is to shoot.
    """

    cell: Int
    threat_class: Int
    lost: Float
    fire: Int


def solve(raids: Raids) -> Programme:
    """Return the best policy of a case as above.

    Raises
    ------
    ValueError
        If the scenario is no such case; says why not.
    """
    cell, threat_class, value, kill = _threats(raids)
    rounds = int(raids.tables.weapons.ready_rounds[0])
    lost = np.zeros((cell.size + 1, rounds + 1))
    fire = np.zeros((cell.size, rounds + 1), np.int64)
    for k in range(cell.size - 1, -1, -1):
        hold = value[k] + lost[k + 1]
        shoot = np.full(rounds + 1, np.inf)
        shoot[1:] = (1.0 - kill[k]) * value[k] + lost[k + 1, :-1]
        lost[k] = np.minimum(hold, shoot)
        fire[k] = shoot < hold
    return Programme(cell, threat_class, lost, fire)


def best_policy(choices: Choices, programme: Programme, interval_s: float) -> Policy:
    """Return the best policy: free for the class of the threat that comes next where a shot is worth its round."""
    n = choices.classes.size
    total = choices.initial.sum(axis=1)[0]

    def choose(shown: np.ndarray, _decided: Int) -> Int:
        cell = np.rint(shown[:, 0].astype(np.float64) * choices.span_s / interval_s).astype(np.int64)
        left = np.rint(shown[:, 2 + 4 * n].astype(np.float64) * total).astype(np.int64)
        k = np.minimum(np.searchsorted(programme.cell, cell), programme.cell.size - 1)
        fire = (programme.fire[k, left] == 1) & (programme.cell[k] == cell)
        chosen = np.zeros((shown.shape[0], n + 3), np.int64)
        coming = np.searchsorted(choices.classes, programme.threat_class[k])
        chosen[np.arange(shown.shape[0]), coming] = fire
        return chosen

    return choose


def _threats(raids: Raids) -> tuple[Int, Int, Float, Float]:
    """Return interval, class, value at risk and kill probability of each threat, in order of their intervals."""
    tables = raids.tables
    _require_small(tables)
    rows = []
    for s in range(tables.salvos.shape[0] - 1):
        salvo, path = tables.salvos[s], tables.salvos[s].path_first
        group = tables.groups[tables.flights[path].group_first]
        row = tables.engagements[group.engagement_first]
        count = tables.salvos[s + 1].threat_first - salvo.threat_first
        for number in range(count):
            start_s = salvo.time_s + salvo.spread_s * (number + 0.5) / count - raids.choices.begin_s
            first, last = np.floor((start_s + np.array([row.open_s, row.close_s])) / raids.interval_s)
            if first != last:
                raise ValueError(f"a threat of salvo {s} can be shot at in more than one interval")
            value = tables.flights[path].value_at_risk
            rows.append((int(first), int(salvo.threat_class), float(value), float(row.kill_probability)))
    rows.sort()
    cell, threat_class, value, kill = (np.array(column) for column in zip(*rows, strict=True))
    if np.unique(cell).size != cell.size:
        raise ValueError("two threats can be shot at in one interval")
    return cell, threat_class, value, kill


def _require_small(tables: Tables) -> None:
    """Raise ValueError unless there is one weapon and path a salvo, one shot a threat, and no luck but the shot's."""
    salvos = tables.salvos
    used = tables.rules[np.unique(salvos.threat_class[:-1])]
    wrong = {
        "more than one weapon, or a reload": tables.weapons.shape[0] != 1 or tables.weapons.reserve_rounds.any(),
        "more than one shot at a threat": (used.max_shots != 1).any(),
        "more than one path a salvo": (np.diff(salvos.path_first) != 1).any(),
        "more than one window a path": (np.diff(tables.groups.engagement_first) != 1).any(),
        "times that are drawn": (salvos.timing[:-1] != EQUAL).any() or salvos.time_on_target[:-1].any(),
        "failures, decoys or aborts": sum(
            salvos[name][:-1].sum() for name in ("failure_probability", "decoy_share", "abort_share")
        )
        > 0.0,
        "sensors or units that may be out": min(
            tables.sensors.availability.min(), tables.sensors.detection_probability.min(),
            tables.fire_units.availability[:-1].min(),
        )
        < 1.0,
        "orders that take time": (tables.networks.command_s != 0.0).any(),
        "soft kill": tables.zone_stays.shape[0] > 0,
    }  # fmt: skip
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise ValueError(f"not a case for dynamic programming: {what}")
