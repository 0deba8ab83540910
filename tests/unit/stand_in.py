"""A seeded stand-in for the engine: blocks whose numbers obey the accounting identities but mean nothing."""

from __future__ import annotations

import numpy as np

from shieldwall.results.event import EventKind
from shieldwall.results.manifest import Manifest, TargetFacts
from shieldwall.results.row import Block, Cause, Fate, Roster

ROSTER = Roster(
    threat=("drones/1", "drones/2", "drones/3", "drones/4", "missiles/1", "missiles/2"),
    threat_type=("shahed-136",) * 4 + ("kh-101",) * 2,
    weapon=("guns/35-mm", "patriot/pac-2", "patriot/pac-3"),
    effector=("35-mm", "pac-2", "pac-3"),
    fire_unit=("guns", "patriot"),
    sensor=("early-warning", "patriot/radar"),
    target=("city", "plant", "guns", "patriot", "early-warning", "patriot/radar"),
    path_label=("north to city, route 1", "north to plant, route 1"),
)


def manifest(replications: int = 70, *, events: bool = False, seed: int = 1, block_size: int = 32) -> Manifest:
    """Return the manifest of the stand-in run."""
    return Manifest(
        version="0.1.0",
        scenario="stand-in",
        title="A stand-in",
        scenario_hash="5" * 64,
        catalogue_hash="c" * 64,
        seed=seed,
        replications=replications,
        block_size=block_size,
        events=events,
        start_utc="2025-06-08T17:00:00+00:00",
        start_local="2025-06-08 20:00",
        time_zone="Europe/Kyiv",
        threat_name={"kh-101": "Kh-101", "shahed-136": "Shahed-136"},
        threat_cost_usd={"kh-101": 2e6, "shahed-136": 5e4},
        decoy_cost_usd={"kh-101": 2e6, "shahed-136": 1e4},
        effector_cost_usd={"35-mm": 1e3, "pac-2": 2e6, "pac-3": 4e6},
        targets={
            "city": TargetFacts("City", "city", asset=True, value=100.0, cost_usd=0.0),
            "plant": TargetFacts("Plant", "power-plant", asset=True, value=50.0, cost_usd=0.0),
            "guns": TargetFacts("Guns", "fire_unit", asset=False, value=0.0, cost_usd=1e7),
            "patriot": TargetFacts("Patriot", "fire_unit", asset=False, value=0.0, cost_usd=4e8),
            "early-warning": TargetFacts("Radar", "sensor", asset=False, value=0.0, cost_usd=2e7),
            "patriot/radar": TargetFacts("Radar", "sensor", asset=False, value=0.0, cost_usd=1e8),
        },
        reported={"shahed-136": {"launched": 4, "shot_down": 2, "leaked": 1}, "source": "a made-up bulletin"},
        overrides={"effectors.pac-3.kill_probability.cruise": "0.8"},
    )


def block(first: int, replications: int, *, events: bool = False, roster: Roster = ROSTER) -> Block:
    """Return a block of the stand-in run, the same for the same `first`."""
    luck = np.random.default_rng([7, first])
    threats, weapons = len(roster.threat), len(roster.weapon)
    by_threat, by_weapon = (replications, threats), (replications, weapons)
    fate = luck.choice(6, size=by_threat, p=(0.05, 0.3, 0.45, 0.12, 0.06, 0.02)).astype(np.int8)
    leaked = (fate == Fate.LEAKED_HIT) | (fate == Fate.LEAKED_MISSED)
    hit = fate == Fate.LEAKED_HIT
    tracked = luck.random(by_threat) < 0.9
    start_s = luck.uniform(0, 3600, by_threat)
    rounds = luck.integers(0, 4, by_threat)
    target = luck.integers(0, 2, by_threat)
    damage = np.where(hit, luck.uniform(0, 1, by_threat), 0.0)
    fired = luck.integers(0, 9, by_weapon)
    ran_out = luck.random(by_weapon) < 0.3
    count = 5 * replications if events else 0
    return Block(
        first=first,
        decoy=luck.random(by_threat) < 0.3,
        start_s=start_s,
        path=luck.integers(0, 2, by_threat),
        first_track_s=np.where(tracked, start_s + 60, np.nan),
        first_sensor=np.where(tracked, luck.integers(0, 2, by_threat), -1),
        engageable_s=np.where(tracked, start_s + 90, np.nan),
        duplicates=luck.integers(0, 2, by_threat),
        rounds=rounds,
        weapon=np.where(rounds > 0, luck.integers(0, weapons, by_threat), -1),
        fate=fate,
        cause=np.where(leaked, luck.integers(1, len(Cause), by_threat), 0).astype(np.int8),
        end_s=start_s + luck.uniform(100, 900, by_threat),
        target=target,
        damage=damage,
        fired=fired,
        left=12 - fired,
        lost=np.zeros(by_weapon, dtype=np.int64),
        empty_s=np.where(ran_out, luck.uniform(0, 3600, by_weapon), np.nan),
        remaining=luck.uniform(0.5, 1, (replications, len(roster.target))),
        sensor_lost_s=np.where(luck.random((replications, len(roster.sensor))) < 0.2, 1234.5, np.nan),
        unit_lost_s=luck.choice((np.nan, -np.inf, 2345.5), (replications, len(roster.fire_unit)), p=(0.8, 0.1, 0.1)),
        event_replication=np.repeat(np.arange(first, first + replications), 5)[:count],
        event_time_s=luck.uniform(0, 3600, count),
        event_kind=luck.integers(0, len(EventKind), count).astype(np.int8),
        event_threat=luck.integers(-1, threats, count),
        event_weapon=luck.integers(-1, weapons, count),
        event_sensor=luck.integers(-1, 2, count),
        event_value=luck.uniform(0, 1, count),
    )
