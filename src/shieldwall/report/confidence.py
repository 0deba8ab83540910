"""How sure a run is: chance, which more raids sharpen, and ignorance, which they do not."""

from __future__ import annotations

from shieldwall.report.document import Block, Table, Text
from shieldwall.report.ignorance import Parted, Study
from shieldwall.results.manifest import Manifest
from shieldwall.results.numbers import mean, money, percent
from shieldwall.results.statistics import Spread
from shieldwall.results.summary import Summary

_MOST_GROUPS = 8


def chance(summary: Summary) -> list[Block]:
    """Return how much luck alone moves what got through."""
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


def ignorance(manifest: Manifest, study: Study | None) -> list[Block]:
    """Return how much not knowing the figures moves it, as far as that was studied."""
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
