"""Write a replay as CZML, the JSON that CesiumJS plays.

[czml-guide] https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide
"""

from __future__ import annotations

import json
from typing import Any

from shieldwall.core.position import Position
from shieldwall.replay.replay import Place, Replay, Shot, Track

Packet = dict[str, Any]
_TRAIL_S = 900.0
_COLOURS = {
    "drone": (230, 159, 0, 255),
    "cruise": (204, 121, 167, 255),
    "asset": (27, 32, 39, 255),
    "fire_unit": (0, 114, 178, 255),
    "sensor": (0, 158, 115, 255),
    "shot_down": (0, 114, 178, 255),
    "missed": (138, 143, 152, 160),
    "wasted": (138, 143, 152, 160),
    "leak": (213, 94, 0, 255),
    "friend": (0, 114, 178, 255),
    "civil": (240, 228, 66, 255),
}
_OTHER_THREAT = (86, 180, 233, 255)


def czml(replay: Replay) -> bytes:
    """Return the packets, the document first. Heights above the ground are written as heights of the ellipsoid."""
    begin_s, end_s = replay.span_s
    interval = f"{replay.iso(begin_s)}/{replay.iso(end_s)}"
    document: Packet = {
        "id": "document",
        "name": f"{replay.title}, replication {replay.replication}",
        "version": "1.0",
        "clock": {"interval": interval, "currentTime": replay.iso(begin_s), "multiplier": 60, "range": "LOOP_STOP"},
    }
    packets = [
        document,
        *(_place(place) for place in replay.places),
        *(_track(track, replay) for track in replay.tracks),
        *(_shot(shot, replay) for shot in replay.shots),
        *(_leak(track, replay, end_s) for track in replay.tracks if track.fate.startswith("leaked")),
    ]
    return json.dumps(packets, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _colour(name: str, other: tuple[int, ...] = _OTHER_THREAT) -> Packet:
    return {"rgba": list(_COLOURS.get(name, other))}


def _place(place: Place) -> Packet:
    return {
        "id": f"{place.kind}/{place.id}",
        "name": place.name,
        "position": {"cartographicDegrees": _degrees(place.position)},
        "point": {"color": _colour(place.kind), "pixelSize": 6},
    }


def _track(track: Track, replay: Replay) -> Packet:
    samples: list[float] = []
    columns = (
        track.time_s.tolist(),
        track.longitude_deg.tolist(),
        track.latitude_deg.tolist(),
        track.height_m.tolist(),
    )
    for time_s, longitude, latitude, height in zip(*columns, strict=True):
        samples += [round(time_s - track.start_s, 3), round(longitude, 6), round(latitude, 6), round(height, 1)]
    is_hostile = track.side == "hostile"
    colour = _colour(track.threat_class if is_hostile else track.side)
    cause = f", {track.cause.replace('_', ' ')}" if track.cause else ""
    return {
        "id": f"{'threat' if is_hostile else 'flight'}/{track.threat}",
        "name": f"{track.type_name} {track.threat}",
        "description": f"{'decoy, ' if track.decoy else ''}{track.fate.replace('_', ' ')}{cause}",
        **({} if is_hostile else {"properties": {"side": track.side}}),
        "availability": f"{replay.iso(track.start_s)}/{replay.iso(track.end_s)}",
        "position": {
            "epoch": replay.iso(track.start_s),
            "interpolationAlgorithm": "LINEAR",
            "interpolationDegree": 1,
            "cartographicDegrees": samples,
        },
        "point": {"color": colour, "pixelSize": 7},
        "path": {
            "leadTime": 0,
            "trailTime": _TRAIL_S,
            "width": 1.5,
            "material": {"solidColor": {"color": colour}},
        },
    }


def _shot(shot: Shot, replay: Replay) -> Packet:
    return {
        "id": f"shot/{shot.number}",
        "name": f"{shot.shots} x {shot.effector} of {shot.fire_unit} at {shot.threat}",
        "description": shot.outcome.replace("_", " "),
        "availability": f"{replay.iso(shot.ordered_s)}/{replay.iso(shot.met_s)}",
        "polyline": {
            "positions": {"cartographicDegrees": [*_degrees(shot.origin), *_degrees(shot.meeting)]},
            "width": 1.5,
            "arcType": "NONE",
            "material": {"solidColor": {"color": _colour(shot.outcome)}},
        },
    }


def _leak(track: Track, replay: Replay, end_s: float) -> Packet:
    return {
        "id": f"leak/{track.threat}",
        "name": f"{track.type_name} at {track.target}: {track.fate.replace('_', ' ')}",
        "availability": f"{replay.iso(track.end_s)}/{replay.iso(max(end_s, track.end_s))}",
        "position": {"cartographicDegrees": _degrees(track.at(track.end_s))},
        "point": {"color": _colour("leak"), "pixelSize": 10},
    }


def _degrees(position: Position) -> list[float]:
    return [round(position.longitude_deg, 6), round(position.latitude_deg, 6), round(position.height_m, 1)]
