"""What a person may order in an exercise, and how the engine's stepped raid is told.

A class on hold is one from which every round is kept back. Free and tight differ in whether identification is waited
for: when a class changes between them, the moment from which each network may engage a threat of it, not yet shot at,
is taken again from the same luck. Releasing an effector gives free what the doctrine keeps back of it. Aircraft that
are committed are no longer held and start at once, as many as their group scrambles; they man their station as long as
the catalogue's `on_call` or their fuel, and take what comes within their reach. Stood down, they come home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from shieldwall.battle_management.verdict import identify, unless_let_go_s
from shieldwall.catalogue.classes import THREAT_CLASSES
from shieldwall.catalogue.load import load_catalogue
from shieldwall.engine.agenda import decide_at
from shieldwall.engine.roster import in_order
from shieldwall.engine.step import SteppedRaid
from shieldwall.scenario.types import Scenario
from shieldwall.state import LOG_ENGAGEABLE, LOG_USED
from shieldwall.state_air import HOMEWARD, LOST, READY, TO_STATION
from shieldwall.tables import Int, Tables
from shieldwall.web.laydown import magazines_of
from shieldwall.web.refusal import Absent

Plain = dict[str, Any]
_ALL_ROUNDS = 2**40


@dataclass
class Controls:
    """The orders in force: a status by threat class of the raid, the reserves released; how long a commitment lasts."""

    scenario: Scenario
    keep: Int
    effectors: tuple[str, ...]
    status: dict[str, str]
    released: set[str]
    on_call_s: float

    @classmethod
    def of(cls, scenario: Scenario, raid: SteppedRaid) -> Controls:
        """Return the scenario's own orders; a hold of everything becomes a hold of every class."""
        ordered = in_order(scenario)
        classes = sorted({salvo.type.threat_class for salvo in ordered.salvos})
        own = cls(
            scenario=ordered,
            keep=raid.tables.keep.copy(),
            effectors=tuple(weapon.effector.id for weapons in magazines_of(ordered) for weapon in weapons),
            status=dict.fromkeys(classes, scenario.doctrine.weapons_control),
            released=set(),
            on_call_s=load_catalogue().planning_factors["standard"].on_call.si,
        )
        raid.tables.command[0].hold = 0
        own._lay_down(raid)
        return own

    def reserves(self) -> list[Plain]:
        """Return what the doctrine keeps back, and whether it is released."""
        return [
            {
                "effector": one.effector,
                "keep": one.keep,
                "classes": list(one.classes),
                "released": one.effector in self.released,
            }
            for one in self.scenario.doctrine.reserves
        ]

    def bases(self, raid: SteppedRaid) -> list[Plain]:
        """Return the groups of aircraft: how many stand ready, how many fly, and whether they are held."""
        if raid.state.air is None:
            return []
        groups, aircraft = raid.tables.air.groups, raid.state.air.aircraft
        found = []
        for j, group in enumerate(self.scenario.fighters):
            phase = aircraft.phase[groups[j].aircraft_first : groups[j + 1].aircraft_first]
            found.append(
                {
                    "id": group.id,
                    "name": group.type.name,
                    "count": group.count,
                    "ready": int((phase == READY).sum()),
                    "up": int(((phase >= TO_STATION) & (phase <= HOMEWARD)).sum()),
                    "lost": int((phase == LOST).sum()),
                    "held": bool(raid.state.air.hold[j]),
                }
            )
        return found

    def check(self, order: Plain) -> None:
        """Raise Absent if an order names what is not there."""
        if order["kind"] == "control" and order["class"] not in self.status:
            raise Absent(f"no threat of class '{order['class'][:40]}' is in the raid")
        if order["kind"] in ("commit", "stand_down") and order["base"] not in self._groups():
            raise Absent(f"there are no aircraft '{order['base'][:40]}'")
        kept = {one.effector for one in self.scenario.doctrine.reserves}
        if order["kind"] in ("release", "keep") and order["effector"] not in kept:
            raise Absent(f"the doctrine keeps nothing back of '{order['effector'][:40]}'")

    def give(self, order: Plain, raid: SteppedRaid, now_s: float) -> None:
        """Let an order take effect; the networks look again afterwards."""
        if order["kind"] == "control":
            before, self.status[order["class"]] = self.status[order["class"]], order["status"]
            if (before == "free") != (order["status"] == "free"):
                self._identify(order["class"], raid, now_s)
        elif order["kind"] == "release":
            self.released.add(order["effector"])
        elif order["kind"] == "keep":
            self.released.discard(order["effector"])
        else:
            j = self._groups().index(order["base"])
            commit = order["kind"] == "commit"
            raid.state.air.hold[j] = 0 if commit else 1
            raid.state.air.groups[j].alert_until_s = now_s + self.on_call_s if commit else -np.inf
        self._lay_down(raid)

    def _groups(self) -> tuple[str, ...]:
        return tuple(group.id for group in self.scenario.fighters)

    def _lay_down(self, raid: SteppedRaid) -> None:
        """Write the rounds kept back from each class: all of them on hold."""
        given = np.array([name in self.released for name in self.effectors], bool)
        raid.tables.keep[:] = np.where(given[:, None], 0, self.keep)
        for name, status in self.status.items():
            if status == "hold":
                raid.tables.keep[:, THREAT_CLASSES.index(name)] = _ALL_ROUNDS

    def _identify(self, threat_class: str, raid: SteppedRaid, now_s: float) -> None:
        """Draw again when each network may engage each threat of a class that it has not yet shot at."""
        changed = raid.tables.command.copy()
        changed.identify = int(self.status[threat_class] != "free")
        tables, state = raid.tables._replace(command=changed), raid.state
        wanted = THREAT_CLASSES.index(threat_class)
        for pair in range(state.pairs.shape[0]):
            t = tables.pair_threat[pair]
            salvo = tables.threats[t].salvo
            known, threat = state.pairs[pair], state.threats[t]
            if tables.salvos[salvo].threat_class != wanted or known.sensor < 0 or known.shots or threat.end_s <= now_s:
                continue
            k = pair - tables.threats[t].pair_first
            network = int(tables.network[tables.salvos[salvo].network_first + k])
            if tables.networks[network].operators:
                continue  # its operators take tracks up in turn, and work on each as long as they did
            when_s = known.track_s + self._delay_s(pair, network, now_s, tables, raid)
            when_s = unless_let_go_s(pair, float(when_s), tables, state)
            self._engageable(pair, max(when_s, now_s), network, raid)

    @staticmethod
    def _delay_s(pair: int, network: int, now_s: float, tables: Tables, raid: SteppedRaid) -> float:
        """Return the seconds from track to order under these tables; a verdict that has been given stands."""
        state = raid.state
        given = None if state.verdicts is None else state.verdicts[pair].copy()
        track_s = float(state.pairs[pair].track_s)
        delay_s = identify(pair, network, track_s, tables, state, np.uint64(raid.seed), np.uint64(raid.replication))
        if given is not None and given.verdict_s <= now_s:
            state.verdicts[pair] = given
        return float(delay_s)

    @staticmethod
    def _engageable(pair: int, when_s: float, network: int, raid: SteppedRaid) -> None:
        """Let a network engage a threat from another moment on, and say so in the log."""
        tables, state = raid.tables, raid.state
        t = tables.pair_threat[pair]
        known, threat = state.pairs[pair], state.threats[t]
        known.engageable_s = when_s
        known.due_s = np.inf
        own = slice(tables.threats[t].pair_first, tables.threats[t + 1].pair_first)
        threat.engageable_s = float(state.pairs.engageable_s[own].min())
        log = state.log[: state.used[LOG_USED]]
        log.time_s[(log.kind == LOG_ENGAGEABLE) & (log.threat == t) & (log.value == network)] = when_s
        group = tables.groups[tables.flights[threat.path].group_first + pair - tables.threats[t].pair_first]
        if when_s < threat.end_s and when_s <= threat.start_s + group.last_close_s:
            opens_s = threat.start_s + tables.engagements[group.engagement_first].open_s
            decide_at(pair, max(when_s, opens_s), state)
