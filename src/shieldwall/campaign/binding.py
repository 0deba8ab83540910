"""What stood in the way, by date: the commonest cause of leaks, and for rounds which ones and what kept them away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.campaign.layout import Layout
from shieldwall.campaign.night import Record
from shieldwall.results.row import Cause
from shieldwall.scenario.campaign_types import Campaign

Float = NDArray[np.float64]
WINDOW = 7  # nights that are looked at together: a week
_SCARCE = 0.5
_Label = tuple[str, tuple[str, ...], str]
_LIMITS = {
    Cause.NEVER_DETECTED: "detection",
    Cause.DETECTED_TOO_LATE: "detection",
    Cause.NO_SHOOTER_IN_REACH: "reach of fire units",
    Cause.CHANNELS_SATURATED: "fire channels",
    Cause.MAGAZINE_EMPTY: "rounds",
    Cause.COMMAND_DELAY: "command",
    Cause.SHOTS_MISSED: "kill probability",
    Cause.HELD_BY_RULES: "rules of engagement",
}


@dataclass(frozen=True, slots=True)
class Binding:
    """One stretch of nights with one constraint.

    constraint: "rounds" or another word; share: its part of the leakers of these nights; effectors: for rounds, those
    of which units lacked half their load (or else the scarcest); held_up_by: what kept the scarcest away ("transport",
    "production", "no line"). leaked: mean a night.
    """

    first: int
    last: int
    constraint: str
    share: float
    leaked: float
    effectors: tuple[str, ...]
    held_up_by: str
    units_out: float


def binding(layout: Layout, plan: Campaign, records: Sequence[Record]) -> tuple[Binding, ...]:
    """Return the binding constraint by date: nights in a row with the same words are one stretch.

    A leaker's cause is the kernel's: of all that might have stopped it, how near it came to a kill. The commonest cause
    of the week around a night binds that night. It says what was short, not what a change would bring: for that, play
    the campaign again with the change (one more line) on the same luck.
    """
    causes = np.stack([record.causes.mean(axis=0) for record in records])
    words = sorted(set(_LIMITS.values()))
    by_word = np.stack(
        [causes[:, [c - 1 for c in Cause if c != Cause.NONE and _LIMITS[c] == word]].sum(axis=1) for word in words],
        axis=1,
    )
    week = _moving(by_word)
    found: list[Binding] = []
    begun = 0
    labels = [_label(n, week[n], words, layout, plan, records) for n in range(len(records))]
    for n in range(1, len(records) + 1):
        if n == len(records) or labels[n] != labels[begun]:
            found.append(_stretch(begun, n, labels[begun], by_word, words, records))
            begun = n
    return tuple(found)


def _moving(nights: Float) -> Float:
    """Return sums over the window around each night, cut at both ends."""
    total = np.concatenate([np.zeros((1, nights.shape[1])), np.cumsum(nights, axis=0)])
    half = WINDOW // 2
    low = np.maximum(np.arange(nights.shape[0]) - half, 0)
    high = np.minimum(np.arange(nights.shape[0]) + half + 1, nights.shape[0])
    return np.asarray(total[high] - total[low], np.float64)


def _label(n: int, week: Float, words: list[str], layout: Layout, plan: Campaign, records: Sequence[Record]) -> _Label:
    if week.sum() < 1e-9:
        return "nothing leaked", (), ""
    word = words[int(np.argmax(week))]
    if word != "rounds":
        return word, (), ""
    half = WINDOW // 2
    around = records[max(n - half, 0) : n + half + 1]
    short = np.mean([record.short.mean(axis=0) for record in around], axis=0) * layout.tracked
    share = short / np.maximum(layout.by_effector(layout.full), 1)
    scarcest = int(np.argmax(share))
    if share[scarcest] <= 0.0:
        return word, (), "too few at one place"
    scarce = np.flatnonzero(share >= min(_SCARCE, share[scarcest]))
    depot = float(np.mean([record.depot[0, -1, scarcest] for record in around]))
    held_up_by = _held_up_by(layout.effectors[scarcest], depot, plan, float(short[scarcest]))
    return word, tuple(layout.effectors[e] for e in scarce), held_up_by


def _held_up_by(effector: str, depot: float, plan: Campaign, short: float) -> str:
    if depot >= short:
        return "transport" if plan.stocks.rule == "pooled" else "other nations' depots, or transport"
    return "production" if any(line.makes == effector for line in plan.lines) else "no line"


def _stretch(
    begun: int, ended: int, label: _Label, by_word: Float, words: list[str], records: Sequence[Record]
) -> Binding:
    here = by_word[begun:ended]
    whole = float(here.sum())
    of_it = float(here[:, words.index(label[0])].sum()) if label[0] in words else 0.0
    return Binding(
        first=begun + 1,
        last=ended,
        constraint=label[0],
        share=of_it / whole if whole > 0 else 0.0,
        leaked=whole / (ended - begun),
        effectors=label[1],
        held_up_by=label[2],
        units_out=float(np.mean([record.units_out.mean() for record in records[begun:ended]])),
    )
