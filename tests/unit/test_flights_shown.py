"""Friendly and civil aircraft where a user looks: exports, page, report, trace, comparison."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.replay.replay import Replay, replay_of_run
from shieldwall.replay.writers import WRITERS
from shieldwall.results.local_time import LocalClock
from shieldwall.results.results import Results
from shieldwall.scenario.types import Scenario
from shieldwall.study.compare import compare
from shieldwall.study.trace import trace
from shieldwall.web.across import across
from shieldwall.web.desk import Ready, compared, made_ready
from shieldwall.web.exercise import Exercises
from shieldwall.web.laydown import laydown
from shieldwall.web.raid import raid

TRAFFIC = """
traffic:
  - {id: airline, type: airliner, count: 6, from: [54.5, 15.0], to: [51.0, 26.0], launch: "00:30", spread: 3 h}
  - {id: homecoming, type: returning-fighter, count: 4, from: [53.0, 26.0], to: [52.9, 19.0], launch: "02:30",
     spread: 30 min}
identification: {verdict: 0.6, called_hostile: {airliner: 0.4, returning-fighter: 0.4}}
"""
RAID = 1


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """Return a shipped scenario with airliners and fighters among its raid."""
    folder = tmp_path_factory.mktemp("flights") / "neighbours"
    shutil.copytree(Path(__file__).resolve().parents[2] / "scenarios" / "integration", folder)
    file = folder / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8") + TRAFFIC, encoding="utf-8")
    return shieldwall.load(str(file))


@pytest.fixture(scope="module")
def results(scenario: Scenario) -> Results:
    return shieldwall.simulate(scenario, 12, 1, threads=1, events=True)


@pytest.fixture(scope="module")
def rows(results: Results) -> list[dict]:
    """Return the rows of the aircraft of one raid: two shot down at least, or there is nothing to show."""
    found = [row for row in results.to_arrow("traffic").to_pylist() if row["replication"] == RAID]
    assert 2 <= sum(row["shot_down"] for row in found) < len(found) == 10
    return found


@pytest.fixture(scope="module")
def replay(results: Results, scenario: Scenario) -> Replay:
    return replay_of_run(results, scenario, RAID)


def test_flights_are_tracks_behind_the_threats(replay, rows):
    flights = replay.tracks[-10:]
    assert {track.side for track in replay.tracks[:-10]} == {"hostile"}
    for track, row in zip(flights, rows, strict=True):
        assert (track.threat, track.type, track.side) == (row["flight"], row["type"], row["side"])
        assert track.fate == ("shot_down" if row["shot_down"] else "passed")
        assert track.cause == (row["mistaken"] or "")
        assert (track.start_s, track.end_s) == pytest.approx((row["start_s"], row["end_s"]))


def test_flights_go_from_where_to_where_the_scenario_says(replay):
    ends = {"airline": ((54.5, 15.0), (51.0, 26.0)), "homecoming": ((53.0, 26.0), (52.9, 19.0))}
    for track in replay.tracks[-10:]:
        first, last = ends[track.threat.partition("/")[0]]
        assert (track.latitude_deg[0], track.longitude_deg[0]) == pytest.approx(first, abs=0.02)
        if track.fate == "passed":
            assert (track.latitude_deg[-1], track.longitude_deg[-1]) == pytest.approx(last, abs=0.02)


def test_shots_at_flights_are_shown(replay, rows):
    """Each salvo here is of one missile, so that shots at an aircraft are the rounds of its row."""
    at = Counter()
    for shot in replay.shots:
        at[shot.threat] += shot.shots
    assert {row["flight"]: at[row["flight"]] for row in rows} == {row["flight"]: row["rounds"] for row in rows}
    for row in rows:
        killers = [s for s in replay.shots if s.threat == row["flight"] and s.outcome == "shot_down"]
        assert len(killers) == row["shot_down"]
        if killers:
            assert f"{killers[0].fire_unit}/{killers[0].effector}" == row["weapon"]


def written(form: str, replay: Replay) -> bytes:
    return WRITERS[form][1](replay)


def test_acmi_colours_flights_by_side(replay):
    said = written("acmi", replay).decode()
    first = re.findall(r"Pilot=((?:airline|homecoming)/\d+),Color=(\w+),Coalition=(\w+)", said)
    assert {(name.partition("/")[0], colour, side) for name, colour, side in first} == {
        ("airline", "Green", "Neutral"),
        ("homecoming", "Blue", "Defence"),
    }
    assert len(first) == 10
    assert re.search(r"Event=Destroyed\|\w+\|airline/\d shot down\\, taken for hostile", said)
    assert re.search(r"Event=Message\|\w+\|airline/\d passed", said)


def test_dis_gives_flights_their_force(replay, tmp_path):
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed (apt-get install tshark)")
    path = tmp_path / "raid.pcap"
    path.write_bytes(written("dis", replay))
    fields = ["-e", "dis.force_id", "-e", "dis.entity_marking"]
    said = subprocess.run(
        [tshark, "-r", str(path), "-d", "udp.port==3000,dis", "-Y", "dis.pdu_type == 1", "-T", "fields", *fields],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    force_of = {tuple(line.split("\t")) for line in said.stdout.splitlines()}
    assert {("3", "airliner"), ("1", "returning-f")} <= force_of  # a marking has 11 letters
    assert {force for force, marking in force_of if marking in ("shahed-136", "kh-101")} == {"2"}


def test_geojson_kml_and_czml_name_the_side(replay):
    features = json.loads(written("geojson", replay))["features"]
    tracks = [one["properties"] for one in features if one["properties"]["kind"] == "track"]
    assert Counter(track["side"] for track in tracks) == {"hostile": 90, "civil": 6, "friend": 4}
    packets = {packet["id"]: packet for packet in json.loads(written("czml", replay))}
    assert packets["flight/airline/1"]["properties"] == {"side": "civil"}
    colours = {str(packets[name]["point"]["color"]) for name in ("flight/airline/1", "flight/homecoming/1")}
    assert len(colours) == 2
    root = ET.fromstring(written("kml", replay))
    kml = "{http://www.opengis.net/kml/2.2}"
    folders = {folder.find(f"{kml}name").text: folder for folder in root.iter(f"{kml}Folder")}
    placemarks = folders["Friendly and civil aircraft"].findall(f"{kml}Placemark")
    assert Counter(one.find(f".//{kml}value").text for one in placemarks) == {"civil": 6, "friend": 4}
    assert len(folders["Threats"].findall(f"{kml}Placemark")) == 90
    styles = {style.get("id") for style in root.iter(f"{kml}Style")}
    assert {one.find(f"{kml}styleUrl").text.removeprefix("#") for one in placemarks} <= styles


def test_readers_that_are_not_ours_take_the_exports(replay, tmp_path):
    czml3 = pytest.importorskip("czml3", reason="czml3 is not installed")
    pytest.importorskip("lxml", reason="lxml is not installed")
    validator = pytest.importorskip("fastkml.validator", reason="fastkml is not installed")
    path = tmp_path / "raid.kml"
    path.write_bytes(written("kml", replay))
    assert validator.validate(file_to_validate=path)
    packets = [czml3.Packet.model_validate(packet) for packet in json.loads(written("czml", replay))]
    assert sum(packet.id.startswith("flight/") for packet in packets) == 10


def test_raid_without_flights_is_written_as_before():
    """No word of sides where nobody but the raid flies."""
    alone = shieldwall.load("one-battery")
    replay = replay_of_run(shieldwall.simulate(alone, 2, 5, threads=1, events=True), alone, 0)
    for form in ("geojson", "kml", "czml", "acmi"):
        assert not re.search("side|civil|Neutral", written(form, replay).decode()), form


def test_trace_tells_the_stops_of_a_flight(scenario, rows):
    lost = next(row for row in rows if row["shot_down"])
    passed = next(row for row in rows if not row["shot_down"])
    told = {row["flight"]: trace(scenario, row["flight"], RAID, 1) for row in (lost, passed)}
    for found in told.values():
        assert [stop.number for stop in found] == list(range(1, 11))
    said = {name: " ".join(s for stop in found for s in stop.sentences) for name, found in told.items()}
    unit = lost["weapon"].rpartition("/")[0]
    assert (
        f"It was shot down by mistake at {scenario_clock(scenario, lost['end_s'])} by {unit}." in said[lost["flight"]]
    )
    assert "took it for a hostile" in said[lost["flight"]]
    assert "Why: taken for hostile by the network that fired." in said[lost["flight"]]
    assert "It passed at" in said[passed["flight"]]
    assert "wrongly 'hostile' in 0.4 of the cases" in said[passed["flight"]]


def scenario_clock(scenario: Scenario, time_s: float) -> str:
    return LocalClock(scenario.start_utc, scenario.time_zone).second(time_s)


def test_trace_names_who_came_to_which_verdict(scenario, results):
    """A verdict follows a track of the same sensor, and where one network has it, that network is named."""
    events = [
        e for e in results.to_arrow("events").to_pylist() if e["replication"] == RAID and e["threat"] == "airline/1"
    ]
    tracks = {event["sensor"] for event in events if event["kind"] == "tracked"}
    verdicts = [event for event in events if event["kind"] == "identified"]
    told = [s for s in trace(scenario, "airline/1", RAID, 1)[6].sentences if "took it for" in s]
    assert len(told) == len(verdicts) > 0
    assert {event["sensor"] for event in verdicts} <= tracks
    assert "network 'alliance' took it for" in told[0]


@pytest.mark.parametrize(
    ("name", "cure"), [("airlin/1", "did you mean 'airline'"), ("airline/7", "has numbers 1 to 6")]
)
def test_trace_of_no_flight_is_refused_with_a_cure(scenario, name, cure):
    with pytest.raises(InputError, match=cure):
        trace(scenario, name)


@pytest.fixture(scope="module")
def ready(scenario: Scenario) -> Ready:
    return made_ready(scenario)


@pytest.fixture(scope="module")
def page(ready: Ready) -> dict:
    """Return what the page reads of the raid."""
    return raid(ready.play(1, RAID), ready.scenario, ready.paths)


def test_page_lists_flights_apart_from_the_raid(scenario, page, rows):
    listed = laydown(scenario)
    assert [(one["id"], one["side"], one["count"]) for one in listed["flights"]] == [
        ("airline", "civil", 6),
        ("homecoming", "friend", 4),
    ]
    assert "airliner" not in {kind["id"] for kind in listed["types"]}
    flights = page["flights"]
    names = [
        f"{listed['flights'][entry]['id']}/{number}"
        for entry, number in zip(flights["entry"], flights["number"], strict=True)
    ]
    assert names == [row["flight"] for row in rows]
    assert flights["down"] == [int(row["shot_down"]) for row in rows]
    assert [listed["mistakes"][why] for why in flights["why"]] == [row["mistaken"] or "none" for row in rows]
    assert flights["rounds"] == [row["rounds"] for row in rows]
    assert len(page["threats"]["start"]) == 90


def test_page_counts_shots_at_flights_behind_the_threats(page, replay):
    assert len(page["shots"]["threat"]) == len(replay.shots)
    names = [track.threat for track in replay.tracks]
    assert Counter(names[t] for t in page["shots"]["threat"]) == Counter(shot.threat for shot in replay.shots)


def test_page_draws_flights_where_they_fly(page, replay):
    """The path sent for a flight begins where its track does."""
    first = [0, *np.cumsum(page["paths"]["n"])[:-1].tolist()]
    for f, track in enumerate(replay.tracks[-10:]):
        at = first[page["flights"]["path"][f]]
        assert page["paths"]["lat"][at] / 1e5 == pytest.approx(track.latitude_deg[0], abs=1e-4)
        assert page["paths"]["lon"][at] / 1e5 == pytest.approx(track.longitude_deg[0], abs=1e-4)


def test_page_without_flights_says_nothing_of_them():
    alone = made_ready(shieldwall.load("one-battery"))
    assert "flights" not in laydown(alone.scenario)
    assert "flights" not in raid(alone.play(1, 0), alone.scenario, alone.paths)


@pytest.mark.parametrize("pieces", [1, 12])
def test_exercise_left_alone_shows_the_flights_of_the_run(ready, page, pieces):
    session = Exercises().begin(ready, 1, RAID)
    for until_s in np.linspace(session.now_s, session.end_s, pieces + 1)[1:]:
        session.advance(float(until_s), [])
        told = session.to_json(whole=True)
        json.dumps(told, allow_nan=False)
        assert len(told["replay"]["threats"]["start"]) == 90
        assert len(told["replay"]["flights"]["start"]) == 10
    assert session.over is not None
    for name in ("start", "end", "down", "why", "rounds"):
        assert told["replay"]["flights"][name] == page["flights"][name]


def test_exercise_tells_of_flights_only_what_has_happened(ready, page):
    session = Exercises().begin(ready, 1, RAID)
    middle_ms = sorted(end for end, down in zip(page["flights"]["end"], page["flights"]["down"], strict=True) if down)[
        0
    ]
    session.advance(middle_ms / 1000 + 1.0, [])
    flights = session.to_json(whole=False)["replay"]["flights"]
    for f, (start_ms, end_ms) in enumerate(zip(page["flights"]["start"], page["flights"]["end"], strict=True)):
        assert (flights["start"][f] is None) == (start_ms > middle_ms + 1000)
        assert (flights["end"][f] is None) == (end_ms > middle_ms + 1000)
        assert flights["down"][f] == (page["flights"]["down"][f] and end_ms <= middle_ms + 1000)
    assert sum(flights["down"]) == 1
    assert [why for why in flights["why"] if why] == [1]


def test_page_sums_flights_up_over_raids(results, ready):
    told = across(results, ready.scenario)
    down = [row for row in results.to_arrow("traffic").to_pylist() if row["shot_down"]]
    assert sum(row["shot_down"] for row in told["traffic"].values()) == pytest.approx(len(down) / 12, abs=1e-5)
    assert told["duplicate_engagements"]["mean"] == pytest.approx(results.summary().duplicates.mean, rel=1e-5)


def test_compare_pairs_aircraft_shot_down_and_duplicates(results):
    """The difference of means, its error from the differences raid by raid, worked out from the rows."""
    worse = shieldwall.load("integration", overrides=["integration=autonomous"])
    alone = shieldwall.simulate(worse, 12, 1, threads=1)
    found = compare([("with", results), ("without", alone)]).to_json()
    rows = results.to_arrow("traffic").to_pylist()
    by_raid = np.zeros(12)
    for row in rows:
        by_raid[row["replication"]] += row["shot_down"]
    gap = found["differences"]["without"]["shot_down_by_mistake"]
    assert gap["mean"] == pytest.approx(-by_raid.mean())
    assert gap["se"] == pytest.approx(by_raid.std(ddof=1) / np.sqrt(12))
    types = ("airliner", "returning-fighter")
    assert sum(found["runs"]["with"][f"shot_down_by_mistake/{name}"]["mean"] for name in types) == pytest.approx(
        by_raid.mean()
    )
    assert "shot_down_by_mistake" not in found["runs"]["without"]
    twice = [run.to_arrow().to_pandas().groupby("replication").duplicates.sum() for run in (results, alone)]
    assert found["differences"]["without"]["duplicate_engagements"]["mean"] == pytest.approx(
        (twice[1] - twice[0]).mean()
    )
    page = compared(("with", results), ("without", alone))["quantities"]["shot_down_by_mistake"]
    assert page["other"] is None


def test_compare_says_nothing_where_there_is_nothing():
    runs = [
        (str(seed), shieldwall.simulate(shieldwall.load("one-battery", overrides=[f"raids.drones.count={seed}"]), 5, 1))
        for seed in (5, 6)
    ]
    found = compare(runs).to_json()
    assert not {name for name in found["differences"]["6"] if "mistake" in name or "duplicate" in name}
    assert not {name for name in found["runs"]["5"] if "mistake" in name or "duplicate" in name}


def test_report_has_a_table_of_flights_only_where_they_fly(results):
    pytest.importorskip("matplotlib", reason="the extra 'report' is not installed")
    from shieldwall.report.document import Table, Text
    from shieldwall.report.mistakes import mistakes

    summary = results.summary()
    (section,) = mistakes(summary)
    assert section.title == "Friendly and civil aircraft"
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [row[:2] for row in table.rows] == [("Airliner", "civil"), ("Fighter on its way home", "friendly")]
    assert all("taken for hostile" in row[2] for row in table.rows)
    assert [row[3] for row in table.rows] == ["6", "4"]
    assert all(len(row) == len(table.head) for row in table.rows)
    assert "Duplicate engagements" in next(
        b.words for b in section.blocks[1:] if isinstance(b, Text) and "Dup" in b.words
    )
    alone = shieldwall.simulate(shieldwall.load("one-battery"), 5, 1, threads=1).summary()
    assert mistakes(alone) == []
    (twice,) = mistakes(replace(alone, duplicates=summary.duplicates))
    assert twice.title == "Duplicate engagements"
