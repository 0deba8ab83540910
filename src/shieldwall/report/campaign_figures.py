"""The figures of a campaign, each a function of what was played; also in `shieldwall.plot`."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from shieldwall.campaign.run import Played
from shieldwall.report.drawing import canvas
from shieldwall.report.palette import INK, LINE, SERIES, VERMILION

Float = NDArray[np.float64]
_LINES_AT_MOST = len(SERIES)
_WIDE_IN = 6.4


def runs_out(played: Played) -> Figure:
    """Return by when each effector has run out: the share of campaigns in which units once began a night nearly empty.

    Effectors of which units never ran out in any campaign are named below the axis.
    """
    layout, nights = played.layout, played.plan.nights
    when = np.arange(nights + 1)
    shares: dict[str, Float] = {}
    for e in np.flatnonzero(layout.tracked):
        first = played.standing.runs_out[:, -1, e]
        shares[layout.effectors[e]] = np.array([100.0 * np.mean((first > 0) & (first <= n)) for n in when])
    never = [name for name, share in shares.items() if share[-1] == 0.0]
    shown = sorted((n for n in shares if n not in never), key=lambda n: -float(shares[n].sum()))[:_LINES_AT_MOST]
    drawing, axes = canvas(3.0, width_in=_WIDE_IN)
    colours = _colours(played)
    for name in shown:
        axes.step(when, shares[name], where="post", color=colours[name], linewidth=1.8, label=name)
    _legend(drawing)
    words = f"night; below {100 * played.plan.runs_out_below:.0f} % of the full load when it began"
    axes.set_xlabel(words + (f". Never: {', '.join(never)}" if never else ""))
    _frame(axes, nights, "% of campaigns", 100.0)
    return drawing


def stock_by_night(played: Played) -> Figure:
    """Return how stocks fall: rounds at weapons and in depots, as a share of those on the first evening, means."""
    layout, nights = played.layout, played.plan.nights
    first = layout.by_effector(layout.full) + np.array([_depot(played, e) for e in range(len(layout.effectors))])
    left: dict[str, Float] = {}
    for e in np.flatnonzero(layout.tracked & (first > 0)):
        held = np.array([record.load[0, -1, e] + record.depot[0, -1, e] for record in played.records])
        left[layout.effectors[e]] = 100.0 * held / first[e]
    shown = sorted(left, key=lambda name: -float(left[name][-1]))[-_LINES_AT_MOST:]
    top = max([100.0, *(float(left[name].max()) for name in shown)])
    drawing, axes = canvas(3.0, width_in=_WIDE_IN)
    colours = _colours(played)
    for name in shown:
        axes.plot(np.arange(1, nights + 1), left[name], color=colours[name], linewidth=1.8, label=name)
    _legend(drawing)
    axes.set_xlabel("night; rounds at weapons and in depots in the evening")
    _frame(axes, nights, "% of the first stock, mean", top)
    return drawing


def leaked_by_night(played: Played) -> Figure:
    """Return what gets through each night: the mean, and the middle 90 % of campaigns."""
    counts = np.stack([record.leaked.sum(axis=1) for record in played.records])
    low, high = np.quantile(counts, (0.05, 0.95), axis=1)
    nights = np.arange(1, played.plan.nights + 1)
    drawing, axes = canvas(2.7)
    axes.fill_between(nights, low, high, color=VERMILION, alpha=0.22, linewidth=0)
    axes.plot(nights, counts.mean(axis=1), color=VERMILION, linewidth=1.8)
    axes.set_xlabel("night; line: mean, band: the middle 90 % of campaigns")
    _frame(axes, played.plan.nights, "threats that got through", float(high.max()))
    return drawing


def _depot(played: Played, e: int) -> float:
    held = played.plan.stocks.depots
    return float(sum(rounds.get(played.layout.effectors[e], 0) for rounds in held.values()))


def _frame(axes: Axes, nights: int, label: str, top: float) -> None:
    axes.set_xlim(0, nights)
    axes.set_ylim(0, 1.05 * max(top, 1.0))
    axes.set_ylabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)


def _colours(played: Played) -> dict[str, str]:
    """Return a colour for each effector that is counted, the same in every figure of a campaign."""
    tracked = [played.layout.effectors[e] for e in np.flatnonzero(played.layout.tracked)]
    return dict(zip(tracked, SERIES * (1 + len(tracked) // len(SERIES)), strict=False))


def _legend(drawing: Figure) -> None:
    if not drawing.axes[0].get_lines():
        return
    drawing.legend(loc="outside right upper", frameon=False, handlelength=1.2, handletextpad=0.5, labelcolor=INK)
