"""Write a replay as Distributed Interactive Simulation: Entity State, Fire and Detonation PDUs in a capture file.

Protocol version 7. Entity numbers count places, then threats, then friendly and
civil aircraft, from 1. Kinds and domains are set, countries and
categories are left at "other": which public type a threat stands for is in its marking.

[dis] IEEE Std 1278.1-2012, sections 7.2.2, 7.3.2, 7.3.3; [siso] SISO-REF-010, enumerations
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from shieldwall.core.errors import InputError, Mistake
from shieldwall.core.geodesy import ecef_m
from shieldwall.core.position import Position
from shieldwall.replay.pcap import capture
from shieldwall.replay.replay import Place, Replay, Shot, Track

Float = NDArray[np.float64]
Datagram = tuple[float, bytes]

PORT = 3000
_VERSION, _EXERCISE = 7, 1
_ENTITY_STATE, _FIRE, _DETONATION = 1, 2, 3
_ENTITY_FAMILY, _WARFARE_FAMILY = 1, 2
_SITE, _APPLICATION = 1, 1
_ENTITIES_AT_MOST = 65_533
_FRIENDLY, _OPPOSING, _NEUTRAL = 1, 2, 3
_FORCES = {"hostile": _OPPOSING, "friend": _FRIENDLY, "civil": _NEUTRAL}
# (kind, domain): platform on land or in the air, munition against air or other, cultural feature on land
_LAND, _AIR, _ANTI_AIR, _MUNITION, _CULTURE = (1, 1), (1, 2), (2, 1), (2, 0), (5, 1)
_STATIC, _FIXED_VELOCITY = 1, 2
_DESTROYED, _DEACTIVATED = 3 << 3, 1 << 23
_GROUND_IMPACT, _NEAR_ENTITY, _BURST = 3, 2, 5
_NOBODY = struct.pack(">HHH", 0, 0, 0)
_UNITS_AN_HOUR = 2**31


def dis(replay: Replay) -> bytes:
    """Return a pcap file of UDP datagrams to port 3000, one PDU each, in the order of their times.

    Raises
    ------
    InputError
        If there are more entities than the protocol can number.
    """
    if len(replay.places) + len(replay.tracks) > _ENTITIES_AT_MOST:
        what = f"DIS numbers {_ENTITIES_AT_MOST:,} entities at most"
        raise InputError(Mistake("", 0, 0, what, "export to another format"))
    number = {place.id: n for n, place in enumerate(replay.places, start=1)}
    threat = {track.threat: n for n, track in enumerate(replay.tracks, start=1 + len(replay.places))}
    epoch_s = replay.utc(0.0).timestamp()
    begin_s, _ = replay.span_s
    found: list[Datagram] = []
    for place in replay.places:
        found += _place(place, number[place.id], begin_s, epoch_s)
    for track in replay.tracks:
        found += _track(track, threat[track.threat], epoch_s)
    for shot in replay.shots:
        found += _shot(shot, number[shot.fire_unit], threat[shot.threat], epoch_s)
    found.sort(key=lambda one: one[0])
    return capture(((epoch_s + time_s, content) for time_s, content in found), PORT)


def _pdu(kind: int, family: int, time_s: float, epoch_s: float, body: bytes) -> bytes:
    """Return a PDU: the header with an absolute time stamp, then its body."""
    past_hour_s = (epoch_s + time_s) % 3600.0
    stamp = (min(int(past_hour_s / 3600.0 * _UNITS_AN_HOUR), _UNITS_AN_HOUR - 1) << 1) | 1
    header = struct.pack(">BBBBIHBB", _VERSION, _EXERCISE, kind, family, stamp, 12 + len(body), 0, 0)
    return header + body


def _entity(number: int) -> bytes:
    return struct.pack(">HHH", _SITE, _APPLICATION, number)


def _type(kind: tuple[int, int]) -> bytes:
    return struct.pack(">BBHBBBB", *kind, 0, 0, 0, 0, 0)


def _state(
    number: int, force: int, kind: tuple[int, int], where: Float, velocity: Float, angles: Float, appearance: int,
    name: str,
) -> bytes:  # fmt: skip
    """Return the body of an Entity State PDU: earth-centred metres and metres a second, angles in radians."""
    moving = bool(np.any(velocity))
    reckoning = struct.pack(">B15x6f", _FIXED_VELOCITY if moving else _STATIC, *(0.0,) * 6)
    marking = struct.pack(">B11s", 1, name.encode("ascii", "replace"))
    return b"".join(
        (
            _entity(number),
            struct.pack(">BB", force, 0),
            _type(kind),
            _type(kind),
            struct.pack(">3f", *velocity),
            struct.pack(">3d", *where),
            struct.pack(">3f", *angles),
            struct.pack(">I", appearance),
            reckoning,
            marking,
            struct.pack(">I", 0),
        )
    )


def euler_rad(velocity_m_s: Float, up: Float) -> Float:
    """Return psi, theta, phi of bodies that fly along their velocity with their wings level, as DIS has them.

    Parameters
    ----------
    velocity_m_s : (N, 3), earth-centred; a body at rest looks north
    up : (N, 3), unit vectors away from the ground

    Returns
    -------
    float64, shape (N, 3), radians
    """
    north = _unit(np.array([0.0, 0.0, 1.0]) - up[:, 2:] * up, np.array([1.0, 0.0, 0.0]))
    ahead = _unit(velocity_m_s, north)
    right = _unit(np.cross(ahead, up), _unit(np.cross(ahead, north), north))
    down = np.cross(ahead, right)
    return np.column_stack(
        (
            np.arctan2(ahead[:, 1], ahead[:, 0]),
            -np.arcsin(np.clip(ahead[:, 2], -1.0, 1.0)),
            np.arctan2(right[:, 2], down[:, 2]),
        )
    )


def _unit(vectors: Float, other: Float) -> Float:
    """Return vectors (N, 3) of length one; `other` in the place of those of no length."""
    size = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(size > 1e-9, vectors / np.maximum(size, 1e-300), other)


def _up(latitude_deg: Float, longitude_deg: Float) -> Float:
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.column_stack(
        (np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude))
    )


def _xyz(position: Position) -> Float:
    return ecef_m(position.latitude_deg, position.longitude_deg, position.height_m)


def _place(place: Place, number: int, begin_s: float, epoch_s: float) -> Iterator[Datagram]:
    """Yield the state of a place at the raid's begin, and its end if it was lost."""
    kind = _CULTURE if place.kind == "asset" else _LAND
    up = _up(np.array([place.position.latitude_deg]), np.array([place.position.longitude_deg]))
    where, still = _xyz(place.position), np.zeros(3)
    angles = euler_rad(np.zeros((1, 3)), up)[0]
    states = [(begin_s, 0)]
    if np.isfinite(place.lost_s):
        states.append((place.lost_s, _DESTROYED))
    for time_s, appearance in states:
        body = _state(number, _FRIENDLY, kind, where, still, angles, appearance, place.id)
        yield time_s, _pdu(_ENTITY_STATE, _ENTITY_FAMILY, time_s, epoch_s, body)


