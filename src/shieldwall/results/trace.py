"""Tell the ten stops of one threat in words, from its row, its events and plain facts of the scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shieldwall.results.local_time import LocalClock, duration

Row = Mapping[str, Any]

FATE_WORDS = {
    "failed": "It fell by itself",
    "suppressed": "It was suppressed by soft kill",
    "shot_down": "It was shot down",
    "leaked_hit": "It got through and hit",
    "leaked_missed": "It got through and missed its aim point",
    "aborted": "It was aborted",
}
CAUSE_WORDS = {
    "never_detected": "never detected",
    "detected_too_late": "detected too late",
    "no_shooter_in_reach": "no shooter in reach",
    "channels_saturated": "channels saturated",
    "magazine_empty": "magazine empty",
    "command_delay": "command delay",
    "shots_missed": "shots missed",
    "held_by_rules": "held by rules",
}


@dataclass(frozen=True, slots=True)
class ThreatFacts:
    """What the scenario says of the threat, its salvo and who may act on it, as plain words and SI numbers.

    `networks` and `zones` name what the values of events count; `sensors` maps a sensor's id to its kind's name. With a
    command structure, `command` says how each network works, and `outages` names what is lost, from when, until when.
    Of friendly and civil aircraft: `side`, `people` aboard, the chance to be `called_hostile`.
    """

    scenario: str
    title: str
    scenario_hash: str
    clock: LocalClock
    seed: int
    threat: str
    salvo: str
    salvo_count: int
    timing: str
    type: str
    type_name: str
    threat_class: str
    speed_m_s: float
    height_m: float
    radar_cross_section_m2: float
    unit_cost_usd: float
    failure_probability: float
    integration: str
    identification_s: float
    command_s: float
    salvo_shots: int
    max_shots: int
    networks: tuple[str, ...]
    zones: tuple[str, ...]
    sensors: Mapping[str, str]
    entities: tuple[int, int, int]
    command: Mapping[str, str] = field(default_factory=dict)
    outages: tuple[tuple[str, float, float], ...] = ()
    side: str = "hostile"
    people: int = 0
    called_hostile: float = 0.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop on the line a threat follows: its number, the folder that does the work, and what happened there."""

    number: int
    folder: str
    title: str
    sentences: tuple[str, ...]


def stops(
    row: Row, events: Sequence[Row], facts: ThreatFacts, *, impact: Row | None = None, alarm: Row | None = None
) -> tuple[Stop, ...]:
    """Return the ten stops of one threat in one replication.

    Parameters
    ----------
    row : the threat's row of the table `rows`
    events : its rows of the table `events`, in time order
    facts : what the scenario says of it
    impact : its row of the table `impacts`, None if it hit nobody's home
    alarm : the replication's row of the table `alarms`, None if nobody watches
    """
    told = (
        ("scenarios/", "Written", _written(facts)),
        ("catalogue/", "Given its figures", _figures(facts)),
        ("scenario/", "Frozen", frozen(facts)),
        ("raid/", "Launched", _launched(row, facts)),
        ("engine/", "Played", [*_played(row, events, facts), *_noticed(alarm)]),
        ("surveillance/", "Seen", seen(row, events, facts)),
        ("battle_management/", "Decided on", _decided(row, events, facts)),
        ("active_defence/", "Shot at", shot_at(row, events, facts)),
        ("passive_defence/", "Arrived", [*_arrived(row, facts), *_struck(impact)]),
        ("results/", "Recorded", _recorded(row, facts)),
    )
    return tuple(Stop(i, folder, title, tuple(said)) for i, (folder, title, said) in enumerate(told, start=1))


def _written(facts: ThreatFacts) -> list[str]:
    return [
        f"{facts.title or facts.scenario}.",
        f"Salvo '{facts.salvo}' is {facts.salvo_count} x {facts.type}, {facts.timing}; this is threat {facts.threat}.",
    ]


def _figures(facts: ThreatFacts) -> list[str]:
    return [
        f"{facts.type_name}, class {facts.threat_class.replace('_', ' ')}: {facts.speed_m_s * 3.6:.0f} km/h, "
        f"{height_words(facts.height_m)}, radar cross-section {facts.radar_cross_section_m2:g} m2, "
        f"{facts.failure_probability:.0%} fail by themselves, USD {facts.unit_cost_usd:,.0f} each."
    ]


