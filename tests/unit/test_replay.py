"""One replication rebuilt, and its exports read back by readers that are not ours."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

import shieldwall
from shieldwall.core.errors import InputError, StoreError
from shieldwall.core.position import Position
from shieldwall.replay.dis import euler_rad
from shieldwall.replay.pcap import capture
from shieldwall.replay.replay import Replay, Shot, Track, replay_of_run
from shieldwall.replay.salvos import salvos_fired
from shieldwall.replay.writers import WRITERS
from shieldwall.results.event import EventKind
from shieldwall.results.local_time import LocalClock
from shieldwall.study.scenario_of_run import scenario_of_run

REPLICATION = 4
EARTH_M = 6_371_009.0


@pytest.fixture(scope="module")
def results():
    return shieldwall.simulate(shieldwall.load("one-battery"), 20, 5, threads=1, events=True)


@pytest.fixture(scope="module")
def replay(results) -> Replay:
    return replay_of_run(results, scenario_of_run(results.manifest).scenario, REPLICATION)


@pytest.fixture(scope="module")
def over_the_line() -> Replay:
    """Return a replay made by hand: one drone flies west over the antimeridian, one salvo meets it there."""
    track = Track(
        threat="a, b|c/1", type="drone-x", type_name="Drone, <X> & co", threat_class="drone", decoy=False,
        fate="shot_down", cause="", target="t", time_s=np.array([0.0, 100.0, 150.0]),
        latitude_deg=np.array([10.0, 11.0, 11.5]), longitude_deg=np.array([-179.0, -181.0, -182.0]),
        height_m=np.array([100.0, 200.0, 300.0]),
    )  # fmt: skip
    shot = Shot(1, "unit", "round", track.threat, 2, 120.0, 150.0, Position(11.5, 179.0), track.at(150.0), "shot_down")
    clock = LocalClock("2025-01-01T20:00:00Z", "UTC")
    return Replay("hand", "By hand", "0" * 64, "0", 1, 0, clock, (track,), (shot,), ())


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of (latitude, longitude) by the haversine formula."""
    (p, k), (q, m) = (tuple(map(math.radians, place)) for place in (a, b))
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin((m - k) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(h))


def test_tracks_fly_as_the_scenario_says(replay):
    assert len(replay.tracks) == 10
    for track in replay.tracks:
        flown_m = metres(
            (track.latitude_deg[0], track.longitude_deg[0]), (track.latitude_deg[-1], track.longitude_deg[-1])
        )
        assert flown_m == pytest.approx(50.0 * (track.end_s - track.start_s), rel=5e-3)  # 180 km/h
        from_town = metres((50.0, 30.0), (track.latitude_deg[0], track.longitude_deg[0]))
        assert from_town == pytest.approx(150e3, rel=5e-3)
        assert np.all(np.diff(track.time_s) > 0)


def test_replay_is_that_of_the_run(replay, results):
    rows = [row for row in results.to_arrow().to_pylist() if row["replication"] == REPLICATION]
    assert [(row["threat"], row["fate"], row["end_s"]) for row in rows] == [
        (track.threat, track.fate, pytest.approx(track.end_s)) for track in replay.tracks
    ]
    assert Counter(shot.threat for shot in replay.shots) == Counter(
        {row["threat"]: row["rounds"] for row in rows if row["rounds"]}
    )


def test_shots_meet_their_threats_within_reach(replay):
    assert replay.shots
    for shot in replay.shots:
        track = next(track for track in replay.tracks if track.threat == shot.threat)
        assert track.start_s < shot.ordered_s < shot.met_s <= track.end_s + 1e-6
        away_m = metres((50.0, 30.0), (shot.meeting.latitude_deg, shot.meeting.longitude_deg))
        assert away_m < 20_100.0  # the missile's range is 20 km
        assert shot.met_s - shot.ordered_s == pytest.approx(2.0 + away_m / 800.0, abs=0.1)
        assert (shot.outcome == "shot_down") == (track.fate == "shot_down" and shot.met_s == track.end_s)


