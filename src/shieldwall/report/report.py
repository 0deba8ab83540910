"""Lay out the document of a run: what it found first, then how sure it is, then everything needed to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shieldwall.catalogue.catalogue import Catalogue
from shieldwall.catalogue.load import load_catalogue
from shieldwall.report import figures
from shieldwall.report.beside import Beside, beside
from shieldwall.report.document import Block, Code, Document, Item, Items, Picture, Section, Table, Text
from shieldwall.report.ignorance import Parted, Study
from shieldwall.report.outlines import outlines
from shieldwall.report.theatre import theatre
from shieldwall.report.words import FIGURE_WORDS, NOT_MODELLED, about, summary_words
from shieldwall.results.local_time import LocalClock
from shieldwall.results.manifest import Manifest
from shieldwall.results.numbers import band, mean, money, number, percent, signed
from shieldwall.results.results import Results
from shieldwall.results.statistics import Spread
from shieldwall.results.summary import Summary
from shieldwall.study.scenario_of_run import Played

_ENDS = ("shot_down", "suppressed", "failed", "leaked")
_MOST_ASSETS = 15
_MOST_GROUPS = 8


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
        Section("Cost", _cost(summary)),
        Section("How sure: chance", _chance(summary)),
        Section("How sure: ignorance", _ignorance(manifest, study)),
        Section("Not modelled", [Items([Item(words) for words in NOT_MODELLED])], box=True),
        Section("How to reproduce this", _reproduce(manifest)),
        Section("Manifest", [Table(("what", "value"), _manifest_rows(manifest), left=2)]),
        Section("Assumed figures", _assumed(manifest, played), folded=True),
        Section("Sources", _sources(manifest, load_catalogue()), folded=True),
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


def _chance(summary: Summary) -> list[Block]:
    rows = [(name, *_sure(spreads["leaked"])) for name, spreads in summary.types.items()]
    rows.append(("all", *_sure(summary.total["leaked"])))
    return [
        Text(
            "Every raid has its own luck: starts, routes, failures, detections, delays, kills and impacts. The columns "
            "show how much the number that got through differs from raid to raid, and, apart from that, how well "
            "its mean is known from the raids that were played. More raids sharpen the mean, not the spread."
        ),
        Table(("got through", "mean", "standard error", "90 % of raids"), rows),
    ]


def _sure(spread: Spread) -> tuple[str, str, str]:
    return mean(spread.mean), mean(spread.se), f"{spread.q05:,.0f} to {spread.q95:,.0f}"


def _ignorance(manifest: Manifest, study: Study | None) -> list[Block]:
    assumed = len(manifest.assumed_figures)
    known = (
        f"The model also stands on figures that nobody outside knows well: {assumed:,} of those used here are "
        "assumed, each with a range and a reason. More raids do not lessen that uncertainty."
    )
    if study is None:
        return [
            Text(f"{known} No number in this document contains it, and it may well be larger than chance."),
            Text(
                "This run does not vary these figures. `shieldwall uncertainty` varies them over their ranges and "
                "reports chance and ignorance apart; `shieldwall report --uncertainty FILE` puts its answer here."
            ),
        ]
    errs = "each group of figures off by itself as one" if study.linked else "each figure off by itself"
    rows = [_parted(parted) for parted in study.outputs]
    blocks: list[Block] = [
        Text(known),
        Text(
            f"A study of its own played {study.points:,} sets of {study.figures:,} figures from their ranges "
            f"({study.distribution}, {errs}), {study.replications:,} raids each. Chance and ignorance are standard "
            "deviations: of one raid if every figure were known, and of the mean because they are not. Ranges are "
            "judgements; what lies outside them, or is not modelled, is in no number."
        ),
        Table(("", "chance", "ignorance", "its share", "90 %, ignorance", "90 %, both"), rows),
    ]
    if study.ends:
        ends = [(name, mean(bad), mean(good)) for name, bad, good in study.ends[:_MOST_GROUPS]]
        blocks += [
            Text("What moves the number that got through the most, each group of figures at its two ends:"),
            Table(("figures", "at the end that is bad for the defence", "at the good one"), ends),
        ]
    return blocks


def _parted(parted: Parted) -> tuple[str, ...]:
    written = money if parted.name.endswith("USD") else mean
    return (
        parted.name,
        written(parted.chance),
        written(parted.ignorance),
        percent(parted.share),
        f"{written(parted.band_ignorance[0])} to {written(parted.band_ignorance[1])}",
        f"{written(parted.band_all[0])} to {written(parted.band_all[1])}",
    )


def _reproduce(manifest: Manifest) -> list[Block]:
    settings = "".join(f" \\\n  --set '{path}={value}'" for path, value in manifest.overrides.items())
    events = " --events" if manifest.events else ""
    command = (
        f"# with shieldwall {manifest.version}\n"
        f"shieldwall run {manifest.scenario} -n {manifest.replications} --seed {manifest.seed}{events}{settings}"
    )
    return [
        Code(command),
        Text(
            "The same version, scenario, catalogue and seed give the same raids to the last bit on any number of "
            "threads. A scenario of your own is named by its file; --set lines belong only to what was changed on the "
            "command line. Compare the hashes below."
        ),
    ]


def _manifest_rows(manifest: Manifest) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        (name.replace("_", " "), str(getattr(manifest, name)))
        for name in (
            "version", "scenario", "scenario_hash", "catalogue_hash", "seed", "replications", "block_size", "events",
            "start_utc", "start_local", "time_zone",
        )
    ]  # fmt: skip
    rows += [(f"changed: {path}", value) for path, value in manifest.overrides.items()]
    return rows + [("note", note) for note in manifest.notes]


def _assumed(manifest: Manifest, played: Played | None) -> list[Block]:
    known = played.figures if played else {}
    rows = []
    for path in manifest.assumed_figures:
        figure = known.get(path)
        if figure is None:
            rows.append((path, "", "", ""))
        else:
            rows.append((path, f"{figure.value:g} {figure.unit}", f"{figure.low:g} to {figure.high:g}", figure.reason))
    if not rows:
        return [Text("None.")]
    said = "" if played else " Their values are not shown: the scenario of this run is not at hand."
    return [
        Text(f"Figures of the catalogue or the scenario that this run used and that no source states.{said}"),
        Table(("figure", "value", "low to high", "why"), rows, left=4, small=True),
    ]


def _sources(manifest: Manifest, catalogue: Catalogue) -> list[Block]:
    items = []
    for key in manifest.sources:
        source = catalogue.sources.get(key)
        if source is None:
            items.append(Item(key, key if key.startswith("http") else ""))
        else:
            date = f", {source.date}" if source.date else ""
            items.append(Item(f"{source.title}. {source.publisher}{date}.", source.address or ""))
    return [Items(items, small=True)] if items else [Text("None named.")]
