"""A trace tells what its row and events hold, in local time, and invents nothing."""

from __future__ import annotations

import pytest

from shieldwall.results.local_time import LocalClock, duration
from shieldwall.results.trace import ThreatFacts, stops

FACTS = ThreatFacts(
    scenario="small",
    title="A small raid",
    scenario_hash="5" * 64,
    clock=LocalClock("2025-06-08T17:00:00+00:00", "Europe/Kyiv"),
    seed=1,
    threat="drones/1",
    salvo="drones",
    salvo_count=20,
    timing="launched at 21:30",
    type="shahed-136",
    type_name="Shahed-136",
    threat_class="drone",
    speed_m_s=50.0,
    height_m=300.0,
    radar_cross_section_m2=0.05,
    unit_cost_usd=50_000,
    failure_probability=0.05,
    integration="sector",
    identification_s=20.0,
    command_s=30.0,
    salvo_shots=1,
    max_shots=3,
    networks=("coast", "inland"),
    zones=("ew-city",),
    sensors={"gap-filler": "Low-level gap-filler radar"},
    entities=(1, 2, 1),
)
ROW = {
    "replication": 4, "threat": "drones/1", "type": "shahed-136", "decoy": False, "start_s": 5400.0,
    "path": "north to city, route 1", "first_track_s": 9000.0, "first_sensor": "gap-filler", "engageable_s": 9055.0,
    "rounds": 2, "weapon": "patriot/pac-2", "fate": "leaked_hit", "cause": "shots_missed", "end_s": 9600.0,
    "target": "city", "damage": 1.25,
}  # fmt: skip


def event(
    time_s: float, kind: str, *, weapon: str | None = None, sensor: str | None = None, value: float = 0.0
) -> dict:
    return {"time_s": time_s, "kind": kind, "weapon": weapon, "sensor": sensor, "value": value}


EVENTS = [
    event(5400, "launched"),
    event(9000, "tracked", sensor="gap-filler", value=0),
    event(9010, "tracked", sensor="gap-filler", value=1),
    event(9100, "fired", weapon="patriot/pac-2", sensor="patriot/radar", value=1),
    event(9140, "intercept_missed", weapon="patriot/pac-2"),
    event(9200, "fired", weapon="patriot/pac-2", sensor="patriot/radar", value=1),
    event(9240, "intercept_missed", weapon="patriot/pac-2"),
    event(9600, "hit", value=1.25),
]


def test_there_are_ten_stops_in_the_order_of_the_folders():
    told = stops(ROW, EVENTS, FACTS)
    assert [stop.number for stop in told] == list(range(1, 11))
    assert [stop.folder.rstrip("/") for stop in told] == [
        "scenarios", "catalogue", "scenario", "raid", "engine", "surveillance", "battle_management", "active_defence",
        "passive_defence", "results",
    ]  # fmt: skip
    assert all(stop.sentences for stop in told)


def test_a_leaker_is_told_with_local_times_and_cause():
    told = {stop.folder: " ".join(stop.sentences) for stop in stops(ROW, EVENTS, FACTS)}
    # 17:00 UTC is 20:00 in Kyiv in summer; 5,400 s later it is 21:30
    assert "Launched at 21:30:00 on 8 June 2025." in told["raid/"]
    assert "First tracked at 22:30:00, 1 h 00 min after launch, by gap-filler (Low-level" in told["surveillance/"]
    assert "Network 'inland' had its own track at 22:30:10" in told["surveillance/"]
    assert "22:31:40 patriot fired 1 shot of pac-2, guided by patriot/radar." in told["active_defence/"]
    assert told["active_defence/"].count("missed") == 2
    assert "22:40:00 it hit city and took 1.25 of its value." in told["passive_defence/"]
    assert "fate leaked_hit. Why it leaked: shots missed." in told["results/"]


def test_a_threat_nobody_saw():
    row = {**ROW, "first_track_s": None, "first_sensor": None, "engageable_s": None, "rounds": 0, "weapon": None,
           "cause": "never_detected"}  # fmt: skip
    told = {stop.folder: " ".join(stop.sentences) for stop in stops(row, EVENTS[:1], FACTS)}
    assert told["surveillance/"] == "No sensor made a track of it."
    assert "Nobody was ever free to engage it." in told["battle_management/"]
    assert told["active_defence/"] == "Nobody fired at it."
    assert "Why it leaked: never detected." in told["results/"]


def test_a_suppressed_threat_names_its_zone():
    row = {**ROW, "fate": "suppressed", "cause": None, "damage": 0.0}
    told = {stop.folder: " ".join(stop.sentences) for stop in stops(row, [event(7000, "suppressed")], FACTS)}
    assert "soft kill in zone 'ew-city' suppressed it." in told["active_defence/"]
    assert told["passive_defence/"] == "It never reached city."
    assert "leaked" not in told["results/"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4.25, "4.2 s"),
        (59.96, "60.0 s"),
        (185, "3 min 05 s"),
        (3600, "1 h 00 min"),
        (7621, "2 h 07 min"),
        (float("nan"), "never"),
    ],
)
def test_durations_in_words(seconds, text):
    assert duration(seconds) == text


def test_the_clock_knows_summer_time():
    # clocks in Kyiv went from 03:00 to 04:00 on 30 March 2025, at 01:00 UTC
    clock = LocalClock("2025-03-30T00:30:00+00:00", "Europe/Kyiv")
    assert clock.minute(0) == "02:30"
    assert clock.minute(3600) == "04:30"
    assert clock.minute(float("nan")) == "never"


def test_a_report_on_narrow_links_is_told() -> None:
    """What was sent when, how long it took, that one came too late and one after another."""
    sent = [event(8940, "reported", sensor="gap-filler", value=0), event(8950, "reported", sensor="eye", value=1)]
    sent.append(event(8960, "reported", sensor="far", value=0))
    seen = stops(ROW, [*sent, *(e for e in EVENTS if e["time_s"] != 9010)], FACTS)[5].sentences
    assert seen[1:] == (
        "gap-filler (Low-level gap-filler radar) sent its track to network 'coast' at 22:29:00; "
        "the report took 1 min 00 s on links of limited capacity.",
        "eye sent its track to network 'inland' at 22:29:10; the report came too late.",
        "far sent its track to network 'coast' at 22:29:20; the report was overtaken by another sensor's.",
    )
    unheard = ROW | {"first_track_s": None, "first_sensor": None}
    assert stops(unheard, sent[:1], FACTS)[5].sentences == (
        seen[1].replace("took 1 min 00 s on links of limited capacity", "came too late"),
    )
