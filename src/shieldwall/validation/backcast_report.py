"""Put a back-cast into one JSON object and into a table to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shieldwall.validation.attack_table import AttackTable
from shieldwall.validation.backcast import METHODS, NightForecast, Split, score_of
from shieldwall.validation.scores import Score

_FIELDS = ("mae", "crps", "log_score")


def as_json(table: AttackTable, splits: Sequence[Split]) -> dict[str, Any]:
    """Return the object that `shieldwall backcast --json` prints.

    Parameters
    ----------
    table : what was read
    splits : what was predicted

    Returns
    -------
    {"splits": [{"from", "to", "days", "mae", "crps", "log_score", "coverage", "by_class", "by_year"}], "table": {...}}
    where the three scores are by method and "coverage" is of the model; a split without nights has null scores
    """
    return {
        "splits": [_split(s) for s in splits],
        "table": {
            "file": table.file,
            "rows": table.rows,
            "nights": len(table.nights),
            "treated": table.treated.counts(),
        },
    }


def _split(split: Split) -> dict[str, Any]:
    kinds = sorted({kind for f in split.nights for kind in f.classes()})
    years = sorted({f.night.date.year for f in split.nights})
    head = {"from": split.start.isoformat(), "to": split.end.isoformat(), "days": len(split.nights)}
    by_year = {str(year): _scores({m: score_of(_of_year(split.nights, year), m) for m in METHODS}) for year in years}
    by_class = {kind: _scores({m: score_of(split.nights, m, kind) for m in METHODS}) for kind in kinds}
    return {**head, **_scores(split.scores), "by_class": by_class, "by_year": by_year}


def _of_year(nights: Sequence[NightForecast], year: int) -> list[NightForecast]:
    return [f for f in nights if f.night.date.year == year]


def _scores(scores: Mapping[str, Score | None]) -> dict[str, Any]:
    model = scores["model"]
    found: dict[str, Any] = {
        name: {method: None if s is None else round(getattr(s, name), 4) for method, s in scores.items()}
        for name in _FIELDS
    }
    found["coverage"] = {
        "50": None if model is None else round(model.coverage_50, 4),
        "90": None if model is None else round(model.coverage_90, 4),
    }
    found["nights"] = 0 if model is None else model.nights
    return found


def as_lines(table: AttackTable, splits: Sequence[Split]) -> list[str]:
    """Return the same as lines to read: what cleaning did, then a block for each split."""
    lines = [f"{table.file}: {table.rows:,} rows, {len(table.nights):,} nights with strike weapons"]
    lines += [f"  {count:>7,} rows {reason}" for reason, count in table.treated.counts().items()]
    for split in splits:
        lines += ["", f"{split.start} to {split.end}: {len(split.nights)} nights, leakers a night"]
        if not split.nights:
            continue
        lines.append(f"  {'':14s}{'MAE':>8s}{'CRPS':>8s}{'log':>8s}{'50 %':>8s}{'90 %':>8s}")
        for method in METHODS:
            s = split.scores[method]
            if s is not None:
                values = f"{s.mae:8.2f}{s.crps:8.2f}{s.log_score:8.3f}{s.coverage_50:8.0%}{s.coverage_90:8.0%}"
                lines.append(f"  {method:14s}{values}")
    return lines