def frozen(facts: ThreatFacts) -> list[str]:
    """Return which scenario it is part of."""
    assets, sensors, units = facts.entities
    counts = f"{counted(assets, 'asset')}, {counted(sensors, 'sensor')} and {counted(units, 'fire unit')}"
    return [f"Part of a frozen scenario (hash {facts.scenario_hash[:12]}) with {counts}."]


def _launched(row: Row, facts: ThreatFacts) -> list[str]:
    what = "It is a decoy." if row["decoy"] else "It carries a warhead."
    return [
        f"Launched at {facts.clock.second(row['start_s'])} on {facts.clock.day(row['start_s'])}.",
        f"Drew the path {row['path']}.",
        what,
    ]


def _played(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    return [
        f"Replication {row['replication']} of seed {facts.seed}: {len(events)} events in "
        f"{duration(row['end_s'] - row['start_s'])}."
    ]


def _noticed(alarm: Row | None) -> list[str]:
    if alarm is None:
        return []
    if alarm["lead_s"] is None:
        return ["Nobody noticed the raid before its first launch."]
    raised = "the state of readiness was raised in time" if alarm["raised"] else "too late to raise the readiness"
    return [f"The raid was noticed {duration(alarm['lead_s'])} before its first launch: {raised}."]


def _struck(impact: Row | None) -> list[str]:
    if impact is None:
        return []
    warned = (
        f"An alert had been on for {duration(impact['warning_s'])}" if impact["warning_s"] > 0 else "No alert was on"
    )
    return [
        f"{warned}. Killed and gravely hurt: {impact['casualties']}; without any warning it would have been "
        f"{impact['unwarned']}."
    ]


def seen(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    """Return who made a track of it and when."""
    waited = _on_links(row, events, facts)
    if row["first_track_s"] is None:
        return waited or ["No sensor made a track of it."]
    after = duration(row["first_track_s"] - row["start_s"])
    said = [
        f"First tracked at {facts.clock.second(row['first_track_s'])}, {after} after launch, by "
        f"{_sensor(row['first_sensor'], facts)}."
    ]
    said += waited
    said += [
        f"Network {_named(facts.networks, event['value'])} had its own track at {facts.clock.second(event['time_s'])}, "
        f"from {_sensor(event['sensor'], facts)}."
        for event in of_kind(events, "tracked")
        if event["time_s"] > row["first_track_s"]
    ]
    return said


def _on_links(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    """Return when reports came to links of limited capacity, and what became of each."""
    said = []
    for event in of_kind(events, "reported"):
        name, sent_s = _named(facts.networks, event["value"]), event["time_s"]
        heard = [e for e in of_kind(events, "tracked") if e["value"] == event["value"] and e["time_s"] >= sent_s][:1]
        became = "came too late"
        if heard and heard[0]["sensor"] == event["sensor"]:
            became = f"took {duration(heard[0]['time_s'] - sent_s)} on links of limited capacity"
        elif heard:
            became = "was overtaken by another sensor's"
        said.append(
            f"{_sensor(event['sensor'], facts)} sent its track to network {name} at {facts.clock.second(sent_s)}; "
            f"the report {became}."
        )
    return said


def _decided(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    said = [*orders(row, events, facts), *identified(events, facts)]
    if row["engageable_s"] is None:
        return [*said, "Nobody was ever free to engage it."]
    if row["first_track_s"] is not None:
        wait = duration(row["engageable_s"] - row["first_track_s"])
        said.append(f"Free to engage from {facts.clock.second(row['engageable_s'])}, {wait} after the first track.")
    said += [
        f"At {facts.clock.second(event['time_s'])} {_unit(event['weapon'])} was told to engage."
        for event in of_kind(events, "fired")
    ]
    return said if of_kind(events, "fired") else [*said, "No fire unit was told to engage it."]


def identified(events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    """Return what each network found it to be, where they may err."""
    return [
        f"{facts.clock.second(event['time_s'])} {_who(event, events, facts)} took it for "
        f"{'a hostile' if event['value'] else 'no enemy'}."
        for event in of_kind(events, "identified")
    ]


def _who(verdict: Row, events: Sequence[Row], facts: ThreatFacts) -> str:
    """Return which network came to a verdict: the one whose track came from that sensor."""
    networks = {
        event["value"]
        for event in of_kind(events, "tracked")
        if event["sensor"] == verdict["sensor"] and event["time_s"] <= verdict["time_s"]
    }
    return f"network {_named(facts.networks, networks.pop())}" if len(networks) == 1 else "a network"


def orders(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    """Return how orders come about, and which losses of nodes and links fell into the flight."""
    if not facts.command:
        return [
            f"Integration {facts.integration}: identification takes {duration(facts.identification_s)} and the order "
            f"{duration(facts.command_s)} on the mean."
        ]
    said = [
        f"{what} was lost from {facts.clock.second(from_s)}"
        + (f" to {facts.clock.second(until_s)}." if math.isfinite(until_s) else " on.")
        for what, from_s, until_s in facts.outages
        if from_s < row["end_s"] and until_s > row["start_s"]
    ]
    for event in of_kind(events, "engageable"):
        name = _named(facts.networks, event["value"])
        how = facts.command.get(name.strip("'"), "")
        said.append(f"Network {name} could order from {facts.clock.second(event['time_s'])} ({how}).")
    return said


def shot_at(row: Row, events: Sequence[Row], facts: ThreatFacts) -> list[str]:
    """Return who fired at it and what came of it."""
    said = [text for event in events if (text := _shot_sentence(event, facts))]
    if not of_kind(events, "fired"):
        return ["Nobody fired at it.", *said]
    rule = f"Doctrine: salvos of {facts.salvo_shots}, at most {facts.max_shots} shots."
    return [rule, *said, f"In all {counted(row['rounds'], 'round')} went to it."]


def _shot_sentence(event: Row, facts: ThreatFacts) -> str:  # noqa: PLR0911  one sentence for each kind
    when, kind = facts.clock.second(event["time_s"]), event["kind"]
    if kind == "fired":
        guided = f", guided by {event['sensor']}" if event["sensor"] else ""
        return f"{when} {_unit(event['weapon'])} fired {counted(event['value'], 'shot')} of {_round(event)}{guided}."
    if kind == "committed":
        return f"{when} {_unit(event['weapon'])} sent aircraft {int(event['value'])} against it."
    if kind == "intercept_missed":
        return f"{when} {_round(event)} of {_unit(event['weapon'])} missed."
    if kind == "shot_down":
        return f"{when} {_round(event)} of {_unit(event['weapon'])} shot it down."
    if kind == "wasted":
        return f"{when} {_round(event)} of {_unit(event['weapon'])} found its target already gone."
    if kind == "suppressed":
        return f"{when} soft kill in zone {_named(facts.zones, event['value'])} suppressed it."
    return ""


def _arrived(row: Row, facts: ThreatFacts) -> list[str]:
    when = facts.clock.second(row["end_s"])
    if row["fate"] == "leaked_hit":
        return [f"{when} it hit {row['target']} and took {row['damage']:.3g} of its value."]
    if row["fate"] == "leaked_missed":
        return [f"{when} it came down near {row['target']} without effect."]
    return [f"It never reached {row['target']}."]


def _recorded(row: Row, facts: ThreatFacts) -> list[str]:
    fate = f"{FATE_WORDS[row['fate']]} at {facts.clock.second(row['end_s'])}: fate {row['fate']}."
    return [fate, f"Why it leaked: {CAUSE_WORDS[row['cause']]}."] if row["cause"] else [fate]


def of_kind(events: Sequence[Row], kind: str) -> list[Row]:
    """Return the events of one kind."""
    return [event for event in events if event["kind"] == kind]


def _sensor(name: str | None, facts: ThreatFacts) -> str:
    if name is None:
        return "an unknown sensor"
    kind = facts.sensors.get(name, "")
    return f"{name} ({kind})" if kind else name


def _named(names: Sequence[str], value: float) -> str:
    place = int(value)
    return f"'{names[place]}'" if 0 <= place < len(names) else str(place)


def _unit(weapon: str | None) -> str:
    return weapon.rpartition("/")[0] if weapon else "an unknown unit"


def _round(event: Row) -> str:
    return str(event["weapon"]).rpartition("/")[2]


def counted(value: float, noun: str) -> str:
    """Return a number of things: "1 shot", "2 shots"."""
    return f"{int(value)} {noun}" + ("" if int(value) == 1 else "s")


def height_words(height_m: float) -> str:
    """Return how high something flies, in words."""
    return f"{height_m:.0f} m high" if height_m < 1000 else f"{height_m / 1000:.1f} km high"
