"""The rules of shieldwall's raid in SimPy, as its own users would write them, over the same precomputed windows.

One process for each threat and network that may engage it (with one network: one a threat), started only if it can ever
decide something; a threat's own end needs no event. Channels are counters, waiting lists plain lists, what never
changes is folded into tuples before the first raid, and all luck comes from the standard library's generator. Causes of
leaks, tracks and logs are left out: the peer does less than our kernel, never more.

    python -m bench.peers.simpy_raid [SCENARIO] [RAIDS]      prints its raids per second
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Generator, Iterator
from math import ceil, cos, inf, log, log1p, pi, sqrt
from typing import NamedTuple

import simpy

from shieldwall.state import ABORTED, ARRIVES, FAILED, LEAKED_HIT, LEAKED_MISSED, SHOT_DOWN, SUPPRESSED
from shieldwall.tables import ASSET, EQUAL, FIRE_UNIT, FORBIDDEN_RANK, NEAREST, NORMAL, POISSON, UNIFORM, Tables

_BEFORE_ALL_S = -1e6  # when the clock starts: before the first launch of any scenario
_TOLERANCE_S = 1e-6  # a delay added to the clock may end a last bit before the moment it was meant for


class Sight(NamedTuple):
    """A stay of a path in sight of a sensor."""

    enter_s: float
    leave_s: float
    sensor: int
    scan_s: float
    log_miss: float  # 0: every look detects
    hits: int


class Window(NamedTuple):
    """A chance to shoot: a weapon, its unit and radar, with all that its use against this salvo needs."""

    open_s: float
    close_s: float
    weapon: int
    unit: int
    radar: int
    kill_probability: float
    rank: int
    keep: int
    ready_s: float
    rounds_per_shot: int
    interval_s: float
    delays_s: tuple[float, ...]


class Group(NamedTuple):
    """A path and a network that may act on it."""

    sights: tuple[Sight, ...]
    windows: tuple[Window, ...]
    last_close_s: float


class Flight(NamedTuple):
    """A path: groups in the order of the salvo's networks, stays in zones (enter, leave, hazard)."""

    cumulative: float
    duration_s: float
    target: int
    hit_probability: float
    hit_damage: float
    value_at_risk: float
    groups: tuple[Group, ...]
    stays: tuple[tuple[float, float, float], ...]


class Salvo(NamedTuple):
    """Threats that start together, and the doctrine against them."""

    count: int
    flights: tuple[Flight, ...]
    timing: int
    time_on_target: bool
    decoy_share: float
    abort_share: float
    failure_probability: float
    time_s: float
    spread_s: float
    shots_a_salvo: int
    max_shots: int
    assess_s: float


class Plan(NamedTuple):
    """Everything that does not depend on luck."""

    salvos: tuple[Salvo, ...]
    sensors: tuple[tuple[int, float], ...]  # those not always available: index, availability
    units: tuple[tuple[int, float, int], ...]  # the same with the unit's radar
    channels: tuple[int, ...]
    unit_radar: tuple[int, ...]
    targets: tuple[tuple[int, int], ...]
    n_sensors: int
    per_launcher: tuple[int, ...]
    ready: tuple[int, ...]
    reserve: tuple[int, ...]
    reload_s: tuple[float, ...]
    per_shot: tuple[int, ...]
    weapon_unit: tuple[int, ...]
    identification_s: float
    command_s: float
    exponential: bool
    nearest: bool
    shoot_again: bool


class Threat:
    """One threat of one raid."""

    __slots__ = ("end", "end_s", "engagements", "flight", "start_s")


class Pair:
    """What one network does about one threat; `wake` is the event it waits on while it is on waiting lists."""

    __slots__ = ("group", "salvo", "sensor", "shots", "threat", "track_s", "wake")


