"""The one schema of every results table.

Columns of `rows` stand in the order of the line a threat follows. Ids, types, fates and causes are dictionary strings;
"never" and "none" are null.
"""

from __future__ import annotations

from enum import IntEnum

import pyarrow as pa

from shieldwall.results.row import AIR_COUNTS, Roster

_ID = pa.dictionary(pa.int32(), pa.string())
NUMBER = pa.int32()
SECONDS = pa.float64()

SCHEMAS: dict[str, pa.Schema] = {
    "rows": pa.schema(
        [
            ("replication", NUMBER),
            ("threat", _ID),
            ("type", _ID),
            ("decoy", pa.bool_()),
            ("start_s", SECONDS),
            ("path", _ID),
            ("first_track_s", SECONDS),
            ("first_sensor", _ID),
            ("engageable_s", SECONDS),
            ("duplicates", NUMBER),
            ("rounds", NUMBER),
            ("weapon", _ID),
            ("fate", _ID),
            ("cause", _ID),
            ("end_s", SECONDS),
            ("target", _ID),
            ("damage", pa.float64()),
        ]
    ),
    "weapons": pa.schema(
        [
            ("replication", NUMBER),
            ("weapon", _ID),
            ("fire_unit", _ID),
            ("effector", _ID),
            ("fired", NUMBER),
            ("left", NUMBER),
            ("lost", NUMBER),
            ("empty_s", SECONDS),
        ]
    ),
    "targets": pa.schema([("replication", NUMBER), ("target", _ID), ("remaining", pa.float64())]),
    # `unavailable`: out of action from the start, so that it was never lost to the raid
    "losses": pa.schema(
        [("replication", NUMBER), ("kind", _ID), ("lost", _ID), ("unavailable", pa.bool_()), ("lost_s", SECONDS)]
    ),
    # one row a group of aircraft; hours, and tanks of fuel; see row.AIR_COUNTS
    "fighters": pa.schema(
        [
            ("replication", NUMBER),
            ("fighter", _ID),
            ("type", _ID),
            *((name, pa.float64()) for name in AIR_COUNTS),
        ]
    ),
    # friendly and civil aircraft; `mistaken` is why one was shot down
    "traffic": pa.schema(
        [
            ("replication", NUMBER),
            ("flight", _ID),
            ("type", _ID),
            ("side", _ID),
            ("start_s", SECONDS),
            ("path", _ID),
            ("first_track_s", SECONDS),
            ("first_sensor", _ID),
            ("rounds", NUMBER),
            ("weapon", _ID),
            ("shot_down", pa.bool_()),
            ("mistaken", _ID),
            ("end_s", SECONDS),
        ]
    ),
    "events": pa.schema(
        [
            ("replication", NUMBER),
            ("time_s", SECONDS),
            ("kind", _ID),
            ("threat", _ID),
            ("weapon", _ID),
            ("sensor", _ID),
            ("value", pa.float64()),
        ]
    ),
    # hits where people live; `warning_s` is how long an alert had been on, `unwarned` the same hit without any
    "impacts": pa.schema(
        [
            ("replication", NUMBER),
            ("threat", _ID),
            ("hour", pa.float64()),
            ("warning_s", SECONDS),
            ("casualties", NUMBER),
            ("unwarned", NUMBER),
        ]
    ),
    "outages": pa.schema(
        [("replication", NUMBER), ("service", _ID), ("lost", pa.float64()), ("short_h", pa.float64())]
    ),
    # `lead_s` is null where nobody noticed the raid before its first launch
    "alarms": pa.schema([("replication", NUMBER), ("lead_s", SECONDS), ("raised", pa.bool_())]),
}
LOSS_KINDS = ("sensor", "fire_unit")


def words(kind: type[IntEnum]) -> tuple[str, ...]:
    """Return the lower_snake names of an enumeration, by value; results tables and JSON use them."""
    return tuple(member.name.lower() for member in kind)


def fire_unit_of(roster: Roster) -> tuple[str, ...]:
    """Return the fire unit's id of each weapon, shape (W,): a weapon's id is "fire unit/effector"."""
    return tuple(
        weapon.removesuffix(f"/{effector}") for weapon, effector in zip(roster.weapon, roster.effector, strict=True)
    )


def row_counts(replications: int, roster: Roster) -> dict[str, int]:
    """Return how many rows a whole block's tables have, for those whose number does not depend on chance."""
    return {
        "rows": replications * len(roster.threat),
        "weapons": replications * len(roster.weapon),
        "targets": replications * len(roster.target),
        "fighters": replications * len(roster.fighter),
        "traffic": replications * len(roster.flight),
        "outages": replications * len(roster.service),
        "alarms": replications,
    }
