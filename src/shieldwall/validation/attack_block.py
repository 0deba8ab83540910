"""Parse and clean one block of rows of the reported-attack table, column by column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shieldwall.validation.weapon_model import is_strike, parts

PLACE_COLUMN = "launch_place"  # used where it is there
COLUMNS = ("time_start", "time_end", "model", "launched", "destroyed", "not_reach_goal")
_DATE = r"^\d{4}-\d{2}-\d{2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$"
_LARGEST_COUNT = 1_000_000
_LONGEST_PLACE_CELL = 300
_MOST_PLACE_CELLS = 50  # texts of launch places kept for a night and model


class Block:
    """One block of rows, parsed column by column; `first` rows stand before it."""

    def __init__(self, batch: pa.RecordBatch, first: int) -> None:
        self.first = first
        text = {name: pc.utf8_trim_whitespace(batch.column(name)) for name in COLUMNS}
        self.bad: list[tuple[int, str, str]] = []
        self.model = text["model"]
        self.place = batch.column(PLACE_COLUMN) if PLACE_COLUMN in batch.schema.names else None
        self.start = self._dates("time_start", text["time_start"])
        self.end = self._dates("time_end", text["time_end"])
        self.launched = self._counts("launched", text["launched"])
        self.destroyed = self._counts("destroyed", text["destroyed"])
        self.suppressed = self._counts("not_reach_goal", text["not_reach_goal"])
        self._clean()

    def _dates(self, column: str, text: pa.StringArray) -> NDArray[np.int64]:
        """Return days since 1970 (n,), -1 where blank; notes the cells that are no date."""
        good = pc.fill_null(pc.match_substring_regex(text, _DATE), True).to_numpy(zero_copy_only=False)
        day = pc.utf8_slice_codeunits(text, 0, 10)
        try:
            days = pc.cast(pc.if_else(pa.array(good), day, None), pa.date32())
        except pa.ArrowInvalid:
            days = pa.array([_day_or_none(d) for d in day.to_pylist()], pa.date32())
            good = good & ~(
                pc.is_null(days).to_numpy(zero_copy_only=False) & ~pc.is_null(text).to_numpy(zero_copy_only=False)
            )
        for i in np.flatnonzero(~good):
            self.bad.append(
                (self.first + int(i), column, f"'{text[int(i)]}' is not a date like 2024-12-31 or 2024-12-31 08:30")
            )
        return np.asarray(pc.fill_null(pc.cast(days, pa.int32()), -1)).astype(np.int64)

    def _counts(self, column: str, text: pa.StringArray) -> NDArray[np.int64]:
        """Return whole numbers (n,), -1 where blank; notes the cells that are not counts."""
        try:
            value = np.asarray(pc.fill_null(pc.cast(text, pa.float64()), -1.0))
            spoilt = np.zeros(len(value), bool)
        except pa.ArrowInvalid:
            parsed = [_number(t) for t in text.to_pylist()]
            value = np.array([-1.0 if v is None else v for v in parsed])
            spoilt = np.isnan(value)
        blank = pc.is_null(text).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            spoilt |= ~blank & ((value < 0) | (value > _LARGEST_COUNT) | (value != np.floor(value)))
        for i in np.flatnonzero(spoilt):
            self.bad.append(
                (self.first + int(i), column, f"'{text[int(i)]}' is not a count from 0 to {_LARGEST_COUNT:,}")
            )
        return np.where(spoilt, -1, value).astype(np.int64)

    def _clean(self) -> None:
        """Apply the rules; sets `kept` (n,) bool and the treated rows with their reasons."""
        no_model = pc.is_null(self.model).to_numpy(zero_copy_only=False) | np.asarray(
            pc.fill_null(pc.equal(self.model, ""), True)
        )
        names = pc.dictionary_encode(pc.fill_null(self.model, ""))
        code = np.asarray(names.indices)
        distinct = names.dictionary.to_pylist()
        strike = np.array([is_strike(m) for m in distinct], bool)[code] if distinct else np.zeros(0, bool)
        joined = np.array([len(parts(m)) > 1 for m in distinct], bool)[code] if distinct else np.zeros(0, bool)
        reason = np.select([no_model, self.end < 0, self.launched < 0, ~strike], [0, 1, 2, 3], default=-1)
        self.kept = reason < 0
        total = np.maximum(self.destroyed, 0) + np.maximum(self.suppressed, 0)
        self.neutralised = np.minimum(total, np.maximum(self.launched, 0))
        flags = [(reason, ~self.kept)]
        flags += [
            (np.full(len(code), n), self.kept & flag)
            for n, flag in (
                (4, total > self.launched),
                (5, joined),
                (6, self.destroyed < 0),
                (7, (self.start > self.end) & (self.start >= 0)),
            )
        ]
        row = np.concatenate([np.flatnonzero(flag) for _, flag in flags])
        why = np.concatenate([values[flag] for values, flag in flags])
        order = np.argsort(row, kind="stable")
        self.treated_row = (row[order] + 1 + self.first).astype(np.int64)
        self.treated_reason = why[order].astype(np.uint8)

    def add_to(self, sums: dict[tuple[int, str], NDArray[np.int64]]) -> None:
        """Add the kept rows to `sums`: (day, model) -> (launched, destroyed, suppressed, neutralised)."""
        keep = pa.array(self.kept)
        columns = {
            "launched": self.launched,
            "destroyed": np.maximum(self.destroyed, 0),
            "suppressed": np.maximum(self.suppressed, 0),
            "neutralised": self.neutralised,
        }
        table = pa.table({"day": self.end, "model": self.model, **columns}).filter(keep)
        totals = table.group_by(["day", "model"]).aggregate([(name, "sum") for name in columns]).to_pydict()
        for i, key in enumerate(zip(totals["day"], totals["model"], strict=True)):
            counts = np.array([totals[f"{name}_sum"][i] for name in columns], np.int64)
            sums[key] = sums[key] + counts if key in sums else counts

    def add_places_to(self, cells: dict[tuple[int, str], dict[str, int]]) -> None:
        """Add what was launched by the text of the launch place: (day, model) -> text -> launched."""
        if self.place is None:
            return
        place = pc.utf8_slice_codeunits(pc.fill_null(self.place, ""), 0, _LONGEST_PLACE_CELL)
        table = pa.table({"day": self.end, "model": self.model, "place": place, "launched": self.launched})
        totals = table.filter(pa.array(self.kept)).group_by(["day", "model", "place"]).aggregate([("launched", "sum")])
        for row in totals.to_pylist():
            of = cells.setdefault((row["day"], row["model"]), {})
            if row["place"] in of or len(of) < _MOST_PLACE_CELLS:
                of[row["place"]] = of.get(row["place"], 0) + row["launched_sum"]


def _day_or_none(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    """Return the number, None for a blank, NaN for what is no number."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return float("nan")
