"""Print how well the model does what it says, from your copy of the table of reported attacks.

python -m bench.trust FILE [--write] [--without-night]

--write puts the tables into docs/trust.md. Without the table nothing is printed but that it is missing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.readme_table import markdown, number, put

from shieldwall.cli.calibrate import Asked, beside, fitted
from shieldwall.scenario.load import read
from shieldwall.validation.attack_table import AttackTable, read_attack_table
from shieldwall.validation.backcast import METHODS, NightForecast, Split, backcast, score_of
from shieldwall.validation.calibration import calibrated_overlay
from shieldwall.validation.noise import hindsight
from shieldwall.validation.scores import Score

PAGE = Path(__file__).resolve().parents[1] / "docs" / "trust.md"
START, END = dt.date(2024, 7, 1), dt.date(2024, 12, 31)
SAID: Mapping[str, str] = {
    "model": "**model**",
    "constant": "constant rate",
    "trailing_90": "trailing 90 days",
    "beta_binomial": "beta-binomial",
}
NIGHT = "night-2025-06-09"
CALIBRATION = "reported-to-2024-12"


def main() -> None:
    """Print the tables, and put them into the page if asked to."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("file", nargs="?", type=Path, help="your copy of the table of reported attacks, CSV")
    options.add_argument("--write", action="store_true", help="put the tables into docs/trust.md")
    options.add_argument("--without-night", action="store_true", help="leave out what takes minutes")
    chosen = options.parse_args()
    if chosen.file is None or not chosen.file.is_file():
        print("no table of reported attacks: nothing to hold against history (make validate ATTACKS=FILE)")
        return
    table = read_attack_table(chosen.file)
    texts = tables(table)
    if not chosen.without_night:
        texts["night"] = night(chosen.file)
    for name, text in texts.items():
        print(f"\n{name}\n{text}")
        if chosen.write:
            put(PAGE, name, text)


def tables(table: AttackTable) -> dict[str, str]:
    """Return every table of the page that needs no simulation, by its marker."""
    (whole,) = backcast(table, START, END)
    halves = backcast(table)
    everything = [f for split in halves for f in split.nights]
    return {
        "backcast": markdown_of(whole),
        "classes": _by_group(whole.nights, sorted({kind for f in whole.nights for kind in f.classes()})),
        "years": _by_year(everything),
        "halves": _by_half(halves),
        "hindsight": hindsight_of(whole),
        "worse": _worse(whole, halves),
        "reported": reported_of(table),
    }


def markdown_of(split: Split) -> str:
    """Return the scores of every method."""
    head = (f"{len(split.nights)} nights", "MAE", "CRPS", "log score", "50 %", "90 %")
    return markdown(head, _methods(split.scores))


def hindsight_of(split: Split) -> str:
    """Return the least errors with ever more known in hindsight."""
    rows = [(known, f"{mae:.2f}") for known, mae in hindsight(split.nights).items()]
    return markdown(("known in hindsight", "least MAE"), rows)