def plan_of(tables: Tables) -> Plan:
    """Fold the packed tables into tuples of Python numbers."""
    ranks, keeps, delays = tables.rank.tolist(), tables.keep.tolist(), tables.delay_s.tolist()
    sensors, weapons, units = tables.sensors.tolist(), tables.weapons.tolist(), tables.fire_units.tolist()
    command = tables.command[0]
    hold = bool(command.hold)

    def sight(row: int) -> Sight:
        stay = tables.detections[row]
        _, scan_s, probability, hits, _ = sensors[stay.sensor]
        miss = log1p(-probability) if probability < 1.0 else 0.0
        return Sight(float(stay.enter_s), float(stay.leave_s), int(stay.sensor), scan_s, miss, hits)

    def window(row: int, threat_class: int) -> Window:
        w, u, radar, open_s, close_s, kill = tables.engagements[row].item()
        weapon = weapons[w]
        return Window(
            open_s, close_s, w, u, radar, kill, ranks[w][threat_class], keeps[w][threat_class], units[u][2], weapon[5],
            weapon[6], tuple(delays[row]),
        )  # fmt: skip

    def group(g: int, threat_class: int) -> Group:
        here, after = tables.groups[g], tables.groups[g + 1]
        windows = [window(row, threat_class) for row in range(here.engagement_first, after.engagement_first)]
        usable = tuple(w for w in windows if w.rank < FORBIDDEN_RANK and not hold)
        sights = tuple(sight(row) for row in range(here.detection_first, after.detection_first))
        return Group(sights, usable, float(here.last_close_s))

    def flight(p: int, threat_class: int) -> Flight:
        here, after = tables.flights[p], tables.flights[p + 1]
        return Flight(
            float(here.cumulative),
            float(here.duration_s),
            int(here.target),
            float(here.hit_probability),
            float(here.hit_damage),
            float(here.value_at_risk),
            tuple(group(g, threat_class) for g in range(here.group_first, after.group_first)),
            tuple(
                (stay.enter_s, stay.leave_s, stay.hazard_per_s)
                for stay in tables.zone_stays[here.zone_stay_first : after.zone_stay_first]
            ),
        )

    def salvo(s: int) -> Salvo:
        here, after = tables.salvos[s], tables.salvos[s + 1]
        rule = tables.rules[here.threat_class].item()
        return Salvo(
            int(after.threat_first - here.threat_first),
            tuple(flight(p, int(here.threat_class)) for p in range(here.path_first, after.path_first)),
            int(here.timing), bool(here.time_on_target), float(here.decoy_share), float(here.abort_share),
            float(here.failure_probability), float(here.time_s), float(here.spread_s), *rule,
        )  # fmt: skip

    n_units = len(units) - 1
    return Plan(
        tuple(salvo(s) for s in range(tables.salvos.shape[0] - 1)),
        tuple((q, sensor[4]) for q, sensor in enumerate(sensors) if sensor[4] < 1.0),
        tuple((u, unit[3], unit[4]) for u, unit in enumerate(units[:n_units]) if unit[3] < 1.0),
        tuple(unit[1] for unit in units[:n_units]),
        tuple(unit[4] for unit in units[:n_units]),
        tuple((kind, index) for kind, index, _ in tables.targets.tolist()),
        len(sensors),
        *(tuple(weapon[k] for weapon in weapons) for k in (1, 2, 3, 4, 5, 0)),
        float(tables.networks[0].identification_s) if command.identify else 0.0,
        float(tables.networks[0].command_s),
        bool(command.exponential),
        bool(command.assignment == NEAREST),
        bool(command.shoot_again),
    )