def _track(track: Track, number: int, epoch_s: float) -> Iterator[Datagram]:
    """Yield the states along a track, each with the velocity that carries it to the next, then the track's end."""
    kind = _AIR if track.threat_class == "drone" or track.side != "hostile" else _MUNITION
    where = ecef_m(track.latitude_deg, track.longitude_deg, track.height_m)
    gap_s = np.diff(track.time_s)
    velocity = np.zeros_like(where)
    velocity[:-1] = np.diff(where, axis=0) / np.maximum(gap_s, 1e-6)[:, None]
    facing = np.vstack((velocity[:-1], velocity[-2:-1]))
    angles = euler_rad(facing, _up(track.latitude_deg, track.longitude_deg))
    for i, time_s in enumerate(track.time_s.tolist()):
        last = i == track.time_s.size - 1
        appearance = _DEACTIVATED | (_DESTROYED if track.fate not in ("aborted", "passed") else 0) if last else 0
        body = _state(number, _FORCES[track.side], kind, where[i], velocity[i], angles[i], appearance, track.type)
        yield time_s, _pdu(_ENTITY_STATE, _ENTITY_FAMILY, time_s, epoch_s, body)
    if track.fate.startswith("leaked"):
        body = _detonation(_NOBODY, _NOBODY, _entity(number), _entity(number), where[-1], velocity[-2], _MUNITION, 1,
                           _GROUND_IMPACT)  # fmt: skip
        yield track.end_s, _pdu(_DETONATION, _WARFARE_FAMILY, track.end_s, epoch_s, body)


def _shot(shot: Shot, unit: int, threat: int, epoch_s: float) -> Iterator[Datagram]:
    """Yield the fire and the detonation of a salvo; its rounds are no entities of their own."""
    origin, meeting = _xyz(shot.origin), _xyz(shot.meeting)
    way = meeting - origin
    velocity = way / max(shot.met_s - shot.ordered_s, 1e-6)
    event = struct.pack(">HHH", _SITE, _APPLICATION, (shot.number - 1) % 65_534 + 1)
    fire = b"".join(
        (
            _entity(unit),
            _entity(threat),
            _NOBODY,
            event,
            struct.pack(">I", 0),
            struct.pack(">3d", *origin),
            _burst(_ANTI_AIR, shot.shots),
            struct.pack(">3f", *velocity),
            struct.pack(">f", float(np.linalg.norm(way))),
        )
    )
    yield shot.ordered_s, _pdu(_FIRE, _WARFARE_FAMILY, shot.ordered_s, epoch_s, fire)
    result = _NEAR_ENTITY if shot.outcome == "shot_down" else _BURST
    body = _detonation(_entity(unit), _entity(threat), _NOBODY, event, meeting, velocity, _ANTI_AIR, shot.shots, result)
    yield shot.met_s, _pdu(_DETONATION, _WARFARE_FAMILY, shot.met_s, epoch_s, body)


def _burst(kind: tuple[int, int], quantity: int) -> bytes:
    """Return a munition descriptor: type, warhead and fuze other, how many, no rate."""
    return _type(kind) + struct.pack(">HHHH", 0, 0, min(quantity, 65_535), 0)


def _detonation(
    firing: bytes, target: bytes, exploding: bytes, event: bytes, where: Float, velocity: Float, kind: tuple[int, int],
    quantity: int, result: int,
) -> bytes:  # fmt: skip
    return b"".join(
        (
            firing,
            target,
            exploding,
            event,
            struct.pack(">3f", *velocity),
            struct.pack(">3d", *where),
            _burst(kind, quantity),
            struct.pack(">3f", 0.0, 0.0, 0.0),
            struct.pack(">BBH", result, 0, 0),
        )
    )