def _methods(scores: Mapping[str, Score | None]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for method in METHODS:
        s = scores[method]
        if s is not None:
            values = (f"{s.mae:.2f}", f"{s.crps:.2f}", f"{s.log_score:.2f}")
            rows.append((SAID[method], *values, f"{s.coverage_50:.0%}", f"{s.coverage_90:.0%}"))
    return rows


def _by_group(nights: Sequence[NightForecast], kinds: Sequence[str]) -> str:
    """Return MAE and CRPS of every method by class."""
    rows: list[Sequence[str]] = []
    for kind in kinds:
        scores = {method: score_of(nights, method, kind) for method in METHODS}
        rows.append((kind.replace("_", "-"), *_row(scores)))
    head = ("class", "nights", *(f"{what} {SAID[m].strip('*')}" for what in ("MAE", "CRPS") for m in METHODS))
    return markdown(head, rows)


def _row(scores: Mapping[str, Score | None]) -> list[str]:
    found = {m: s for m, s in scores.items() if s is not None}
    cells = [str(found["model"].nights)]
    for name in ("mae", "crps"):
        values = {m: getattr(s, name) for m, s in found.items()}
        least = min(values.values())
        cells += [f"**{v:.2f}**" if v == least else f"{v:.2f}" for v in values.values()]
    return cells


def _by_year(nights: Sequence[NightForecast]) -> str:
    rows: list[Sequence[str]] = []
    for year in sorted({f.night.date.year for f in nights}):
        chosen = [f for f in nights if f.night.date.year == year]
        rows.append((str(year), *_row({method: score_of(chosen, method) for method in METHODS})))
    head = ("year", "nights", *(f"{what} {SAID[m].strip('*')}" for what in ("MAE", "CRPS") for m in METHODS))
    return markdown(head, rows)


def _by_half(halves: Sequence[Split]) -> str:
    rows = [(f"{split.start:%Y-%m} to {split.end:%Y-%m}", *_row(split.scores)) for split in halves]
    head = ("half-year", "nights", *(f"{what} {SAID[m].strip('*')}" for what in ("MAE", "CRPS") for m in METHODS))
    return markdown(head, rows)


def _worse(whole: Split, halves: Sequence[Split]) -> str:
    """Return, as a list, where a simple rule does better than the model."""
    lines = []
    for split in halves:
        lines += _beaten(f"{split.start:%B %Y} to {split.end:%B %Y}, all", split.scores)
    for kind in sorted({kind for f in whole.nights for kind in f.classes()}):
        scores = {method: score_of(whole.nights, method, kind) for method in METHODS}
        lines += _beaten(f"July to December 2024, {kind.replace('_', '-')}", scores)
    return "\n".join(lines) or "- nowhere"


def _beaten(where: str, scores: Mapping[str, Score | None]) -> list[str]:
    model = scores["model"]
    assert model is not None
    lines = []
    for name, said in (("mae", "MAE"), ("crps", "CRPS"), ("log_score", "log score")):
        other = {m: getattr(s, name) for m, s in scores.items() if s is not None and m != "model"}
        best = min(other, key=lambda m: other[m])
        mine = getattr(model, name)
        if other[best] < mine - 0.005:
            lines.append(f"- {where} ({model.nights} nights): {said} {mine:.2f}, {SAID[best]} {other[best]:.2f}")
    return lines


def reported_of(table: AttackTable) -> str:
    """Return what the reports say of each class, at the end of the last half-year."""
    overlay = calibrated_overlay(table, END + dt.timedelta(days=1))
    rows: list[Sequence[str]] = []
    for kind in sorted({path.split(".")[1] for path in overlay}):
        cells = []
        for name in ("shot_down", "suppressed"):
            f = overlay.get(f"reported.{kind}.{name}")
            cells.append(f"{f.value:.1%} ({f.low:.0%} to {f.high:.0%})" if f else "-")
        f = overlay[f"reported.{kind}.neutralised"]
        slope, s = overlay[f"reported.{kind}.raid_size_slope"], overlay[f"reported.{kind}.night_concentration"]
        cells += [
            f"{1 - f.value:.1%} ({1 - f.high:.0%} to {1 - f.low:.0%})",
            f"{slope.value:+.2f} ({slope.low:+.2f} to {slope.high:+.2f})",
            f"{s.value:.0f} ({s.low:.0f} to {s.high:.0f})",
        ]
        rows.append((kind.replace("_", "-"), *cells))
    return markdown(("class", "shot down", "suppressed or lost", "leaked", "size slope", "concentration"), rows)


def night(file: Path) -> str:
    """Return the night of June 2025 beside its report, with the catalogue's figures and with calibrated ones."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"{CALIBRATION}.calibration.json"
        asked = Asked(file, END, CALIBRATION, NIGHT, 128, 64, 1, None, out, NIGHT)
        fitted(asked)
        found = beside(asked, out, CALIBRATION)
    rows: list[Sequence[str]] = []
    for kind, figures in found["catalogue"]["reported"].items():
        for end in ("shot_down", "suppressed", "leaked"):
            before, after = figures[end], found["calibrated"]["reported"][kind][end]
            cells = [number(before["reported"]) if before["reported"] else "0"]
            cells += [f"{number(r['simulated'])} ({r['residual']:+.1f})" for r in (before, after)]
            rows.append((f"{kind}, {end.replace('_', ' ')}", *cells))
    words = [
        f"{label}: {found[label]['total']['leaked']:.1f} leaked in all (90 % of raids: "
        f"{found[label]['leaked_90'][0]:.0f} to {found[label]['leaked_90'][1]:.0f})"
        for label in ("catalogue", "calibrated")
    ]
    reported = sum(salvo["leaked"] for name, salvo in read(NIGHT).load().reported.items() if name != "total")
    return (
        markdown(("", "reported", "catalogue", "calibrated"), rows)
        + f"\n\n{'; '.join(words)}; reported {reported:.0f}."
    )


if __name__ == "__main__":
    main()