def test_salvos_of_one_weapon_meet_a_threat_in_the_order_of_their_firing():
    rows = [
        (1.0, EventKind.FIRED, 0, 0, 2.0), (2.0, EventKind.FIRED, 0, 1, 1.0), (3.0, EventKind.FIRED, 0, 0, 1.0),
        (4.0, EventKind.FIRED, 1, 0, 3.0), (5.0, EventKind.INTERCEPT_MISSED, 0, 0, 0.0),
        (6.0, EventKind.SHOT_DOWN, 0, 1, 0.0), (7.0, EventKind.WASTED, 0, 0, 0.0),
    ]  # fmt: skip
    names = ("event_time_s", "event_kind", "event_threat", "event_weapon", "event_value")
    columns = {name: np.array([row[k] for row in rows]) for k, name in enumerate(names)}
    *met, flying = salvos_fired(SimpleNamespace(**columns))
    assert met == [(0, 0, 2, 1.0, 5.0, "missed"), (1, 0, 1, 2.0, 6.0, "shot_down"), (0, 0, 1, 3.0, 7.0, "wasted")]
    assert flying[:4] == (0, 1, 3, 4.0)
    assert math.isnan(flying.met_s)
    assert not flying.outcome


def test_run_that_plays_otherwise_is_refused(results):
    other = dataclasses.replace(results, manifest=dataclasses.replace(results.manifest, seed=6))
    with pytest.raises(StoreError, match="does not play as the run recorded it"):
        replay_of_run(other, scenario_of_run(results.manifest).scenario, 0)


def test_replication_that_was_not_played_is_refused(results):
    with pytest.raises(InputError, match="from 0 to 19"):
        replay_of_run(results, scenario_of_run(results.manifest).scenario, 20)


@pytest.mark.parametrize("name", list(WRITERS))
def test_same_replay_gives_the_same_bytes(replay, name):
    assert WRITERS[name][1](replay) == WRITERS[name][1](replay)


def written(name: str, replay: Replay) -> bytes:
    return WRITERS[name][1](replay)


def test_geojson_is_read_by_shapely(replay, over_the_line):
    shapely = pytest.importorskip("shapely", reason="shapely is not installed")
    for one in (replay, over_the_line):
        whole = json.loads(written("geojson", one))
        assert whole["type"] == "FeatureCollection"
        for feature in whole["features"]:
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            assert shape.is_valid
            west, south, east, north = shape.bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90
    kinds = Counter(feature["properties"]["kind"] for feature in json.loads(written("geojson", replay))["features"])
    assert kinds == {"asset": 1, "fire_unit": 1, "track": 10, "shot": len(replay.shots), "end": 10}


def test_geojson_cuts_lines_at_the_antimeridian(over_the_line):
    features = json.loads(written("geojson", over_the_line))["features"]
    track, shot = features[0]["geometry"], features[1]["geometry"]
    assert track["type"] == "MultiLineString"
    assert [[point[0] for point in part] for part in track["coordinates"]] == [[-179.0, -180.0], [180.0, 179.0, 178.0]]
    assert track["coordinates"][0][-1][1:] == [10.5, 150.0]
    assert shot["coordinates"][0][:2] == [179.0, 11.5]
    assert shot["coordinates"][1][:2] == [178.0, 11.5]
    assert len(features[0]["properties"]["times"]) == 3


def test_geojson_track_and_times_fit(replay):
    whole = json.loads(written("geojson", replay))
    for feature in whole["features"]:
        if feature["properties"]["kind"] == "track":
            assert len(feature["properties"]["times"]) == len(feature["geometry"]["coordinates"])


def test_kml_is_valid_by_the_schema_and_read_by_fastkml(replay, over_the_line, tmp_path):
    pytest.importorskip("lxml", reason="lxml is not installed")
    kml = pytest.importorskip("fastkml.kml", reason="fastkml is not installed")
    from fastkml import validator

    for one in (replay, over_the_line):
        path = tmp_path / "replay.kml"
        path.write_bytes(written("kml", one))
        assert validator.validate(file_to_validate=path)
        document = kml.KML.parse(path).features[0]
        folders = {folder.name: folder.features for folder in document.features}
        assert len(folders["Threats"]) == len(one.tracks)
        assert len(folders["Shots"]) == len(one.shots)
        for placemark, track in zip(folders["Threats"], one.tracks, strict=True):
            items = placemark.kml_geometry.track_items
            assert placemark.name == track.threat
            assert len(items) == track.time_s.size
            begin = items[0].when.dt.timestamp()
            assert begin == pytest.approx(one.utc(track.start_s).timestamp(), abs=1e-3)
            assert items[-1].coord.y == pytest.approx(track.latitude_deg[-1], abs=1e-6)
            assert items[-1].coord.z == pytest.approx(track.height_m[-1], abs=0.05)


