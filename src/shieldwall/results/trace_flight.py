"""Tell the ten stops of a friendly or civil aircraft: who took it for what, who fired at it, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shieldwall.results.local_time import duration
from shieldwall.results.numbers import mean
from shieldwall.results.trace import (
    Row,
    Stop,
    ThreatFacts,
    counted,
    frozen,
    height_words,
    identified,
    of_kind,
    orders,
    seen,
    shot_at,
)

SIDE_WORDS = {"friend": "friendly", "civil": "civil"}
MISTAKEN_WORDS = {"taken_for_hostile": "taken for hostile", "not_identified": "not identified"}


def reasons(mistaken: Mapping[str, float]) -> str:
    """Return why aircraft were shot down, each reason with its mean number; a dash for none."""
    return ", ".join(f"{MISTAKEN_WORDS[name]} {mean(count)}" for name, count in mistaken.items() if count > 0) or "-"


def flight_stops(row: Row, events: Sequence[Row], facts: ThreatFacts) -> tuple[Stop, ...]:
    """Return the ten stops of one aircraft in one replication.

    Parameters
    ----------
    row : the aircraft's row of the table `traffic`
    events : its rows of the table `events`, in time order
    facts : what the scenario says of it
    """
    told = (
        ("scenarios/", "Written", _written(facts)),
        ("catalogue/", "Given its figures", _figures(facts)),
        ("scenario/", "Frozen", frozen(facts)),
        ("raid/", "Took off", _started(row, facts)),
        ("engine/", "Played", _played(row, events, facts)),
        ("surveillance/", "Seen", seen(row, events, facts)),
        ("battle_management/", "Identified", _decided(row, events, facts)),
        ("active_defence/", "Shot at", shot_at(row, events, facts)),
        ("passive_defence/", "Arrived", _arrived(row, facts)),
        ("results/", "Recorded", _recorded(row, facts)),
    )
    return tuple(Stop(i, folder, title, tuple(said)) for i, (folder, title, said) in enumerate(told, start=1))


def _written(facts: ThreatFacts) -> list[str]:
    return [
        f"{facts.title or facts.scenario}.",
        f"Traffic '{facts.salvo}' is {facts.salvo_count} x {facts.type}, {facts.timing}; this is {facts.threat}, "
        f"a {SIDE_WORDS[facts.side]} aircraft.",
    ]


def _figures(facts: ThreatFacts) -> list[str]:
    return [
        f"{facts.type_name}, engaged as {facts.threat_class.replace('_', ' ')} if taken for hostile: "
        f"{facts.speed_m_s * 3.6:.0f} km/h, {height_words(facts.height_m)}, radar cross-section "
        f"{facts.radar_cross_section_m2:g} m2, {facts.people} aboard.",
        f"A verdict on it is wrongly 'hostile' in {facts.called_hostile:.3g} of the cases.",
    ]


def _started(row: Row, facts: ThreatFacts) -> list[str]:
    return [
        f"Entered at {facts.clock.second(row['start_s'])} on {facts.clock.day(row['start_s'])}.",
        f"Flies {row['path'].rpartition(', ')[2]}.",
    ]


def _played(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    flown = duration(row["end_s"] - row["start_s"])
    return [f"Replication {row['replication']} of seed {facts.seed}: {counted(len(events), 'event')} in {flown}."]


def _decided(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    verdicts = identified(events, facts)
    if not verdicts and row["first_track_s"] is not None:
        verdicts = ["No network came to a verdict."]
    told = [
        f"At {facts.clock.second(event['time_s'])} {event['weapon'].rpartition('/')[0]} was told to engage."
        for event in of_kind(events, "fired")
    ]
    return [*orders(row, events, facts), *verdicts, *(told or ["No fire unit was told to engage it."])]


def _arrived(row: Row, facts: ThreatFacts) -> list[str]:
    when = facts.clock.second(row["end_s"])
    if not row["shot_down"]:
        return [f"{when} it was at the end of its path."]
    return [f"{when} it came down, {facts.people} aboard."]


def _recorded(row: Row, facts: ThreatFacts) -> list[str]:
    when = facts.clock.second(row["end_s"])
    if not row["shot_down"]:
        return [f"It passed at {when}."]
    return [
        f"It was shot down by mistake at {when} by {row['weapon'].rpartition('/')[0]}.",
        f"Why: {MISTAKEN_WORDS[row['mistaken']]} by the network that fired.",
    ]
