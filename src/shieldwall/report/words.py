"""Say in plain words what a run found, from its numbers and no more strongly than they allow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shieldwall.report.beside import Beside
from shieldwall.report.ignorance import Study
from shieldwall.results.local_time import LocalClock
from shieldwall.results.manifest import Manifest
from shieldwall.results.numbers import mean, money, number, percent
from shieldwall.results.statistics import Spread
from shieldwall.results.summary import Summary
from shieldwall.results.trace import CAUSE_WORDS

NOT_MODELLED = (
    "Seekers, guidance, warheads and fuzes: a shot kills with a probability, the same anywhere within reach.",
    "Manoeuvre and debris; friendly and civil aircraft beyond those that the scenario names.",
    "False tracks and lost tracks; detection does not weaken with distance inside a sensor's reach.",
    "Radio silence, deception and electronic attack, beyond what the scenario sets by soft-kill zones and ranges.",
    "People: fatigue, misjudgement, training beyond the scenario's readiness. Orders are always obeyed.",
    "Repair, resupply and movement during the raid, beyond reloading from the reserve.",
    "What follows from damage beyond the casualties and services that a scenario names: fire, debris, later harm.",
    "Whether the attacker would adapt. The raid is given; the model does not search for better attacks.",
)


FIGURE_WORDS = {
    "shot_down": "shot down",
    "suppressed": "suppressed",
    "failed": "fallen by themselves",
    "leaked": "got through",
}


def about(value: float) -> str:
    """Return a mean without decimals from a hundred on: more would say more than is known."""
    return f"{value:,.0f}" if value >= 100 else mean(value)


def summary_words(
    summary: Summary, manifest: Manifest, compared: Sequence[Beside], study: Study | None = None
) -> list[str]:
    """Return the paragraphs of the one-page summary.

    Parameters
    ----------
    summary, manifest : of the run
    compared : the reported figures
    study : what is known of ignorance, None if nothing
    """
    paragraphs = [_what_was_done(manifest), _what_got_through(summary), _how_they_ended(summary), _why(summary)]
    paragraphs += [_ran_out(summary, manifest), _cost(summary), _hit(summary), _beside_reports(compared)]
    return [words for words in [*paragraphs, _how_sure(manifest, study)] if words]


def _what_was_done(manifest: Manifest) -> str:
    clock = LocalClock(manifest.start_utc, manifest.time_zone)
    raids = f"{manifest.replications:,} times" if manifest.replications > 1 else "once"
    changed = ""
    if manifest.overrides:
        changed = f" {_count(len(manifest.overrides), 'setting')} of the scenario changed for this run."
    return (
        f"This document is about one raid, beginning on {clock.day(0)} at {clock.minute(0)} local time, played {raids} "
        f"in a simulation, each time with other luck. Positions of the defence are those of the scenario; "
        f"what it says of them is in its own notes.{changed}"
    )


def _what_got_through(summary: Summary) -> str:
    total = summary.total
    launched, leaked = total["launched"].mean, total["leaked"]
    if launched <= 0:
        return "Nothing was launched."
    said = (
        f"Of {number(launched)} threats launched, {about(leaked.mean)} got through on the mean "
        f"({percent(leaked.mean / launched)})."
    )
    if summary.replications < 20:
        return f"{said} Too few raids were played to say how much this varies."
    return f"{said} In nine raids of ten it was {_from_to(leaked)}."


def _how_they_ended(summary: Summary) -> str:
    total = summary.total
    parts = [
        f"{about(total[end].mean)} {words}"
        for end, words in (
            ("shot_down", "were shot down"),
            ("suppressed", "were suppressed by soft kill"),
            ("failed", "fell by themselves"),
            ("aborted", "were aborted"),
        )
        if total[end].mean > 0
    ]
    decoys = total["decoys"].mean
    said = f" {about(decoys)} of those launched were decoys." if decoys > 0 else ""
    return f"On the mean, {_listed(parts)}.{said}" if parts else said.strip()


def _why(summary: Summary) -> str:
    leaked = summary.total["leaked"].mean
    if leaked <= 0:
        return "Nothing got through in any raid that was played; that does not show that nothing can."
    name, most = max(summary.causes.items(), key=lambda item: item[1])
    return f"The most frequent cause, for {percent(most / leaked)} of those that got through, was: {CAUSE_WORDS[name]}."


def _ran_out(summary: Summary, manifest: Manifest) -> str:
    if not summary.first_dry:
        return "No weapon ran out of rounds in any raid."
    clock = LocalClock(manifest.start_utc, manifest.time_zone)
    name, dry = next(iter(summary.first_dry.items()))
    never = f" In {percent(summary.never_dry)} nothing ran out." if summary.never_dry > 0 else ""
    return (
        f"What ran out first, on some fire unit, was most often {name}: in {percent(dry.share)} of the raids, "
        f"at {clock.minute(dry.mean_s)} on the mean.{never}"
    )


def _cost(summary: Summary) -> str:
    cost = summary.cost
    if not cost.defence.mean > 0 or not cost.raid.mean > 0:
        return ""
    return (
        f"Rounds and equipment cost the defence about USD {money(cost.defence.mean)} a raid, the raid itself cost "
        f"about USD {money(cost.raid.mean)}: {mean(cost.exchange)} spent for each dollar of the raid. Unit costs "
        "are public figures or estimates, and the comparison leaves out the worth of what was protected."
    )


def _hit(summary: Summary) -> str:
    hit = [target for target in summary.targets.values() if target.asset and target.hits.mean > 0]
    if not hit:
        return ""
    hit.sort(key=lambda target: -target.hits.mean)
    named = _listed([f"{target.name} ({mean(target.hits.mean)} hits a raid)" for target in hit[:3]])
    kept = summary.cost.value_protected
    share = f" Of the value that the scenario puts at stake, {percent(kept)} was left." if math.isfinite(kept) else ""
    return f"Most often hit: {named}.{share}"


def _beside_reports(compared: Sequence[Beside]) -> str:
    if not compared:
        return ""
    inside = sum(one.is_inside for one in compared)
    worst = max(compared, key=lambda one: abs(one.difference))
    furthest = (
        f" The largest difference: {worst.type} {FIGURE_WORDS[worst.figure]}, {number(worst.reported)} reported, "
        f"{about(worst.simulated.mean)} simulated."
    )
    return (
        f"Of {_count(len(compared), 'figure')} that were reported for this raid, {inside} lie within what nine raids "
        f"of ten gave.{furthest} One raid can contradict a model but not prove it; reported figures are claims, "
        "and where a scenario was set up with them in view, agreement shows only that it can be set up so."
    )


def _how_sure(manifest: Manifest, study: Study | None) -> str:
    assumed = len(manifest.assumed_figures)
    if not assumed:
        return "The intervals above are of chance only: how raids differ when every figure is as written."
    if study is not None and study.leaked is not None:
        low, high = study.leaked.band_all
        return (
            "The intervals above are of chance only. Where the assumed figures are varied over their ranges too, "
            f"between {low:,.0f} and {high:,.0f} got through in nine cases of ten."
        )
    return (
        "The intervals above are of chance only: how raids differ when every figure is as written. "
        f"{_count(assumed, 'figure')} behind them are assumed, not measured; what that does to the answer is not "
        "in the intervals."
    )


def _from_to(spread: Spread) -> str:
    low, high = f"{spread.q05:,.0f}", f"{spread.q95:,.0f}"
    return low if low == high else f"between {low} and {high}"


def _count(value: int, noun: str) -> str:
    return f"{value:,} {noun}" + ("" if value == 1 else "s")


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
