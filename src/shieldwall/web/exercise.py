"""A raid that a person fights: step by step, with orders between the steps, and a review at its end.

The raid is the engine's own, on the same luck as in a run. Orders change what the engine's stepped raid lets a decision
change: the weapons control status of a class, and what the doctrine keeps back of an effector.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shieldwall.engine.step import SteppedRaid, advance_raid, begin_raid, finish_raid
from shieldwall.results.row import Block, Fate
from shieldwall.web.columns import millisecond
from shieldwall.web.controls import Controls
from shieldwall.web.desk import Ready
from shieldwall.web.laydown import effectors_of, laydown
from shieldwall.web.moment import as_it_stands
from shieldwall.web.raid import columns_of, path_columns
from shieldwall.web.refusal import Absent, Conflict, Full

Plain = dict[str, Any]
SESSIONS_AT_MOST = 8
ORDERS_AT_MOST = 2_000
_LEAKED = (Fate.LEAKED_HIT, Fate.LEAKED_MISSED)


@dataclass
class Exercise:
    """One session. `now_s` is how far the raid has been let go."""

    id: str
    ready: Ready
    seed: int
    replication: int
    raid: SteppedRaid
    controls: Controls
    now_s: float
    end_s: float
    over: Block | None = None
    automatic: Block | None = None
    log: list[tuple[float, Plain]] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def block(self) -> Block:
        """Return the raid as it stands."""
        return self.over if self.over is not None else as_it_stands(self.raid, self.now_s)

    def advance(self, until_s: float, orders: list[Plain]) -> None:
        """Take orders at the moment it is, then let the raid go on.

        Raises
        ------
        Conflict
            If it is over.
        Absent
            If an order names a class or an effector that the scenario does not have.
        """
        if self.over is not None:
            raise Conflict("the exercise is over; see its review")
        if len(self.log) + len(orders) > ORDERS_AT_MOST:
            raise Full(f"{ORDERS_AT_MOST:,} orders at most")
        for order in orders:
            self.controls.check(order)
        for order in orders:
            self.controls.give(order, self.raid, self.now_s)
            self.log.append((self.now_s, order))
        until_s = min(max(until_s, self.now_s), self.end_s)
        look_again_s = self.now_s if orders else math.inf
        advance_raid(self.raid, until_s, look_again_s=look_again_s)
        self.now_s = until_s
        if self.now_s >= self.end_s:
            self.over = self.ready.aftermath(finish_raid(self.raid), self.seed)

    def to_json(self, *, whole: bool) -> Plain:
        """Return the session; `whole` with laydown and paths, which do not change."""
        block = self.block
        place = np.arange(self.ready.paths.salvo.shape[0])
        told = {
            "id": self.id,
            "now": millisecond(self.now_s),
            "end": millisecond(self.end_s),
            "over": self.over is not None,
            "seed": self.seed,
            "replication": self.replication,
            "controls": dict(self.controls.status),
            "reserves": self.controls.reserves(),
            "bases": self.controls.bases(self.raid),
            "counts": counts(block, self.now_s),
            "replay": columns_of(block, self.ready.scenario, place),
            "log": [{"t": millisecond(when_s), "order": order} for when_s, order in self.log],
        }
        if whole:
            told["laydown"] = laydown_of(self.ready)
            told["paths"] = path_columns(self.ready.paths, place)
        return told

    def review(self) -> Plain:
        """Return the raid as it was fought beside what the automatic doctrine does on the same luck."""
        if self.over is None:
            raise Conflict("the exercise is not over yet")
        if self.automatic is None:
            self.automatic = self.ready.play(self.seed, self.replication)
        place = np.arange(self.ready.paths.salvo.shape[0])
        both = {"yours": self.over, "automatic": self.automatic}
        return {
            "id": self.id,
            "seed": self.seed,
            "replication": self.replication,
            **{name: outcome(block, self.ready) for name, block in both.items()},
            "log": [{"t": millisecond(when_s), "order": order} for when_s, order in self.log],
            "replay": {name: columns_of(block, self.ready.scenario, place) for name, block in both.items()},
            "paths": path_columns(self.ready.paths, place),
            "laydown": laydown_of(self.ready),
        }


def laydown_of(ready: Ready) -> Plain:
    """Return a run's document without what only a run has."""
    scenario = ready.scenario
    return {
        "kind": "exercise",
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_hash": scenario.hash,
        "start_utc": scenario.start_utc,
        "start_local": scenario.start_local,
        "time_zone": scenario.time_zone,
        **laydown(scenario),
    }


def counts(block: Block, now_s: float) -> Plain:
    """Return the communique's counts at a moment, and how many tracked threats fly."""
    launched = block.start_s[0] <= now_s
    ended = launched & (block.end_s[0] <= now_s)
    tracked = block.first_track_s[0] <= now_s
    fate = block.fate[0]
    return {
        "launched": int(launched.sum()),
        "shot_down": int((ended & (fate == Fate.SHOT_DOWN)).sum()),
        "suppressed": int((ended & np.isin(fate, (Fate.SUPPRESSED, Fate.FAILED))).sum()),
        "leaked": int((ended & np.isin(fate, _LEAKED)).sum()),
        "aborted": int((ended & (fate == Fate.ABORTED)).sum()),
        "tracked_alive": int((launched & ~ended & tracked).sum()),
    }


def outcome(block: Block, ready: Ready) -> Plain:
    """Return what one raid came to."""
    rounds: dict[str, int] = {}
    for name, fired in zip(ready.roster.effector, block.fired[0].tolist(), strict=True):
        rounds[name] = rounds.get(name, 0) + fired
    price = {name: one.unit_cost_usd for name, one in effectors_of(ready.scenario).items()}
    return {
        "counts": counts(block, math.inf),
        "rounds": dict(sorted(rounds.items())),
        "cost_rounds_usd": round(sum(price[name] * count for name, count in rounds.items())),
        "damage": round(float(block.damage.sum()), 1),
        "casualties": int(block.impacts.casualties.sum()) if block.impacts is not None else None,
    }


class Exercises:
    """The sessions under way; the one used longest ago makes room for a new one only if nobody used it for an hour."""

    IDLE_S = 3_600.0

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Exercise] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, ready: Ready, seed: int, replication: int) -> Exercise:
        """Return a new session at the moment before the first launch; raise Full if there are too many."""
        with self._lock:
            for old in [one for one in self._sessions.values() if time.monotonic() - one.used > self.IDLE_S]:
                del self._sessions[old.id]
            if len(self._sessions) >= SESSIONS_AT_MOST:
                raise Full(f"{SESSIONS_AT_MOST} exercises are under way; end one")
        raid = begin_raid(ready.tables(seed, replication), seed, replication, events=True)
        threats = raid.state.threats
        first_s, last_s = float(threats.start_s.min(initial=math.inf)), float(threats.end_s.max(initial=0.0))
        first_s = first_s if math.isfinite(first_s) else 0.0
        controls = Controls.of(ready.scenario, raid)
        session = Exercise(secrets.token_hex(8), ready, seed, replication, raid, controls, first_s, last_s + 1.0)
        with self._lock:
            self._sessions[session.id] = session
        return session

    def get(self, session_id: str) -> Exercise:
        """Return a session; raise Absent if there is none."""
        with self._lock:
            found = self._sessions.get(session_id)
        if found is None:
            raise Absent("there is no such exercise")
        found.used = time.monotonic()
        return found

    def end(self, session_id: str) -> None:
        """Forget a session."""
        self.get(session_id)
        with self._lock:
            self._sessions.pop(session_id, None)