class Raid:
    """One raid: its clock, its luck and all that changes."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.plan = plan
        self.env = simpy.Environment(_BEFORE_ALL_S)
        self.rng = random.Random(seed)
        self.random = self.rng.random
        self.sensor_lost_s = [inf] * plan.n_sensors
        self.unit_lost_s = [inf] * len(plan.channels)
        self.free = list(plan.channels)
        self.waiting: list[list[tuple[Pair, Window, int]]] = [[] for _ in plan.channels]
        self.ready = list(plan.ready)
        self.reserve = list(plan.reserve)
        self.on_launcher = [min(a, b) for a, b in zip(plan.per_launcher, plan.ready, strict=True)]
        self.reloading = [0] * len(plan.ready)
        self.remaining = [1.0] * len(plan.targets)
        self.rounds = 0
        self.threats: list[Threat] = []

    def play(self) -> None:
        """Play it to the end."""
        self.begin()
        self.env.run()
        arriving = [threat for threat in self.threats if threat.end == ARRIVES]
        arriving.sort(key=lambda threat: threat.end_s)
        for threat in arriving:
            self.strike(threat, threat.end_s)

    def begin(self) -> None:
        """Muster the defence and launch every threat."""
        self.muster()
        for salvo in self.plan.salvos:
            for threat in self.launch(salvo):
                self.threats.append(threat)
                self.start(threat, salvo)

    def muster(self) -> None:
        """Draw what is available tonight."""
        for q, availability in self.plan.sensors:
            if self.random() >= availability:
                self.sensor_lost_s[q] = -inf
        for u, availability, radar in self.plan.units:
            if self.random() >= availability:
                self.unit_lost_s[u] = -inf
                if radar >= 0:
                    self.sensor_lost_s[radar] = -inf

    def launch(self, salvo: Salvo) -> Iterator[Threat]:
        """Draw path, start and own end of every threat of a salvo."""
        uniform = self.random
        flights = salvo.flights
        arrival_s = salvo.time_s
        for number in range(salvo.count):
            threat = Threat()
            u = uniform()
            flight = flights[0]
            for flight in flights:
                if u < flight.cumulative:
                    break
            if salvo.timing == UNIFORM:
                arrival_s = salvo.time_s + salvo.spread_s * uniform()
            elif salvo.timing == NORMAL:
                arrival_s = salvo.time_s + salvo.spread_s * sqrt(-2.0 * log(1.0 - uniform())) * cos(
                    2.0 * pi * uniform()
                )
            elif salvo.timing == POISSON:
                arrival_s -= log(1.0 - uniform()) * salvo.spread_s / salvo.count
            elif salvo.timing == EQUAL:
                arrival_s = salvo.time_s + salvo.spread_s * (number + 0.5) / salvo.count
            duration_s = flight.duration_s
            start_s = arrival_s - duration_s if salvo.time_on_target else arrival_s
            decoy = uniform() < salvo.decoy_share
            threat.flight = flight
            threat.start_s = start_s
            threat.engagements = 0
            threat.end = FAILED if decoy else ARRIVES
            threat.end_s = start_s + duration_s
            if uniform() < salvo.abort_share:
                threat.end, threat.end_s = ABORTED, start_s
            elif uniform() < salvo.failure_probability:
                threat.end, threat.end_s = FAILED, start_s + uniform() * duration_s
            for enter_s, leave_s, hazard_per_s in flight.stays:
                after_s = enter_s - log(1.0 - uniform()) / hazard_per_s
                if after_s <= leave_s and start_s + after_s < threat.end_s:
                    threat.end, threat.end_s = SUPPRESSED, start_s + after_s
            yield threat

    def start(self, threat: Threat, salvo: Salvo) -> None:
        """Start a process for every network that will find the threat in time, and one for an impact on the defence."""
        env = self.env
        if threat.end == ARRIVES and self.plan.targets[threat.flight.target][0] != ASSET:
            env.process(self.come_down(threat))
        for group in threat.flight.groups:
            pair = Pair()
            pair.threat = threat
            pair.group = group
            pair.salvo = salvo
            pair.shots = 0
            pair.wake = None
            due_s = self.find(pair)
            if due_s < inf:
                env.process(self.engage(pair, due_s))

    def find(self, pair: Pair) -> float:
        """Draw when the network tracks the threat; return when it decides for the first time (inf: never)."""
        threat, group = pair.threat, pair.group
        uniform, lost_s = self.random, self.sensor_lost_s
        start_s = threat.start_s
        best_s, best = inf, -1
        for enter_s, leave_s, sensor, scan_s, log_miss, hits in group.sights:
            if enter_s >= best_s:
                break
            if lost_s[sensor] <= start_s + enter_s:
                continue
            looks = hits
            if log_miss:
                looks = 0
                for _ in range(hits):
                    looks += ceil(log(1.0 - uniform()) / log_miss)
            seen_s = enter_s + (uniform() + looks - 1) * scan_s
            if seen_s < best_s and seen_s <= leave_s and start_s + seen_s < lost_s[sensor]:
                best_s, best = seen_s, sensor
        pair.sensor = best
        pair.track_s = start_s + best_s
        if best < 0 or pair.track_s >= threat.end_s or not group.windows:
            return inf
        plan = self.plan
        if plan.exponential:
            delay_s = -plan.identification_s * log(1.0 - uniform()) - plan.command_s * log(1.0 - uniform())
        else:
            delay_s = plan.identification_s + plan.command_s
        engageable_s = pair.track_s + delay_s
        if engageable_s >= threat.end_s or engageable_s > start_s + group.last_close_s:
            return inf
        return max(engageable_s, start_s + group.windows[0].open_s)

    def engage(self, pair: Pair, due_s: float) -> Generator[simpy.Event, object, None]:  # noqa: PLR0912 a life
        """Decide, shoot, look, decide again: the life of one network's engagement of one threat."""
        env, threat, salvo = self.env, pair.threat, pair.salvo
        while True:
            yield env.timeout(max(due_s - env.now, 0.0))
            now_s = env.now
            if threat.end_s <= now_s:
                return
            if self.sensor_lost_s[pair.sensor] <= pair.track_s:
                due_s = self.find(pair)
                if due_s == inf:
                    return
                continue
            if pair.shots >= salvo.max_shots:
                return
            window, again_s, blocked = self.choose(pair, now_s)
            if window is None:
                if blocked:
                    wake = pair.wake = env.event()
                    if again_s < threat.end_s:
                        yield wake | env.timeout(again_s - now_s)
                    else:
                        yield wake
                    pair.wake = None
                if blocked and wake.triggered:
                    window, flight_s, shots = wake.value
                elif again_s < threat.end_s:
                    due_s = again_s
                    continue
                else:
                    return
            else:
                flight_s, shots = self.fire(pair, window, now_s)
            now_s = env.now
            last_close_s = threat.start_s + pair.group.last_close_s
            too_late = now_s <= last_close_s < now_s + flight_s + salvo.assess_s
            if self.plan.shoot_again and too_late and pair.shots < salvo.max_shots:
                env.process(self.meet(threat, window, flight_s, shots))
                due_s = now_s
                continue
            if not (yield from self.meet(threat, window, flight_s, shots)):
                return
            due_s = env.now + salvo.assess_s

    def meet(self, threat: Threat, window: Window, flight_s: float, shots: int) -> Generator[simpy.Event, object, bool]:
        """Let a salvo meet its target and give its channel to the next; return whether the target flies on."""
        yield self.env.timeout(flight_s)
        now_s = self.env.now
        flying = threat.end_s > now_s
        if flying and self.kills(threat, shots, window.kill_probability):
            threat.end, threat.end_s = SHOT_DOWN, now_s
            flying = False
        self.free[window.unit] += 1
        if self.waiting[window.unit]:
            self.serve(window.unit, now_s)
        return flying

    def may_fire(self, window: Window, now_s: float) -> tuple[bool, bool]:
        """Return whether a window can be used now, and if not, whether a channel or a reload on its way would do."""
        u, w, radar = window.unit, window.weapon, window.radar
        if self.unit_lost_s[u] <= now_s or (radar >= 0 and self.sensor_lost_s[radar] <= now_s):
            return False, False
        left = self.ready[w] - window.rounds_per_shot
        if left < 0 or left < window.keep:
            return False, self.reloading[w] > 0
        if self.free[u] <= 0:
            return False, True
        return True, False

    def choose(self, pair: Pair, now_s: float) -> tuple[Window | None, float, bool]:
        """Return the window to use now, else when the next opens and whether the pair waits for a channel or load."""
        nearest = self.plan.nearest
        after_launch_s = now_s - pair.threat.start_s
        start_s = pair.threat.start_s
        best, best_rank, best_kill, best_s, again_s = None, FORBIDDEN_RANK, -1.0, inf, inf
        lacking = []
        for window in pair.group.windows:
            if start_s + window.open_s > now_s + _TOLERANCE_S:
                again_s = min(again_s, start_s + window.open_s)
                break
            if start_s + window.close_s < now_s:
                continue
            if window.ready_s > now_s + _TOLERANCE_S:
                again_s = min(again_s, window.ready_s)
                continue
            yes, soon = self.may_fire(window, now_s)
            if not yes:
                if soon:
                    lacking.append(window)
                continue
            rank, kill = (0, 0.0) if nearest else (window.rank, window.kill_probability)
            if rank > best_rank or (rank == best_rank and kill < best_kill):
                continue
            intercept_s = delay_at(window, after_launch_s)
            if rank < best_rank or kill > best_kill or intercept_s < best_s:
                best, best_rank, best_kill, best_s = window, rank, kill, intercept_s
        if best is not None:
            return best, again_s, False
        for window in lacking:
            self.waiting[window.unit].append((pair, window, pair.shots))
        return None, again_s, bool(lacking)

    def fire(self, pair: Pair, window: Window, now_s: float) -> tuple[float, int]:
        """Take a channel and rounds; return seconds until the salvo is decided, and its shots."""
        salvo, w = pair.salvo, window.weapon
        after_launch_s = now_s - pair.threat.start_s
        delay_s = delay_at(window, after_launch_s)
        per_shot = window.rounds_per_shot
        shots = min(
            salvo.shots_a_salvo, salvo.max_shots - pair.shots, (self.ready[w] - window.keep) // per_shot
        )  # fmt: skip
        if window.interval_s > 0.0:
            left_s = window.close_s + window.delays_s[-1] - after_launch_s - delay_s
            shots = min(shots, 1 + int(max(left_s, 0.0) / window.interval_s))
        self.free[window.unit] -= 1
        pair.shots += shots
        self.take(w, shots * per_shot)
        return delay_s + (shots - 1) * window.interval_s, shots

    def take(self, w: int, rounds: int) -> None:
        """Take rounds from launchers; send emptied ones to reload."""
        plan = self.plan
        others = self.ready[w] - self.on_launcher[w]
        self.ready[w] -= rounds
        self.on_launcher[w] -= rounds
        self.rounds += rounds
        emptied = 0
        while self.on_launcher[w] <= 0:
            emptied += 1
            if others <= 0:
                break
            load = min(plan.per_launcher[w], others)
            others -= load
            self.on_launcher[w] += load
        left_over = self.ready[w] if self.ready[w] < plan.per_shot[w] else 0
        if left_over > 0:
            emptied += 1
        for _ in range(emptied):
            load = min(max(plan.per_launcher[w] - left_over, 0), self.reserve[w])
            if load > 0:
                self.reserve[w] -= load
                self.reloading[w] += load
                self.env.process(self.reload(w, load))

    def reload(self, w: int, load: int) -> Generator[simpy.Event, object, None]:
        """Bring a load to its launcher."""
        yield self.env.timeout(self.plan.reload_s[w])
        u = self.plan.weapon_unit[w]
        if self.unit_lost_s[u] <= self.env.now:
            return
        if self.ready[w] < self.plan.per_shot[w]:
            self.on_launcher[w] = self.ready[w] + load
        self.ready[w] += load
        self.reloading[w] -= load
        self.serve(u, self.env.now)

    def serve(self, u: int, now_s: float) -> None:
        """Let a fire unit take the waiting threats with the highest expected value saved while it can."""
        while self.free[u] > 0 and self.waiting[u]:
            kept = []
            best, best_key = None, (0.0, 0.0)
            for entry in self.waiting[u]:
                pair, window, shots = entry
                close_s = pair.threat.start_s + window.close_s
                if close_s < now_s or pair.threat.end_s <= now_s or pair.shots > shots or pair.wake is None:
                    continue
                kept.append(entry)
                if self.may_fire(window, now_s)[0]:
                    key = (pair.threat.flight.value_at_risk * window.kill_probability, -close_s)
                    if best is None or key > best_key:
                        best, best_key = entry, key
            self.waiting[u] = kept
            if best is None:
                return
            pair, window, _ = best
            wake, pair.wake = pair.wake, None
            wake.succeed((window, *self.fire(pair, window, now_s)))

    def kills(self, threat: Threat, shots: int, probability: float) -> bool:
        """Decide a salvo; shots kill independently."""
        threat.engagements += 1
        return any(self.random() < probability for _ in range(shots))

    def come_down(self, threat: Threat) -> Generator[simpy.Event, object, None]:
        """Let a threat that was aimed at a sensor or fire unit come down."""
        yield self.env.timeout(threat.end_s - self.env.now)
        if threat.end == ARRIVES:
            self.strike(threat, self.env.now)

    def strike(self, threat: Threat, now_s: float) -> None:
        """Decide an impact and what it takes."""
        flight = threat.flight
        kind, index = self.plan.targets[flight.target]
        if self.remaining[flight.target] <= 0.0 or self.random() >= flight.hit_probability:
            threat.end = LEAKED_MISSED
            return
        threat.end = LEAKED_HIT
        if kind == ASSET:
            self.remaining[flight.target] *= 1.0 - flight.hit_damage
            return
        if self.random() >= flight.hit_damage:
            return
        self.remaining[flight.target] = 0.0
        if kind == FIRE_UNIT:
            self.unit_lost_s[index] = min(self.unit_lost_s[index], now_s)
            index = self.plan.unit_radar[index]
        if index >= 0:
            self.sensor_lost_s[index] = min(self.sensor_lost_s[index], now_s)


