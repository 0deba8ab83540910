"""Lay out the document of a run: what it found first, then how sure it is, then everything needed to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shieldwall.catalogue.load import load_catalogue
from shieldwall.report import figures
from shieldwall.report.beside import Beside, beside
from shieldwall.report.confidence import chance, ignorance
from shieldwall.report.document import Block, Document, Item, Items, Picture, Section, Table, Text
from shieldwall.report.ignorance import Study
from shieldwall.report.mistakes import mistakes
from shieldwall.report.outlines import outlines
from shieldwall.report.provenance import assumed_figures, manifest_rows, named_sources, reproduce
from shieldwall.report.theatre import theatre
from shieldwall.report.words import FIGURE_WORDS, NOT_MODELLED, about, summary_words
from shieldwall.results.local_time import LocalClock
from shieldwall.results.manifest import Manifest
from shieldwall.results.numbers import band, mean, money, number, percent, signed
from shieldwall.results.results import Results
from shieldwall.results.summary import Summary
from shieldwall.study.scenario_of_run import Played

_MOST_ASSETS = 15


def report(results: Results, played: Played | None = None, study: Study | None = None) -> Document:
    """Return the document of a run.

    Parameters
    ----------
    results : of the run
    played : its scenario, for the map and the values of assumed figures; None leaves both out and says so
    study : what `shieldwall uncertainty` found for this scenario; None says that ignorance is not in the numbers
    """
    manifest, summary = results.manifest, results.summary()
    clock = LocalClock(manifest.start_utc, manifest.time_zone)
    compared = beside(results)
    sections = [
        Section("In short", [Text(words) for words in summary_words(summary, manifest, compared, study)]),
        Section("Beside what was reported", _beside(compared, manifest)),
        Section("How many got through", _leakers(results)),
        Section("How each type ended", [Picture("fates", figures.fates(results), "How threats ended, by type.")]),
        Section("Why some got through", _causes(results)),
        Section("What ran out", _ran_out(results)),
        Section("Where", _where(results, played)),
        *([Section("People and services", _people(summary))] if summary.people or summary.services else []),
        *mistakes(summary),
        Section("Cost", _cost(summary)),
        Section("How sure: chance", chance(summary)),
        Section("How sure: ignorance", ignorance(manifest, study)),
        Section("Not modelled", [Items([Item(words) for words in NOT_MODELLED])], box=True),
        Section("How to reproduce this", reproduce(manifest)),
        Section("Manifest", [Table(("what", "value"), manifest_rows(manifest), left=2)]),
        Section("Assumed figures", assumed_figures(manifest, played), folded=True),
        Section("Sources", named_sources(manifest, load_catalogue()), folded=True),
    ]
    return Document(
        title=manifest.title or manifest.scenario,
        subtitle=f"A simulated raid, {clock.day(0)}. {manifest.replications:,} replications, seed {manifest.seed}.",
        numbers=_numbers(summary),
        sections=sections,
        foot=f"shieldwall {manifest.version}, scenario {manifest.scenario_hash[:12]}. Public figures only. "
        "A planning aid at the level of kill probabilities, not a forecast.",
    )


def _numbers(summary: Summary) -> list[tuple[str, str]]:
    total = summary.total
    shown = [
        (number(total["launched"].mean), "launched"),
        (about(total["shot_down"].mean), "shot down"),
        (about(total["suppressed"].mean), "suppressed"),
        (about(total["leaked"].mean), f"got through ({band(total['leaked'])} in nine of ten)"),
    ]
    if summary.cost.at_stake > 0:
        shown.append((percent(summary.cost.value_protected), "of the value left"))
    return shown


def _beside(compared: Sequence[Beside], manifest: Manifest) -> list[Block]:
    if not compared:
        return [Text("The scenario holds no reported figures to compare with.")]
    rows: list[Sequence[str]] = []
    before = ""
    for one in compared:
        rows.append(
            (
                one.type if one.type != before else "",
                FIGURE_WORDS[one.figure] + (" or fallen" if one.with_failed else ""),
                number(one.reported),
                mean(one.simulated.mean),
                band(one.simulated),
                signed(one.difference),
            )
        )
        before = one.type
    source = manifest.reported.get("source")
    said = ", ".join(source) if isinstance(source, list | tuple) else source
    sources = sorted({str(f["source"]) for f in manifest.reported.values() if isinstance(f, Mapping) and "source" in f})
    items = [Item(address, address) for address in ([str(said)] if said else sources)]
    return [
        Table(("type", "", "reported", "simulated", "90 % of raids", "difference"), rows, left=2),
        Text(
            "Difference: simulated mean less reported. Suppressed or fallen: the report has no count of threats that "
            "fell by themselves, so both are counted. Reported figures are claims of one side."
        ),
        *([Items(items, small=True)] if items else []),
    ]


def _leakers(results: Results) -> list[Block]:
    leaked = results.summary().total["leaked"]
    caption = (
        f"Threats that got through, over {results.manifest.replications:,} raids: mean {mean(leaked.mean)}, "
        f"median {number(leaked.q50)}, middle half {leaked.q25:,.0f} to {leaked.q75:,.0f}."
    )
    return [Picture("leakers", figures.leakers(results), caption)]


def _causes(results: Results) -> list[Block]:
    summary = results.summary()
    caption = "Each leaker has exactly one cause: that of the network that came nearest to stopping it."
    blocks: list[Block] = [Picture("causes", figures.causes(results), caption)]
    if summary.total["leaked"].mean > 0 and len(summary.types) > 1:
        shown = [name for name, value in summary.causes.items() if value > 0]
        rows = [
            (kind, *(mean(causes[name]) for name in shown))
            for kind, causes in summary.causes_by_type.items()
            if sum(causes.values()) > 0
        ]
        blocks.append(Table(("type, per raid", *(name.replace("_", " ") for name in shown)), rows))
    return blocks


def _ran_out(results: Results) -> list[Block]:
    summary, manifest = results.summary(), results.manifest
    blocks: list[Block] = [
        Picture(
            "empty",
            figures.first_empty(results),
            "The first weapon of all to have no rounds left, by what it fires. One fire unit's, not the whole stock's.",
        )
    ]
    if manifest.events and any(rounds.fired.mean > 0 for rounds in summary.rounds.values()):
        blocks.append(Picture("rounds", figures.rounds(results), "Rounds left over time, mean over the raids."))
    else:
        blocks.append(Text("When rounds were fired is not shown: this run kept no events (run with --events)."))
    rows = [
        (
            name,
            mean(rounds.fired.mean),
            band(rounds.fired),
            mean(rounds.left.mean),
            mean(rounds.lost.mean),
            money(summary.cost.by_effector[name]),
        )
        for name, rounds in summary.rounds.items()
    ]
    return [*blocks, Table(("rounds", "fired", "90 % of raids", "left", "lost", "USD fired"), rows)]


def _where(results: Results, played: Played | None) -> list[Block]:
    blocks: list[Block] = []
    if played is None:
        blocks.append(Text("No map: the scenario of this run is not at hand. Name it with --scenario."))
    else:
        caption = (
            "Paths as the scenario draws them, not as flown; up to 120 of each type. Notional positions where the "
            f"scenario says so. {outlines().attribution} Borders as drawn there imply no judgement."
        )
        blocks.append(Picture("theatre", theatre(results, played.scenario), caption, wide=True))
    hit = [target for target in results.summary().targets.values() if target.asset and target.hits.mean > 0]
    hit.sort(key=lambda target: -target.hits.mean)
    rows = [
        (target.name, target.kind, mean(target.hits.mean), percent(target.hit_share), percent(target.remaining.mean))
        for target in hit[:_MOST_ASSETS]
    ]
    if not rows:
        return [*blocks, Text("No asset was hit in any raid.")]
    blocks.append(Table(("asset", "kind", "hits a raid", "hit in", "left, mean"), rows, left=2))
    if len(hit) > _MOST_ASSETS:
        blocks.append(Text(f"{len(hit) - _MOST_ASSETS} more were hit, less often."))
    return blocks


def _people(summary: Summary) -> list[Block]:
    """Return what befell people and services, and from what kind of figures that is known."""
    blocks: list[Block] = []
    if summary.people is not None:
        people = summary.people
        rows = [
            (name, mean(s.mean), mean(s.se), f"{mean(s.q05)} to {mean(s.q95)}")
            for name, s in (("as warned", people.casualties), ("without any warning", people.unwarned))
        ]
        blocks += [
            Table(("killed and gravely hurt", "mean", "standard error", "90 % of raids"), rows),
            Text(
                f"Of those as warned {mean(people.killed)} killed on the mean. Warning avoided "
                f"{mean(people.avoided.mean)} ({mean(people.avoided.low)} to {mean(people.avoided.high)}, 90 % of the "
                "mean), on the same luck. The figures behind this are public and old, and ranges: the numbers compare "
                "measures, they do not foretell losses."
            ),
        ]
    if summary.services:
        outages = [
            (name, s.unit, mean(s.lost.mean), f"{mean(s.lost.q05)} to {mean(s.lost.q95)}", mean(s.short_h.mean))
            for name, s in summary.services.items()
        ]
        blocks.append(Table(("service", "unit", "not delivered", "90 % of raids", "hours short"), outages, left=2))
    return blocks


def _cost(summary: Summary) -> list[Block]:
    cost = summary.cost
    rows = [
        (name, money(spread.mean), f"{money(spread.q05)} to {money(spread.q95)}")
        for name, spread in (
            ("rounds fired", cost.rounds_fired),
            ("rounds lost", cost.rounds_lost),
            ("equipment lost", cost.equipment_lost),
            ("defence in all", cost.defence),
            ("raid", cost.raid),
        )
    ]
    lost = cost.value_lost
    rows.append((f"value lost, of {number(cost.at_stake)}", mean(lost.mean), f"{mean(lost.q05)} to {mean(lost.q95)}"))
    return [Table(("USD a raid", "mean", "90 % of raids"), rows)]
