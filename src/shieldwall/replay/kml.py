"""Write a replay as KML 2.2 with gx:Track: earth browsers then move the threats along their times.

[ogc-kml] OGC 07-147r2, KML 2.2; [gx-track] https://developers.google.com/kml/documentation/kmlreference#gxtrack
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from shieldwall.core.position import Position
from shieldwall.replay.replay import Place, Replay, Shot, Track, turned

_KML, _GX = "http://www.opengis.net/kml/2.2", "http://www.google.com/kml/ext/2.2"
# Colours are alpha, blue, green, red, two hexadecimal digits each.
_STYLES = {
    "track": ("ff009fe6", 1.5),
    "shot_down": ("ffb27200", 1.0),
    "missed": ("80988f8a", 1.0),
    "wasted": ("80988f8a", 1.0),
    "leak": ("ff005ed5", 1.0),
    "asset": ("ff27201b", 1.0),
    "fire_unit": ("ffb27200", 1.0),
    "sensor": ("ff739e00", 1.0),
}
_FLIGHT_STYLES = {"friend": ("ffb27200", 1.5), "civil": ("ff42e4f0", 1.5)}


def kml(replay: Replay) -> bytes:
    """Return one document with folders of places, threats, shots and leaks; heights are above the ground.

    Friendly and civil aircraft have a folder too, where there are any.
    """
    ET.register_namespace("", _KML)
    ET.register_namespace("gx", _GX)
    root = ET.Element(_tag("kml"))
    document = ET.SubElement(root, _tag("Document"))
    _text(document, "name", f"{replay.title}, replication {replay.replication}")
    _text(document, "description", f"shieldwall {replay.version}, seed {replay.seed}, scenario {replay.scenario_hash}")
    threats = [track for track in replay.tracks if track.side == "hostile"]
    flights = [track for track in replay.tracks if track.side != "hostile"]
    for name, (colour, width) in (_STYLES | (_FLIGHT_STYLES if flights else {})).items():
        _style(document, name, colour, width)
    leaks = [track for track in replay.tracks if track.fate.startswith("leaked")]
    _folder(document, "Places", (_place(place) for place in replay.places))
    _folder(document, "Threats", (_track(track, replay) for track in threats))
    if flights:
        _folder(document, "Friendly and civil aircraft", (_track(track, replay) for track in flights))
    _folder(document, "Shots", (_shot(shot, replay) for shot in replay.shots))
    _folder(document, "Got through", (_leak(track, replay) for track in leaks))
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _tag(name: str) -> str:
    return f"{{{_KML}}}{name}"


def _text(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, _tag(name)).text = value


def _style(document: ET.Element, name: str, colour: str, width: float) -> None:
    style = ET.SubElement(document, _tag("Style"), id=name)
    icon = ET.SubElement(style, _tag("IconStyle"))
    _text(icon, "color", colour)
    _text(icon, "scale", "0.6")
    line = ET.SubElement(style, _tag("LineStyle"))
    _text(line, "color", colour)
    _text(line, "width", f"{width:g}")


def _folder(document: ET.Element, name: str, placemarks: Iterable[ET.Element]) -> None:
    folder = ET.SubElement(document, _tag("Folder"))
    _text(folder, "name", name)
    folder.extend(placemarks)


def _placemark(name: str, description: str, style: str, begin: str | None = None, end: str | None = None) -> ET.Element:
    placemark = ET.Element(_tag("Placemark"))
    _text(placemark, "name", name)
    _text(placemark, "description", description)
    if begin is not None:
        span = ET.SubElement(placemark, _tag("TimeSpan"))
        _text(span, "begin", begin)
        if end is not None:
            _text(span, "end", end)
    _text(placemark, "styleUrl", f"#{style}")
    return placemark


def _place(place: Place) -> ET.Element:
    placemark = _placemark(place.name, f"{place.kind.replace('_', ' ')} {place.id}", place.kind)
    _point(placemark, place.position)
    return placemark


def _track(track: Track, replay: Replay) -> ET.Element:
    cause = f", {track.cause.replace('_', ' ')}" if track.cause else ""
    said = f"{track.type_name}{', decoy' if track.decoy else ''}: {track.fate.replace('_', ' ')}{cause}"
    placemark = _placemark(track.threat, said, "track" if track.side == "hostile" else track.side)
    if track.side != "hostile":
        data = ET.SubElement(ET.SubElement(placemark, _tag("ExtendedData")), _tag("Data"), name="side")
        _text(data, "value", track.side)
    gx = ET.SubElement(placemark, f"{{{_GX}}}Track")
    _text(gx, "altitudeMode", "relativeToGround")
    for time_s in track.time_s.tolist():
        _text(gx, "when", replay.iso(time_s))
    columns = (track.longitude_deg.tolist(), track.latitude_deg.tolist(), track.height_m.tolist())
    for longitude, latitude, height in zip(*columns, strict=True):
        ET.SubElement(gx, f"{{{_GX}}}coord").text = f"{turned(longitude):.6f} {latitude:.6f} {height:.1f}"
    return placemark


def _shot(shot: Shot, replay: Replay) -> ET.Element:
    said = f"{shot.shots} x {shot.effector} of {shot.fire_unit} at {shot.threat}: {shot.outcome.replace('_', ' ')}"
    begin, end = replay.iso(shot.ordered_s), replay.iso(shot.met_s)
    placemark = _placemark(f"shot {shot.number}", said, shot.outcome, begin, end)
    line = ET.SubElement(placemark, _tag("LineString"))
    _text(line, "altitudeMode", "relativeToGround")
    _text(line, "coordinates", f"{_coordinate(shot.origin)} {_coordinate(shot.meeting)}")
    return placemark


def _leak(track: Track, replay: Replay) -> ET.Element:
    said = f"{track.type_name} at {track.target}: {track.fate.replace('_', ' ')}, {track.cause.replace('_', ' ')}"
    placemark = _placemark(track.threat, said, "leak", replay.iso(track.end_s))
    _point(placemark, track.at(track.end_s))
    return placemark


def _point(placemark: ET.Element, position: Position) -> None:
    point = ET.SubElement(placemark, _tag("Point"))
    _text(point, "altitudeMode", "relativeToGround")
    _text(point, "coordinates", _coordinate(position))


def _coordinate(position: Position) -> str:
    return f"{turned(position.longitude_deg):.6f},{position.latitude_deg:.6f},{position.height_m:.1f}"
