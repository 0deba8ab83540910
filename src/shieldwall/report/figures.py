"""The figures of a run, each a function of its `Results`; also `shieldwall.plot`.

Every figure is a matplotlib `Figure`: `leakers(results).savefig("leakers.pdf")`. Notebooks show it by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.report.drawing import canvas
from shieldwall.report.palette import BLUE, FATE_COLOURS, FATE_LABELS, INK, LINE, MUTED, ON_FATE, SERIES, VERMILION
from shieldwall.results.local_time import LocalClock
from shieldwall.results.numbers import mean, number, percent
from shieldwall.results.results import Results
from shieldwall.results.tally import leakers as count_leakers
from shieldwall.results.trace import CAUSE_WORDS

_ENDS = ("shot_down", "suppressed", "failed", "aborted", "leaked")
_BARS_AT_MOST = 40
_EFFECTORS_SHOWN = 6
_BIN_S = 600.0

Float = NDArray[np.float64]


def leakers(results: Results) -> Figure:
    """Return how many threats got through, raid by raid: a histogram with the median and the middle 90 %."""
    counts = count_leakers(results.counts.fates.sum(axis=1))
    spread = results.summary().total["leaked"]
    low, high = int(counts.min()), int(counts.max())
    step = max(1, math.ceil((high - low + 1) / _BARS_AT_MOST))
    edges = np.arange(low, high + step + 1, step)
    share, _ = np.histogram(counts, edges)
    drawing, axes = canvas(2.7)
    middle = edges[:-1] + (step - 1) / 2
    inside = (middle >= spread.q05) & (middle <= spread.q95)
    heights = 100 * share / counts.size
    axes.bar(middle, heights, width=0.86 * step, color=[VERMILION if i else "#E9B189" for i in inside])
    top = float(heights.max())
    axes.axvline(spread.q50, color=INK, linewidth=1.2, ymax=0.93)
    axes.text(spread.q50, top * 1.13, f" half of the raids: {number(spread.q50)} or fewer", va="center", color=INK)
    axes.set_ylim(0, top * 1.2)
    axes.set_xlabel(f"threats that got through; darker: the middle 90 %, {spread.q05:.0f} to {spread.q95:.0f}")
    axes.set_ylabel("% of raids")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    return drawing


def fates(results: Results) -> Figure:
    """Return how the threats of each type ended, in shares of those launched, the most numerous type first."""
    types = results.summary().types
    names = sorted(types, key=lambda name: -types[name]["launched"].mean)
    ends = [end for end in _ENDS if any(types[name][end].mean > 0 for name in names)]
    drawing, axes = canvas(0.9 + 0.36 * len(names))
    places = np.arange(len(names))
    left = np.zeros(len(names))
    for end in ends:
        width = np.array([100 * _share(types[name][end].mean, types[name]["launched"].mean) for name in names])
        axes.barh(places, width, 0.7, left, color=FATE_COLOURS[end], label=FATE_LABELS[end], edgecolor="none")
        for place, begin, wide in zip(places.tolist(), left.tolist(), width.tolist(), strict=True):
            if wide >= 9:
                axes.text(
                    begin + wide / 2, place, f"{wide:.0f}", ha="center", va="center", color=ON_FATE[end], fontsize=9
                )
        left += width
    axes.set_yticks(places, [f"{name} ({number(types[name]['launched'].mean)})" for name in names])
    axes.tick_params(axis="y", labelcolor=INK)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of those launched (in brackets), mean")
    axes.spines["left"].set_visible(False)
    drawing.legend(loc="outside upper left", ncols=len(ends), frameon=False, handlelength=0.9, columnspacing=1.0,
                   handletextpad=0.4, fontsize=8.5, labelcolor=INK)  # fmt: skip
    return drawing


def causes(results: Results) -> Figure:
    """Return why leakers leaked: leakers per raid by their one cause."""
    found = {CAUSE_WORDS[name]: value for name, value in results.summary().causes.items() if value > 0}
    return _bars(found, "leakers per raid, mean", VERMILION, mean, "nothing got through in any raid")


def first_empty(results: Results) -> Figure:
    """Return what ran out first: in what share of the raids the first weapon to run dry fired which effector."""
    summary = results.summary()
    clock = LocalClock(results.manifest.start_utc, results.manifest.time_zone)
    found = {f"{name}\n{clock.minute(dry.mean_s)}": 100 * dry.share for name, dry in summary.first_dry.items()}
    if found and summary.never_dry > 0:
        found["nothing ran out"] = 100 * summary.never_dry
    label = "% of raids; below each name, when on the mean"
    return _bars(found, label, BLUE, lambda value: percent(value / 100), "nothing ran out in any raid", lines=2)


def rounds(results: Results) -> Figure:
    """Return how the magazines emptied over the night: rounds left of those held, mean over the raids.

    Raises
    ------
    InputError
        If the run kept no events: when a round was fired is known from nothing else.
    """
    time_s, left = _rounds_left(results)
    clock = LocalClock(results.manifest.start_utc, results.manifest.time_zone)
    shown = sorted(left, key=lambda name: float(left[name][-1]))[:_EFFECTORS_SHOWN]
    drawing, axes = canvas(3.0)
    colours = dict(zip(shown, SERIES, strict=False))
    for name in shown:
        axes.plot(time_s, left[name], color=colours[name], linewidth=1.8, solid_capstyle="round")
    _name_lines(axes, {name: float(left[name][-1]) for name in shown}, colours)
    axes.set_xlim(time_s[0], time_s[-1])
    axes.set_ylim(0, 103)
    axes.set_ylabel("% of rounds left")
    axes.set_xlabel(f"local time; the {len(shown)} effectors that used the largest share")
    ticks = _round_times(clock, float(time_s[0]), float(time_s[-1]))
    axes.set_xticks(ticks, [clock.minute(tick) for tick in ticks])
    axes.grid(axis="y", color=LINE)
    return drawing


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _bars(
    found: Mapping[str, float], label: str, colour: str, written: Callable[[float], str], none: str, *, lines: int = 1
) -> Figure:
    """Return horizontal bars, the longest first, each with its number; words where there are none."""
    drawing, axes = canvas(0.75 + (0.2 + 0.16 * lines) * max(1, len(found)))
    axes.set_xlabel(label)
    axes.set_xticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    if not found:
        axes.set_yticks([])
        axes.text(0.5, 0.5, none, ha="center", va="center", transform=axes.transAxes, color=MUTED)
        return drawing
    ordered = sorted(found.items(), key=lambda item: -item[1])
    most = ordered[0][1]
    axes.barh(range(len(ordered)), [value for _, value in ordered], 0.62, color=colour)
    for place, (_, value) in enumerate(ordered):
        axes.text(value + 0.015 * most, place, written(value), va="center", color=INK)
    axes.set_yticks(range(len(ordered)), [name for name, _ in ordered])
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_xlim(0, 1.17 * most)
    axes.set_ylim(len(ordered) - 0.5, -0.5)
    return drawing


def _rounds_left(results: Results) -> tuple[Float, dict[str, Float]]:
    """Return times and, by effector, the mean share of its rounds that is left then, in percent.

    Events count shots; a shot of a gun is a burst of several rounds, the same for every shot of an effector. Rounds
    lost with their launchers count as held until the end.
    """
    if not results.manifest.events:
        raise InputError(Mistake("", 0, 0, "this run kept no events", "run it again with --events"))
    fired = results.query(
        f"SELECT weapon, CAST(floor(time_s / {_BIN_S}) AS INTEGER) AS bin, sum(value) AS shots "
        "FROM events WHERE kind = 'fired' GROUP BY ALL ORDER BY weapon, bin"
    ).to_pydict()
    if not fired["bin"]:
        raise InputError(Mistake("", 0, 0, "no round was fired in any raid", ""))
    effector_of = dict(zip(results.roster.weapon, results.roster.effector, strict=True))
    first, last = min(fired["bin"]), max(fired["bin"])
    shots = {name: np.zeros(last - first + 2) for name in sorted(set(results.roster.effector))}
    for weapon, place, count in zip(fired["weapon"], fired["bin"], fired["shots"], strict=True):
        shots[effector_of[weapon]][place - first + 1] += count
    left = {}
    for name, held in results.summary().rounds.items():
        whole = held.fired.mean + held.left.mean + held.lost.mean
        total = float(shots[name].sum())
        if total > 0 and whole > 0:
            left[name] = 100 * (1 - np.cumsum(shots[name]) / total * held.fired.mean / whole)
    return np.arange(first, last + 2) * _BIN_S, left


def _name_lines(axes: Axes, ends: Mapping[str, float], colours: Mapping[str, str]) -> None:
    """Write the name of each line at its right end, moved apart where they would overlap."""
    least_gap = 7.5
    height = -math.inf
    for name, value in sorted(ends.items(), key=lambda item: item[1]):
        height = max(value, height + least_gap)
        axes.annotate(
            f"{name} {value:.0f}", (1.0, height), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", va="center", color=colours[name], fontsize=8.5, annotation_clip=False,
        )  # fmt: skip


def _round_times(clock: LocalClock, first_s: float, last_s: float) -> list[float]:
    """Return full local hours from first to last, six at most."""
    begin = clock.at(first_s)
    to_hour_s = -(begin.minute * 60 + begin.second) % 3600
    step_s = 3600.0 * max(1, math.ceil((last_s - first_s) / 3600 / 6))
    return [float(t) for t in np.arange(first_s + to_hour_s, last_s + 1, step_s)]
