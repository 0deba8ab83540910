"""Under which conditions sensors look, beyond what the catalogue's figures take for granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a scenario says of looking; the defaults change nothing.

    `by_range`: the chance of a look follows the radar equation with Swerling's first kind at `false_alarm`, instead of
    being the same anywhere within the published range. `window`: a track needs its detections within so many looks
    (0: any number). `coast`: so many scans without a detection lose a track (0: never). `fusion`: detections of several
    sensors of a network count together (plots), or each sensor makes its own track (tracks). `quality`: what is good
    enough to warn only cues no fire unit. `limits`: elevation limits of the catalogue act. `rain_m_s` over
    `rain_extent_m` from each radar (None: all the way) and `air` weaken echoes of radars whose frequency the catalogue
    gives. `visibility_m` and `cloud_base_m` limit optical sensors (None: clear).
    """

    by_range: bool = False
    false_alarm: float = 1e-6
    window: int = 0
    coast: int = 0
    fusion: Literal["tracks", "plots"] = "tracks"
    quality: bool = False
    limits: bool = False
    rain_m_s: float = 0.0
    rain_extent_m: float | None = None
    air: bool = False
    visibility_m: float | None = None
    cloud_base_m: float | None = None


@dataclass(frozen=True, slots=True)
class Absences:
    """When a sensor does not look: fixed spans, and failures at random with mean times between them and to repair.

    off_s: (from, until) seconds after the scenario's start; between_s 0: it never fails.
    """

    off_s: tuple[tuple[float, float], ...] = ()
    between_s: float = 0.0
    repair_s: float = 0.0
