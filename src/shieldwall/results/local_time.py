"""Turn seconds after a scenario's start into the time that its people read on their clocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class LocalClock:
    """A scenario's clock: `start_utc` in ISO 8601 with its offset, `time_zone` an IANA name."""

    start_utc: str
    time_zone: str

    def at(self, seconds: float) -> datetime:
        """Return the local time so many seconds after the start."""
        start = datetime.fromisoformat(self.start_utc)
        if start.tzinfo is None:
            start = start.replace(tzinfo=ZoneInfo("UTC"))
        return (start + timedelta(seconds=seconds)).astimezone(ZoneInfo(self.time_zone))

    def minute(self, seconds: float) -> str:
        """Return for example "02:15"; "never" for NaN."""
        return f"{self.at(seconds):%H:%M}" if math.isfinite(seconds) else "never"

    def second(self, seconds: float) -> str:
        """Return for example "02:15:07"; "never" for NaN."""
        return f"{self.at(seconds):%H:%M:%S}" if math.isfinite(seconds) else "never"

    def day(self, seconds: float) -> str:
        """Return for example "9 June 2025"."""
        local = self.at(seconds)
        return f"{local.day} {local:%B %Y}"


def duration(seconds: float) -> str:
    """Return a time span in words: "4.2 s", "3 min 05 s", "2 h 07 min"."""
    if not math.isfinite(seconds):
        return "never"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
