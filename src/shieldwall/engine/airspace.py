"""Airspace control over geometry: windows and stays are cut where a zone begins to bind the shot, and say how far.

What counts is where the shot would meet the target. Nothing is decided in the raid: a piece in which nobody may shoot
is not handed to the kernel.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shieldwall.active_defence.reach import ORDERS, Windows
from shieldwall.battle_management.airspace import FREE, NO_CEILING_M, TIGHT, AirspaceZone, Shooter, level_for
from shieldwall.engine.borders import Spans, spans_inside
from shieldwall.engine.rows import starts
from shieldwall.engine.stays import Stays
from shieldwall.tables import Float, Int, Paths

# A piece shorter than this counts with the one it touches, seconds.
_TOUCH_S = 1e-6


class Rules(NamedTuple):
    """What a kind of shooter may shoot at along paths: on path p pieces first[p] to first[p+1]-1, first (P+1,).

    from_s, to_s (K,): seconds after launch, the first from -inf, the last to inf; level (K,): FREE, TIGHT or HOLD.
    """

    first: Int
    from_s: Float
    to_s: Float
    level: Int


class _Pieces(NamedTuple):
    """Pieces of rows, in the order of the rows: row, from when to when (in meetings), level, and whether it is all."""

    row: Int
    begin_s: Float
    end_s: Float
    level: Int
    whole: Int


def rules_along(paths: Paths, zones: tuple[AirspaceZone, ...], shooter: Shooter) -> Rules:
    """Return what a kind of shooter may shoot at along every path; where zones overlap, the strictest holds."""
    spans: dict[int, list[tuple[float, float, int]]] = {}
    for zone in zones:
        level = level_for(zone, shooter)
        if level != FREE:
            for path, own in _spans(paths, zone).items():
                spans.setdefault(path, []).extend((begin_s, end_s, level) for begin_s, end_s in own)
    n_paths = paths.salvo.shape[0]
    along = [_levels(spans[p], float(paths.duration_s[p])) if p in spans else _UNBOUND for p in range(n_paths)]
    return Rules(
        starts([level.shape[0] for _, level in along]),
        np.concatenate([edges[:-1] for edges, _ in along]),
        np.concatenate([edges[1:] for edges, _ in along]),
        np.concatenate([level for _, level in along]),
    )


_UNBOUND = (np.array([-np.inf, np.inf]), np.array([FREE], np.int64))


def _spans(paths: Paths, zone: AirspaceZone) -> Spans:
    """Return the spans of paths inside a zone."""
    high_m = zone.height_max_m if zone.height_max_m < NO_CEILING_M else np.inf
    return spans_inside(
        paths, zone.border, height_min_m=zone.height_min_m if zone.height_min_m > 0.0 else -np.inf, height_max_m=high_m
    )


def _levels(spans: list[tuple[float, float, int]], duration_s: float) -> tuple[Float, Int]:
    """Return the edges (K+1,) between levels and the levels (K,), each the highest of the spans that cover a moment."""
    inner = np.unique([edge for begin_s, end_s, _ in spans for edge in (begin_s, end_s) if 0.0 < edge < duration_s])
    edges = np.concatenate([[-np.inf], inner, [np.inf]])
    level = np.zeros(edges.shape[0] - 1, np.int64)
    for begin_s, end_s, own in spans:
        a = np.searchsorted(edges, begin_s if begin_s > 0.0 else -np.inf)
        b = np.searchsorted(edges, end_s if end_s < duration_s else np.inf)
        level[a:b] = np.maximum(level[a:b], own)
    new = np.concatenate([[True], level[1:] != level[:-1]])
    return np.append(edges[:-1][new], np.inf), level[new]


def cut_windows(windows: Windows, rules: Rules) -> tuple[Windows, Int | None]:
    """Return the windows, cut where their meetings pass from one level to another, and the level of each.

    Rows stay by path, then weapon; the pieces of one follow each other. What lies in one level is left as it is; None
    where all are free.

    Limits
    ------
    Meetings are linear between the orders of a window's table, as the kernel takes them; so are those of its pieces.
    """
    share = np.arange(ORDERS) / (ORDERS - 1)
    order_s = windows.open_s[:, None] + (windows.close_s - windows.open_s)[:, None] * share
    met_s = order_s + windows.delay_s
    pieces = _pieces(windows.path, met_s[:, 0], met_s[:, -1], rules)
    if pieces is None:
        return windows, None
    open_s, close_s, delay_s = (column[pieces.row] for column in (windows.open_s, windows.close_s, windows.delay_s))
    for k in np.flatnonzero(pieces.whole == 0).tolist():
        row = pieces.row[k]
        open_s[k], close_s[k] = np.interp([pieces.begin_s[k], pieces.end_s[k]], met_s[row], order_s[row])
        own_s = open_s[k] + (close_s[k] - open_s[k]) * share
        delay_s[k] = np.interp(own_s, order_s[row], met_s[row]) - own_s
    path, weapon, radar = (column[pieces.row] for column in (windows.path, windows.weapon, windows.radar))
    return Windows(path, weapon, radar, open_s, close_s, delay_s), pieces.level


def cut_stays(stays: Stays, rules: Rules) -> tuple[Stays, Int | None]:
    """Return the stays, cut where they pass from one level to another, and the level of each; as `cut_windows`."""
    pieces = _pieces(stays.path, stays.enter_s, stays.leave_s, rules)
    if pieces is None:
        return stays, None
    return Stays(stays.path[pieces.row], stays.place[pieces.row], pieces.begin_s, pieces.end_s), pieces.level


def _pieces(path: Int, first_s: Float, last_s: Float, rules: Rules) -> _Pieces | None:
    """Return the pieces of rows that lie by path, from one meeting to another; None where all are free."""
    low, count = rules.first[path], np.ones(path.shape[0], np.int64)
    for p in np.flatnonzero(np.diff(rules.first) > 1).tolist():
        a, b = np.searchsorted(path, [p, p + 1])
        from_s = rules.from_s[rules.first[p] : rules.first[p + 1]]
        i = np.searchsorted(from_s, first_s[a:b] + _TOUCH_S, side="right") - 1
        j = np.searchsorted(from_s, last_s[a:b] - _TOUCH_S, side="left") - 1
        low[a:b] += i
        count[a:b] = np.maximum(j - i, 0) + 1
    row = np.repeat(np.arange(path.shape[0]), count)
    number = np.arange(row.shape[0]) - starts(count)[row]
    place = low[row] + number
    level = rules.level[place]
    if not np.any(level != FREE):
        return None
    begin_s = np.where(number == 0, first_s[row], rules.from_s[place])
    end_s = np.where(number == count[row] - 1, last_s[row], rules.to_s[place])
    return _Pieces(row, begin_s, end_s, level, (count[row] == 1).astype(np.int64))


def proven(level: Int | None) -> Int | None:
    """Return 1 for each row in which only a track identified as hostile may be shot at; None where there is none."""
    if level is None or not np.any(level == TIGHT):
        return None
    return np.asarray(level == TIGHT, np.int64)
