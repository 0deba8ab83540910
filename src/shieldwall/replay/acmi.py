"""Write a replay in Tacview's text format, ACMI 2.2.

[tacview-acmi] https://www.tacview.net/documentation/acmi/en/
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from shieldwall.core.position import Position
from shieldwall.replay.replay import Place, Replay, Shot, Track, turned

_THREAT_TAGS = {"drone": "Air+FixedWing"}
_MISSILE_TAGS = "Weapon+Missile"
_AIRCRAFT_TAGS = "Air"
_COLOURS = {"hostile": "Color=Red,Coalition=Attack", "friend": "Color=Blue,Coalition=Defence",
            "civil": "Color=Green,Coalition=Neutral"}  # fmt: skip
_PLACE_TAGS = {
    "asset": "Ground+Static+Building",
    "fire_unit": "Ground+AntiAircraft",
    "sensor": "Ground+Static+Sensor",
}
Line = tuple[float, int, str]  # when, which comes first at the same moment, what is written
_MOVES, _EVENTS, _REMOVALS = 0, 1, 2


def acmi(replay: Replay) -> bytes:
    """Return the file: attackers red, defence and friends blue, civil aircraft green.

    Heights above the ground are written as altitudes. A salvo is one object that flies straight from its fire unit to
    the meeting. Longitudes and latitudes are degrees, times seconds after the reference time, object ids hexadecimal,
    as the format has them.
    """
    numbers = count(1)
    lines: list[Line] = [(0.0, _MOVES, _fixed(f"{next(numbers):x}", place)) for place in replay.places]
    number_of = {track.threat: f"{next(numbers):x}" for track in replay.tracks}
    for track in replay.tracks:
        lines += _track(number_of[track.threat], track)
    for shot in replay.shots:
        lines += _shot(f"{next(numbers):x}", shot)
    lines.sort(key=lambda line: (line[0], line[1]))
    return ("﻿" + "\n".join([*_head(replay), *_timed(lines)]) + "\n").encode()


def _head(replay: Replay) -> list[str]:
    return [
        "FileType=text/acmi/tacview",
        "FileVersion=2.2",
        f"0,ReferenceTime={replay.utc(0.0):%Y-%m-%dT%H:%M:%SZ}",
        f"0,RecordingTime={replay.utc(0.0):%Y-%m-%dT%H:%M:%SZ}",
        f"0,Title={_said(f'{replay.title}, replication {replay.replication}')}",
        f"0,DataSource={_said(f'shieldwall {replay.version}, seed {replay.seed}')}",
        f"0,DataRecorder={_said(f'shieldwall {replay.version}')}",
    ]


def _timed(lines: list[Line]) -> Iterator[str]:
    """Yield a line "#seconds" before the lines of each moment."""
    before = ""
    for time_s, _, line in lines:
        moment = f"#{time_s:.2f}"
        if moment != before:
            yield moment
            before = moment
        yield line


def _fixed(number: str, place: Place) -> str:
    where = _place(place.position)
    return f"{number},T={where},Type={_PLACE_TAGS[place.kind]},Name={_said(place.name)},Color=Blue,Coalition=Defence"


def _track(number: str, track: Track) -> list[Line]:
    tags = _THREAT_TAGS.get(track.threat_class, _MISSILE_TAGS) if track.side == "hostile" else _AIRCRAFT_TAGS
    named = f",Type={tags},Name={_said(track.type_name)},Pilot={_said(track.threat)},{_COLOURS[track.side]}"
    lines: list[Line] = []
    columns = (
        track.time_s.tolist(),
        track.latitude_deg.tolist(),
        track.longitude_deg.tolist(),
        track.height_m.tolist(),
    )
    for time_s, latitude, longitude, height in zip(*columns, strict=True):
        lines.append((time_s, _MOVES, f"{number},T={_place(Position(latitude, longitude, height))}{named}"))
        named = ""
    why = f", {track.cause.replace('_', ' ')}" if track.cause and track.side != "hostile" else ""
    said = _said(f"{track.threat} {track.fate.replace('_', ' ')}{why}")
    if track.fate == "shot_down":
        lines.append((track.end_s, _EVENTS, f"0,Event=Destroyed|{number}|{said}"))
    else:
        lines.append((track.end_s, _EVENTS, f"0,Event=Message|{number}|{said}"))
    lines.append((track.end_s, _REMOVALS, f"-{number}"))
    return lines


def _shot(number: str, shot: Shot) -> list[Line]:
    named = (
        f"Type={_MISSILE_TAGS},Name={_said(shot.effector)},Pilot={_said(shot.fire_unit)},Color=Blue,Coalition=Defence"
    )
    return [
        (shot.ordered_s, _MOVES, f"{number},T={_place(shot.origin)},{named}"),
        (shot.met_s, _MOVES, f"{number},T={_place(shot.meeting)}"),
        (shot.met_s, _REMOVALS, f"-{number}"),
    ]


def _place(position: Position) -> str:
    return f"{turned(position.longitude_deg):.6f}|{position.latitude_deg:.6f}|{position.height_m:.1f}"


def _said(words: str) -> str:
    """Return words with the commas that would end them escaped, on one line; a bar would split an event."""
    return words.replace("\\", "/").replace(",", "\\,").replace("|", "/").replace("\n", " ")
