"""Pair every order to fire in a raid with its meeting."""

from __future__ import annotations

from typing import NamedTuple

from shieldwall.results.event import EventKind
from shieldwall.results.row import Block

_MEETINGS = {
    EventKind.SHOT_DOWN: "shot_down",
    EventKind.INTERCEPT_MISSED: "missed",
    EventKind.WASTED: "wasted",
}
OUTCOMES = tuple(_MEETINGS.values())


class Fired(NamedTuple):
    """One salvo: indices of its weapon and its threat. Still on its way it has no outcome, "", and `met_s` is NaN."""

    weapon: int
    threat: int
    shots: int
    ordered_s: float
    met_s: float
    outcome: str


def salvos_fired(block: Block) -> list[Fired]:
    """Return the salvos of one raid in the order of their meetings, behind them those that are still on their way.

    Salvos of one weapon meet a threat in the order of their firing.
    """
    under_way: dict[tuple[int, int], list[tuple[float, int]]] = {}
    found: list[Fired] = []
    columns = (block.event_time_s, block.event_kind, block.event_threat, block.event_weapon, block.event_value)
    for time_s, kind, threat, weapon, value in zip(*(column.tolist() for column in columns), strict=True):
        if kind == EventKind.FIRED:
            under_way.setdefault((threat, weapon), []).append((time_s, int(value)))
        elif kind in _MEETINGS:
            ordered_s, shots = under_way[threat, weapon].pop(0)
            found.append(Fired(weapon, threat, shots, ordered_s, time_s, _MEETINGS[EventKind(kind)]))
    found += [
        Fired(weapon, threat, shots, ordered_s, float("nan"), "")
        for (threat, weapon), salvos in under_way.items()
        for ordered_s, shots in salvos
    ]
    return found