def delay_at(window: Window, after_launch_s: float) -> float:
    """Return the seconds from an order now to the intercept."""
    open_s, close_s, table = window.open_s, window.close_s, window.delays_s
    if close_s <= open_s:
        return table[0]
    top = len(table) - 1
    place = min(max((after_launch_s - open_s) / (close_s - open_s), 0.0), 1.0) * top
    k = min(int(place), top - 1)
    return table[k] + (place - k) * (table[k + 1] - table[k])


def play(plan: Plan, seed: int) -> tuple[list[int], int]:
    """Play one raid; return the fate of every threat, in the order of the tables, and the rounds fired."""
    raid = Raid(plan, seed)
    raid.play()
    return [threat.end for threat in raid.threats], raid.rounds


def main(name: str = "night-2025-06-09", raids: int = 100) -> None:
    """Print raids per second of one core."""
    import shieldwall
    from shieldwall.engine.simulate import prepare

    plan = plan_of(prepare(shieldwall.load(name))[0])
    play(plan, 0)
    started = time.process_time()
    for seed in range(1, raids + 1):
        play(plan, seed)
    print(f"{raids / (time.process_time() - started):.1f} raids per second")


if __name__ == "__main__":
    main(*sys.argv[1:2], *(int(word) for word in sys.argv[2:3]))
