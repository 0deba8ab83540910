"""What a report says of friendly and civil aircraft that were shot down, and of targets that were fired at twice."""

from __future__ import annotations

from shieldwall.report.document import Block, Section, Table, Text
from shieldwall.results.numbers import band, mean
from shieldwall.results.summary import Flights, Summary
from shieldwall.results.trace_flight import SIDE_WORDS, reasons


def mistakes(summary: Summary) -> list[Section]:
    """Return one section where friendly or civil aircraft fly or engagements were duplicated; otherwise none."""
    blocks: list[Block] = []
    if summary.traffic:
        rows = [_row(flights) for flights in summary.traffic.values()]
        head = ("type", "side", "why shot down", "fly", "shot down", "standard error", "90 % of raids", "people aboard")
        blocks += [
            Table(head, rows, left=3),
            Text(
                "Per raid: how many fly, how many of them were shot down by mistake, and the mean number of people "
                "aboard those. Taken for hostile: the network that fired had come to that verdict. Not identified: it "
                "fired before any, as its weapons control allowed. How often a verdict is wrong is assumed; the "
                "numbers compare rules and networks, they do not foretell accidents."
            ),
        ]
    if summary.duplicates.mean > 0:
        twice = summary.duplicates
        blocks.append(
            Text(
                f"Duplicate engagements: {mean(twice.mean)} salvos a raid ({band(twice)} in nine of ten raids) were "
                "fired while another network had one under way at the same threat."
            )
        )
    if not blocks:
        return []
    return [Section("Friendly and civil aircraft" if summary.traffic else "Duplicate engagements", blocks)]


def _row(flights: Flights) -> tuple[str, ...]:
    return (
        flights.name,
        SIDE_WORDS[flights.side],
        reasons(flights.mistaken),
        str(flights.flights),
        mean(flights.shot_down.mean),
        mean(flights.shot_down.se),
        band(flights.shot_down),
        mean(flights.people_lost),
    )
