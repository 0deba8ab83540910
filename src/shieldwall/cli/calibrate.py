"""`shieldwall calibrate`: catalogue figures fitted to reported nights, and a later night beside its report."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from scipy.special import expit

from shieldwall.cli.terminal import answers, print_json, progress, table
from shieldwall.core.errors import InputError, Mistake
from shieldwall.engine.simulate import simulate
from shieldwall.results.answer import reported
from shieldwall.results.numbers import mean, signed
from shieldwall.scenario.calibration import SUFFIX, user_folder
from shieldwall.scenario.load import read
from shieldwall.validation.attack_table import AttackTable, read_attack_table
from shieldwall.validation.calibration import calibrated_overlay, follow_classes
from shieldwall.validation.calibration_file import calibration_as_json, write_calibration
from shieldwall.validation.figure_fit import Play, fit_figures

_OUTPUTS = {"leaked": "leaked, of launched", "lost": "lost, of neutralised"}
_KNOBS = {"kill": "kill probabilities", "soft": "soft-kill hazards", "loss": "failures and decoys"}
_RAIDS = 2_000
_ENDS = ("shot_down", "suppressed", "leaked")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for, as typed."""

    file: Path
    until: dt.date | None
    name: str | None
    scenario: str
    points: int
    replications: int
    seed: int
    threads: int | None
    out: Path | None
    night: str | None


def calibrate(asked: Asked, *, as_json: bool) -> None:
    """Fit, write the calibration, print it; with a night, play that night with it and without."""
    out, content = fitted(asked)
    found = beside(asked, out, content["name"]) if asked.night else {}
    if as_json:
        print_json({**content, "file": str(out), **({"night": found} if found else {})})
    else:
        _print(content, out, found, answers())


def fitted(asked: Asked) -> tuple[Path, dict[str, Any]]:
    """Fit and write the calibration; return its file and what is in it."""
    attacks = read_attack_table(asked.file)
    last = _last(attacks, asked.until)
    name = asked.name or f"reported-to-{last:%Y-%m}"
    out = asked.out or user_folder() / f"{name}{SUFFIX}"
    _refuse_name(out, name)
    after = last + dt.timedelta(days=1)
    overlay = calibrated_overlay(attacks, after)
    file = read(asked.scenario)
    threads = asked.threads or os.cpu_count() or 1
    play = Play(file, (), asked.points, asked.replications, asked.seed, threads)
    with progress("points") as tick:
        fits, figures = fit_figures(follow_classes(attacks, after), play, tick)
    content = calibration_as_json(name, attacks, last, file.load(), overlay, fits, figures)
    write_calibration(out, content)
    return out, content


def _last(attacks: AttackTable, until: dt.date | None) -> dt.date:
    if not attacks.nights:
        raise InputError(Mistake(attacks.file, 0, 0, "no night with a strike weapon in it", "is it the right file?"))
    first, end = attacks.nights[0].date, attacks.nights[-1].date
    if until is not None and until < first:
        raise InputError(Mistake(attacks.file, 0, 0, f"no night up to {until}", f"the first is {first}"))
    return min(until, end) if until else end


def _refuse_name(out: Path, name: str) -> None:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) is None:
        what = f"'{name}' is no name for a calibration"
        raise InputError(Mistake("", 0, 0, what, "use letters, digits, '-' and '_'"))
    if out.name != f"{name}{SUFFIX}":
        what = f"a scenario finds the calibration '{name}' in a file of that name"
        raise InputError(Mistake(str(out), 0, 0, what, f"end --out in {name}{SUFFIX}, or give --name too"))


def beside(asked: Asked, out: Path, name: str) -> dict[str, Any]:
    """Return what the night gives with the catalogue's figures and with the calibrated ones, beside its report."""
    assert asked.night is not None
    file = read(asked.night)
    found = {}
    for label, overrides in (("catalogue", ()), ("calibrated", (f"calibration={name}",))):
        results = simulate(file.load(overrides, calibrations=(out.parent,)), _RAIDS, asked.seed, threads=asked.threads)
        summary = results.summary()
        found[label] = {
            "total": {end: summary.total[end].mean for end in (*_ENDS, "failed")},
            "leaked_90": list(summary.total["leaked"].ci90),
            "reported": reported(summary, results.manifest),
        }
    return {"scenario": asked.night, "replications": _RAIDS, "seed": asked.seed, **found}


def _print(content: Mapping[str, Any], out: Path, night: Mapping[str, Any], console: Console) -> None:
    console.print(f"\n{content['name']}. {content['words']}", style="bold")
    shown = table("Reported, by class", "share", "mean", "90 %")
    for path, figure in content["reported"].items():
        kind, name = path.split(".")[1:]
        if name in ("neutralised", "shot_down", "suppressed"):
            words = f"{kind} {name.replace('_', ' ')}"
            shown.add_row(words, f"{figure['value']:.1%}", f"{figure['low']:.1%} to {figure['high']:.1%}")
    console.print("", shown)
    shown = table("Fitted through the simulator", "class, share", "reported", "catalogue", "calibrated", "raid of")
    for kind, fit in content["fits"].items():
        for output, logits in fit["logits"].items():
            shares = (f"{expit(logits[key]):.1%}" for key in ("reported", "catalogue", "calibrated"))
            shown.add_row(f"{kind} {_OUTPUTS[output]}", *shares, str(fit["launched"]))
    console.print("", shown)
    shown = table("Where figures end in their range: -1 low, 0 the catalogue's value, +1 high", "", "mean", "90 %")
    for kind, fit in content["fits"].items():
        for knob, e in fit["unknowns"].items():
            shown.add_row(f"{kind} {_KNOBS[knob]}", f"{e['mean']:+.2f}", f"{e['low']:+.2f} to {e['high']:+.2f}")
    console.print("", shown)
    console.print(f"{len(content['figures'])} figures, each with value, low and high, are in the file.")
    if night:
        console.print("", _night(night))
    console.print(f"\nWritten: {out}\nName it in a scenario: calibration: {content['name']}")
    console.print(content["licence"], style="dim")


def _night(night: Mapping[str, Any]) -> Any:
    title = f"{night['scenario']}, {night['replications']:,} raids"
    shown = table(title, "type", "reported", "catalogue", "", "calibrated", "")
    before, after = night["catalogue"]["reported"], night["calibrated"]["reported"]
    for kind, figures in before.items():
        for end in _ENDS:
            if end in figures:
                cells = [(mean(r["simulated"]), signed(r["residual"])) for r in (figures[end], after[kind][end])]
                shown.add_row(f"{kind} {end.replace('_', ' ')}", mean(figures[end]["reported"]), *cells[0], *cells[1])
    return shown
