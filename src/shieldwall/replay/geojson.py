"""Write a replay as GeoJSON (RFC 7946): tracks, shots and ends as features with their times."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

from shieldwall.core.position import Position
from shieldwall.replay.replay import Place, Replay, Shot, Track, turned

Coordinate = list[float]


def geojson(replay: Replay) -> bytes:
    """Return one FeatureCollection; `kind` is track, shot, end, asset, fire_unit or sensor.

    Coordinates are degrees east, degrees north, metres above the ground. A track's `times` are in its points' order, in
    seconds after `start`; where friendly and civil aircraft fly, `side` tells who is who. Where a line crosses the
    antimeridian it is cut in two, as the standard asks.
    """
    features = [
        *(_place(place, replay) for place in replay.places),
        *(_track(track, replay) for track in replay.tracks),
        *(_shot(shot, replay) for shot in replay.shots),
        *(_end(track, replay) for track in replay.tracks),
    ]
    whole = {
        "type": "FeatureCollection",
        "name": f"{replay.scenario}, replication {replay.replication}",
        "start": replay.iso(0.0),
        "seed": replay.seed,
        "scenario_hash": replay.scenario_hash,
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _feature(kind: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **properties}}


def _place(place: Place, replay: Replay) -> dict[str, Any]:
    lost = replay.iso(place.lost_s) if math.isfinite(place.lost_s) else None
    return _feature(place.kind, _point(place.position), {"id": place.id, "name": place.name, "lost": lost})


def _track(track: Track, replay: Replay) -> dict[str, Any]:
    points = [
        [longitude, round(latitude, 6), round(height, 1)]
        for longitude, latitude, height in zip(
            track.longitude_deg.tolist(), track.latitude_deg.tolist(), track.height_m.tolist(), strict=True
        )
    ]
    properties = {
        "id": track.threat,
        **_side(track, replay),
        "type": track.type,
        "name": track.type_name,
        "class": track.threat_class,
        "decoy": track.decoy,
        "fate": track.fate,
        "cause": track.cause or None,
        "target": track.target or None,
        "start": replay.iso(track.start_s),
        "end": replay.iso(track.end_s),
        "times": [round(time_s, 3) for time_s in track.time_s.tolist()],
    }
    return _feature("track", _line(points), properties)


def _side(track: Track, replay: Replay) -> dict[str, str]:
    return {"side": track.side} if replay.has_flights else {}


def _shot(shot: Shot, replay: Replay) -> dict[str, Any]:
    points = [
        [place.longitude_deg, round(place.latitude_deg, 6), round(place.height_m, 1)]
        for place in (shot.origin, shot.meeting)
    ]
    if abs(points[1][0] - points[0][0]) > 180.0:
        points[0][0] += math.copysign(360.0, points[1][0] - points[0][0])
    properties = {
        "id": shot.number,
        "fire_unit": shot.fire_unit,
        "effector": shot.effector,
        "threat": shot.threat,
        "shots": shot.shots,
        "outcome": shot.outcome,
        "start": replay.iso(shot.ordered_s),
        "end": replay.iso(shot.met_s),
    }
    return _feature("shot", _line(points), properties)


def _end(track: Track, replay: Replay) -> dict[str, Any]:
    properties = {
        "id": track.threat,
        **_side(track, replay),
        "type": track.type,
        "fate": track.fate,
        "cause": track.cause or None,
    }
    return _feature("end", _point(track.at(track.end_s)), {**properties, "time": replay.iso(track.end_s)})


def _point(position: Position) -> dict[str, Any]:
    coordinates = [
        round(turned(position.longitude_deg), 6),
        round(position.latitude_deg, 6),
        round(position.height_m, 1),
    ]
    return {"type": "Point", "coordinates": coordinates}


def _line(points: list[Coordinate]) -> dict[str, Any]:
    """Return a line whose longitudes run on without a jump, cut where it crosses the antimeridian."""
    parts: list[list[Coordinate]] = [[points[0]]]
    for before, after in pairwise(points):
        edge = _edge_between(before[0], after[0])
        if edge is not None:
            share = (edge - before[0]) / (after[0] - before[0])
            crossing = [b + share * (a - b) for b, a in zip(before[1:], after[1:], strict=True)]
            parts[-1].append([edge, *crossing])
            parts.append([[edge, *crossing]])
        parts[-1].append(after)
    parts = [_inside(part) for part in parts]
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def _edge_between(first_deg: float, second_deg: float) -> float | None:
    """Return the antimeridian (an odd multiple of 180) strictly between two longitudes, None if there is none."""
    low, high = min(first_deg, second_deg), max(first_deg, second_deg)
    edge = math.floor((low + 180.0) / 360.0 + 1.0) * 360.0 - 180.0
    return edge if low < edge < high else None


def _inside(part: list[Coordinate]) -> list[Coordinate]:
    """Return a part that crosses no edge with longitudes in -180 to 180."""
    middle = (min(point[0] for point in part) + max(point[0] for point in part)) / 2
    turn = math.floor((middle + 180.0) / 360.0) * 360.0
    return [[round(point[0] - turn, 6), *point[1:]] for point in part]