def test_czml_is_read_by_czml3(replay, over_the_line):
    czml3 = pytest.importorskip("czml3", reason="czml3 is not installed")
    for one in (replay, over_the_line):
        raw = json.loads(written("czml", one))
        packets = [czml3.Packet.model_validate(packet) for packet in raw]
        assert packets[0].id == "document"
        assert len({packet.id for packet in packets}) == len(packets)
        tracks = [packet for packet in packets if packet.id.startswith("threat/")]
        assert len(tracks) == len(one.tracks)
        for packet, track in zip(tracks, one.tracks, strict=True):
            values = packet.position.cartographicDegrees.values
            assert len(values) == 4 * track.time_s.size
            assert values[-4] == pytest.approx(track.end_s - track.start_s, abs=1e-3)
            assert values[-1] == pytest.approx(track.height_m[-1], abs=0.05)


# Tacview's text format, as published: a head of two lines, then objects "id,Property=value" with commas escaped,
# moments "#seconds" that do not go back, events of object 0, and "-id" where an object leaves.
ACMI_OBJECT = re.compile(r"[0-9a-f]+(,[A-Za-z]+=(?:[^,\\]|\\.)*)+")
ACMI_PLACE = re.compile(r"(-?\d+\.\d+)\|(-?\d+\.\d+)\|(-?\d+\.\d+)")
ACMI_EVENTS = {"Message", "Bookmark", "Debug", "LeftArea", "Destroyed", "TakenOff", "Landed", "Timeout"}
ACMI_TAGS = {
    "Air", "Ground", "Sea", "Weapon", "Sensor", "Navaid", "Misc", "Static", "FixedWing", "AntiAircraft", "Missile",
    "Building",
}  # fmt: skip


def check_acmi(text: str) -> dict[str, int]:
    """Return how many objects there were and how many were destroyed; fail where a rule of the format is broken."""
    assert text.startswith("﻿FileType=text/acmi/tacview\nFileVersion=2.2\n")
    now, alive, ever, destroyed = -math.inf, set(), set(), 0
    for line in text.splitlines()[2:]:
        if line.startswith("#"):
            assert float(line[1:]) > now
            now = float(line[1:])
        elif line.startswith("-"):
            alive.remove(line[1:])
        else:
            assert ACMI_OBJECT.fullmatch(line), line
            number, *properties = re.split(r"(?<!\\),", line)
            named = dict(prop.split("=", 1) for prop in properties)
            if number == "0":
                if "Event" in named:
                    kind, who, _ = named["Event"].split("|")
                    assert kind in ACMI_EVENTS
                    assert who in alive
                    destroyed += kind == "Destroyed"
                else:
                    assert now == -math.inf
                continue
            longitude, latitude, _ = map(float, ACMI_PLACE.fullmatch(named["T"]).groups())
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90
            if number not in alive:
                assert number not in ever
                assert set(named["Type"].split("+")) <= ACMI_TAGS
                assert named["Name"]
            alive.add(number)
            ever.add(number)
    return {"objects": len(ever), "destroyed": destroyed, "left": len(alive)}


def test_acmi_keeps_the_published_rules(replay, over_the_line):
    found = check_acmi(written("acmi", replay).decode())
    shot_down = sum(track.fate == "shot_down" for track in replay.tracks)
    assert found == {"objects": 2 + 10 + len(replay.shots), "destroyed": shot_down, "left": 2}
    assert check_acmi(written("acmi", over_the_line).decode()) == {"objects": 2, "destroyed": 1, "left": 0}
    reference = re.search("ReferenceTime=(.*)", written("acmi", replay).decode()).group(1)
    assert datetime.fromisoformat(reference) == datetime(2025, 1, 1, 20, 0, tzinfo=UTC)


