"""The words that sort systems into kinds: threat classes, path kinds, effector kinds, sensor kinds."""

from __future__ import annotations

from typing import Literal, get_args

ThreatClass = Literal[
    "drone", "cruise", "supersonic", "anti_radiation", "ballistic", "hypersonic", "glide", "intercontinental",
]  # fmt: skip
PathKind = Literal["low", "high_dive", "quasi_ballistic", "ballistic", "glide"]
EffectorKind = Literal["missile", "gun", "manpads", "interceptor_drone"]
SensorKind = Literal["radar", "airborne_radar", "acoustic", "optical", "passive_rf", "space_infrared"]
TrackQuality = Literal["warn", "cue"]

THREAT_CLASSES: tuple[str, ...] = get_args(ThreatClass)
PATH_KINDS: tuple[str, ...] = get_args(PathKind)
EFFECTOR_KINDS: tuple[str, ...] = get_args(EffectorKind)
SENSOR_KINDS: tuple[str, ...] = get_args(SensorKind)
