"""What the defender may choose, what he is shown, and what a choice means for the rounds kept back.

A choice is a row of whole numbers: for each threat class of the raid 0 (weapons hold) or 1 (free); the priority class,
an index into these classes; the reserve, 0 to 4 quarters of each weapon's first load that are kept for the priority
class; 0 or 1: keep or release what the doctrine itself keeps back; and for each group of aircraft 0 (hold) or 1
(scramble and commit). A class on hold is one from which every round is kept back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.tables import NORMAL, Float, Int, Tables

QUARTERS = 4
_ALL_ROUNDS = 2**40
# Shown of each class: tracked now, shot down, leaked; whether it is on hold.
_OF_A_CLASS = 4
# Standard deviations before the mean at which a normally timed salvo is taken to begin.
_EARLY = 7.0


@dataclass(frozen=True)
class Choices:
    """The layout of one scenario: C classes in the raid, W weapons, J groups of aircraft.

    classes (C,): indices into THREAT_CLASSES; launched (C,): threats of each; initial (W, 2): rounds at the start,
    ready and in reserve; keep (W, all classes): the doctrine's own; channels: of all fire units; begin_s, span_s: the
    first launch, and from then to the last moment.
    """

    classes: Int
    launched: Int
    initial: Int
    keep: Int
    channels: int
    groups: int
    begin_s: float
    span_s: float

    @property
    def names(self) -> tuple[str, ...]:
        """The threat classes of the raid."""
        return tuple(THREAT_CLASSES[c] for c in self.classes)

    @property
    def sizes(self) -> Int:
        """How many values each number of a choice may take: 2 a class, C, 5, 2, 2 a group of aircraft."""
        n = self.classes.size
        return np.array([2] * n + [n, QUARTERS + 1, 2] + [2] * self.groups, np.int64)

    @property
    def shown(self) -> int:
        """How many numbers the defender is shown."""
        return int(2 + _OF_A_CLASS * self.classes.size + 2 * self.initial.shape[0])


def choices_of(tables: Tables) -> Choices:
    """Return the layout of a scenario's choices and of what is shown."""
    salvos = tables.salvos
    counts = np.diff(salvos.threat_first)
    classes = np.unique(salvos.threat_class[:-1])
    longest_s = float(tables.flights.duration_s.max(initial=0.0))
    early_s = np.where(salvos.timing[:-1] == NORMAL, _EARLY * salvos.spread_s[:-1], 0.0)
    begin_s = float((salvos.time_s[:-1] - salvos.time_on_target[:-1] * longest_s - early_s).min())
    end_s = float((salvos.time_s[:-1] + salvos.spread_s[:-1]).max()) + longest_s
    return Choices(
        classes=classes,
        launched=np.array([counts[salvos.threat_class[:-1] == c].sum() for c in classes]),
        initial=np.stack([tables.weapons.ready_rounds, tables.weapons.reserve_rounds], axis=1),
        keep=tables.keep.copy(),
        channels=int(tables.fire_units.channels[:-1].sum()),
        groups=0 if tables.air is None else tables.air.groups.shape[0],
        begin_s=begin_s,
        span_s=max(end_s - begin_s, 1.0),
    )


def keep_of(choices: Choices, chosen: Int) -> Int:
    """Return the rounds kept back, (R, W, all classes), for choices (R, C + 3 + J)."""
    n = choices.classes.size
    free, priority, quarters, release = chosen[:, :n], chosen[:, n], chosen[:, n + 1], chosen[:, n + 2]
    keep = np.where(release[:, None, None] == 1, 0, choices.keep[None])
    reserve = -(-choices.initial[None, :, 0] * quarters[:, None] // QUARTERS)
    for k, place in enumerate(choices.classes):
        other = (priority != k)[:, None]
        keep[:, :, place] = np.maximum(keep[:, :, place], np.where(other, reserve, 0))
        keep[:, :, place] = np.where(free[:, k, None] == 0, _ALL_ROUNDS, keep[:, :, place])
    return np.ascontiguousarray(keep)


def hold_of(choices: Choices, chosen: Int) -> Int:
    """Return which groups of aircraft hold, (R, J), for choices (R, C + 3 + J)."""
    return 1 - chosen[:, choices.classes.size + 3 :]


def shown_of(
    choices: Choices, now_s: Float, counts: Int, rounds: Int, busy: Int, held: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return what the defender is shown, float32 (R, shown), each between 0 and 1.

    Parameters
    ----------
    now_s (R,); counts (R, all classes, 3) and rounds (R, W, 2), busy (R,): as `engine.step_many.Seen` has them
    held : (R, C), which classes are on hold
    """
    count = now_s.size
    share = counts[:, choices.classes] / choices.launched[None, :, None]
    stock = rounds / np.maximum(choices.initial.sum(axis=1), 1)[None, :, None]
    parts = [
        ((now_s - choices.begin_s) / choices.span_s)[:, None],
        (busy / max(choices.channels, 1))[:, None],
        np.concatenate([share, held[:, :, None]], axis=2).reshape(count, -1),
        stock.reshape(count, -1),
    ]
    return np.asarray(np.clip(np.concatenate(parts, axis=1), 0.0, 1.0), np.float32)
