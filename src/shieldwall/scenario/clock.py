"""Turn local times into seconds after the scenario's start, daylight-saving changes included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from shieldwall.scenario.quantity import ClockTime


class TimeError(ValueError):
    """A local time does not exist or lies before the start; the message says which, `cure` what to write."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.cure = cure


def zone(name: str) -> tzinfo | None:
    """Return the time zone of an IANA name, or None if there is none."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def zone_names() -> set[str]:
    """Return every IANA name."""
    from zoneinfo import available_timezones  # noqa: PLC0415

    return available_timezones()


def start_of(start: ClockTime, local: tzinfo) -> datetime:
    """Return the start, aware of its zone; raise TimeError if clocks skipped it."""
    assert start.day is not None
    return _local(datetime(start.day.year, start.day.month, start.day.day), start.seconds, local)


def seconds_after(start: datetime, time: ClockTime) -> float:
    """Return the seconds from the start to a time as written.

    A time of day is the first one at or after the start. A time that clocks pass twice is the first of the two.

    Raises
    ------
    TimeError
        If clocks skip the time, or it lies before the start.
    """
    if time.elapsed:
        return float(time.seconds)
    assert start.tzinfo is not None
    day = datetime(start.year, start.month, start.day)
    if time.day is not None:
        day = datetime(time.day.year, time.day.month, time.day.day)
    found = _local(day, time.seconds, start.tzinfo)
    if found.astimezone(UTC) < start.astimezone(UTC):
        if time.day is not None:
            raise TimeError(f"{found:%Y-%m-%d %H:%M} lies before the start", "write a later time, or an earlier start")
        found = _local(day + timedelta(days=1), time.seconds, start.tzinfo)
    return (found.astimezone(UTC) - start.astimezone(UTC)).total_seconds()


def _local(day: datetime, seconds: int, local: tzinfo) -> datetime:
    try:
        found = (day + timedelta(seconds=seconds)).replace(tzinfo=local)
        there_and_back = found.astimezone(UTC).astimezone(local)
    except (OverflowError, ValueError):
        raise TimeError(f"the year {day.year} is out of range", "write a year between 1900 and 2200") from None
    if not 1900 <= day.year <= 2200:
        raise TimeError(f"the year {day.year} is out of range", "write a year between 1900 and 2200")
    if there_and_back.replace(tzinfo=None) != found.replace(tzinfo=None):
        what = f"there is no {found:%Y-%m-%d %H:%M} in {local}: clocks are put forward"
        raise TimeError(what, f"write {there_and_back:%H:%M}")
    return found
