"""What happened when: the kinds of an event row."""

from __future__ import annotations

from enum import IntEnum


class EventKind(IntEnum):
    """One kind of event; `event_value` means what is written behind it."""

    LAUNCHED = 0  # value: path index
    TRACKED = 1  # sensor; value: network index
    ENGAGEABLE = 2  # value: network index
    FIRED = 3  # weapon, sensor = serving radar; value: shots in the salvo
    INTERCEPT_MISSED = 4  # weapon
    SHOT_DOWN = 5  # weapon
    WASTED = 6  # weapon: the target was gone before the intercept
    SUPPRESSED = 7  # value: zone index
    FAILED = 8
    ABORTED = 9
    HIT = 10  # value: damage
    MISSED = 11
    RELOADED = 12  # weapon; value: rounds
    RADAR_LOST = 13  # sensor
    UNIT_LOST = 14  # weapon = first weapon of the unit
    NODE_LOST = 15  # of the command structure; value: node index
    NODE_REPAIRED = 16  # value: node index
    # Aircraft: weapon = first armament of the group; value: number of the aircraft in its group.
    SCRAMBLED = 17
    TAKEN_OFF = 18
    ON_STATION = 19
    COMMITTED = 20  # threat
    REFUELLED = 21
    RECOVERED = 22
    DIVERTED = 23
    AIRCRAFT_LOST = 24
    TRACK_LOST = 25  # value: network index
    IDENTIFIED = 26  # sensor; value: 1 found to be hostile, 0 not
    REPORTED = 27  # sensor: its track comes to a link of limited capacity; value: network index
