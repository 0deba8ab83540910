"""The formats that a replay can be written in: each a suffix and a function of the replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shieldwall.replay.acmi import acmi
from shieldwall.replay.czml import czml
from shieldwall.replay.dis import dis
from shieldwall.replay.geojson import geojson
from shieldwall.replay.kml import kml
from shieldwall.replay.replay import Replay

WRITERS: Mapping[str, tuple[str, Callable[[Replay], bytes]]] = {
    "geojson": (".geojson", geojson),
    "kml": (".kml", kml),
    "czml": (".czml", czml),
    "acmi": (".acmi", acmi),
    "dis": (".pcap", dis),
}