def decoded(content: bytes, tmp_path) -> list[dict]:
    """Return what tshark, which we did not write, reads out of a capture."""
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("tshark is not installed (apt-get install tshark)")
    path = tmp_path / "replay.pcap"
    path.write_bytes(content)
    said = subprocess.run(
        [tshark, "-r", str(path), "-d", "udp.port==3000,dis", "-T", "json"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return [frame["_source"]["layers"] for frame in json.loads(said.stdout)]


def test_dis_is_decoded_by_tshark(replay, tmp_path):
    frames = decoded(written("dis", replay), tmp_path)
    assert all("_ws.malformed" not in frame and "dis" in frame for frame in frames)
    kinds = Counter(frame["dis"]["Header"]["dis.pdu_type"] for frame in frames)
    points = sum(track.time_s.size for track in replay.tracks)
    leaks = sum(track.fate.startswith("leaked") for track in replay.tracks)
    assert kinds == {"1": 2 + points, "2": len(replay.shots), "3": len(replay.shots) + leaks}
    for frame in frames:
        header = frame["dis"]["Header"]
        assert (header["dis.proto_ver"], header["dis.exer_id"]) == ("7", "1")
        assert int(frame["udp"]["udp.length"]) - 8 == int(header["dis.pdu_length"])


def test_dis_says_where_and_how_fast(replay, tmp_path):
    frames = decoded(written("dis", replay), tmp_path)
    states = [frame["dis"]["Entity State PDU"] for frame in frames if "Entity State PDU" in frame["dis"]]
    moving = [state for state in states if state["dis.force_id"] == "2"]
    assert {state["Entity Marking"]["dis.entity_marking"] for state in moving} == {"lab-drone"}
    for state in moving:
        place = [float(state["Entity Location"][f"dis.entity_location.{axis}"]) for axis in "xyz"]
        assert 6_350e3 < math.hypot(*place) < 6_380e3
        speed = math.hypot(*(float(v) for v in state["Entity Linear Velocity"].values()))
        assert speed == pytest.approx(50.0, rel=0.02) or speed == 0.0  # 180 km/h until its end
    fire = next(frame["dis"]["Fire PDU"] for frame in frames if "Fire PDU" in frame["dis"])
    assert fire["Target Entity ID"]["dis.entity_id_entity"] != "0"
    place = fire["Location in World Coordinates"]
    x, y, z = (float(place[f"dis.fire.location.{axis}"]) for axis in "xyz")
    assert math.degrees(math.atan2(y, x)) == pytest.approx(30.0, abs=1e-6)
    assert math.degrees(math.atan2(z, (1 - 0.00669437999014) * math.hypot(x, y))) == pytest.approx(50.0, abs=1e-6)


def test_dis_ends_every_shot_with_its_own_event(replay, tmp_path):
    frames = decoded(written("dis", replay), tmp_path)
    fired = [f["dis"]["Fire PDU"]["Event ID"]["dis.event_number"] for f in frames if "Fire PDU" in f["dis"]]
    burst = [f["dis"]["Detonation PDU"] for f in frames if "Detonation PDU" in f["dis"]]
    of_shots = [b for b in burst if b["Firing Entity ID"]["dis.entity_id_entity"] != "0"]
    assert sorted(fired) == sorted(b["Event ID"]["dis.event_number"] for b in of_shots)
    hits = sum(b["dis.detonation.result"] == "2" for b in of_shots)
    assert hits == sum(shot.outcome == "shot_down" for shot in replay.shots)


@pytest.mark.parametrize(("velocity", "up"), [((3.0, -4.0, 12.0), (0.0, 0.6, 0.8)), ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))])
def test_angles_turn_the_body_to_where_it_flies(velocity, up):
    psi, theta, phi = euler_rad(np.array([velocity]), np.array([up]))[0]
    # The rotations of the standard: about z by psi, y by theta, x by phi; its columns are the body's axes.
    c, s = np.cos, np.sin
    about_z = np.array([[c(psi), -s(psi), 0], [s(psi), c(psi), 0], [0, 0, 1]])
    about_y = np.array([[c(theta), 0, s(theta)], [0, 1, 0], [-s(theta), 0, c(theta)]])
    about_x = np.array([[1, 0, 0], [0, c(phi), -s(phi)], [0, s(phi), c(phi)]])
    ahead, right, down = (about_z @ about_y @ about_x).T
    wanted = np.array(velocity) / np.linalg.norm(velocity) if any(velocity) else np.array([0.0, 0.0, 1.0])
    assert ahead == pytest.approx(wanted, abs=1e-12)
    assert float(right @ np.array(up)) == pytest.approx(0.0, abs=1e-12)  # wings level
    assert float(down @ np.array(up)) < 0


def test_header_checksum_is_that_of_the_standard():
    packet = capture([(0.0, b"\x00" * 4)], 3000)[24 + 16 :]
    words = np.frombuffer(packet[:20], ">u2").astype(np.int64)
    total = int(words.sum())
    assert (total & 0xFFFF) + (total >> 16) == 0xFFFF  # RFC 1071: a sum over head and checksum gives all ones
